from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.evaluation.noise import noise_of
from extractor.evaluation.pairing import difference, holm
from extractor.evaluation.scores import Prediction
from extractor.evaluation.scoring import score_article
from extractor.evaluation.statistics import Floats, estimates, resampled
from tests.scored import fund, gold, records

sums = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=2, max_size=40)


def column(found: list[tuple[int, int]]) -> Floats:
    """Numerator and denominator by cluster."""
    return np.array([(2 * right, 2 * right + wrong) for right, wrong in found], dtype=float)


def test_a_share_of_nothing_has_no_value() -> None:
    (found,) = estimates(np.zeros((40, 1)), np.zeros((40, 1)))
    assert (found.value, found.low, found.high) == (None, None, None)


def test_under_thirty_clusters_the_interval_is_linearised_with_students_t() -> None:
    right = np.array([[1.0], [0.0], [1.0], [1.0]])
    (found,) = estimates(right, np.ones((4, 1)))
    error = np.sqrt(4 / 3 * (3 * 0.0625 + 0.5625)) / 4
    assert found.small
    assert found.value == 0.75
    assert found.low == pytest.approx(max(0, 0.75 - 3.18245 * error), abs=1e-4)
    assert found.high == 1


def test_the_bootstrap_agrees_with_the_binomial_interval() -> None:
    right = (np.arange(400) % 5 > 0).astype(float)[:, None]
    (found,) = estimates(right, np.ones((400, 1)))
    assert not found.small
    assert found.low == pytest.approx(0.8 - 1.96 * 0.02, abs=0.003)
    assert found.high == pytest.approx(0.8 + 1.96 * 0.02, abs=0.003)


def test_articles_of_one_story_are_one_cluster() -> None:
    scores = [
        score_article(gold(f"a{i}", fund(), story=story), Prediction(records()))
        for i, story in enumerate(["flood", "flood", None])
    ]
    assert [score.cluster for score in scores] == ["flood", "flood", "a2"]


def test_draws_of_one_seed_are_equal_and_each_has_as_many_clusters() -> None:
    first, second = (np.concatenate(list(resampled(50, 200, seed=3))) for _ in range(2))
    assert (first == second).all()
    assert (first.sum(axis=1) == 50).all()
    assert first.shape == (200, 50)


@given(sums)
def test_a_run_against_itself_differs_by_nothing(found: list[tuple[int, int]]) -> None:
    own = difference(column(found), column(found), resamples=200)
    if own is not None:
        assert own.delta == 0
        assert own.p == own.p_worse == 1
        assert own.interval95 == own.interval90 == (0, 0)


@given(sums, st.data())
def test_swapping_the_runs_negates_the_difference(
    found: list[tuple[int, int]], data: st.DataObject
) -> None:
    pairs = st.tuples(st.integers(0, 9), st.integers(0, 3))
    other = data.draw(st.lists(pairs, min_size=len(found), max_size=len(found)))
    there = difference(column(found), column(other), resamples=500)
    back = difference(column(other), column(found), resamples=500)
    if there is not None and back is not None:
        assert back.delta == -there.delta
        assert back.p == pytest.approx(there.p)
        assert back.interval95 == pytest.approx((-there.interval95[1], -there.interval95[0]))


def test_a_clear_drop_is_significant_and_outside_the_interval() -> None:
    base = column([(5, 1)] * 60)
    worse = column([(4, 3)] * 30 + [(5, 1)] * 30)
    found = difference(base, worse)
    assert found is not None
    assert found.p_worse < 0.001
    assert found.interval90[1] < 0


def test_fewer_than_two_clusters_cannot_be_compared() -> None:
    assert difference(column([(5, 1)]), column([(4, 1)])) is None


def test_more_clusters_are_needed_for_a_smaller_drop() -> None:
    found = difference(column([(5, 1), (3, 2)] * 20), column([(4, 2), (3, 1)] * 20))
    assert found is not None
    assert found.needed(found.detectable) == found.clusters
    assert found.needed(found.detectable / 2) == pytest.approx(4 * found.clusters, abs=1)


def test_holm_adjusts_by_rank_and_never_reverses_the_order() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": 0.06}
    )


def test_noise_needs_two_repeats_and_is_the_largest_difference() -> None:
    own = gold("a", fund(1), fund(2))
    good = score_article(own, Prediction(own.records))
    half = score_article(own, Prediction(records(fund(1))))
    assert noise_of([[good]]) is None
    found = noise_of([[good], [half], [good]])
    assert found is not None
    assert found.largest == pytest.approx(100 * (1 - 2 / 3))
    assert found.within_article > 0
