"""The days of periods that are told from the article's date alone: yesterday, so far, last May."""

from __future__ import annotations

from datetime import date
from typing import cast

from extractor.values.calendar import (
    UNKNOWN,
    Days,
    Window,
    is_new_year,
    months,
    nearest,
    rolling,
)
from extractor.values.lexicon import payload
from extractor.values.period_days import Pieces


def of_rolling(pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """Yesterday, this week, last month."""
    return rolling(*cast(tuple[str, int], payload(pieces["rolling"])), on)


def of_last_month(pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """Last September is the latest that is over, next September the first to begin."""
    month = cast(int, payload(pieces["m"]))
    if pieces["which"] not in ("last", "next"):
        raise ValueError("no month")
    if on is None:
        return UNKNOWN
    year = on.year + (month <= on.month if pieces["which"] == "next" else -(month >= on.month))
    return Days(*months(month, month).in_year(year), ("year_from_date",))


def of_past(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """In the past: a time without days, and no duration."""
    if pieces["past"] != "past":
        raise ValueError("a duration without its length")
    return UNKNOWN


def of_within(pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """三年内: a term without fixed days; 年内 by itself is this year."""
    if pieces["within"] != "年内":
        raise ValueError("no term")
    return UNKNOWN


def of_year_end(_pieces: Pieces, on: date | None, planned: bool) -> Days:
    """The year-end to come; what had come about by it in January, had so by the one before."""
    if on and is_new_year(on, planned):
        return nearest(Window((12, 31), (12, 31)), on, planned=False)
    return nearest(Window((12, 31), (12, 31)), on, planned=True)


def of_present_month(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """The month of the article's date, where 月底 names no other."""
    return rolling("month", 0, on)


def of_now(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """Up to the article's date."""
    return Days(None, on, ("year_from_date", "from_date")) if on else UNKNOWN


def of_year_to_date(_pieces: Pieces, on: date | None, _planned: bool) -> Days:
    """From the first of January to the article's date."""
    return Days(date(on.year, 1, 1), on, ("year_from_date", "from_date")) if on else UNKNOWN


def of_unknown(_pieces: Pieces, _on: date | None, _planned: bool) -> Days:
    """A period that has no fixed days."""
    return UNKNOWN
