"""The rows that a batch brought, as they are kept: pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_CANCELLED = "batch_cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    """What a batch says of one request.

    Attributes:
        id: the ``custom_id`` of the request.
        text: the row as JSON, without what is not needed of it.
        content: the same, parsed.
    """

    id: str
    text: str
    content: dict[str, Any]


def row_of(id_: str, content: dict[str, Any]) -> Row:
    """A row to be kept."""
    return Row(id_, json.dumps(content, ensure_ascii=False), content)


def error_row(id_: str, code: str) -> Row:
    """A row that says that a request was not answered, and why."""
    return row_of(id_, {"error": {"code": code}})


def refused_row(id_: str, code: str) -> Row:
    """A row that says that the endpoint refuses a request, and would again."""
    body = {"error": {"code": code}}
    return row_of(id_, {"response": {"status_code": 400, "body": body}})


def read_rows(content: bytes) -> Iterator[Row | None]:
    """The rows of a file that a batch wrote; None for a line that is none.

    A request that a cancelled batch did not come to has no row.
    """
    for line in content.split(b"\n"):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("custom_id"), str):
            yield None
            continue
        error = row.get("error")
        if isinstance(error, dict) and error.get("code") == _CANCELLED:
            continue
        kept = {name: row.get(name) for name in ("response", "error") if row.get(name) is not None}
        yield row_of(row["custom_id"], kept)
