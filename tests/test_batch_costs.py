"""Limits and forecasts of cost, through real HTTP: what a run spends against what it may spend."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("openai")

from extractor.article import Article
from extractor.batch import Monitor, Reader, Sample, Settings, Summary, expand, run
from extractor.batch.budget import CostLimit
from extractor.batch.estimating import Asked, most_cost
from extractor.batch.forecasting import Forecast, Planned, forecast
from extractor.errors import RunStoppedError, UsageError
from extractor.models.options import ModelOptions
from extractor.models.prices import parse_price
from extractor.pipeline import AsyncExtractor
from extractor.prompting import load_prompt
from extractor.records import RECORD_TYPES
from tests.chat import _CONTEXT as CONTEXT
from tests.chat import NAME
from tests.fake_llm.api import FakeLLM, Gate, Received, Tokens, answer, records
from tests.fake_llm.api import Reply as FakeReply

PRICE = parse_price("1,10")
LONGEST = 500
ASKED = Asked(load_prompt("extract@1"), RECORD_TYPES)
ESTIMATE = most_cost(Article(text="1 firms came to Wucheng."), ASKED, PRICE, LONGEST)
IN_FLIGHT = 16


def number(request: Received) -> int:
    assert request.article is not None
    return int(request.article.text.split()[0])


def honest(request: Received) -> FakeReply:
    """An answer that takes less than was set aside for it, each article another number."""
    return answer(records(), usage=Tokens(4000, 100 + number(request) % 400))


def dear(request: Received) -> FakeReply:
    """An answer that takes five times as much."""
    return answer(records(), usage=Tokens(20_000, 3000))


DEAR = PRICE(20_000, 0, 3000)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "in.jsonl")


def written(path: Path) -> Path:
    """An input of eighty articles."""
    rows = [{"id": f"a{n}", "text": f"{7 * n} firms came to Wucheng."} for n in range(80)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def batch(
    server: FakeLLM,
    source: Path,
    *,
    dollars: float | None = None,
    sample: Sample | None = None,
    meanwhile: Callable[[Monitor], Awaitable[None]] | None = None,
    retry_failed: bool = False,
    **options: Any,
) -> Summary:
    """A run with a limit, 16 articles in flight at most, and what is done meanwhile."""
    monitor = Monitor()
    chosen = ModelOptions(
        base_url=server.base_url,
        wait=0.0,
        price=PRICE,
        max_output_tokens=LONGEST,
        connections=IN_FLIGHT,
        mode="json_schema",
        **options,
    )
    estimate = partial(most_cost, asked=ASKED, price=PRICE, longest_answer=LONGEST)
    limit = None if dollars is None else CostLimit(dollars, estimate)

    async def running() -> None:
        reader = Reader(expand([str(source)]), sample=sample)
        settings = Settings(max_cost=limit, retry_failed=retry_failed)
        async with AsyncExtractor(NAME, options=chosen) as extractor:
            doing = run(reader, str(output(source)), extractor, settings=settings, monitor=monitor)
            await asyncio.gather(doing, *([meanwhile(monitor)] if meanwhile else []))

    with mock.patch("ssl.create_default_context", return_value=CONTEXT):
        asyncio.run(running())
    return monitor.summary


def opening(gate: Gate, waiting: int = IN_FLIGHT) -> Callable[[Monitor], Awaitable[None]]:
    """Open the gate when so many requests are at it, or else in the end."""

    async def opened(monitor: Monitor) -> None:
        try:
            await gate.until(waiting)
        finally:
            gate.open()

    return opened


def output(source: Path) -> Path:
    return source.with_name("out.jsonl")


def lines(source: Path) -> list[dict[str, Any]]:
    text = output(source).read_text(encoding="utf-8")
    return [json.loads(row) for row in text.splitlines()]


def spent(source: Path) -> float:
    return sum(float(line["usage"]["cost_usd"]) for line in lines(source))


def forecast_of(source: Path, model: str = NAME, **changes: Any) -> Forecast:
    planned = Planned(asked=ASKED, model=model, further=1, price=PRICE, **changes)
    reader = Reader(expand([str(source)]))
    return asyncio.run(forecast(reader, str(output(source)), planned))


# A limit on cost


def test_sixteen_in_flight_never_exceed_the_limit_where_estimates_hold(source: Path) -> None:
    gate = Gate()
    with FakeLLM(honest, gate=gate) as server, pytest.raises(RunStoppedError, match="--max-cost"):
        batch(server, source, dollars=0.25, meanwhile=opening(gate))
    assert server.max_in_flight == IN_FLIGHT
    assert 0.25 - ESTIMATE < spent(source) <= 0.25
    assert server.count == len(lines(source)) < 80  # whatever was paid for is written


def test_estimates_that_are_too_low_exceed_the_limit_by_their_error_in_flight_only(
    source: Path,
) -> None:
    gate = Gate()
    with FakeLLM(dear, gate=gate) as server, pytest.raises(RunStoppedError):
        batch(server, source, dollars=0.25, meanwhile=opening(gate))
    assert 0.25 < spent(source) <= 0.25 + IN_FLIGHT * (DEAR - ESTIMATE)
    assert server.count == len(lines(source)) == IN_FLIGHT


def test_a_limit_learns_what_articles_cost(source: Path) -> None:
    with FakeLLM(dear) as server, pytest.raises(RunStoppedError):
        batch(server, source, dollars=1.5)
    assert 1.5 - DEAR < spent(source) <= 1.5


def test_the_limit_counts_all_that_the_output_ever_cost(source: Path) -> None:
    with FakeLLM(honest) as server:
        with pytest.raises(RunStoppedError):
            batch(server, source, dollars=0.1)
        first, done = spent(source), server.count
        with pytest.raises(RunStoppedError, match=rf"\${first:.4f} of \$0\.1000 was spent"):
            batch(server, source, dollars=0.1)
        assert server.count == done
        with pytest.raises(RunStoppedError):
            batch(server, source, dollars=0.2)
        assert first < spent(source) <= 0.2
        summary = batch(server, source, dollars=5.0)
    assert summary.ok
    assert server.count == 80
    assert [line["id"] for line in lines(source)] == [f"a{n}" for n in range(80)]


def test_what_failed_articles_cost_counts_too(source: Path) -> None:
    bad = answer('{"items": []}', usage=Tokens(4000, 400))
    with FakeLLM(bad) as server, pytest.raises(RunStoppedError):
        batch(server, source, dollars=0.3)
    assert {line["status"] for line in lines(source)} == {"failed"}
    assert server.count == 3 * len(lines(source))
    assert 3 * PRICE(4000, 0, 400) < spent(source) <= 0.3


@pytest.mark.parametrize("lost", ["index", "manifest.json"])
def test_what_replaced_results_cost_counts_too_by_index_or_manifest(
    source: Path, lost: str
) -> None:
    bad = answer('{"items": []}', usage=Tokens(4000, 400))
    once = 3 * PRICE(4000, 0, 400)
    with FakeLLM(bad) as server:
        for _ in range(3):
            batch(server, source, sample=Sample(1, 0), retry_failed=True)
        assert forecast_of(source).spent == pytest.approx(3 * once)
        Path(f"{output(source)}.{lost}").unlink()
        with pytest.raises(RunStoppedError, match=rf"\${3 * once:.4f} of \$0\.0800 was spent"):
            batch(server, source, dollars=0.08)


def test_answers_from_a_cache_cost_nothing(source: Path, tmp_path: Path) -> None:
    with FakeLLM(honest) as server:
        batch(server, source, cache=tmp_path / "cache")
        output(source).unlink()
        summary = batch(server, source, cache=tmp_path / "cache", dollars=0.05)
        assert server.count == 80
    assert (summary.ok, summary.usage.cost_usd) == (True, 0)


def test_articles_that_wait_for_money_are_not_begun_when_the_run_is_stopped(source: Path) -> None:
    gate = Gate()

    async def stop(monitor: Monitor) -> None:
        try:
            await gate.until(8)
            monitor.stop.request()
        finally:
            gate.open()

    with FakeLLM(honest, gate=gate) as server:
        batch(server, source, dollars=8.5 * ESTIMATE, meanwhile=stop)
    assert server.count == len(lines(source)) == 8


def test_a_limit_below_one_article_sends_nothing(source: Path) -> None:
    with FakeLLM(honest) as server:
        with pytest.raises(RunStoppedError, match=r"the next article could cost \$0\.01"):
            batch(server, source, dollars=0.001)
        assert server.count == 0


def test_a_limit_on_an_output_whose_cost_is_not_known_is_refused(source: Path) -> None:
    silent = answer(records(), usage=None)
    with FakeLLM(silent) as server:
        batch(server, source, sample=Sample(2, 0))
        with pytest.raises(UsageError, match=r"has cost so far is not known.*--restart"):
            batch(server, source, dollars=5.0)
        assert server.count == 2
