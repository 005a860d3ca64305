"""The forms in which a period is written: a grammar over kinds each, and the days it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple, cast

from extractor.values import calendar_words as words
from extractor.values import numbers
from extractor.values.calendar import (
    UNKNOWN,
    WHOLE_YEAR,
    Days,
    PeriodFlag,
    Window,
    day_of_month,
    months,
    nearest,
    rolling,
)
from extractor.values.lexicon import payload

Pieces = Mapping[str, str]

_TO = "_?(?:[-—~到]|B(?=_?[M4r1]))_?"
_OF = "(?:,?_(?:ø_)?(?:i_)?)"
# A bare number is no year before a unit, a scale, or the rest of a number.
_NOT_YEAR = "(?!_?[ybk%qTlUKmSwcs½]|[xrh成]|[.:][149]|-[ySU])"
_YEAR = rf"(?:4_?年|h年|(?:Y_)?4{_NOT_YEAR}|Y年?)"
_ZH_YEAR = "(?:4_?年|h年|Y年?)"
_DAY = "(?:1(?![.:]?[149%]|_?[%SyKqlT])|r)"
_NUMBER = "[1uvh]"


class Form(NamedTuple):
    """One way to write a period: a grammar over kinds, and what a match means."""

    pattern: str
    days: Callable[[Pieces, date | None, bool], Days]


def _year(word: str, on: date | None) -> int | None:
    """The year that a phrase names; None if it is relative and there is no date.

    Raises:
        ValueError: it is no year of the calendar.
    """
    if _is_relative(word):
        return on.year + cast(int, payload(word)) if on else None
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
    if named is None:
        return nearest(window, on, planned, by_day="edge" in pieces or "rim" in pieces)
    year = _year(named, on)
    is_double = "y" in pieces and "y2" in pieces
    first_year = _year(pieces["y"], on) if is_double else None
    if year is None or (is_double and first_year is None):
        window.in_year(2024)
        return UNKNOWN
    return Days(*window.in_year(year, first_year), _year_flags(named))


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


def _of_date(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
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


def _of_days(pieces: Pieces, on: date | None, planned: bool) -> Days:
    month, day = _month(pieces, "m"), _number(pieces, "d")
    last = (_month(pieces, "m2", month), _number(pieces, "d2", day))
    if not (1 <= month <= 12 and 1 <= last[0] <= 12 and day and last[1]):
        raise ValueError("no such day")
    return _dated(Window((month, day), last), pieces, on, planned)


def _of_months(pieces: Pieces, on: date | None, planned: bool) -> Days:
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


def _of_parts(pieces: Pieces, on: date | None, planned: bool) -> Days:
    first = words.PARTS[" ".join(pieces["part"].split())]
    last = words.PARTS[" ".join(pieces.get("part2", pieces["part"]).split())]
    if last[1] - first[0] == 11 and not pieces.keys() & {"y", "ya"}:
        return _of_present_year(pieces, on, planned)
    return _dated(months(first[0], last[1]), pieces, on, planned)


def _of_quarters(pieces: Pieces, on: date | None, planned: bool) -> Days:
    first, last = 3 * _number(pieces, "q") - 2, words.PARTS[pieces["part2"]][1]
    return _dated(months(first, last), pieces, on, planned)


def _of_ordinal(pieces: Pieces, on: date | None, planned: bool) -> Days:
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


def _of_first_months(pieces: Pieces, on: date | None, planned: bool) -> Days:
    lengths = {"个月": 1, "个季度": 3}
    if pieces["what"] not in lengths:
        raise ValueError("no part of a year")
    return _dated(months(1, lengths[pieces["what"]] * _number(pieces, "n")), pieces, on, planned)


def _of_years(pieces: Pieces, on: date | None, _planned: bool) -> Days:
    first = _year(pieces["y"], on)
    last = _year(pieces["y2"], on) if "y2" in pieces else first
    if first is None or last is None:
        return UNKNOWN
    return Days(*WHOLE_YEAR.in_year(last, first), _year_flags(pieces["y"]))


def _of_split_year(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """1986/87 is a fiscal year from April to March, 2019-22 four years, 2016-05 a month."""
    first, tail = int(pieces["y"]), int(pieces["tail"][-2:])
    last = first // 100 * 100 + tail
    if (last - first) % 100 == 1:
        return Days(date(first, 4, 1), date(first + 1, 3, 31))
    if last > first and "/" not in pieces["slash"]:
        return Days(date(first, 1, 1), date(last, 12, 31))
    return Days(*months(tail, tail).in_year(first))


def _of_decade(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    first = int(pieces["decade"][:4])
    if first % 10:
        raise ValueError("no decade")
    return Days(date(first, 1, 1), date(first + 9, 12, 31))


def _of_plan(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """A five-year plan: the 14th runs from 2021 to 2025, counted from the third in 1966."""
    number = words.PLAN_ORDINALS.get(pieces.get("ord", "")) or _number(pieces, "ord")
    first = words.PLAN_YEARS.get(pieces.get("plan", ""), 1966 + 5 * (number - 3))
    if first < 1966:
        raise ValueError("no plan is numbered, or one of the first two")
    return Days(date(first, 1, 1), date(first + 4, 12, 31))


def _of_last_part(pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The last quarter or month of a year; of no year it would be counted from the date."""
    unit, offset = cast(tuple[str, int], payload(pieces["rolling"]))
    if offset != -1 or unit not in ("quarter", "month"):
        raise ValueError("no part of a year")
    return _dated(months(10 if unit == "quarter" else 12, 12), pieces, on, planned)


def _of_rolling(pieces: Pieces, on: date | None, _planned: bool) -> Days:
    return rolling(*cast(tuple[str, int], payload(pieces["rolling"])), on)


