"""The lines of a batch's input: which request each is, and how many go into one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from extractor.results import Step

MOST_REQUESTS = 50_000
"""Documented limit on the requests of one file."""
MOST_BYTES = 200_000_000
"""Documented limit on its size."""


def request_id(subject: str, step: Step, body: bytes) -> str:
    """The ``custom_id`` of a request: the same for the same request of the same work.

    Args:
        subject: the article and the revision of its result.
        step: what the request is for.
        body: what is asked.
    """
    digest = hashlib.sha256(subject.encode("utf-8", "replace") + b"\n" + body).hexdigest()
    return f"{step}-{digest[:32]}"


def line_of(id_: str, body: bytes, path: str) -> bytes:
    """The line of a request that goes to `path`."""
    head = f'{{"custom_id": "{id_}", "method": "POST", "url": "{path}", "body": '
    return head.encode() + body + b"}\n"


def fill(
    requests: Iterable[tuple[str, bytes]], path: str, *, most: int, most_bytes: int = MOST_BYTES
) -> tuple[list[str], bytes]:
    """One file of the first of some requests: their ids, and its content.

    A request that is larger than a file may be is alone in its own.
    """
    ids: list[str] = []
    lines: list[bytes] = []
    size = 0
    for id_, body in requests:
        line = line_of(id_, body, path)
        if ids and (len(ids) >= most or size + len(line) > most_bytes):
            break
        ids.append(id_)
        lines.append(line)
        size += len(line)
    return ids, b"".join(lines)
