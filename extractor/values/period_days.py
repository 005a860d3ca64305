"""The days that the pieces of a period mean, one function for each way of writing it.

Each takes the folded pieces by name, the article's date and whether the period is to come; it
gives `UNKNOWN` where there is no telling, and raises ValueError for what is no period.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from extractor.values import calendar_words as words
from extractor.values import numbers
from extractor.values.calendar import (
    UNKNOWN,
    WHOLE_YEAR,
    Days,
    PeriodFlag,
    Window,
    day_of_month,
    is_new_year,
    months,
    nearest,
)
from extractor.values.lexicon import payload

Pieces = Mapping[str, str]

_LATELY = 31  # days


def _year(word: str, on: date | None, *, planned: bool = True) -> int | None:
    """The year that a phrase names; None if it is relative to no date, or to a year told before.

    Raises:
        ValueError: it is no year of the calendar.
    """
    if _is_relative(word):
        offset = cast(int | None, payload(word))
        if on and offset == 0 and " ".join(word.split()) == "the year":
            offset -= is_new_year(on, planned)
        return on.year + offset if on and offset is not None else None
    found = re.search(r"\d{4}", word)
    value = int(found.group()) if found else int(numbers.read_han(word.strip("年 ")) or 0)
    if not 1800 <= value < 2200:
        raise ValueError("no year")
    return value


def _is_relative(word: str) -> bool:
    return " ".join(word.split()) in words.RELATIVE_YEARS


def _year_flags(word: str) -> tuple[PeriodFlag, ...]:
    return ("year_from_date",) if _is_relative(word) else ()


def _dated(window: Window, pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A window in the year that the pieces name, or in the nearest one."""
    named = pieces.get("y2") or pieces.get("ya") or pieces.get("y")
    if named is None and planned and (lately := _lately(window, pieces, on)):
        return lately
    if named is None:
        return nearest(window, on, planned, by_day="edge" in pieces or "rim" in pieces)
    year = _year(named, on, planned=planned)
    is_double = "y" in pieces and "y2" in pieces
    first_year = _year(pieces["y"], on) if is_double else None
    if year is None or (is_double and first_year is None):
        window.in_year(2024)
        return UNKNOWN
    return Days(*window.in_year(year, first_year), _year_flags(named))


def _lately(window: Window, pieces: Pieces, on: date | None) -> Days | None:
    """A day of the month before the date: what was planned on it, and not what is planned for it.

    A term ("by May 18") is still to come.
    """
    if on is None or window.first != window.last or pieces.get("lead") in words.UNTIL:
        return None
    days = nearest(window, on, planned=False)
    return days if days.start and (on - days.start).days <= _LATELY else None


def _number(pieces: Pieces, name: str, default: int = 0) -> int:
    word = pieces.get(name)
    if word is None:
        return default
    if word[:1].isdigit():
        return int(word.rstrip("stndrh"))
    numeral = numbers.read(word)
    return int(numeral.value) if numeral else default


def _month(pieces: Pieces, name: str, default: int = 0) -> int:
    word = pieces.get(name)
    return cast(int, payload(word)) if word in words.MONTHS else _number(pieces, name, default)


