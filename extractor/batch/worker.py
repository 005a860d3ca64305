"""A worker process of a run: takes articles from a socket, and answers with what they became.

It ends when the other end of the socket is closed, so also if the run is killed.
"""

from __future__ import annotations

import asyncio
import gc
import pickle
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from extractor.article import Article
from extractor.batch.finished import Finished, OneProcess
from extractor.errors import ExtractorError, RunStoppedError
from extractor.models.base import Paced
from extractor.pipeline import AsyncExtractor

BUFFER = 1 << 20
"""Bytes that are read ahead of a socket."""
_LENGTH = struct.Struct("!Q")
_COLLECTED_AFTER = 50_000

Make: TypeAlias = Callable[[], AsyncExtractor]


class Task(NamedTuple):
    """An article to do, with a number that its answer has as well."""

    number: int
    article: Article
    revision: int


class Pause(NamedTuple):
    """Seconds for which an endpoint asked to be left alone."""

    seconds: float


class Answer(NamedTuple):
    """What a task became, or why the run cannot go on."""

    number: int
    result: Finished | RunStoppedError


class Ready(NamedTuple):
    """The worker can take tasks, or the reason why it never will."""

    unable: str | None = None


async def receive(reader: asyncio.StreamReader) -> Any:
    """The next message.

    Raises:
        EOFError: the other end is closed.
        OSError: the other end is gone.
    """
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))


def send(writer: asyncio.StreamWriter, message: object) -> None:
    """Send a message; it is buffered."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    writer.write(_LENGTH.pack(len(data)) + data)


def spare_the_collector() -> None:
    """Let the garbage collector look less often.

    What is loaded stays to the end, and articles leave few cycles behind: without this a sixth of
    the time would go into looking for them.
    """
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)


def main() -> None:
    """Work at the socket whose file descriptor is the last argument."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the run decides when to stop
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[-1])) as connection:
        asyncio.run(_work(connection))


async def _work(connection: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=connection, limit=BUFFER)
    try:
        make: Make = await receive(reader)
        extractor = make()
    except Exception as error:
        reason = str(error) if isinstance(error, ExtractorError) else type(error).__name__
        send(writer, Ready(reason))
        await writer.drain()
        return
    send(writer, Ready())
    spare_the_collector()
    try:
        async with extractor:
            await _serve(extractor, reader, writer)
    except* (EOFError, OSError):
        pass  # the run is over


async def _serve(
    extractor: AsyncExtractor, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Do what comes, until nothing more can come.

    Raises:
        ExceptionGroup: of EOFError or OSError: the run is over.
    """
    workers = OneProcess(extractor)
    pacing = extractor.model.pacing if isinstance(extractor.model, Paced) else None
    if pacing is not None:
        pacing.on_pause = lambda seconds: send(writer, Pause(seconds))

    async def do(task: Task) -> None:
        send(writer, Answer(task.number, await _result(workers, task)))
        await writer.drain()

    async with asyncio.TaskGroup() as group:
        while True:
            message = await receive(reader)
            if isinstance(message, Task):
                group.create_task(do(message))
            elif pacing is not None:
                pacing.hold(message.seconds)


async def _result(workers: OneProcess, task: Task) -> Finished | RunStoppedError:
    try:
        return await workers.finish(task.article, task.revision)
    except RunStoppedError as error:
        return error
    except Exception as error:
        return RunStoppedError(f"a worker process broke down ({type(error).__name__})")
