"""The endpoint: routes, the script's answers, and what is kept of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from tests.fake_llm.batch_routes import answer_batch_call
from tests.fake_llm.batches import Batches, BatchRules
from tests.fake_llm.completions import CREATED, completion_body, completion_events
from tests.fake_llm.errors import error, status
from tests.fake_llm.gate import Gate
from tests.fake_llm.log import Log
from tests.fake_llm.received import ReadArticle, Received, read_article
from tests.fake_llm.replies import Delivery, Reply, raw
from tests.fake_llm.scripts import Script
from tests.fake_llm.sending import send

_LARGEST = 2**30
_ENDED = 418
"""The status of a script's own failure: one that no client retries."""


class Endpoint:
    """Answers requests by a script, on whatever loop it is served.

    Args:
        script: what to answer.
        gate: held at it are all chat completions that have no gate of their own.
        latency: seconds before the answer to the n-th request, 1 for the first.
        read: finds the article in a request.
        batch_rules: how batches go.
        keep: whether the log keeps requests, not only counts.
    """

    def __init__(
        self,
        script: Script,
        gate: Gate | None = None,
        latency: Callable[[int], float] = lambda order: 0.0,
        read: ReadArticle = read_article,
        batch_rules: BatchRules | None = None,
        keep: bool = True,
    ) -> None:
        self.log = Log(keep)
        self.batches = Batches(self._answer_row, batch_rules or BatchRules())
        self._script, self._gate, self._latency, self._read = script, gate, latency, read

    async def serve(self, port: int = 0) -> tuple[web.AppRunner, int]:
        """Serve on loopback; the runner to clean up at the end, and the port."""
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.01
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        return runner, int(runner.addresses[0][1])

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        peer = http.transport and http.transport.get_extra_info("peername")
        self.log.called(http.method, http.path, peer)
        if http.method == "POST" and http.path.endswith("/chat/completions"):
            return await self._chat(http)
        reply = await answer_batch_call(http, self.batches) or self._other(http)
        return await send(http, _response(reply), reply.body, reply.delivery, lambda: None)

    def _other(self, http: web.Request) -> Reply:
        if http.path.endswith("/models"):
            model = {"id": "fake-model", "object": "model", "created": CREATED, "owned_by": "fake"}
            return raw({"object": "list", "data": [model]})
        if http.path == "/stats":
            log = self.log
            return raw(
                {
                    "requests": log.count,
                    "max_in_flight": log.max_in_flight,
                    "connections": log.connections,
                    "rows": log.row_count,
                    "distinct_rows": log.distinct_rows,
                }
            )
        return status(404, error(f"Invalid URL ({http.method} {http.path})"))

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        body = await http.read()
        in_flight = self.log.enter()
        left = False

        def leave(*, disconnected: bool = False) -> None:
            nonlocal left
            if not left:
                self.log.leave(disconnected=disconnected)
            left = True

        try:
            headers = {name.lower(): value for name, value in http.headers.items()}
            request = self._received(
                method=http.method,
                path=http.path_qs,
                headers=headers,
                raw=body,
                json=_object(body),
                in_flight=in_flight,
            )
            reply = self._answer(request)
            delivery = self._delivery(request, reply.delivery)
            response = _response(reply, request)
            response.headers["x-request-id"] = f"req_{request.order:06}"
            return await send(http, response, reply.body, delivery, leave)
        except asyncio.CancelledError:
            leave(disconnected=True)
            raise
        finally:
            leave()

    def _delivery(self, request: Received, delivery: Delivery) -> Delivery:
        return replace(
            delivery,
            gate=delivery.gate or self._gate,
            delay=delivery.delay or self._latency(request.order),
        )

    def _received(self, **fields: Any) -> Received:
        """A request with its number, its article and its attempt, kept."""
        request = Received(order=self.log.next_order(), **fields)
        try:
            article = self._read(request)
        except Exception as failure:
            self.log.failed(failure)
            article = None
        key = article.id if article else "\n".join(request.user_texts)
        request = replace(request, article=article, attempt=self.log.attempt(key))
        self.log.add(request)
        return request

    def _answer(self, request: Received) -> Reply:
        """The script's reply, its body rendered."""
        try:
            reply = self._script(request)
            body = _body(request, reply)
        except Exception as failure:
            self.log.failed(failure)
            return status(_ENDED, error(f"the script failed: {failure!r}"))
        self.log.answered(request, reply)
        return replace(reply, body=body)

    def _answer_row(self, row: Mapping[str, Any], batch: str) -> tuple[int, Any] | None:
        """A batch row's status and body; None where a connection would have been lost."""
        text = json.dumps(row["body"], ensure_ascii=False).encode()
        request = self._received(
            method=row["method"],
            path=row["url"],
            headers={},
            raw=text,
            json=row["body"],
            batch=batch,
            custom_id=row["custom_id"],
        )
        reply = self._answer(request)
        if reply.delivery.lost is not None:
            return None
        return reply.status, _object(reply.body) or reply.body.decode(errors="replace")


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _streams(request: Received | None, reply: Reply) -> bool:
    return request is not None and request.stream and reply.completion is not None


def _response(reply: Reply, request: Received | None = None) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=dict(reply.headers))
    streams = _streams(request, reply)
    response.content_type = "text/event-stream" if streams else reply.content_type
    return response


def _body(request: Received, reply: Reply) -> bytes:
    if reply.completion is None:
        return reply.prefix + reply.body
    if _streams(request, reply):
        return reply.prefix + b"".join(completion_events(request, reply.completion))
    body = completion_body(request, reply.completion)
    return reply.prefix + json.dumps(body, ensure_ascii=False).encode()
