"""The scripted server: what it keeps, and what its scripts say."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("aiohttp")

from extractor import Article
from tests.articles import ARTICLE
from tests.fake_llm.api import (
    NOTHING,
    Received,
    ScriptEndedError,
    by_article,
    by_attempt,
    faults,
    in_order,
    like_gpt5,
    only_modes,
    requires_key,
    status,
)
from tests.fake_llm.probe import NAMED, TOOL, Body, about, body, served, status_of

# What is kept


def test_request_is_kept_as_it_came() -> None:
    sent = json.dumps(body(temperature=0)).encode()
    with served() as (server, client):
        client.raw(sent, Authorization="Bearer sk-test")

    (request,) = server.requests
    assert request.raw == sent
    assert request.json["temperature"] == 0
    assert request.headers["authorization"] == "Bearer sk-test"
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.article is not None
    assert request.article.text == "An article."


def test_request_says_how_the_answer_was_asked_for() -> None:
    schema = {"type": "object", "properties": {}}
    strict = {"name": "records", "strict": True, "schema": schema}
    with served() as (server, client):
        client.ask(body(response_format={"type": "json_schema", "json_schema": strict}))
        client.ask(body(response_format={"type": "json_object"}))
        client.ask(body(tools=[TOOL], tool_choice=NAMED))
        client.ask()

    assert [r.mode for r in server.requests] == ["json_schema", "json_object", "tools", "plain"]
    assert [r.strict for r in server.requests] == [True, False, False, False]
    assert server.requests[0].schema == schema
    assert server.requests[2].schema == {"type": "object"}


def test_attempts_are_counted_by_article() -> None:
    with served() as (server, client):
        for text in ("One.", "Two.", "One."):
            client.ask(body(text))

    assert [request.attempt for request in server.requests] == [1, 1, 2]
    assert [request.order for request in server.requests] == [1, 2, 3]


def test_article_is_found_before_a_question_about_the_same_answer() -> None:
    asked = body("Once.")
    asked["messages"] += [
        {"role": "assistant", "content": "{}"},
        {"role": "user", "content": "Fix it: {'text': 3}"},
    ]
    with served() as (server, client):
        client.ask(asked)

    article = server.requests[0].article
    assert article is not None
    assert article.text == "Once."


def test_body_that_is_no_json_is_kept_too() -> None:
    with served() as (server, client):
        client.raw(b"\xff{")

    assert server.requests[0].json == {}
    assert server.requests[0].raw == b"\xff{"


def test_kept_alive_connection_counts_once() -> None:
    with served() as (server, client):
        client.ask()
        client.ask()

    assert server.log.connections == 1
    assert server.count == 2


# Scripts


def test_replies_in_order_end_with_a_failure_of_the_test() -> None:
    def run() -> None:
        with served([NOTHING]) as (_, client):
            assert [status_of(client) for _ in range(2)] == [200, 418]

    with pytest.raises(ScriptEndedError, match="request 2"):
        run()


def test_failure_of_a_script_does_not_hide_that_of_the_test() -> None:
    def run() -> None:
        with served([NOTHING]) as (_, client):
            assert [status_of(client) for _ in range(2)] == [200, 418]
            raise KeyError

    with pytest.raises(KeyError):
        run()


def test_replies_in_order_can_go_on_with_another_script() -> None:
    with served(in_order(status(500), then=NOTHING)) as (_, client):
        assert [status_of(client) for _ in range(3)] == [500, 200, 200]


def test_replies_by_article() -> None:
    script = by_article({"Wucheng": status(500), "Licheng": status(503)}, default=NOTHING)
    with served(script) as (_, client):
        assert status_of(client, about(ARTICLE)) == 500
        assert status_of(client, body("Of Licheng City.")) == 503
        assert status_of(client, body("Of elsewhere.")) == 200


def test_replies_by_attempt_start_anew_for_each_article() -> None:
    with served(by_attempt(status(500), NOTHING)) as (_, client):
        got = [status_of(client, body(text)) for text in ("a", "b", "a", "b", "a")]

    assert got == [500, 500, 200, 200, 200]


def test_faults_are_the_same_in_every_run_and_keep_their_shares() -> None:
    script = faults(7, [(0.2, status(500)), (0.1, status(503))], NOTHING)
    runs = []
    for _ in range(2):
        with served(script) as (_, client):
            runs.append([status_of(client, body(f"Article {n}.")) for n in range(200)])

    assert runs[0] == runs[1]
    assert 25 <= runs[0].count(500) <= 55
    assert 10 <= runs[0].count(503) <= 32


def test_faults_heal_after_some_attempts() -> None:
    with served(faults(1, [(1.0, status(500))], NOTHING, attempts=3)) as (_, client):
        assert [status_of(client) for _ in range(4)] == [500, 500, 200, 200]


def test_shares_of_faults_above_one_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        faults(1, [(0.7, NOTHING), (0.4, NOTHING)], NOTHING)


def test_endpoint_takes_only_some_modes() -> None:
    tools, schema = body(tools=[TOOL]), body(response_format={"type": "json_schema"})
    with served(only_modes({"json_object"}, NOTHING)) as (_, client):
        assert "does not support tools" in client.ask(tools)["error"]["message"]
        assert client.ask(schema)["error"]["param"] == "response_format"
        assert status_of(client, body(response_format={"type": "json_object"})) == 200


def test_endpoint_like_gpt5_names_the_parameter_it_refuses() -> None:
    with served(like_gpt5(NOTHING)) as (_, client):
        assert client.ask(body(max_tokens=9))["error"]["param"] == "max_tokens"
        assert client.ask(body(temperature=0))["error"]["code"] == "unsupported_value"
        assert status_of(client, body(temperature=1, max_completion_tokens=9)) == 200


@pytest.mark.parametrize(
    ("header", "value"), [("Authorization", "Bearer sk-right"), ("api-key", "sk-right")]
)
def test_endpoint_wants_its_key(header: str, value: str) -> None:
    with served(requires_key("sk-right", NOTHING)) as (_, client):
        assert client.ask()["error"]["code"] == "invalid_api_key"
        assert client.ask(body(), **{header: value})["choices"]


def test_failure_to_read_or_to_render_is_a_failure_of_the_test() -> None:
    def read(request: Received) -> Article | None:
        raise LookupError(request.order)

    def run(asked: Body, **more: Any) -> int:
        with served(**more) as (_, client):
            return status_of(client, asked)

    with pytest.raises(LookupError, match="1"):
        run(body(), read=read)
    with pytest.raises(KeyError, match="function"):
        run(body(tools=[{"type": "function"}]))
