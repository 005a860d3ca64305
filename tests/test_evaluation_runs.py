from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from extractor.errors import UsageError
from extractor.evaluation.compare import NotComparableError
from extractor.evaluation.gold import GoldArticle, load_gold
from extractor.evaluation.planning import detectable, plan
from extractor.evaluation.predicting import Predictions, predict, read_predictions
from extractor.evaluation.rescoring import comparable_runs, rescore, verdict_flips
from extractor.evaluation.runs import (
    EvalRun,
    eval_run,
    read_run,
    scorer_hash,
    write_predictions,
    write_run,
)
from extractor.prompting import estimated_tokens
from extractor.results import FieldError, Rejected
from tests.models import ScriptedModel
from tests.scored import (
    extraction,
    failure,
    fund,
    gold,
    gold_file,
    perfect,
    records,
    run_of,
    scored_articles,
)


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} in JSON")


@settings(max_examples=40)
@given(scored_articles())
def test_no_nan_reaches_json(case: tuple[list[GoldArticle], Predictions]) -> None:
    text = run_of(case[0], case[1]).model_dump_json()
    json.loads(text, parse_constant=refuse)


def test_a_run_of_failures_only_is_json_without_nan() -> None:
    own = gold("a", fund())
    run = run_of([own], Predictions({"a": failure(own.article)}))
    json.loads(run.model_dump_json(), parse_constant=refuse)
    assert run.summary.operations.failures == {"ModelError: timed out": 1}


def test_a_run_says_what_it_was_and_reads_back(tmp_path: Path) -> None:
    articles = [gold("a", fund()), gold("b")]
    run = run_of(articles, perfect(articles), perfect(articles))
    write_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run
    assert run.scorer == scorer_hash()
    assert [maker.model for maker in run.made_by] == ["scripted"]
    assert run.summary.noise is not None
    assert run.summary.noise.largest == 0


def test_slices_and_rejected_drafts_are_in_the_summary() -> None:
    own = gold("a", fund())
    error = FieldError(field="amount", code="number_not_in_evidence", message="m")
    rejected = [Rejected(type="fund", draft={}, errors=[error])]
    outcome = extraction(own.article, records(fund()), rejected)
    summary = run_of([own], Predictions({"a": outcome})).summary
    assert summary.errors == {"ungrounded": {"fund": 1}}
    assert summary.operations.ungrounded.value == 0.5
    assert summary.slices["language"]["en"].gold == 1
    assert summary.slices["gold records"]["1 to 9"].articles == 1


def test_predictions_on_another_text_are_refused() -> None:
    other = extraction(gold("b").article, records())
    with pytest.raises(UsageError, match="another text"):
        run_of([gold("a")], Predictions({"a": other}))


@pytest.mark.parametrize("content", ["{}", "nothing", '{"id": "a"}'])
def test_what_is_no_output_line_is_refused_with_its_number(content: str, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(f"\n{content}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_predictions(str(tmp_path / "out.jsonl"))


def test_the_newest_revision_counts(tmp_path: Path) -> None:
    own = gold("a").article
    newer = extraction(own, records(fund())).model_copy(update={"revision": 2})
    lines = [o.model_dump_json() for o in (newer, extraction(own, records()))]
    (tmp_path / "out.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert read_predictions(str(tmp_path / "out.jsonl")).by_id["a"].revision == 2


def test_a_model_is_run_on_every_gold_article() -> None:
    articles = [gold("a"), gold("b")]
    assert [o.id for o in predict(articles, ScriptedModel())] == ["a", "b"]


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_what_is_no_run_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="no run file"):
        read_run(tmp_path / "run.json")
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path / "gone.json")


class Stored:
    """A gold folder with a run on it."""

    def __init__(self, folder: Path) -> None:
        self.gold = folder / "gold"
        self.gold.mkdir()
        self.folder = folder
        self.label("actual")

    def label(self, status: str) -> None:
        file = gold_file()
        file["records"]["funds"][0]["status"] = status
        (self.gold / "a.json").write_text(json.dumps(file), encoding="utf-8")

    def run(self, name: str, predictions: Predictions | None = None) -> Path:
        articles = load_gold([self.gold])
        path = self.folder / f"{name}.json"
        found = predictions or perfect(articles)
        place = write_predictions(found.by_id, path.with_suffix(".jsonl"), path)
        write_run(eval_run(articles, [self.gold], "all", [found], [place]), path)
        return path


def usable(run: EvalRun) -> float | None:
    return run.summary.types["all"].scores["usable"].f1.value


def test_a_stored_run_is_scored_again_under_mended_gold(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    path = stored.run("base")
    stored.label("planned")
    again = rescore(read_run(path), path, [stored.gold])
    assert usable(read_run(path)) == 1
    assert usable(again) == pytest.approx(2 / 3)
    assert again.repeats[0].predictions == read_run(path).repeats[0].predictions


def test_runs_are_scored_alike_before_they_are_compared(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    base = stored.run("base")
    stored.label("planned")
    candidate = stored.run("candidate")
    assert read_run(base).gold.hash != read_run(candidate).gold.hash
    first, second = comparable_runs(base, candidate, None)
    assert first.gold.hash == second.gold.hash
    assert usable(first) == pytest.approx(2 / 3)


def test_changed_predictions_cannot_be_scored_again(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    base = stored.run("base")
    base.with_suffix(".jsonl").write_text("", encoding="utf-8")
    stored.label("planned")
    with pytest.raises(UsageError, match="was changed"):
        rescore(read_run(base), base, [stored.gold])
    with pytest.raises(NotComparableError, match="cannot be scored again"):
        comparable_runs(base, stored.run("candidate"), None)


def test_a_run_without_stored_predictions_cannot_be_scored_again() -> None:
    articles = [gold("a")]
    with pytest.raises(UsageError, match="kept no predictions"):
        rescore(run_of(articles, perfect(articles)), Path("run.json"), [], articles)


def test_verdicts_that_flip_are_listed() -> None:
    articles = [gold(f"a{i:02}", fund(10)) for i in range(25)]
    mended = [gold(f"a{i:02}", fund(10, status="planned")) for i in range(25)]
    found = [perfect(articles), perfect(mended)]
    before = [run_of(articles, predictions) for predictions in found]
    after = [run_of(mended, predictions) for predictions in found]
    (flip,) = verdict_flips(before, after)
    assert (flip.before, flip.after) == ("fail", "pass")
    assert verdict_flips(before, before) == []


def test_a_plan_says_what_a_run_costs_and_could_show() -> None:
    articles = [gold("a", fund(), fund(2))]
    free, paid = plan(articles, "rules", 1), plan(articles, "some-model", 3)
    assert (free.requests, free.cost_usd) == (0, 0)
    assert (paid.requests, paid.cost_usd) == (3, None)
    assert paid.input_tokens == 3 * estimated_tokens(articles[0].article.text)
    assert detectable(0) is None
    assert (detectable(100) or 0) == pytest.approx(2 * (detectable(400) or 0))
