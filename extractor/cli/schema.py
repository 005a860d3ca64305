"""`extractor schema`: the published JSON Schemas."""

from __future__ import annotations

from typing import Annotated

import typer


def command(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[TYPE]", help="A schema's name; without one, list the names."),
    ] = None,
) -> None:
    """Print the JSON Schema of a record type, an input article, an output line or gold file."""
    from extractor.data import schema_names, schema_text

    if name is None:
        for known in schema_names():
            typer.echo(known)
        return
    typer.echo(schema_text(name), nl=False)
