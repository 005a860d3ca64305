"""Checks across the articles of an output."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from extractor.checking.findings import Case, Flag
from extractor.checking.index import Index, Observation, Stated, is_level, observations
from extractor.checking.numbers import digits_of

_MOST_POWER = 8
"""The largest slip is a lost 亿."""
_POWERS = [n for n in range(-_MOST_POWER, _MOST_POWER + 1) if n]
_NEAR_POWER = 2


def elsewhere_at_power_of_ten(case: Case) -> Iterator[Flag]:
    """Facts that another article states with the same digits at another power of ten.

    Where as many articles state one number as the other, both are flagged. A number of one
    digit says too little without a period.
    """
    for record in case.extraction.records.all():
        for seen in observations(record):
            if seen.day is None and digits_of(seen.number)[0] < 10:
                continue
            found = _elsewhere(case.index, seen, case.extraction.id)
            if found:
                power, other = found
                more = f" and {other.articles - 1:,} more" if other.articles > 1 else ""
                message = f"{_times(power)} that in {other.id}{more}"
                yield Flag(record, seen.field, message)


def off_its_series(case: Case) -> Iterator[Flag]:
    """Levels that lie near a power of ten times the median of the same series.

    A series is what one region states of one thing for periods of one length, four at least.
    """
    for record in case.extraction.records.all():
        for seen in filter(is_level, observations(record)):
            median = case.index.typical(seen)
            if seen.day is None or median is None:
                continue
            if power := _nearest_power(seen.number, median):
                shown = f"{median.normalize():,f}"
                message = f"about {_times(power)} the median of its series ({shown})"
                yield Flag(record, seen.field, message)


def _elsewhere(index: Index, seen: Observation, own_id: str) -> tuple[int, Stated] | None:
    """By which power of ten a number is off, and the most articles that state the other one."""
    own = index.stated(seen)
    found = [
        (-power, other)
        for power in _POWERS
        if (other := index.stated(seen, power))
        and (other.articles > 1 or other.id != own_id)
        and (own is None or other.articles >= own.articles)
    ]
    return max(found, key=lambda item: item[1].articles, default=None)


def _nearest_power(number: Decimal, median: Decimal) -> int:
    """The power of ten that a number is off, within a factor of two; 0 if it is not."""
    for power in _POWERS:
        expected = median.scaleb(power)
        if expected <= number * _NEAR_POWER and number <= expected * _NEAR_POWER:
            return power
    return 0


def _times(power: int) -> str:
    factor = 10 ** abs(power)
    return f"{factor:,} times" if power > 0 else f"a {factor:,}th of"
