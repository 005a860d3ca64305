"""Parquet: every value as it is, in row groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.export.columns import Table, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

_BATCHES_PER_GROUP = 5


def write(path: Path, tables: Sequence[Table]) -> dict[str, int]:
    """Write one table."""
    from pyarrow import parquet

    (table,) = tables
    with parquet.ParquetWriter(path, arrow_schema(table.columns), compression="zstd") as writer:
        for group in _groups(table):
            writer.write_table(group, row_group_size=group.num_rows)
    return {}


def _groups(table: Table) -> Iterator[pa.Table]:
    import pyarrow as pa

    batches = table.batches()
    while group := list(islice(batches, _BATCHES_PER_GROUP)):
        yield pa.Table.from_batches(group)
