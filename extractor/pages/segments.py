"""Cut a text where marked spans begin and end, so that no browser ever counts characters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from extractor.grounding import Span


class Mark(NamedTuple):
    """A stretch of the text, in code points, and what it is marked for."""

    span: Span
    key: str


class Segment(NamedTuple):
    """A stretch of text over which the same marks lie."""

    text: str
    keys: tuple[str, ...]


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """Cut `text` into the segments between all ends of the marks.

    Args:
        text: the whole text.
        marks: spans that may overlap, nest or be equal; what lies outside the text is cut off.

    Returns:
        Segments that are not empty and join to `text`; each has the keys of the marks over it,
        in the order of `marks`.
    """
    clipped = [Mark(Span(max(0, m.span.start), min(m.span.end, len(text))), m.key) for m in marks]
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for number, (span, _) in enumerate(clipped):
        if span.start < span.end:
            opening.setdefault(span.start, []).append(number)
            closing.setdefault(span.end, []).append(number)
    cuts = sorted({0, len(text), *opening, *closing})
    active: set[int] = set()
    found = []
    for start, end in pairwise(cuts):
        active.difference_update(closing.get(start, ()))
        active.update(opening.get(start, ()))
        found.append(Segment(text[start:end], tuple(clipped[i].key for i in sorted(active))))
    return found
