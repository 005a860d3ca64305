"""The way to an endpoint: one client a run, its retries, the pause that all requests share."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import openai
import tenacity

from extractor.errors import ModelError, RunStoppedError
from extractor.models.address import Address
from extractor.models.base import Meter
from extractor.models.chat import billing, faults
from extractor.models.chat.pacing import Pacing
from extractor.models.options import ModelOptions
from extractor.results import Step
from extractor.telemetry import Requests

_LONGEST_WAIT = 60.0
_NOT_REACHED = "could not be reached"
_UNREACHED = {"ClientConnectorError", "ConnectionRefusedError", "gaierror", "ConnectError"}
_UNREACHED |= {"UnsupportedProtocol", "ValueError"}  # the address is none


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of the endpoint.

    Attributes:
        body: the JSON object.
        request_id: the endpoint's id of the request.
    """

    body: Mapping[str, Any]
    request_id: str | None


class Endpoint:
    """Sends rendered requests.

    The SDK's own retries are off: this class owns those of the transport. A 429 pauses every
    request of the run, for as long as the endpoint asks.
    """

    def __init__(
        self,
        address: Address,
        model: str,
        options: ModelOptions,
        pacing: Pacing,
        telemetry: Requests,
    ) -> None:
        """Reach `model` at `address`; nothing is sent yet.

        Args:
            address: of the endpoint.
            model: as the endpoint names it.
            options: how it is reached.
            pacing: says when a request may go out.
            telemetry: is told of each request.
        """
        self._address = address
        self._model = model
        self._path = address.path.format(model=quote(model, safe=""))
        self._headers = {"Content-Type": "application/json", **own_headers(address)}
        self._options = options
        self._client: openai.AsyncOpenAI | None = None
        self._pacing = pacing
        self._telemetry = telemetry
        self._answered = False

    @property
    def refused(self) -> int:
        """How often the endpoint answered 429."""
        return self._pacing.refused

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def post(self, body: bytes, meter: Meter, step: Step) -> Reply:
        """Send one request and wait for its answer; every try and its time goes on the meter.

        Raises:
            ModelError: the transport failed every time, the request was refused, or the
                article's time is used up.
            RunStoppedError: no request can succeed.
            ContextOverflowError: the request is too long for the model.
            ModeRefusedError: the endpoint does not take the schema in this form.
        """
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._options.tries),
            wait=tenacity.wait_random_exponential(self._options.wait, _LONGEST_WAIT),
            retry=tenacity.retry_if_exception_type(faults.TransientError),
            reraise=True,
        )
        try:
            async with self._working(meter) as timer:
                return await retrying(
                    self._try, body, partial(meter.spend, billing.sent(step)), timer
                )
        except TimeoutError:
            raise ModelError("the article took longer than its deadline", retryable=True) from None
        except faults.TransientError as error:
            if not self._answered and _NOT_REACHED in str(error):
                raise RunStoppedError(f"{faults.place(self._address)} cannot be reached") from None
            raise ModelError(f"{error}, {self._options.tries} times", retryable=True) from None

    @asynccontextmanager
    async def _working(self, meter: Meter) -> AsyncIterator[asyncio.Timeout]:
        """Count the time of the block against the article's deadline."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = None
        if self._options.deadline is not None:
            until = began + self._options.deadline - meter.worked
        async with asyncio.timeout_at(until) as timer:
            try:
                yield timer
            finally:
                paused = (timer.when() or 0.0) - (until or 0.0)
                meter.worked += loop.time() - began - paused

    async def _try(self, body: bytes, on_send: Callable[[], None], timer: asyncio.Timeout) -> Reply:
        """One try; pauses that the endpoint asks for are no tries and cost no time."""
        while True:
            tokens = await self._pacing.admit(body, timer)
            on_send()
            try:
                with self._pacing.in_flight(), self._telemetry.request() as answered:
                    reply, request_id = await self._send(body)
                    answered(reply)
            except faults.RateLimitedError as limited:
                self._pacing.pause(limited.seconds)
                continue
            self._answered = True
            self._pacing.answered(tokens, reply)
            return Reply(reply, request_id)

    async def _send(self, body: bytes) -> tuple[Mapping[str, Any], str | None]:
        if self._client is None:
            self._client = open_client(self._address, self._options)
        try:
            raw = await self._client.post(
                self._path,
                cast_to=HTTP_RESPONSE,
                content=body,
                options={"headers": self._headers},
            )
        except openai.APIStatusError as error:
            headers = {name.lower(): value for name, value in error.response.headers.items()}
            raise faults.fault(
                error.status_code,
                read_json(error.response.content),
                headers,
                self._address,
                self._model,
            ) from None
        except openai.APIConnectionError as error:
            raise faults.TransientError(f"the endpoint {what_happened(error)}") from None
        except openai.OpenAIError as error:
            raise faults.TransientError(
                f"the reply is unreadable ({type(error).__name__})"
            ) from None
        reply = read_json(raw.content)
        if not isinstance(reply, Mapping):
            raise faults.TransientError("the reply is no JSON object")
        if "choices" not in reply and "error" in reply:
            raise faults.TransientError("the endpoint answered 200 with an error")
        return reply, raw.headers.get("x-request-id")


def open_client(address: Address, options: ModelOptions) -> openai.AsyncOpenAI:
    """The one client; its pool is as wide as the run."""
    return openai.AsyncOpenAI(
        api_key=address.key,
        base_url=address.base_url,
        default_query=dict(address.query),
        timeout=options.timeout,
        max_retries=0,
        http_client=openai.DefaultAioHttpClient(
            trust_env=not _is_loopback(address.base_url),
            limits=_http.Limits(
                max_connections=options.connections,
                max_keepalive_connections=options.connections,
                keepalive_expiry=60,
            ),
        ),
    )


def own_headers(address: Address) -> dict[str, str | openai.Omit]:
    """What goes out in other headers than the SDK's: others need not know an OpenAI account."""
    headers: dict[str, str | openai.Omit] = {}
    if address.key_name != "OPENAI_API_KEY":
        headers |= dict.fromkeys(("OpenAI-Organization", "OpenAI-Project"), openai.Omit())
    if address.key_header != "Authorization":
        headers |= {"Authorization": openai.Omit(), address.key_header: address.key}
    return headers


def _is_loopback(url: str) -> bool:
    """Whether it is this machine's own address, which no proxy stands before."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def read_json(content: bytes) -> Any:
    """What a reply holds; None if it is no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def what_happened(error: BaseException | None) -> str:
    """What a connection error was; the SDK calls some broken connections time-outs."""
    names = []
    while error is not None:
        names.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    if any(name in _UNREACHED for name in names):
        return _NOT_REACHED
    if any("Disconnected" in name or "Payload" in name or "Reset" in name for name in names):
        return "broke off"
    return "did not answer in time" if "APITimeoutError" in names else "broke off"


def _transport() -> Any:
    """The HTTP library that the installed SDK builds on: httpx2 since 3.0, httpx before.

    Both may be installed; the SDK takes the objects of its own alone.
    """
    (client,) = openai.DefaultAsyncHttpxClient.__bases__
    return importlib.import_module(client.__module__.partition(".")[0])


def _shows_no_request(record: logging.LogRecord) -> bool:
    """The SDK writes whole requests, articles included, at DEBUG; those are dropped."""
    return not (isinstance(record.args, Mapping) and record.args.keys() & {"content", "files"})


logging.getLogger("openai._base_client").addFilter(_shows_no_request)
_http = _transport()
HTTP_RESPONSE = _http.Response
