"""The chat model: one request for all wanted record types, and what to do with each answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from extractor.article import Article
from extractor.errors import ModelError
from extractor.grounding import Span
from extractor.grounding.locate import find_phrase
from extractor.models.address import Address
from extractor.models.base import (
    Drafts,
    DraftsByType,
    Meter,
    RecordType,
    RepairRequest,
    Request,
    SweepRequest,
)
from extractor.models.chat import parts
from extractor.models.chat.answers import Answer
from extractor.models.chat.asking import Asker
from extractor.models.chat.faults import ContextOverflowError, CutOffError
from extractor.models.chat.pacing import Pacing
from extractor.models.chat.repairs import repair_message, sweep_message
from extractor.models.chat.requests import Requests
from extractor.models.chat.transport import Transport
from extractor.models.options import ModelOptions
from extractor.models.providers import address_of
from extractor.models.wire import schema_fingerprint, wire_schema
from extractor.prompting import article_message, load_prompt
from extractor.records import RECORD_TYPES
from extractor.results import Step

_CONTINUATIONS = 8


class ChatModel:
    """A model behind an OpenAI-compatible endpoint.

    It belongs to one event loop, from its first request to `aclose`.

    Args:
        provider: a name of the table of providers, or one that the environment describes.
        model: the model's name, as the endpoint knows it.
        options: how it is reached and asked.
        address: where, if the caller knows; else by the table and the environment.
        transport: what takes its requests there, if they are not answered at once.

    Raises:
        UsageError: the address or the key is missing, there is no such prompt, or the cache
            cannot be used.
    """

    def __init__(
        self,
        provider: str,
        model: str,
        options: ModelOptions,
        *,
        address: Address | None = None,
        transport: Transport | None = None,
    ) -> None:
        """Resolve address, key and prompt; nothing is sent yet."""
        self.name = f"{provider}/{model}"
        self._options = options
        self._prompt = load_prompt(options.prompt, options.evidence)
        address = address or address_of(provider, options.base_url)
        self._asker = Asker(provider, model, address, self._prompt, options, transport)

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
            "schema": schema_fingerprint(wire_schema(RECORD_TYPES, self._prompt.evidence)),
        }
        return f"{self.name} {json.dumps(asked, ensure_ascii=False, sort_keys=True)}"

    @property
    def refused(self) -> int:
        """How often the endpoint answered 429."""
        return self._asker.refused

    @property
    def pacing(self) -> Pacing:
        """What holds its requests back."""
        return self._asker.pacing

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
        whole = Span(0, len(article.text))
        drafted = await self._draft_part(article, whole, tuple(types), meter)
        return self._told_apart(drafted, article, "answer")

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
            step: Step = "sweep"
            figures = sweep_message(article, sweeps, self._prompt.evidence)
            render = partial(Requests.sweep, figures=figures)
        else:
            step = "repair"
            records = repair_message(article, repairs, self._prompt.evidence)
            render = partial(Requests.repair, records=records)
        answer = await self._asker.ask(types, meter, step, render)
        return self._told_apart({answer.step: _by_type(answer.lists, types)}, article, step)

    async def _draft_part(
        self, article: Article, part: Span, types: tuple[RecordType, ...], meter: Meter
    ) -> parts.Drafted:
        message = article_message(article, self._prompt.evidence, part)
        try:
            answer = await self._asker.ask(
                types, meter, "answer", partial(Requests.draft, article=message)
            )
            if answer.outcome == "cut":
                return await self._continued(message, answer, types, meter)
        except (ContextOverflowError, CutOffError) as error:
            halves = parts.halves(article.text, part)
            if halves is None:
                raise ModelError(str(error)) from None
            drafted = [await self._draft_part(article, half, types, meter) for half in halves]
            return parts.merged(drafted[0], drafted[1], article.text)
        return {answer.step: _by_type(answer.lists, types)}

    async def _continued(
        self, message: str, answer: Answer, types: tuple[RecordType, ...], meter: Meter
    ) -> parts.Drafted:
        """The drafts of an answer that was cut off, with what further requests add to them.

        Raises:
            CutOffError: they do not bring it to an end, or it had no whole record.
        """
        lists: dict[str, list[Any]] = {t.key: list(answer.lists.get(t.key, ())) for t in types}
        new: Mapping[str, Sequence[Any]] = answer.lists
        drafted = {answer.step: {t: list(lists[t.key]) for t in types}}
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
            added = drafted.setdefault(answer.step, {t: [] for t in types})
            for record_type in types:
                lists[record_type.key] += new.get(record_type.key, ())
                added[record_type] += new.get(record_type.key, ())
            if answer.outcome == "complete":
                return drafted
        raise CutOffError

    def _told_apart(self, drafted: parts.Drafted, article: Article, step: Step) -> Drafts:
        """The drafts, by `step` or a further one; those that quote a prompt's example apart."""
        leaked: dict[RecordType, list[Any]] = {}
        own: dict[Step, DraftsByType] = {}
        for doing, by_type in drafted.items():
            kept: dict[RecordType, list[Any]] = {t: [] for t in by_type}
            for record_type, drafts in by_type.items():
                for draft in drafts:
                    is_leaked = self._is_leaked(record_type, draft, article)
                    place = leaked.setdefault(record_type, []) if is_leaked else kept[record_type]
                    place.append(draft)
            own[doing] = kept
        first = own.pop(step, {})
        return Drafts(first, leaked=leaked, further=own, evidence=self._prompt.evidence)

    def _is_leaked(self, record_type: RecordType, draft: Any, article: Article) -> bool:
        """Whether a draft comes from an example: its quote does, or else its number and name."""
        if not isinstance(draft, Mapping):
            return False
        examples = self._prompt.example_texts
        if self._prompt.evidence == "quote":
            quote = draft.get("evidence")
            if not isinstance(quote, str) or not quote.strip():
                return False
            return quote.strip() not in article.text and quote.strip() in examples
        number = draft.get(record_type.number or record_type.named)
        return (
            not _stands(number, article.text)
            and _stands(number, examples)
            and _stands(draft.get(record_type.named), examples)
        )


def _stands(phrase: Any, text: str) -> bool:
    """Whether a phrase stands in a text and cuts no word or number there."""
    if not isinstance(phrase, str) or not phrase.strip():
        return False
    return find_phrase(phrase.strip(), text, Span(0, len(text))) is not None


def _by_type(
    lists: Mapping[str, Sequence[Any]], types: Sequence[RecordType]
) -> dict[RecordType, Sequence[Any]]:
    return {record_type: lists.get(record_type.key, ()) for record_type in types}
