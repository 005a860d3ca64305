"""Periods in a shape: a form between the words that open or close it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from extractor.values import calendar_words as words
from extractor.values.calendar import UNKNOWN, Days
from extractor.values.lexing import Shape
from extractor.values.period_forms import FORMS
from extractor.values.quantity_words import BOUNDS_BEFORE

_LEAD = "(?:(?P<lead>[BCZnNfg到]|<(?=_))_?)?(?:i_)?"
_EDGE = "(?:(?P<edge>[EF])[-_]?(?:ø_)?(?:i_)?)?"
_TAIL = "(?P<rim>[EF])?(?P<onward>_?[AIO])?"
_CORE_BEGINS = "(?=[MWςdr149hYGRXφweLē年月OoVJ<uI5])"
# Most places of a text fail on this one look.
_BEGINS = "(?=[BCZnNfg到iEFMWςdr149hYGRXφweLē年月OoVJ<uI5])"
_COMPILED = tuple((re.compile(f"{_LEAD}{_EDGE}{form.pattern}{_TAIL}"), form.days) for form in FORMS)
_NAMES = re.compile(r"\?P<\w+>")
PERIOD = re.compile(
    _BEGINS
    + _NAMES.sub("?:", _LEAD + _EDGE)
    + f"{_CORE_BEGINS}(?:"
    + "|".join(f"({_NAMES.sub('?:', form.pattern)})" for form in FORMS)
    + ")"
    + _NAMES.sub("?:", _TAIL)
)


def read_period(
    shape: Shape, match: re.Match[str], on: date | None, planned: bool = False
) -> Days | None:
    """The days that a match of `PERIOD` means; None if it is no period after all."""
    pattern, days = _COMPILED[cast(int, match.lastindex) - 1]
    own = pattern.match(shape.kinds, match.start())
    if own is None:
        return None
    pieces = shape.pieces(own)
    lead = " ".join(pieces.get("lead", "").split())
    if lead in BOUNDS_BEFORE and lead != "up to":
        return None
    if _is_early(pieces, lead):
        return UNKNOWN
    try:
        return _framed(days(pieces, on, planned), lead, pieces, on)
    except (ValueError, OverflowError):
        return None


def _framed(days: Days, lead: str, pieces: Mapping[str, str], on: date | None) -> Days:
    """Apply "since", "as of" and "the end of" to the days that they go with."""
    start, end, flags = days
    edge = pieces.get("edge") or pieces.get("rim")
    if edge:
        start = end = end if edge in words.ENDS else start
    onward = pieces.get("onward", "").strip()
    if onward in words.NOW:
        return Days(start, on, (*flags, "from_date")) if on else days
    if lead in words.AFTER or onward.endswith("后"):
        return Days(end and end + timedelta(days=1), None, flags)
    if lead in words.BEFORE and "yearend" in pieces:
        return Days(None, end, flags)
    if lead in words.BEFORE or onward.endswith("前"):
        return Days(None, end if edge else start and start - timedelta(days=1), flags)
    if onward or lead in words.SINCE or (lead in ("from", "从") and not _is_stretch(pieces)):
        return Days(start, None, flags)
    if lead in words.UNTIL or lead in ("up to", "到", "至"):
        return Days(None, end, flags)
    return days._replace(start=start, end=end)


def _is_early(pieces: Mapping[str, str], lead: str) -> bool:
    """Whether the first weeks of a year are meant: 今年初, "at the beginning of the year"."""
    if "y" not in pieces or pieces.get("onward") or lead in words.SINCE or lead == "from":
        return False
    is_relative = " ".join(pieces["y"].split()) in words.RELATIVE_YEARS
    is_han = pieces.get("rim") == "初" and not lead
    return is_han or (is_relative and pieces.get("edge") in ("beginning", "start"))


def _is_stretch(pieces: Mapping[str, str]) -> bool:
    return any(name in pieces for name in ("iso2", "m2", "d2", "y2", "part2"))
