"""The scripted server through the clients that the toolkit uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

pytest.importorskip("openai")
pytest.importorskip("aiohttp")

import openai
from openai import AsyncOpenAI

from tests.articles import ARTICLE
from tests.fake_llm.api import (
    NOTHING,
    FakeLLM,
    Reply,
    Tokens,
    answer,
    answer_by_rules,
    bad_gateway,
    dropped,
    gzipped,
    half_body,
    insufficient_quota,
    invalid_api_key,
    model_not_found,
    padded,
    records,
    rules_records,
    slow,
    status,
    unsupported_parameter,
)
from tests.fake_llm.probe import about, body

Asking = Callable[[AsyncOpenAI], Awaitable[Any]]


def asked_of(server: FakeLLM, asking: Asking, retries: int = 0) -> Any:
    async def run() -> Any:
        async with openai.AsyncOpenAI(
            api_key="sk-test",
            base_url=server.base_url,
            max_retries=retries,
            http_client=openai.DefaultAioHttpClient(),
        ) as client:
            return await asking(client)

    return asyncio.run(run())


async def chat(client: AsyncOpenAI) -> Any:
    return await client.chat.completions.create(**body())


@pytest.mark.parametrize("reply", [NOTHING, gzipped(NOTHING), padded(NOTHING), slow(NOTHING, 0, 5)])
def test_completion_is_read(reply: Reply) -> None:
    with FakeLLM(reply) as server:
        completion = asked_of(server, chat)

    assert json.loads(completion.choices[0].message.content) == records()
    assert completion.usage.prompt_tokens > 0


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (status(429, retry_after="0"), "RateLimitError"),
        (insufficient_quota(), "RateLimitError"),
        (invalid_api_key(), "AuthenticationError"),
        (model_not_found(), "NotFoundError"),
        (unsupported_parameter(), "BadRequestError"),
        (bad_gateway(), "InternalServerError"),
        (dropped(), "APIConnectionError"),
        (dropped(reset=True), "APIConnectionError"),
        (half_body(), "APIConnectionError"),
    ],
)
def test_fault_is_the_error_that_the_client_has_for_it(reply: Reply, error: str) -> None:
    with FakeLLM(reply) as server, pytest.raises(getattr(openai, error)):
        asked_of(server, chat)


def test_error_carries_its_code_parameter_and_request_id() -> None:
    with FakeLLM(unsupported_parameter()) as server, pytest.raises(openai.APIStatusError) as caught:
        asked_of(server, chat)

    error = caught.value
    assert isinstance(error, openai.BadRequestError)
    assert (error.code, error.param) == ("unsupported_parameter", "max_tokens")
    assert error.request_id == "req_000001"


def test_retries_of_the_client_are_counted() -> None:
    with FakeLLM([status(500, retry_after="0.001"), NOTHING]) as server:
        asked_of(server, chat, retries=1)

    assert server.count == 2
    assert [request.attempt for request in server.requests] == [1, 2]


def test_stream_is_read() -> None:
    async def stream(client: AsyncOpenAI) -> tuple[str, int]:
        chunks = await client.chat.completions.create(
            **body(), stream=True, stream_options={"include_usage": True}
        )
        text, tokens = "", 0
        async for chunk in chunks:
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            tokens = chunk.usage.total_tokens if chunk.usage else tokens
        return text, tokens

    with FakeLLM(slow(answer(records(), usage=Tokens(5, 2)), pieces=7)) as server:
        text, tokens = asked_of(server, stream)

    assert json.loads(text) == records()
    assert tokens == 7


def test_models_are_listed() -> None:
    async def models(client: AsyncOpenAI) -> list[str]:
        return [model.id async for model in client.models.list()]

    with FakeLLM() as server:
        assert asked_of(server, models) == ["fake-model"]


@pytest.mark.parametrize("mode", ["TOOLS", "JSON_SCHEMA", "MD_JSON"])
def test_instructor_reads_the_rules_models_answer_in_its_modes(mode: str) -> None:
    instructor = pytest.importorskip("instructor")
    from pydantic import BaseModel

    class Answer(BaseModel):
        policies: list[dict[str, Any]]
        funds: list[dict[str, Any]]
        enterprise_counts: list[dict[str, Any]]
        growth_metrics: list[dict[str, Any]]

    async def ask(client: AsyncOpenAI) -> Any:
        asking = instructor.from_openai(client, mode=instructor.Mode[mode])
        asked = about(ARTICLE)
        return await asking.create(
            model="tiny", messages=asked["messages"], response_model=Answer, max_retries=0
        )

    with FakeLLM(answer_by_rules()) as server:
        got = asked_of(server, ask)

    assert got.model_dump() == rules_records(ARTICLE)
