"""The report in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.evaluation.compare import compare_runs
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.report.page import report
from extractor.evaluation.report.sources import Sources
from tests.browser import Opened, opened_page
from tests.scored import count, extraction, fund, gold, growth, perfect, records, run_of
from tests.test_evaluation_report import hostile_article

pytestmark = pytest.mark.slow


def write_page(path: Path) -> None:
    """A comparison of two runs over four articles, one of them hostile."""
    articles = [gold(f"a{i}", fund(), growth(at=300), count(at=600)) for i in range(3)]
    articles.append(hostile_article())
    worse = Predictions(
        {g.article.id: extraction(g.article, records(fund(region="Elsewhere"))) for g in articles}
    )
    base, run = run_of(articles, worse), run_of(articles, perfect(articles))
    known = {g.article.id: g.records for g in articles}
    sources = Sources({g.article.id: g for g in articles}, known, {}, ())
    path.write_text(report(run, base, compare_runs(base, run), sources), encoding="utf-8")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    write_page(tmp_path / "report.html")
    with opened_page(tmp_path / "report.html") as found:
        yield found


def test_filters_hide_what_does_not_match_and_reset_shows_it_again(opened: Opened) -> None:
    page = opened.page
    assert page.locator("#count").inner_text() == "11 records in 4 articles"
    page.select_option("#by-type", "enterprise_count")
    assert page.locator("#count").inner_text() == "3 records in 3 articles"
    page.select_option("#by-type", "")
    page.select_option("#by-flip", "fixed")
    assert "4 articles" in page.locator("#count").inner_text()
    page.select_option("#by-outcome", "strict")
    page.fill("#by-text", "A2")
    assert page.locator("details.article:visible").count() == 1
    page.click("button[type=reset]")
    page.locator("#count", has_text="11 records").wait_for()


def test_an_opened_article_shows_its_text_and_follows_a_click(opened: Opened) -> None:
    page = opened.page
    article = page.locator("details.article").filter(has_text="a1").first
    article.locator("summary").click()
    marked = article.locator(".text span[data-k]").first
    page.locator(".text .g-good.p-good").first.wait_for()
    colours = marked.evaluate(
        "e => [getComputedStyle(e), getComputedStyle(document.body)]"
        ".map(style => style.backgroundColor)"
    )
    assert colours[0] not in ("rgba(0, 0, 0, 0)", colours[1])
    article.locator(".findings button").first.click()
    assert "here" in marked.get_attribute("class")
    article.locator(".text span[data-k]").nth(1).click()
    assert article.locator(".findings li.here").count() == 1


def test_a_filter_takes_the_colour_of_hidden_records_away(opened: Opened) -> None:
    page = opened.page
    page.locator("details.article summary").first.click()
    page.select_option("#by-type", "growth_metric")
    assert page.locator(".text .g-good").count() == 1


def test_articles_can_be_reached_and_opened_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.locator("details.article").nth(1).get_attribute("open") is not None
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.locator("details.article").first.get_attribute("open") is not None


def test_hostile_text_is_shown_and_does_nothing(opened: Opened) -> None:
    page = opened.page
    hostile = page.locator("details.article").filter(has_text="<script>steal()")
    hostile.locator("summary").first.click()
    assert '</style>"><img src=x onerror=steal()>' in hostile.locator(".text").inner_text()
    assert page.locator("img, iframe, a, base").count() == 0
    assert page.locator("script").count() == 1


def test_both_colour_schemes_differ(opened: Opened) -> None:
    page = opened.page
    seen = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert seen[0] != seen[1]
