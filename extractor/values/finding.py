"""Every quantity and period of a running text."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from extractor.errors import PhraseError
from extractor.values.lexing import Shape, shape
from extractor.values.models import Change, Count, Money, Period
from extractor.values.periods import PERIOD, resolve
from extractor.values.quantities import QUANTITY, Reading, reading, whole_change

Kind = Literal["money", "count", "change", "period"]


class Mention(NamedTuple):
    """A phrase in a text: ``text[start:end]``, and what it states."""

    start: int
    end: int
    kind: Kind
    value: Money | Count | Change | Period


_ANY = re.compile(rf"(?P<P_>{PERIOD.pattern})|(?P<Q_>{QUANTITY.pattern})|(?P<D_>D)", re.VERBOSE)


def find(text: str, on: date | None = None) -> list[Mention]:
    """Find the money, count, change and period phrases of `text`.

    Args:
        text: running text.
        on: its date, for periods without a year.

    Returns:
        Mentions by start, not overlapping, the longest first where two begin together.
    """
    read = shape(text)
    found: list[Mention] = []
    position = 0
    while (match := _ANY.search(read.kinds, position)) is not None:
        mention = _mention(read, match, on)
        position = max(match.end(), match.start() + 1) if mention else match.start() + 1
        if mention:
            found.append(mention)
    return found


def _mention(read: Shape, match: re.Match[str], on: date | None) -> Mention | None:
    first, last = match.span()
    start, end = read.starts[first], read.ends[last - 1]
    phrase = read.text[start:end]
    try:
        if match.group("P_"):
            days = resolve(read, match, on, False)
            if days is None:
                return None
            return Mention(start, end, "period", Period(text=phrase, at=None, **days._asdict()))
        if match.group("D_"):
            return Mention(start, end, "change", Change.of(phrase, whole_change(phrase.lower())))
        quantity = reading(read, match)
        if quantity is None or not _is_free(read, first, last, quantity):
            return None
        return _quantity(start, end, phrase, quantity)
    except PhraseError:
        return None


def _quantity(start: int, end: int, phrase: str, found: Reading) -> Mention | None:
    if found.kind == "money":
        return Mention(start, end, "money", Money.of(phrase, found))
    if found.kind == "change":
        return Mention(start, end, "change", Change.of(phrase, found))
    if found.kind == "count":
        return Mention(start, end, "count", Count.of(phrase, found))
    return None


def _is_free(read: Shape, first: int, last: int, found: Reading) -> bool:
    """Whether a number stands on its own, and is no part of a name."""
    before = read.kinds[first - 1] if first else "_"
    after = read.kinds[last] if last < len(read.kinds) else "_"
    return found.kind != "count" or (before not in "x-/.#+>" and after not in "x-/>")
