"""When a request may go out: the pause that all share, the limits, how many there may be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from extractor.errors import RunStoppedError
from extractor.models.chat.concurrency import Concurrency
from extractor.models.chat.faults import RateLimitedError
from extractor.models.chat.throttle import Throttle
from extractor.models.options import ModelOptions

_LONGEST_WAIT = 60.0
_PATIENCE = 200


class Pacing:
    """Holds the requests of a run back, and learns from how they went.

    Attributes:
        refused: how often the endpoint answered 429.
        on_pause: is told of the seconds of each pause that it asks for.
    """

    def __init__(self, place: str, options: ModelOptions) -> None:
        """Nothing is held back yet; messages call the endpoint `place`."""
        self._place = place
        self._wait = options.wait
        self._throttle = Throttle(options.rpm, options.tpm)
        self._concurrency = Concurrency(options.connections) if options.adaptive else None
        self._open_again = asyncio.Event()
        self._open_again.set()
        self._open_at = 0.0
        self._pauses = 0
        self.refused = 0
        self.on_pause: Callable[[float], None] = lambda seconds: None

    async def admit(self, body: bytes, timer: asyncio.Timeout) -> float:
        """Wait until a request may go out, while `timer` stands still.

        Returns:
            The tokens of its text, if tokens are limited.
        """
        if self._open_again.is_set() and self._throttle.is_open and self._concurrency is None:
            return 0.0
        loop = asyncio.get_running_loop()
        began, when = loop.time(), timer.when()
        timer.reschedule(None)
        try:
            await self._open_again.wait()
            tokens = await self._throttle.admit(body)
            if self._concurrency is not None:
                await self._concurrency.acquire()
            await self._reopened()
            return tokens
        finally:
            if when is not None:
                timer.reschedule(when + loop.time() - began)

    async def _reopened(self) -> None:
        """Wait for the end of a pause that began meanwhile, with a place among those in flight."""
        try:
            await self._open_again.wait()
        except asyncio.CancelledError:
            if self._concurrency is not None:
                self._concurrency.broken_off()
            raise

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """While a request that was admitted is out; how it goes says how many there may be."""
        if self._concurrency is None:
            yield
            return
        loop = asyncio.get_running_loop()
        began, is_over = loop.time(), self._concurrency.broken_off
        try:
            yield
            is_over = partial(self._concurrency.answered, loop.time() - began)
        except RateLimitedError:
            is_over = self._concurrency.refused
            raise
        finally:
            is_over()

    def answered(self, tokens: float, reply: Mapping[str, Any]) -> None:
        """A request of so many tokens of text got this reply."""
        self._pauses = 0
        self._throttle.learn(tokens, reply)

    def pause(self, seconds: float | None) -> None:
        """Hold every request back, as long as a 429 asks for; the longest counts.

        Raises:
            RunStoppedError: nothing but 429 came for a very long time.
        """
        self.refused += 1
        self._pauses += self._open_again.is_set()
        if self._pauses > _PATIENCE:
            raise RunStoppedError(f"{self._place} answered nothing but 429 for {_PATIENCE} pauses")
        if seconds is None:
            seconds = min(_LONGEST_WAIT, self._wait * 2 ** min(self._pauses, 10))
        self.hold(seconds)
        self.on_pause(seconds)

    def hold(self, seconds: float) -> None:
        """Hold every request back for so long; the longest pause counts."""
        loop = asyncio.get_running_loop()
        if self._open_again.is_set():
            self._open_again.clear()
            self._open_at = 0.0
        self._open_at = max(self._open_at, loop.time() + seconds)
        loop.call_at(self._open_at, self._open, self._open_at)

    def _open(self, planned: float) -> None:
        """Let requests go, unless the pause was made longer."""
        if planned >= self._open_at:
            self._open_again.set()
