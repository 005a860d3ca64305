"""Answers that were paid for once: one SQLite file that runs and processes share."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

from extractor.errors import RunStoppedError, UsageError
from extractor.models.address import Address
from extractor.models.chat.endpoint import Reply
from extractor.models.chat.faults import place

_FILE = "answers.sqlite"
_BUSY = 30.0
_POLL = 0.05
_CLAIMED = 15.0
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, reply TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
    key TEXT PRIMARY KEY, owner TEXT NOT NULL, expiry REAL NOT NULL
) WITHOUT ROWID;
"""
_FIND = "SELECT reply FROM answers WHERE key = ?"
_STORE = "INSERT OR REPLACE INTO answers (key, reply) VALUES (?, ?)"
_CLAIM = """
INSERT INTO claims (key, owner, expiry) VALUES (:key, :owner, :expiry)
ON CONFLICT (key) DO UPDATE SET owner = :owner, expiry = :expiry WHERE claims.expiry < :now
"""
_RENEW = "UPDATE claims SET expiry = ? WHERE key = ? AND owner = ?"
_RELEASE = "DELETE FROM claims WHERE key = ? AND owner = ?"


def answer_key(address: Address, body: bytes) -> str:
    """SHA-256 (hex) over all that shapes an answer: who is asked, and the request's bytes."""
    asked = address.engine or "?".join((place(address), *sorted(address.query.values())))
    return hashlib.sha256(asked.encode() + b"\n" + body).hexdigest()


class AnswerCache:
    """Complete answers by the key of their request, in ``FOLDER/answers.sqlite``.

    Equal requests are sent once: who claims a key first asks, all others wait for the answer,
    whichever model, thread or process they are in. Who asks renews the claim; once it has
    failed, or is gone and the claim expires, the next one asks. The file must be on a disk of
    this machine, since SQLite's write-ahead log needs shared memory.

    It belongs to one event loop, from its first answer to `close`.

    Args:
        folder: made, for this user only, if it is not there.

    Raises:
        UsageError: the folder cannot be used, or the file is no such cache.
    """

    def __init__(self, folder: str | Path) -> None:
        """Make the file if it is not there."""
        self._path = Path(folder).expanduser() / _FILE
        self._opened: sqlite3.Connection | None = None
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            with closing(self._connect()) as connection:
                connection.executescript(_TABLES)
                connection.execute(_FIND, ("",))
                connection.execute(_RENEW, (0, "", ""))
        except OSError as error:
            raise UsageError(f"the cache {self._path} cannot be used: {error.strerror}") from None
        except sqlite3.Error as error:
            raise UsageError(f"{self._path} is no cache of answers: {error}") from None

    def close(self) -> None:
        """Close the file; the next answer opens it again."""
        connection, self._opened = self._opened, None
        if connection is not None:
            connection.close()

    def holds(self, key: str) -> bool:
        """Whether the answer is there."""
        return self._found(key) is not None

    async def answer(
        self,
        key: str,
        ask: Callable[[], Awaitable[Reply]],
        is_complete: Callable[[Reply], bool],
    ) -> Reply:
        """The stored reply, that of an equal request in flight, or the one that `ask` gets.

        Args:
            key: that of the request.
            ask: sends it; what it raises is raised.
            is_complete: whether a reply of `ask` is stored.

        Raises:
            RunStoppedError: the disk is full, or the file is damaged.
        """
        owner = uuid.uuid4().hex
        while (found := self._found(key)) is None and not self._claims(key, owner):
            await asyncio.sleep(_POLL)
        if found is not None:
            return found
        async with self._claimed(key, owner):
            # the owner before may have stored it between our look and our claim
            if (found := self._found(key)) is not None:
                return found
            reply = await ask()
            if is_complete(reply):
                self._store(key, reply)
            return reply

    def _found(self, key: str) -> Reply | None:
        """The stored reply; an entry that cannot be read is none, and is written anew."""
        rows, _ = self._run(_FIND, (key,))
        try:
            body, request_id = json.loads(rows[0][0])
        except (IndexError, TypeError, ValueError, RecursionError):
            return None
        return Reply(body, request_id) if isinstance(body, dict) else None

    def _store(self, key: str, reply: Reply) -> None:
        self._run(_STORE, (key, json.dumps([reply.body, reply.request_id])))

    def _claims(self, key: str, owner: str) -> bool:
        now = time.time()
        claim = {"key": key, "owner": owner, "expiry": now + _CLAIMED, "now": now}
        return self._run(_CLAIM, claim)[1] == 1

    @asynccontextmanager
    async def _claimed(self, key: str, owner: str) -> AsyncIterator[None]:
        """Hold a claim for as long as the block runs."""
        renewing = asyncio.create_task(self._renew(key, owner))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(RunStoppedError):  # it expires by itself
                self._run(_RELEASE, (key, owner))

    async def _renew(self, key: str, owner: str) -> None:
        while True:
            await asyncio.sleep(_CLAIMED / 3)
            with suppress(RunStoppedError):  # an expired claim costs a second call at worst
                self._run(_RENEW, (time.time() + _CLAIMED, key, owner))

    def _run(self, statement: str, values: Any) -> tuple[list[Any], int]:
        """Rows, and how many were changed."""
        try:
            self._opened = self._opened or self._connect()
            cursor = self._opened.execute(statement, values)
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            raise RunStoppedError(f"the cache {self._path} failed: {error}") from None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
        try:
            connection.text_factory = bytes
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
