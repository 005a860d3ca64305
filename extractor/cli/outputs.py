"""Reading an output file in a command: what could not be read is said, and ends with 1."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from extractor.batch.outputs import Outputs
from extractor.cli.invalid_lines import InvalidLines
from extractor.results import Extraction, Failure


class Extractions:
    """The extractions of an output file; can be gone through any number of times.

    Attributes:
        articles: extractions that were read.
        failed: articles that failed, which are passed over.
        invalid: lines that are no output lines, of which the first few are warned of.
    """

    def __init__(self, outputs: Outputs) -> None:
        """Read `outputs`."""
        self._outputs = outputs
        self._warn = InvalidLines()
        self._has_warned = False
        self.articles = self.failed = self.invalid = 0

    def __iter__(self) -> Iterator[Extraction]:
        """Each extraction, in file order."""
        self.articles = self.failed = self.invalid = 0
        for outcome in self._outputs:
            if isinstance(outcome, Extraction):
                self.articles += 1
                yield outcome
            elif isinstance(outcome, Failure):
                self.failed += 1
            else:
                self.invalid += 1
                if not self._has_warned:
                    self._warn(outcome)
        self._has_warned = True

    def finish(self, found: str) -> None:
        """Say on standard error what was read, and end with 1 if some line was invalid."""
        parts = [f"{self.articles:,} articles", found]
        if self.failed:
            parts.append(f"{self.failed:,} failed articles passed over")
        if self.invalid:
            parts.append(f"{self.invalid:,} invalid lines")
        typer.echo(", ".join(parts), err=True)
        if self.invalid:
            raise typer.Exit(1)
