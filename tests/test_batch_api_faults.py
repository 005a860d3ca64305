"""Runs by batches: what becomes of batches, files, calls and the queue costs no article."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.errors import RunStoppedError
from tests.batch_api_runs import Endpoint, each_row_once, write_numbered
from tests.batch_runs import ids, lines, numbered
from tests.fake_llm.api import (
    NOTHING,
    BatchRules,
    by_article,
    by_attempt,
    dropped,
    error,
    insufficient_quota,
    invalid_api_key,
    raw,
    status,
)

# What becomes of batches


def test_batch_that_expired_gives_what_it_has_and_the_rest_is_submitted_again(
    tmp_path: Path,
) -> None:
    rules = BatchRules(rows_per_step=2, expires_after=1)
    with Endpoint(tmp_path, NOTHING, rules) as endpoint:
        write_numbered(endpoint, 7)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed) == (7, 0)
    assert ids(endpoint.output) == list(numbered(7))
    assert each_row_once(endpoint)


def test_request_that_is_never_come_to_fails_in_the_end(tmp_path: Path) -> None:
    rules = BatchRules(rows_per_step=0, expires_after=1)
    with Endpoint(tmp_path, NOTHING, rules) as endpoint:
        write_numbered(endpoint, 2)
        summary = endpoint.batched(options={"tries": 3})
        created = endpoint.created()

    first = lines(endpoint.output)[0]
    assert (summary.failed, created >= 3) == (2, True)
    assert first["error"]["message"] == "the batch did not answer (batch_expired), 3 times"
    assert first["error"]["retryable"]
    assert first["usage"]["requests"] == 3


@pytest.mark.parametrize(
    "fault", [status(500), status(429, error("slow down")), dropped(), raw("gibberish")]
)
def test_row_that_failed_for_the_moment_goes_into_the_next_batch(
    fault: Any, tmp_path: Path
) -> None:
    with Endpoint(tmp_path, by_attempt(fault, fault, NOTHING)) as endpoint:
        write_numbered(endpoint, 3)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed) == (3, 0)
    assert {row["usage"]["requests"] for row in lines(endpoint.output)} == {3}


@pytest.mark.parametrize("fault", [invalid_api_key(), insufficient_quota()])
def test_row_whose_key_or_quota_is_refused_stops_the_run_and_is_asked_again_by_the_next(
    fault: Any, tmp_path: Path
) -> None:
    with Endpoint(tmp_path, by_attempt(by_article({"11 firms": fault}, NOTHING), NOTHING)) as one:
        write_numbered(one, 3)
        with pytest.raises(RunStoppedError, match="OPENAI_API_KEY"):
            one.batched(options={"tries": 1})
        summary = one.batched(options={"tries": 1})

    assert (summary.failed, ids(one.output)) == (0, list(numbered(3)))
    assert sorted(one.rows().values()) == [1, 1, 2]


def test_line_that_fails_its_batch_fails_alone(tmp_path: Path) -> None:
    def refuses(row: Any) -> str | None:
        return "invalid_request" if "11 firms" in json.dumps(row["body"]) else None

    with Endpoint(tmp_path, NOTHING, BatchRules(refuses=refuses)) as endpoint:
        write_numbered(endpoint, 4)
        summary = endpoint.batched()

    failed = [row["id"] for row in lines(endpoint.output) if row["status"] == "failed"]
    assert (summary.articles, failed) == (4, ["a1"])
    assert each_row_once(endpoint)


def test_batch_that_fails_as_a_whole_stops_the_run_with_its_code(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(max_rows=0)) as endpoint:
        write_numbered(endpoint, 3)
        with pytest.raises(RunStoppedError, match=r"failed batch_\d+: too_many_requests"):
            endpoint.batched()


def test_cancelled_batch_ends_the_run_and_the_same_command_submits_the_rest(
    tmp_path: Path,
) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(rows_per_step=2)) as endpoint:
        write_numbered(endpoint, 5)

        def cancelling(method: str, path: str, count: int) -> None:
            if method == "GET" and path.endswith("/batch_000001") and count == 3:
                endpoint.server.batches.cancel("batch_000001")

        endpoint.server.batches.watch(cancelling)
        with pytest.raises(RunStoppedError, match="batch_000001 was cancelled"):
            endpoint.batched(options={"tries": 1})
        done = len(ids(endpoint.output))
        summary = endpoint.batched(options={"tries": 1})

    assert 0 < done < 5
    assert (summary.articles, summary.done_before, summary.failed) == (5 - done, done, 0)
    assert ids(endpoint.output) == list(numbered(5))
    assert each_row_once(endpoint)
    assert not Path(f"{endpoint.output}.batches").exists()


# A full queue


def test_full_queue_of_tokens_fails_no_article(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(enqueued_tokens=14_000)) as endpoint:
        write_numbered(endpoint, 9)
        summary = endpoint.batched()
        failed = [b for b in endpoint.server.batches.list(99)["data"] if b["status"] == "failed"]

    assert failed
    assert (summary.articles, summary.failed) == (9, 0)
    assert each_row_once(endpoint)
    assert sum("queue of tokens" in note for note in endpoint.notes) >= 1


def test_full_queue_that_is_said_at_creation_fails_no_article(tmp_path: Path) -> None:
    full = status(400, error("Enqueued token limit reached", code="token_limit_exceeded"))

    def faults(method: str, path: str, count: int) -> Any:
        return full if (method, path) == ("POST", "/v1/batches") and count <= 4 else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 3)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed) == (3, 0)
    assert each_row_once(endpoint)


def test_requests_are_split_into_batches_of_the_limit(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(max_rows=2)) as endpoint:
        write_numbered(endpoint, 7)
        summary = endpoint.batched(most=2)

    assert (summary.articles, summary.failed) == (7, 0)
    assert each_row_once(endpoint)


# A transport that fails

CALLS = {
    "upload": ("POST", "/files"),
    "create": ("POST", "/batches"),
    "list": ("GET", "/batches"),
    "poll": ("GET", r"/batches/[^/]+"),
    "info": ("GET", r"/files/[^/]+"),
    "download": ("GET", r"/files/[^/]+/content"),
}


@pytest.mark.parametrize("fault", [status(503), dropped(), status(429, error("wait")), raw("<p>")])
@pytest.mark.parametrize("name", CALLS)
def test_call_that_fails_is_made_again_and_nothing_is_paid_twice(
    name: str, fault: Any, tmp_path: Path
) -> None:
    wanted, path = CALLS[name]
    failed: set[str] = set()

    def faults(method: str, called: str, count: int) -> Any:
        is_wanted = method == wanted and re.fullmatch(f"/v1{path}", called) and count <= 2
        failed.update({called} if is_wanted else ())
        return fault if is_wanted else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 3)
        summary = endpoint.batched()

    assert failed
    assert (summary.articles, summary.failed) == (3, 0)
    assert each_row_once(endpoint)


def test_long_trouble_with_the_transport_is_waited_out(tmp_path: Path) -> None:
    def faults(method: str, path: str, count: int) -> Any:
        return status(502) if path.endswith("batch_000001") and count <= 40 else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 2)
        assert endpoint.batched().articles == 2

    assert sum("502" in note for note in endpoint.notes) == 1


def test_batch_whose_creation_was_not_answered_is_found_and_not_paid_twice(
    tmp_path: Path,
) -> None:
    def faults(method: str, path: str, count: int) -> Any:
        return dropped() if (method, path, count) == ("POST", "/v1/batches", 1) else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 3)
        summary = endpoint.batched()

    assert (summary.articles, each_row_once(endpoint)) == (3, True)


def test_batch_whose_creation_was_not_answered_is_found_among_those_of_others(
    tmp_path: Path,
) -> None:
    def faults(method: str, path: str, count: int) -> Any:
        if (method, path, count) == ("GET", "/v1/batches", 2):
            batches = endpoint.server.batches
            theirs = {"input_file_id": batches.files.add("theirs.jsonl", b"")["id"]}
            for _ in range(150):  # more than a page
                batches.create({"endpoint": "/v1/x", "completion_window": "24h", **theirs})
        return dropped() if (method, path, count) == ("POST", "/v1/batches", 1) else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 2)
        summary = endpoint.batched()

    assert (summary.articles, each_row_once(endpoint)) == (2, True)


def test_pause_that_the_endpoint_asks_for_is_waited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float, sleeping: Any = asyncio.sleep) -> None:
        slept.append(seconds)
        await sleeping(0)

    def faults(method: str, path: str, count: int) -> Any:
        is_wanted = (method, path, count) == ("POST", "/v1/files", 1)
        return status(429, error("wait"), 7.0) if is_wanted else None

    monkeypatch.setattr("asyncio.sleep", sleep)
    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 1)
        endpoint.batched()

    assert 7.0 in slept
