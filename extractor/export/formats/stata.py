"""Stata: one table, made in memory; long texts are strL, numbers are doubles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.export.columns import Column, Table
from extractor.export.formats.texts import printable

if TYPE_CHECKING:
    import pandas as pd

_BYTES = 2_045
"""The longest text of an ordinary variable; longer ones make it a strL."""
_LABEL = 80
_FIRST_DAY = date(100, 1, 1)
_OUT_OF_RANGE = "dates before the year 100 were left out, which Stata does not hold"


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write one table."""
    import pandas as pd

    (table,) = tables
    lines = list(table.lines())
    cells = list(zip(*lines, strict=True)) if lines else [()] * len(table.columns)
    columns = dict(zip(table.columns, cells, strict=True))
    frame = pd.DataFrame({c.name: _variable(c, values) for c, values in columns.items()})
    frame.to_stata(
        path,
        write_index=False,
        version=118,
        convert_dates={c.name: "td" for c in columns if c.kind == "date"},
        convert_strl=[c.name for c in columns if c.kind in ("text", "list") and _is_long(frame, c)],
        variable_labels={c.name: _label(c) for c in columns},
        data_label=table.meaning[:_LABEL],
    )
    early = sum(
        value is not None and value < _FIRST_DAY
        for column, values in columns.items()
        if column.kind == "date"
        for value in values
    )
    return {_OUT_OF_RANGE: early} if early else {}


def _variable(column: Column, values: Sequence[Any]) -> pd.Series[Any]:
    import pandas as pd

    if column.kind == "date":
        days = [None if v is None or v < _FIRST_DAY else v.isoformat() for v in values]
        return pd.Series(days, dtype="datetime64[s]")
    if column.kind in ("text", "list"):
        return pd.Series(["" if v is None else printable(v) for v in values], dtype=object)
    return pd.Series([None if v is None else float(v) for v in values], dtype=float)


def _is_long(frame: pd.DataFrame, column: Column) -> bool:
    return any(len(text.encode()) > _BYTES for text in frame[column.name])


def _label(column: Column) -> str:
    first = column.meaning.split("; ")[0]
    return first if len(first) <= _LABEL else f"{first[: _LABEL - 1]}…"
