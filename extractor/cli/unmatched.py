"""`extractor unmatched`: what the tables of places and indicators lack."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.unmatched import Unmatched


def command(
    output: Annotated[
        str, typer.Argument(metavar="OUT.jsonl", help="Output of extractor batch, or - for stdin.")
    ],
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most wordings of a kind; a table shows 20 else.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List regions and indicators without a code, most frequent first, to be added as aliases."""
    from extractor.batch.outputs import open_outputs
    from extractor.cli.outputs import Extractions
    from extractor.unmatched import unmatched

    with open_outputs(output) as outputs:
        extractions = Extractions(outputs)
        found = unmatched(extractions)
    for kind, group in groupby(found, key=lambda entry: entry.kind):
        entries = list(group)
        if as_json:
            for entry in entries[:limit]:
                typer.echo(json.dumps(asdict(entry), ensure_ascii=False))
        else:
            _show(kind, entries, limit or 20)
    extractions.finish(f"{len(found):,} wordings without a code")


def _show(kind: str, entries: Sequence[Unmatched], limit: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from extractor.unmatched import TABLES

    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("records", justify="right")
    table.add_column("articles", justify="right")
    table.add_column(kind.replace("_", " "), overflow="fold")
    if kind == "ambiguous_region":
        table.add_column("may be", overflow="fold")
    table.add_column("example", overflow="fold", ratio=1)
    for entry in entries[:limit]:
        cells = [f"{entry.records:,}", f"{entry.articles:,}", entry.spelling]
        if kind == "ambiguous_region":
            cells.append(", ".join(entry.candidates[:4]))
        table.add_row(*map(Text, cells), Text(f"“{_short(entry.quote)}” ({entry.id})"))
    console.print(table)
    more = len(entries) - limit
    rest = f"{more:,} more: --limit; " if more > 0 else ""
    console.print(Text(f"{rest}{_how_to_add(entries[0])} in {TABLES[entries[0].kind]}\n"))


def _how_to_add(entry: Unmatched) -> str:
    if entry.row is None:
        return "a wording that is certain can be listed as an alias, a shared name cannot,"
    columns = entry.row.replace("\t", "<TAB>")
    return f"for each that has a code, add a row such as {columns}"


def _short(quote: str) -> str:
    return quote if len(quote) <= 120 else f"{quote[:119]}…"