def _of_year_end(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    return nearest(Window((12, 31), (12, 31)), on, planned=True)


def _of_present_year(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    if on is None:
        return UNKNOWN
    return Days(*WHOLE_YEAR.in_year(on.year), ("year_from_date",))


def _of_present_month(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    return rolling("month", 0, on)


def _of_day(pieces: Pieces, on: date | None, planned: bool) -> Days:
    return day_of_month(_number(pieces, "d"), _number(pieces, "d2", _number(pieces, "d")), on,
                        planned)  # fmt: skip


def _of_now(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    return Days(None, on, ("year_from_date", "from_date")) if on else UNKNOWN


def _of_year_to_date(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    return Days(date(on.year, 1, 1), on, ("year_from_date", "from_date")) if on else UNKNOWN


def _of_unknown(_pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    return UNKNOWN


# The first form that matches at a place wins: the longer ones come first.
FORMS: tuple[Form, ...] = tuple(
    Form(core, days)
    for core, days in (
        (f"(?P<iso>d)(?:{_TO}(?P<iso2>d))?", _of_date),
        (
            rf"(?<!n_)(?P<m>M)_?(?:i_)?(?P<d>{_DAY})(?:{_OF}(?P<y>{_YEAR}))?"
            rf"(?:{_TO}(?:(?P<m2>M)_)?(?P<d2>{_DAY})(?:{_OF}(?P<y2>{_YEAR}))?)?",
            _of_days,
        ),
        (
            rf"(?P<d>{_DAY})(?:(?:{_TO}|(?<=g_.)_&_)(?:i_)?(?P<d2>{_DAY}))?_(?:ø_)?(?P<m>M)"
            rf"(?:{_OF}(?P<y>{_YEAR}))?",
            _of_days,
        ),
        (
            rf"(?:(?P<third>W)[-_](?:ø_)?(?:i_)?)?(?P<m>M)(?:{_OF}?(?P<y>{_YEAR}))?"
            rf"(?:(?:{_TO}|_(?P<joint>&)_)(?P<m2>M)(?:{_OF}?(?P<y2>{_YEAR}))?)?",
            _of_months,
        ),
        (rf"(?<=g_)(?P<m>M)_&_(?P<m2>M)(?:{_OF}?(?P<y2>{_YEAR}))?", _of_months),
        (rf"(?P<y>4)_(?P<m>M)(?:{_TO}(?P<m2>M))?", _of_months),
        (
            rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月_?(?P<d>[1h])_?[日号]?"
            rf"(?:{_TO}(?:(?P<y2>{_ZH_YEAR})_?)?(?:(?P<m2>[1h])_?月_?)?(?P<d2>[1h])_?)?[日号]",
            _of_days,
        ),
        (
            rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月?{_TO}"
            rf"(?:(?P<y2>{_ZH_YEAR})_?)?(?P<m2>[1h])_?月",
            _of_months,
        ),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月(?P<third>W)?", _of_months),
        (
            rf"(?:(?P<y>{_YEAR})_?的?)?(?P<part>G)(?:{_TO}(?P<part2>G))?(?:{_OF}?(?P<ya>{_YEAR}))?",
            _of_parts,
        ),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?I(?P<n>[1h])(?P<what>w)", _of_first_months),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<q>[1h]){_TO}(?P<part2>G)", _of_quarters),
        (
            rf"(?:(?P<y>{_YEAR})_(?:i_)?)?(?P<ord>[Rr])[-_](?:(?P<n>{_NUMBER})_)?(?P<what>[½Qw])(?:_w)?"
            rf"(?:{_OF}(?P<ya>{_YEAR}))?",
            _of_ordinal,
        ),
        (r"(?:i_)?(?P<ord>r)_5(?:_ρ)?", _of_plan),
        (r"(?P<plan>[X5])", _of_plan),
        (r"(?:φ_?)(?:4)(?![-/]1)|4_φ", _of_unknown),
        (
            r"(?:φ_?|[wY]_)?(?P<y>4)(?P<slash>[-/])(?P<tail>1|4)(?![1490%年月季-])(?:_φ)?",
            _of_split_year,
        ),
        (rf"(?<=g_)(?P<y>{_YEAR})_&_(?P<y2>{_YEAR})", _of_years),
        (rf"(?:[wY]_(?:ø_)?)?(?P<y>{_YEAR})(?:{_TO}(?P<y2>{_YEAR}))?", _of_years),
        (r"(?P<decade>e)", _of_decade),
        (rf"(?P<rolling>L)_ø_(?:i_)?(?P<y>{_YEAR})", _of_last_part),
        (r"(?P<rolling>L)", _of_rolling),
        (r"(?P<yearend>ē)", _of_year_end),
        (r"年(?=[EF])", _of_present_year),
        (r"月(?=[EF])", _of_present_month),
        (rf"W[-_](?:i_)?{_YEAR}", _of_unknown),
        (r"(?P<d>[1])(?:[-—~到](?P<d2>1))?日(?!z)", _of_day),
        (r"(?<=N_i_)(?P<d>r)", _of_day),
        (r"(?P<now>O)", _of_now),
        (r"(?P<ytd>o)", _of_year_to_date),
        (r"(?P<none>V)", _of_unknown),
        (rf"(?:<_)?(?:i_)?J_?(?:(?:{_NUMBER}|[49])_?)?(?:J_)?(?:w|年|Q)m?", _of_unknown),
        (rf"(?<=[nN]_){_NUMBER}_(?:J_)?[wQ]", _of_unknown),
        (rf"<_?(?:{_NUMBER})_?(?:年|w)m?", _of_unknown),
        (rf"{_NUMBER}_J_[wQ]", _of_unknown),
        (r"[1h](?:年|w)m", _of_unknown),
    )
)
