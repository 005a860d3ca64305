"""The same few bytes to every request, at the least cost: for benchmarks of clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fake_llm.completions import completion_body
from tests.fake_llm.received import Received
from tests.fake_llm.replies import Completion

_END = b"\r\n\r\n"


@dataclass
class Fixed:
    """What all connections share: the answer, rendered once for each way of asking, and counts."""

    completion: Completion
    latency: Callable[[int], float]
    requests: int = 0
    connections: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    _rendered: dict[bytes, bytes] = field(default_factory=dict)

    def reply(self, body: bytes) -> bytes:
        """The response's bytes; bodies with the same tool choice have the same one."""
        start = body.find(b'"tool_choice":')
        key = body[start : body.find(b"}", start)] if start >= 0 else b""
        if key not in self._rendered:
            asked = json.loads(body)
            request = Received(order=0, method="POST", path="", headers={}, raw=body, json=asked)
            self._rendered[key] = _http(completion_body(request, self.completion))
        return self._rendered[key]

    def stats(self) -> bytes:
        """Counts so far, as a response."""
        names = ("requests", "max_in_flight", "connections")
        return _http({name: getattr(self, name) for name in names})


def _http(value: object) -> bytes:
    body = json.dumps(value, ensure_ascii=False).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_fixed\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class FixedProtocol(asyncio.Protocol):
    """One connection: HTTP/1.1 with Content-Length, kept alive, one request at a time."""

    def __init__(self, fixed: Fixed) -> None:
        self._fixed = fixed
        self._buffer = bytearray()
        self._needed = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._fixed.connections += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) < self._needed:
            return
        head = self._buffer.find(_END)
        if head < 0:
            return
        start = head + len(_END)
        self._needed = start + _content_length(bytes(self._buffer[:head]))
        if len(self._buffer) >= self._needed:
            first = bytes(self._buffer[:4])
            body = bytes(self._buffer[start : self._needed])
            del self._buffer[: self._needed]
            self._needed = 0
            self._answer(first, body)

    def _answer(self, first: bytes, body: bytes) -> None:
        fixed = self._fixed
        if first == b"GET ":
            self._write(fixed.stats())
            return
        fixed.requests += 1
        fixed.in_flight += 1
        fixed.max_in_flight = max(fixed.max_in_flight, fixed.in_flight)
        delay = fixed.latency(fixed.requests)
        asyncio.get_running_loop().call_later(delay, self._finish, fixed.reply(body))

    def _finish(self, reply: bytes) -> None:
        self._fixed.in_flight -= 1
        self._write(reply)

    def _write(self, reply: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(reply)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
