"""The database in which an export is made: rows go in, tables come out, all of it on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.checking import CHECKS
from extractor.checking.findings import Case
from extractor.checking.index import Index
from extractor.export.columns import Column
from extractor.export.layout import ARTICLES, Row, article_cells, cells, columns_of
from extractor.export.loading import Loader
from extractor.export.merging import BLOCKS, block_of
from extractor.export.reading import Sources
from extractor.records import Record
from extractor.results import Extraction
from extractor.values import Count, Money, Period

if TYPE_CHECKING:
    import duckdb

_MEMORY = "256MB"
_ROW = Column("_row", "integer", "")


@contextmanager
def staging(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in `folder`, which holds what does not fit in memory too."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder / "spill"),
        "memory_limit": _MEMORY,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(str(folder / "staging"), config=config) as connection:
        yield connection


def stage(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    types: Sequence[type[Record]],
    *,
    merging: bool,
) -> None:
    """Put every record and every article into the tables `staged_<key>` and `articles`.

    The outputs are gone through twice: what the checks say of a record depends on all others.
    """
    index = Index(sources.extractions())
    articles = Loader(connection, "articles", ARTICLES)
    loaders = {
        type_: Loader(
            connection,
            f"staged_{type_.key}",
            (_ROW, *columns_of(type_), *(BLOCKS if merging else ())),
        )
        for type_ in types
    }
    for outcome in sources:
        found = None
        if isinstance(outcome, Extraction):
            found = 0
            for record, row in _rows(outcome, index, sources, types):
                loader = loaders[type(record)]
                blocks = block_of(record) if merging else ()
                loader.add([loader.rows, *cells(row), *blocks])
                found += 1
        articles.add(article_cells(outcome, found))
    for loader in (articles, *loaders.values()):
        loader.flush()
    _drop_repeated_failures(connection)


def _rows(
    extraction: Extraction, index: Index, sources: Sources, types: Sequence[type[Record]]
) -> Iterator[tuple[Record, Row]]:
    flagged = _flagged(Case(extraction, index))
    for type_ in types:
        records: Sequence[Record] = getattr(extraction.records, type_.key)
        for record in records:
            flags = _own_flags(record) | flagged.get(record.record_id, frozenset())
            review = sources.decisions.review(record.record_id)
            yield record, Row(record, extraction, flags, review)


def _flagged(case: Case) -> Mapping[str, frozenset[str]]:
    """The names of the checks that flag each record."""
    found: dict[str, frozenset[str]] = {}
    for check in CHECKS:
        for flag in check.function(case):
            own = found.get(flag.record.record_id, frozenset())
            found[flag.record.record_id] = own | {check.name}
    return found


def _own_flags(record: Record) -> frozenset[str]:
    """The flags of the identifying number and of the period."""
    number: Money | Count | None = getattr(record, record.number) if record.number else None
    period: Period | None = record.period
    return frozenset((*(number.flags if number else ()), *(period.flags if period else ())))


def _drop_repeated_failures(connection: duckdb.DuckDBPyConnection) -> None:
    """A failure says nothing where another output has a result, or the failure too."""
    connection.execute(
        """
        DELETE FROM articles WHERE rowid NOT IN (
            SELECT arg_min(rowid, (status = 'failed', rowid)) FROM articles GROUP BY article_id
        )
        """
    )
