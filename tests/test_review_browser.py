"""The review page in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.evaluation.gold import parse_gold
from extractor.evaluation.gold_face import gold_records
from extractor.records import Fund
from extractor.results import Extraction, Rejected
from extractor.review.page import review
from tests.browser import Opened, opened_page
from tests.outputs import extraction
from tests.scored import failure
from tests.test_review import hostile

pytestmark = pytest.mark.slow

# The face before the numbers: a character that takes two places in a browser's strings.
TEXT = (
    "🏭 In 2023, Fenghe City paid 30 million yuan of subsidies to 53 enterprises. "
    "By the end of May 2023 the city had 120 high-tech enterprises, and in 2023 exports rose by "
    "7.5% year-on-year. In 2023, Fenghe City paid 40 million yuan of rent relief."
)
_COMMON = {"region": "Fenghe City", "status": "actual"}
FUND = {
    **_COMMON, "name": "subsidies", "kind": "grant", "amount": "30 million yuan",
    "provider": "Fenghe City", "recipient": "53 enterprises", "part_of": None,
    "period": "In 2023", "evidence": "Fenghe City paid 30 million yuan of subsidies to 53 "
    "enterprises",
}  # fmt: skip
COUNT = {
    **_COMMON, "category": "high-tech enterprises", "designation": "high_tech", "level": None,
    "count": "120", "measure": "total", "part_of": None, "period": "By the end of May 2023",
    "evidence": "By the end of May 2023 the city had 120 high-tech enterprises",
}  # fmt: skip
GROWTH = {
    **_COMMON, "indicator": "exports", "subject": None, "amount": None, "direction": "increase",
    "change": "7.5%", "basis": "year_on_year", "benchmark": None, "period": "in 2023",
    "evidence": "the city had 120 high-tech enterprises, and in 2023 exports rose by 7.5% "
    "year-on-year",
}  # fmt: skip


def outcomes() -> tuple[list[Any], dict[str, Article]]:
    """Two articles with records, a failed one, one with a rejected draft, a hostile one."""
    articles = [Article(text=TEXT, id="a1"), Article(text=TEXT, id="a2")]
    found: list[Any] = [
        extraction(TEXT, id_=a.id, funds=[FUND], counts=[COUNT], growth=[GROWTH]) for a in articles
    ]
    calm = Article(text="Nothing happened in Fenghe City today.", id="calm")
    draft = Rejected(type="fund", draft={"name": "a fund"}, errors=[])
    empty = extraction(calm.text, id_="calm")
    info = empty.article.model_copy(update={"url": "https://news.example/1"})
    found.append(empty.model_copy(update={"rejected": [draft], "article": info}))
    found.append(failure(Article(text="x", id="failed")))
    bad, source = hostile()
    return [*found, bad], {a.id: a for a in [*articles, calm, source]}


def write(path: Path, *, texts: bool = True) -> list[Any]:
    found, articles = outcomes()
    path.write_text(review(path.name, found, articles if texts else None), encoding="utf-8")
    return found


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    write(tmp_path / "review.html")
    with opened_page(tmp_path / "review.html") as found:
        go(found.page, "a1")
        yield found


def go(page: Any, id_: str) -> None:
    page.locator("#list button", has_text=id_).first.click()


def rows(page: Any) -> list[str]:
    """The first line of each record that is shown."""
    return [text for text in page.locator("button.record bdi").all_inner_texts() if text]


def said(page: Any) -> str:
    return str(page.locator("#said").inner_text())


def downloaded(page: Any, button: str, folder: Path) -> tuple[str, str]:
    """The name and the content of what a button downloads."""
    with page.expect_download() as waiting:
        page.click(button)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.name, path.read_text(encoding="utf-8")


def decisions(page: Any, folder: Path) -> dict[str, Any]:
    """Downloaded decisions by record id."""
    name, content = downloaded(page, "#save", folder)
    assert name == "decisions.jsonl"
    read = [json.loads(line) for line in content.splitlines()]
    return {own["record_id"]: own for own in read}


def test_doubtful_articles_come_first_and_say_why(opened: Opened) -> None:
    names = opened.page.locator("#list .name").all_inner_texts()
    assert names[0] == "failed"
    assert "1 rejected" in opened.page.locator("#list li").nth(1).inner_text()
    assert names[-2:] == ["a1", "a2"]
    go(opened.page, "failed")
    assert "ModelError: timed out" in opened.page.locator("#notices").inner_text()


def test_the_text_is_whole_and_a_record_shows_where_it_stands(opened: Opened) -> None:
    page = opened.page
    assert page.locator("#text").evaluate("e => e.textContent") == TEXT
    assert rows(page) == ["subsidies", "high-tech enterprises", "exports"]
    page.locator("tr.row").nth(0).hover()
    here = page.locator("#text .here").all_inner_texts()
    assert "".join(here) == FUND["evidence"]
    labels = page.locator("#text [data-label]")
    found = {e.get_attribute("data-label"): e.inner_text() for e in labels.all()}
    assert found == {"amount": "30 million yuan", "period": "In 2023", "place": "Fenghe City"}


def test_overlapping_evidence_keeps_a_line_for_each_type(opened: Opened) -> None:
    shared = opened.page.locator("#text .several")
    assert "".join(shared.all_inner_texts()) == "the city had 120 high-tech enterprises"
    colours = shared.first.evaluate(
        "e => [0, 1, 2].map(n => getComputedStyle(e).getPropertyValue(`--lane${n}`))"
    )
    assert len(set(colours)) == 3
    assert colours[2] == ""


def test_hovering_the_text_shows_the_record_in_the_table(opened: Opened) -> None:
    page = opened.page
    page.locator("#text .mark").first.hover()
    assert page.locator("tr.row.here bdi").first.inner_text() == "subsidies"
    page.locator("#title").hover()
    assert page.locator("tr.row.here").count() == 0


def test_a_click_in_the_text_selects_its_records_one_after_the_other(opened: Opened) -> None:
    page = opened.page
    seen = []
    for _ in range(2):
        page.locator("#text .several").first.click()
        seen.append(page.locator("tr.row[aria-current] bdi").first.inner_text())
    assert seen == ["high-tech enterprises", "exports"]


def test_filters_and_search_narrow_articles_and_records(opened: Opened) -> None:
    page = opened.page
    assert page.locator("#count").inner_text() == "7 records in 5 articles"
    page.select_option("#by-type", "fund")
    assert page.locator("#count").inner_text() == "3 records in 3 articles"
    assert rows(page) == ["subsidies"]
    assert "2 records hidden" in page.locator("#records").inner_text()
    assert page.locator("#text .t2").count() == 0
    page.select_option("#by-type", "")
    page.select_option("#by-flag", "carried")
    assert rows(page) == ["subsidies"]
    page.click("button[type=reset]")
    page.locator("#count", has_text="7 records").wait_for()
    page.select_option("#by-status", "actual")
    page.fill("#by-text", "HIGH-TECH")
    assert page.locator("#count").inner_text() == "6 records in 2 articles"
    page.fill("#by-text", "there is no such word")
    assert page.locator("#article").is_hidden()


def test_everything_can_be_done_by_keyboard(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    page.keyboard.press("a")
    assert "Choose a record first" in said(page)
    for key in ("ArrowDown", "a", "r"):
        page.keyboard.press(key)
    assert page.locator("tr.row[aria-current] bdi").first.inner_text() == "exports"
    assert page.evaluate("document.activeElement.innerText") == "exports"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("u")
    page.keyboard.press("j")
    assert page.locator("#title").inner_text() == "a2"
    page.keyboard.press("k")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jar")
    assert page.locator("#by-text").input_value() == "jar"
    page.click("button[type=reset]")
    assert [own["decision"] for own in decisions(page, tmp_path).values()] == ["accept"]


def test_decisions_survive_a_reload_and_carry_name_time_and_note(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.page
    page.fill("#by", "Mei")
    page.locator("#by").blur()
    page.locator("button.record").first.click()
    page.fill("#note", "a note <b>")
    page.click("[data-decision=reject]")
    page.evaluate("location.reload()")
    page.locator("#progress", has_text="1 of 7").wait_for()
    assert page.locator("#by").input_value() == "Mei"
    opened.requests.clear()
    opened.requests.append("file:once")
    (own,) = decisions(page, tmp_path).values()
    assert (own["decision"], own["by"], own["note"]) == ("reject", "Mei", "a note <b>")
    assert own["at"].endswith("Z")
    assert "record" not in own


def correct(page: Any, **fields: str) -> None:
    """Correct the record in focus; names have a dot where the form has one."""
    page.keyboard.press("c")
    for name, value in fields.items():
        page.fill(f"[name='{name.replace('__', '.')}']", value)
    page.click("#correction button[type=submit]")


def test_with_a_filter_on_what_is_undecided_the_keys_go_through_it(opened: Opened) -> None:
    page = opened.page
    page.select_option("#by-decision", "undecided")
    page.locator("#by-decision").blur()
    page.keyboard.press("ArrowDown")
    for left in (["high-tech enterprises", "exports"], ["exports"], []):
        page.keyboard.press("a")
        assert rows(page) == left


def test_a_long_list_is_shown_in_parts(tmp_path: Path) -> None:
    articles = [Article(text="Nothing today.", id=f"n{i}") for i in range(501)]
    page_path = tmp_path / "review.html"
    page_path.write_text(review("o", [failure(a) for a in articles], None), encoding="utf-8")
    with opened_page(page_path) as opened:
        assert opened.page.locator("#list li").count() == 500
        opened.page.click("#more")
        assert opened.page.locator("#list li").count() == 501
        assert opened.page.locator("#more").is_hidden()


def test_a_correction_is_a_whole_record_with_new_places(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    page.locator("button.record").first.click()
    correct(
        page,
        name="rent relief",
        amount__text="40 million yuan",
        amount__value="40,000,000",
        evidence__quote="Fenghe City paid 40 million yuan\nof rent relief",
        recipient="",
    )
    assert page.locator(".state.correct").inner_text() == "corrected"
    assert "".join(page.locator("#text .here").all_inner_texts()).endswith("of rent relief")
    assert page.locator("#text [data-label=amount]").inner_text() == "40 million yuan"
    (own,) = decisions(page, tmp_path).values()
    assert own["record"]["record_id"] == own["record_id"]
    fund = Fund.model_validate(own["record"])
    assert fund.amount.value == 40_000_000
    assert fund.amount.at is not None
    assert TEXT[slice(*fund.amount.at)] == "40 million yuan"
    assert TEXT[slice(*fund.evidence.span)] == fund.evidence.quote
    assert fund.period is not None
    assert fund.period.at is not None
    assert TEXT[slice(*fund.period.at)] == "In 2023"
    assert (fund.recipient, fund.recipient_count) == (None, None)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": " "}, "name: must not be empty"),
        ({"amount__value": "-3"}, "amount: value: write a number without sign"),
        ({"amount__value": "1234567890123456"}, "at most 15 digits"),
        ({"amount__upper": "50"}, "a range has an upper end"),
        ({"period__start": "2023-02-30x"}, "write the day as"),
        ({"period__start": "2024-01-01"}, "must not be before the start"),
        ({"evidence__quote": "was never said"}, "does not stand in the text"),
    ],
)
def test_a_wrong_correction_says_what_is_wrong_and_where(
    opened: Opened, fields: dict[str, str], problem: str
) -> None:
    page = opened.page
    page.locator("button.record").first.click()
    correct(page, **fields)
    assert problem in page.locator("#problem").inner_text()
    assert page.locator("[aria-invalid=true]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#correction").count() == 0
    assert page.locator("#save").is_disabled()


def test_a_correction_that_changes_nothing_is_an_acceptance(opened: Opened) -> None:
    page = opened.page
    page.locator("button.record").nth(2).click()
    correct(page)
    assert page.locator(".state").inner_text() == "accepted"


def test_an_optional_amount_can_be_added_as_money_or_as_a_count(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.page
    page.locator("button.record").nth(2).click()
    page.keyboard.press("c")
    page.select_option("[data-variant=amount]", "Count")
    assert page.locator("[name='amount.currency']").count() == 0
    page.fill("[name='amount.text']", "120")
    page.fill("[name='amount.value']", "120")
    page.select_option("[name='amount.bound']", "exact")
    page.click("#correction button[type=submit]")
    (own,) = decisions(page, tmp_path).values()
    amount = own["record"]["amount"]
    assert (amount["value"], amount["upper"], amount["flags"]) == (120, None, [])


def test_a_correction_is_not_lost_by_a_slip(opened: Opened) -> None:
    page = opened.page
    page.locator("button.record").first.click()
    correct(page, name="yuan of subsidies")
    page.keyboard.press("a")
    page.keyboard.press("ArrowUp")
    assert page.locator(".state.correct").count() == 1


def test_gold_is_what_the_loader_reads_without_what_was_rejected(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.page
    page.locator("button.record").first.click()
    page.keyboard.press("a")
    page.keyboard.press("a")
    assert page.locator("#save-gold").is_disabled()
    assert page.locator("#save-gold").inner_text().endswith("1 to decide")
    page.keyboard.press("r")
    name, content = downloaded(page, "#save-gold", tmp_path)
    assert name == "a1.json"
    gold = parse_gold(content, name)
    expected, _ = outcomes()
    whole = expected[0]
    assert isinstance(whole, Extraction)
    kept = whole.records.model_copy(update={"growth_metrics": []})
    assert gold_records(gold.records, TEXT) == gold_records(kept, TEXT)
    assert gold.labelled_by == "assisted"


def test_a_failed_article_is_no_gold(tmp_path: Path) -> None:
    article = Article(text="Nothing today.", id="failed")
    path = tmp_path / "review.html"
    path.write_text(review("o", [failure(article)], {"failed": article}), encoding="utf-8")
    with opened_page(path) as opened:
        assert opened.page.locator("#text").inner_text() == article.text
        assert opened.page.locator("#save-gold").is_disabled()


def test_decisions_can_be_loaded_and_what_fits_nothing_is_said(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.page
    found, _ = outcomes()
    fund, count, growth = found[0].records.all()
    lines = [
        {"record_id": fund.record_id, "decision": "correct", "record": {"name": "a name"}},
        {"record_id": count.record_id, "decision": "correct", "record": {"name": "no such field"}},
        {"record_id": growth.record_id, "decision": "__proto__"},
        {"record_id": "f" * 16, "decision": "accept"},
        ["no decision"],
    ]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{broken", encoding="utf-8")
    page.set_input_files("#load", path)
    page.locator("#said", has_text="loaded").wait_for()
    assert said(page) == (
        "1 decision loaded, 1 about records that are not on this page, "
        "4 lines passed over that are no decisions."
    )
    assert rows(page)[0] == "a name"


def test_without_texts_quotes_are_shown_and_can_be_decided(tmp_path: Path) -> None:
    write(tmp_path / "review.html", texts=False)
    with opened_page(tmp_path / "review.html") as opened:
        page = opened.page
        go(page, "a1")
        assert "--articles" in page.locator("#notices").inner_text()
        assert page.locator("#text.quotes").inner_text().count(str(FUND["evidence"])) == 1
        page.locator("button.record").first.click()
        correct(page, amount__text="31 million yuan", amount__value="31000000")
        (own,) = decisions(page, tmp_path).values()
        fund = Fund.model_validate(own["record"])
        assert fund.amount.value == 31_000_000
        assert fund.amount.at is None
        assert fund.evidence.quote == FUND["evidence"]
        assert page.locator("#save-gold").is_disabled()


def test_hostile_text_is_shown_and_does_nothing(opened: Opened) -> None:
    page = opened.page
    page.locator("#list button", has_text="steal").first.click()
    assert "<script>steal()" in page.locator("#text").inner_text()
    page.locator("button.record").first.click()
    assert page.locator("img, iframe, base, object, svg").count() == 0
    assert page.locator("#about a").count() == 0
    assert "javascript:steal()" in page.locator("#about").inner_text()
    assert "invisible characters" in page.locator("#notices").inner_text()
    page.keyboard.press("c")
    page.keyboard.press("Escape")
    page.locator("#records summary").click()
    assert page.evaluate("typeof steal") == "undefined"


def test_only_a_web_address_is_a_link(opened: Opened) -> None:
    go(opened.page, "calm")
    link = opened.page.locator("#about a")
    assert link.get_attribute("href") == "https://news.example/1"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_browser_that_keeps_nothing_says_so(tmp_path: Path) -> None:
    write(tmp_path / "review.html")
    with opened_page(tmp_path / "review.html") as opened:
        page = opened.page
        page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
        go(page, "a1")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("a")
        assert "download them before you leave" in said(page)


def test_both_colour_schemes_differ(opened: Opened) -> None:
    seen = []
    for scheme in ("light", "dark"):
        opened.page.emulate_media(color_scheme=scheme)
        seen.append(opened.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert seen[0] != seen[1]


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_at_every_zoom_the_page_itself_never_scrolls_sideways(opened: Opened, width: int) -> None:
    page = opened.page
    page.set_viewport_size({"width": width, "height": 500})
    page.locator("button.record").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("c")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_window_of_ordinary_width_shows_all_columns_and_the_whole_form(opened: Opened) -> None:
    page = opened.page
    page.locator("button.record").first.click()
    for key in ("ArrowDown", "c"):
        page.keyboard.press(key)
        wide, shown = page.locator("#records .scroll").evaluate(
            "box => [box.scrollWidth, box.clientWidth]"
        )
        assert wide == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640])
def test_axe_finds_no_violation(opened: Opened, scheme: str, width: int) -> None:
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python is not installed: it brings axe.min.js")
    page = opened.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8"))
    page.locator("button.record").first.click()
    page.keyboard.press("a")
    page.keyboard.press("r")
    for id_, keys in (("a1", ("ArrowDown", "c")), ("calm", ("?",))):
        go(page, id_)
        for key in keys:
            page.keyboard.press(key)
        found = page.evaluate("axe.run()")["violations"]
        assert [(v["impact"], v["id"], v["nodes"][0]["html"]) for v in found] == []
