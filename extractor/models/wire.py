"""The schema that goes over the wire: what a model is to write, in the form endpoints take."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.grounding import EvidenceForm
from extractor.records import Record
from extractor.records.pointing import NUMBERS_SCHEMA

_DROPPED = ("title", "default", "minLength", "$defs")


def wire_schema(types: Sequence[type[Record]], evidence: EvidenceForm = "quote") -> dict[str, Any]:
    """The JSON Schema of an answer about the wanted types, with evidence in this form.

    Strict outputs ask for it: every key required, no other keys, no defaults, and no
    references (they may have no neighbours there, and some grammar compilers lose them).
    """
    lists: dict[str, Any] = {
        t.key: {"type": "array", "items": _inlined(t.model_json_schema(mode="validation"))}
        for t in types
    }
    if evidence == "sentences":
        for records in lists.values():
            records["items"]["properties"]["evidence"] = NUMBERS_SCHEMA
    return {
        "type": "object",
        "properties": lists,
        "required": list(lists),
        "additionalProperties": False,
    }


def schema_fingerprint(schema: Mapping[str, Any]) -> str:
    """16 hex digits of a SHA-256 over the schema."""
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:16]


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema.get("$defs", {})

    def inline(node: Any) -> Any:
        if isinstance(node, list):
            return [inline(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            target = definitions[node["$ref"].rpartition("/")[2]]
            node = {**target, **{name: value for name, value in node.items() if name != "$ref"}}
        kept = {name: value for name, value in node.items() if name not in _DROPPED}
        if "properties" in kept:
            properties = {name: inline(value) for name, value in kept["properties"].items()}
            kept |= {
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            }
        return {
            name: value if name == "properties" else inline(value) for name, value in kept.items()
        }

    inlined: dict[str, Any] = inline(schema)
    return inlined
