"""The chat model: one request for all wanted record types, and what to do with each answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from extractor.article import Article
from extractor.errors import ModelError, RunStoppedError
from extractor.models.base import Drafts, Meter, RecordType, RepairRequest, Request, SweepRequest
from extractor.models.chat import faults, parts
from extractor.models.chat.answers import Answer, read_answer
from extractor.models.chat.cache import AnswerCache, answer_key
from extractor.models.chat.endpoint import Allowance, Endpoint, Reply
from extractor.models.chat.faults import (
    ContextOverflowError,
    ModeRefusedError,
    SchemaIgnoredError,
)
from extractor.models.chat.repairs import repair_message, sweep_message
from extractor.models.chat.requests import MODES, Requests, body_base
from extractor.models.options import Mode, ModelOptions
from extractor.models.prices import cost_usd
from extractor.models.providers import Address, address_of, providers
from extractor.models.wire import schema_fingerprint, wire_schema
from extractor.prompting import article_fields, article_message, load_prompt
from extractor.records import RECORD_TYPES
from extractor.results import Spent, Step, Usage

_REASKS = 2
_CONTINUATIONS = 8

_Render: TypeAlias = Callable[[Requests], bytes]


class ChatModel:
    """A model behind an OpenAI-compatible endpoint.

    It belongs to one event loop, from its first request to `aclose`.

    Args:
        provider: a name of the table of providers, or one that the environment describes.
        model: the model's name, as the endpoint knows it.
        options: how it is reached and asked.
        address: where, if the caller knows; else by the table and the environment.

    Raises:
        UsageError: the address or the key is missing, there is no such prompt, or the cache
            cannot be used.
    """

    def __init__(
        self, provider: str, model: str, options: ModelOptions, *, address: Address | None = None
    ) -> None:
        """Resolve address, key and prompt; nothing is sent yet."""
        address = address or address_of(provider, options.base_url)
        self.name = f"{provider}/{model}"
        self._address = address
        self._provider, self._model, self._options = provider, model, options
        self._prompt = load_prompt(options.prompt)
        self._base = body_base(model, options, address.length_parameter)
        self._endpoint = Endpoint(address, model, options)
        self._cache = None if options.cache is None else AnswerCache(options.cache)
        self._requests: dict[tuple[Mode, tuple[RecordType, ...]], Requests] = {}
        self._mode: Mode | None = options.mode
        self._finding = asyncio.Lock()
        self._allowances: WeakKeyDictionary[Meter, Allowance] = WeakKeyDictionary()

    @property
    def prompt(self) -> str:
        """Name and version of the prompt."""
        return self._prompt.name

    @cached_property
    def identity(self) -> str:
        """Model, parameters, mode, and the fingerprints of prompt and schema."""
        asked = {
            **self._options.asked(),
            "prompt": f"{self._prompt.name}:{self._prompt.fingerprint}",
            "schema": schema_fingerprint(wire_schema(RECORD_TYPES)),
        }
        return f"{self.name} {json.dumps(asked, ensure_ascii=False, sort_keys=True)}"

    async def aclose(self) -> None:
        """Close the connections."""
        if self._cache is not None:
            self._cache.close()
        await self._endpoint.aclose()

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """Drafts of all wanted types; an article that is too long is asked about in parts.

        Raises:
            ModelError: refused, filtered, malformed to the end, or not to be reached.
            RunStoppedError: no article can succeed.
        """
        drafted = await self._draft_text(article, article.text, tuple(types), meter)
        return self._told_apart(drafted, article)

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        """The failed drafts, written again from their sentences alone; or figures looked at again.

        Raises:
            ModelError: as `draft`.
            RunStoppedError: as `draft`.
        """
        try:
            return await self._redrafted(article, requests, meter)
        except ContextOverflowError:
            raise ModelError("the records do not fit into the model's context") from None

    async def _redrafted(
        self, article: Article, requests: Sequence[Request], meter: Meter
    ) -> Drafts:
        failed = {request.type for request in requests}
        types = tuple(t for t in RECORD_TYPES if t in failed)
        sweeps = [request for request in requests if isinstance(request, SweepRequest)]
        if sweeps:
            message = sweep_message(sweeps)
            answer = await self._ask(
                types, meter, "sweep", lambda prepared: prepared.sweep(message)
            )
            return self._told_apart(_by_type(answer.lists, types), article)
        repairs = [request for request in requests if isinstance(request, RepairRequest)]
        message = repair_message(article, repairs)
        answer = await self._ask(types, meter, "repair", lambda prepared: prepared.repair(message))
        return self._told_apart(_by_type(answer.lists, types), article)

    async def _draft_text(
        self, article: Article, text: str, types: tuple[RecordType, ...], meter: Meter
    ) -> Mapping[RecordType, Sequence[Any]]:
        message = article_message(article_fields(article, text))
        try:
            answer = await self._ask(
                types, meter, "answer", lambda prepared: prepared.draft(message)
            )
            if answer.outcome == "cut":
                if not any(answer.lists.values()):
                    raise faults.NothingWrittenError
                answer = await self._continued(message, answer, types, meter)
        except (ContextOverflowError, faults.NothingWrittenError) as error:
            halves = parts.halves(text)
            if halves is None:
                raise ModelError(str(error)) from None
            drafted = [await self._draft_text(article, half, types, meter) for half in halves]
            return parts.merged(drafted[0], drafted[1], article.text)
        return _by_type(answer.lists, types)

    async def _continued(
        self, message: str, answer: Answer, types: tuple[RecordType, ...], meter: Meter
    ) -> Answer:
        """An answer that was cut off, with what further requests add to it."""
        lists: dict[str, list[Any]] = {t.key: list(answer.lists.get(t.key, ())) for t in types}
        for _ in range(_CONTINUATIONS):
            so_far = json.dumps(lists, ensure_ascii=False)
            answer = await self._ask(
                types,
                meter,
                "continuation",
                lambda prepared, so_far=so_far: prepared.continuation(message, so_far),  # type: ignore[misc]
            )
            new = {
                key: [draft for draft in found if draft not in lists[key]]
                for key, found in answer.lists.items()
            }
            for key, drafts in new.items():
                lists[key] += drafts
            if answer.outcome == "complete":
                return Answer("complete", lists=lists)
            if not any(new.values()):
                break
        raise ModelError("the answer was cut off at the length limit: raise --max-output-tokens")

    async def _ask(
        self, types: tuple[RecordType, ...], meter: Meter, step: Step, render: _Render
    ) -> Answer:
        """A complete or cut answer, in the mode that the endpoint takes."""
        while True:
            if (mode := self._mode) is None:
                async with self._finding:
                    if self._mode is None:
                        return await self._find_mode(types, meter, step, render)
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

    async def _find_mode(
        self, types: tuple[RecordType, ...], meter: Meter, step: Step, render: _Render
    ) -> Answer:
        """The first mode in which the endpoint answers with JSON is that of the run.

        If it never does, the run goes on in the first mode that it did not refuse: the next
        article shall not cost as many tries. An answer in the cache tells the mode as well.
        """
        self._mode = self._cached_mode(types, render)
        if self._mode is not None:
            return await self._ask_in(self._mode, types, meter, step, render)
        ignored: list[Mode] = []
        for mode in MODES:
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
        render: _Render,
        *,
        is_trial: bool = False,
    ) -> Answer:
        prepared = self._prepared(mode, types)
        body = render(prepared)
        keys = [record_type.key for record_type in types]
        for attempt in range(_REASKS + 1):
            doing: Step = "reask" if attempt else step
            reply = await self._reply(body, keys, meter, doing)
            _note(reply, meter, mode)
            answer = read_answer(reply.body, keys)
            if answer.outcome != "malformed":
                return _usable(answer)
            if is_trial and not answer.is_json:
                raise SchemaIgnoredError
            body = prepared.reask(body, reply.body, answer.problem)
        raise ModelError(f"{answer.problem}, {_REASKS + 1} times", retryable=True)

    async def _reply(self, body: bytes, keys: Sequence[str], meter: Meter, step: Step) -> Reply:
        """The reply to a request; only what had to be sent costs something."""

        async def sent() -> Reply:
            reply = await self._endpoint.post(
                body, partial(meter.spend, _sent(step)), self._allowance(meter)
            )
            self._bill(reply, meter, step)
            return reply

        if self._cache is None:
            return await sent()
        return await self._cache.answer(
            answer_key(self._address, body),
            sent,
            lambda reply: read_answer(reply.body, keys).outcome == "complete",
        )

    def _cached_mode(self, types: tuple[RecordType, ...], render: _Render) -> Mode | None:
        """The mode in which the cache has the answer."""
        if self._cache is None:
            return None
        for mode in MODES:
            body = render(self._prepared(mode, types))
            if self._cache.holds(answer_key(self._address, body)):
                return mode
        return None

    def _allowance(self, meter: Meter) -> Allowance:
        """What is left of the article's time."""
        if meter not in self._allowances:
            self._allowances[meter] = Allowance(self._options.deadline)
        return self._allowances[meter]

    def _prepared(self, mode: Mode, types: tuple[RecordType, ...]) -> Requests:
        if (mode, types) not in self._requests:
            self._requests[mode, types] = Requests(types, mode, self._base, self._prompt)
        return self._requests[mode, types]

    def _bill(self, reply: Reply, meter: Meter, step: Step) -> None:
        """Put a reply on the article's bill."""
        usage = reply.body.get("usage")
        tokens = _tokens(usage if isinstance(usage, Mapping) else {})
        spent = {
            "requests": 0,
            "input_tokens": tokens[0],
            "cached_input_tokens": tokens[1],
            "output_tokens": tokens[2],
            "cost_usd": self._cost(tokens) if usage else None,
        }
        meter.spend(Usage(steps={step: Spent(**spent)}, **spent))

    def _cost(self, tokens: tuple[int, int, int]) -> float | None:
        """The provider's own price; another address has another one, which is not known."""
        known = providers().get(self._provider)
        elsewhere = known and known.base_url and self._address.base_url != known.base_url
        if elsewhere or self._options.base_url is not None:
            return None
        return cost_usd(self._model, self._provider, *tokens)

    def _told_apart(self, drafted: Mapping[RecordType, Sequence[Any]], article: Article) -> Drafts:
        """The drafts, those that quote an example of the prompt apart."""
        leaked = {
            record_type: [draft for draft in drafts if self._is_leaked(draft, article)]
            for record_type, drafts in drafted.items()
        }
        own = {
            record_type: [draft for draft in drafts if draft not in leaked[record_type]]
            for record_type, drafts in drafted.items()
        }
        return Drafts(own, leaked={t: found for t, found in leaked.items() if found})

    def _is_leaked(self, draft: Any, article: Article) -> bool:
        evidence = draft.get("evidence") if isinstance(draft, Mapping) else None
        if not isinstance(evidence, str) or not evidence.strip():
            return False
        quote = evidence.strip()
        return quote in self._prompt.example_texts and quote not in article.text


