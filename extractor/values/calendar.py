"""Days of calendar periods, counted from an article's date where no year is named."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, NamedTuple

MonthDay = tuple[int, int]
PeriodFlag = Literal["year_from_date", "from_date", "runs_on", "carried"]


class Days(NamedTuple):
    """A stretch of days, both inclusive; None where it is open or unknown.

    Attributes:
        flags: as in `extractor.values.Period`.
    """

    start: date | None
    end: date | None
    flags: tuple[PeriodFlag, ...] = ()


UNKNOWN = Days(None, None)


class Window(NamedTuple):
    """The same stretch of any year: first and last (month, day); day 0 ends its month.

    A window whose end comes before its start begins in the year before.
    """

    first: MonthDay
    last: MonthDay

    def in_year(self, year: int, first_year: int | None = None) -> tuple[date, date]:
        """Its days.

        Raises:
            ValueError: the calendar has no such day, or the end comes before the start.
        """
        month, day = self.last
        end = date(year, month, day or monthrange(year, month)[1])
        if first_year is None:
            first_year = year - ((month, day or 31) < self.first)
        start = date(first_year, *self.first)
        if start > end:
            raise ValueError("ends before it starts")
        return start, end


WHOLE_YEAR = Window((1, 1), (12, 0))


def months(first: int, last: int) -> Window:
    """From the first day of one month to the last of another.

    Raises:
        ValueError: there is no such month.
    """
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise ValueError("no month")
    return Window((first, 1), (last, 0))


def nearest(window: Window, on: date | None, planned: bool, *, by_day: bool = False) -> Days:
    """The window without a year.

    Args:
        window: the stretch.
        on: the article's date.
        planned: take the first one that ends on or after `on`, instead of the latest one
            whose last month has begun by then.
        by_day: its last day must have begun; always so if it ends within a month.

    Raises:
        ValueError: no year has such days.
    """
    if on is None:
        window.in_year(2024)
        return UNKNOWN
    # Nine years have a 29 February among them, whatever the century.
    years = range(on.year, on.year + 9) if planned else range(on.year, on.year - 9, -1)
    for year in years:
        try:
            start, end = window.in_year(year)
        except ValueError:
            continue
        begun = end if by_day or window.last[1] else end.replace(day=1)
        if end >= on if planned else begun <= on:
            return Days(start, end, ("year_from_date",))
    raise ValueError("no such day")


def day_of_month(first: int, last: int, on: date | None, planned: bool) -> Days:
    """Days without a month: in the latest month that has begun them, or the next to come.

    Raises:
        ValueError: no month has such days.
    """
    if not 1 <= first <= last <= 31:
        raise ValueError("no such day")
    if on is None:
        return UNKNOWN
    for step in range(4):
        month = on.year * 12 + on.month - 1 + (step if planned else -step)
        try:
            start = date(month // 12, month % 12 + 1, first)
            end = start.replace(day=last)
        except ValueError:
            continue
        if end >= on if planned else end <= on:
            return Days(start, end, ("year_from_date",))
    raise ValueError("no such day")


def rolling(unit: str, offset: int, on: date | None) -> Days:
    """Today, last week, next quarter, counted from the article's date.

    Args:
        unit: ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``weekday``.
        offset: how many of them after the present one; of a weekday, which one from Monday on,
            and the latest that has come is meant.
        on: the article's date.

    Raises:
        ValueError: it lies outside the calendar.
    """
    if on is None:
        return UNKNOWN
    if unit == "weekday":
        start = end = on - timedelta(days=(on.weekday() - offset) % 7)
    elif unit in ("day", "week"):
        length = 1 if unit == "day" else 7
        start = on - timedelta(days=on.weekday() if unit == "week" else 0)
        start += timedelta(days=length * offset)
        end = start + timedelta(days=length - 1)
    else:
        length = 1 if unit == "month" else 3
        index = (on.year * 12 + on.month - 1) // length + offset
        last = index * length + length - 1
        start = date(index * length // 12, index * length % 12 + 1, 1)
        end = months(1, last % 12 + 1).in_year(last // 12)[1]
    if unit == "day" and offset == 0:
        return Days(start, end, ("year_from_date", "from_date"))
    return Days(start, end, ("year_from_date",))


def is_new_year(on: date, planned: bool) -> bool:
    """Whether an article tells of the year before: its year-end figures come out in January."""
    return on.month == 1 and not planned
