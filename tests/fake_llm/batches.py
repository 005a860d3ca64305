"""Batches: files in, states that advance by polls or by the test, files out."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from tests.fake_llm.batch_input import (
    BatchInputError,
    Row,
    check_rows,
    check_size,
    check_tokens,
    read_rows,
)
from tests.fake_llm.completions import CREATED
from tests.fake_llm.files import Files, NotFoundError
from tests.fake_llm.replies import Reply

AnswerRow: TypeAlias = Callable[[Row, str], tuple[int, Any] | None]
"""A row's status and body, by row and batch id; None where nothing came back."""

ENDED = ("completed", "failed", "expired", "cancelled")
_DAY = 24 * 60 * 60


class ConflictError(Exception):
    """The batch is in no state for that; the message is the endpoint's."""


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How batches go.

    Attributes:
        by_polls: each retrieval is a step; else only `Batches.advance` is.
        rows_per_step: rows answered in a step; None: all.
        expires_after: steps in progress after which a batch expires; None: it never does.
        enqueued_tokens: the limit on the tokens of all batches that have not ended.
        max_rows: rows that a file may have.
        max_bytes: bytes that a file may have.
        refuses: the code of what is wrong with a row, for which its batch fails; None: nothing.
        faults: a faulty reply to a call for files or batches, by method, path and how many times
            that was called, or None. A dropped connection loses the answer after the deed.
    """

    by_polls: bool = True
    rows_per_step: int | None = None
    expires_after: int | None = None
    enqueued_tokens: int | None = None
    max_rows: int = 50_000
    max_bytes: int = 200 * 2**20
    refuses: Callable[[Row], str | None] = lambda row: None
    faults: Callable[[str, str, int], Reply | None] = lambda method, path, count: None


@dataclass
class _Batch:
    info: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    tokens: int = 0
    steps: int = 0
    done: int = 0
    output: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return str(self.info["status"])


class Batches:
    """All batches of a server, and their files. Safe between threads."""

    def __init__(self, answer: AnswerRow, rules: BatchRules) -> None:
        self._answer, self._rules = answer, rules
        self._lock = threading.RLock()
        self._batches: dict[str, _Batch] = {}
        self._calls: Counter[tuple[str, str]] = Counter()
        self._clock = CREATED
        self.files = Files(self._tick)

    def watch(self, faults: Callable[[str, str, int], Reply | None]) -> None:
        """From now on, let these be the faults: a test may know more than when it began."""
        with self._lock:
            self._rules = replace(self._rules, faults=faults)

    def fault(self, method: str, path: str) -> Reply | None:
        """The faulty reply to this call, if the rules have one."""
        with self._lock:
            self._calls[method, path] += 1
            return self._rules.faults(method, path, self._calls[method, path])

    def create(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Begin a batch from the body of a request; its object.

        Raises:
            NotFoundError: the input file does not exist.
        """
        with self._lock:
            self.files.info(asked["input_file_id"])
            now = self._tick()
            info = {
                "id": f"batch_{len(self._batches) + 1:06}",
                "object": "batch",
                "endpoint": asked["endpoint"],
                "errors": None,
                "input_file_id": asked["input_file_id"],
                "completion_window": asked["completion_window"],
                "status": "validating",
                "output_file_id": None,
                "error_file_id": None,
                "created_at": now,
                "expires_at": now + _DAY,
                "request_counts": {"total": 0, "completed": 0, "failed": 0},
                "metadata": asked.get("metadata"),
            }
            self._batches[info["id"]] = _Batch(info)
            return dict(info)

    def retrieve(self, batch_id: str) -> dict[str, Any]:
        """A batch's object, after a step if polls are steps.

        Raises:
            NotFoundError: there is none.
        """
        if self._rules.by_polls:
            return self.advance(batch_id)
        with self._lock:
            return dict(self._batch(batch_id).info)

    def list(self, limit: int = 20, after: str | None = None) -> dict[str, Any]:
        """A page of batches, the newest first."""
        with self._lock:
            newest = [dict(batch.info) for batch in reversed(self._batches.values())]
        ids = [info["id"] for info in newest]
        start = ids.index(after) + 1 if after in ids else 0
        page = newest[start : start + limit]
        return {
            "object": "list",
            "data": page,
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
            "has_more": start + limit < len(newest),
        }

    def cancel(self, batch_id: str) -> dict[str, Any]:
        """Ask for the end of a batch: it is `cancelling`, and `cancelled` a step later.

        Raises:
            NotFoundError: there is none.
            ConflictError: it has ended.
        """
        with self._lock:
            batch = self._batch(batch_id)
            if batch.status in ENDED:
                raise ConflictError(f"Cannot cancel a batch with status '{batch.status}'.")
            self._turn(batch, "cancelling")
            return dict(batch.info)

    def advance(self, batch_id: str) -> dict[str, Any]:
        """One step: to the next state, or some more rows. Raises as `retrieve`."""
        with self._lock:
            batch = self._batch(batch_id)
            match batch.status:
                case "validating":
                    self._validate(batch)
                case "in_progress":
                    self._work(batch)
                case "finalizing":
                    self._end(batch, "completed")
                case "cancelling":
                    self._end(batch, "cancelled")
            return dict(batch.info)

    def expire(self, batch_id: str) -> None:
        """The window closes: rows that are not done go to the error file. Raises as `retrieve`."""
        with self._lock:
            batch = self._batch(batch_id)
            message = "This request could not be executed before the completion window expired."
            for row in batch.rows[batch.done :]:
                lost = {"code": "batch_expired", "message": message}
                batch.errors.append(self._line(batch, row, None, lost))
            self._end(batch, "expired")

    def fail(self, batch_id: str, code: str, message: str, line: int | None = None) -> None:
        """The batch as a whole fails. Raises as `retrieve`."""
        with self._lock:
            batch = self._batch(batch_id)
            data = [{"code": code, "message": message, "param": None, "line": line}]
            batch.info["errors"] = {"object": "list", "data": data}
            self._turn(batch, "failed")

    def _batch(self, batch_id: str) -> _Batch:
        if batch_id not in self._batches:
            raise NotFoundError(f"No batch found with id '{batch_id}'.")
        return self._batches[batch_id]

    def _validate(self, batch: _Batch) -> None:
        content = self.files.content(batch.info["input_file_id"])
        enqueued = sum(b.tokens for b in self._batches.values() if b.status not in ENDED)
        try:
            check_size(len(content), self._rules.max_bytes)
            rows, tokens = read_rows(content, batch.info["endpoint"], self._rules.max_rows)
            model = str(rows[0]["body"].get("model"))
            check_rows(rows, self._rules.refuses)
            check_tokens(tokens, enqueued, self._rules.enqueued_tokens, model)
        except BatchInputError as problem:
            self.fail(batch.info["id"], problem.code, str(problem), problem.line)
            return
        batch.rows, batch.tokens = rows, tokens
        batch.info["request_counts"]["total"] = len(rows)
        self._turn(batch, "in_progress")

    def _work(self, batch: _Batch) -> None:
        batch.steps += 1
        wanted = self._rules.rows_per_step
        count = len(batch.rows) if wanted is None else wanted
        for row in batch.rows[batch.done : batch.done + count]:
            self._answer_row(batch, row)
        if batch.done == len(batch.rows):
            self._turn(batch, "finalizing")
        elif self._rules.expires_after is not None and batch.steps >= self._rules.expires_after:
            self.expire(batch.info["id"])

    def _answer_row(self, batch: _Batch, row: Row) -> None:
        batch.done += 1
        answered = self._answer(row, batch.info["id"])
        if answered is None:
            lost = {"code": "server_error", "message": "The server had an error."}
            batch.errors.append(self._line(batch, row, None, lost))
        else:
            status, body = answered
            response = {
                "status_code": status,
                "request_id": f"req_{batch.info['id']}_{batch.done}",
                "body": body,
            }
            lines = batch.output if status == 200 else batch.errors
            lines.append(self._line(batch, row, response, None))
        counts = {"completed": len(batch.output), "failed": len(batch.errors)}
        batch.info["request_counts"].update(counts)

    def _line(
        self,
        batch: _Batch,
        row: Row,
        response: dict[str, Any] | None,
        error: dict[str, str] | None,
    ) -> dict[str, Any]:
        return {
            "id": f"batch_req_{batch.info['id']}_{row['custom_id']}",
            "custom_id": row["custom_id"],
            "response": response,
            "error": error,
        }

    def _end(self, batch: _Batch, status: str) -> None:
        """Write what is done; the last row first, since the order of rows is not promised."""
        for name, lines in (("output", batch.output), ("error", batch.errors)):
            if lines:
                text = "".join(json.dumps(line) + "\n" for line in reversed(lines))
                file = self.files.add(
                    f"{batch.info['id']}_{name}.jsonl", text.encode(), f"batch_{name}"
                )
                batch.info[f"{name}_file_id"] = file["id"]
        self._turn(batch, status)

    def _turn(self, batch: _Batch, status: str) -> None:
        batch.info["status"] = status
        batch.info[f"{status}_at"] = self._tick()

    def _tick(self) -> int:
        self._clock += 1
        return self._clock
