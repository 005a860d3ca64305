"""Answers that the rules model gives: a whole batch over HTTP with a known right result."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Coroutine, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, TypeVar

from extractor.article import Article
from extractor.models.base import Meter
from extractor.models.rules import RulesModel
from extractor.records import RECORD_TYPES
from extractor.records.base import COMPUTED
from tests.fake_llm.answers import NOTHING
from tests.fake_llm.received import Received
from tests.fake_llm.replies import Reply, answer
from tests.fake_llm.scripts import Script

T = TypeVar("T")
_KEYS = tuple(record_type.key for record_type in RECORD_TYPES)


def rules_records(article: Article) -> dict[str, list[dict[str, Any]]]:
    """The rules model's drafts as an answer object: every list, every key, null where unset."""
    drafts = _now(RulesModel().draft(article, RECORD_TYPES, Meter())).by_type
    return {
        record_type.key: [
            {name: draft.get(name) for name in record_type.model_fields if name not in COMPUTED}
            for draft in drafts[record_type]
        ]
        for record_type in RECORD_TYPES
    }


def pointed(
    lists: Mapping[str, Sequence[Mapping[str, Any]]], sentences: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """The answer object with the numbers of sentences, as they were sent, in place of quotes."""
    text, ends = "".join(sentences.values()), [*accumulate(map(len, sentences.values()))]
    numbers = [int(number) for number in sentences]

    def numbers_of(quote: str) -> list[int]:
        start = text.index(quote)
        return numbers[bisect_right(ends, start) : bisect_left(ends, start + len(quote)) + 1]

    return {
        key: [{**record, "evidence": numbers_of(record["evidence"])} for record in records]
        for key, records in lists.items()
    }


def rules_answer(article: Article, **said: Any) -> Reply:
    """The answer about this article, whichever one is asked about."""
    return answer(_rules_text(article, _KEYS), **said)


def answer_by_rules(**said: Any) -> Script:
    """Answers about the article in the request; none found (a repair): empty lists.

    An answer holds the lists that the request's schema has, all of them without a schema, and
    numbers of sentences where those were sent.
    """

    def answer_article(request: Received) -> Reply:
        if request.article is None:
            return NOTHING
        wanted = (request.schema or {}).get("properties", _KEYS)
        keys = tuple(key for key in _KEYS if key in wanted)
        numbered = request.sentences and tuple(request.sentences.items())
        return answer(_rules_text(request.article, keys, numbered), **said)

    return answer_article


@lru_cache(maxsize=100_000)
def _rules_text(
    article: Article, keys: tuple[str, ...], numbered: tuple[tuple[str, str], ...] | None = None
) -> str:
    lists = rules_records(article)
    if numbered:
        lists = pointed(lists, dict(numbered))
    return json.dumps({key: lists[key] for key in keys}, ensure_ascii=False)


def _now(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that only yields to its loop: scripts are plain functions."""
    while True:
        try:
            waited_for = coroutine.send(None)
        except StopIteration as done:
            result: T = done.value
            return result
        if waited_for is not None:
            raise RuntimeError("the rules model waited for something")
