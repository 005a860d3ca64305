from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.errors import UsageError
from extractor.evaluation.compare import compare_runs
from extractor.evaluation.gold import GoldArticle, parse_gold
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.report.findings import OUTCOMES, TONES, Sides, findings
from extractor.evaluation.report.page import report, verdict
from extractor.evaluation.report.plots import Point, plot
from extractor.evaluation.report.sources import Sources, find_sources
from extractor.evaluation.runs import EvalRun, write_run
from extractor.evaluation.scoring import score_records
from extractor.results import Records
from tests.scored import (
    TEXT,
    count,
    extraction,
    failure,
    fund,
    gold,
    gold_file,
    growth,
    perfect,
    policy,
    records,
    run_of,
    year,
)
from tests.test_pages import policy_of

HOSTILE = '<script>steal()</script></style>"><img src=x onerror=steal()>javascript:steal()'


def hostile_article() -> GoldArticle:
    """Gold whose every string tries to break out of the page."""
    article = Article(
        text=f"{HOSTILE} {TEXT}", id=f"a {HOSTILE}", title=HOSTILE, date=dt.date(2023, 7, 3)
    )
    quote = {"quote": article.text[:60], "start": 0, "end": 60}
    found = records(fund(name=HOSTILE, evidence=quote), growth())
    return GoldArticle(article=article, records=found)


def page_of(articles: list[GoldArticle], predictions: Predictions) -> str:
    run = run_of(articles, predictions)
    found = {
        id_: outcome.records
        for id_, outcome in predictions.by_id.items()
        if hasattr(outcome, "records")
    }
    sources = Sources({g.article.id: g for g in articles}, found, {}, ())
    return report(run, None, None, sources)


def visible(page: str) -> str:
    """A page without its style and its script."""
    return re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)


def test_hostile_text_titles_and_names_are_escaped() -> None:
    article = hostile_article()
    page = page_of([article], perfect([article]))
    assert "<script>steal" not in page
    assert "<img" not in page
    assert page.count("<script>") == page.count("</script>") == 1
    assert page.count("</style>") == 1
    assert "&lt;script&gt;steal()" in page


def test_the_page_fetches_nothing_and_its_policy_fits_its_content() -> None:
    article = gold("a1", fund())
    page = page_of([article], perfect([article]))
    found = policy_of(page)
    assert found["style"] in found["policy"]
    assert found["script"] in found["policy"]
    assert not re.findall(r'(?:src|href|action)="(?!data:,)', visible(page))
    assert "style=" not in visible(page)
    assert not re.findall(r"\son\w+=", visible(page))


def test_the_articles_text_is_whole_and_highlighted() -> None:
    article = gold("a1", fund(), count(at=300))
    page = page_of([article], perfect([article]))
    (shown,) = re.findall(r'<div class="text".*?>(.*?)</div>', page, re.DOTALL)
    assert re.sub(r"<[^>]+>", "", shown) == article.article.text
    assert 'data-k="g0 p0"' in shown


def test_without_gold_the_page_says_that_there_is_no_text() -> None:
    article = gold("a1", fund())
    run = run_of([article], perfect([article]))
    page = report(run, None, None, Sources({}, {}, {}, ("The articles' text is not shown.",)))
    assert "The text of this article is not at hand." in page
    assert "The articles&#39; text is not shown." in page
    assert "Sentence 1 " not in page


def test_every_gold_record_and_every_prediction_has_a_finding() -> None:
    ours = records(policy(), fund(), fund(99, name="credit line", at=300), growth(), count())
    theirs = records(fund(region="Elsewhere"), fund(), growth(75), count(), count(7, at=600))
    types, leftovers = score_records(ours, theirs)
    article = run_of([gold("a1")], perfect([gold("a1")])).articles[0]
    scored = type(article)(id="a1", cluster="a1", types=types, leftovers=leftovers)
    found = findings(scored, None, (), Sides(ours, theirs, None))
    golds = [id(f.gold) for f in found if f.gold and f.outcome != "duplicate"]
    predictions = [id(f.predicted) for f in found if f.predicted and f.outcome != "merged"]
    assert sorted(golds) == sorted(id(record) for record in ours.all())
    assert sorted(predictions) == sorted(id(record) for record in theirs.all())


def test_every_outcome_has_a_tone() -> None:
    assert set(TONES) == set(OUTCOMES)


