"""A record in the face of a gold file: what a person labels, without what code computes."""

from __future__ import annotations

from typing import Any

from extractor.records import Record
from extractor.records.base import COMPUTED
from extractor.results import Records
from extractor.values import Change, Count, Money, Period


def gold_record(record: Record, text: str) -> dict[str, Any]:
    """A record in the face of a gold file: without what code computes.

    Args:
        record: the record.
        text: its article's text; says whether the quote's first occurrence is the one meant.
    """
    fields: dict[str, Any] = {}
    stored = record.model_dump(mode="json")
    for name, value in record:
        if name in COMPUTED:
            continue
        if isinstance(value, Money | Count | Change | Period):
            computed = {"at", "flags"} if isinstance(value, Period) else {"at"}
            fields[name] = {k: v for k, v in stored[name].items() if k not in computed}
        else:
            fields[name] = stored[name]
    quote = record.evidence.quote
    fields["evidence"] = quote
    if text.find(quote) != record.evidence.start:
        fields["evidence_start"] = record.evidence.start
    return fields


def gold_records(records: Records, text: str) -> dict[str, list[dict[str, Any]]]:
    """All records of an article in the face of a gold file."""
    return {key: [gold_record(r, text) for r in found] for key, found in records.by_type()}
