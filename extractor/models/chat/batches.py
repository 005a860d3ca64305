"""The files and batches of an endpoint: the calls themselves, and what their answers say."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, NoReturn, TypeVar

import openai
import tenacity

from extractor.errors import RunStoppedError, UsageError
from extractor.models.address import Address
from extractor.models.chat import faults
from extractor.models.chat.answers import mapping
from extractor.models.chat.batch_replies import CHUNK, Batch, code_of, read_batch, read_text
from extractor.models.chat.endpoint import (
    HTTP_RESPONSE,
    open_client,
    own_headers,
    read_json,
    what_happened,
)
from extractor.models.options import ModelOptions

QUEUE_FULL = "token_limit_exceeded"
_WINDOW = "24h"
_LONGEST_WAIT = 60.0
_MISSING = (404, 405, 501)
_PAGE = 100

T = TypeVar("T")


class QueueFullError(Exception):
    """The endpoint has no room for more tokens until another batch has ended."""


class NoSuchBatchError(Exception):
    """The endpoint does not know the batch."""


class NoSuchFileError(Exception):
    """The endpoint does not know the file: it keeps none for ever."""


class BatchService:
    """Uploads requests, begins batches, asks how they stand, and fetches what they wrote.

    A call that fails in transport is tried again, but for the one that begins a batch: whether it
    did is for the caller to find out. It belongs to one event loop.

    Attributes:
        refused: how often the endpoint answered 429.
    """

    def __init__(self, address: Address, options: ModelOptions) -> None:
        """Reach the endpoint at `address`; nothing is sent yet."""
        self._address = address
        self._options = options
        self._client: openai.AsyncOpenAI | None = None
        # Azure's dated versions name it without the version that the others have in front.
        self.path = "/chat/completions" if address.query else "/v1/chat/completions"
        self.refused = 0

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def check(self) -> None:
        """Refuse an endpoint that has no batches.

        Raises:
            UsageError: it has none.
            RunStoppedError: it refuses the key, or cannot be reached.
        """
        try:
            listed = await self._json("GET", "/batches", params={"limit": 1})
        except (_RefusedError, faults.TransientError) as error:
            place = faults.place(self._address)
            if isinstance(error, _RefusedError) and error.status in _MISSING:
                raise UsageError(
                    f"{place} has no batches ({error.status}): leave out --via batch-api"
                ) from None
            raise RunStoppedError(f"{place} cannot list its batches: {error}") from None
        if not isinstance(listed.get("data"), list):
            raise UsageError(f"{faults.place(self._address)} has no batches: leave out --via")

    async def upload(self, content: bytes) -> str:
        """Keep a file of requests there; its id.

        Raises:
            TransientError: the transport failed every time.
            RunStoppedError: it is refused.
        """
        file = ("requests.jsonl", content, "application/jsonl")
        try:
            return read_text(
                await self._json("POST", "/files", body={"purpose": "batch"}, file=file), "id"
            )
        except _RefusedError as error:
            self._stop("a file of requests", error)

    async def create(self, file_id: str, chunk: str) -> Batch:
        """Begin a batch of a file; `chunk` is kept with it.

        Raises:
            QueueFullError: there is no room for it.
            TransientError: the transport failed: the batch may have begun or not.
            RunStoppedError: it is refused.
        """
        body = {
            "input_file_id": file_id,
            "endpoint": self.path,
            "completion_window": _WINDOW,
            "metadata": {CHUNK: chunk},
        }
        try:
            return read_batch(await self._once("POST", "/batches", body=body))
        except _RefusedError as error:
            if error.code == QUEUE_FULL:
                raise QueueFullError from None
            self._stop("a batch", error)

    async def find(self, chunk: str) -> Batch | None:
        """The batch that was begun with this name, if one was.

        Raises:
            TransientError: the transport failed every time.
            RunStoppedError: it is refused.
        """
        after: dict[str, Any] = {}
        while True:
            try:
                page = await self._json("GET", "/batches", params={"limit": _PAGE, **after})
            except _RefusedError as error:
                self._stop("the list of batches", error)
            batches = [read_batch(mapping(listed)) for listed in page.get("data") or ()]
            for batch in batches:
                if batch.chunk == chunk:
                    return batch
            if not (page.get("has_more") and batches):
                return None
            after = {"after": batches[-1].id}

    async def retrieve(self, batch_id: str) -> Batch:
        """How a batch stands.

        Raises:
            NoSuchBatchError: there is none.
            TransientError: the transport failed every time.
            RunStoppedError: it is refused.
        """
        return await self._of("GET", batch_id, "")

    async def cancel(self, batch_id: str) -> Batch:
        """Ask for the end of a batch, if it has not ended; how it stands then. As `retrieve`."""
        try:
            return await self._of("POST", batch_id, "/cancel")
        except _EndedError:
            return await self.retrieve(batch_id)

    async def download(self, file_id: str) -> bytes:
        """All bytes of a file.

        Raises:
            NoSuchFileError: there is none.
            TransientError: the transport failed every time, or brought a part of the file.
            RunStoppedError: it is refused.
        """

        async def whole() -> bytes:
            info = await self._once("GET", f"/files/{file_id}")
            content = await self._send("GET", f"/files/{file_id}/content")
            size = info.get("bytes")
            if isinstance(size, int) and size > len(content):
                raise faults.TransientError("a file of answers came in part")
            return content

        try:
            return await self._again(whole)
        except _RefusedError as error:
            if error.status == 404:
                raise NoSuchFileError from None
            self._stop("a file of answers", error)

    async def _of(self, method: str, batch_id: str, what: str) -> Batch:
        try:
            return read_batch(await self._json(method, f"/batches/{batch_id}{what}"))
        except _RefusedError as error:
            if error.status == 404:
                raise NoSuchBatchError from None
            if error.status in (400, 409) and what:
                raise _EndedError from None
            self._stop(f"batch {batch_id}", error)

    def _stop(self, what: str, error: _RefusedError) -> NoReturn:
        place = faults.place(self._address)
        raise RunStoppedError(f"{place} refused {what}: {error}") from None

    async def _json(self, method: str, path: str, **sent: Any) -> Mapping[str, Any]:
        return await self._again(partial(self._once, method, path, **sent))

    async def _again(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call, and again where the transport fails."""
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._options.tries),
            wait=tenacity.wait_random_exponential(self._options.wait, _LONGEST_WAIT),
            retry=tenacity.retry_if_exception_type(faults.TransientError),
            reraise=True,
        )
        return await retrying(call)

    async def _once(self, method: str, path: str, **sent: Any) -> Mapping[str, Any]:
        reply = read_json(await self._send(method, path, **sent))
        if not isinstance(reply, Mapping):
            raise faults.TransientError("the reply is no JSON object")
        return reply

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        file: tuple[str, bytes, str] | None = None,
    ) -> bytes:
        """The bytes of a reply; a pause that a 429 asks for is waited for here."""
        headers = own_headers(self._address)
        if file is not None:
            headers["Content-Type"] = "multipart/form-data"
        self._client = self._client or open_client(self._address, self._options)
        try:
            if method == "GET":
                raw = await self._client.get(
                    path,
                    cast_to=HTTP_RESPONSE,
                    options={"headers": headers, "params": dict(params or {})},
                )
            else:
                raw = await self._client.post(
                    path,
                    cast_to=HTTP_RESPONSE,
                    body=body,
                    files=None if file is None else [("file", file)],
                    options={"headers": headers},
                )
            return bytes(raw.content)
        except openai.APIStatusError as error:
            said = {name.lower(): value for name, value in error.response.headers.items()}
            raise await self._fault(error.status_code, error.response.content, said) from None
        except openai.APIConnectionError as error:
            raise faults.TransientError(f"the endpoint {what_happened(error)}") from None
        except openai.OpenAIError as error:
            words = f"the reply is unreadable ({type(error).__name__})"
            raise faults.TransientError(words) from None

    async def _fault(self, status: int, content: bytes, headers: Mapping[str, str]) -> Exception:
        body = read_json(content)
        code = code_of(mapping(mapping(body).get("error")).get("code"))
        if status in (401, 402, 403, 429) and code != QUEUE_FULL:
            fault = faults.fault(status, body, headers, self._address, "")
            if isinstance(fault, faults.RateLimitedError):
                self.refused += 1
                await asyncio.sleep(min(fault.seconds or 0.0, _LONGEST_WAIT))
                return faults.TransientError("the endpoint answered 429")
            if isinstance(fault, RunStoppedError):
                return fault
        if status == 408 or (status >= 500 and status not in _MISSING):
            return faults.TransientError(f"the endpoint answered {status}")
        return _RefusedError(status, code)


class _RefusedError(Exception):
    """A call that the endpoint refuses, and would again."""

    def __init__(self, status: int, code: str | None) -> None:
        """Keep the status, and the code of its error."""
        super().__init__(f"{code} ({status})" if code else str(status))
        self.status, self.code = status, code


class _EndedError(Exception):
    """The batch has ended."""
