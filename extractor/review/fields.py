"""What the fields of each record type are, for a form that edits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extractor.records import RECORD_TYPES, Record
from extractor.records.base import COMPUTED

COMPUTED_FROM: Mapping[str, tuple[str, ...]] = {
    "place": ("region",),
    "indicator_code": ("indicator", "subject"),
    "part_of_id": ("part_of",),
    "recipient_count": ("recipient",),
}
"""Which fields each computed field is read from: it is void once one of them is corrected."""

_KINDS = {"integer": "whole", "number": "number", "string": "text"}
_HIDDEN = ("flags", "at", *COMPUTED)


def record_types() -> list[dict[str, Any]]:
    """The record types, each with its fields, in the order of the output."""
    return [
        {
            "type": record_type.type,
            "key": record_type.key,
            "named": record_type.named,
            "number": record_type.number,
            "fields": list(_fields(record_type)),
        }
        for record_type in RECORD_TYPES
    ]


def _fields(record_type: type[Record]) -> Iterator[dict[str, Any]]:
    schema = record_type.model_json_schema(mode="serialization")
    return _properties(schema, schema.get("$defs", {}))


def _properties(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in schema["properties"].items():
        if name in _HIDDEN:
            continue
        options = field.get("anyOf", [field])
        forms = [option for option in options if option.get("type") != "null"]
        yield {
            "name": name,
            "about": field.get("description", ""),
            "optional": len(forms) < len(options),
            **_form(forms, shared),
        }


def _form(forms: list[dict[str, Any]], shared: Mapping[str, Any]) -> dict[str, Any]:
    """How one field is edited: `kind`, with `values` or the `variants` of an object."""
    if "$ref" in forms[0]:
        names = [form["$ref"].rsplit("/", 1)[1] for form in forms]
        variants = [
            {"name": name, "fields": list(_properties(shared[name], shared))} for name in names
        ]
        return {"kind": "object", "variants": variants}
    form = forms[0]
    if "enum" in form:
        return {"kind": "choice", "values": form["enum"]}
    return {"kind": "date" if form.get("format") == "date" else _KINDS[form["type"]]}
