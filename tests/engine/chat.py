"""Asking the real engine through the chat model."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractor.article import Article
from extractor.grounding import sentences
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.models.chat import ChatModel
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.records import RECORD_TYPES
from extractor.results import Extraction, Failure
from extractor.values import Change, Count, Money, find
from tests.articles import ARTICLE

_NUMBERS: dict[str, type] = {"amount": Money, "count": Count, "change": Change}
_KEPT = {
    *("name", "kind", "status", "category", "designation", "measure"),
    *("indicator", "subject", "direction", "basis"),
}

PROMPT = """
system = "Write down the facts of the article."
repair = "Write these records again."
sweep = "Write what was left out."
continuation = "Go on."
[evidence]
quote = "Quote."
sentences = "Number."
"""
"""A prompt without examples: for the tiny model a token is little more than a byte."""


@dataclass(frozen=True)
class Asker:
    """The engine, asked as a run would: with these options, unless a test changes some."""

    model: str
    options: ModelOptions

    def chat(self, **changes: Any) -> ChatModel:
        return ChatModel("llamacpp", self.model, dataclasses.replace(self.options, **changes))

    def drafts(self, articles: Sequence[Article], **changes: Any) -> list[tuple[Drafts, Meter]]:
        """What is written about each article, and its bill; one after the other."""

        async def ask() -> list[tuple[Drafts, Meter]]:
            model = self.chat(**changes)
            meters = [Meter() for _ in articles]
            try:
                return [
                    (await model.draft(article, RECORD_TYPES, meter), meter)
                    for article, meter in zip(articles, meters, strict=True)
                ]
            finally:
                await model.aclose()

        return asyncio.run(ask())

    def outcomes(
        self,
        articles: Sequence[Article],
        *,
        types: Sequence[RecordType] = RECORD_TYPES,
        is_quoting: bool = False,
        **changes: Any,
    ) -> list[Extraction | Failure]:
        """The outcome of each article, in order, each with noise of its own.

        `is_quoting`: see `HalfNoise`.
        """

        async def outcome(
            article: Article, seed: int, free: asyncio.Semaphore
        ) -> Extraction | Failure:
            chat = self.chat(seed=seed, **changes)
            extractor = AsyncExtractor(HalfNoise(chat) if is_quoting else chat, types=types)
            async with free:
                try:
                    return await extractor.outcome(article)
                finally:
                    await chat.aclose()

        async def ask() -> list[Extraction | Failure]:
            free = asyncio.Semaphore(2)
            return await asyncio.gather(*(outcome(a, n, free) for n, a in enumerate(articles)))

        return asyncio.run(ask())


@dataclass
class HalfNoise:
    """Noise that quotes: true evidence and a true number of it, about what the model made up."""

    noise: ChatModel

    @property
    def name(self) -> str:
        return self.noise.name

    @property
    def identity(self) -> str:
        return self.noise.identity

    @property
    def prompt(self) -> str:
        return self.noise.prompt

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        written = await self.noise.draft(article, types, meter)
        chosen = random.Random(article.id)
        return Drafts(
            {
                record_type: [_quoting(draft, record_type, article, chosen) for draft in drafts]
                for record_type, drafts in written.by_type.items()
            }
        )

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        return Drafts({})


def _quoting(draft: Any, record_type: RecordType, article: Article, chosen: random.Random) -> Any:
    """The draft with a sentence of the article and a number of it; only the name is noise."""
    quotes = [article.text[span.start : span.end] for span in sentences(article.text)]
    kept = {name: value if name in _KEPT else None for name, value in draft.items()}
    number = record_type.number
    if number is None:
        return {**kept, "evidence": chosen.choice(quotes)}
    wanted = _NUMBERS[number]
    stated = [
        (quote, match.value.text)
        for quote in quotes
        for match in find(quote)
        if isinstance(match.value, wanted)
    ]
    evidence, phrase = chosen.choice(stated)
    return {**kept, "evidence": evidence, number: phrase}


def numbered(count: int) -> list[Article]:
    """Articles that differ."""
    return [
        dataclasses.replace(ARTICLE, id=f"{n}", text=f"{ARTICLE.text}\nReported by desk {n}.")
        for n in range(count)
    ]
