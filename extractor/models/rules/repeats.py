"""A fact that an article states more than once is one record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from extractor.models.rules.document import Sentence


class Stated(NamedTuple):
    """A draft, where it is stated, and what tells it from others.

    `number` is equal for drafts of one figure; `identity` also names what it is of.
    """

    sentence: Sentence
    number: tuple[object, ...]
    identity: tuple[object, ...]
    draft: dict[str, Any]


def unrepeated(stated: Iterable[Stated]) -> list[dict[str, Any]]:
    """Each fact once: where it is stated first, but not in a headline that the text repeats."""
    items = list(stated)
    in_text = {item.number for item in items if item.sentence.index}
    kept: dict[tuple[object, ...], dict[str, Any]] = {}
    for item in items:
        if item.sentence.index or item.number not in in_text:
            kept.setdefault(item.identity, item.draft)
    return list(kept.values())
