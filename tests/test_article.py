import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Article
from extractor.article import find_date, parse_date
from extractor.errors import ArticleError

DAY = dt.date(2023, 7, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2023-07-03",
        "2023.07.03",
        "2023/7/3",
        "20230703",
        "2023年7月3日",
        "2023 年 7 月 3 日",
        "July 03, 2023",
        "Jul. 3, 2023",
        "July 3rd, 2023",
        "3 July 2023",
        "3rd July, 2023",
        " 2023-07-03 ",
        "2023-07-03T08:15:00Z",
        "2023-07-03T08:15:00+08:00",
        "2023-07-03 08:15",
        "2023-07-03 08:15:30.123",
        "2023年7月3日 08:15",
        "2023年7月3日08时15分",
        "July 03, 2023 9:30 AM",
        "2023.07.03 08:15",
    ],
)
def test_a_date_is_read_in_every_notation_that_files_have(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2023", "2023-07", "2023-13-01", "2023-02-30", "03/07/2023", "20231399",
     "2023-07-03 and more", "12023-07-03", "July 2023", "Juli 3, 2023"],
)  # fmt: skip
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_every_day_survives_its_iso_and_chinese_notation(day: dt.date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.year}年{day.month}月{day.day}日") == day


@given(st.text(max_size=40))
def test_reading_a_date_never_fails(text: str) -> None:
    parse_date(text)
    find_date(text)


def test_the_first_full_date_of_a_text_is_found() -> None:
    assert find_date("Source: Evening Post 2023-07-03 08:00, updated 2024-01-01") == DAY
    assert find_date("from January to May, 3 July") is None


def test_an_article_without_an_id_is_known_by_its_text() -> None:
    first, again, other = Article(text="a b"), Article(text="a b"), Article(text="a c")
    assert first.id == again.id != other.id
    assert first.id.startswith("sha256:")
    assert len(first.id) == len("sha256:") + 16


def test_a_numeric_id_is_written_out() -> None:
    assert Article.from_mapping({"id": 42, "text": "x"}).id == "42"


def test_other_fields_go_to_extra() -> None:
    article = Article.from_mapping({"text": "x", "topic": "steel", "n": 3})
    assert dict(article.extra) == {"topic": "steel", "n": 3}


def test_a_date_has_a_source_and_none_without() -> None:
    assert Article(text="x", date=DAY).date_source == "field"
    assert Article(text="x", date_source="text").date_source is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": ""}, "text is empty"),
        ({"text": " \n\t"}, "text is empty"),
        ({"text": 5}, "text is int"),
        ({"text": "ok \ud800"}, "lone surrogate at character 3"),
        ({"text": "x", "title": "\udfff"}, "title has a lone surrogate"),
        ({"text": "x", "extra_field": ["\ud800"]}, "extra"),
        ({"text": "x", "id": True}, "id is bool"),
        ({"text": "x", "title": ["t"]}, "title is list"),
        ({"text": "x", "date": "some day"}, "2023-07-03"),
        ({"text": "x", "date": 3.5}, "date is float"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(
    fields: dict[str, object], says: str
) -> None:
    with pytest.raises(ArticleError, match=says):
        Article.from_mapping(fields)


def test_a_nul_character_is_text_like_any_other() -> None:
    assert Article(text="a\x00b").text == "a\x00b"
