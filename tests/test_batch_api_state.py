"""What is known of batches, in its file."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("openai")

from extractor.batch.batch_api.rows import error_row, row_of
from extractor.batch.batch_api.state import State
from extractor.errors import RunStoppedError, UsageError


def test_what_is_known_outlasts_the_process(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        state.describe({"run": "r"})
        chunk = state.plan("one", ["a", "b"])
        state.note(replace(chunk, batch="batch_1", status="in_progress", completed=1))
    with State(tmp_path / "b") as state:
        (found,) = state.open_chunks()
        assert state.about == {"run": "r"}
        assert (found.batch, found.status, found.requests, found.completed) == (
            "batch_1",
            "in_progress",
            2,
            1,
        )
        assert state.unanswered(found) == {"a": 1, "b": 2}


def test_rows_are_taken_once_in_any_order_and_those_of_others_never(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        chunk = state.plan("one", ["a", "b"])
        other = state.plan("two", ["c"])
        rows = [(row_of(id_, {}), True) for id_ in ("b", "c", "z", "a", "a")]
        fates = state.take(chunk, rows, 5)
        assert fates == ["answered", "ignored", "ignored", "answered", "ignored"]
        assert state.unanswered(chunk) == {}
        assert state.unanswered(other) == {"c": 1}


def test_a_request_gets_no_more_tries_than_allowed(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        fates = []
        for name in ("one", "two", "three"):
            chunk = state.plan(name, ["a"])
            fates += state.take(chunk, [(error_row("a", "server_error"), False)], 3)
        request = state.request("a")
    assert fates == ["again", "again", "answered"]
    assert request is not None
    assert (request.tries, request.row) == (3, '{"error": {"code": "server_error"}}')


def test_a_late_row_of_a_batch_that_was_given_up_is_ignored(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        old = state.plan("one", ["a"])
        state.take(old, [(error_row("a", "batch_expired"), False)], 5)
        new = state.plan("two", ["a"])
        assert state.take(old, [(row_of("a", {}), True)], 5) == ["ignored"]
        assert state.take(new, [(row_of("a", {}), True)], 5) == ["answered"]


def test_freed_requests_can_be_planned_again_and_answers_stay(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        chunk = state.plan("one", ["a", "b"])
        state.take(chunk, [(row_of("a", {}), True)], 5)
        state.free(replace(chunk, status="cancelled", batch="batch_1"))
        freed, kept = state.request("b"), state.request("a")
        assert [c.status for c in state.chunks()] == ["cancelled"]
        assert state.open_chunks() == []
    assert freed is not None
    assert kept is not None
    assert (freed.chunk, kept.row) == (None, "{}")


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("something else, and long enough to be no database" * 9)
    with pytest.raises(UsageError, match="is no file of batches"):
        State(tmp_path / "b")


def test_a_disk_that_takes_nothing_stops_the_run(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        state._db.execute("PRAGMA query_only = ON")
        with pytest.raises(RunStoppedError, match="could not be written"):
            state.plan("one", ["a"])


def test_a_change_that_breaks_off_is_none(tmp_path: Path) -> None:
    with State(tmp_path / "b") as state:
        state.plan("one", ["a"])
        with pytest.raises(RunStoppedError):
            state.plan("one", ["b"])
    with sqlite3.connect(tmp_path / "b") as found:
        assert found.execute("SELECT id FROM requests").fetchall() == [("a",)]
    found.close()
