"""An article that is too long for a model, in overlapping parts; what they found, as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.models.base import RecordType

_SHORTEST = 400
_OVERLAP = 300
_END = re.compile(r"\n+|(?<=[.!?。！？])\s*")

Drafted = Mapping[RecordType, Sequence[Any]]


def halves(text: str) -> tuple[str, str] | None:
    """Two parts of `text` that overlap, cut at the paragraph or sentence end nearest the middle.

    Returns:
        None if it is too short to be cut.
    """
    if len(text) < _SHORTEST:
        return None
    middle = len(text) // 2
    ends = [m.end() for m in _END.finditer(text) if 0 < m.end() < len(text)]
    paragraphs = [end for end in ends if text[end - 1] == "\n" and abs(end - middle) < middle / 2]
    cut = min(paragraphs or ends or [middle], key=lambda end: abs(end - middle))
    overlap = min(_OVERLAP, len(text) // 4)
    starts = [end for end in ends if cut - overlap <= end < cut]
    return text[:cut], text[min(starts, default=cut) :]


def merged(first: Drafted, second: Drafted, text: str) -> dict[RecordType, list[Any]]:
    """The drafts of two parts; what both found in their overlap is there once."""
    return {
        record_type: [
            *first.get(record_type, ()),
            *(
                draft
                for draft in second.get(record_type, ())
                if not any(
                    _is_same(record_type, draft, other, text)
                    for other in first.get(record_type, ())
                )
            ),
        ]
        for record_type in {**first, **second}
    }


def _is_same(record_type: RecordType, one: Any, other: Any, text: str) -> bool:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return bool(one == other)
    number = record_type.number or record_type.named
    if one.get(number) != other.get(number) or one.get(record_type.named) != other.get(
        record_type.named
    ):
        return False
    spans = [_span(draft.get("evidence"), text) for draft in (one, other)]
    return spans[0] is not None and spans[1] is not None and _overlap(spans[0], spans[1])


def _span(evidence: Any, text: str) -> tuple[int, int] | None:
    if not isinstance(evidence, str) or (start := text.find(evidence)) < 0:
        return None
    return start, start + len(evidence)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
