"""What is known of an output's batches, in one file beside it: SQLite, each change for good.

A chunk is some requests that go into one batch. It is planned before anything is sent, marked
before its batch is begun, and given the batch's id after that; so after a kill at any point the
endpoint's list of batches tells whether it was paid for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from extractor.batch.batch_api.rows import Row
from extractor.errors import RunStoppedError, UsageError
from extractor.models.chat.batch_replies import ENDED

PLANNED, CREATING = "planned", "creating"
"""The statuses of a chunk before it has a batch."""

_BUSY = 30.0
_COLUMNS = "name, batch, status, requests, completed, failed"
_TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
    name TEXT PRIMARY KEY, batch TEXT, status TEXT NOT NULL, requests INTEGER NOT NULL,
    completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS requests (
    id TEXT PRIMARY KEY, chunk TEXT, line INTEGER, tries INTEGER NOT NULL DEFAULT 0, row TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unanswered ON requests (chunk, line) WHERE row IS NULL;
"""

Fate: TypeAlias = Literal["answered", "again", "ignored"]
"""What became of a row: an answer for good, one more try, or no request of the chunk's."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some requests that go into one batch.

    Attributes:
        name: ours; the batch has it in its metadata.
        batch: the endpoint's; None as long as it is not known.
        status: `PLANNED`, `CREATING`, or the batch's; an ended one only once its rows are taken.
        requests: how many they are.
        completed: how many the endpoint says it answered.
        failed: how many the endpoint says failed.
    """

    name: str
    batch: str | None
    status: str
    requests: int
    completed: int = 0
    failed: int = 0

    @property
    def is_open(self) -> bool:
        """Whether its rows are still to come."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was submitted at some time.

    Attributes:
        chunk: where it is under way; None if it is not.
        tries: how often a batch ended with it.
        row: what was answered in the end, as JSON; None if nothing was yet.
    """

    chunk: str | None
    tries: int
    row: str | None


class State:
    """The file; it is held by who holds the output, and may be read by others."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            UsageError: it cannot be used.
        """
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise UsageError(f"{path} is no file of batches, or cannot be used: {error}") from None

    def __enter__(self) -> Self:
        """Use the file."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self._db.close()

    def remove(self) -> None:
        """Close and remove the file: nothing in it is needed any more."""
        self._db.close()
        with suppress(OSError):
            self.path.unlink()

    @property
    def about(self) -> Mapping[str, str]:
        """What the batches belong to; empty as long as nothing was said."""
        return dict(self._rows("SELECT name, value FROM about"))

    def describe(self, about: Mapping[str, str]) -> None:
        """Say what the batches belong to."""
        with self._changing():
            self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def chunks(self) -> list[Chunk]:
        """All chunks, in the order in which they were planned."""
        return [Chunk(*row) for row in self._rows(f"SELECT {_COLUMNS} FROM chunks ORDER BY rowid")]

    def open_chunks(self) -> list[Chunk]:
        """The chunks whose rows are still to come."""
        return [chunk for chunk in self.chunks() if chunk.is_open]

    def plan(self, name: str, ids: Sequence[str]) -> Chunk:
        """Put requests into a chunk of this name, in this order."""
        with self._changing():
            self._db.execute(
                "INSERT INTO chunks (name, status, requests) VALUES (?, ?, ?)",
                (name, PLANNED, len(ids)),
            )
            self._db.executemany(
                "INSERT INTO requests (id, chunk, line) VALUES (?, ?, ?) ON CONFLICT (id) DO "
                "UPDATE SET chunk = excluded.chunk, line = excluded.line",
                ((id_, name, line) for line, id_ in enumerate(ids, 1)),
            )
        return Chunk(name, None, PLANNED, len(ids))

    def note(self, chunk: Chunk) -> None:
        """Keep how a chunk stands."""
        with self._changing():
            self._note(chunk)

    def free(self, chunk: Chunk) -> None:
        """Let the requests of a chunk go that have no answer: they are to be submitted again."""
        with self._changing():
            self._db.execute(
                "UPDATE requests SET chunk = NULL WHERE chunk = ? AND row IS NULL", (chunk.name,)
            )
            if chunk.is_open:
                self._db.execute("DELETE FROM chunks WHERE name = ?", (chunk.name,))
            else:
                self._note(chunk)

    def unanswered(self, chunk: Chunk) -> dict[str, int]:
        """The requests of a chunk that have no answer, each with its line from 1."""
        return dict(
            self._rows(
                "SELECT id, line FROM requests WHERE chunk = ? AND row IS NULL", (chunk.name,)
            )
        )

    def request(self, id_: str) -> Request | None:
        """A request; None if it was never submitted."""
        for row in self._rows("SELECT chunk, tries, row FROM requests WHERE id = ?", (id_,)):
            return Request(*row)
        return None

    def take(self, chunk: Chunk, rows: Iterable[tuple[Row, bool]], most_tries: int) -> list[Fate]:
        """Take in rows of a chunk's batch, in any order and however often.

        Args:
            chunk: whose they are said to be.
            rows: each with whether it is an answer for good.
            most_tries: a request that had so many gets no other.
        """
        with self._changing():
            return [self._take(chunk, row, is_final, most_tries) for row, is_final in rows]

    def _note(self, chunk: Chunk) -> None:
        self._db.execute(
            "UPDATE chunks SET batch = ?, status = ?, completed = ?, failed = ? WHERE name = ?",
            (chunk.batch, chunk.status, chunk.completed, chunk.failed, chunk.name),
        )

    def _take(self, chunk: Chunk, row: Row, is_final: bool, most_tries: int) -> Fate:
        request = self.request(row.id)
        if request is None or request.chunk != chunk.name or request.row is not None:
            return "ignored"
        tries = request.tries + 1
        if is_final or tries >= most_tries:
            self._put(row.id, chunk.name, tries, row.text)
            return "answered"
        self._put(row.id, None, tries, None)
        return "again"

    def _put(self, id_: str, chunk: str | None, tries: int, row: str | None) -> None:
        self._db.execute(
            "UPDATE requests SET chunk = ?, tries = ?, row = ? WHERE id = ?",
            (chunk, tries, row, id_),
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """All changes of the block, or none.

        Raises:
            RunStoppedError: they cannot be made.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise RunStoppedError(f"{self.path} could not be written: {error}") from None

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise RunStoppedError(f"{self.path} could not be read: {error}") from None
