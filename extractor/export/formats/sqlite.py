"""SQLite: a table each; it has no decimals, so a number is whole, or a float with 15 digits."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.export.columns import Kind, Table, holds
from extractor.export.formats.texts import printable

_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "decimal": "NUMERIC",
    "integer": "INTEGER",
    "date": "TEXT",
    "list": "TEXT",
}


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write the tables, each with an index on its key."""
    with closing(sqlite3.connect(path)) as database:
        # The file is new and gets its name when it is complete: it needs no journal.
        database.execute("PRAGMA journal_mode = OFF")
        for table in tables:
            columns = ", ".join(f'"{c.name}" {_TYPES[c.kind]}' for c in table.columns)
            database.execute(f'CREATE TABLE "{table.name}" ({columns})')
            marks = ", ".join("?" * len(table.columns))
            lines = ([_cell(value) for value in line] for line in table.lines())
            database.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', lines)
            key = ", ".join(f'"{name}"' for name in table.key)
            database.execute(f'CREATE INDEX "{table.name}_key" ON "{table.name}" ({key})')
        database.commit()
    return {}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        is_whole = value == value.to_integral_value() and holds("integer", value)
        return int(value) if is_whole else float(value)
    return value
