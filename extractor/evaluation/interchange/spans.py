"""Records as labelled spans and relations, for tools that have nothing else.

A record is its evidence, labelled with its type; a phrase is a span `type.field`, a choice a
span `type.field=value` on the evidence; a relation ties each to its record. What stands
nowhere in the article as it is worded goes along beside the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from extractor.evaluation.interchange.labels import TYPES, Label, Labelled, cells_of
from extractor.grounding import Span
from extractor.grounding.locate import find_phrase

FIELD = "field_of"
"""The relation from a field's span to its record's."""


class Spot(NamedTuple):
    """A labelled span, and the number of the record that it belongs to."""

    label: str
    span: Span
    record: int


class Spans(NamedTuple):
    """An article's records as spans.

    Attributes:
        heads: the evidence of each record, in order.
        fields: spans of their fields.
        rest: per record what is no span: type, start, end, cells, more, id.
    """

    heads: list[Spot]
    fields: list[Spot]
    rest: list[dict[str, Any]]


def as_spans(labelled: Labelled, text: str) -> Spans:
    """The records of an article as spans."""
    found = Spans([], [], [])
    for number, label in enumerate(labelled.labels):
        found.heads.append(Spot(label.type, label.span, number))
        left: dict[str, str] = {}
        for cell in cells_of(label.type):
            value = label.cells.get(cell.name)
            if value is None:
                continue
            name = f"{label.type}.{cell.name}"
            if cell.choices:
                found.fields.append(Spot(f"{name}={value}", label.span, number))
            elif (span := _stands(value, text, label.span)) is not None:
                found.fields.append(Spot(name, span, number))
            else:
                left[cell.name] = value
        start, end = label.span
        place = {"id": label.id, "type": label.type, "start": start, "end": end}
        found.rest.append({**place, "cells": left, "more": dict(label.more)})
    return found


def _stands(value: str, text: str, near: Span) -> Span | None:
    for span in (near, Span(0, len(text))):
        found = find_phrase(value, text, span)
        if found is not None and text[found.start : found.end] == value:
            return found
    return None


def from_spans(
    heads: Sequence[tuple[str, str, Span]],
    fields: Iterable[tuple[str, str, str]],
    rest: Sequence[Mapping[str, Any]],
) -> list[Label]:
    """The records that spans and relations say.

    Args:
        heads: the tool's id, the record type and the evidence of each record.
        fields: head id, label (`type.field` or `type.field=value`) and text of each field.
        rest: what `as_spans` gave beside the spans; it goes to the record of the same type at
            the same place, the n-th of several equal ones to the n-th.
    """
    cells: dict[str, dict[str, str]] = {}
    for head, label, text in fields:
        name, _, choice = label.partition("=")
        cells.setdefault(head, {})[name] = choice or text
    waiting = list(rest)
    labels = []
    for head, type_, span in heads:
        place = (type_, *span)
        known = next((r for r in waiting if (r["type"], r["start"], r["end"]) == place), None)
        if known is not None:
            waiting.remove(known)
        own = dict(known["cells"]) if known else {}
        for cell in cells_of(type_):
            if (value := cells.get(head, {}).get(f"{type_}.{cell.name}")) is not None:
                own[cell.name] = value
        id_, more = (known["id"], known["more"]) if known else (f"span {head}", {})
        labels.append(Label(id_, type_, span, own, more))
    return labels


def is_type(label: str) -> bool:
    """Whether a span's label is a record type, not a field of one."""
    return label in TYPES
