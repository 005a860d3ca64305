"""Excel: a sheet for each table, texts always as texts.

A text cell is stored as a text, so that none is a formula, and one that begins like a formula
is marked as quoted, so that it stays a text when it is edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import UsageError
from extractor.evaluation.interchange.sheet import guarded
from extractor.export.columns import Kind, Table
from extractor.export.formats.texts import printable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576
"""The rows of a sheet, the header included."""
_CHARACTERS = 32_767
_CUT = "texts were cut to Excel's 32,767 characters"
_FIRST_DAY = date(1900, 3, 1)
"""The days before are counted wrongly: they are written as texts."""
_WIDTHS: dict[Kind, int] = {"text": 18, "decimal": 16, "integer": 9, "date": 11, "list": 18}


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write the tables.

    Raises:
        UsageError: one has more rows than a sheet.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    for table in tables:
        if table.rows >= ROWS:
            raise UsageError(
                f"{table.name} has {table.rows:,} rows, and a sheet of .xlsx holds "
                f"{ROWS - 1:,}: write Parquet (.parquet), or fewer rows (--where, --type)"
            )
    options = {"constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True}
    notes: Counter[str] = Counter()
    try:
        with xlsxwriter.Workbook(str(path), options) as workbook:
            for table in tables:
                _write_sheet(workbook, table, notes)
    except FileCreateError as error:  # which wraps what the system said
        raise error.args[0] from None
    return dict(notes)


def _write_sheet(workbook: Workbook, table: Table, notes: Counter[str]) -> None:
    sheet = workbook.add_worksheet(table.name)
    header = workbook.add_format({"bold": True, "bottom": 1})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    quoted = workbook.add_format({"quote_prefix": True})
    for i, column in enumerate(table.columns):
        sheet.set_column(i, i, _WIDTHS[column.kind])
        sheet.write_string(0, i, column.name, header)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, table.rows, len(table.columns) - 1)
    for number, line in enumerate(table.lines(), start=1):
        for i, value in enumerate(line):
            if value is not None:
                notes.update(_write_cell(sheet, (number, i), value, (day, quoted)))


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], value: Any, formats: tuple[Format, Format]
) -> dict[str, int]:
    day, quoted = formats
    if isinstance(value, int | Decimal):
        sheet.write_number(*at, float(value))
    elif isinstance(value, date) and value >= _FIRST_DAY:
        sheet.write_datetime(*at, value, day)
    else:
        text = printable(str(value))
        kept = _fitting(text)
        sheet.write_string(*at, kept, quoted if guarded(kept) != kept else None)
        return {} if kept == text else {_CUT: 1}
    return {}


def _fitting(text: str) -> str:
    """The text as far as a cell holds it; Excel counts in units of UTF-16."""
    if 2 * len(text) <= _CHARACTERS:
        return text
    units = text.encode("utf-16-le")[: 2 * _CHARACTERS]
    return units.decode("utf-16-le", "ignore")
