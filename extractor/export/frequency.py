"""The length of a period as a panel needs it: a month, a quarter, a year to date."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal, TypeAlias

from extractor.values import Period

Frequency: TypeAlias = Literal[
    "day", "month", "quarter", "half_year", "year", "ytd", "years", "as_of", "since", "other"
]

_BY_MONTHS: dict[int, Frequency] = {1: "month", 3: "quarter", 6: "half_year", 12: "year"}


def frequency(period: Period | None) -> Frequency | None:
    """The class of a period; None for one without a day.

    The first quarter and the first half of a year are `quarter` and `half_year`, as what they
    are called; `ytd` is any other stretch from 1 January to a later day of that year.
    """
    if period is None or (period.start is None and period.end is None):
        return None
    if period.start is None:
        return "as_of"
    if period.end is None:
        return "since"
    return _of_days(period.start, period.end)


def _of_days(start: dt.date, end: dt.date) -> Frequency:
    if start == end:
        return "day"
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    is_whole = start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]
    if is_whole and months in _BY_MONTHS and (start.month - 1) % months == 0:
        return _BY_MONTHS[months]
    if is_whole and months % 12 == 0 and start.month == 1:
        return "years"
    is_from_january = (start.month, start.day) == (1, 1) and start.year == end.year
    return "ytd" if is_from_january else "other"
