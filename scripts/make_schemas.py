"""Write ``schemas/*.schema.json`` from the classes; ``--check`` only compares.

python scripts/make_schemas.py [--check]
"""

from __future__ import annotations

import copy
import inspect
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from extractor.article import INPUT_FIELDS
from extractor.evaluation.runs import EvalRun
from extractor.records import RECORD_TYPES
from extractor.records.base import COMPUTED
from extractor.results import Outcome

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent.parent / "schemas"
Schema = dict[str, Any]

_NULLABLE_TEXT = {"type": ["string", "null"]}
_ARTICLE_FIELDS: dict[str, Schema] = {
    "text": {"type": "string", "minLength": 1, "description": "The article itself."},
    "id": {
        "type": ["string", "integer", "null"],
        "description": "Your id, unique in the input; without one, the text's hash is used.",
    },
    "title": {**_NULLABLE_TEXT, "description": "The headline, if it is apart from the text."},
    "date": {
        **_NULLABLE_TEXT,
        "description": "The day of publication, to which relative periods refer: 2023-07-03, "
        "2023.07.03, 2023/7/3, 20230703, 2023年7月3日 or July 3, 2023, with or without a time.",
    },
    "source": {**_NULLABLE_TEXT, "description": "The publisher."},
    "url": {**_NULLABLE_TEXT, "description": "Where it was found; never sent to a model."},
    "lang": {**_NULLABLE_TEXT, "description": "BCP 47 language tag, such as en or zh."},
}


def _published(name: str, schema: Schema, title: str, description: str) -> Schema:
    return {
        "$schema": DIALECT,
        "$id": f"urn:extractor:schema:{name}:1",
        **schema,
        "title": title,
        "description": description,
    }


def article() -> Schema:
    """An input line."""
    return {
        "type": "object",
        "properties": {name: _ARTICLE_FIELDS[name] for name in INPUT_FIELDS},
        "required": ["text"],
        "additionalProperties": True,
    }


def gold_record(stored: Schema) -> Schema:
    """The face in which a person labels, from the stored one.

    Without what code computes: codes, ids, offsets, the flags of periods; evidence is the
    bare quote.
    """
    schema = copy.deepcopy(stored)
    properties = {k: v for k, v in schema["properties"].items() if k not in COMPUTED}
    properties["evidence"] = {
        "type": "string",
        "description": "The shortest passage that states the whole fact, copied from the text.",
    }
    properties["evidence_start"] = {
        "type": "integer",
        "minimum": 0,
        "description": "Offset of the quote where it stands more than once and is not the first.",
    }
    schema["properties"] = properties
    schema["required"] = [k for k in schema["required"] if k not in COMPUTED]
    return schema


def _gold_value(stored: Schema, name: str) -> Schema:
    schema = copy.deepcopy(stored)
    computed = {"at", "flags"} if name == "Period" else {"at"}
    schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in computed}
    schema["required"] = [k for k in schema["required"] if k not in computed]
    return schema


def gold() -> Schema:
    """A gold file: one article and all its records, labelled by hand."""
    definitions: Schema = {}
    lists: Schema = {}
    for record_type in RECORD_TYPES:
        schema = record_type.model_json_schema(mode="serialization")
        for name, definition in schema.pop("$defs").items():
            if name in ("Money", "Count", "Change", "Period"):
                definitions[name] = _gold_value(definition, name)
        definitions[record_type.__name__] = gold_record(schema)
        lists[record_type.key] = {
            "type": "array",
            "items": {"$ref": f"#/$defs/{record_type.__name__}"},
        }
    types = [record_type.type for record_type in RECORD_TYPES]
    pointer = {
        "type": {"enum": types, "description": "The record's type."},
        "index": {"type": "integer", "minimum": 0, "description": "Its place in its list."},
    }
    article_schema = article()
    article_schema["required"] = ["id", "text"]
    article_schema["additionalProperties"] = False
    properties = {
        "$schema": {"type": "string"},
        "article": article_schema,
        "records": _closed(lists),
        "notes": {"type": "string", "description": "What was hard, and how it was decided."},
        "split": {"enum": ["dev", "test"], "description": "dev, if missing."},
        "labelled_by": {"enum": ["hand", "assisted"], "description": "hand, if missing."},
        "origin": {"enum": ["written", "sampled"]},
        "story": {
            "type": ["string", "null"],
            "description": "Articles on one story share a name: the resampling unit.",
        },
        "weight": {
            "type": "number",
            "exclusiveMinimum": 0,
            "description": "Inverse inclusion probability of a sampled article; 1, if missing.",
        },
        "optional": {
            "type": "array",
            "items": _closed(pointer),
            "description": "Records that are neither missed nor spurious.",
        },
        "exceptions": {
            "type": "array",
            "items": _closed(
                {**pointer, "field": {"type": "string"}, "reason": {"type": "string"}}
            ),
            "description": "Values that deliberately do not re-derive from their phrases.",
        },
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["article", "records"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _closed(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def schemas() -> dict[str, Schema]:
    """Every published schema by name."""
    found = {
        record_type.type: _published(
            record_type.type,
            record_type.model_json_schema(mode="serialization"),
            record_type.__name__,
            inspect.cleandoc(record_type.__doc__ or ""),
        )
        for record_type in RECORD_TYPES
    }
    found["article"] = _published(
        "article",
        article(),
        "Article",
        "An input line. Other fields are carried through to the output under `extra`.",
    )
    found["output"] = _published(
        "output",
        TypeAdapter(Outcome).json_schema(mode="serialization"),
        "Output line",
        "The outcome of one article: a result (status ok) or a failure (status failed). In a "
        "result, empty lists say that the article holds nothing to record.",
    )
    found["run"] = _published(
        "run",
        EvalRun.model_json_schema(mode="serialization"),
        "Run file",
        "One model scored against gold articles: what was run, with what, and the counts of "
        "each article. `extractor eval compare` takes two of them.",
    )
    found["gold"] = _published(
        "gold",
        gold(),
        "Gold file",
        "One article with all its records, labelled by hand. Every file is complete: what is "
        "not in it is not in the article.",
    )
    return found


def main(arguments: list[str]) -> int:
    """Write or compare the schemas; 1 if `--check` found a difference."""
    wanted = {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas().items()
    }
    present = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if "--check" in arguments:
        for name in sorted({*wanted, *present}):
            if wanted.get(name) != present.get(name):
                print(f"schemas/{name} is not what the classes say: run `make schemas`")
        return int(wanted != present)
    for name in present.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
