"""What an article's bill says: cost and records by what the requests were for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.models.prices import parse_price
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction
from tests.articles import ARTICLE, fund, growth, policy
from tests.chat import one
from tests.fake_llm.api import (
    Tokens,
    answer,
    answer_by_rules,
    context_length_exceeded,
    in_order,
    invalid_schema,
    records,
    truncated,
    when,
)

GOOD = records(funds=[fund()], policies=[policy()])
WRONG = {**growth(), "change": "99.9%"}
PART = fund(name="special funds", amount="20.5 million yuan", recipient="12 little giants")
USAGE = Tokens(1000, 100)
PRICE = parse_price("1,10")


def brought(outcome: Extraction) -> dict[str, int]:
    """Records by step; they add up to those of the result."""
    found: dict[str, int] = {step: spent.records for step, spent in outcome.usage.steps.items()}
    assert sum(found.values()) == len(outcome.records)
    return found


def test_records_of_a_first_answer_are_its_own() -> None:
    assert brought(one(answer(GOOD))[0]) == {"answer": 2}


def test_records_saved_by_a_re_ask_are_counted_there() -> None:
    outcome, _ = one(in_order(invalid_schema(), answer(GOOD)), mode="json_schema")
    assert brought(outcome) == {"answer": 0, "reask": 2}


def test_records_saved_by_a_repair_are_counted_there() -> None:
    first = answer(records(funds=[fund()], growth_metrics=[WRONG]))
    outcome, _ = one(in_order(first, answer(records(growth_metrics=[growth()]))))
    assert brought(outcome) == {"answer": 1, "repair": 1}


def test_repair_that_mends_nothing_brought_nothing_and_cost_something() -> None:
    first = answer(records(funds=[fund()], growth_metrics=[WRONG]), usage=USAGE)
    again = answer(records(growth_metrics=[WRONG]), usage=USAGE)
    outcome, _ = one(in_order(first, again), price=PRICE)
    assert brought(outcome) == {"answer": 1, "repair": 0}
    assert outcome.usage.steps["repair"].cost_usd == pytest.approx(0.002)


def test_records_of_the_sweep_are_counted_there_and_what_it_repeats_is_not() -> None:
    first = answer(records(growth_metrics=[growth()]))
    swept = answer(records(growth_metrics=[growth()], funds=[fund()]))
    outcome, _ = one(in_order(first, swept), settings={"sweep": True})
    assert brought(outcome) == {"answer": 1, "sweep": 1}
    assert [error.code for r in outcome.rejected for error in r.errors] == ["duplicate"]


def test_records_of_a_continuation_are_counted_there() -> None:
    text = json.dumps(records(policies=[policy()], funds=[fund(), PART]), ensure_ascii=False)
    cut = truncated(text, text.index("20.5 million yuan", text.index(PART["evidence"]) + 300))
    outcome, _ = one(in_order(cut, answer(records(funds=[fund(), PART]))))
    assert brought(outcome) == {"answer": 2, "continuation": 1}


def test_records_of_an_article_in_parts_are_those_of_its_first_answers() -> None:
    is_whole = len(ARTICLE.text)

    def is_long(request: Any) -> bool:
        return request.article is not None and len(request.article.text) >= is_whole

    outcome, _ = one(when(is_long, context_length_exceeded(), answer_by_rules()))
    assert set(brought(outcome)) == {"answer"}
    assert len(outcome.records) > 3


def test_answer_from_the_cache_costs_nothing_and_brings_its_records(tmp_path: Path) -> None:
    asked = {"cache": tmp_path / "cache", "price": PRICE}
    first, server = one(answer(GOOD, usage=USAGE), **asked)
    again, _ = one(answer(records()), **asked, base_url=server.base_url)
    assert (again.usage.requests, again.usage.cost_usd, len(again.records)) == (0, 0, 2)
    assert brought(again) == brought(first) == {"answer": 2}


def test_records_of_the_built_in_model_are_first_answers() -> None:
    async def extracted() -> Extraction:
        async with AsyncExtractor("rules") as extractor:
            return await extractor.extract(ARTICLE)

    outcome = asyncio.run(extracted())
    assert set(brought(outcome)) == {"answer"}
    assert outcome.usage.requests == 0
