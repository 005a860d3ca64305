"""Which tables an export has, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extractor.errors import UsageError
from extractor.export import facts
from extractor.export.columns import Column, Table, arrow_schema
from extractor.export.layout import ARTICLES, PUBLISHERS_TEXT, columns_of
from extractor.export.long import long_columns, long_query
from extractor.export.panels import (
    PANELS,
    conflict_columns,
    make_panel,
    panel_columns,
)
from extractor.records import RECORD_TYPES, Record

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Request:
    """What an export is to hold.

    Attributes:
        types: record types.
        where: a condition in DuckDB's SQL on the rows of each type; None for all.
        merge: a row for each fact, however many articles tell it.
        long: one table of all types.
        panel: name of a panel in place of the records; None for none.
        quotes: whether passages of the articles go along.
    """

    types: Sequence[type[Record]] = RECORD_TYPES
    where: str | None = None
    merge: bool = False
    long: bool = False
    panel: str | None = None
    quotes: bool = True

    def checked(self) -> Request:
        """The request with the one type that its panel is made of.

        Raises:
            UsageError: it contradicts itself, or there is no such panel.
        """
        if self.panel is None:
            return self
        if self.panel not in PANELS:
            raise UsageError(f"there is no panel {self.panel!r}: there are {', '.join(PANELS)}")
        if self.merge or self.long:
            other = "--merge" if self.merge else "--long"
            raise UsageError(f"--panel makes a table of its own kind: leave out {other}")
        own = PANELS[self.panel].record_type
        if own not in self.types:
            raise UsageError(f"--panel {self.panel} is made of records of --type {own.type}")
        return replace(self, types=(own,))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A table before it is read: `relation` is what stands behind FROM."""

    name: str
    meaning: str
    is_main: bool
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    relation: str


def shape(connection: duckdb.DuckDBPyConnection, request: Request) -> list[Table]:
    """The tables of an export, made of what was staged; tables of records come first.

    From here on the database reads no file: a condition can look at nothing but the tables.

    Raises:
        UsageError: the condition is no SQL for the tables.
    """
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    if request.merge:
        facts.merge(connection, request.types)
    else:
        for type_ in request.types:
            names = _listed(columns_of(type_))
            connection.execute(f"CREATE VIEW {type_.key} AS SELECT {names} FROM staged_{type_.key}")
    relations = {type_: _kept(connection, type_, request.where) for type_ in request.types}
    if request.panel is not None:
        panel = PANELS[request.panel]
        make_panel(connection, panel, relations[panel.record_type])
    return [_table(connection, plan, quotes=request.quotes) for plan in _plans(request, relations)]


def table_names(request: Request) -> dict[str, bool]:
    """The tables that an export will have, each with whether it is a main one."""
    plans = _plans(request, {type_: type_.key for type_ in request.types})
    return {plan.name: plan.is_main for plan in plans}


def _kept(connection: duckdb.DuckDBPyConnection, type_: type[Record], where: str | None) -> str:
    """The relation of the rows of a type that the condition keeps."""
    import duckdb

    if where is None:
        return type_.key
    kept = f"kept_{type_.key}"
    try:
        # A filter is parsed as one expression: no other statement can hide in it.
        connection.table(type_.key).filter(where).create(kept)
    except duckdb.OperationalError:  # the disk, not the condition
        raise
    except duckdb.Error as error:
        reason = str(error).split("\n\nLINE ")[0].strip()
        raise UsageError(
            f"--where {where!r} cannot be asked of the table {type_.key}: {reason}\n"
            "It is what stands behind WHERE, in DuckDB's SQL; --type says which tables it is for"
        ) from None
    return kept


def _plans(request: Request, relations: Mapping[type[Record], str]) -> Iterator[_Plan]:
    if request.panel is not None:
        yield from _panel(request.panel)
        return
    columns = {
        type_: facts.fact_columns(type_) if request.merge else columns_of(type_)
        for type_ in relations
    }
    key = ("fact_id",) if request.merge else ("record_id",)
    if request.long:
        query = f"({long_query(columns, relations)})"
        meaning = "Facts of every type." if request.merge else "Records of every type."
        yield _Plan("records", meaning, True, long_columns(columns), ("type", *key), query)
    else:
        for type_, relation in relations.items():
            meaning = (type_.__doc__ or "").strip().split("\n")[0]
            yield _Plan(type_.key, meaning, True, columns[type_], key, relation)
    if request.merge:
        yield from _sources(relations)
    yield _Plan(
        "articles", "The articles that were read.", False, ARTICLES, ("article_id",), "articles"
    )


def _sources(relations: Mapping[type[Record], str]) -> Iterator[_Plan]:
    """What tells the facts that were kept."""
    kept = " UNION ALL ".join(f"SELECT fact_id FROM {relation}" for relation in relations.values())
    columns = facts.source_columns(next(iter(relations)))
    for name, meaning, own, key in (
        ("sources", "The records that tell each fact.", columns, ("fact_id", "record_id")),
        (
            "conflicts",
            "Details that two sources of a fact state differently.",
            facts.CONFLICTS,
            ("fact_id", "field", "record_id"),
        ),
    ):
        yield _Plan(name, meaning, False, own, key, f"{name} WHERE fact_id IN ({kept})")


def _panel(name: str) -> Iterator[_Plan]:
    panel = PANELS[name]
    key = ("place_code", *panel.series, "period_start", "period_end", "status")
    yield _Plan("panel", panel.meaning, True, panel_columns(panel), key, "panel")
    yield _Plan(
        "conflicts",
        "The records behind each row of the panel that has several values.",
        False,
        conflict_columns(panel),
        ("record_id",),
        "panel_conflicts",
    )


def _table(connection: duckdb.DuckDBPyConnection, plan: _Plan, *, quotes: bool) -> Table:
    columns = tuple(c for c in plan.columns if quotes or c.name not in PUBLISHERS_TEXT)
    query = f"SELECT {_listed(columns)} FROM {plan.relation}"
    (rows,) = connection.execute(f"SELECT count(*) FROM ({query})").fetchone() or (0,)
    schema = arrow_schema(columns)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in connection.cursor().sql(query).to_arrow_reader(_BATCH):
            yield batch.cast(schema)

    return Table(plan.name, plan.meaning, plan.is_main, columns, plan.key, rows, batches)


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
