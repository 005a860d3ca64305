"""Chat models: modes, the same batch as the built-in model, the bill, and who answered."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor import extract
from extractor.article import Article
from extractor.errors import MissingExtraError, RunStoppedError
from extractor.models.options import Mode, ModelOptions
from extractor.models.prices import parse_price
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction
from tests.articles import ARTICLE, fund
from tests.chat import NAME, failed, numbered, one, run
from tests.fake_llm.api import (
    NOTHING,
    FakeLLM,
    Tokens,
    answer,
    answer_by_rules,
    in_order,
    invalid_schema,
    invalid_schema_for,
    only_modes,
    prose_around,
    records,
    status,
    unsupported_response_format,
    unsupported_strict,
    unsupported_tools,
    when,
)
from tests.fake_llm.received import Mode as WireMode

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles.jsonl"
GOOD = answer(records(funds=[fund()]))
WIRE: dict[Mode, WireMode] = {"json_schema": "json_schema", "tools": "tools", "md_json": "plain"}


def examples() -> list[Article]:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    return [Article.from_mapping(json.loads(line)) for line in lines]


# The same result


@pytest.mark.parametrize("mode", list(WIRE))
def test_batch_over_http_equals_the_rules_model_record_for_record(mode: Mode) -> None:
    articles = [*examples(), ARTICLE]
    outcomes, server = run(answer_by_rules(), *articles, mode=mode)

    async def by_rules() -> list[Any]:
        return [await AsyncExtractor("rules").extract(article) for article in articles]

    for outcome, expected in zip(outcomes, asyncio.run(by_rules()), strict=True):
        assert isinstance(outcome, Extraction)
        assert outcome.records == expected.records
        assert outcome.id == expected.id
    assert {request.mode for request in server.requests} == {WIRE[mode]}


def test_library_call_asks_the_model_and_returns() -> None:
    with FakeLLM(GOOD) as server:
        options = ModelOptions(base_url=server.base_url)
        found = extract(ARTICLE, model=NAME, options=options)
        again = extract(ARTICLE, model=NAME, options=options)

    assert len(found.records) == len(again.records) == 1
    assert server.count == 2


def test_connections_are_closed_with_the_extractor() -> None:
    async def extracted(server: FakeLLM) -> None:
        extractor = AsyncExtractor(NAME, options=ModelOptions(base_url=server.base_url))
        await extractor.extract(ARTICLE)
        await extractor.aclose()
        await extractor.aclose()

    with FakeLLM(GOOD) as server:
        asyncio.run(extracted(server))  # what is left open is a warning, and so an error
        asyncio.run(extracted(server))

    assert server.count == 2


# Modes


def test_strict_schema_is_tried_first_and_kept() -> None:
    outcomes, server = run(NOTHING, *numbered(3))

    assert [request.mode for request in server.requests] == ["json_schema"] * 3
    assert {outcome.provenance.mode for outcome in outcomes} == {"json_schema"}


@pytest.mark.parametrize(
    "refused",
    [
        unsupported_response_format("openai"),
        unsupported_response_format("deepseek"),
        unsupported_response_format("volcengine"),
        unsupported_response_format("llama-cpp-python"),
        invalid_schema_for(),
        unsupported_strict("response_format.json_schema.strict"),
    ],
)
def test_refused_schema_falls_to_tools_once_a_run(refused: Any) -> None:
    outcomes, server = run(only_modes(["tools"], NOTHING, refused), *numbered(4))

    assert [request.mode for request in server.requests] == ["json_schema", *["tools"] * 4]
    assert {outcome.provenance.mode for outcome in outcomes} == {"tools"}
    assert {outcome.status for outcome in outcomes} == {"ok"}


@pytest.mark.parametrize("flavour", ["ollama", "vllm"])
def test_refused_tools_fall_to_the_prompt(flavour: Any) -> None:
    no_tools = when(lambda r: r.mode == "tools", unsupported_tools(flavour), NOTHING)
    script = when(lambda r: r.mode == "json_schema", unsupported_response_format(), no_tools)
    outcomes, server = run(script, *numbered(3))

    modes = [request.mode for request in server.requests]
    assert modes == ["json_schema", "tools", "plain", "plain", "plain"]
    assert {outcome.provenance.mode for outcome in outcomes} == {"md_json"}


def test_ignored_schema_falls_until_there_is_json() -> None:
    chat = answer("Wucheng is doing well this year.", form="content")
    script = when(lambda r: r.mode == "plain", prose_around(records(funds=[fund()])), chat)
    outcome, server = one(script)

    assert [request.mode for request in server.requests] == ["json_schema", "tools", "plain"]
    assert len(outcome.records.funds) == 1
    assert {step: spent.requests for step, spent in outcome.usage.steps.items()} == {"answer": 3}


def test_endpoint_that_never_writes_json_costs_the_detection_once() -> None:
    outcomes, server = run(answer("no", form="content"), *numbered(3))

    assert {outcome.status for outcome in outcomes} == {"failed"}
    assert server.count == 2 + 3 * 3


def test_mode_guessed_from_a_failed_article_is_found_anew() -> None:
    script = in_order(*[status(500)] * 2, then=only_modes(["tools"], NOTHING))
    outcomes, server = run(script, *numbered(3), tries=2)

    assert [outcome.status for outcome in outcomes] == ["failed", "ok", "ok"]
    assert server.requests[-1].mode == "tools"


@pytest.mark.parametrize("mode", list(WIRE))
def test_refused_mode_that_was_chosen_stops_the_run(mode: Mode) -> None:
    refused = unsupported_tools() if mode == "tools" else unsupported_response_format()
    with pytest.raises(RunStoppedError, match=rf"^the endpoint refuses the mode {mode}:.*--mode$"):
        run(refused, *numbered(3), mode=mode, connections=1)


def test_endpoint_that_takes_no_mode_stops_the_run() -> None:
    with pytest.raises(RunStoppedError, match="--mode"):
        run(unsupported_response_format(), ARTICLE)


# The bill and who answered


def test_tokens_of_every_try_are_counted_once_by_step() -> None:
    tokens = Tokens(100, 10, cached=40)
    bad = {**fund(), "amount": "9 yuan"}
    script = in_order(
        status(500),
        invalid_schema(),
        answer(records(funds=[fund(), bad]), usage=tokens),
        answer(records(), usage=tokens),
    )
    outcome, server = one(script, mode="json_schema")
    steps = outcome.usage.steps

    assert server.count == outcome.usage.requests == 4
    assert {s: n.requests for s, n in steps.items()} == {"answer": 2, "reask": 1, "repair": 1}
    assert (steps["repair"].input_tokens, steps["repair"].cached_input_tokens) == (100, 40)
    assert steps["repair"].output_tokens == steps["reask"].output_tokens == 10
    for part in ("requests", "input_tokens", "cached_input_tokens", "output_tokens"):
        assert getattr(outcome.usage, part) == sum(getattr(s, part) for s in steps.values())


def test_failed_article_is_billed_too() -> None:
    outcome, server = failed(invalid_schema(), mode="json_schema")

    assert outcome.usage.requests == server.count == 3
    assert outcome.usage.output_tokens > 0
    assert {s: n.requests for s, n in outcome.usage.steps.items()} == {"answer": 1, "reask": 2}


@pytest.mark.parametrize("usage", [None, "missing"])
def test_cost_without_token_counts_is_unknown(usage: Any) -> None:
    outcome, _ = one(answer(records(funds=[fund()]), usage=usage))

    assert outcome.usage.cost_usd is None
    assert outcome.usage.input_tokens == 0


def test_cost_at_another_address_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    given, _ = one(GOOD)
    with FakeLLM(GOOD) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        from_environment = extract(ARTICLE, model=NAME)

    assert given.usage.cost_usd is None
    assert from_environment.usage.cost_usd is None


def test_given_price_counts_at_any_address() -> None:
    usage = Tokens(1000, 100, cached=400)
    outcome, _ = one(answer(records(), usage=usage), price=parse_price("10,100,1"))

    assert outcome.usage.cost_usd == pytest.approx((600 * 10 + 400 * 1 + 100 * 100) / 1e6)


def test_line_says_what_really_answered() -> None:
    first, second = (
        answer(
            records(funds=[fund(), fund(amount="9 yuan")]),
            model="gpt-5-mini-2025-08-07",
            fingerprint="fp_7",
            service_tier="flex",
        ),
        answer(records(), model="another", fingerprint="fp_8"),
    )
    outcome, _ = one(in_order(first, second))
    said = outcome.provenance

    assert (said.model, said.served_model) == (NAME, "gpt-5-mini-2025-08-07")
    assert (said.system_fingerprint, said.service_tier) == ("fp_7", "flex")
    assert said.request_ids == ["req_000001", "req_000002"]
    assert (said.prompt, said.mode) == ("extract@1", "json_schema")


def test_identity_tells_runs_apart_that_ask_differently() -> None:
    def identity(**options: Any) -> str:
        return AsyncExtractor(
            NAME, options=ModelOptions(base_url="http://127.0.0.1:1", **options)
        ).model.identity

    asked: list[dict[str, Any]] = [{}, {"temperature": 0.0}, {"seed": 1}, {"extra": {"top_p": 0.5}}]
    asked += [{"mode": "tools"}, {"max_output_tokens": 9}, {"reasoning_effort": "low"}]
    assert len({identity(**options) for options in asked}) == len(asked)
    assert identity() == identity(timeout=5.0, tries=2, connections=3)


def test_missing_clients_say_which_extra_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(MissingExtraError, match=r"pip install 'extractor\[llm\]'") as caught:
        AsyncExtractor(NAME)
    assert caught.value.extra == "llm"


def test_articles_keep_their_order_and_their_own_records() -> None:
    articles = [replace(a, id=f"n{i}") for i, a in enumerate(numbered(12))]
    outcomes, server = run(answer_by_rules(), *articles, connections=4)

    assert [outcome.id for outcome in outcomes] == [article.id for article in articles]
    assert server.max_in_flight <= 4
