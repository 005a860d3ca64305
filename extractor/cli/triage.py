"""`extractor triage`: which articles are worth a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.invalid_lines import InvalidLines
from extractor.cli.options import JsonOption

if TYPE_CHECKING:
    from extractor.triage import Totals


def command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="IN...", help="JSONL files or globs (.gz, .zst), or - for stdin."),
    ],
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="SELECTED", help="JSONL file of what to extract."),
    ],
    skipped: Annotated[
        str, typer.Option("--skipped", metavar="SKIPPED", help="JSONL file of the rest, and why.")
    ],
    threshold: Annotated[
        float, typer.Option(min=0.7, max=1, help="Least similarity of near-duplicates.")
    ] = 0.8,
    id_field: Annotated[str, typer.Option(help="The field that holds the id.")] = "id",
    text_field: Annotated[str, typer.Option(help="The field that holds the text.")] = "text",
    date_field: Annotated[str, typer.Option(help="The field that holds the date.")] = "date",
    max_line: Annotated[int, typer.Option(min=1, help="Longest input line, in bytes.")] = 16
    * 1024
    * 1024,
    as_json: JsonOption = False,
) -> None:
    """Set aside articles with nothing to extract and near-duplicates, before a model is paid."""
    from extractor.batch import Fields, Reader, expand
    from extractor.triage import Clusters, Totals, triage

    clusters = Clusters(threshold)
    fields = Fields(id_field, text_field, date_field, max_line=max_line)
    reader = Reader(expand(inputs), fields)
    totals = Totals()

    triage(reader, output, skipped, clusters, totals=totals, on_invalid=InvalidLines())
    if as_json:
        own = {"repeated_lines": reader.repeated, "dates_in_unknown_notation": reader.unknown_dates}
        typer.echo(json.dumps(totals.as_dict() | own, indent=2), err="-" in (output, skipped))
    else:
        _show(totals, reader.repeated, reader.unknown_dates)
    if totals.invalid:
        raise typer.Exit(1)


def _show(totals: Totals, repeated: int, unknown_dates: int) -> None:
    counts = totals.as_dict()
    rows = [
        f"{counts['articles']:,} articles: {totals.selected:,} selected",
        *(f"{n:,} skipped: {reason.replace('_', ' ')}" for reason, n in counts["skipped"].items()),
        f"{counts['articles_in_them']:,} in {counts['clusters_of_several']:,} clusters",
    ]
    for number, what in (
        (totals.invalid, "invalid lines"),
        (repeated, "repeated lines left out"),
        (unknown_dates, "dates in no known notation left out"),
    ):
        if number:
            rows.append(f"{number:,} {what}")
    typer.echo("\n".join(rows), err=True)
