"""The scripted server's files and batches, through the SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("openai")
pytest.importorskip("aiohttp")

import openai
from openai import OpenAI
from openai.types import Batch

from tests.fake_llm.api import (
    NOTHING,
    BatchRules,
    FakeLLM,
    by_attempt,
    context_length_exceeded,
    dropped,
    status,
    when,
)
from tests.fake_llm.probe import body
from tests.fake_llm.scripts import Scripted

ENDPOINT = "/v1/chat/completions"


def line(custom_id: str, url: str = ENDPOINT, **more: Any) -> dict[str, Any]:
    asked = body(f"Article {custom_id}.") | more
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": asked}


def lines(count: int) -> list[dict[str, Any]]:
    return [line(f"a{number}") for number in range(1, count + 1)]


@contextmanager
def served(
    rules: BatchRules | None = None, script: Scripted = NOTHING
) -> Iterator[tuple[FakeLLM, OpenAI]]:
    with (
        FakeLLM(script, batch_rules=rules) as server,
        openai.OpenAI(api_key="sk-test", base_url=server.base_url, max_retries=0) as client,
    ):
        yield server, client


def submit(client: OpenAI, rows: list[dict[str, Any]] | bytes) -> Batch:
    if not isinstance(rows, bytes):
        rows = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file = client.files.create(file=("in.jsonl", rows), purpose="batch")
    return client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )


def poll(client: OpenAI, batch: Batch, times: int = 3) -> Batch:
    for _ in range(times):
        batch = client.batches.retrieve(batch.id)
    return batch


def content(client: OpenAI, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id is not None
    return [json.loads(text) for text in client.files.content(file_id).text.splitlines()]


def failure(client: OpenAI, rows: list[dict[str, Any]] | bytes) -> tuple[str | None, int | None]:
    batch = poll(client, submit(client, rows))
    assert batch.status == "failed"
    assert batch.errors is not None
    assert batch.errors.data is not None
    return batch.errors.data[0].code, batch.errors.data[0].line


def test_file_comes_back_as_it_was_sent() -> None:
    with served() as (_, client):
        file = client.files.create(file=("in.jsonl", b"\x00\xe5\xb7\xb4\n"), purpose="batch")

        assert client.files.content(file.id).content == b"\x00\xe5\xb7\xb4\n"
        assert client.files.retrieve(file.id).filename == "in.jsonl"
        assert [f.id for f in client.files.list()] == [file.id]
        assert client.files.delete(file.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.files.content(file.id)


def test_batch_goes_from_state_to_state_by_polls() -> None:
    with served() as (server, client):
        batch = submit(client, lines(2))
        states = [batch.status] + [poll(client, batch, 1).status for _ in range(4)]

        assert states == ["validating", "in_progress", "finalizing", "completed", "completed"]
        assert [row.custom_id for row in server.log.rows] == ["a1", "a2"]
        assert server.count == 0


def test_batch_waits_for_the_test_where_polls_are_no_steps() -> None:
    with served(BatchRules(by_polls=False)) as (server, client):
        batch = submit(client, lines(1))
        assert poll(client, batch).status == "validating"
        server.batches.advance(batch.id)
        assert poll(client, batch).status == "in_progress"


def test_output_has_a_row_for_each_request_in_no_promised_order() -> None:
    with served() as (_, client):
        batch = poll(client, submit(client, lines(3)))
        rows = content(client, batch.output_file_id)

    assert [row["custom_id"] for row in rows] == ["a3", "a2", "a1"]
    assert rows[0]["response"]["status_code"] == 200
    assert rows[0]["response"]["body"]["choices"][0]["message"]["content"]
    assert rows[0]["error"] is None
    assert batch.error_file_id is None


def test_rows_that_fail_go_to_the_error_file() -> None:
    script = when(lambda r: r.custom_id == "a2", context_length_exceeded(), NOTHING)
    with served(script=script) as (_, client):
        batch = poll(client, submit(client, lines(3)))
        (row,) = content(client, batch.error_file_id)

    assert row["response"]["status_code"] == 400
    assert row["response"]["body"]["error"]["code"] == "context_length_exceeded"
    assert batch.request_counts is not None
    assert (batch.request_counts.completed, batch.request_counts.failed) == (2, 1)


def test_row_whose_connection_is_lost_has_an_error_of_its_own() -> None:
    with served(script=dropped()) as (_, client):
        (row,) = content(client, poll(client, submit(client, lines(1))).error_file_id)

    assert (row["response"], row["error"]["code"]) == (None, "server_error")


def test_expired_batch_keeps_what_is_done() -> None:
    with served(BatchRules(rows_per_step=1, expires_after=2)) as (_, client):
        batch = poll(client, submit(client, lines(3)))
        done, lost = content(client, batch.output_file_id), content(client, batch.error_file_id)

    assert batch.status == "expired"
    assert [row["custom_id"] for row in done] == ["a2", "a1"]
    assert [(row["custom_id"], row["error"]["code"]) for row in lost] == [("a3", "batch_expired")]


def test_cancelled_batch_keeps_what_is_done_and_is_silent_on_the_rest() -> None:
    with served(BatchRules(rows_per_step=1)) as (_, client):
        batch = poll(client, submit(client, lines(3)), 2)
        assert client.batches.cancel(batch.id).status == "cancelling"
        batch = poll(client, batch, 1)

        assert batch.status == "cancelled"
        assert [row["custom_id"] for row in content(client, batch.output_file_id)] == ["a1"]
        assert batch.error_file_id is None
        with pytest.raises(openai.ConflictError):
            client.batches.cancel(batch.id)


def test_queue_of_tokens_fails_a_batch_until_another_has_ended() -> None:
    size = len("".join(json.dumps(row) + "\n" for row in lines(2))) // 4
    with served(BatchRules(enqueued_tokens=size + 10)) as (_, client):
        first = poll(client, submit(client, lines(2)), 1)
        assert failure(client, lines(2)) == ("token_limit_exceeded", None)
        poll(client, first)
        assert poll(client, submit(client, lines(2))).status == "completed"


@pytest.mark.parametrize(
    ("rows", "code", "number"),
    [
        (b"", "empty_file", None),
        (b'{"custom_id": \n', "invalid_json_line", 1),
        (b'{"custom_id": "a1"}\n', "invalid_request", 1),
        ([line("a1"), line("a1")], "duplicate_custom_id", 2),
        ([line("a1"), line("a2", model="other")], "mismatched_model", 2),
        ([line("a1", url="/v1/responses")], "invalid_url", 1),
        (lines(5), "too_many_requests", None),
    ],
)
def test_input_that_is_refused_fails_the_batch(
    rows: list[dict[str, Any]] | bytes, code: str, number: int | None
) -> None:
    with served(BatchRules(max_rows=4)) as (_, client):
        assert failure(client, rows) == (code, number)


def test_input_that_is_too_large_fails_the_batch() -> None:
    with served(BatchRules(max_bytes=100)) as (_, client):
        assert failure(client, lines(1)) == ("file_too_large", None)


def test_batches_are_listed_by_pages_the_newest_first() -> None:
    with served() as (_, client):
        made = [submit(client, lines(1)).id for _ in range(5)]
        page = client.batches.list(limit=2)

        assert page.has_more
        assert [batch.id for batch in page] == made[::-1]


def test_unknown_batch_and_file_are_404() -> None:
    with served() as (_, client):
        with pytest.raises(openai.NotFoundError, match="No batch found"):
            client.batches.retrieve("batch_none")
        with pytest.raises(openai.NotFoundError, match="No such File"):
            client.batches.create(
                input_file_id="none", endpoint="/v1/chat/completions", completion_window="24h"
            )


def test_lost_answer_is_lost_after_the_deed() -> None:
    def first_creation_is_lost(method: str, path: str, count: int) -> Any:
        return dropped() if (method, path, count) == ("POST", "/v1/batches", 1) else None

    with served(BatchRules(faults=first_creation_is_lost)) as (_, client):
        with pytest.raises(openai.APIConnectionError):
            submit(client, lines(1))

        assert len(client.batches.list().data) == 1


def test_refused_call_does_nothing() -> None:
    with served(BatchRules(faults=lambda *call: status(503))) as (server, client):
        with pytest.raises(openai.InternalServerError):
            client.files.create(file=("in.jsonl", b"{}"), purpose="batch")

        assert server.batches.files.all() == []


def test_article_that_comes_again_in_a_later_batch_is_its_next_attempt() -> None:
    with served(script=by_attempt(status(500), NOTHING)) as (_, client):
        first = poll(client, submit(client, lines(1)))
        second = poll(client, submit(client, lines(1)))

    assert first.output_file_id is None
    assert second.error_file_id is None
