"""Invented articles and drafts that several tests use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from extractor import Article

ARTICLE = Article(
    id="wucheng-2023-07",
    title="Wucheng's industry keeps growing",
    date=dt.date(2023, 7, 3),
    text=(
        "From January to May, the added value of industries above designated size in Wucheng "
        "City increased by 12.3% year-on-year, 4.1 and 2.6 percentage points higher than the "
        "country and the province.\n"
        "The city issued 18 measures to stabilize growth and arranged special funds of 64.5 "
        "million yuan for 53 enterprises, including 20.5 million yuan for 12 little giants.\n"
        "Revenue and profit of the lighting industry both rose by 5%."
    ),
)


def growth(**changes: Any) -> dict[str, Any]:
    """A growth metric as a model drafts it."""
    return {
        "indicator": "added value of industries above designated size",
        "subject": None,
        "amount": None,
        "direction": "increase",
        "change": "12.3%",
        "basis": "year_on_year",
        "benchmark": None,
        "region": "Wucheng City",
        "period": "From January to May",
        "status": "actual",
        "evidence": "the added value of industries above designated size in Wucheng City "
        "increased by 12.3% year-on-year",
        **changes,
    }


def fund(**changes: Any) -> dict[str, Any]:
    """A fund as a model drafts it."""
    return {
        "name": "special funds",
        "kind": "grant",
        "amount": "64.5 million yuan",
        "provider": "The city",
        "recipient": "53 enterprises",
        "part_of": None,
        "region": "Wucheng City",
        "period": None,
        "status": "actual",
        "evidence": "arranged special funds of 64.5 million yuan for 53 enterprises, including "
        "20.5 million yuan for 12 little giants",
        **changes,
    }


def policy(**changes: Any) -> dict[str, Any]:
    """A policy as a model drafts it."""
    return {
        "name": "18 measures to stabilize growth",
        "kind": "measure",
        "issuer": "The city",
        "level": "municipal",
        "measure_count": "18",
        "region": "Wucheng City",
        "period": None,
        "status": "actual",
        "evidence": "The city issued 18 measures to stabilize growth",
        **changes,
    }


def count(**changes: Any) -> dict[str, Any]:
    """An enterprise count as a model drafts it."""
    return {
        "category": "little giants",
        "designation": "little_giant",
        "level": None,
        "count": "12",
        "measure": "supported",
        "part_of": "53",
        "region": "Wucheng City",
        "period": None,
        "status": "actual",
        "evidence": "20.5 million yuan for 12 little giants",
        **changes,
    }
