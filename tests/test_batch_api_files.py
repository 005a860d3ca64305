"""Runs by batches: files of answers that are gone, broken off or strange cost no article."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from tests.batch_api_runs import Endpoint, each_row_once, write_numbered
from tests.batch_runs import lines
from tests.fake_llm.api import NOTHING, BatchRules, error, half_body, raw, status


def test_file_of_answers_that_is_gone_is_asked_for_again(tmp_path: Path) -> None:
    gone: set[str] = set()

    def faults(method: str, path: str, count: int) -> Any:
        is_first = path.startswith("/v1/files/") and path.endswith("/content") and not gone
        gone.update({path} if is_first else ())
        return status(404, error("No such File")) if path in gone else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 2)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed) == (2, 0)
    assert any("does not have any more" in note for note in endpoint.notes)


def mangled(change: Callable[[bytes], bytes], endpoint: Endpoint, times: int) -> None:
    """Change what the first downloads of a batch's output bring."""
    downloads = itertools.count(1)

    def faults(method: str, path: str, count: int) -> Any:
        if not path.endswith("/content") or next(downloads) > times:
            return None
        content = endpoint.server.batches.files.content(path.split("/")[-2])
        return raw(change(content), content_type="application/octet-stream")

    endpoint.server.batches.watch(faults)


def test_half_of_a_file_is_fetched_again(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 4)
        mangled(lambda content: content[: len(content) // 2], endpoint, 2)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed, each_row_once(endpoint)) == (4, 0, True)


def test_body_that_breaks_off_is_fetched_again(tmp_path: Path) -> None:
    def faults(method: str, path: str, count: int) -> Any:
        return half_body() if path.endswith("/content") and count == 1 else None

    with Endpoint(tmp_path, NOTHING, BatchRules(faults=faults)) as endpoint:
        write_numbered(endpoint, 2)
        assert endpoint.batched().failed == 0


def test_strange_rows_are_counted_and_cost_nobody_his_answer(tmp_path: Path) -> None:
    def strange(content: bytes) -> bytes:
        first, _, rest = content.partition(b"\n")
        other = first.replace(b"answer-", b"answer-0")
        return b"\n".join([b"{broken", b"[1]", other, first, b"", first, rest])

    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 3)
        mangled(strange, endpoint, 1)
        summary = endpoint.batched(most=100)

    assert (summary.articles, summary.failed, each_row_once(endpoint)) == (3, 0, True)
    (told,) = [note for note in endpoint.notes if "unreadable" in note]
    assert "2 unreadable rows" in told
    assert "2 rows of nothing that was asked" in told


def test_answer_whose_row_is_missing_is_asked_for_again(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 1)
        mangled(lambda content: b"{" + b" " * len(content), endpoint, 1)
        summary = endpoint.batched()

    assert (summary.articles, summary.failed) == (1, 0)
    assert lines(endpoint.output)[0]["usage"]["requests"] == 2
