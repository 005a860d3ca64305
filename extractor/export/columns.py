"""Columns and tables: what every format writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

Kind: TypeAlias = Literal["text", "decimal", "integer", "date", "list"]
"""What a column holds; a list is one of texts."""

DIGITS = 38
SCALE = 6
"""Of a decimal's 38 digits six are behind the point."""
_INTEGERS = 1 << 63


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: lower case with underscores, at most 32 characters.
        kind: what it holds.
        meaning: a sentence for the codebook.
        unit: of a number.
        values: all that a text may be, if it is one of few.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a format writes it.

    Attributes:
        name: of the table.
        meaning: what a row is, as a sentence.
        is_main: whether it holds what was asked for, not what goes with it.
        columns: in order.
        key: the columns that tell rows apart.
        rows: how many there are.
        batches: its content from the start, a batch at a time.
    """

    name: str
    meaning: str
    is_main: bool
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: int
    batches: Callable[[], Iterator[pa.RecordBatch]]

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """The rows as Python values, in order; a list is its items with semicolons between."""
        lists = [i for i, column in enumerate(self.columns) if column.kind == "list"]
        for batch in self.batches():
            columns = [column.to_pylist() for column in batch.columns]
            for i in lists:
                columns[i] = [None if cell is None else ";".join(cell) for cell in columns[i]]
            yield from zip(*columns, strict=True)


def holds(kind: Kind, value: Any) -> bool:
    """Whether a column keeps a number as it is."""
    if kind == "integer":
        return bool(-_INTEGERS <= value < _INTEGERS)
    if kind == "decimal":
        exponent = value.normalize().as_tuple().exponent
        return bool(exponent >= -SCALE and value.adjusted() < DIGITS - SCALE)
    return True


def arrow_type(kind: Kind) -> pa.DataType:
    """How a column is held in memory, in Parquet and in DuckDB."""
    import pyarrow as pa

    return {
        "text": pa.string(),
        "decimal": pa.decimal128(DIGITS, SCALE),
        "integer": pa.int64(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
    }[kind]


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """The columns as a schema, with their meanings as metadata."""
    import pyarrow as pa

    return pa.schema(
        [
            pa.field(column.name, arrow_type(column.kind), metadata={"description": column.meaning})
            for column in columns
        ]
    )
