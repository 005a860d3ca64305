"""Lines and files of batches, their rows, and the pace of looks."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

pytest.importorskip("openai")

from extractor.batch.batch_api.pace import Pace
from extractor.batch.batch_api.requests import fill, line_of, request_id
from extractor.batch.batch_api.rows import read_rows

PATH = "/v1/chat/completions"


def test_a_request_is_known_by_article_revision_step_and_content() -> None:
    ids = {
        request_id("a@1", "answer", b"{}"),
        request_id("b@1", "answer", b"{}"),
        request_id("a@2", "answer", b"{}"),
        request_id("a@1", "repair", b"{}"),
        request_id("a@1", "answer", b"[]"),
    }
    assert len(ids) == 5
    assert request_id("a@1", "answer", b"{}") in ids
    assert all(len(id_) <= 64 for id_ in ids)


def test_an_id_with_half_of_a_character_gives_a_request_too() -> None:
    assert request_id("\ud800@1", "answer", b"{}").startswith("answer-")


def test_a_line_holds_the_body_as_it_is() -> None:
    body = json.dumps({"messages": ["工业\n“引文” \\ "]}, ensure_ascii=False).encode()
    line = line_of("answer-1", body, PATH)
    assert body in line
    assert line.count(b"\n") == 1
    assert json.loads(line)["body"] == json.loads(body)


def test_a_file_ends_at_the_limit_of_requests_or_of_bytes() -> None:
    requests = [(f"answer-{n}", b'"%d"' % n) for n in range(9)]
    size = len(line_of(*requests[0], PATH))
    by_count, content = fill(requests, PATH, most=4)
    by_size, _ = fill(requests, PATH, most=9, most_bytes=3 * size)
    assert by_count == ["answer-0", "answer-1", "answer-2", "answer-3"]
    assert content.count(b"\n") == 4
    assert by_size == ["answer-0", "answer-1", "answer-2"]


def test_a_request_that_is_too_large_for_a_file_is_alone_in_one() -> None:
    large, small = ("answer-0", b"x" * 100), ("answer-1", b"y")
    assert fill([large, small], PATH, most=9, most_bytes=50)[0] == ["answer-0"]
    assert fill([], PATH, most=9) == ([], b"")


def test_lines_that_are_no_rows_are_told_apart() -> None:
    row = json.dumps({"custom_id": "answer-1", "response": {"status_code": 200}, "error": None})
    rows = list(read_rows(f"{row}\n\n{{\n[]\n{{}}\n\ufffd\n{row[:-9]}".encode() + b"\xff\n"))
    assert [r and r.id for r in rows] == ["answer-1", None, None, None, None, None]


def test_rows_of_requests_that_a_cancelled_batch_did_not_come_to_are_none() -> None:
    row = json.dumps({"custom_id": "answer-1", "error": {"code": "batch_cancelled"}})
    assert list(read_rows(row.encode())) == []


def test_looks_become_rarer_until_something_happens() -> None:
    now = 0.0
    pace = Pace(first=5.0, longest=60.0, clock=lambda: now)
    looks = []
    for second in range(400):
        now = float(second)
        if pace.is_due():
            looks.append(second)
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert gaps[0] == 5
    assert gaps == sorted(gaps)
    assert gaps[-1] == 60

    pace.hurry()
    now += 5
    assert pace.is_due()
    assert not pace.is_due()
