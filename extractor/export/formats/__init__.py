"""The formats of an export; `FORMATS` is the table to extend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from extractor.export.columns import Table
from extractor.export.formats import csv, duckdb, excel, parquet, sqlite, stata

Notes: TypeAlias = Mapping[str, int]
"""What a format could not keep as it is, each with how often."""


class Format(NamedTuple):
    """A format.

    Attributes:
        write: writes tables to a new file; raises UsageError if they do not fit.
        is_database: whether a file holds several tables; else `write` gets one at a time.
        media_type: of the file.
        packages: what it needs beside the packages of every export.
        open_marks: what is added to the name of a file that another program has open.
    """

    write: Callable[[Path, Sequence[Table]], Notes]
    is_database: bool
    media_type: str
    packages: tuple[str, ...] = ()
    open_marks: tuple[str, ...] = ()


FORMATS: Mapping[str, Format] = {
    ".parquet": Format(parquet.write, False, "application/vnd.apache.parquet"),
    ".csv": Format(csv.write, False, "text/csv"),
    ".xlsx": Format(
        excel.write,
        True,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsxwriter",),
    ),
    ".duckdb": Format(duckdb.write, True, "application/vnd.duckdb", (), (".wal",)),
    ".sqlite": Format(sqlite.write, True, "application/vnd.sqlite3", (), ("-wal", "-journal")),
    ".dta": Format(stata.write, False, "application/x-stata-dta", ("pandas",)),
}
"""Each format by the suffix of its files."""
