"""`extractor rebuild` and `extractor compact`: an output made anew, without a call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.batch import DateFrom
from extractor.cli.options import JsonOption
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch import InvalidLine
    from extractor.batch.rebuilding import Rebuilding

_SHOWN_INVALID = 5
_LONGEST = 60

OutputArgument = Annotated[
    str, typer.Argument(metavar="OUT.jsonl", help="Output of extractor batch.")
]


def command(
    output: OutputArgument,
    articles: Annotated[
        list[str],
        typer.Option("--articles", metavar="IN.jsonl", help="What it was made of; may be several."),
    ],
    target: Annotated[
        str, typer.Option("--output", "-o", metavar="NEW.jsonl", help="Where the new lines go.")
    ],
    id_field: Annotated[str, typer.Option(help="The field that holds the id.")] = "id",
    text_field: Annotated[str, typer.Option(help="The field that holds the text.")] = "text",
    date_field: Annotated[str, typer.Option(help="The field that holds the date.")] = "date",
    date_from: Annotated[
        DateFrom, typer.Option(help="As the run was told, so that the articles are the same.")
    ] = DateFrom.field,
    as_json: JsonOption = False,
) -> None:
    """Validate the stored drafts again with the code of today; no model is asked."""
    from extractor.batch import Fields, Reader, expand
    from extractor.batch.rebuilding import Rebuilding, rebuild

    totals = Rebuilding()

    def warn(line: InvalidLine) -> None:
        if totals.invalid <= _SHOWN_INVALID:
            typer.echo(f"warning: {line.file}, line {line.line}: {line.reason}", err=True)

    reader = Reader(expand(articles), Fields(id_field, text_field, date_field, date_from.value))
    rebuild(output, reader, target, totals=totals, on_invalid=warn)
    if as_json:
        typer.echo(json.dumps(totals.as_dict(), ensure_ascii=False, indent=2), err=target == "-")
    else:
        _show(totals)
    if totals.invalid or totals.without_article:
        raise typer.Exit(1)


def _show(totals: Rebuilding) -> None:
    """Print what changed on standard error, the fields that changed most often first."""
    typer.echo(f"{totals.articles:,} articles made anew, {totals.changed:,} changed", err=True)
    for name, number in totals.fields.most_common():
        id_, change = totals.examples[name]
        shown = f"{_short(change.before)} → {_short(change.after)}"
        typer.echo(f"  {name}: {number:,}, such as {shown} in {id_}", err=True)
    if totals.failed:
        typer.echo(f"{totals.failed:,} failed articles stay as they are", err=True)
    if totals.without_article:
        typer.echo(
            f"{totals.without_article:,} lines stay as they are: their articles, with that text, "
            "title and date, are not among --articles",
            err=True,
        )


def _short(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def compact_command(output: OutputArgument) -> None:
    """Make the output of what a run that was broken off left in its journal."""
    from extractor.batch import paths_of
    from extractor.batch.compacting import settle
    from extractor.batch.resuming import hold

    paths = paths_of(output)
    if paths is None or not (paths.output.is_file() or paths.journal.is_file()):
        raise UsageError(f"{output}: there is no such output of a run")
    with hold(paths) as held:
        for note in held.notes:
            typer.echo(f"note: {note}", err=True)
        made = settle(held, ())
        held.journal.remove()
    typer.echo(f"{len(made.ledger):,} articles in {paths.output}", err=True)
