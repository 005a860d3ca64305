from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.comparing import Comparable, comparable, compare
from extractor.comparing import table as comparing
from extractor.evaluation.matching import Matching, match
from extractor.records import Record
from tests.scored import fund, policy

funds = st.lists(
    st.builds(
        fund,
        st.sampled_from([10, 20]),
        name=st.sampled_from(["subsidies", "export subsidies"]),
        region=st.sampled_from(["Fenghe", "Qinglan"]),
        at=st.sampled_from([0, 30]),
    ),
    max_size=4,
)


def ready(records: Sequence[Record]) -> list[Comparable]:
    return [comparable(record) for record in records]


def worth(gold: Sequence[Comparable], predicted: Sequence[Comparable], matching: Matching) -> float:
    bonus = min(len(gold), len(predicted)) + 1
    found = [pair.comparison for pair in matching.pairs]
    return sum(c.similarity + bonus * c.strict + 0.001 * c.overlap for c in found)


def best(gold: Sequence[Comparable], predicted: Sequence[Comparable]) -> float:
    """The largest worth of all one-to-one choices, by trying them all."""
    bonus = min(len(gold), len(predicted)) + 1
    places = [*range(len(predicted)), *[None] * len(gold)]
    most = 0.0
    for chosen in set(permutations(places, len(gold))):
        total = 0.0
        for i, j in enumerate(chosen):
            if j is not None and (c := compare(gold[i], predicted[j])).admissible:
                total += c.similarity + bonus * c.strict + 0.001 * c.overlap
        most = max(most, total)
    return most


@given(funds, funds)
def test_alignment_is_optimal(gold: list[Record], predicted: list[Record]) -> None:
    ours, theirs = ready(gold), ready(predicted)
    assert worth(ours, theirs, match(ours, theirs)) == pytest.approx(best(ours, theirs))


@given(funds, funds)
def test_pairs_are_one_to_one_and_admissible(gold: list[Record], predicted: list[Record]) -> None:
    pairs = match(ready(gold), ready(predicted)).pairs
    assert len({pair.gold for pair in pairs}) == len(pairs)
    assert len({pair.predicted for pair in pairs}) == len(pairs)
    assert all(pair.comparison.admissible for pair in pairs)


def test_a_strict_pair_is_worth_more_than_two_similar_ones() -> None:
    exact = policy(name="alpha beta gamma delta", issuer=None)
    near = policy(name="alpha beta gamma omega", issuer=None, period=None, region="Qinglan")
    far = policy(name="alpha beta gamma sigma", issuer=None, status="planned", kind="plan")
    found = match(ready([exact, far]), ready([near, exact]))
    strict = [pair for pair in found.pairs if pair.comparison.strict]
    assert [(pair.gold, pair.predicted) for pair in strict] == [(0, 1)]


def test_an_optional_record_never_takes_a_required_ones_prediction() -> None:
    optional, required = fund(region="Fenghe City"), fund(region="Qinglan")
    found = match(ready([optional, required]), ready([optional]), frozenset({0}))
    assert [(pair.gold, pair.predicted) for pair in found.pairs] == [(1, 0)]


def test_of_equally_similar_predictions_the_usable_one_is_taken_whatever_the_order() -> None:
    elsewhere = fund(region="Qinglan")
    unlike = fund(kind="loan", recipient=None, amount={"bound": "about"})
    for predicted in ([elsewhere, unlike], [unlike, elsewhere]):
        (pair,) = match(ready([fund()]), ready(predicted)).pairs
        assert pair.comparison.usable


def test_nothing_pairs_with_nothing() -> None:
    assert match([], []).pairs == []
    assert match(ready([fund()]), []).pairs == []


@given(funds, funds)
def test_renaming_a_type_changes_nothing(gold: list[Record], predicted: list[Record]) -> None:
    ours, theirs = ready(gold), ready(predicted)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COMPARATORS", "_GATES", "_NAMES", "_STEPS", "_EVIDENCE"):
            table = getattr(comparing, name)
            patch.setitem(table, "renamed", table["fund"])
        renamed = match(
            [c._replace(type="renamed") for c in ours], [c._replace(type="renamed") for c in theirs]
        )
    assert renamed == match(ours, theirs)
