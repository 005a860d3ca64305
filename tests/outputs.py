"""Output lines for tests: what a scripted model wrote about an invented article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from extractor import Article, EnterpriseCount, Extraction, Fund, GrowthMetric, Policy, extract
from extractor.records import Record
from tests.models import ScriptedModel


def extraction(
    text: str,
    *,
    id_: str = "a",
    date: str | None = "2023-07-03",
    funds: Sequence[dict[str, Any]] = (),
    counts: Sequence[dict[str, Any]] = (),
    growth: Sequence[dict[str, Any]] = (),
    policies: Sequence[dict[str, Any]] = (),
) -> Extraction:
    """The extraction of an article with the given drafts; each must be a good one."""
    article = Article(text=text, id=id_, date=dt.date.fromisoformat(date) if date else None)
    drafts: dict[type[Record], Sequence[Any]] = {
        Fund: funds,
        EnterpriseCount: counts,
        GrowthMetric: growth,
        Policy: policies,
    }
    found = extract(article, ScriptedModel(drafts))
    assert not found.rejected, found.rejected
    return found


def line(found: Extraction, **changes: Any) -> bytes:
    """The extraction as an output line, with other values for some keys."""
    return found.model_copy(update=changes).model_dump_json().encode() + b"\n"
