"""Requests held back so that no more go out than an account allows in a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from aiolimiter import AsyncLimiter

from extractor.prompting import estimated_tokens

_FIRST_GUESS = 1.25


class Throttle:
    """Lets requests go evenly, in the order in which they come.

    What a request takes is known only when it is answered. Until then it counts with the tokens
    of its own text, times what the tokens of requests and answers were of those so far. So over
    any stretch of time the limit on tokens holds to within the error of that share, and a second.
    """

    def __init__(self, rpm: float | None, tpm: float | None) -> None:
        """Limit requests and tokens, each a minute; None is no limit."""
        self._requests = None if rpm is None else _evenly(rpm)
        self._tokens = None if tpm is None else _evenly(tpm)
        self._turn = asyncio.Lock()
        self._estimated = 0.0
        self._taken = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it holds nothing back."""
        return self._requests is None and self._tokens is None

    async def admit(self, body: bytes) -> float:
        """Wait until a request may go out; the tokens of its text."""
        tokens = 0.0 if self._tokens is None else float(estimated_tokens(body.decode()))
        async with self._turn:  # a long request is not passed by short ones
            if self._requests is not None:
                await self._requests.acquire()
            if self._tokens is not None:
                await _acquire(self._tokens, tokens * self._share)
        return tokens

    def learn(self, tokens: float, reply: Mapping[str, Any]) -> None:
        """Take in what a request of so many tokens of text took, by its reply."""
        usage = reply.get("usage")
        total = usage.get("total_tokens") if isinstance(usage, Mapping) else None
        if isinstance(total, int) and total > 0 and tokens:
            self._estimated += tokens
            self._taken += total

    @property
    def _share(self) -> float:
        return self._taken / self._estimated if self._estimated else _FIRST_GUESS


def _evenly(a_minute: float) -> AsyncLimiter:
    """A limiter that lets through no more at once than a second's worth, or one."""
    at_once = max(1.0, a_minute / 60)
    return AsyncLimiter(at_once, 60 * at_once / a_minute)


async def _acquire(limiter: AsyncLimiter, amount: float) -> None:
    """Acquire more than the limiter gives at once, bit by bit."""
    while amount > 0:
        await limiter.acquire(min(amount, limiter.max_rate))
        amount -= limiter.max_rate
