"""Every quantity and period of a running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from extractor.errors import PhraseError
from extractor.values.calendar import Days
from extractor.values.lexing import Shape, shape
from extractor.values.models import Change, Count, Money, Period
from extractor.values.names import is_name, is_named_year, is_plain_word
from extractor.values.parsing import beyond_base, counted_from_base, period
from extractor.values.periods import PERIOD, read_period
from extractor.values.quantities import (
    QUANTITY,
    SINGLE,
    WORDED,
    Reading,
    read_quantity,
    read_worded,
)

Kind = Literal["money", "count", "change", "period"]
Value = Money | Count | Change | Period


class Mention(NamedTuple):
    """A phrase in a text, and what it states.

    ``value.text`` is ``text[start:end]``, but for the items of a list that shares its unit:
    there the span is the number's, and the unit is added to the phrase.
    """

    start: int
    end: int
    kind: Kind
    value: Value


class _Item(NamedTuple):
    """A quantity as it stands in a shape: its kinds, and where its number ends."""

    first: int
    last: int
    number_last: int
    reading: Reading


class _SharedUnit(NamedTuple):
    """The tail of "200 million yuan": its kind, " million", " yuan"."""

    kind: Literal["money", "change"]
    scale: str
    name: str


# Only before punctuation: "July 17 and 22 firms" counts firms.
_ALSO_DAY = re.compile(r"(?:,?_&|,)_(?P<day>1)(?=[,.¶)]|,?_&_1[,.¶)]|$)")
# Where a quantity may begin: only there are the grammars tried.
_BEGIN = re.compile(r"[<gPpb1490hutvDÐ½]|a(?=[-_][cSRQ÷])|[cS](?=-)")
# "Reached 236,000, an increase of 8.9%" is no list: only "and" joins over such words.
_JOINT = re.compile(
    r",?\s?(?:and|&)\s?"
    r"(?:an? (?:increase|decrease|rise|fall|drop|decline|growth|reduction) of )?"
    r"|,?\s?[,、和及与]\s?|\sto\s"
)
_LEADING_DIGITS = re.compile(r"\D*\d[\d,]*(?:\.\d+)?")


def find(text: str, on: date | None = None) -> list[Mention]:
    """Find the money, count, change and period phrases of `text`.

    Numbers that are names or identifiers, ordinals, physical quantities, list numbers and
    "one" in ordinary use are no mentions; shares ("54.3% of the total") are changes.

    Args:
        text: running text.
        on: its date, for periods without a year.

    Returns:
        Mentions sorted by start, not overlapping, the longest where several begin together.
    """
    read = shape(text)
    mentions, free = _periods(read, on)
    mentions += _quantities(read, free)
    return list(_apart(sorted(mentions, key=lambda mention: mention.start)))


def _apart(mentions: list[Mention]) -> Iterator[Mention]:
    """Leave out what lies within an earlier mention, as 去年 in 是去年的2倍."""
    position = 0
    for mention in mentions:
        if mention.start >= position:
            position = mention.end
            yield mention


def _periods(read: Shape, on: date | None) -> tuple[list[Mention], str]:
    """The period mentions, and the kinds with their places blanked out."""
    mentions: list[Mention] = []
    free: list[str] = []
    position = 0
    following = 0
    while match := PERIOD.search(read.kinds, following):
        first, last = match.span()
        days = None if is_named_year(read, first, last) else read_period(read, match, on)
        following = first + 1 if days is None else last
        if days is None:
            continue
        start, end = read.starts[first], read.ends[last - 1]
        mentions.append(_period(start, end, read.text[start:end], days))
        while also := _ALSO_DAY.match(read.kinds, following):
            more = _same_month(read, match, also.start("day"), on)
            if more is None:
                break
            mentions.append(more)
            following = also.end("day")
        free += read.kinds[position:first], "¶" * (following - first)
        position = following
    free.append(read.kinds[position:])
    return mentions, "".join(free)


def _period(start: int, end: int, phrase: str, days: Days) -> Mention:
    return Mention(start, end, "period", Period(text=phrase, at=None, **days._asdict()))


def _same_month(read: Shape, match: re.Match[str], day: int, on: date | None) -> Mention | None:
    """The 22 of "July 17 and 22,", read as "July 22"."""
    month = re.search(r"M(?=_1$)", match.group())
    if month is None:
        return None
    at = match.start() + month.start()
    start, end = read.starts[day], read.ends[day]
    phrase = f"{read.text[read.starts[at] : read.ends[at]]} {read.text[start:end]}"
    days = period(phrase, on, False)
    return _period(start, end, phrase, days) if days and (days.start or on is None) else None


def _quantities(read: Shape, free: str) -> list[Mention]:
    """The quantity mentions, read from the end so that a unit can be shared leftwards."""
    items = list(_items(read, free))
    mentions: list[Mention | None] = []
    unit: _SharedUnit | None = None
    is_listed = False
    following = len(read.folded)
    for item in reversed(items):
        between = read.folded[read.ends[item.last - 1] : following]
        if unit and _shares(item, unit, between, is_listed):
            mentions.append(_sharing(read, item, unit))
            is_listed = True
        else:
            mentions.append(_mention(read, item))
            unit, is_listed = _shared_unit(read, item), False
        following = read.starts[item.first]
    return [mention for mention in mentions if mention]


def _shares(item: _Item, unit: _SharedUnit, between: str, is_listed: bool) -> bool:
    """Whether a number takes its unit from the next; a comma alone joins only a list."""
    if item.reading.kind != "count" or (item.reading.scaled and unit.kind == "change"):
        return False
    return bool(_JOINT.fullmatch(between)) and (is_listed or between.strip() != ",")


def _items(read: Shape, free: str) -> Iterator[_Item]:
    position = 0
    while match := _BEGIN.search(free, position):
        item = _item(read, free, match.start())
        if item:
            yield item
        position = item.last if item else match.end()


def _item(read: Shape, free: str, first: int) -> _Item | None:
    """The longest quantity that begins at a place."""
    match = WORDED.match(free, first)
    if match and not is_plain_word(read, match):
        reading = read_worded(read, match)
        if reading:
            return _Item(first, match.end(), match.end(), reading)
    match = QUANTITY.match(free, first)
    reading = read_quantity(read, match) if match else None
    if match and reading is None:
        # Two numbers that are no range: the first one is read alone.
        match = SINGLE.search(free, first, match.end())
        reading = read_quantity(read, match) if match else None
    if match is None or reading is None:
        return None
    number_last = match.end("high" if match.re is QUANTITY and match["high"] else "low")
    return _Item(match.start(), match.end(), number_last, reading)


def _mention(read: Shape, item: _Item) -> Mention | None:
    start, end = read.starts[item.first], read.ends[item.last - 1]
    reading, phrase = item.reading, read.text[start:end]
    if reading.kind == "measure" or is_name(read, item.first, item.last, reading):
        return None
    try:
        if reading.kind == "money":
            return Mention(start, end, "money", Money.of(phrase, reading))
        if reading.kind == "count":
            return Mention(start, end, "count", _count(phrase, reading))
        counted = reading.unit == "times" and counted_from_base(read.folded, start, end)
        if counted:
            start, end = counted
            reading = beyond_base(reading)
        return Mention(start, end, "change", Change.of(read.text[start:end], reading))
    except PhraseError:
        return None


# Values are frozen, so that the many equal ones of a list or a table can be one.
_count = lru_cache(maxsize=4096)(Count.of)


def _sharing(read: Shape, item: _Item, unit: _SharedUnit) -> Mention | None:
    """The mention of a number whose unit stands after a later number of its list."""
    start, end = read.starts[item.first], read.ends[item.last - 1]
    scale = "" if item.reading.scaled else unit.scale
    composed = f"{read.text[start:end]}{scale}{unit.name}"
    try:
        value = Money.parse(composed) if unit.kind == "money" else Change.parse(composed)
    except PhraseError:
        return _mention(read, item)
    return Mention(start, end, unit.kind, value)


def _shared_unit(read: Shape, item: _Item) -> _SharedUnit | None:
    """What the numbers before an item of a list may share with it."""
    kind = item.reading.kind
    if kind != "money" and kind != "change":
        return None
    number_end = read.ends[item.number_last - 1]
    number = read.text[read.starts[item.first] : number_end]
    digits = _LEADING_DIGITS.match(number)
    scale = number[digits.end() :] if digits and item.reading.scaled else ""
    return _SharedUnit(kind, scale, read.text[number_end : read.ends[item.last - 1]])
