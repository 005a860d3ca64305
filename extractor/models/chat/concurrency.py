"""How many requests may be in flight, found out as a run goes."""

from __future__ import annotations

import asyncio
import math
from statistics import median

_FIRST = 4.0
_SHORTEST = 16
_SLOW = 2.0
_HELPED = 0.9


class Concurrency:
    """A number of requests that grows while answers come quickly, and shrinks when they do not.

    At first each answer adds one, so that the number doubles with each round; after the first
    sign of trouble each round adds one. A 429 halves the number; answers that take twice as
    long as the quickest ones did, by the median of a round, take a quarter off it, unless that
    turns out to be no help. What was in flight at a cut says nothing about the number after
    it, and cuts it no further.

    Attributes:
        limit: how many may be in flight now.
    """

    def __init__(self, most: int) -> None:
        """Begin with four, and allow no more than `most`."""
        self.limit = min(_FIRST, float(most))
        self._most = most
        self._permits = asyncio.Semaphore(int(self.limit))
        self._owed = 0
        self._is_young = True
        self._old_ones = 0
        self._settling = 0
        self._begin_round()
        self._quickest = math.inf
        self._before_cut: float | None = None

    async def acquire(self) -> None:
        """Wait until one more request may be in flight."""
        await self._permits.acquire()

    def answered(self, seconds: float) -> None:
        """A request is over, after so long."""
        before = int(self.limit)
        if self._is_news():
            self._grow()
            self._watch(seconds)
        self._give_back(int(self.limit) - before)

    def refused(self) -> None:
        """A request is over: it was one too many."""
        before = int(self.limit)
        if self._is_news():
            self._cut(0.5)
        self._give_back(int(self.limit) - before)

    def broken_off(self) -> None:
        """A request is over, in a way that says nothing of how many there may be."""
        self._give_back(0)

    def _is_news(self) -> bool:
        """Whether what is over began after the last cut."""
        was_there = self._old_ones > 0
        self._old_ones -= was_there
        return not was_there

    def _give_back(self, more: int) -> None:
        """Let as many begin as are over and as the limit grew; if it shrank, fewer."""
        self._owed -= 1 + more
        while self._owed < 0:
            self._owed += 1
            self._permits.release()

    def _grow(self) -> None:
        """One more, or one more a round; but only if what is allowed is made use of."""
        if self._permits.locked():
            self.limit = min(self._most, self.limit + (1 if self._is_young else 1 / self.limit))

    def _watch(self, seconds: float) -> None:
        """Compare the answers of a round with the quickest round."""
        if self._settling:  # it began while there were more of the others than may be now
            self._settling -= 1
            return
        self._round.append(seconds)
        if len(self._round) < self._length:
            return
        usual = median(self._round)
        self._begin_round()
        before, self._before_cut = self._before_cut, None
        if before is not None and usual > _HELPED * before:
            self._quickest = usual  # it is slower for a reason of its own
        elif usual > _SLOW * self._quickest:
            # While the number doubles, answers tell of half as many: they are no measure.
            self._before_cut = None if self._is_young else usual
            self._cut(0.5 if self._is_young else 0.75)
        self._quickest = min(self._quickest, usual)

    def _cut(self, share: float) -> None:
        self._old_ones = int(self.limit) - 1
        self.limit = max(1.0, self.limit * share)
        self._settling = int(self.limit)
        self._is_young = False
        self._begin_round()

    def _begin_round(self) -> None:
        self._round: list[float] = []
        self._length = max(_SHORTEST, int(self.limit))
