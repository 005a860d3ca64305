"""Output lines read back: the newest revision of each article, invalid lines as values."""

from __future__ import annotations

import os
import shutil
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter, ValidationError

from extractor.batch.files import decompressed, open_input
from extractor.batch.hashing import Rows
from extractor.batch.heads import head_of
from extractor.batch.lines import Lines, UnreadableError
from extractor.batch.paths import Paths, paths_of
from extractor.batch.reading import InvalidLine
from extractor.errors import ArticleError, UsageError
from extractor.results import Extraction, Failure, Outcome

_OUTCOME: TypeAdapter[Extraction | Failure] = TypeAdapter(Outcome)
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Source:
    """A file of output lines.

    Attributes:
        file: it, open.
        name: what messages call it, and what says how it is compressed.
        end: the bytes that it had, for a plain file that may be growing.
    """

    file: IO[bytes]
    name: str
    end: int | None = None


class Outputs:
    """The outcomes of an output; they can be gone through any number of times.

    A later revision of an article stands for the earlier ones, and of two equal revisions the
    later line. Going through reads line by line; what stays in memory is some 40 bytes per
    article.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        """Read files that can be gone through more than once, one after the other."""
        self._sources = sources
        self._superseded = self._find_superseded()

    def __iter__(self) -> Iterator[Extraction | Failure | InvalidLine]:
        """Every outcome that no later one replaces, and every invalid line, in file order."""
        for place, (name, number, line) in enumerate(self._lines()):
            if isinstance(line, InvalidLine):
                yield line
            elif place not in self._superseded:
                yield _read(name, number, line)

    def _find_superseded(self) -> frozenset[int]:
        """The places of the lines that a later revision replaces."""
        rows, newest, places = Rows(), array("Q"), array("Q")
        superseded: set[int] = set()
        for place, (_, _, line) in enumerate(self._lines()):
            head = None if isinstance(line, InvalidLine) else head_of(line)
            if head is None:
                continue
            row = rows.add(head.key)
            if row == len(newest):
                newest.append(head.revision)
                places.append(place)
            elif head.revision < newest[row]:
                superseded.add(place)
            else:
                superseded.add(places[row])
                newest[row], places[row] = head.revision, place
        return frozenset(superseded)

    def _lines(self) -> Iterator[tuple[str, int, bytes | InvalidLine]]:
        """Each line that is not blank, with the name of its file and its number there."""
        for source in self._sources:
            file, name = source.file, source.name
            file.seek(0)
            for number, line in lines_of(decompressed(name, file), name):
                if source.end is not None and file.tell() > source.end:
                    break
                yield name, number, line


@contextmanager
def open_outputs(name: str) -> Iterator[Outputs]:
    """Open an output (`.gz`, `.zst` too) with its journal, or ``-`` for standard input.

    The journal of a run that is under way, or was broken off, holds the results that are not
    in the output yet. A stream or a pipe, which can be read once only, is copied to a
    temporary file first.

    Raises:
        UsageError: it cannot be read.
    """
    paths = paths_of(name)
    with ExitStack() as stack:
        if paths is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            copy = folder / f"copy-{Path(name).name}"
            with open_input(name) as (_, raw), copy.open("wb") as file:
                shutil.copyfileobj(raw, file)
            yield Outputs([Source(stack.enter_context(copy.open("rb")), name)])
            return
        yield Outputs(_opened(paths, name, stack))


def _opened(paths: Paths, name: str, stack: ExitStack) -> list[Source]:
    """The output and its journal; one of the two has to be there."""
    # The journal first: a run that ends in between has its lines in both, not in neither.
    journals = [_journal(path, stack) for path in [paths.journal] if path.exists()]
    if journals and not paths.output.exists():
        return journals
    try:
        return [Source(stack.enter_context(paths.output.open("rb")), name), *journals]
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _journal(path: Path, stack: ExitStack) -> Source:
    """The whole lines that a journal has now; the last may be half written."""
    file = stack.enter_context(path.open("rb"))
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _CHUNK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return Source(file, str(path), start + found + 1)
        end = start
    return Source(file, str(path), 0)


def lines_of(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes | InvalidLine]]:
    """Each line of the file `name` that is not blank, with its number."""
    lines = Lines(stream)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except UnreadableError as error:
            number = lines.number + 1
            yield number, InvalidLine(name, number, str(error))
            return
        except ArticleError:
            yield lines.number, InvalidLine(name, lines.number, "the line is too long")
        else:
            if line.strip():
                yield lines.number, line


def _read(name: str, number: int, line: bytes) -> Extraction | Failure | InvalidLine:
    try:
        return outcome_of(line)
    except ValueError as error:
        return InvalidLine(name, number, f"no output line: {error}")


def outcome_of(line: bytes) -> Extraction | Failure:
    """The outcome that is on an output line.

    Raises:
        ValueError: it is none, or of another schema; the words say where.
    """
    try:
        return _OUTCOME.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None
