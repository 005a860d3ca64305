"""What one record says of its siblings: distinct ids, and totals that parts belong to."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

from extractor.errors import PhraseError
from extractor.records.base import Record
from extractor.values import Count, Money, numerals

R = TypeVar("R", bound=Record)


def link(records: Sequence[R]) -> list[R]:
    """Finish the records of one type in one article.

    Records that share a number phrase ("revenue and profit both rose 5 %") get ids of their
    own, in order of appearance; `part_of` is resolved to the id of the nearest record whose
    number it names.
    """
    distinct = _distinct(records)
    if not records or "part_of_id" not in type(records[0]).model_fields:
        return distinct
    if all(dict(record)["part_of"] is None for record in distinct):
        return distinct
    totals = _by_number(distinct)
    return [
        record.model_copy(update={"part_of_id": _total_of(record, totals)}) for record in distinct
    ]


def _distinct(records: Sequence[R]) -> list[R]:
    seen: dict[str, int] = {}
    result: list[R] = []
    for record in records:
        own = record.record_id
        rank = seen.get(own, 0)
        seen[own] = rank + 1
        if rank:
            again = hashlib.sha256(f"{own}\n{rank}".encode()).hexdigest()[:16]
            record = record.model_copy(update={"record_id": again})
        result.append(record)
    return result


def _by_number(records: Sequence[Record]) -> dict[object, list[Record]]:
    """Records by the numerals of their number phrase, and by its value."""
    found: dict[object, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda r: r.evidence.start):
        number: Money | Count = getattr(record, record.number or "")
        found[numerals(number.text)].append(record)
        found[number.value].append(record)
    return found


def _total_of(record: Record, totals: Mapping[object, Sequence[Record]]) -> str | None:
    """The id of the nearest other record whose number `record.part_of` names."""
    part_of: str | None = dict(record)["part_of"]
    if part_of is None:
        return None
    named = totals.get(numerals(part_of)) or totals.get(_value(part_of, record), ())
    # Those with one number stand in the order of the article: the nearest is a neighbour.
    here = bisect_left(named, record.evidence.start, key=lambda total: total.evidence.start)
    near = [t for t in named[max(0, here - 2) : here + 2] if t.record_id != record.record_id]
    nearest = min(
        near, key=lambda total: abs(total.evidence.start - record.evidence.start), default=None
    )
    return None if nearest is None else nearest.record_id


def _value(phrase: str, record: Record) -> object:
    number: Money | Count = getattr(record, record.number or "")
    try:
        return type(number).parse(phrase).value
    except PhraseError:
        return None