def _sent(step: Step) -> Usage:
    """One more request; what it costs is known when it is answered."""
    one = Spent(requests=1, input_tokens=0, cached_input_tokens=0, output_tokens=0, cost_usd=0)
    return Usage(steps={step: one}, **dict(one))


def _note(reply: Reply, meter: Meter, mode: Mode) -> None:
    """Keep who answered, now or when the answer was stored."""
    body = reply.body
    meter.served_model = meter.served_model or _text(body, "model")
    meter.system_fingerprint = meter.system_fingerprint or _text(body, "system_fingerprint")
    meter.service_tier = meter.service_tier or _text(body, "service_tier")
    meter.mode = mode
    if reply.request_id:
        meter.request_ids.append(reply.request_id)


def _usable(answer: Answer) -> Answer:
    if answer.outcome == "refused":
        raise ModelError("the model refused to answer about this article")
    if answer.outcome == "filtered":
        raise ModelError("the endpoint's content filter stopped the answer")
    return answer


def _by_type(
    lists: Mapping[str, Sequence[Any]], types: Sequence[RecordType]
) -> dict[RecordType, Sequence[Any]]:
    return {record_type: lists.get(record_type.key, ()) for record_type in types}


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None


def _tokens(usage: Mapping[str, Any]) -> tuple[int, int, int]:
    """Input, cached and output tokens as the endpoint states them; 0 for what it leaves out."""
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else None
    stated = (usage.get("prompt_tokens"), cached, usage.get("completion_tokens"))
    first, second, third = (n if isinstance(n, int) and n >= 0 else 0 for n in stated)
    return first, second, third
