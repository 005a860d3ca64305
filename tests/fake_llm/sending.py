"""One reply onto the wire: whole, in pieces, late, compressed, or broken off."""

from __future__ import annotations

import asyncio
import gzip
import struct
from collections.abc import Callable
from socket import SO_LINGER, SOL_SOCKET

from aiohttp import web

from tests.fake_llm.replies import Delivery

_NO_LINGER = struct.pack("ii", 1, 0)
"""With it a close is a reset."""


async def send(
    http: web.Request,
    response: web.StreamResponse,
    body: bytes,
    delivery: Delivery,
    leave: Callable[[], None],
) -> web.StreamResponse:
    """Send `body` as `delivery` says; `leave` is called before the last byte goes out."""
    if delivery.compressed:
        body = gzip.compress(body, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    if delivery.lost == "answer":
        await _wait(delivery)
        return _drop(http, response, delivery, leave)
    if response.content_type != "text/event-stream":
        response.content_length = len(body)
    ahead = delivery.pieces > 1
    if not ahead:
        await _wait(delivery)
    if delivery.lost is None and not ahead:
        leave()
    await response.prepare(http)
    if delivery.lost is not None:
        await response.write(body[: len(body) // 2 if delivery.lost == "half" else 0])
        return _drop(http, response, delivery, leave)
    await _write(response, body, delivery, leave)
    if delivery.hang_up:
        _close(http)
    return response


async def _write(
    response: web.StreamResponse, body: bytes, delivery: Delivery, leave: Callable[[], None]
) -> None:
    size = -(-len(body) // delivery.pieces) or 1
    for start in range(0, len(body), size):
        if delivery.pieces > 1:
            await _wait(delivery)
            if start + size >= len(body):
                leave()
        await response.write(body[start : start + size])
    await response.write_eof()


async def _wait(delivery: Delivery) -> None:
    if delivery.gate is not None:
        await delivery.gate.passage()
    if delivery.delay:
        await asyncio.sleep(delivery.delay)


def _drop(
    http: web.Request,
    response: web.StreamResponse,
    delivery: Delivery,
    leave: Callable[[], None],
) -> web.StreamResponse:
    leave()
    if delivery.reset and http.transport is not None:
        socket = http.transport.get_extra_info("socket")
        socket.setsockopt(SOL_SOCKET, SO_LINGER, _NO_LINGER)
        http.transport.abort()
    else:
        _close(http)
    return response


def _close(http: web.Request) -> None:
    if http.transport is not None:
        http.transport.close()
