from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from benchmarks.gate_simulation import simulate, verdict
from extractor.errors import UsageError
from extractor.evaluation.compare import NOT_FOUND, NotComparableError, compare_runs
from extractor.evaluation.gate import ExitCode, Floor, Gate, gate, most_serious, parse_floor
from extractor.evaluation.gate_report import junit, markdown
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.pairing import difference
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.runs import EvalRun
from extractor.records import Record
from tests.scored import extraction, failure, fund, gold, growth, perfect, records, run_of, year

MANY = [gold(f"a{i:02}", fund(10), growth(7)) for i in range(60)]


def changed(
    articles: Sequence[GoldArticle], change: Callable[[int, list[Record]], list[Record]]
) -> EvalRun:
    """A run whose predictions are the gold, changed article by article."""
    outcomes = {
        own.article.id: extraction(own.article, records(*change(i, list(own.records.all()))))
        for i, own in enumerate(articles)
    }
    return run_of(articles, Predictions(outcomes))


def without_period(share: int) -> EvalRun:
    """A run that has the wrong year in every `share`-th article."""
    return changed(
        MANY,
        lambda i, found: [
            r.model_copy(update={"period": fund(period=year(2020)).period}) if i % share == 0 else r
            for r in found
        ],
    )


BASE = run_of(MANY, perfect(MANY))
WORSE = without_period(4)


def judged(base: EvalRun, candidate: EvalRun, *floors: Floor) -> Gate:
    return gate(base, candidate, compare_runs(base, candidate), floors=floors)


def test_a_run_against_itself_passes() -> None:
    found = judged(BASE, BASE)
    assert found.verdict == "pass"
    assert found.exit_code == 0


def test_a_worse_run_fails_and_the_verdict_says_where() -> None:
    comparison = compare_runs(BASE, WORSE)
    assert comparison.verdict.startswith("worse by 25.0 points, 95 % interval -")
    assert comparison.verdict.endswith("60 articles; 30 records broken, 0 fixed, most in `period`")
    assert comparison.broken_fields == {"period": 30}
    assert gate(BASE, WORSE, comparison).exit_code == ExitCode.REGRESSION


def test_a_better_run_passes_and_its_records_are_fixed() -> None:
    comparison = compare_runs(WORSE, BASE)
    assert comparison.verdict.startswith("better by 25.0 points")
    assert {flip.change for flip in comparison.flips} == {"fixed"}
    assert gate(WORSE, BASE, comparison).verdict == "pass"


def test_a_record_that_is_gone_is_broken_as_not_found() -> None:
    gone = changed(MANY, lambda i, found: found[1:] if i == 0 else found)
    (flip,) = compare_runs(BASE, gone).flips
    assert (flip.article, flip.type, flip.gold, flip.fields) == ("a00", "fund", 0, (NOT_FOUND,))


def test_too_few_articles_cannot_tell_and_say_how_many_would() -> None:
    few = MANY[:6]
    worse = changed(few, lambda i, found: found[1:] if i == 0 else found)
    found = judged(run_of(few, perfect(few)), worse)
    assert found.verdict == "cannot_tell"
    assert found.exit_code == ExitCode.CANNOT_TELL
    assert found.needed is not None
    assert found.needed > 6
    assert f"{found.needed:,} stories" in found.reason


def test_cannot_tell_may_be_a_warning() -> None:
    few = MANY[:6]
    base = run_of(few, perfect(few))
    worse = changed(few, lambda i, found: found[1:] if i == 0 else found)
    warned = gate(base, worse, compare_runs(base, worse), on_inconclusive="warn")
    assert (warned.verdict, warned.exit_code) == ("cannot_tell", ExitCode.PASS)


def test_a_small_significant_drop_within_the_margin_passes() -> None:
    many = [gold(f"b{i:03}", *[fund(n) for n in range(1, 21)]) for i in range(200)]
    slight = changed(many, lambda i, found: found[1:] if i % 5 == 0 else found)
    found = judged(run_of(many, perfect(many)), slight)
    assert found.verdict == "pass"


def test_runs_on_other_gold_or_by_another_scorer_are_not_comparable() -> None:
    other = [*MANY[:-1], gold("a59", fund(11))]
    with pytest.raises(NotComparableError, match="gold"):
        compare_runs(BASE, run_of(other, perfect(other)))
    with pytest.raises(NotComparableError, match="scorer"):
        compare_runs(BASE, BASE.model_copy(update={"scorer": "0"}))


