"""The scripted server: its answers and errors."""

from __future__ import annotations

import datetime as dt
import json
from email.utils import parsedate_to_datetime

import pytest

pytest.importorskip("aiohttp")

from tests.articles import fund
from tests.fake_llm.api import (
    NOTHING,
    Reply,
    Tokens,
    answer,
    bad_gateway,
    content_filter,
    context_length_exceeded,
    duplicate_keys,
    empty,
    error_with_200,
    insufficient_quota,
    invalid_json,
    invalid_schema,
    lying_usage,
    markdown_fence,
    prompt_filtered,
    prose_around,
    records,
    refusal,
    several_tool_calls,
    status,
    truncated,
)
from tests.fake_llm.probe import NAMED, TOOL, body, one_answer, served

# Answers


def test_answer_is_content_where_none_but_content_was_asked_for() -> None:
    got = one_answer(answer({"funds": []}))

    assert got["object"] == "chat.completion"
    assert got["model"] == "tiny"
    assert got["choices"][0]["message"]["content"] == '{"funds": []}'
    assert got["choices"][0]["finish_reason"] == "stop"


def test_answer_is_a_tool_call_where_tools_were_asked_for() -> None:
    got = one_answer(answer({"funds": []}), body(tools=[TOOL], tool_choice="required"))

    call = got["choices"][0]["message"]["tool_calls"][0]
    assert call["function"] == {"name": "records", "arguments": '{"funds": []}'}
    assert got["choices"][0]["message"]["content"] is None
    assert got["choices"][0]["finish_reason"] == "tool_calls"


def test_call_of_a_tool_that_was_asked_for_by_name_ends_with_stop() -> None:
    got = one_answer(answer({}), body(tools=[TOOL], tool_choice=NAMED))

    assert got["choices"][0]["finish_reason"] == "stop"


def test_answer_can_be_forced_into_content() -> None:
    got = one_answer(answer("chat", form="content"), body(tools=[TOOL]))

    assert got["choices"][0]["message"] == {
        "role": "assistant",
        "content": "chat",
        "refusal": None,
    }


def test_answer_says_what_served_it() -> None:
    reply = answer({}, model="tiny-2026", fingerprint="fp_7", service_tier="flex")
    with served(reply) as (_, client):
        got = client.ask()

        assert got["model"] == "tiny-2026"
        assert got["system_fingerprint"] == "fp_7"
        assert got["service_tier"] == "flex"
        assert client.response.headers["x-request-id"] == "req_000001"


def test_usage_is_counted_unless_it_is_given() -> None:
    given = answer({}, usage=Tokens(100, 20, cached=64, reasoning=7))
    with served([NOTHING, given]) as (_, client):
        assert client.ask()["usage"]["prompt_tokens"] > 0
        usage = client.ask()["usage"]

    assert usage["total_tokens"] == 120
    assert usage["prompt_tokens_details"]["cached_tokens"] == 64
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 7


def test_usage_can_be_missing_null_or_absurd() -> None:
    missing, null = answer({}, usage="missing"), answer({}, usage=None)
    with served([missing, null, lying_usage({})]) as (_, client):
        assert "usage" not in client.ask()
        assert client.ask()["usage"] is None
        assert client.ask()["usage"]["prompt_tokens"] == 10**12


@pytest.mark.parametrize("reply", [invalid_json(), truncated({"funds": []}, at=9)])
def test_content_that_is_no_json(reply: Reply) -> None:
    content = one_answer(reply)["choices"][0]["message"]["content"]

    with pytest.raises(json.JSONDecodeError):
        json.loads(content)


def test_truncated_answer_says_so() -> None:
    assert one_answer(truncated("long text", at=4))["choices"][0]["finish_reason"] == "length"


def test_refusal_stands_in_the_message() -> None:
    message = one_answer(refusal("No."), body(tools=[TOOL]))["choices"][0]["message"]

    assert (message["refusal"], message["content"]) == ("No.", None)


def test_filtered_answer_says_so() -> None:
    choice = one_answer(content_filter("The city"))["choices"][0]

    assert choice["finish_reason"] == "content_filter"
    assert choice["message"]["content"] == "The city"


@pytest.mark.parametrize("content", [None, ""])
def test_empty_answer_is_null_or_an_empty_string(content: str | None) -> None:
    assert one_answer(empty(content))["choices"][0]["message"]["content"] == content


def test_several_tool_calls_have_ids_of_their_own() -> None:
    reply = several_tool_calls({"funds": []}, {"policies": []})
    calls = one_answer(reply, body(tools=[TOOL]))["choices"][0]["message"]["tool_calls"]

    assert [call["function"]["arguments"] for call in calls] == [
        '{"funds": []}',
        '{"policies": []}',
    ]
    assert calls[0]["id"] != calls[1]["id"]


def test_json_can_be_wrapped_or_spoiled() -> None:
    wanted = records(funds=[fund()])
    replies = [prose_around(wanted), markdown_fence(wanted), duplicate_keys(wanted)]
    with served([*replies, invalid_schema()]) as (_, client):
        prose, fence, twice, shape = (client.message()["content"] for _ in range(4))

    assert prose.startswith("Sure!")
    assert fence.startswith("```json\n{")
    assert twice.count('"policies"') == 2
    assert json.loads(twice) == wanted
    assert json.loads(shape) == {"items": [1, 2]}


def test_error_can_hide_in_a_success() -> None:
    with served(error_with_200()) as (_, client):
        assert client.ask()["error"]["code"] == 502
        assert client.response.status == 200


# Errors


def test_status_has_openais_error_shape() -> None:
    with served(insufficient_quota()) as (_, client):
        error = client.ask()["error"]

        assert client.response.status == 429
        assert error.keys() == {"message", "type", "param", "code"}
        assert error["code"] == "insufficient_quota"


def test_retry_after_is_seconds_or_a_date() -> None:
    later = dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC)
    replies = [status(429, retry_after="300"), status(503, retry_after=later)]
    with served(replies) as (_, client):
        client.ask()
        assert client.response.headers["retry-after"] == "300"
        client.ask()
        assert parsedate_to_datetime(client.response.headers["retry-after"]) == later


def test_gateway_answers_with_html() -> None:
    with served(bad_gateway(504)) as (_, client):
        assert client.raw(body()).startswith(b"<html>")
        assert client.response.status == 504
        assert client.response.headers["content-type"] == "text/html"


def test_context_overflow_has_each_servers_own_words() -> None:
    openai = one_answer(context_length_exceeded("openai"))["error"]
    llamacpp = one_answer(context_length_exceeded("llamacpp", prompt=9000, limit=4096))["error"]
    old = one_answer(context_length_exceeded("vllm-old"))

    assert openai["code"] == "context_length_exceeded"
    assert (llamacpp["n_prompt_tokens"], llamacpp["n_ctx"]) == (9000, 4096)
    assert "error" not in old
    assert "maximum context length is 8192" in old["message"]


def test_filtered_prompt_is_worded_as_azure_does() -> None:
    error = one_answer(prompt_filtered())["error"]

    assert (error["code"], error["innererror"]["code"]) == (
        "content_filter",
        "ResponsibleAIPolicyViolation",
    )
