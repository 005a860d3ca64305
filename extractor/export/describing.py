"""What an export is: a codebook for people, `datapackage.json` (Frictionless) for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from extractor.export.columns import DIGITS, SCALE, Column, Kind, Table
from extractor.export.targets import TOOL, Target, file_digest

_TYPES: Mapping[Kind, str] = {
    "text": "text",
    "decimal": "decimal",
    "integer": "whole number",
    "date": "date",
    "list": "list of texts",
}
_FRICTIONLESS: Mapping[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "decimal": {"type": "number"},
    "integer": {"type": "integer"},
    "date": {"type": "date"},
    "list": {"type": "list", "delimiter": ";"},
}
_HELD: Mapping[str, str] = {
    ".parquet": f"Decimals are decimal128({DIGITS}, {SCALE}) and exact, lists are lists.",
    ".duckdb": f"Decimals are DECIMAL({DIGITS}, {SCALE}) and exact, lists are VARCHAR[].",
    ".csv": "UTF-8 with a byte order mark. Decimals are exact. A list is its items with "
    "semicolons between. A text that begins with = + - @, a tab or a line break has an "
    "apostrophe before it, so that no spreadsheet takes it for a formula. An empty cell is null.",
    ".xlsx": "Numbers keep 15 digits. A list is its items with semicolons between. Texts are "
    "text cells, and none is a formula. Dates before March 1900 are texts. An empty cell is null.",
    ".sqlite": "A decimal is an integer if it is whole, else a float, which keeps 15 digits. "
    "Dates are ISO texts. A list is its items with semicolons between.",
    ".dta": "Numbers are doubles, which keep 15 digits; dates are %td. A list is its items with "
    "semicolons between. An empty text is null.",
}
_NOTES = """\
A null says that the article does not state it, or that no code computes it for certain.
A number has one or two columns beside it: `…_upper` is the upper end of a range, and `…_bound`
says whether the truth is the number, about it, above it or below it.
A sum leaves out parts of totals: rows whose `part_of_id` (merged: `part_of_fact_id`) is not null.
Places are divisions of China by GB/T 2260; texts are as the article has them.
"""


def codebook(target: Target, tables: Sequence[Table], made: Mapping[str, Any]) -> str:
    """The codebook as Markdown.

    Args:
        target: where the tables are.
        tables: all of them.
        made: how the export was made, for its first lines.
    """
    lines = [f"# {target.path.name}", "", *(f"- {key}: {_cell(v)}" for key, v in made.items()), ""]
    lines += [_HELD[target.path.suffix.lower()], "", *_NOTES.splitlines()]
    for table in tables:
        lines += ["", f"## {table.name}", "", f"{table.meaning} {table.rows:,} rows, "]
        lines[-1] += f"in `{target.files[table.name]}`, told apart by {', '.join(table.key)}."
        lines += ["", "| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
        lines += [_described(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def data_package(
    target: Target, tables: Sequence[Table], made: Mapping[str, Any], folder: Path
) -> str:
    """The description as JSON; `folder` has the files that it describes."""
    digests = {name: file_digest(folder / name) for name in set(target.files.values())}
    letters = (c if c.isascii() and c.isalnum() else "-" for c in target.path.stem.lower())
    package = {
        "profile": "data-package",
        "name": "".join(letters),
        "resources": [_resource(target, table, digests) for table in tables],
        TOOL: made,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def how_made(inputs: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """How an export was made: inputs by their names, and the options that were given."""
    names = ["standard input" if name == "-" else Path(name).name for name in inputs]
    given = {key: value for key, value in options.items() if value not in (None, False)}
    return {"version": version(TOOL), "made_of": names, **given}


def _described(column: Column) -> str:
    values = f" One of: {', '.join(column.values)}." if column.values else ""
    unit = column.unit or ""
    return f"| `{column.name}` | {_TYPES[column.kind]} | {unit} | {_cell(column.meaning)}{values} |"


def _cell(value: object) -> str:
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(shown.replace("|", "\\|").split())


def _resource(
    target: Target, table: Table, digests: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    name = target.files[table.name]
    suffix = target.path.suffix.lower()
    dialect: dict[str, Any] = {}
    if target.format.is_database:
        dialect = {"dialect": {"sheetName" if suffix == ".xlsx" else "table": table.name}}
    return {
        "name": table.name.replace("_", "-"),
        "path": name,
        "description": table.meaning,
        "format": suffix[1:],
        "mediatype": target.format.media_type,
        "encoding": "utf-8",
        **digests[name],
        **dialect,
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    unit = {"unit": column.unit} if column.unit else {}
    constraints = {"constraints": {"enum": list(column.values)}} if column.values else {}
    return {
        "name": column.name,
        **_FRICTIONLESS[column.kind],
        "description": column.meaning,
        **unit,
        **constraints,
    }
