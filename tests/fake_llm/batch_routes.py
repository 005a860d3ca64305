"""The routes of files and batches."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import web

from tests.fake_llm.batches import Batches, ConflictError
from tests.fake_llm.errors import error, status
from tests.fake_llm.files import NotFoundError
from tests.fake_llm.replies import Reply, raw

_Handler: TypeAlias = Callable[[web.Request, Batches, str], Awaitable[Reply]]


async def answer_batch_call(http: web.Request, batches: Batches) -> Reply | None:
    """The reply to a call for files or batches; None if it is none."""
    for method, path, handler in _ROUTES:
        match = re.search(path, http.path)
        if match and http.method == method:
            fault = batches.fault(method, http.path)
            if fault is not None and fault.delivery.lost is None:
                return fault
            done = await _carry_out(handler, http, batches, match.groupdict().get("id", ""))
            return fault or done
    return None


async def _carry_out(handler: _Handler, http: web.Request, batches: Batches, item: str) -> Reply:
    try:
        return await handler(http, batches, item)
    except NotFoundError as missing:
        return status(404, error(str(missing), param="id"))
    except ConflictError as conflict:
        return status(409, error(str(conflict)))
    except (KeyError, ValueError) as wrong:
        return status(400, error(f"Missing or wrong parameter: {wrong}."))


async def _upload(http: web.Request, batches: Batches, _: str) -> Reply:
    form = await http.post()
    file = form["file"]
    if not isinstance(file, web.FileField):
        raise ValueError("file")
    return raw(batches.files.add(file.filename, file.file.read(), str(form["purpose"])))


async def _files(http: web.Request, batches: Batches, _: str) -> Reply:
    return raw({"object": "list", "data": batches.files.all(), "has_more": False})


async def _file(http: web.Request, batches: Batches, file_id: str) -> Reply:
    return raw(batches.files.info(file_id))


async def _content(http: web.Request, batches: Batches, file_id: str) -> Reply:
    return raw(batches.files.content(file_id), content_type="application/octet-stream")


async def _delete(http: web.Request, batches: Batches, file_id: str) -> Reply:
    batches.files.delete(file_id)
    return raw({"id": file_id, "object": "file", "deleted": True})


async def _create(http: web.Request, batches: Batches, _: str) -> Reply:
    asked: dict[str, Any] = await http.json()
    return raw(batches.create(asked))


async def _list(http: web.Request, batches: Batches, _: str) -> Reply:
    return raw(batches.list(int(http.query.get("limit", 20)), http.query.get("after")))


async def _retrieve(http: web.Request, batches: Batches, batch_id: str) -> Reply:
    return raw(batches.retrieve(batch_id))


async def _cancel(http: web.Request, batches: Batches, batch_id: str) -> Reply:
    return raw(batches.cancel(batch_id))


_ROUTES: tuple[tuple[str, str, _Handler], ...] = (
    ("POST", r"/files$", _upload),
    ("GET", r"/files$", _files),
    ("GET", r"/files/(?P<id>[^/]+)$", _file),
    ("DELETE", r"/files/(?P<id>[^/]+)$", _delete),
    ("GET", r"/files/(?P<id>[^/]+)/content$", _content),
    ("POST", r"/batches$", _create),
    ("GET", r"/batches$", _list),
    ("GET", r"/batches/(?P<id>[^/]+)$", _retrieve),
    ("POST", r"/batches/(?P<id>[^/]+)/cancel$", _cancel),
)
