"""A limit on what an output may cost: money is set aside for an article before it is asked about.

Whatever an article will cost is known only when it is done. So the estimate of each article in
flight is set aside, and an article begins only if what was spent, what is set aside and its own
estimate stay within the limit together. Where no article costs more than its estimate, the limit
is never exceeded; else by no more than the articles in flight cost beyond their estimates. An
article that does so raises the estimates of all later ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from extractor.article import Article
from extractor.errors import RunStoppedError
from extractor.results import Usage


@dataclass(frozen=True, slots=True)
class CostLimit:
    """A limit on what an output may cost.

    Attributes:
        dollars: US dollars, of all runs of the output together.
        estimate: US dollars that an article will cost at most, as far as one can tell.
    """

    dollars: float
    estimate: Callable[[Article], float]


class Reserved:
    """What is set aside for one article.

    Attributes:
        estimate: US dollars that it was expected to cost at most.
        amount: US dollars that were set aside.
        usage: what it took, once that is known.
        lost: how many tries ended without saying what they took; each counts with `amount`.
    """

    def __init__(self, estimate: float, amount: float) -> None:
        """Nothing is known yet."""
        self.estimate, self.amount = estimate, amount
        self.usage: Usage | None = None
        self.lost = 0

    def settle(self, usage: Usage, lost: int = 0) -> None:
        """Say what the article took, and how many tries before did not say."""
        self.usage, self.lost = usage, lost


class Budget:
    """US dollars that one output may cost. It belongs to one event loop.

    An article whose cost is not stated counts with what was set aside for it; one that was
    answered from a cache costs nothing.

    Attributes:
        limit: on what may be spent.
        spent: what was spent, before this run too.
    """

    def __init__(self, limit: CostLimit, spent: float = 0.0) -> None:
        """Begin with what the output has cost already."""
        self.limit, self.spent = limit, spent
        self._set_aside = 0.0
        self._in_flight = 0
        self._raised = 1.0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def reserve(self, article: Article) -> AsyncIterator[Reserved]:
        """Set money aside for the article of this block, which says at its end what it took.

        Waits while only what is in flight stands in the way.

        Raises:
            RunStoppedError: the article could exceed the limit.
        """
        estimate = self.limit.estimate(article)
        async with self._changed:
            await self._changed.wait_for(lambda: self._fits(estimate) or not self._in_flight)
            if not self._fits(estimate):
                raise RunStoppedError(self._exhausted(estimate))
            reserved = Reserved(estimate, self._amount(estimate))
            self._in_flight += 1
            self._set_aside += reserved.amount
        try:
            yield reserved
        finally:
            self._release(reserved)
            async with self._changed:
                self._changed.notify_all()

    def _fits(self, estimate: float) -> bool:
        return self.spent + self._set_aside + self._amount(estimate) <= self.limit.dollars

    def _amount(self, estimate: float) -> float:
        return estimate * self._raised

    def _release(self, reserved: Reserved) -> None:
        """Put what the article took in the place of what was set aside."""
        self._in_flight -= 1
        self._set_aside = self._set_aside - reserved.amount if self._in_flight else 0.0
        self.spent += reserved.lost * reserved.amount
        usage = reserved.usage
        if usage is None or not usage.requests:  # nothing was sent, or it was broken off
            return
        cost = reserved.amount if usage.cost_usd is None else usage.cost_usd
        self.spent += cost
        if reserved.estimate:
            self._raised = max(self._raised, cost / reserved.estimate)

    def _exhausted(self, estimate: float) -> str:
        spent, limit = f"${self.spent:,.4f}", f"${self.limit.dollars:,.4f}"
        return (
            f"the limit on cost is reached: {spent} of {limit} was spent, and the next article "
            f"could cost ${self._amount(estimate):,.4f}: raise --max-cost to go on"
        )
