"""CSV that spreadsheets open safely: UTF-8 with a byte order mark, no cell a formula.

A text that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it;
numbers and dates are written as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.evaluation.interchange.sheet import guarded
from extractor.export.columns import Table
from extractor.export.formats.texts import plain, printable


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write one table."""
    (table,) = tables
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        for line in table.lines():
            writer.writerow([_cell(value) for value in line])
    return {}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(printable(value))
    return plain(value) if isinstance(value, Decimal) else value
