"""What the server saw, to be read from any thread."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from tests.fake_llm.gate import PATIENCE
from tests.fake_llm.received import Received
from tests.fake_llm.replies import Reply

T = TypeVar("T")


class Log:
    """Requests, replies and counts; each list is a copy as of now.

    Args:
        keep: whether more than counts is kept; a long benchmark would fill the memory.
    """

    def __init__(self, keep: bool = True) -> None:
        self._keep = keep
        self._count = self._row_count = 0
        self._changed = threading.Condition()
        self._requests: list[Received] = []
        self._rows: list[Received] = []
        self._exchanges: list[tuple[Received, Reply]] = []
        self._calls: list[tuple[str, str]] = []
        self._attempts: Counter[str] = Counter()
        self._peers: set[Any] = set()
        self._row_ids: set[str] = set()
        self._failures: list[Exception] = []
        self._in_flight = self._max_in_flight = self._disconnected = 0

    @property
    def requests(self) -> list[Received]:
        """Requests for a chat completion, in order of arrival; no batch rows."""
        return self._copy(self._requests)

    @property
    def count(self) -> int:
        """How many those are."""
        return self._count

    @property
    def rows(self) -> list[Received]:
        """Batch rows that were answered."""
        return self._copy(self._rows)

    @property
    def row_count(self) -> int:
        """How many those are."""
        return self._row_count

    @property
    def distinct_rows(self) -> int:
        """How many of them have an id that came for the first time."""
        return len(self._row_ids)

    @property
    def exchanges(self) -> list[tuple[Received, Reply]]:
        """Each request and row with what the script answered, in the order of the answers."""
        return self._copy(self._exchanges)

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Method and path of everything that was asked, files and batches too."""
        return self._copy(self._calls)

    @property
    def failures(self) -> list[Exception]:
        """What scripts raised."""
        return self._copy(self._failures)

    @property
    def in_flight(self) -> int:
        """Chat requests that came and are not answered in full yet."""
        return self._in_flight

    @property
    def max_in_flight(self) -> int:
        """The most there ever were."""
        return self._max_in_flight

    @property
    def disconnected(self) -> int:
        """Clients that left before their answer."""
        return self._disconnected

    @property
    def connections(self) -> int:
        """Connections on which something was asked."""
        return len(self._peers)

    def wait_for(self, count: int, patience: float = PATIENCE) -> None:
        """Block until so many chat requests came.

        Raises:
            AssertionError: they did not come.
        """
        if not self.wait_until(lambda log: log.count >= count, patience):
            raise AssertionError(f"{self.count} of {count} requests came")

    def wait_until(self, condition: Callable[[Log], bool], patience: float = PATIENCE) -> bool:
        """Block until the condition holds, which is asked whenever something has happened."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), patience)

    # Written by the server

    def called(self, method: str, path: str, peer: Any) -> None:
        """Something was asked."""
        with self._changed:
            if self._keep:
                self._calls.append((method, path))
            self._peers.add(peer)

    def enter(self) -> int:
        """A chat request came; the number in flight now."""
        with self._changed:
            self._in_flight += 1
            self._max_in_flight = max(self._max_in_flight, self._in_flight)
            return self._in_flight

    def leave(self, *, disconnected: bool = False) -> None:
        """A chat request is answered, or its client has left."""
        with self._changed:
            self._in_flight -= 1
            self._disconnected += disconnected
            self._changed.notify_all()

    def next_order(self) -> int:
        """The number of the request that is being read."""
        return self._count + self._row_count + 1

    def attempt(self, key: str) -> int:
        """How many times `key` was asked about, this time included."""
        self._attempts[key] += 1
        return self._attempts[key]

    def add(self, request: Received) -> None:
        """Keep a request or a row."""
        with self._changed:
            self._count += request.batch is None
            self._row_count += request.batch is not None
            if request.custom_id is not None:
                self._row_ids.add(request.custom_id)
            if self._keep:
                (self._rows if request.batch else self._requests).append(request)
            self._changed.notify_all()

    def answered(self, request: Received, reply: Reply) -> None:
        """Keep what was answered."""
        with self._changed:
            if self._keep:
                self._exchanges.append((request, reply))

    def failed(self, error: Exception) -> None:
        """Keep what a script raised."""
        with self._changed:
            self._failures.append(error)

    def _copy(self, values: list[T]) -> list[T]:
        with self._changed:
            return list(values)
