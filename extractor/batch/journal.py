"""The journal of a run: finished lines in order of completion, each group of them made durable.

What is in the journal is done, whatever happens next. It is there from the first line of a run
until its output has been made of it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Generic, Self, TypeVar

from extractor.batch.files import open_alone, sync_folder
from extractor.errors import RunStoppedError, UsageError

_WAITING = 256
_LINGER = 0.01
"""Seconds a commit waits for others to join it (PostgreSQL's `commit_delay`).

At 200 articles a second without it nearly each has a commit of its own, and an article costs 6.6
in place of 5.0 ms of CPU (`python -m benchmarks.clients`, no latency).
"""

T = TypeVar("T")


class Journal:
    """The file itself, held by one process at a time.

    Attributes:
        path: where it is.
        size: bytes of it that are durable, or were there before.
    """

    def __init__(self, path: Path, output: Path) -> None:
        """Open the journal of `output`, or make it.

        Raises:
            UsageError: another run has it, or it cannot be written.
        """
        self.path = path
        self._output = output
        try:
            self._file: IO[bytes] = open_alone(path)
        except BlockingIOError:
            raise UsageError(
                f"another run is writing {output}: wait for it, or name another"
            ) from None
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror}") from None
        self.size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> Self:
        """Hold the journal."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Let go of the journal; one that holds nothing is removed."""
        if not self.size:
            self.remove()
        self._file.close()

    def cut(self, size: int) -> None:
        """Drop what is after the first `size` bytes."""
        os.ftruncate(self._file.fileno(), size)
        os.fsync(self._file.fileno())
        self.size = size

    def append(self, lines: Sequence[bytes]) -> None:
        """Write lines and make them durable; if that fails, those that fit are left, none half.

        Raises:
            RunStoppedError: they cannot be written (a full disk).
        """
        number = self._file.fileno()
        data = b"".join(lines)
        written = 0
        try:
            while written < len(data):
                written += os.write(number, memoryview(data)[written:])
            os.fsync(number)
        except OSError as error:
            with suppress(OSError):
                self.cut(self.size + data.rfind(b"\n", 0, written) + 1)
            raise RunStoppedError(
                f"{self.path} could not be written: {error.strerror}; what was done is kept: "
                "make room and give the same command again"
            ) from None
        self.size += written

    def remove(self) -> None:
        """Remove the file: the output holds what was in it."""
        with suppress(OSError):
            self.path.unlink()
            sync_folder(self.path.parent)


class GroupCommit(Generic[T]):
    """Appends to a journal from many tasks: whatever waits goes into one write and one fsync.

    Use it as an asynchronous context manager; leaving it writes what still waits. The writing
    is a thread's, which goes on to the end of its queue even if every task is cancelled.
    """

    def __init__(self, journal: Journal, on_durable: Callable[[T, int], None]) -> None:
        """Tell `on_durable` of each item, with the offset of its line, once that will last."""
        self._journal = journal
        self._on_durable = on_durable
        self._room = asyncio.Semaphore(_WAITING)
        self._waiting: SimpleQueue[tuple[bytes, T] | None] = SimpleQueue()
        self._durable: deque[tuple[int, T]] = deque()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._write, name="journal")

    async def __aenter__(self) -> Self:
        """Begin to write."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Write what waits.

        Raises:
            RunStoppedError: it cannot be written.
        """
        self._waiting.put(None)
        self._thread.join()
        self._settle()
        if self._error is not None and error is None:
            raise self._error

    async def append(self, line: bytes, item: T) -> None:
        """Queue a line; waits while the disk is behind.

        Raises:
            RunStoppedError: the journal cannot be written any more.
        """
        await self._room.acquire()
        if self._error is not None:
            self._room.release()
            raise self._error
        self._waiting.put((line, item))

    def _write(self) -> None:
        """What the thread does: take everything that waits, write it, say so."""
        is_open = True
        while is_open:
            taken = [self._waiting.get()]
            if taken[0] is not None:
                time.sleep(_LINGER)
            while not self._waiting.empty():
                taken.append(self._waiting.get())
            is_open = None not in taken
            group = [entry for entry in taken if entry is not None]
            if group and self._error is None:
                try:
                    self._append(group)
                except BaseException as error:
                    self._error = error
            # A loop that has ended has nobody left who waits for room.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._settle, len(group))

    def _append(self, group: Sequence[tuple[bytes, T]]) -> None:
        offset = self._journal.size
        self._journal.append([line for line, _ in group])
        for line, item in group:
            self._durable.append((offset, item))
            offset += len(line)

    def _settle(self, room: int = 0) -> None:
        """In the event loop: tell of what is durable, and let as many wait as were written."""
        try:
            while self._durable:
                offset, item = self._durable.popleft()
                self._on_durable(item, offset)
        except Exception as error:
            # Raised here it would only be logged; the run must end with it.
            self._error = self._error or error
        for _ in range(room):
            self._room.release()
