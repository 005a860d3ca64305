"""An export from beginning to end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from extractor.batch import InvalidLine, open_outputs
from extractor.errors import MissingExtraError, RunStoppedError
from extractor.export.columns import Table
from extractor.export.decisions import Decisions, read_decisions
from extractor.export.describing import codebook, data_package, how_made
from extractor.export.reading import Sources
from extractor.export.shaping import Request, shape, table_names
from extractor.export.staging import stage, staging
from extractor.export.targets import Target, check_target, place, target_of, workshop

if TYPE_CHECKING:
    import duckdb

_PACKAGES = ("duckdb", "pyarrow")


@dataclass
class Summary:
    """What an export holds, and what it could not.

    Attributes:
        tables: rows of each table.
        articles: results that were read.
        failed: articles that failed.
        repeated: results passed over, since an earlier output has the article.
        invalid: lines that are no output lines, or no decisions.
        decided: decisions that were applied.
        unknown: decisions on records that are not there.
        notes: what the format could not keep, each with how often.
    """

    tables: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    failed: int = 0
    repeated: int = 0
    invalid: int = 0
    decided: int = 0
    unknown: int = 0
    notes: dict[str, int] = field(default_factory=dict)


def export(
    outputs: Sequence[str],
    target: str,
    request: Request,
    *,
    decisions: str | None = None,
    on_invalid: Callable[[InvalidLine], None] = lambda line: None,
) -> Summary:
    """Write the records of outputs as tables, with a codebook and a description beside them.

    Nothing has its final name until all of it is written.

    Args:
        outputs: output files of a batch (`.gz`, `.zst` too), or ``-``; of an article that has
            results in several the first counts.
        target: file whose suffix names the format.
        request: what is wanted.
        decisions: file of a reviewer's decisions, which are applied first.
        on_invalid: told of each line that could not be read.

    Raises:
        UsageError: the request, a name or the condition is wrong, or the target is not to be
            replaced; MissingExtraError: a package is not installed.
        RunStoppedError: it cannot be written (a full disk); what was there is as it was.
    """
    request = request.checked()
    to = target_of(target, table_names(request))
    if any(find_spec(name) is None for name in (*_PACKAGES, *to.format.packages)):
        raise MissingExtraError(f"exporting {to.path.suffix}", "export")
    inputs = [*outputs, *([decisions] if decisions else [])]
    check_target(to, inputs)
    summary = Summary()

    def tell(line: InvalidLine) -> None:
        summary.invalid += 1
        on_invalid(line)

    decided = read_decisions(decisions, tell) if decisions else Decisions()
    with ExitStack() as stack:
        opened = [stack.enter_context(open_outputs(name)) for name in outputs]
        sources = Sources(opened, decided, tell)
        folder = stack.enter_context(workshop(to))
        stack.enter_context(_written(to))
        connection = stack.enter_context(staging(folder))
        stage(connection, sources, request.types, merging=request.merge)
        tables = shape(connection, request)
        summary.notes = _write(to, tables, folder)
        made = how_made(inputs, _options(request))
        (folder / to.codebook).write_text(codebook(to, tables, made), encoding="utf-8")
        package = data_package(to, tables, made, folder)
        (folder / to.package).write_text(package, encoding="utf-8")
        _count(summary, connection, tables)
        place(to, folder)
    for fault in decided.faults.values():
        tell(fault)
    summary.repeated = sources.repeated
    summary.decided = len(decided.met) - len(decided.faults)
    summary.unknown = decided.unknown
    return summary


def _write(target: Target, tables: Sequence[Table], folder: Path) -> dict[str, int]:
    """Write every table; what the format could not keep, with how often."""
    by_file: dict[str, list[Table]] = {}
    for table in tables:
        by_file.setdefault(target.files[table.name], []).append(table)
    notes: dict[str, int] = {}
    for name, own in by_file.items():
        for note, count in target.format.write(folder / name, own).items():
            notes[note] = notes.get(note, 0) + count
    return notes


def _count(
    summary: Summary, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]
) -> None:
    by_status: Mapping[str, int] = dict(
        connection.execute("SELECT status, count(*) FROM articles GROUP BY status").fetchall()
    )
    summary.articles, summary.failed = by_status.get("ok", 0), by_status.get("failed", 0)
    summary.tables = {table.name: table.rows for table in tables}


def _options(request: Request) -> dict[str, object]:
    return {
        "types": [type_.type for type_ in request.types],
        "where": request.where,
        "merge": request.merge,
        "long": request.long,
        "panel": request.panel,
        "without_quotes": not request.quotes,
    }


@contextmanager
def _written(target: Target) -> Iterator[None]:
    """Turn what a disk refuses, in the words of each library, into one error."""
    import duckdb

    refusals = (OSError, sqlite3.OperationalError, duckdb.OperationalError, duckdb.FatalException)
    try:
        yield
    except refusals as error:
        reason = getattr(error, "strerror", None) or str(error).split("\n")[0]
        raise RunStoppedError(
            f"{target.path} could not be written: {reason}; what was there is as it was"
        ) from None
