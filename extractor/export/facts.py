"""Merged tables: a row for each fact, all its sources, and the details on which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from extractor.export.columns import Column
from extractor.export.layout import columns_of
from extractor.export.loading import Loader
from extractor.export.merging import Fact, Told, conflicts, merged, told
from extractor.records import Record

if TYPE_CHECKING:
    import duckdb

FACT_ID = Column(
    "fact_id", "text", "Id of the fact: the record_id of the earliest article's record of it."
)
_PART_OF = Column(
    "part_of_fact_id", "text",
    "The fact that holds the total, if some source says that this is a part of one.",
)  # fmt: skip
_MERGED = (
    Column("sources", "integer", "How many articles tell the fact.", "articles"),
    Column("source_record_ids", "list", "The records that tell it, the earliest first."),
    Column("conflicts", "list", "The details on which they differ; see the table `conflicts`."),
)
_TYPE = Column("type", "text", "Record type.")
_FACTS = (_TYPE, Column("_row", "integer", ""), FACT_ID, Column("rank", "integer", ""))
_COPIED = (
    "record_id", "article_id", "title", "date", "source", "url", "text_sha256", "quote",
    "quote_start", "quote_end", "model", "run",
)  # fmt: skip

CONFLICTS = (
    FACT_ID,
    _TYPE,
    Column("field", "text", "The detail."),
    Column("value", "text", "What the source says of it."),
    Column("record_id", "text", "The record that says so."),
    Column("article_id", "text", "Its article."),
)
"""Columns of the details on which the sources of a fact differ."""


def fact_columns(record_type: type[Record]) -> tuple[Column, ...]:
    """The columns of a record type's facts: those of the record that tells it first, and more."""
    part_of = (_PART_OF,) if "part_of_id" in record_type.model_fields else ()
    return (FACT_ID, *columns_of(record_type), *_MERGED, *part_of)


def source_columns(record_type: type[Record]) -> tuple[Column, ...]:
    """The columns of the sources of facts, the same for every record type."""
    own = {column.name: column for column in columns_of(record_type)}
    return (FACT_ID, _TYPE, *(own[name] for name in _COPIED))


def merge(connection: duckdb.DuckDBPyConnection, types: Sequence[type[Record]]) -> None:
    """Make the facts of the staged records: tables `<key>`, `sources` and `conflicts`."""
    found = Loader(connection, "facts", _FACTS)
    differing = Loader(connection, "conflicts", CONFLICTS)
    for type_ in types:
        for fact in _facts(connection, type_):
            for rank, own in enumerate(fact.told):
                found.add([type_.type, own.row, fact.id, rank])
            for conflict in conflicts(fact):
                differing.add(conflict)
    found.flush()
    differing.flush()
    for type_ in types:
        _join(connection, type_)
    parts = (
        f"SELECT fact_id, '{type_.type}' AS type, {', '.join(_COPIED)} FROM told_{type_.key}"
        for type_ in types
    )
    connection.execute(f"CREATE VIEW sources AS {' UNION ALL '.join(parts)}")


def _facts(connection: duckdb.DuckDBPyConnection, type_: type[Record]) -> Iterator[Fact]:
    """The facts that several records of a type tell, block by block."""
    cursor = connection.cursor()
    cursor.execute(
        f"""
        SELECT _block, _row, article_id, _json FROM staged_{type_.key}
        WHERE _block IN (
            SELECT _block FROM staged_{type_.key} WHERE _block IS NOT NULL
            GROUP BY _block HAVING count(DISTINCT article_id) > 1
        )
        ORDER BY _block, date NULLS LAST, article_id, _row
        """
    )
    rows = iter(cursor.fetchone, None)
    for _, block in groupby(rows, key=lambda row: row[0]):
        prepared: Iterator[Told] = (
            told(row, article, type_.model_validate_json(json)) for _, row, article, json in block
        )
        yield from (fact for fact in merged(prepared) if len(fact.told) > 1)


def _join(connection: duckdb.DuckDBPyConnection, type_: type[Record]) -> None:
    """Each record with its fact, and each fact with what its sources add to it."""
    own = ", ".join(f'r."{column.name}"' for column in columns_of(type_))
    part_of = total = ""
    if "part_of_id" in type_.model_fields:
        part_of = "any_value(total.fact_id ORDER BY r.rank) AS part_of_fact_id,"
        total = (
            f"LEFT JOIN told_{type_.key} AS total "
            "ON total.record_id = r.part_of_id AND total.article_id = r.article_id"
        )
    connection.execute(
        f"""
        CREATE VIEW told_{type_.key} AS
        SELECT coalesce(f.fact_id, r.record_id) AS fact_id, coalesce(f.rank, 0) AS rank, r.*
        FROM staged_{type_.key} AS r
        LEFT JOIN facts AS f ON f.type = '{type_.type}' AND f._row = r._row
        """
    )
    connection.execute(
        f"""
        CREATE TABLE {type_.key} AS
        WITH told AS (
            SELECT r.fact_id, {part_of} count(*) AS sources,
                list(r.record_id ORDER BY r.rank) AS source_record_ids
            FROM told_{type_.key} AS r {total} GROUP BY r.fact_id
        ), differing AS (
            SELECT fact_id, list(DISTINCT field ORDER BY field) AS conflicts
            FROM conflicts WHERE type = '{type_.type}' GROUP BY fact_id
        )
        SELECT r.fact_id, {own}, told.sources, told.source_record_ids,
            coalesce(differing.conflicts, []) AS conflicts
            {", told.part_of_fact_id" if part_of else ""}
        FROM told_{type_.key} AS r
        JOIN told ON told.fact_id = r.fact_id
        LEFT JOIN differing ON differing.fact_id = r.fact_id
        WHERE r.rank = 0 ORDER BY r._row
        """
    )
