"""A gate that holds answers back until the test lets them go."""

from __future__ import annotations

import asyncio
import threading
from collections import deque

PATIENCE = 10.0
"""Seconds after which a wait of a test is a failure, not a wait."""


class Gate:
    """Answers wait at it; the test counts and releases them. Safe between threads.

    With every answer held, "N in flight" is a fact to assert, not a matter of timing.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._free = 0
        self._open = False

    @property
    def waiting(self) -> int:
        """How many answers are held right now."""
        with self._changed:
            return len(self._waiting)

    def wait_for(self, waiting: int, patience: float = PATIENCE) -> None:
        """Block until so many answers are held.

        Raises:
            AssertionError: they did not come.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._waiting) >= waiting, patience):
                raise AssertionError(f"{len(self._waiting)} of {waiting} answers came to the gate")

    async def until(self, waiting: int, patience: float = PATIENCE) -> None:
        """`wait_for`, for a test that runs in an event loop."""
        await asyncio.to_thread(self.wait_for, waiting, patience)

    def release(self, count: int = 1) -> None:
        """Let so many answers go, the earliest first; what is left over is for later ones."""
        with self._changed:
            now = min(count, len(self._waiting))
            self._free += count - now
            going = [self._waiting.popleft() for _ in range(now)]
        for future in going:
            future.get_loop().call_soon_threadsafe(_let_go, future)

    def open(self) -> None:
        """Let all go, now and later."""
        with self._changed:
            self._open = True
            waiting = len(self._waiting)
        self.release(waiting)

    async def passage(self) -> None:
        """Wait to be let through."""
        with self._changed:
            if self._open:
                return
            if self._free:
                self._free -= 1
                return
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            self._changed.notify_all()
        try:
            await future
        except asyncio.CancelledError:
            with self._changed:
                if future in self._waiting:
                    self._waiting.remove(future)
            raise


def _let_go(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
