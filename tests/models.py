"""Test doubles: models that write what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.article import Article
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.results import Usage

USAGE = Usage(
    requests=1,
    input_tokens=100,
    cached_input_tokens=0,
    output_tokens=10,
    cost_usd=0.5,
    steps={},
)


@dataclass
class ScriptedModel:
    """A model that answers with given drafts, and keeps what it was asked."""

    drafts: Mapping[RecordType, Sequence[Any]] = field(default_factory=dict)
    repaired: Mapping[RecordType, Sequence[Any]] = field(default_factory=dict)
    on_article: Callable[[Article], None] = lambda article: None
    asked: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    name: str = "scripted"
    identity: str = "scripted@1"
    prompt: str | None = "extract@1"

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        self.asked.append(article.id)
        self.on_article(article)
        meter.spend(USAGE)
        meter.served_model = "scripted-2026"
        return Drafts(self.drafts)

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        self.requests.extend(requests)
        meter.spend(USAGE)
        return Drafts(self.repaired)
