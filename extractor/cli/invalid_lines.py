"""Warnings of lines that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from extractor.batch import InvalidLine

_SHOWN = 5


class InvalidLines:
    """To be called with each line that could not be read; the first few are said.

    Attributes:
        count: how many there were.
    """

    def __init__(self) -> None:
        """Begin to count."""
        self.count = 0

    def __call__(self, line: InvalidLine) -> None:
        """Note a line."""
        self.count += 1
        if self.count <= _SHOWN:
            typer.echo(f"warning: {line.file}, line {line.line}: {line.reason}", err=True)
