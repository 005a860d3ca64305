"""What a reply costs, and what it says of who answered: pure functions over its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extractor.models.base import Meter
from extractor.models.prices import Price
from extractor.results import Step, StepSpent, Usage


def sent(step: Step) -> Usage:
    """One more request; what it costs is known when it is answered."""
    return _usage(step, requests=1, cost=0)


def answered(body: Mapping[str, Any], step: Step, price: Price | None) -> Usage:
    """The tokens that a reply states, and what they cost; without either it is unknown."""
    usage = body.get("usage")
    if not isinstance(usage, Mapping) or not usage:
        return _usage(step, cost=None)
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else None
    stated = (usage.get("prompt_tokens"), cached, usage.get("completion_tokens"))
    tokens = tuple(n if isinstance(n, int) and n >= 0 else 0 for n in stated)
    return _usage(step, tokens=tokens, cost=price(*tokens) if price else None)


def identify(meter: Meter, body: Mapping[str, Any], request_id: str | None) -> None:
    """Keep who answered, now or when the answer was stored."""
    meter.served_model = meter.served_model or _text(body, "model")
    meter.system_fingerprint = meter.system_fingerprint or _text(body, "system_fingerprint")
    meter.service_tier = meter.service_tier or _text(body, "service_tier")
    if request_id:
        meter.request_ids.append(request_id)


def _usage(
    step: Step, *, requests: int = 0, tokens: tuple[int, ...] = (0, 0, 0), cost: float | None
) -> Usage:
    spent: dict[str, Any] = {
        "requests": requests,
        "input_tokens": tokens[0],
        "cached_input_tokens": tokens[1],
        "output_tokens": tokens[2],
        "cost_usd": cost,
    }
    return Usage(steps={step: StepSpent(records=0, **spent)}, **spent)


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None
