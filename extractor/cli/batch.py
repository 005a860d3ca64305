"""`extractor batch`: JSONL in, JSONL out."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import (
    JsonOption,
    ModelOption,
    TypeOption,
    record_types,
    with_chat_options,
)

if TYPE_CHECKING:
    from extractor.batch import Reader, Summary
    from extractor.models.options import ModelOptions
    from extractor.pipeline import AsyncExtractor

_SHOWN_INVALID = 5


class DateFrom(StrEnum):
    """Where an article's date comes from when its field gives none."""

    field = "field"
    text = "text"


@with_chat_options
def command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="IN...", help="JSONL files or globs (.gz, .zst), or - for stdin."),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="JSONL file (.gz, .zst), or - for stdout.")
    ],
    model: ModelOption = "rules",
    types: TypeOption = None,
    id_field: Annotated[str, typer.Option(help="The field that holds the id.")] = "id",
    text_field: Annotated[str, typer.Option(help="The field that holds the text.")] = "text",
    date_field: Annotated[str, typer.Option(help="The field that holds the date.")] = "date",
    date_from: Annotated[
        DateFrom,
        typer.Option(help="text: take the first full date of the text's head where none is given."),
    ] = DateFrom.field,
    max_line: Annotated[int, typer.Option(min=1, help="Longest input line, in bytes.")] = 16
    * 1024
    * 1024,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Ask once more about figures that were left out.")
    ] = False,
    audit: Annotated[
        bool, typer.Option("--audit", help="List figures that no record covers on each line.")
    ] = False,
    repairs: Annotated[
        int, typer.Option(min=0, help="How often drafts that failed go back to the model.")
    ] = 1,
    as_json: JsonOption = False,
    *,
    options: ModelOptions,
) -> None:
    """Extract the records of many articles, one output line each, in input order."""
    from extractor.batch import Fields, Reader, Summary, expand
    from extractor.cli.tables import show_summary
    from extractor.pipeline import AsyncExtractor

    extractor = AsyncExtractor(
        model,
        types=record_types(types),
        repairs=repairs,
        options=options,
        sweep=sweep,
        audit=audit,
    )
    fields = Fields(id_field, text_field, date_field, date_from.value, max_line)
    summary = Summary()
    try:
        asyncio.run(_run(Reader(expand(inputs), fields), output, extractor, summary))
    except KeyboardInterrupt:
        summary.interrupted = True
    if as_json:
        typer.echo(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2), err=output == "-")
    else:
        show_summary(summary, output)
    if summary.interrupted:
        raise typer.Exit(130)
    if not summary.ok:
        raise typer.Exit(1)


async def _run(reader: Reader, output: str, extractor: AsyncExtractor, summary: Summary) -> None:
    from extractor.batch import InvalidLine, run
    from extractor.cli.progress import bytes_bar

    def warn(line: InvalidLine) -> None:
        if summary.invalid <= _SHOWN_INVALID:
            typer.echo(f"warning: {line.file}, line {line.line}: {line.reason}", err=True)

    with bytes_bar(reader.inputs) as advance:
        async with extractor:
            await run(
                reader,
                output,
                extractor,
                summary=summary,
                on_progress=advance,
                on_invalid=warn,
            )
