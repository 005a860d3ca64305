"""What a run cost, in rows for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.results import Spent, Step, StepSpent, Usage

STEPS: Mapping[Step, str] = {
    "answer": "first answers",
    "reask": "re-asks",
    "continuation": "continuations",
    "repair": "repairs",
    "sweep": "sweep",
}


def dollars(amount: float | None) -> str:
    """An amount of US dollars; None is said to be unknown."""
    return "unknown: no price is known (--price)" if amount is None else f"${amount:,.4f}"


def bill_rows(usage: Usage) -> list[tuple[str, str]]:
    """What was sent, what it cost, and the same by step with the records that each brought.

    Nothing for a model without an endpoint.
    """
    if not usage.requests:
        return []
    rows = [
        ("requests", f"{usage.requests:,}"),
        ("tokens", _tokens(usage)),
        ("cost", dollars(usage.cost_usd)),
    ]
    steps = [(step, usage.steps[step]) for step in STEPS if step in usage.steps]
    if len(steps) > 1:
        rows += [(f"  {STEPS[step]}", _step(spent)) for step, spent in steps]
    return rows


def _tokens(spent: Spent) -> str:
    cached = f" ({spent.cached_input_tokens:,} cached)" if spent.cached_input_tokens else ""
    return f"{spent.input_tokens:,} in{cached}, {spent.output_tokens:,} out"


def _step(spent: StepSpent) -> str:
    cost = "" if spent.cost_usd is None else f"{dollars(spent.cost_usd)}, "
    records = f"{spent.records:,} record{'' if spent.records == 1 else 's'}"
    requests = f"{spent.requests:,} request{'' if spent.requests == 1 else 's'}"
    return f"{cost}{records}; {requests}, {_tokens(spent)}"
