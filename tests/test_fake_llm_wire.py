"""The scripted server: how bodies travel, whole and broken."""

from __future__ import annotations

import gzip
import http.client
import json

import pytest

pytest.importorskip("aiohttp")

from tests.articles import fund
from tests.fake_llm.api import (
    NOTHING,
    Gate,
    Tokens,
    answer,
    dropped,
    gzipped,
    half_body,
    hanging_up,
    labelled,
    padded,
    records,
    slow,
)
from tests.fake_llm.probe import TOOL, Body, body, served


def test_connection_is_dropped_before_the_answer() -> None:
    with served(dropped()) as (server, client), pytest.raises(http.client.RemoteDisconnected):
        client.ask()
    assert server.log.in_flight == 0


def test_connection_is_reset_before_the_answer() -> None:
    with served(dropped(reset=True)) as (_, client), pytest.raises(ConnectionResetError) as caught:
        client.ask()
    assert caught.type is ConnectionResetError


def test_connection_is_dropped_after_the_headers() -> None:
    with (
        served(dropped("body")) as (_, client),
        pytest.raises(http.client.IncompleteRead) as caught,
    ):
        client.ask()
    assert caught.value.partial == b""


def test_half_a_body_comes_of_what_was_announced() -> None:
    with served(half_body()) as (_, client), pytest.raises(http.client.IncompleteRead) as caught:
        client.ask()
    assert caught.value.partial
    assert caught.value.expected in {len(caught.value.partial), len(caught.value.partial) + 1}


def test_connection_is_closed_unannounced_after_the_answer() -> None:
    with served(hanging_up(NOTHING)) as (_, client):
        assert client.ask()["choices"]
        assert client.response.headers.get("connection") != "close"
        with pytest.raises(ConnectionError):
            client.raw(body())


def test_body_can_be_gzipped_mislabelled_and_padded() -> None:
    with served([gzipped(NOTHING), labelled(NOTHING, "text/plain"), padded(NOTHING)]) as (
        _,
        client,
    ):
        zipped = client.raw(body())
        assert client.response.headers["content-encoding"] == "gzip"
        assert json.loads(gzip.decompress(zipped))["choices"]
        client.ask()
        assert client.response.headers["content-type"] == "text/plain"
        assert client.raw(body()).startswith(b"\n\n\n{")


def test_slow_body_comes_in_pieces_when_the_gate_lets_them_go() -> None:
    gate = Gate()
    with served(slow(NOTHING, pieces=4, gate=gate)) as (_, client):
        client.send(body())
        client.response = client.connection.getresponse()
        gate.wait_for(1)
        gate.release(1)
        first = client.response.read1()
        gate.open()

        assert json.loads(first + client.response.read())["choices"]


def test_stream_ends_with_usage_if_it_was_asked_for() -> None:
    asked = body(stream=True, stream_options={"include_usage": True})
    with served(answer({"funds": []}, usage=Tokens(9, 3))) as (_, client):
        events = _events(client.raw(asked))

        assert client.response.headers["content-type"] == "text/event-stream"
    parts = [e["choices"][0]["delta"].get("content") or "" for e in events if e["choices"]]
    assert "".join(parts) == '{"funds": []}'
    assert events[-2]["choices"][0]["finish_reason"] == "stop"
    assert events[-1]["usage"]["total_tokens"] == 12


def test_stream_carries_tool_calls_in_pieces() -> None:
    wanted = records(funds=[fund()])
    with served(answer(wanted)) as (_, client):
        events = _events(client.raw(body(stream=True, tools=[TOOL])))

    deltas = [event["choices"][0]["delta"] for event in events]
    calls = [call for delta in deltas for call in delta.get("tool_calls", ())]
    assert calls[0]["function"]["name"] == "records"
    assert json.loads("".join(call["function"]["arguments"] for call in calls)) == wanted
    assert events[-1]["choices"][0]["finish_reason"] == "tool_calls"


def _events(raw: bytes) -> list[Body]:
    lines = [line.removeprefix(b"data: ") for line in raw.split(b"\n\n") if line]
    assert lines.pop() == b"[DONE]"
    return [json.loads(line) for line in lines]
