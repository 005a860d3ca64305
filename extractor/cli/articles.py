"""`extractor articles`: input lines out of folders of text files, CSV and Parquet."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer


def command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Folders, .txt, .csv, .tsv, .parquet.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="JSONL file (.gz, .zst), or - for stdout.")
    ],
    id_field: Annotated[str, typer.Option(help="The column that holds the id.")] = "id",
    text_field: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    date_field: Annotated[str, typer.Option(help="The column that holds the date.")] = "date",
) -> None:
    """Make input lines for `extractor batch` out of the files that you have."""
    import jsonlines

    from extractor.batch import InputFile, InvalidLine, check_output
    from extractor.batch.files import open_output
    from extractor.batch.sources import Columns, collect, source_files

    check_output(output, [InputFile(str(path), None) for path, _ in source_files(paths)])
    written = invalid = 0
    with open_output(output) as stream:
        writer = jsonlines.Writer(stream, dumps=_dump)
        for item in collect(paths, Columns(id_field, text_field, date_field)):
            if isinstance(item, InvalidLine):
                invalid += 1
                typer.echo(f"warning: {item.file}, {item.line}: {item.reason}", err=True)
                continue
            writer.write(item)
            written += 1
    typer.echo(f"{written:,} articles written, {invalid:,} left out", err=True)
    if invalid:
        raise typer.Exit(1)


def _dump(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)
