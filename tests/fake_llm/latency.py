"""Latencies of benchmarks: by the number of the request, so that every run has the same."""

from __future__ import annotations

from collections.abc import Callable

TAIL_FACTOR = 20
"""A slow answer takes so many times the median."""

_GOLDEN = 0.6180339887498949


def latencies(
    median: float, tail: float = 0.0, spread: float = 0.0, factor: float = TAIL_FACTOR
) -> Callable[[int], float]:
    """Seconds for the n-th request.

    Args:
        median: seconds.
        tail: share of slow answers, evenly spaced: 0.01 is every hundredth.
        spread: the others are spread evenly over ``median * (1 ± spread)``.
        factor: a slow answer takes this times the median.
    """
    step = round(1 / tail) if tail else 0

    def latency(order: int) -> float:
        if step and order % step == 0:
            return median * factor
        return median * (1 + spread * (2 * (order * _GOLDEN % 1) - 1))

    return latency
