"""What an endpoint says of batches, and what the rows of their output hold: pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractor.models.address import Address
from extractor.models.chat import faults
from extractor.models.chat.answers import mapping
from extractor.models.chat.endpoint import Reply

ENDED = ("completed", "failed", "expired", "cancelled")
CHUNK = "chunk"
"""The key of a batch's metadata that holds the caller's name for it."""
_CODE = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch, as the endpoint describes it.

    Attributes:
        id: the endpoint's name for it.
        status: one of `ENDED`, or ``validating``, ``in_progress``, ``finalizing``, ``cancelling``.
        chunk: the caller's name for it; None for a batch of somebody else.
        files: ids of the files with its answers and its errors.
        total: how many requests it has, once it is validated.
        completed: how many of them are answered.
        failed: how many of them failed.
        problems: why it failed as a whole: a code, and a line of its input from 1, or None.
    """

    id: str
    status: str
    chunk: str | None
    files: tuple[str, ...]
    total: int
    completed: int
    failed: int
    problems: tuple[tuple[str, int | None], ...]


def row_reply(row: Mapping[str, Any], address: Address, model: str) -> Reply | Exception | None:
    """What a row of a batch's output holds, as a request online would have had it.

    Returns:
        None if the row says nothing of how its request went.
    """
    response = mapping(row.get("response"))
    status, body = response.get("status_code"), response.get("body")
    if not isinstance(status, int) or not status:
        code = code_of(mapping(row.get("error")).get("code"))
        return faults.TransientError(f"the batch did not answer ({code})") if code else None
    if status != 200:
        return faults.fault(status, body, {}, address, model)
    if not isinstance(body, Mapping) or "choices" not in body:
        return faults.TransientError("the batch's answer is no chat completion")
    request_id = response.get("request_id")
    return Reply(body, request_id if isinstance(request_id, str) else None)


def code_of(value: Any) -> str | None:
    """An error's code, if it is one and no words."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def read_batch(body: Mapping[str, Any]) -> Batch:
    """A batch by the object that describes it.

    Raises:
        TransientError: it is no such object.
    """
    counts = mapping(body.get("request_counts"))
    problems = mapping(body.get("errors")).get("data") or ()
    files = (body.get("output_file_id"), body.get("error_file_id"))
    chunk = mapping(body.get("metadata")).get(CHUNK)
    return Batch(
        id=read_text(body, "id"),
        status=read_text(body, "status"),
        chunk=chunk if isinstance(chunk, str) else None,
        files=tuple(file for file in files if isinstance(file, str)),
        total=_count(counts, "total"),
        completed=_count(counts, "completed"),
        failed=_count(counts, "failed"),
        problems=tuple(_problem(mapping(problem)) for problem in problems),
    )


def _problem(problem: Mapping[str, Any]) -> tuple[str, int | None]:
    line = problem.get("line")
    return code_of(problem.get("code")) or "unknown", line if isinstance(line, int) else None


def read_text(body: Mapping[str, Any], name: str) -> str:
    """A text of a reply.

    Raises:
        TransientError: it is not there.
    """
    value = body.get(name)
    if not isinstance(value, str):
        raise faults.TransientError(f"the reply has no {name}")
    return value


def _count(counts: Mapping[str, Any], name: str) -> int:
    value = counts.get(name)
    return value if isinstance(value, int) else 0