def test_a_finding_shows_the_fields_that_differ_and_marks_the_failed_ones() -> None:
    ours, theirs = records(fund(period=year(2023))), records(fund(period=year(2022)))
    types, leftovers = score_records(ours, theirs)
    article = run_of([gold("a1")], perfect([gold("a1")])).articles[0]
    scored = type(article)(id="a1", cluster="a1", types=types, leftovers=leftovers)
    (found,) = findings(scored, None, (), Sides(ours, theirs, None))
    assert found.outcome == "not usable"
    assert [(row.field, row.failed) for row in found.rows()] == [("period", True)]
    assert "2022-01-01 to 2022-12-31" in (found.rows()[0].predicted or "")


def test_a_comparison_shows_verdict_flips_and_what_the_base_had() -> None:
    articles = [gold(f"a{i}", fund(), growth()) for i in range(3)]
    worse = Predictions(
        {
            g.article.id: extraction(g.article, records(fund(region="Elsewhere"), growth()))
            for g in articles
        }
    )
    base, run = run_of(articles, worse), run_of(articles, perfect(articles))
    known = {g.article.id: g.records for g in articles}
    before = {id_: own.records for id_, own in worse.by_id.items() if hasattr(own, "records")}
    sources = Sources({g.article.id: g for g in articles}, known, before, ())
    comparison = compare_runs(base, run)
    page = report(run, base, comparison, sources)
    assert f"<h1>{verdict(run, comparison)}</h1>" in page
    assert verdict(run, comparison).startswith("Better by ")
    assert page.count('data-flip="fixed"') == 3
    assert "<td>Elsewhere</td>" in page


def test_a_failed_article_says_why() -> None:
    article = gold("a1", fund())
    page = page_of([article], Predictions({"a1": failure(article.article)}))
    assert "ModelError: timed out" in page


def test_plots_give_every_interval_in_words_and_keep_inside_their_frame() -> None:
    made = plot("F1", [Point("fund", 0.5, 0.25, 0.75), Point("policy", None, None, None)])
    first, second = made.lines
    assert first.words == "fund: 50.0, 95 % interval 25.0 to 75.0"
    assert second.x is None
    ends = [x for line in made.lines for x in (line.x, line.low, line.high) if x is not None]
    assert all(made.left <= x <= made.width for x in ends)


def test_a_plot_of_differences_has_zero_in_its_middle() -> None:
    made = plot("difference", [Point("fund", -0.1, -0.3, 0.1)], signed=True)
    assert made.zero is not None
    (line,) = made.lines
    assert line.low is not None
    assert line.high is not None
    assert made.left < line.low < made.zero < line.high
    assert [tick.label for tick in made.ticks] == ["-20", "+0", "+20"] or any(
        tick.label == "0" for tick in made.ticks
    )


@pytest.fixture
def stored(tmp_path: Path) -> tuple[EvalRun, Path]:
    """A run file without predictions, and gold beside it."""
    (tmp_path / "gold").mkdir()
    content = json.dumps(gold_file())
    (tmp_path / "gold" / "one.json").write_text(content, encoding="utf-8")
    article = parse_gold(content, "one.json")
    run = run_of([article], perfect([article]))
    write_run(run, tmp_path / "run.json")
    return run, tmp_path / "run.json"


def test_gold_that_is_not_what_was_scored_is_refused(
    stored: tuple[EvalRun, Path], tmp_path: Path
) -> None:
    file = gold_file()
    file["records"]["funds"] = []
    (tmp_path / "other.json").write_text(json.dumps(file), encoding="utf-8")
    with pytest.raises(UsageError, match="rescore"):
        find_sources(stored, None, [tmp_path / "other.json"])


def test_what_cannot_be_had_becomes_a_notice(stored: tuple[EvalRun, Path]) -> None:
    found = find_sources(stored, None, None)
    assert not found.gold
    assert not found.predicted
    assert any("--gold" in notice for notice in found.notices)
    assert any("kept no predictions" in notice for notice in found.notices)


def test_gold_that_is_given_brings_the_text(stored: tuple[EvalRun, Path], tmp_path: Path) -> None:
    found = find_sources(stored, None, [tmp_path / "gold"])
    assert list(found.gold) == ["fenghe-1"]


def test_an_article_without_anything_is_there_too() -> None:
    article = gold("empty")
    page = page_of([article], Predictions({"empty": extraction(article.article, NOTHING)}))
    assert page.count('<details class="article"') == 1


NOTHING = Records(policies=[], funds=[], enterprise_counts=[], growth_metrics=[])
