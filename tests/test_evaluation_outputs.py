"""What is done with outputs beside scoring: drift, samples, agreement, the selftest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import UsageError
from extractor.evaluation.agreement import agreement
from extractor.evaluation.drift import Outcomes, drift
from extractor.evaluation.gate import ExitCode
from extractor.evaluation.sampling import allocate, draw, list_articles, read_sample, sample_lines
from extractor.evaluation.scores import Prediction
from extractor.evaluation.selftest import selftest, stored_or_perfect
from extractor.records import Record
from extractor.results import Extraction, Failure
from tests.scored import count, extraction, failure, fund, gold, growth, policy, records, year

IDS = [f"a{i:02}" for i in range(40)]


def outcomes(*found: Record) -> dict[str, Extraction | Failure]:
    return {i: extraction(gold(i).article, records(*found)) for i in IDS}


OLD: Outcomes = outcomes(fund(10), growth(7), count(5))


def test_an_output_has_not_drifted_from_itself() -> None:
    found = drift(OLD, OLD)
    assert found.exit_code == ExitCode.PASS
    assert found.agreement == "steady"
    assert found.disagreements == []
    assert {shift.state for shift in found.rates.values()} == {"steady"}


def test_other_records_are_drift_and_the_largest_disagreements_are_listed() -> None:
    found = drift(OLD, outcomes(fund(11), growth(7), count(5)))
    assert found.exit_code == ExitCode.REGRESSION
    assert found.agreement == "shifted"
    assert len(found.disagreements) == 40
    assert found.disagreements[0].what == "misread"
    assert found.disagreements[0].first == "stabilisation subsidies: 10"


def test_a_shifted_rate_is_drift_even_where_records_agree() -> None:
    found = drift(OLD, outcomes(fund(10, recipient=None), growth(7), count(5)))
    assert found.agreement == "steady"
    assert found.rates["fund.recipient null"].state == "shifted"
    assert found.exit_code == ExitCode.REGRESSION


def test_currencies_units_and_status_are_watched() -> None:
    new = outcomes(fund(10, currency="EUR", status="planned"), growth(7, unit="times"), count(5))
    rates = drift(OLD, new).rates
    for name in ("fund in another currency", "fund planned", "growth_metric in times"):
        assert rates[name].difference.delta == 1


def test_failures_are_a_failed_run_and_no_disagreement() -> None:
    new = {**OLD, "a00": failure(gold("a00").article)}
    found = drift(OLD, new)
    assert found.exit_code == ExitCode.RUN_FAILED
    assert found.disagreements == []


def test_outputs_on_other_texts_are_not_comparable() -> None:
    other = {i: extraction(gold("z").article, records()) for i in IDS}
    found = drift(OLD, other)
    assert (found.articles, found.only_one) == (0, 40)
    assert found.exit_code == ExitCode.NOT_COMPARABLE


def test_two_articles_cannot_tell() -> None:
    few = {i: OLD[i] for i in IDS[:2]}
    new = {**few, "a00": extraction(gold("a00").article, records(fund(10)))}
    assert drift(few, new).exit_code == ExitCode.CANNOT_TELL
    assert drift(few, new, on_inconclusive="warn").exit_code == ExitCode.PASS


def written(folder: Path, *found: Extraction | Failure) -> str:
    path = folder / "out.jsonl"
    path.write_text("".join(f"{o.model_dump_json()}\n" for o in found), encoding="utf-8")
    return str(path)


def test_a_sample_has_known_probabilities_and_is_the_same_every_time(tmp_path: Path) -> None:
    lines = [OLD[i] for i in IDS[:30]] + [failure(gold(i).article) for i in IDS[30:]]
    listed = list_articles(written(tmp_path, *lines), ["lang", "status"])
    first, second = (draw(listed, ["lang", "status"], 8, seed=1) for _ in range(2))
    assert first == second
    assert first != draw(listed, ["lang", "status"], 8, seed=2)
    drawn = [s for s in first if s.stratum == {"lang": "en", "status": "failed"}]
    assert len(drawn) == 2
    assert {s.weight for s in drawn} == {5.0}
    assert sum(s.weight for s in first) == pytest.approx(40)
    path = tmp_path / "sample.jsonl"
    path.write_text(sample_lines(first), encoding="utf-8")
    assert list(read_sample(path).values()) == first


sizes = st.dictionaries(st.tuples(st.text(max_size=2)), st.integers(1, 50), min_size=1, max_size=6)


@given(sizes, st.integers(1, 200))
def test_every_stratum_is_drawn_from_and_none_beyond_its_size(
    strata: dict[tuple[str, ...], int], n: int
) -> None:
    if n < len(strata) and n < sum(strata.values()):
        with pytest.raises(UsageError, match="too few"):
            allocate(strata, n)
        return
    drawn = allocate(strata, n)
    assert sum(drawn.values()) == min(n, sum(strata.values()))
    assert all(1 <= drawn[s] <= strata[s] for s in strata)


def test_an_unknown_stratum_and_a_bad_line_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--by 'weather'"):
        list_articles("out.jsonl", ["weather"])
    (tmp_path / "out.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1"):
        list_articles(str(tmp_path / "out.jsonl"), [])
    with pytest.raises(UsageError, match="no sample"):
        read_sample(tmp_path / "out.jsonl")


def test_an_annotator_agrees_with_themselves() -> None:
    articles = [gold("a", fund(), policy()), gold("b", count())]
    found = agreement(articles, articles)
    assert found.types["all"].scores["strict"].f1.value == 1
    assert found.disagreements == []
    assert found.kappas["fund.kind"].agreed == 1
    assert found.kappas["fund.kind"].kappa is None


def test_disagreements_are_listed_and_kappa_is_beyond_chance() -> None:
    first = [gold("a", fund(1), fund(2, kind="loan"), fund(3)), gold("c")]
    second = [gold("a", fund(1), fund(2, kind="loan"), fund(3, kind="loan"), policy())]
    found = agreement(first, second)
    assert found.only_one == ["c"]
    assert [d.what for d in found.disagreements] == ["spurious", "kind"]
    assert found.kappas["fund.kind"].kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))


def test_folders_without_a_common_article_have_no_agreement() -> None:
    with pytest.raises(UsageError, match="no article"):
        agreement([gold("a")], [gold("b")])


def test_the_selftest_says_which_faults_the_gold_would_catch() -> None:
    articles = [gold(f"a{i:02}", fund(10 + i), growth(1 + i, at=200)) for i in range(12)]
    found = {f.fault: f for f in selftest(articles, stored_or_perfect(articles, None))}
    assert "usable" in found["region wrong"].caught_by
    assert found["the whole article as quote"].caught_by == ["evidence"]
    assert found["issuer null"].caught_by == []
    assert found == {f.fault: f for f in selftest(articles, stored_or_perfect(articles, None))}


def test_the_selftest_leaves_failed_articles_alone() -> None:
    articles = [gold("a", fund(period=year(2022))), gold("b", fund())]
    predictions = {"a": Prediction(articles[0].records), "b": Prediction(None, failure="refused")}
    faults = selftest(articles, predictions)
    assert all((finding.drops["usable"] or 0) >= 0 for finding in faults)
