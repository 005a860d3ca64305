"""The chat model: one request for all wanted record types, and what to do with each answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from extractor.article import Article
from extractor.errors import ModelError
from extractor.models.base import Drafts, Meter, RecordType, RepairRequest, Request, SweepRequest
from extractor.models.chat import parts
from extractor.models.chat.answers import Answer
from extractor.models.chat.asking import Asker
from extractor.models.chat.faults import ContextOverflowError, CutOffError
from extractor.models.chat.repairs import repair_message, sweep_message
from extractor.models.chat.requests import Requests
from extractor.models.options import ModelOptions
from extractor.models.providers import Address, address_of
from extractor.models.wire import schema_fingerprint, wire_schema
from extractor.prompting import article_fields, article_message, load_prompt
from extractor.records import RECORD_TYPES

_CONTINUATIONS = 8


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
        self.name = f"{provider}/{model}"
        self._options = options
        self._prompt = load_prompt(options.prompt)
        address = address or address_of(provider, options.base_url)
        self._asker = Asker(provider, model, address, self._prompt, options)

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
        await self._asker.aclose()

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """Drafts of all wanted types.

        An article that is too long, or whose answer does not come to an end, is asked about in
        parts.

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
        repairs = [request for request in requests if isinstance(request, RepairRequest)]
        if sweeps:
            render = partial(Requests.sweep, figures=sweep_message(sweeps))
            answer = await self._asker.ask(types, meter, "sweep", render)
        else:
            render = partial(Requests.repair, records=repair_message(article, repairs))
            answer = await self._asker.ask(types, meter, "repair", render)
        return self._told_apart(_by_type(answer.lists, types), article)

    async def _draft_text(
        self, article: Article, text: str, types: tuple[RecordType, ...], meter: Meter
    ) -> Mapping[RecordType, Sequence[Any]]:
        message = article_message(article_fields(article, text))
        try:
            answer = await self._asker.ask(
                types, meter, "answer", partial(Requests.draft, article=message)
            )
            if answer.outcome == "cut":
                answer = await self._continued(message, answer, types, meter)
        except (ContextOverflowError, CutOffError) as error:
            halves = parts.halves(text)
            if halves is None:
                raise ModelError(str(error)) from None
            drafted = [await self._draft_text(article, half, types, meter) for half in halves]
            return parts.merged(drafted[0], drafted[1], article.text)
        return _by_type(answer.lists, types)

    async def _continued(
        self, message: str, answer: Answer, types: tuple[RecordType, ...], meter: Meter
    ) -> Answer:
        """An answer that was cut off, with what further requests add to it.

        Raises:
            CutOffError: they do not bring it to an end, or it had no whole record.
        """
        lists: dict[str, list[Any]] = {t.key: list(answer.lists.get(t.key, ())) for t in types}
        new: Mapping[str, Sequence[Any]] = answer.lists
        for _ in range(_CONTINUATIONS):
            if not any(new.values()):
                break
            render = partial(
                Requests.continuation,
                article=message,
                answer=json.dumps(lists, ensure_ascii=False),
            )
            answer = await self._asker.ask(types, meter, "continuation", render)
            new = {
                key: [draft for draft in found if draft not in lists[key]]
                for key, found in answer.lists.items()
            }
            for key, drafts in new.items():
                lists[key] += drafts
            if answer.outcome == "complete":
                return Answer("complete", lists=lists)
        raise CutOffError

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


def _by_type(
    lists: Mapping[str, Sequence[Any]], types: Sequence[RecordType]
) -> dict[RecordType, Sequence[Any]]:
    return {record_type: lists.get(record_type.key, ()) for record_type in types}
