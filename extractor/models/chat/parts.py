"""An article that is too long for a model, in overlapping parts; what they found, as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.grounding import Span
from extractor.models.base import DraftsByType, RecordType
from extractor.records.pointing import numbers_in
from extractor.results import Step

_SHORTEST = 400
_OVERLAP = 300
_END = re.compile(r"\n+|(?<=[.!?。！？])\s*")

Drafted = Mapping[Step, DraftsByType]


def halves(whole: str, part: Span) -> tuple[Span, Span] | None:
    """Two parts of a part that overlap, cut at the paragraph or sentence end nearest the middle.

    Returns:
        None if it is too short to be cut.
    """
    text = whole[part.start : part.end]
    if len(text) < _SHORTEST:
        return None
    middle = len(text) // 2
    ends = [m.end() for m in _END.finditer(text) if 0 < m.end() < len(text)]
    paragraphs = [end for end in ends if text[end - 1] == "\n" and abs(end - middle) < middle / 2]
    cut = min(paragraphs or ends or [middle], key=lambda end: abs(end - middle))
    overlap = min(_OVERLAP, len(text) // 4)
    starts = [end for end in ends if cut - overlap <= end < cut]
    return (
        Span(part.start, part.start + cut),
        Span(part.start + min(starts, default=cut), part.end),
    )


def merged(first: Drafted, second: Drafted, text: str) -> dict[Step, DraftsByType]:
    """The drafts of two parts by step; what both found in their overlap is there once."""
    known: dict[RecordType, list[Any]] = {}
    for by_type in first.values():
        for record_type, drafts in by_type.items():
            known.setdefault(record_type, []).extend(drafts)

    def is_new(record_type: RecordType, draft: Any) -> bool:
        return not any(_is_same(record_type, draft, k, text) for k in known.get(record_type, ()))

    joined: dict[Step, DraftsByType] = {}
    for step in {**first, **second}:
        one, other = first.get(step, {}), second.get(step, {})
        joined[step] = {
            t: [*one.get(t, ()), *(draft for draft in other.get(t, ()) if is_new(t, draft))]
            for t in {**one, **other}
        }
    return joined


def _is_same(record_type: RecordType, one: Any, other: Any, text: str) -> bool:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return bool(one == other)
    number = record_type.number or record_type.named
    if one.get(number) != other.get(number) or one.get(record_type.named) != other.get(
        record_type.named
    ):
        return False
    passages = [_passage(draft.get("evidence"), text) for draft in (one, other)]
    return not set(passages[0]).isdisjoint(passages[1])


def _passage(evidence: Any, text: str) -> Sequence[Any]:
    """What a quote and another one have in common if they overlap: places, or numbers."""
    if not isinstance(evidence, str):
        return [number for number in numbers_in(evidence) if number is not None]
    start = text.find(evidence)
    return range(start, start + len(evidence)) if start >= 0 else ()
