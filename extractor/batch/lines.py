"""The lines of a binary stream, none longer than a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO

import zstandard

from extractor.errors import ArticleError

MAX_LINE = 16 * 1024 * 1024
_CHUNK = 1 << 20


class UnreadableError(Exception):
    """The rest of an input cannot be read."""


class TooLongError(ArticleError):
    """A line is longer than the limit."""


class Lines:
    """The lines of a binary stream, none longer than a limit.

    Iteration goes on after a line that was too long: what was read of it is dropped.

    Attributes:
        number: how many lines have been read.
    """

    def __init__(self, stream: IO[bytes], limit: int = MAX_LINE) -> None:
        """Read `stream`; `limit` is in bytes."""
        self._stream = stream
        self._limit = limit
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        """The lines themselves."""
        return self

    def __next__(self) -> bytes:
        """The next line.

        Raises:
            TooLongError: it is too long.
            UnreadableError: the stream breaks off (a damaged archive, a faulty disk).
        """
        line = self._read(self._limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > self._limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = self._read(_CHUNK)
            raise TooLongError(
                f"the line is longer than {self._limit:,} bytes: split the article, or raise "
                "--max-line"
            )
        return line

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.readline(size)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise UnreadableError(f"the rest of the file cannot be read: {error}") from None
