"""Replies: what the server sends, as frozen values; and how each reaches the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from tests.fake_llm.gate import Gate

Lost: TypeAlias = Literal["answer", "body", "half"]
"""What a dropped connection takes with it: everything, the body, or half of the body."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts as an endpoint states them, true or not."""

    prompt: int
    completion: int
    cached: int = 0
    reasoning: int = 0


Usage: TypeAlias = Tokens | Literal["counted", "missing"] | None
"""`counted`: from the request's and the answer's characters; None: a null."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote, and what the endpoint says about it.

    Attributes:
        texts: the answer; more than one are several tool calls.
        form: `asked`: as the request wants it; or forced into content or a tool call.
        finish_reason: None: the one that fits.
        model: the model that answered; None: the one that was asked for.
    """

    texts: tuple[str, ...] = ()
    form: Literal["asked", "content", "tools"] = "asked"
    refusal: str | None = None
    finish_reason: str | None = None
    usage: Usage = "counted"
    model: str | None = None
    fingerprint: str | None = "fp_fake"
    service_tier: str | None = "default"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply goes over the wire.

    Attributes:
        gate: held at it before each piece.
        delay: seconds before each piece.
        pieces: how many pieces the body comes in; of several, the headers go ahead.
        lost: what a dropped connection takes with it.
        reset: whether the connection is dropped by a reset, not closed.
        hang_up: whether the connection is closed, unannounced, once all is sent.
        compressed: whether the body is gzipped.
    """

    gate: Gate | None = None
    delay: float = 0.0
    pieces: int = 1
    lost: Lost | None = None
    reset: bool = False
    hang_up: bool = False
    compressed: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: a completion, or a body as it is.

    Attributes:
        prefix: bytes before the body, such as the blank lines of a busy provider.
    """

    status: int = 200
    completion: Completion | None = None
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    prefix: bytes = b""
    delivery: Delivery = Delivery()


def answer(content: str | Mapping[str, Any], **said: Any) -> Reply:
    """A completion with this content: as tool call or content, as the request asked.

    Args:
        content: text, or an object to be written as JSON.
        said: fields of `Completion`: usage, finish_reason, model, fingerprint, service_tier, form.
    """
    return Reply(completion=Completion(texts=(_text(content),), **said))


def raw(body: bytes | str | Mapping[str, Any], status: int = 200, **said: Any) -> Reply:
    """A body as it is; `said` are fields of `Reply`."""
    if not isinstance(body, bytes):
        body = _text(body).encode()
    return Reply(status=status, body=body, **said)


def _text(content: str | Mapping[str, Any]) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


# How it travels


def held(reply: Reply, gate: Gate) -> Reply:
    """The reply, once the gate lets it go."""
    return _delivered(reply, gate=gate)


def slow(reply: Reply, delay: float = 0.0, pieces: int = 1, gate: Gate | None = None) -> Reply:
    """The reply in pieces, each after `delay` seconds or when the gate lets it go."""
    return _delivered(reply, delay=delay, pieces=pieces, gate=gate)


def dropped(lost: Lost = "answer", reply: Reply | None = None, *, reset: bool = False) -> Reply:
    """A connection that is dropped before the answer, before the body or in the middle of it."""
    return _delivered(reply or answer({}), lost=lost, reset=reset)


def half_body(reply: Reply | None = None) -> Reply:
    """Half of the body that the headers announce."""
    return dropped("half", reply)


def hanging_up(reply: Reply) -> Reply:
    """The whole reply, on a connection that is then closed without saying so."""
    return _delivered(reply, hang_up=True)


def gzipped(reply: Reply) -> Reply:
    """The reply with a gzipped body."""
    return _delivered(reply, compressed=True)


def padded(reply: Reply, lines: int = 3) -> Reply:
    """The reply after blank lines, as busy providers send them to keep a connection open."""
    return replace(reply, prefix=b"\n" * lines)


def labelled(reply: Reply, content_type: str) -> Reply:
    """The reply under another content type, such as ``text/html``."""
    return replace(reply, content_type=content_type)


def with_headers(reply: Reply, **headers: str) -> Reply:
    """The reply with more headers; underscores stand for hyphens."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return replace(reply, headers=reply.headers + more)


def _delivered(reply: Reply, **changes: Any) -> Reply:
    return replace(reply, delivery=replace(reply.delivery, **changes))
