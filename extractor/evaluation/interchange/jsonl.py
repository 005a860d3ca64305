"""What the JSONL formats of labelling tools share: lines, articles, offsets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from extractor.article import Article
from extractor.errors import GoldError, UsageError
from extractor.evaluation.interchange.labels import Imported, Labelled
from extractor.evaluation.interchange.offsets import mend
from extractor.grounding import Span


def read_lines(
    content: str,
    articles: Mapping[str, Article],
    read: Callable[[Mapping[str, Any], Article], Labelled | None],
) -> Imported:
    """Read a tool's JSONL, a line for each article.

    Args:
        content: the lines; `article_id` of each, or of its `meta`, names the article.
        articles: the articles by id.
        read: makes labels of a line; None if nobody has finished it.

    Raises:
        UsageError: a line is no JSON object.
    """
    found = Imported([], [], [])
    for number, text in enumerate(content.split("\n"), start=1):
        if not text.strip():
            continue
        line = _parsed(text, number)
        meta = line.get("meta") or {}
        id_ = str(line.get("article_id", meta.get("article_id")))
        if id_ not in articles:
            found.complaints.append(f"{id_}: there is no such article in what was given")
            continue
        try:
            own = read(line, articles[id_])
        except GoldError as error:
            found.complaints.extend(str(error).splitlines())
            continue
        if own is None:
            found.unlabelled.append(id_)
        else:
            found.labelled.append(own)
    return found


def _parsed(text: str, number: int) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise UsageError(f"line {number} is not JSON: {error}") from None
    if not isinstance(line, dict):
        raise UsageError(f"line {number} is no JSON object")
    return line


def located(
    place: tuple[int, int],
    region: str,
    line: Mapping[str, Any],
    article: Article,
    complaints: list[str],
) -> Span | None:
    """Where a span stands in the article; without a place a complaint is added."""
    quote = str(line.get("text", ""))[place[0] : place[1]]
    span = mend(article.text, *place, quote)
    if span is None:
        complaints.append(f"{article.id}: region {region}: its text is not in the article")
    return span
