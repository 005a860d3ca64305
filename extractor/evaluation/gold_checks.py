"""What can be checked of labels: values re-derive from their phrases, words stand in the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from extractor.evaluation.gold import GoldArticle
from extractor.records import Draft, Record
from extractor.values import Change, Count, Money, Period

_SHOWN_QUOTE = 60


def complaints(gold: GoldArticle) -> list[str]:
    """What is doubtful in one gold article, a line each: file, record, field, reason, quote.

    Each record is read once more as if a model had written its phrases; what that refuses or
    reads otherwise is doubtful, unless the file lists it under `exceptions`.
    """
    lines = []
    if gold.labelled_by == "assisted" and gold.split == "test":
        lines.append(f"{gold.source}: assisted labels must not be in split test")
    excepted = {(e.type, e.index, e.field) for e in gold.exceptions}
    reading = Draft(gold.article)
    for key, records in gold.records.by_type():
        for place, record in enumerate(records):
            for field, reason in _doubts(record, reading):
                if (record.type, place, field) not in excepted:
                    quote = " ".join(record.evidence.quote.split())[:_SHOWN_QUOTE]
                    lines.append(f"{gold.source}: {key}[{place}].{field}: {reason} (“{quote}”)")
    return lines


def _doubts(record: Record, reading: Draft) -> Iterator[tuple[str, str]]:
    fields = dict(record)
    if record.type == "growth_metric" and not (fields["indicator"] or fields["subject"]):
        yield "indicator", "neither indicator nor subject is named"
    try:
        again = type(record).model_validate(_phrases(record), context=reading)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            yield str(item["loc"][0]) if item["loc"] else "record", item["msg"]
        return
    for name, value in again:
        if isinstance(value, Money | Count | Change | Period) and name in fields:
            ours, theirs = _stated(fields[name]), _stated(value)
            if ours != theirs and name != "recipient_count":
                yield name, f"the phrase reads as {_shown(theirs)}, the label is {_shown(ours)}"


def _phrases(record: Record) -> dict[str, Any]:
    """A record as a model would have written it."""
    draft: dict[str, Any] = {}
    computed = set(record._computed())
    for name, value in record:
        if name in computed:
            continue
        phrase = isinstance(value, Money | Count | Change | Period)
        draft[name] = value.text if phrase else value
    draft["evidence"] = record.evidence.quote
    return draft


def _stated(value: Any) -> dict[str, Any]:
    """What a value says, without its phrase and what code computes."""
    computed = {"text", "at"} | ({"flags"} if isinstance(value, Period) else set())
    return {} if value is None else value.model_dump(exclude=computed)


def _shown(value: dict[str, Any]) -> str:
    return ", ".join(f"{name} {part}" for name, part in value.items() if part not in (None, ()))
