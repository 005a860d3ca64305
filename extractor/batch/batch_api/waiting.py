"""Requests whose articles wait for an answer: all of them, and those that are in no batch yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractor.errors import RunStoppedError


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered in the end.

    Attributes:
        row: the batch's row, as JSON.
        tries: how often the request was in a batch that ended with it.
    """

    row: str
    tries: int


@dataclass(slots=True)
class _Waiter:
    body: bytes
    answer: asyncio.Future[Answer]


class Waiting:
    """It belongs to one event loop; each article waits for one request at a time."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._waiters: dict[str, _Waiter] = {}
        self._fresh: dict[str, None] = {}
        self._is_closed = False
        self._reason: str | None = None
        self.fresh_bytes = 0

    def __len__(self) -> int:
        """How many requests are waited for."""
        return len(self._waiters)

    @property
    def fresh_count(self) -> int:
        """How many of them are in no batch yet; `fresh_bytes` is their size."""
        return len(self._fresh)

    async def answer(self, id_: str, body: bytes, *, is_fresh: bool) -> Answer:
        """The answer to a request, when it comes; `is_fresh` puts it among those to be submitted.

        Raises:
            CancelledError: the run leaves its batches to go on.
            RunStoppedError: it ended with that.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if self._is_closed:
            self._end(future)
            return await future
        waiter = self._waiters.setdefault(id_, _Waiter(body, future))
        if is_fresh:
            self.put_back([id_])
        try:
            return await waiter.answer
        finally:
            self._drop(id_)
            self._waiters.pop(id_, None)

    def fresh(self) -> Iterator[tuple[str, bytes]]:
        """Requests that are in no batch yet, the oldest first."""
        return ((id_, self._waiters[id_].body) for id_ in self._fresh)

    def submitted(self, ids: Iterable[str]) -> None:
        """Requests are in a batch now, or on their way to one."""
        for id_ in ids:
            self._drop(id_)

    def put_back(self, ids: Iterable[str]) -> None:
        """Requests are to be submitted, again or for the first time, if anybody waits for them."""
        for id_ in ids:
            if id_ in self._waiters and id_ not in self._fresh:
                self._fresh[id_] = None
                self.fresh_bytes += len(self._waiters[id_].body)

    def resolve(self, id_: str, answer: Answer) -> None:
        """An answer came; if nobody waits for it, it is kept elsewhere."""
        waiter = self._waiters.get(id_)
        if waiter is not None and not waiter.answer.done():
            waiter.answer.set_result(answer)

    def close(self, reason: str | None = None) -> None:
        """Let nobody wait any more: with an error, or as if they had not asked."""
        self._is_closed, self._reason = True, reason
        for waiter in self._waiters.values():
            self._end(waiter.answer)

    def _end(self, future: asyncio.Future[Answer]) -> None:
        if future.done():
            return
        if self._reason is None:
            future.cancel()
        else:
            future.set_exception(RunStoppedError(self._reason))

    def _drop(self, id_: str) -> None:
        if id_ in self._fresh:
            del self._fresh[id_]
            self.fresh_bytes -= len(self._waiters[id_].body)
