"""One question, one answer: the mode, the cache, the re-asks; what it cost goes on the meter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from extractor import telemetry
from extractor.errors import ModelError, RunStoppedError
from extractor.models.address import Address
from extractor.models.base import Meter, RecordType
from extractor.models.chat import billing
from extractor.models.chat.answers import Answer, read_answer
from extractor.models.chat.cache import AnswerCache, answer_key
from extractor.models.chat.endpoint import Endpoint, Reply
from extractor.models.chat.faults import ModeRefusedError, SchemaIgnoredError, place
from extractor.models.chat.pacing import Pacing
from extractor.models.chat.requests import MODES, Requests, body_base
from extractor.models.chat.transport import Transport
from extractor.models.options import Mode, ModelOptions
from extractor.models.prices import price_at
from extractor.prompting import Prompt
from extractor.results import Step

_REASKS = 2

Render: TypeAlias = Callable[[Requests], bytes]


class Asker:
    """Asks one model for records, in the mode that its endpoint takes.

    Args:
        provider: whose prices count.
        model: the model's name, as the endpoint knows it.
        address: where it is.
        prompt: what it is told.
        options: how it is asked.
        transport: what takes the requests there, if they are not answered at once.

    Attributes:
        pacing: holds the requests back that are answered at once.

    Raises:
        UsageError: the cache cannot be used, or `extra` sets what is not the user's to set.
    """

    def __init__(
        self,
        provider: str,
        model: str,
        address: Address,
        prompt: Prompt,
        options: ModelOptions,
        transport: Transport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self._address = address
        self._price = price_at(provider, model, address.base_url, options.price)
        self._prompt, self._options = prompt, options
        self._base = body_base(model, options, address.length_parameter)
        self.pacing = Pacing(place(address), options)
        told = telemetry.Requests(provider, model)
        self._endpoint = transport or Endpoint(address, model, options, self.pacing, told)
        self._cache = None if options.cache is None else AnswerCache(options.cache)
        self._requests: dict[tuple[Mode, tuple[RecordType, ...]], Requests] = {}
        self._mode: Mode | None = options.mode
        if transport is not None and self._mode is None:
            self._mode = next(iter(MODES))  # a trial would take a batch of its own
        self._finding = asyncio.Lock()

    @property
    def refused(self) -> int:
        """How often the endpoint answered 429."""
        return self._endpoint.refused

    async def aclose(self) -> None:
        """Close the connections and the cache."""
        if self._cache is not None:
            self._cache.close()
        await self._endpoint.aclose()

    async def ask(
        self, types: tuple[RecordType, ...], meter: Meter, step: Step, render: Render
    ) -> Answer:
        """A complete or cut answer, in the mode that the endpoint takes.

        Args:
            types: the record types whose lists are wanted.
            meter: the article's bill.
            step: what the request is for.
            render: makes the request's body.

        Raises:
            ModelError: refused, filtered, malformed to the end, or not to be reached.
            RunStoppedError: no request can succeed.
            ContextOverflowError: the request is too long for the model.
        """
        refused: Mode | None = None
        while True:
            if (mode := self._mode) is None:
                async with self._finding:
                    if self._mode is None:
                        return await self._find_mode(types, meter, step, render, refused)
                continue
            try:
                return await self._ask_in(mode, types, meter, step, render)
            except ModeRefusedError:
                if self._options.mode is not None:
                    raise RunStoppedError(
                        f"the endpoint refuses the mode {mode}: choose another with --mode"
                    ) from None
                if self._mode == mode:  # it was guessed when the first article failed
                    self._mode = None
                refused = mode

    async def _find_mode(
        self,
        types: tuple[RecordType, ...],
        meter: Meter,
        step: Step,
        render: Render,
        refused: Mode | None,
    ) -> Answer:
        """The first mode in which the endpoint answers with JSON is that of the run.

        If it never does, the run goes on in the first mode that it did not refuse: the next
        article shall not cost as many tries. An answer in the cache tells the mode as well.
        The one that this article was `refused` just now is not tried again.
        """
        self._mode = self._cached_mode(types, render)
        if self._mode is not None:
            return await self._ask_in(self._mode, types, meter, step, render)
        ignored: list[Mode] = []
        for mode in (m for m in MODES if m != refused):
            try:
                answer = await self._ask_in(
                    mode, types, meter, step, render, is_trial=mode != "md_json"
                )
            except SchemaIgnoredError:
                ignored.append(mode)
                continue
            except ModeRefusedError:
                continue
            except ModelError:
                self._mode = [*ignored, mode][0]
                raise
            self._mode = mode
            return answer
        raise RunStoppedError("the endpoint takes the schema in no mode: choose one with --mode")

    async def _ask_in(
        self,
        mode: Mode,
        types: tuple[RecordType, ...],
        meter: Meter,
        step: Step,
        render: Render,
        *,
        is_trial: bool = False,
    ) -> Answer:
        prepared = self._prepared(mode, types)
        body = render(prepared)
        keys = [record_type.key for record_type in types]
        for attempt in range(_REASKS + 1):
            doing: Step = "reask" if attempt else step
            reply = await self._reply(body, keys, meter, doing)
            billing.identify(meter, reply.body, reply.request_id)
            meter.mode = mode
            answer = read_answer(reply.body, keys)
            if answer.outcome != "malformed":
                return replace(_usable(answer), step=doing)
            if is_trial and answer.is_prose:
                raise SchemaIgnoredError
            body = prepared.reask(body, reply.body, answer.problem)
        raise ModelError(f"{answer.problem}, {_REASKS + 1} times", retryable=True)

    async def _reply(self, body: bytes, keys: Sequence[str], meter: Meter, step: Step) -> Reply:
        """The reply to a request; only what had to be sent costs something."""

        async def sent() -> Reply:
            reply = await self._endpoint.post(body, meter, step)
            meter.spend(billing.answered(reply.body, step, self._price))
            return reply

        if self._cache is None:
            return await sent()
        return await self._cache.answer(
            answer_key(self._address, body),
            sent,
            lambda reply: read_answer(reply.body, keys).outcome == "complete",
        )

    def _cached_mode(self, types: tuple[RecordType, ...], render: Render) -> Mode | None:
        """The mode in which the cache has the answer."""
        if self._cache is None:
            return None
        for mode in MODES:
            body = render(self._prepared(mode, types))
            if self._cache.holds(answer_key(self._address, body)):
                return mode
        return None

    def _prepared(self, mode: Mode, types: tuple[RecordType, ...]) -> Requests:
        if (mode, types) not in self._requests:
            self._requests[mode, types] = Requests(types, mode, self._base, self._prompt)
        return self._requests[mode, types]


def _usable(answer: Answer) -> Answer:
    if answer.outcome == "refused":
        raise ModelError("the model refused to answer about this article")
    if answer.outcome == "filtered":
        raise ModelError("the endpoint's content filter stopped the answer")
    return answer
