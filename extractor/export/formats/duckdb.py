"""DuckDB: a table each, with the codebook as comments on tables and columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractor.export.columns import Table, arrow_schema


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write the tables."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect(str(path), config={"memory_limit": "256MB"}) as database:
        for table in tables:
            rows = pa.RecordBatchReader.from_batches(arrow_schema(table.columns), table.batches())
            database.register("incoming", rows)
            database.execute(f'CREATE TABLE "{table.name}" AS SELECT * FROM incoming')
            database.unregister("incoming")
            database.execute(f'COMMENT ON TABLE "{table.name}" IS {_quoted(table.meaning)}')
            for column in table.columns:
                database.execute(
                    f'COMMENT ON COLUMN "{table.name}"."{column.name}" IS {_quoted(column.meaning)}'
                )
    return {}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
