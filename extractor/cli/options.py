"""Options that several commands share, and what their values mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.records import Record

ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        metavar="MODEL",
        help="The model that reads the articles; rules is built in.",
    ),
]
TypeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="A record type that is wanted, several times for several; all by default.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]


def record_types(names: list[str] | None) -> tuple[type[Record], ...]:
    """The record types of the given names; all without any.

    Raises:
        UsageError: there is no such type.
    """
    from extractor.records import RECORD_TYPES

    by_name = {record_type.type: record_type for record_type in RECORD_TYPES}
    for name in names or ():
        if name not in by_name:
            raise UsageError(f"there is no record type {name!r}: there are {', '.join(by_name)}")
    return tuple(t for t in RECORD_TYPES if not names or t.type in names)
