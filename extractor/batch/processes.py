"""Worker processes of one run, each with an event loop of its own; the run itself stays one.

The run reads, journals and decides; a worker is sent an article and answers with its line. What
was in flight in a worker that died is done again: first in a process of its own with other such
articles, then alone, so that an article that kills its process costs no other one its result.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Self

from extractor.article import Article
from extractor.batch.finished import Finished
from extractor.batch.worker import BUFFER, Answer, Make, Pause, Ready, Task, receive, send
from extractor.errors import RunStoppedError
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.results import ErrorInfo

_START = "import sys; sys.path[:] = {path!r}; from extractor.batch.worker import main; main()"
_PATIENCE = 5.0
_STARTS = 3


class WorkerDied(Exception):
    """A worker process ended while it had work; its words say how."""


class Processes:
    """Whoever does the articles of a run, as `Workers`: a process for each share of its limits.

    Use it as an asynchronous context manager; a process starts when it is first needed.

    Args:
        make: makes the extractor of a worker, given its share as `options`; it is pickled.
        shares: of the limits.

    Attributes:
        refused: how often the endpoint answered 429.
    """

    def __init__(self, make: Callable[..., AsyncExtractor], shares: Sequence[ModelOptions]) -> None:
        """Start nothing yet."""
        first = shares[0]
        self._extractor = make(options=first)
        self._pools = [
            _Pool([_Worker(partial(make, options=share), share, self._paused) for share in own])
            for own in (shares, [first], [replace(first, connections=1)])
        ]
        self.refused = 0

    @property
    def identity(self) -> str:
        """What is asked, as one string."""
        return self._extractor.identity

    @property
    def concurrency(self) -> int:
        """How many articles all of them do at a time."""
        return self._pools[0].capacity

    async def finish(self, article: Article, revision: int) -> Finished:
        """Do one article; it fails if every process that works on it dies.

        Raises:
            RunStoppedError: no article can succeed, or a process cannot start.
        """
        how = ""
        for lost, pool in enumerate(self._pools):
            try:
                finished = await pool.finish(article, revision)
                return replace(finished, lost=lost) if lost else finished
            except WorkerDied as death:
                how = str(death)
        tries = len(self._pools)
        error = ErrorInfo(
            type=WorkerDied.__name__,
            message=f"the process that worked on it died, {tries} times of {tries} ({how})",
            retryable=True,
        )
        failed = Finished.of(self._extractor.failure(article, error, revision=revision))
        return replace(failed, lost=tries)

    async def __aenter__(self) -> Self:
        """Nothing starts before there is work."""
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End the processes; at once, if something went wrong."""
        ending = (worker.end(at_once=error is not None) for worker in self._workers())
        await asyncio.gather(self._extractor.aclose(), *ending)

    def _workers(self) -> list[_Worker]:
        return [worker for pool in self._pools for worker in pool.workers]

    def _paused(self, by: _Worker, pause: Pause) -> None:
        """What one is asked by the endpoint holds for all."""
        self.refused += 1
        for worker in self._workers():
            if worker is not by:
                worker.hold(pause)


class _Pool:
    """Workers that share what comes."""

    def __init__(self, workers: Sequence[_Worker]) -> None:
        self.workers = workers
        self.capacity = sum(worker.room for worker in workers)
        self._room = asyncio.Semaphore(self.capacity)

    async def finish(self, article: Article, revision: int) -> Finished:
        """Do an article where most room is.

        Raises:
            WorkerDied: the process died.
            RunStoppedError: no article can succeed, or the process cannot start.
        """
        async with self._room:
            worker = max(self.workers, key=lambda worker: worker.room)
            return await worker.finish(article, revision)