def of_date(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """A date in digits, or a stretch between two."""
    first = _numeric_date(pieces["iso"])
    last = _numeric_date(pieces["iso2"]) if "iso2" in pieces else first
    if first is None or last is None:
        return UNKNOWN
    if last < first:
        raise ValueError("ends before it starts")
    return Days(first, last)


def _numeric_date(written: str) -> date | None:
    """2023-07-24, or 24/07/2023 where it cannot be read in two ways."""
    one, two, three = map(int, re.split("[-/.]", written))
    if one > 31:
        return date(one, two, three)
    if one > 12 or one == two:
        return date(three, two, one)
    return date(three, one, two) if two > 12 else None


def of_days(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A day of a month, or a stretch between two."""
    month, day = _month(pieces, "m"), _number(pieces, "d")
    last = (_month(pieces, "m2", month), _number(pieces, "d2", day))
    if not (1 <= month <= 12 and 1 <= last[0] <= 12 and day and last[1]):
        raise ValueError("no such day")
    return _dated(Window((month, day), last), pieces, on, planned)


def of_months(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A month, a third of it, or a stretch of months."""
    first = _month(pieces, "m")
    last = _month(pieces, "m2", first)
    if pieces.get("joint", "-") in ("and", "&") and (
        pieces.get("lead") != "between" and last != first + 1
    ):
        raise ValueError("two months apart")
    window = months(first, last)
    third = pieces.get("third")
    if third:
        low, high = words.THIRDS[" ".join(third.split())]
        window = Window((first, low), (last, high))
    return _dated(window, pieces, on, planned)


def of_months_to(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The six months to June: so many months, of which the last is named."""
    last, count = _month(pieces, "m2"), _number(pieces, "n")
    if not 1 <= count <= last:
        raise ValueError("begins in another year")
    return _dated(months(last - count + 1, last), pieces, on, planned)


def of_parts(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A half or a quarter by name, or a stretch of them; the whole year."""
    first = words.PARTS[" ".join(pieces["part"].split())]
    last = words.PARTS[" ".join(pieces.get("part2", pieces["part"]).split())]
    if last[1] - first[0] == 11 and not pieces.keys() & {"y", "ya"}:
        return of_present_year(pieces, on, planned)
    return _dated(months(first[0], last[1]), pieces, on, planned)


def of_quarters(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A stretch of quarters whose first has its number alone: 一至三季度."""
    first, last = 3 * _number(pieces, "q") - 2, words.PARTS[pieces["part2"]][1]
    return _dated(months(first, last), pieces, on, planned)


def of_ordinal(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The second quarter, the first half, the first three quarters, the first ten months."""
    what = pieces["what"]
    length = 6 if what == "half" else 3 if what.startswith("quarter") else 1
    number = words.ORDINALS.get(pieces["ord"]) or _number(pieces, "ord")
    count = _number(pieces, "n")
    if length == 1 and not count:
        raise ValueError("a month is not counted")
    if count:
        window = months(1 if number == 1 else 0, length * count)
    else:
        window = months(length * (number - 1) + 1, length * number)
    return _dated(window, pieces, on, planned)


def of_first_months(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """前5个月 and 前三个季度."""
    lengths = {"个月": 1, "月": 1, "个季度": 3}
    if pieces["what"] not in lengths:
        raise ValueError("no part of a year")
    return _dated(months(1, lengths[pieces["what"]] * _number(pieces, "n")), pieces, on, planned)


def of_years(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A year, or a stretch of years."""
    first = _year(pieces["y"], on, planned=planned)
    last = _year(pieces["y2"], on) if "y2" in pieces else first
    if first is None or last is None:
        return UNKNOWN
    return Days(*WHOLE_YEAR.in_year(last, first), _year_flags(pieces["y"]))


def of_years_to_month(pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """From the first day of a year to the last of a month of a later one."""
    first, last, month = _year(pieces["y"], on), _year(pieces["y2"], on), _month(pieces, "m2")
    if first is None or last is None:
        months(month, month)
        return UNKNOWN
    start, end = date(first, 1, 1), months(month, month).in_year(last)[1]
    if start > end:
        raise ValueError("ends before it starts")
    return Days(start, end, _year_flags(pieces["y2"]))


def of_split_year(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """1986/87 is a fiscal year from April to March, 2019-22 four years, 2016-05 a month."""
    first, tail = int(pieces["y"]), int(pieces["tail"][-2:])
    last = first // 100 * 100 + tail
    if (last - first) % 100 == 1:
        return Days(date(first, 4, 1), date(first + 1, 3, 31))
    if last > first and "/" not in pieces["slash"]:
        return Days(date(first, 1, 1), date(last, 12, 31))
    return Days(*months(tail, tail).in_year(first))


def of_decade(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """The 1990s."""
    first = int(pieces["decade"][:4])
    if first % 10:
        raise ValueError("no decade")
    return Days(date(first, 1, 1), date(first + 9, 12, 31))


def of_plan(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """A five-year plan: the 14th runs from 2021 to 2025, counted from the third in 1966."""
    if pieces.get("five", "five") != "five":
        raise ValueError("no five-year plan")
    number = words.PLAN_ORDINALS.get(pieces.get("ord", "")) or _number(pieces, "ord")
    first = words.PLAN_YEARS.get(pieces.get("plan", ""), 1966 + 5 * (number - 3))
    if first < 1966:
        raise ValueError("no plan is numbered, or one of the first two")
    return Days(date(first, 1, 1), date(first + 4, 12, 31))


def of_last_part(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The last quarter or month of a year; of no year it would be counted from the date."""
    unit, offset = cast(tuple[str, int], payload(pieces["rolling"]))
    if offset != -1 or unit not in ("quarter", "month"):
        raise ValueError("no part of a year")
    return _dated(months(10 if unit == "quarter" else 12, 12), pieces, on, planned)


def of_present_year(_pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The year of the article's date, where 年底 names no other."""
    if on is None:
        return UNKNOWN
    return Days(*WHOLE_YEAR.in_year(on.year - is_new_year(on, planned)), ("year_from_date",))


def of_day(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """A day without a month, or a stretch between two."""
    return day_of_month(_number(pieces, "d"), _number(pieces, "d2", _number(pieces, "d")), on,
                        planned)  # fmt: skip
