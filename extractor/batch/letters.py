"""Dead letters: the articles that failed, to be run again, and the lines that are none."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Self

from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.hashing import Rows
from extractor.batch.heads import id_key
from extractor.batch.ledger import Ledger
from extractor.batch.paths import Paths
from extractor.batch.reading import Fields, InvalidLine, input_line
from extractor.errors import UsageError

_IN_MEMORY = 1 << 20


class DeadLetters:
    """Keeps dead letters while a run goes, and writes their files when it ends.

    A file is there only if there is something in it. What a run did not read, because it
    ended early or had another input, stays as it was.
    """

    def __init__(self, paths: Paths, fields: Fields) -> None:
        """Keep letters of an output; articles are written so that `fields` read them again."""
        self._paths = paths
        self._fields = fields
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open files without a name for them.

        Raises:
            UsageError: the name of a file is a folder's.
        """
        for path in (self._paths.failed, self._paths.invalid):
            if path.is_dir():
                raise UsageError(f"{path} is a folder: it is where dead letters would go")
        self._failed = _Spool(self._stack.enter_context(SpooledTemporaryFile(_IN_MEMORY)))
        self._invalid = _Spool(self._stack.enter_context(SpooledTemporaryFile(_IN_MEMORY)))
        return self

    def __exit__(self, *exception: object) -> None:
        """Drop what was not written."""
        self._stack.close()

    def add_failed(self, article: Article) -> None:
        """Keep an article that failed, now or before."""
        self._failed.add(id_key(article.id), to_json(input_line(article, self._fields)))

    def add_invalid(self, line: InvalidLine) -> None:
        """Keep a line that is no article."""
        key = id_key(f"{line.file}\n{line.line}")
        text = json.dumps(asdict(line), ensure_ascii=False)
        self._invalid.add(key, text.encode("utf-8", "replace"))

    def write(self, ledger: Ledger, *, is_complete: bool) -> None:
        """Write both files.

        Args:
            ledger: what the output holds, in its order.
            is_complete: whether the inputs were read to their end.
        """
        for key, line in _old_articles(self._paths.failed, self._fields.id):
            self._failed.add(key, line)
        if not is_complete:
            for key, line in _old_lines(self._paths.invalid):
                self._invalid.add(key, line)
        keys = self._failed.rows.keys
        failed = [number for number, key in enumerate(keys) if ledger.failed(key)]
        failed.sort(key=lambda number: ledger.rows.find(keys[number]) or 0)
        self._failed.write(self._paths.failed, failed)
        self._invalid.write(self._paths.invalid, range(len(self._invalid.rows)))


class _Spool:
    """Lines by key, in a temporary file; the first line of a key is the one that counts."""

    def __init__(self, file: IO[bytes]) -> None:
        self.rows = Rows()
        self._offsets = array("Q")
        self._file = file

    def add(self, key: int, line: bytes) -> None:
        if self.rows.add(key) == len(self._offsets):
            self._offsets.append(self._file.tell())
            self._file.write(line + b"\n")

    def write(self, path: Path, order: Sequence[int]) -> None:
        """Write some of the lines in an order; without any there is no file."""
        if not order:
            path.unlink(missing_ok=True)
            return
        partial = Path(f"{path}.partial")
        with partial.open("wb") as file:
            for number in order:
                self._file.seek(self._offsets[number])
                file.write(self._file.readline())
        partial.replace(path)


def _old_articles(path: Path, id_field: str) -> Iterator[tuple[int, bytes]]:
    """The articles of the file as it is, by the keys of their ids; no others."""
    for fields, line in _objects(path):
        if isinstance(id_ := fields.get(id_field), str):
            yield id_key(id_), line


def _old_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    for fields, line in _objects(path):
        yield id_key(f"{fields.get('file')}\n{fields.get('line')}"), line


def _objects(path: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                fields = json.loads(line)
            except ValueError:
                continue
            if isinstance(fields, dict):
                yield fields, line.rstrip(b"\n")
