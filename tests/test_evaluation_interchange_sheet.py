from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import UsageError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange.labels import labelled
from extractor.evaluation.interchange.sheet import (
    ARTICLE,
    COLUMNS,
    guarded,
    read,
    unguarded,
    write,
)
from tests.interchange import gold_articles, one, regained


def rows(gold: GoldArticle) -> list[dict[str, str]]:
    content = write([labelled(gold)], {gold.article.id: gold.article})
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def content(found: list[dict[str, str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(found)
    return stream.getvalue()


def finished(gold: GoldArticle) -> list[dict[str, str]]:
    return [r | {"complete": "yes"} if r["type"] == ARTICLE else r for r in rows(gold)]


@given(gold_articles(), st.sampled_from(",;\t"))
def test_a_sheet_gives_back_its_gold(gold: GoldArticle, delimiter: str) -> None:
    found = read(content(finished(gold), delimiter), {gold.article.id: gold.article})
    assert not found.complaints
    assert regained(found.labelled[0], gold) == gold


@given(st.text())
def test_guarding_a_cell_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(gold_articles())
def test_no_cell_starts_a_formula(gold: GoldArticle) -> None:
    for row in rows(gold):
        assert not any(value.startswith(tuple("=+-@\t\r＝＋－＠")) for value in row.values())


def test_an_article_that_nobody_finished_is_not_labelled() -> None:
    gold = one()
    found = read(content(rows(gold)), {gold.article.id: gold.article})
    assert (found.labelled, found.unlabelled) == ([], ["fenghe-1"])


def test_sorted_rows_keep_the_order_of_the_records() -> None:
    gold = one()
    found = read(content(finished(gold)[::-1]), {gold.article.id: gold.article})
    assert regained(found.labelled[0], gold) == gold


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "fenghe-1/growth_metric-0"}, "does not belong here"),
        ({"id": "fenghe-1/enterprise_count-0"}, "does not belong here"),
        ({"type": "nonsense"}, "no record type"),
        ({"article": "other"}, "no such article"),
        ({"evidence": "words that stand nowhere"}, "its evidence is not in the article"),
    ],
)
def test_a_broken_row_is_named_by_its_number(change: dict[str, str], says: str) -> None:
    gold = one()
    found = finished(gold)
    found[1] |= change
    (complaint,) = read(content(found), {gold.article.id: gold.article}).complaints
    assert ": row 3: " in complaint
    assert says in complaint


def test_a_copied_row_that_kept_its_id_is_refused() -> None:
    gold = one()
    found = finished(gold)
    (complaint,) = read(content([*found, found[1]]), {gold.article.id: gold.article}).complaints
    assert "there twice" in complaint


def test_a_sheet_without_a_column_is_refused() -> None:
    with pytest.raises(UsageError, match="no column 'article'"):
        read("id,type\n", {})
