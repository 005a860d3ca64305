"""The built-in model: rules over lexicons, with no key, no network and no weights."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from extractor.article import Article
from extractor.fingerprint import fingerprint
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.models.rules import enterprises, funds, growth, policies
from extractor.models.rules.document import Document
from extractor.models.rules.ruled import Ruled
from extractor.records import EnterpriseCount, Fund, GrowthMetric, Policy

RULED_READERS: dict[RecordType, Callable[[Document], list[Ruled]]] = {
    Policy: policies.read,
    Fund: funds.read,
    EnterpriseCount: enterprises.read,
    GrowthMetric: growth.read,
}
"""The reader of each record type: drafts with the rules that made them."""


def _plainly(read: Callable[[Document], list[Ruled]]) -> Callable[[Document], list[dict[str, Any]]]:
    return lambda document: [ruled.draft for ruled in read(document)]


READERS = {record_type: _plainly(read) for record_type, read in RULED_READERS.items()}
"""The reader of each record type: drafts alone."""


class RulesModel:
    """Reads an article with one reader per record type."""

    name = "rules"
    prompt = None

    @property
    def identity(self) -> str:
        """The fingerprint of rules, lexicons and parsers."""
        return f"rules@{fingerprint('extractor.models.rules', 'extractor.values')}"

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """Draft records of the wanted types; another task may run before each article."""
        await asyncio.sleep(0)
        document = Document(article)
        return Drafts({record_type: READERS[record_type](document) for record_type in types})

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        """Nothing: a rule that failed once fails again."""
        return Drafts({})
