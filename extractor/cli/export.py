"""`extractor export`: the records as tables."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.invalid_lines import InvalidLines
from extractor.cli.options import TypeOption, record_types

if TYPE_CHECKING:
    from extractor.export import Summary


class PanelName(StrEnum):
    """What a panel is of."""

    growth = "growth"
    counts = "counts"


def command(
    outputs: Annotated[
        list[str],
        typer.Argument(
            metavar="OUT.jsonl...",
            help="Outputs of extractor batch (.gz, .zst), or -; an article in several counts once, "
            "from the first that has it.",
        ),
    ],
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            help="A file to write: .duckdb, .sqlite and .xlsx hold a table for each record type "
            "and one of the articles; .parquet, .csv and .dta a file each, facts.csv as "
            "facts.funds.csv and so on, or facts.csv itself for one --type, --long or --panel.",
        ),
    ],
    types: TypeOption = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="SQL",
            help="Keep the rows for which this is true, such as \"status = 'planned' AND amount > "
            "1e8\": what stands behind WHERE in DuckDB's SQL, on the columns of each table.",
        ),
    ] = None,
    merge: Annotated[
        bool,
        typer.Option(
            "--merge",
            help="A row for each fact, however many articles tell it, with the tables sources and "
            "conflicts.",
        ),
    ] = False,
    long: Annotated[bool, typer.Option("--long", help="One table of all record types.")] = False,
    panel: Annotated[
        PanelName | None,
        typer.Option(
            help="In place of records one value for each place, indicator or title, and period, "
            "with a table of the conflicts."
        ),
    ] = None,
    decisions: Annotated[
        str | None,
        typer.Option(metavar="DECISIONS.jsonl", help="Decisions of a review, applied first."),
    ] = None,
    without_quotes: Annotated[
        bool,
        typer.Option("--without-quotes", help="Leave out passages of the articles (quote, extra)."),
    ] = False,
) -> None:
    """Write the records as tables, with a codebook and a datapackage.json beside them.

    Decimals are exact in Parquet, DuckDB and CSV. No text becomes a formula in a spreadsheet:
    .csv puts an apostrophe before one that begins like it (= + - @), .xlsx stores texts as texts.
    """
    from extractor.export import Request, export

    request = Request(
        types=record_types(types),
        where=where,
        merge=merge,
        long=long,
        panel=panel.value if panel else None,
        quotes=not without_quotes,
    )
    summary = export(outputs, target, request, decisions=decisions, on_invalid=InvalidLines())
    _show(summary, target)
    if summary.invalid:
        raise typer.Exit(1)


def _show(summary: Summary, target: str) -> None:
    rows = ", ".join(
        f"{count:,} {name.replace('_', ' ')}" for name, count in summary.tables.items()
    )
    lines = [f"{target}: {rows}", f"{summary.articles:,} articles read"]
    for count, what in (
        (summary.failed, "articles failed, which have no records"),
        (summary.repeated, "results passed over: an earlier output has the article"),
        (summary.invalid, "invalid lines"),
        (summary.decided, "decisions applied"),
        (summary.unknown, "decisions on records that are not there"),
        *((count, note) for note, count in summary.notes.items()),
    ):
        if count:
            lines.append(f"{count:,} {what}")
    typer.echo("\n".join(lines), err=True)
