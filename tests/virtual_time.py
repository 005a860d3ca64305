"""An event loop whose time passes only while all of its tasks wait: no test waits for a clock."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class _Clock(selectors.DefaultSelector):
    """A selector that never waits: the time that it should wait passes at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += max(timeout or 0.0, 1e-6)  # a clock that stands still would stop rounding up
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """The event loop."""

    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._clock.now
