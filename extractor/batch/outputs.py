"""Output lines read back: the newest revision of each article, invalid lines as values."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from extractor.batch.files import STANDARD, open_input
from extractor.batch.lines import Lines, UnreadableError
from extractor.batch.reading import InvalidLine
from extractor.errors import ArticleError
from extractor.results import Extraction, Failure, Outcome

_OUTCOME: TypeAdapter[Extraction | Failure] = TypeAdapter(Outcome)
_HEAD = re.compile(
    rb'\{\s*"id"\s*:\s*(?P<id>"(?:[^"\\]|\\.)*")\s*,\s*"text_sha256"\s*:\s*"[0-9a-f]{64}"\s*,'
    rb'\s*"revision"\s*:\s*(?P<revision>\d{1,18})\s*,'
)


class Outputs:
    """The outcomes of an output file; it can be gone through any number of times.

    A later revision of an article stands for the earlier ones, and of two equal revisions the
    later line. Going through reads line by line; what stays in memory is some 200 bytes per
    article.
    """

    def __init__(self, path: str, name: str) -> None:
        """Read the file at `path`, which messages call `name`."""
        self._path = path
        self._name = name
        self._superseded = self._find_superseded()

    def __iter__(self) -> Iterator[Extraction | Failure | InvalidLine]:
        """Every outcome that no later one replaces, and every invalid line, in file order."""
        for number, line in self._lines():
            if isinstance(line, InvalidLine):
                yield line
            elif number not in self._superseded:
                yield self._read(number, line)

    def _find_superseded(self) -> frozenset[int]:
        """The numbers of the lines that a later revision replaces."""
        newest: dict[bytes, tuple[int, int]] = {}
        superseded: set[int] = set()
        for number, line in self._lines():
            head = None if isinstance(line, InvalidLine) else _head(line)
            if head is None:
                continue
            # Eight bytes an id: a collision among ten million has odds of one in 300,000.
            key = hashlib.blake2b(head[0], digest_size=8).digest()
            own = (head[1], number)
            known = newest.setdefault(key, own)
            if known is not own:
                superseded.add(min(known, own)[1])
                newest[key] = max(known, own)
        return frozenset(superseded)

    def _lines(self) -> Iterator[tuple[int, bytes | InvalidLine]]:
        """Each line that is not blank, with its number."""
        with open_input(self._path) as (stream, _):
            lines = Lines(stream)
            while True:
                try:
                    line = next(lines)
                except StopIteration:
                    return
                except UnreadableError as error:
                    yield lines.number + 1, self._invalid(lines.number + 1, str(error))
                    return
                except ArticleError:
                    yield lines.number, self._invalid(lines.number, "the line is too long")
                else:
                    if line.strip():
                        yield lines.number, line

    def _read(self, number: int, line: bytes) -> Extraction | Failure | InvalidLine:
        try:
            return _OUTCOME.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            reason = f"{where}: {first['msg']}" if where else first["msg"]
            return self._invalid(number, f"no output line: {reason}")

    def _invalid(self, number: int, reason: str) -> InvalidLine:
        return InvalidLine(self._name, number, reason)


@contextmanager
def open_outputs(name: str) -> Iterator[Outputs]:
    """Open an output file (`.gz`, `.zst` too), or ``-`` for standard input.

    A stream or a pipe, which can be read once only, is copied to a temporary file first.

    Raises:
        UsageError: it cannot be read.
    """
    if name != STANDARD and Path(name).is_file():
        yield Outputs(name, name)
        return
    with tempfile.TemporaryDirectory() as folder, open_input(name) as (_, raw):
        copy = Path(folder) / f"copy-{Path(name).name}"
        with copy.open("wb") as file:
            shutil.copyfileobj(raw, file)
        yield Outputs(str(copy), name)


def _head(line: bytes) -> tuple[bytes, int] | None:
    """The id and the revision of an output line; None if it is none."""
    match = _HEAD.match(line)
    if match and line.endswith(b"}\n"):
        try:
            return _encoded(json.loads(match["id"])), int(match["revision"])
        except ValueError:
            return None
    try:
        outcome = _OUTCOME.validate_json(line)
    except ValidationError:
        return None
    return _encoded(outcome.id), outcome.revision


def _encoded(id_: str) -> bytes:
    return id_.encode("utf-8", "surrogatepass")
