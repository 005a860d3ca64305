"""A run by batches: articles whose requests wait for one, and the model that asks by them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from extractor.batch.batch_api.driving import Driver
from extractor.batch.batch_api.pace import Pace
from extractor.batch.batch_api.requests import MOST_REQUESTS, request_id
from extractor.batch.batch_api.state import State
from extractor.batch.batch_api.taking import Taker
from extractor.batch.batch_api.waiting import Answer, Waiting
from extractor.batch.identity import difference
from extractor.batch.monitor import Monitor
from extractor.batch.paths import Paths
from extractor.errors import ModelError, RunStoppedError, UsageError
from extractor.models.address import Address
from extractor.models.base import Meter
from extractor.models.chat import ChatModel, billing
from extractor.models.chat.batch_replies import row_reply
from extractor.models.chat.batches import BatchService
from extractor.models.chat.endpoint import Reply
from extractor.models.chat.faults import RateLimitedError, TransientError, place
from extractor.models.loading import LOCAL, need_clients, split_name
from extractor.models.options import ModelOptions
from extractor.models.prices import at_batch_price
from extractor.models.providers import address_of
from extractor.results import Step

WINDOW = 10_000
"""Articles that wait for an answer at a time."""
_BATCHES_AT_A_TIME = 4
_TIER = "batch"


def service_of(name: str, options: ModelOptions) -> tuple[BatchService, Address, str]:
    """The batches of the endpoint of a model string, its address, and the model's name there.

    Raises:
        UsageError: there is no such model, it has no endpoint, or its address or key is missing.
    """
    if name == "rules" or name.startswith(LOCAL):
        raise UsageError(f"{name} is no model behind an endpoint: leave out --via batch-api")
    provider, model = split_name(name)
    need_clients(name)
    address = address_of(provider, options.base_url)
    few = replace(options, connections=_BATCHES_AT_A_TIME)
    return BatchService(address, few), address, model


class BatchApi:
    """The way to a chat model by batches, for one run.

    Each request of an article waits until a batch has brought its answer. A request is known by
    its content, so a run that goes on finds again what was answered or is under way: its articles
    ask from the beginning, and what they asked before is answered at once.

    Attributes:
        model: the chat model, as `AsyncExtractor` takes it.
    """

    def __init__(
        self, name: str, options: ModelOptions, monitor: Monitor, pace: Pace | None = None
    ) -> None:
        """Resolve the model; nothing is sent yet.

        Raises:
            UsageError: as `service_of`, or an option of requests that are answered at once is set.
        """
        for option, is_set in (
            ("--cache", options.cache is not None),
            ("--concurrency auto", options.adaptive),
            ("--rpm", options.rpm is not None),
            ("--tpm", options.tpm is not None),
        ):
            if is_set:
                raise UsageError(
                    f"{option} does not go with --via batch-api: leave one of them out"
                )
        self._name = name
        self._service, self._address, self._model = service_of(name, options)
        self._options = options = at_batch_price(name, options)
        self._monitor = monitor
        self._pace = pace or Pace()
        self._waiting = Waiting()
        self._state: State | None = None
        self.window = max(options.connections, WINDOW)
        provider, model = split_name(name)
        self.model = ChatModel(provider, model, options, address=self._address, transport=self)

    @property
    def refused(self) -> int:
        """How often the endpoint answered 429."""
        return self._service.refused

    async def aclose(self) -> None:
        """Close the connections."""
        await self._service.aclose()

    async def post(self, body: bytes, meter: Meter, step: Step) -> Reply:
        """The reply to a request, when a batch has brought it; as `Transport.post`."""
        if self._state is None:
            raise RunStoppedError("a model by batches answers only in a run that writes a file")
        meter.service_tier = _TIER
        id_ = request_id(meter.subject, step, body)
        known = self._state.request(id_)
        if known is not None and known.row is not None:
            answer = Answer(known.row, known.tries)
        else:
            is_fresh = known is None or known.chunk is None
            answer = await self._waiting.answer(id_, body, is_fresh=is_fresh)
        for _ in range(answer.tries):
            meter.spend(billing.sent(step))
        reply = row_reply(json.loads(answer.row), self._address, self._model)
        if isinstance(reply, Reply):
            return reply
        if isinstance(reply, TransientError | RateLimitedError) or reply is None:
            what = reply or "the batch did not answer"
            raise ModelError(f"{what}, {answer.tries} times", retryable=True)
        raise reply

    @asynccontextmanager
    async def attached(self, paths: Paths, identity: str) -> AsyncIterator[None]:
        """While an output is held: submit what its articles ask, and take what was submitted.

        Raises:
            UsageError: the endpoint has no batches, or those of the output are another run's.
            RunStoppedError: the endpoint refuses the key, or cannot be reached.
        """
        await self._service.check()
        with State(paths.batches) as state:
            self._describe(state, identity)
            self._state = state
            taker = Taker(
                self._service, state, self._waiting, self._address, self._model, self._options.tries
            )
            most = min(MOST_REQUESTS, self.window // _BATCHES_AT_A_TIME)
            driver = Driver(taker, self._monitor, self._pace, most)
            driving = asyncio.create_task(driver.drive())
            is_complete = False
            try:
                yield
                is_complete = not self._monitor.stop.requested
            finally:
                driving.cancel()
                await asyncio.gather(driving, return_exceptions=True)
                if is_complete:
                    await driver.finish()
                self._say_what_is_left(state)
            if is_complete and not state.open_chunks():
                state.remove()

    def _describe(self, state: State, identity: str) -> None:
        """Say what the batches belong to.

        Raises:
            UsageError: they belong to something else.
        """
        here = {"run": identity, "model": self._name, "base_url": place(self._address)}
        there = state.about
        if there and there != here:
            what = [difference(there["run"], identity)] if there["run"] != identity else []
            if there["base_url"] != here["base_url"]:
                what.append(f"at {there['base_url']} there and at {here['base_url']} here")
            raise UsageError(
                f"{state.path} holds batches of another run ({', '.join(what)}): name another "
                "output, or move this one aside with --restart"
            )
        state.describe(here)

    def _say_what_is_left(self, state: State) -> None:
        left = [chunk for chunk in state.open_chunks() if chunk.batch is not None]
        if left:
            self._monitor.on_note(
                f"batches that go on at the endpoint: {len(left):,}, of "
                f"{sum(chunk.requests for chunk in left):,} requests; the same command takes what "
                "they bring, `extractor batch-cancel` ends them"
            )
