"""The file of invalid lines: there only if there are any."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import IO, Self

from extractor.batch.reading import InvalidLine
from extractor.errors import UsageError


class InvalidLines:
    """Writes invalid lines to a file that is made with the first of them."""

    def __init__(self, path: Path | None) -> None:
        """Write to `path`, or nowhere."""
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Remove the file of an earlier run.

        Raises:
            UsageError: its name is a folder's.
        """
        if self._path is not None:
            if self._path.is_dir():
                raise UsageError(f"{self._path} is a folder: it is where invalid lines would go")
            self._path.unlink(missing_ok=True)
        return self

    def write(self, line: InvalidLine) -> None:
        """Add a line."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", errors="replace")
        self._file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")

    def __exit__(self, *exception: object) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
