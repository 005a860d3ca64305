"""How far a run is and how fast it goes, in one line. Pure functions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A run at some moment.

    Attributes:
        seconds: on a clock that only goes forward.
        position: bytes of the inputs that were read.
        size: bytes of all inputs; None where that is not known.
        articles: how many were done in this run.
        done_before: how many were done in earlier ones.
        failed: how many failed in this run.
        tokens: input and output tokens of this run.
        cost_usd: what they cost; None where no price is known.
        refused: how often an endpoint answered 429.
    """

    seconds: float
    position: int = 0
    size: int | None = None
    articles: int = 0
    done_before: int = 0
    failed: int = 0
    tokens: int = 0
    cost_usd: float | None = 0.0
    refused: int = 0

    @property
    def share(self) -> float | None:
        """How much of the inputs was read, from 0 to 1; None where that is not known."""
        return min(1.0, self.position / self.size) if self.size else None


def progress_line(now: Snapshot, start: Snapshot) -> str:
    """What is done, the rates since `start`, and what is still to come.

    The number of articles, the cost and the time of the whole run are projected from the
    bytes that were read.
    """
    parts = [_done(now), *_rates(now, start)]
    if now.tokens and now.cost_usd is not None:
        parts.append(_cost(now, start))
    if now.refused:
        parts.append(f"{now.refused:,} × 429")
    if now.failed:
        parts.append(f"{now.failed:,} failed")
    left = _seconds_left(now, start)
    if left is not None:
        parts.append(f"{dt.timedelta(seconds=round(left))} left")
    return ", ".join(parts)


def _done(now: Snapshot) -> str:
    done = now.articles + now.done_before
    if not now.share:
        return f"{done:,} articles"
    return f"{done:,} of about {max(done, round(done / now.share)):,} articles ({now.share:.0%})"


def _rates(now: Snapshot, start: Snapshot) -> list[str]:
    seconds = now.seconds - start.seconds
    if seconds <= 0:
        return []
    rates = [f"{(now.articles - start.articles) / seconds:,.1f}/s"]
    if now.tokens:
        rates.append(f"{(now.tokens - start.tokens) / seconds:,.0f} tokens/s")
    return rates


def _cost(now: Snapshot, start: Snapshot) -> str:
    spent = now.cost_usd or 0.0
    left = _left(now, start)
    if left is None:
        return f"${spent:,.2f}"
    total = spent + left * (spent - (start.cost_usd or 0.0))
    return f"${spent:,.2f} of about ${total:,.2f}"


def _seconds_left(now: Snapshot, start: Snapshot) -> float | None:
    left = _left(now, start)
    return None if left is None else left * (now.seconds - start.seconds)


def _left(now: Snapshot, start: Snapshot) -> float | None:
    """What is left to read, as a multiple of what was read since the start."""
    if now.share is None or start.share is None or now.share <= start.share:
        return None
    return (1 - now.share) / (now.share - start.share)
