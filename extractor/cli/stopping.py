"""Ctrl-C and termination while a run is under way."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from extractor.batch import Stop

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_FINISHING = b"\nfinishing what is in flight; once more stops at once\n"
_LEAVING = b"\nleaving the batches to go on; once more stops at once\n"


class Signals:
    """What a run was told by signals: the first stops the taking, the second everything.

    Attributes:
        received: the first that came; None if none did.
    """

    def __init__(self, stop: Stop, *, leaves: bool = False) -> None:
        """Tell `stop`; `leaves` says that what is in flight is not waited for."""
        self._stop = stop
        self._said = _LEAVING if leaves else _FINISHING
        self.received: int | None = None

    @contextmanager
    def handled(self) -> Iterator[None]:
        """In the task of the run: let signals stop it."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()

        def handle(number: int, frame: FrameType | None) -> None:
            is_second = self.received is not None
            if is_second and task is not None:
                loop.call_soon_threadsafe(task.cancel)
            else:
                self.received = number
                os.write(2, self._said)  # print may be under way already
            self._stop.interrupt(at_once=is_second)

        before = {number: signal.signal(number, handle) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
