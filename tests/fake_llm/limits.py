"""Scripts that answer 429: by requests in flight, by rate, in storms."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from tests.fake_llm.errors import rate_limited
from tests.fake_llm.received import Received
from tests.fake_llm.replies import Reply, with_headers
from tests.fake_llm.scripts import Script, Scripted, as_script, when


def at_most_in_flight(most: int, script: Scripted, retry_after: str = "0") -> Script:
    """429 for what comes while `most` requests are in flight already."""
    return when(lambda request: request.in_flight > most, rate_limited(retry_after), script)


def storm(
    script: Scripted, after: int, refused: int, *, every: bool = False, retry_after: str = "0"
) -> Script:
    """By counts alone: `after` requests pass, the next `refused` get 429; once or in turns."""

    def refuses(request: Received) -> bool:
        index = request.order - 1
        return (index % (after + refused) if every else index) in range(after, after + refused)

    return when(refuses, rate_limited(retry_after), script)


class RateLimit:
    """A token bucket: 429 beyond `per_second`, with the time until the next token.

    Attributes:
        refused: requests that got 429.
    """

    def __init__(
        self,
        per_second: float,
        script: Scripted,
        *,
        burst: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._script = as_script(script)
        self._tokens, self._at = float(burst), clock()
        self.refused = 0

    def __call__(self, request: Received) -> Reply:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return self._script(request)
        self.refused += 1
        return _wait((1 - self._tokens) / self._per_second)


class Cooldowns:
    """After every `every` answers, a cooldown is announced; what comes before its end gets 429.

    Attributes:
        announced: cooldowns so far.
        refused: requests that got 429.
    """

    def __init__(
        self,
        every: int,
        seconds: float,
        script: Scripted,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._every, self._seconds, self._clock = every, seconds, clock
        self._script = as_script(script)
        self._answered, self._until = 0, float("-inf")
        self.announced = self.refused = 0

    def __call__(self, request: Received) -> Reply:
        now = self._clock()
        if now < self._until:
            self.refused += 1
            return _wait(self._until - now)
        if self._answered == self._every:
            self._answered = 0
            self._until = now + self._seconds
            self.announced += 1
            self.refused += 1
            return _wait(self._seconds)
        self._answered += 1
        return self._script(request)


def _wait(seconds: float) -> Reply:
    """429 with the wait in both headers: whole seconds, and `retry-after-ms` exactly."""
    milliseconds = max(1, round(seconds * 1000))
    limited = rate_limited(str(math.ceil(milliseconds / 1000)))
    return with_headers(limited, retry_after_ms=str(milliseconds))
