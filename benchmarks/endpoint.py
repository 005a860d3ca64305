"""A fast endpoint for benchmarks of clients: answers of `workload`, at the least cost.

python -m benchmarks.endpoint [--latency SECONDS] [--tail SHARE]

It finds the article by its number in the request, answers in the form that is asked for (a forced
tool, content, or what langextract reads, by the path), and prints its address. A GET tells how
many requests came a second since the last one.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import re
import signal
import time
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from benchmarks.workload import as_json, work
from tests.fake_llm.latency import latencies

LANGEXTRACT = "langextract"
"""A path that begins with this wants langextract's answers."""

_END = b"\r\n\r\n"
_MARK = b"Bulletin "
_TOOL = re.compile(rb'"tool_choice":\s*\{[^{}]*\{\s*"name":\s*"(\w+)"')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@cache
def answered(number: int, tool: str, is_langextract: bool) -> bytes:
    """The response about an article, as bytes."""
    answer = work(number).answer
    content = as_json(_extractions(answer) if is_langextract else answer)
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    if tool:
        function = {"name": tool, "arguments": content}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        message |= {"content": None, "tool_calls": [call]}
    usage = {"prompt_tokens": 6000, "completion_tokens": 1000, "total_tokens": 7000}
    return _http(
        {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "bench",
            "system_fingerprint": "fp_bench",
            "service_tier": "default",
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            ],
            "usage": {**usage, "prompt_tokens_details": {"cached_tokens": 4000}},
        }
    )


def _extractions(answer: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """An answer as langextract asks for it: each extraction's text under its class."""
    return {
        "extractions": [
            {key: record["evidence"], f"{key}_attributes": _attributes(record)}
            for key, records in answer.items()
            for record in records
        ]
    }


def _attributes(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "evidence" and value}


def _http(value: object) -> bytes:
    body = json.dumps(value, ensure_ascii=False).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_bench\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Counts:
    """What all connections share."""

    def __init__(self, latency: Callable[[int], float]) -> None:
        """Answer the n-th request after ``latency(n)`` seconds."""
        self.latency = latency
        self.arrivals: list[float] = []

    def report(self) -> bytes:
        """Requests a second between the first and the last tenth of those since the last report."""
        at, self.arrivals = self.arrivals, []
        first, last = len(at) // 10, len(at) - len(at) // 10 - 1
        seconds = at[last] - at[first] if at else 0.0
        return _http({"requests": len(at), "rate": (last - first) / seconds if seconds else 0.0})


class Connection(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, kept alive, one request at a time."""

    def __init__(self, counts: Counts) -> None:
        """Count with the others."""
        self._counts = counts
        self._pieces: list[bytes] = []
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back; uvloop's is none of asyncio's classes."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request; answer when it is whole."""
        self._pieces.append(data)
        if self._missing:
            self._missing -= len(data)
        else:
            data = b"".join(self._pieces)
            self._pieces = [data]
            end = data.find(_END)
            if end < 0:
                return
            length = _LENGTH.search(data, 0, end)
            self._missing = int(length[1] if length else 0) - (len(data) - end - len(_END))
        if self._missing <= 0:
            request, self._pieces, self._missing = b"".join(self._pieces), [], 0
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        counts = self._counts
        if request.startswith(b"GET "):
            self._transport.write(counts.report())
            return
        counts.arrivals.append(time.perf_counter())
        at = request.rfind(_MARK) + len(_MARK)
        tool = _TOOL.search(request, max(0, len(request) - 400)) or _TOOL.search(request)
        path = request[: request.find(b"\r\n")]
        reply = answered(
            int(request[at : at + 7]),
            tool[1].decode() if tool else "",
            LANGEXTRACT.encode() in path,
        )
        if delay := counts.latency(len(counts.arrivals)):
            asyncio.get_running_loop().call_later(delay, self._transport.write, reply)
        else:
            self._transport.write(reply)


async def serve(latency: Callable[[int], float]) -> int:
    """Serve on a free port until the loop ends; the port."""
    counts = Counts(latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(counts), "127.0.0.1", 0, backlog=1024)
    return int(server.sockets[0].getsockname()[1])


async def _main(arguments: argparse.Namespace) -> None:
    for number in range(arguments.articles):
        answered(number, "", False)
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    port = await serve(latencies(arguments.latency, arguments.tail))
    print(f"http://127.0.0.1:{port}", flush=True)
    await stop.wait()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=2_000, help="rendered beforehand")
    parser.add_argument("--latency", type=float, default=0.0, help="median, seconds")
    parser.add_argument("--tail", type=float, default=0.0, help="share at 20 times the median")
    arguments = parser.parse_args()
    try:
        run = importlib.import_module("uvloop").run
    except ImportError:
        run = asyncio.run
    run(_main(arguments))


if __name__ == "__main__":
    main()