class _Worker:
    """A worker process: started when it is first needed, and anew when it has died.

    Attributes:
        room: how many more articles it takes.
    """

    def __init__(
        self, make: Make, share: ModelOptions, on_pause: Callable[[_Worker, Pause], None]
    ) -> None:
        self.room = share.connections
        self._make = make
        self._on_pause = on_pause
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Finished]] = {}
        self._starting = asyncio.Lock()
        self._unable: RunStoppedError | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None

    async def finish(self, article: Article, revision: int) -> Finished:
        """Do an article.

        Raises:
            WorkerDied: the process died.
            RunStoppedError: no article can succeed, or the process cannot start.
        """
        self.room -= 1
        number = next(self._numbers)
        try:
            async with self._starting:
                if self._unable is not None:
                    raise self._unable
                writer = self._writer or await self._start()
            self._waiting[number] = asyncio.get_running_loop().create_future()
            send(writer, Task(number, article, revision))
            return await self._waiting[number]
        finally:
            self._waiting.pop(number, None)
            self.room += 1

    def hold(self, pause: Pause) -> None:
        """Let it send no requests for a while."""
        if self._writer is not None:
            send(self._writer, pause)

    async def end(self, *, at_once: bool) -> None:
        """Let the process end, or kill it."""
        if self._listening is not None:
            self._listening.cancel()
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            await _ended(self._process, 0.0 if at_once else _PATIENCE)

    async def _start(self) -> asyncio.StreamWriter:
        """Start the process, and wait until it is ready; one that dies meanwhile is started anew.

        Raises:
            RunStoppedError: it cannot start; the words say why.
        """
        reason = ""
        for _ in range(_STARTS):
            try:
                return await self._connect(*await self._spawn())
            except OSError as error:
                reason = str(error.strerror)
            except WorkerDied as death:
                reason = f"it ended at once ({death})"
        raise self._gives_up(reason)

    async def _spawn(self) -> tuple[asyncio.subprocess.Process, socket.socket]:
        """Start the process; it, and the run's end of its socket.

        Raises:
            OSError: there is no room for it.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-c",
                    _START.format(path=sys.path),
                    str(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL,
                    process_group=0,  # Ctrl-C is for the run, which decides
                )
        except BaseException:
            ours.close()
            raise
        return self._process, ours

    async def _connect(
        self, process: asyncio.subprocess.Process, ours: socket.socket
    ) -> asyncio.StreamWriter:
        """Tell the process what to make, and listen to it.

        Raises:
            WorkerDied: it did.
            RunStoppedError: it cannot make it.
        """
        reader, writer = await asyncio.open_connection(sock=ours, limit=BUFFER)
        self._writer = writer
        send(writer, self._make)
        try:
            ready: Ready = await receive(reader)
        except (EOFError, OSError):
            writer.close()
            raise WorkerDied(await _ended(process)) from None
        if ready.unable is not None:
            raise self._gives_up(ready.unable)
        self._listening = asyncio.create_task(self._listen(reader, writer, process))
        return writer

    def _gives_up(self, reason: str) -> RunStoppedError:
        self._unable = RunStoppedError(f"a worker process cannot start: {reason}")
        return self._unable

    async def _listen(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        process: asyncio.subprocess.Process,
    ) -> None:
        """Take what the process says, until it has died."""
        with suppress(EOFError, OSError):
            while True:
                message = await receive(reader)
                if isinstance(message, Pause):
                    self._on_pause(self, message)
                else:
                    self._answered(message)
        self._writer = None
        writer.close()
        lost, self._waiting = self._waiting, {}
        death = WorkerDied(await _ended(process))
        for future in lost.values():
            if not future.done():
                future.set_exception(death)

    def _answered(self, answer: Answer) -> None:
        future = self._waiting.get(answer.number)
        if future is None or future.done():  # nobody waits any more
            return
        if isinstance(answer.result, RunStoppedError):
            future.set_exception(answer.result)
        else:
            future.set_result(answer.result)


async def _ended(process: asyncio.subprocess.Process, patience: float = _PATIENCE) -> str:
    """How a process has ended; one that does not end is killed."""
    try:
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    number = await process.wait()
    return f"killed by {signal.Signals(-number).name}" if number < 0 else f"exit code {number}"
