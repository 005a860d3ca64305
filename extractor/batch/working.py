"""Many articles at a time: tasks that pull one after another, until there are no more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_RAMP = 0.5


class Interrupted(Exception):
    """The run was stopped from outside while it waited for input, or was to end at once."""


class Stop:
    """Whether, and why, a run takes no more articles; what is in flight is finished.

    Attributes:
        requested: whether it does not.
        error: why, if that is an error.
    """

    def __init__(self) -> None:
        """Go on."""
        self.requested = False
        self.error: Exception | None = None
        self._is_reading = False
        self._is_busy = False

    def request(self, error: Exception | None = None) -> None:
        """Take no more articles; the first error is the one that counts."""
        self.requested = True
        self.error = self.error or error

    def interrupt(self, *, at_once: bool = False) -> None:
        """In a signal handler: as `request`, and let no input be waited for.

        Raises:
            Interrupted: input is waited for; or, at once, long work is under way.
        """
        self.requested = True
        if self._is_reading or (at_once and self._is_busy):
            raise Interrupted

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Work for so long that it may have to be broken off.

        Raises:
            Interrupted: it was.
        """
        self._is_busy = True
        try:
            yield
        finally:
            self._is_busy = False

    def read(self, items: Iterator[T]) -> T | None:
        """The next of `items`, or None; may be interrupted.

        Raises:
            Interrupted: it was.
        """
        self._is_reading = True
        try:
            return next(items, None)
        finally:
            self._is_reading = False


async def drain(
    jobs: Iterator[T | None],
    work: Callable[[T], Awaitable[None]],
    *,
    concurrency: int,
    stop: Stop,
) -> None:
    """Do every job, `concurrency` of them at a time; each is taken when there is room for it.

    The tasks begin one after another over half a second, since calls in lock-step cost a wave
    of work each. An error stops the run; what is in flight is finished all the same.

    Args:
        jobs: what is to be done; None lets other tasks run.
        work: does one.
        concurrency: how many at a time.
        stop: ends the taking, from outside too; holds the error, if there was one.
    """
    ended = asyncio.Event()

    async def worker() -> None:
        try:
            while not stop.requested:
                job = next(jobs)
                await (asyncio.sleep(0) if job is None else work(job))
        except (StopIteration, Interrupted):
            pass
        except Exception as error:
            stop.request(error)
        finally:
            ended.set()

    async with asyncio.TaskGroup() as group:
        for number in range(concurrency):
            if number and await _within(ended, _RAMP / concurrency):
                break
            group.create_task(worker())


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Whether the event came within some time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
