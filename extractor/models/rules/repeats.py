"""A fact that an article states more than once is one record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from extractor.models.rules.document import Sentence
from extractor.models.rules.ruled import Ruled


class Stated(NamedTuple):
    """A draft, where it is stated, and what tells it from others.

    `number` is equal for drafts of one figure; `identity` also names what it is of.
    """

    sentence: Sentence
    number: tuple[object, ...]
    identity: tuple[object, ...]
    ruled: Ruled


def unrepeated(stated: Iterable[Stated]) -> list[Ruled]:
    """Each fact once: where it is stated first, but not in a headline that the text repeats."""
    items = list(stated)
    in_text = {item.number for item in items if item.sentence.index}
    kept: dict[tuple[object, ...], Ruled] = {}
    for item in items:
        if item.sentence.index or item.number not in in_text:
            kept.setdefault(item.identity, item.ruled)
    return list(kept.values())
