"""Reading a batch's input file as the endpoint does: what it refuses, and in which words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
"""One request: ``custom_id``, ``method``, ``url``, ``body``."""


class BatchInputError(Exception):
    """The file as a whole is refused."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


def read_rows(content: bytes, endpoint: str, max_rows: int) -> tuple[list[Row], int]:
    """The rows of an input file, and their tokens: four bytes each.

    Raises:
        BatchInputError: no rows or too many, a line that is no request, an id twice, another
            endpoint, more than one model.
    """
    lines = content.splitlines()
    if not lines:
        raise BatchInputError("empty_file", "The input file is empty.")
    if len(lines) > max_rows:
        raise BatchInputError("too_many_requests", f"The batch has more than {max_rows} requests.")
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, start=1):
        row = _row(line, number, endpoint)
        if row["custom_id"] in rows:
            message = f"The custom_id '{row['custom_id']}' is a duplicate of an earlier one."
            raise BatchInputError("duplicate_custom_id", message, number)
        rows[row["custom_id"]] = row
        if row["body"].get("model") != next(iter(rows.values()))["body"].get("model"):
            message = "The provided model does not match the other requests of the batch."
            raise BatchInputError("mismatched_model", message, number)
    return list(rows.values()), len(content) // 4


def _row(line: bytes, number: int, endpoint: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        raise BatchInputError(
            "invalid_json_line", "This line is not parseable as valid JSON.", number
        ) from None
    keys = {"custom_id", "method", "url", "body"}
    if not isinstance(row, dict) or not keys <= row.keys() or row["method"] != "POST":
        message = f"A request has the keys {', '.join(sorted(keys))}, and its method is POST."
        raise BatchInputError("invalid_request", message, number)
    if row["url"] != endpoint:
        message = "The URL provided for this request does not match the batch endpoint."
        raise BatchInputError("invalid_url", message, number)
    return row


def check_rows(rows: Sequence[Row], refuses: Callable[[Row], str | None]) -> None:
    """Refuse a file for one of its rows.

    Raises:
        BatchInputError: `refuses` has a code for it.
    """
    for number, row in enumerate(rows, start=1):
        if (code := refuses(row)) is not None:
            raise BatchInputError(code, "This request is not supported.", number)


def check_size(size: int, limit: int) -> None:
    """Refuse a file that is too large.

    Raises:
        BatchInputError: it is.
    """
    if size > limit:
        raise BatchInputError("file_too_large", f"The input file has more than {limit} bytes.")


def check_tokens(tokens: int, enqueued: int, limit: int | None, model: str) -> None:
    """Refuse a batch that the queue has no room for.

    Raises:
        BatchInputError: `tokens` and what is enqueued are more than the limit.
    """
    if limit is not None and tokens + enqueued > limit:
        message = (
            f"Enqueued token limit reached for {model} in organization org-fake. Limit: {limit:,} "
            "enqueued tokens. Please try again once some in_progress batches have been completed."
        )
        raise BatchInputError("token_limit_exceeded", message)
