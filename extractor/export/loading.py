"""Rows into a table of the database, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from extractor.export.columns import Column, arrow_schema

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BATCH = 10_000


class Loader:
    """A new table, and the rows that go into it.

    Attributes:
        rows: how many were added.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Column]
    ) -> None:
        """Create the table."""
        self.rows = 0
        self._connection = connection
        self._table = table
        self._schema = arrow_schema(columns)
        self._pending: list[Sequence[Any]] = []
        self._write(f"CREATE TABLE {table} AS SELECT * FROM pending")

    def add(self, row: Sequence[Any]) -> None:
        """Add a row, with its cells in the order of the columns."""
        self.rows += 1
        self._pending.append(row)
        if len(self._pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        if self._pending:
            self._write(f"INSERT INTO {self._table} SELECT * FROM pending")

    def _write(self, statement: str) -> None:
        self._connection.register("pending", self._batch())
        self._connection.execute(statement)
        self._connection.unregister("pending")
        self._pending.clear()

    def _batch(self) -> pa.Table:
        import pyarrow as pa

        columns = zip(*self._pending, strict=True) if self._pending else [()] * len(self._schema)
        arrays = [
            pa.array(cells, type=field.type)
            for cells, field in zip(columns, self._schema, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=self._schema)