def test_a_broken_floor_is_a_regression_and_an_unknown_value_breaks_it() -> None:
    assert judged(BASE, BASE, Floor("usable", 0.9)).exit_code == ExitCode.PASS
    assert judged(BASE, WORSE, Floor("false-alarms", 0.1)).checks[0].value is None
    found = judged(WORSE, WORSE, Floor("usable", 0.9))
    assert (found.verdict, found.exit_code) == ("pass", ExitCode.REGRESSION)


def test_dearer_articles_break_a_cost_floor() -> None:
    def costing(usd: float) -> EvalRun:
        scores = [replace(article, cost_usd=usd) for article in BASE.articles]
        operations = replace(BASE.summary.operations, cost_usd=60 * usd)
        summary = BASE.summary.model_copy(update={"operations": operations})
        repeat = BASE.repeats[0].model_copy(update={"articles": scores})
        return BASE.model_copy(update={"repeats": [repeat], "summary": summary})

    floor = Floor("cost-change", 0.2)
    assert judged(costing(0.01), costing(0.012), floor).exit_code == ExitCode.PASS
    assert judged(costing(0.01), costing(0.013), floor).exit_code == ExitCode.REGRESSION


@pytest.mark.parametrize("text", ["usable", "usable=high", "beauty=0.9"])
def test_a_floor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--floor"):
        parse_floor(text)


def test_too_many_failed_articles_are_a_failed_run() -> None:
    outcomes = dict(perfect(MANY).by_id)
    for own in MANY[:2]:
        outcomes[own.article.id] = failure(own.article)
    found = judged(BASE, run_of(MANY, Predictions(outcomes)))
    assert found.exit_code == ExitCode.RUN_FAILED


def test_the_most_serious_code_wins() -> None:
    order = [2, 5, 4, 1, 3, 0]
    for place, code in enumerate(order):
        assert most_serious([ExitCode(c) for c in order[place:]]) == code


def test_repeats_are_averaged_and_add_no_significance() -> None:
    once = compare_runs(BASE, WORSE).headline
    repeated = WORSE.model_copy(update={"repeats": WORSE.repeats * 3})
    thrice = compare_runs(BASE, repeated).headline
    assert once == thrice


def test_a_difference_within_the_noise_is_called_so() -> None:
    noisy = run_of(MANY, perfect(MANY), Predictions({}))
    slightly = changed(MANY, lambda i, found: found[1:] if i == 0 else found)
    single = noisy.model_copy(update={"repeats": noisy.repeats[:1]})
    assert "within the noise of 100.0" in compare_runs(single, slightly).verdict


def test_the_markdown_summary_begins_with_the_verdict_and_escapes_ids() -> None:
    few = [gold("a|<b>", fund(1)), gold("c", fund(1))]
    base = run_of(few, perfect(few))
    worse = run_of(few, Predictions({o.id: o for o in [extraction(few[0].article, records())]}))
    comparison = compare_runs(base, worse)
    text = markdown(comparison, gate(base, worse, comparison))
    assert text.startswith("## ")
    assert r"| a\|&lt;b> | fund 0 | broken | record not found |" in text


def test_junit_has_a_case_for_the_difference_for_each_floor_and_for_failures() -> None:
    comparison = compare_runs(BASE, WORSE)
    found = gate(BASE, WORSE, comparison, floors=[Floor("usable", 0.9)])
    suite = ET.fromstring(junit(comparison, found))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert len(suite.findall("testcase/failure")) == 2


def test_junit_skips_what_cannot_be_told() -> None:
    few = MANY[:6]
    base = run_of(few, perfect(few))
    worse = changed(few, lambda i, found: found[1:] if i == 0 else found)
    comparison = compare_runs(base, worse)
    suite = ET.fromstring(junit(comparison, gate(base, worse, comparison)))
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")


@pytest.mark.slow
def test_the_gate_rarely_fails_a_run_that_is_as_good_and_sees_a_drop_of_five_points() -> None:
    def fails(drop: float) -> int:
        runs = (simulate(100, 0.85, drop, 0.9, seed) for seed in range(400))
        return sum(verdict(difference(*pair)) == "fail" for pair in runs)

    assert fails(0.0) <= 28
    assert fails(0.05) >= 380
