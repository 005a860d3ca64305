"""What an endpoint's error means for the article and for the run: pure functions.

The words of an endpoint may quote the article or the key: they are read, never passed on.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from extractor.errors import ModelError, RunStoppedError
from extractor.models.address import Address


class TransientError(Exception):
    """The transport failed: the same request may succeed at once or a little later."""


class RateLimitedError(Exception):
    """The endpoint asks to slow down; no failure of an article."""

    def __init__(self, seconds: float | None) -> None:
        """Keep the seconds that it asks to wait, if it says."""
        super().__init__("429")
        self.seconds = seconds


class ContextOverflowError(Exception):
    """The request is longer than the model's context."""

    def __str__(self) -> str:
        """What a failure says of it."""
        return "the article does not fit into the model's context"


class CutOffError(Exception):
    """The answer was cut off, and asking on did not bring it to an end."""

    def __str__(self) -> str:
        """What a failure says of it."""
        return "the answer was cut off at the length limit: raise --max-output-tokens"


class ModeRefusedError(Exception):
    """The endpoint does not take the schema in this form."""


class SchemaIgnoredError(ModeRefusedError):
    """The endpoint took the schema and answered with something that is no JSON."""


_OVERFLOW = re.compile(
    r"context[ _](?:length|size|window)|maximum context|exceed\w*[ _]context|too many tokens|"
    r"prompt is too long|input (?:length|tokens) exceed",
    re.IGNORECASE,
)
_FILTERED = "ResponsibleAIPolicyViolation"  # Azure's, behind gateways that set another code
_TOO_LARGE = re.compile("request too large", re.IGNORECASE)  # one request, more than a minute's
_QUOTA = {
    "insufficient_quota",
    "exceeded_current_quota_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "Arrearage",
}
_MODE = re.compile(
    r"response_format|json_schema|tool_choice|\btools?\b|\bstrict\b|additionalProperties|"
    r"structured output|grammar",
    re.IGNORECASE,
)
_OPTIONS = {
    "max_tokens": "--max-output-tokens",
    "max_completion_tokens": "--max-output-tokens",
    "temperature": "--temperature",
    "seed": "--seed",
    "reasoning_effort": "--reasoning-effort",
}
_PARAMETER = re.compile(
    r"(?:unsupported|unrecognized|unknown|invalid)\s+"
    r"(?:request argument|parameter|value|argument)\w*"
    r"[^\w]*(?:supplied)?[^\w]*(\w+)",
    re.IGNORECASE,
)


def fault(
    status: int, body: Any, headers: Mapping[str, str], address: Address, model: str
) -> Exception:
    """The exception that an error reply stands for."""
    error = body.get("error") if isinstance(body, Mapping) else None
    fields = error if isinstance(error, Mapping) else body if isinstance(body, Mapping) else {}
    words = str(fields.get("message") or (error if isinstance(error, str) else "") or body or "")
    inner = fields.get("innererror")
    codes = {str(fields.get("code")), str(fields.get("type"))}
    codes |= {str(inner.get("code"))} if isinstance(inner, Mapping) else set()
    if status in (401, 403):
        return RunStoppedError(f"{place(address)} refused the key in {address.key_name} ({status})")
    if status == 404:
        return RunStoppedError(
            f"{place(address)} has no model {model!r} or no chat completions (404)"
        )
    if status == 402 or codes & _QUOTA:
        return RunStoppedError(
            f"the quota behind {address.key_name} is used up: {place(address)} said "
            f"{min(codes & _QUOTA, default=str(status))}"
        )
    if status == 413 or (status == 429 and _TOO_LARGE.search(words)):
        return ContextOverflowError()
    if status == 429:
        return RateLimitedError(retry_after(headers, dt.datetime.now(dt.UTC)))
    if status >= 500 or status in (408, 409):
        if status == 500 and "literal_error" in words and "response_format" in words:
            return ModeRefusedError()
        return TransientError(f"the endpoint answered {status}")
    return _bad_request(status, fields, words, codes)


def place(address: Address) -> str:
    """The address as it may be shown: without user, password and query."""
    parts = urlsplit(address.base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _bad_request(status: int, fields: Mapping[str, Any], words: str, codes: set[str]) -> Exception:
    parameter = str(fields.get("param") or "").partition(".")[0]
    if codes & {"content_filter", _FILTERED} or "content management policy" in words:
        return ModelError("the endpoint's content filter refused the article")
    if codes & {"context_length_exceeded", "exceed_context_size_error"} or _OVERFLOW.search(words):
        return ContextOverflowError()
    if parameter not in _OPTIONS and (named := _PARAMETER.search(words)):
        parameter = named.group(1)
    if parameter in _OPTIONS:
        return RunStoppedError(
            f"the endpoint refuses {parameter} as it was sent: change or leave out "
            f"{_OPTIONS[parameter]}"
        )
    if _MODE.search(f"{parameter} {words}"):
        return ModeRefusedError()
    return ModelError(f"the endpoint refused the request ({status})")


def retry_after(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds that a reply asks to wait, of any length; None if it does not say."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if value is None or (seconds := _number(value)) is not None:
        return None if value is None else seconds
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - now).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return max(0.0, value) if math.isfinite(value) else None
