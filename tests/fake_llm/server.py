"""The server for tests: real HTTP on loopback, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fake_llm.answers import NOTHING
from tests.fake_llm.batches import Batches, BatchRules
from tests.fake_llm.endpoint import Endpoint
from tests.fake_llm.gate import PATIENCE, Gate
from tests.fake_llm.log import Log
from tests.fake_llm.received import ReadArticle, Received, read_article
from tests.fake_llm.scripts import Scripted, as_script


class FakeLLM:
    """A scripted OpenAI-compatible server, from ``with`` to its end.

    ``with FakeLLM([status(429, retry_after=0), answer(records())]) as server: …``

    Leaving the block raises what a script raised, a reply too few included, unless the block
    raises itself.

    Attributes:
        log: all that was seen; the parts that most tests ask for are properties here.
    """

    def __init__(
        self,
        script: Scripted = NOTHING,
        *,
        gate: Gate | None = None,
        latency: Callable[[int], float] = lambda order: 0.0,
        read: ReadArticle = read_article,
        batch_rules: BatchRules | None = None,
    ) -> None:
        self._endpoint = Endpoint(as_script(script), gate, latency, read, batch_rules)
        self.log: Log = self._endpoint.log
        self.batches: Batches = self._endpoint.batches
        self._loop = asyncio.new_event_loop()
        self._ready: Future[tuple[web.AppRunner, int]] = Future()
        self._thread = threading.Thread(target=self._run, name="fake-llm", daemon=True)

    @property
    def port(self) -> int:
        return self._ready.result(PATIENCE)[1]

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes, ``/v1`` included."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def requests(self) -> list[Received]:
        return self.log.requests

    @property
    def count(self) -> int:
        return self.log.count

    @property
    def max_in_flight(self) -> int:
        return self.log.max_in_flight

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result(PATIENCE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        if error is None and (failures := self.log.failures):
            raise failures[0]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._ready.set_result(self._loop.run_until_complete(self._endpoint.serve()))
            self._loop.run_forever()
            self._loop.run_until_complete(self._ready.result()[0].cleanup())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        except OSError as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)
        finally:
            self._loop.close()
