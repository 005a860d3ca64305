"""The gold that ships: articles of their own, complete files, both splits."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from extractor.evaluation.gold import GoldArticle, load_gold

GOLD = load_gold([Path(__file__).parent.parent / "evals" / "gold"], "all")
WORDS = re.compile(r"[a-z0-9]+", re.IGNORECASE)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def runs(text: str) -> set[str]:
    """Every run of eight words, and of twelve Chinese characters."""
    words = WORDS.findall(text.casefold())
    found = {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}
    for part in CHINESE.findall(text):
        found |= {part[at : at + 12] for at in range(len(part) - 11)}
    return found


def test_no_two_gold_articles_share_a_run_of_eight_words() -> None:
    holders: dict[str, list[str]] = defaultdict(list)
    for gold in GOLD:
        for run in runs(gold.article.text):
            holders[run].append(gold.article.id)
    assert {run: ids for run, ids in holders.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("gold", GOLD, ids=[gold.article.id for gold in GOLD])
def test_a_gold_article_has_the_length_of_a_news_article(gold: GoldArticle) -> None:
    text = gold.article.text
    assert 500 <= len(text) <= 8000


def test_the_runs_that_the_check_looks_for_are_found() -> None:
    assert len(runs("one two three four five six seven eight nine")) == 2
    assert len(runs("全市规模以上工业增加值同比上升")) == 4
