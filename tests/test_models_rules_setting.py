"""Where and when a figure holds, and whether it has happened: on invented articles."""

from __future__ import annotations

import datetime as dt

import pytest

from extractor import extract
from extractor.article import Article
from extractor.models.rules.document import Document
from extractor.records import GrowthMetric


def document(text: str, title: str | None = None) -> Document:
    return Document(Article(text=text, title=title, date=dt.date(2023, 7, 20)))


def growth(text: str, title: str | None = "Hebi City: industry") -> list[GrowthMetric]:
    article = {"title": title, "date": "2023-07-20", "text": text}
    return extract(article, types=[GrowthMetric]).records.growth_metrics


def main(text: str, title: str | None = None) -> str | None:
    place = document(text, title).main_place
    return place.name if place else None


def period(text: str) -> str | None:
    found = growth(text)[-1].period
    return found.text if found else None


def test_the_main_place_is_that_of_the_headline() -> None:
    assert main("In Wuhan they met. Hebi rose.", "Hebi: a good year") == "Hebi"


def test_a_headline_alone_can_name_the_main_place() -> None:
    assert main("The city is growing.", "Hebi City: a good year") == "Hebi City"


def test_the_narrower_place_of_a_headline_is_meant() -> None:
    text = "Huichuan District is growing. Zunyi helps. Huichuan District has peppers."
    assert main(text, "Huichuan District, Zunyi: peppers") == "Huichuan District"


def test_an_article_about_many_places_has_no_main_place() -> None:
    text = "The ministry spoke. " * 20 + "Wuhan and Hebi and Harbin and Foshan were named."
    assert main(text, "Ministry speaks") is None


@pytest.mark.parametrize(
    "text", ["Hebi Daily reports.", "Hebi Rural Commercial Bank lent.", "鹤壁日报讯。"]
)
def test_a_place_in_the_name_of_a_paper_or_a_bank_is_none(text: str) -> None:
    assert document(text).places == []


def test_abroad_the_place_where_most_is_said_to_be_is_the_main_one() -> None:
    text = "Spinners in Porto are glad. Mills in Porto have orders."
    assert main(text, "Porto mills are busy") == "Porto"


def test_the_district_is_the_one_named_before() -> None:
    text = "Xiaoquan District has toys. Exports of the district rose 5% in May. Hebi City is glad."
    assert growth(text)[0].region == "Xiaoquan District"


def test_a_place_that_is_compared_with_is_not_the_region() -> None:
    text = "In May, exports of Hebi City rose 5%, 2 percentage points faster than Henan Province."
    assert {r.region for r in growth(text, "Hebi City: exports")} == {"Hebi City"}


def test_the_period_of_the_clause_comes_first() -> None:
    assert period("In May, exports fell; in June, exports rose 5%.") == "in June"


def test_a_period_that_heads_the_sentence_holds_for_its_later_parts() -> None:
    text = "From January to May, exports rose, retail sales grew, and tax revenue rose 5%."
    assert period(text) == "From January to May"


def test_a_period_carries_over_to_the_next_sentence() -> None:
    assert (
        period("From January to May, exports rose 5%. Retail sales rose 6%.")
        == "From January to May"
    )


def test_what_is_compared_with_is_no_period() -> None:
    assert period("Exports rose 5% compared with the first half of 2022.") is None


def test_the_day_on_which_it_was_learned_is_no_period() -> None:
    assert period("It was learned on July 17 that exports rose 5%.") is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The city strives to keep the growth of exports at 5%.", "planned"),
        ("Exports are expected to rise 5%.", "planned"),
        ("By 2025, exports are to grow by 5%.", "planned"),
        ("Exports rose 5% in May.", "actual"),
        ("The city plans a fair; exports rose 5% in May.", "actual"),
    ],
)
def test_targets_and_results_are_told_apart(text: str, status: str) -> None:
    assert growth(text)[0].status == status


def test_what_follows_the_end_of_the_article_is_left_out() -> None:
    text = "Exports rose 5% in May. " * 3 + "\nDisclaimer: copied.\nOther news: exports fell 9%."
    assert {r.change.text for r in growth(text)} == {"5%"}


def test_a_credit_line_of_the_editor_is_left_out() -> None:
    text = "Editor: Li Lei, up 7%\nExports rose 5% in May."
    assert [r.change.text for r in growth(text)] == ["5%"]


def test_a_comma_inside_a_number_or_a_list_of_numbers_ends_no_clause() -> None:
    (sentence,) = document("It has 1,206 firms and 3, 4 and 5 more, as said.").sentences
    assert len(sentence.clauses) == 2
