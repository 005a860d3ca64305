"""Chat models: tries, pauses, and what stops a run."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")


from extractor.cli import main
from extractor.errors import RunStoppedError
from extractor.models.chat import ChatModel
from extractor.models.chat.endpoint import Endpoint
from extractor.models.chat.faults import retry_after
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.results import Failure
from tests.articles import ARTICLE
from tests.chat import NAME, failed, numbered, one, run
from tests.fake_llm.api import (
    NOTHING,
    Cooldowns,
    FakeLLM,
    bad_gateway,
    by_article,
    dropped,
    error,
    error_with_200,
    half_body,
    held,
    in_order,
    insufficient_quota,
    invalid_api_key,
    model_not_found,
    permission_denied,
    rate_limited,
    raw,
    slow,
    status,
    storm,
    unknown_parameter,
    unsupported_parameter,
    with_headers,
)
from tests.fake_llm.gate import Gate

# Tries


@pytest.mark.parametrize(
    "reply",
    [
        status(500),
        bad_gateway(),
        bad_gateway(503),
        status(408),
        status(409),
        status(529, "<html>overloaded</html>"),
        dropped(),
        dropped(reset=True),
        dropped("body"),
        half_body(NOTHING),
        half_body(status(500)),
        error_with_200(),
        raw("<html>busy</html>", content_type="text/html"),
        raw("[]"),
        with_headers(raw("no gzip"), content_encoding="gzip"),
    ],
)
def test_failed_transport_is_tried_again(reply: Any) -> None:
    outcome, server = one(in_order(reply, reply, NOTHING))

    assert server.count == outcome.usage.requests == 3


def test_transport_that_never_heals_costs_the_promised_tries() -> None:
    outcome, server = failed(bad_gateway(), tries=4)

    assert server.count == outcome.usage.requests == 4
    assert outcome.error.retryable
    assert outcome.error.message == "the endpoint answered 502, 4 times"


def test_answer_that_does_not_come_in_time_is_tried_again() -> None:
    gate = Gate()
    outcome, server = failed(held(NOTHING, gate), timeout=0.05, tries=2)

    assert server.count == 2
    assert outcome.error.message == "the endpoint did not answer in time, 2 times"


def test_article_that_takes_longer_than_its_deadline_fails_and_may_be_retried() -> None:
    outcome, server = failed(held(NOTHING, Gate()), deadline=0.05)

    assert server.count <= 1  # a slow machine needs that long for its first client
    assert outcome.error.retryable
    assert "deadline" in outcome.error.message


def test_article_that_never_heals_costs_no_other_article() -> None:
    outcomes, server = run(by_article({"1007": status(500)}, NOTHING), *numbered(20))
    lost = [outcome for outcome in outcomes if isinstance(outcome, Failure)]

    assert [outcome.id for outcome in lost] == ["a7"]
    assert len(outcomes) == 20
    assert server.count == 19 + 5


# Pauses


def test_storm_of_429_loses_no_article() -> None:
    storming = storm(NOTHING, after=12, refused=4, every=True)
    outcomes, _ = run(storming, *numbered(60), connections=4)

    assert {outcome.status for outcome in outcomes} == {"ok"}


@pytest.mark.parametrize("connections", [1, 8])
def test_cooldown_costs_at_most_the_requests_in_flight(connections: int) -> None:
    script = Cooldowns(every=20, seconds=0.02, script=NOTHING)
    outcomes, server = run(script, *numbered(100), connections=connections)

    assert {outcome.status for outcome in outcomes} == {"ok"}
    assert script.announced >= 4
    assert server.count <= 1.10 * (100 + connections * script.announced)
    assert sum(outcome.usage.requests for outcome in outcomes) == server.count


def test_nothing_is_sent_during_a_pause() -> None:
    gate = Gate()
    script = in_order(NOTHING, slow(rate_limited("300"), gate=gate), then=NOTHING)

    async def asked(server: FakeLLM) -> int:
        options = ModelOptions(base_url=server.base_url, connections=2)
        async with AsyncExtractor(NAME, options=options) as extractor:
            first, *others = [extractor.outcome(article) for article in numbered(4)]
            await first
            limited = asyncio.ensure_future(others[0])
            await gate.until(1)
            gate.open()
            assert isinstance(extractor.model, ChatModel)
            endpoint = extractor.model._asker._endpoint
            assert isinstance(endpoint, Endpoint)
            while endpoint._pacing._open_again.is_set():
                await asyncio.sleep(0)
            waiting = [limited, *map(asyncio.ensure_future, others[1:])]
            for _ in range(50):
                await asyncio.sleep(0)
            count = server.count
            endpoint._pacing._open(endpoint._pacing._open_at)
            await asyncio.gather(*waiting)
            return count

    with FakeLLM(script) as server:
        assert asyncio.run(asked(server)) == 2
    assert server.count == 5


def test_retry_after_is_read_in_each_notation() -> None:
    now = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    assert retry_after({"retry-after": "300"}, now) == 300
    assert retry_after({"retry-after": "0.5"}, now) == 0.5
    assert retry_after({"retry-after": "Thu, 01 Jan 2026 12:00:30 GMT"}, now) == 30
    assert retry_after({"retry-after": "Thu, 01 Jan 2026 11:00:00 GMT"}, now) == 0
    assert retry_after({"retry-after": "9", "retry-after-ms": "250"}, now) == 0.25
    for unsaid in ({}, {"retry-after": "soon"}, {"retry-after": "nan"}, {"retry-after": ""}):
        assert retry_after(unsaid, now) is None


@pytest.mark.parametrize("said", [None, "0", "-1", "soon", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)])
def test_429_is_no_try_of_the_article(said: Any) -> None:
    outcome, server = one(in_order(*[rate_limited(said)] * 4, then=NOTHING), tries=1)

    assert server.count == outcome.usage.requests == 5


# What stops a run

STOPS = {
    "401": (invalid_api_key(), r"refused the key in OPENAI_API_KEY \(401\)"),
    "403": (permission_denied(), r"refused the key in OPENAI_API_KEY \(403\)"),
    "404": (model_not_found(), r"no model 'gpt-5-mini' or no chat completions \(404\)"),
    "quota": (insufficient_quota(), "insufficient_quota"),
    "402": (status(402, error("Insufficient Balance")), "402"),
    "billing": (status(400, error("Hard limit", code="billing_hard_limit_reached")), "billing"),
    "max_tokens": (unsupported_parameter("max_tokens"), "--max-output-tokens"),
    "unknown": (unknown_parameter("max_completion_tokens"), "--max-output-tokens"),
    "temperature": (unsupported_parameter("temperature", 0.2), "--temperature"),
    "seed": (unsupported_parameter("seed"), "--seed"),
    "effort": (unsupported_parameter("reasoning_effort"), "--reasoning-effort"),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_no_article_can_survive_stops_the_run(name: str) -> None:
    reply, words = STOPS[name]
    with pytest.raises(RunStoppedError, match=words) as caught:
        run(reply, *numbered(5), connections=1)

    assert "\n" not in str(caught.value)
    assert "sk-fake" not in str(caught.value)


def test_endpoint_that_is_not_there_stops_the_run() -> None:
    for url in ("http://127.0.0.1:9/v1", "http://user:secret@127.0.0.1:9/v1?key=secret"):
        with pytest.raises(RunStoppedError, match=r"127\.0\.0\.1:9/v1 cannot be reached") as caught:
            run(NOTHING, base_url=url)
        assert "secret" not in str(caught.value)


def test_refused_key_ends_the_batch_with_5_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": "a", "text": ARTICLE.text}) + "\n", encoding="utf-8")
    with FakeLLM(invalid_api_key()) as server:
        command = ["extractor", "batch", str(source), "-o", str(tmp_path / "out.jsonl")]
        command += ["--model", NAME, "--base-url", server.base_url]
        monkeypatch.setattr("sys.argv", command)
        with pytest.raises(SystemExit) as caught:
            main()
    shown = capsys.readouterr().err

    assert caught.value.code == 5
    assert "refused the key in OPENAI_API_KEY (401)" in shown
    assert "Traceback" not in shown


def test_what_stays_on_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeLLM(NOTHING) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base_url)
        outcome, server = one(NOTHING)
    assert outcome.status == "ok"
    assert server.count == 1
    assert proxy.log.connections == 0
