"""What one record says of its siblings: distinct ids, and totals that parts belong to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
    return [
        record.model_copy(update={"part_of_id": _total_of(record, distinct)}) for record in distinct
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


def _total_of(record: Record, siblings: Sequence[Record]) -> str | None:
    """The id of the record whose number `record.part_of` names."""
    fields = dict(record)
    part_of: str | None = fields["part_of"]
    if part_of is None:
        return None
    candidates = [
        fields_of
        for sibling in siblings
        if sibling is not record
        and _names(part_of, (fields_of := dict(sibling))[sibling.number or ""])
    ]
    here = record.evidence.start
    nearest = min(candidates, key=lambda c: abs(c["evidence"].start - here), default=None)
    return None if nearest is None else str(nearest["record_id"])


def _names(phrase: str, number: Money | Count) -> bool:
    """Whether `phrase` states the same number."""
    if numerals(phrase) == numerals(number.text):
        return True
    try:
        return type(number).parse(phrase).value == number.value
    except PhraseError:
        return False
