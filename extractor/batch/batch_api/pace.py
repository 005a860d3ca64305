"""How often an endpoint is asked how its batches stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_GROWTH = 1.5


@dataclass(slots=True)
class Pace:
    """Looks that come at growing intervals while nothing happens.

    Attributes:
        tick: seconds between two turns of the loop, in which new requests gather.
        first: seconds between two looks at first, and after something has happened.
        longest: seconds between two looks at most.
        clock: seconds, only forward.
        sleep: waits for some seconds.
    """

    tick: float = 0.5
    first: float = 5.0
    longest: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _interval: float = field(init=False, default=0.0)
    _next: float = field(init=False, default=0.0)

    def hurry(self) -> None:
        """Something has happened: look again soon."""
        self._interval = self.first
        self._next = min(self._next, self.clock() + self.first)

    def is_due(self) -> bool:
        """Whether it is time for a look; if so, the next one is later."""
        now = self.clock()
        if now < self._next:
            return False
        self._interval = min(self.longest, self._interval * _GROWTH) or self.first
        self._next = now + self._interval
        return True
