import json
from typing import Any

import pytest

from extractor import Article
from extractor.batch.heads import content_of, head_of, id_key, tail_of
from tests.outputs import extraction, line

FOUND = extraction("Exports rose by 3%.", id_='q"uo\\te-上半年')


def test_the_head_of_a_line_says_what_a_resume_needs() -> None:
    head = head_of(line(FOUND, revision=3, run='a {"b": 1}'))
    assert head is not None
    assert head.key == id_key('q"uo\\te-上半年')
    assert (head.revision, head.failed, head.run) == (3, False, 'a {"b": 1}')


@pytest.mark.parametrize("title", [None, "Exports", 'He said "up"', "出口\n上半年"])
def test_the_content_of_a_line_is_that_of_its_article(title: str | None) -> None:
    article = Article(text="Exports rose by 3%.", title=title, date=FOUND.article.date)
    told = FOUND.article.model_copy(update={"title": title})
    head = head_of(line(FOUND, article=told))
    assert head is not None
    assert head.content == content_of(article)
    other = Article(text="Exports rose by 3%.", title=title)
    assert head.content != content_of(other)


@pytest.mark.parametrize(
    "options", [{}, {"sort_keys": True}, {"indent": None, "ensure_ascii": False}]
)
def test_a_line_in_another_notation_has_the_same_head(options: dict[str, Any]) -> None:
    again = json.dumps(json.loads(line(FOUND)), **options).encode() + b"\n"
    assert head_of(again) == head_of(line(FOUND))
    assert tail_of(again) == tail_of(line(FOUND))


def test_the_tail_is_the_lines_own_whatever_the_article_brought() -> None:
    brought = {"version": "9", "provenance": {"version": "8", "parsers": "x"}, "usage": {}}
    usage = FOUND.usage.model_copy(update={"cost_usd": 0.25})
    tail = tail_of(line(FOUND, extra=brought, usage=usage))
    assert tail is not None
    assert tail.computed == (FOUND.provenance.version, FOUND.provenance.parsers)
    assert tail.cost_usd == 0.25
    unknown = tail_of(line(FOUND, usage=usage.model_copy(update={"cost_usd": None})))
    assert unknown == tail._replace(cost_usd=None)


def test_a_last_line_without_its_end_counts_if_it_is_whole() -> None:
    assert head_of(line(FOUND)[:-1]) == head_of(line(FOUND))
    assert tail_of(line(FOUND)[:-1]) == tail_of(line(FOUND))


@pytest.mark.parametrize("cost", [b"--1", b'"dear"', b"[]"])
def test_a_damaged_tail_is_none(cost: bytes) -> None:
    good = b'"cost_usd":0.5,"steps"'
    assert good in line(FOUND)
    assert tail_of(line(FOUND).replace(good, b'"cost_usd":' + cost + b',"steps"')) is None
    assert tail_of(line(FOUND)[:-200] + b"}\n") is None


@pytest.mark.parametrize(
    "bad",
    [
        b"{}\n",
        b"nonsense\n",
        b"[1]\n",
        b"[" * 5000 + b"}\n",
        line(FOUND)[:-2],
        line(FOUND).replace(b'"records"', b'"rec\0rds"'),
        line(FOUND).replace(b'"run":"', b'"run":"\\x'),
        line(FOUND).replace(b'"run":"', b'"run":"\xff'),
        line(FOUND).replace(b'"id":"', b'"id":"\\x'),
        line(FOUND, status="done"),
        line(FOUND, revision=0),
        line(FOUND, revision=10**12),
        json.dumps({**json.loads(line(FOUND)), "id": 5}).encode() + b"\n",
        json.dumps({**json.loads(line(FOUND)), "article": None}).encode() + b"\n",
    ],
)
def test_what_is_no_output_line_has_no_head(bad: bytes) -> None:
    assert head_of(bad) is None
