"""The grammar of quantities: amounts of money, counts and changes, as bare readings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple, cast

from extractor.values import numbers
from extractor.values.lexicon import LEXICON, WHOLE_CHANGES, Bound
from extractor.values.lexing import Shape, payload

_NUMERAL = numbers.NUMERAL
_UNIT = "[yb%qTlUp]"
QUANTITY = re.compile(
    rf"""
    (?:(?P<before><)_?)?
    (?:(?P<between>f)_)?
    (?:(?P<permille>P)|(?P<prefix>[pb])_?)?
    (?P<low>{_NUMERAL})
    (?:
        (?:_?(?P<unit_low>[yb%qT]))?
        _?(?P<dash>[-~&])_?
        (?:[pbP]_?)?
        (?P<high>{_NUMERAL})
    )?
    (?:_?(?P<unit>{_UNIT}))?
    (?:[_-]?(?P<after>>)(?!_?[149hutv]))?
    """,
    re.VERBOSE,
)


class Reading(NamedTuple):
    """A quantity before it has a class.

    Attributes:
        kind: ``money``, ``count``, ``change``, or ``measure`` for physical units.
        unit: the currency or the unit of a change.
    """

    kind: str
    value: Decimal
    upper: Decimal | None
    unit: str | None
    bound: Bound
    ambiguous: bool = False


def whole_change(word: str) -> Reading:
    """The reading of a word that is a change by itself, such as "doubled"."""
    percent, bound = WHOLE_CHANGES[word]
    return Reading("change", Decimal(percent), None, "percent", bound)


def reading(shape: Shape, match: re.Match[str]) -> Reading | None:
    """What a match of `QUANTITY` states; None if its parts do not make one quantity."""

    def piece(group: str) -> str:
        return shape.piece(*match.span(group)) if match.group(group) else ""

    low = numbers.read(piece("low"))
    if low is None:
        return None
    high = None
    if match.group("dash"):
        high = numbers.read(piece("high"))
        if high is None or not _is_range(match, piece):
            return None
        low = _share_scale(low, high, piece("high"))
        if low.value >= high.value:
            return None
    kind, unit, factor = _unit(match, piece)
    bound = _bound(match, piece, high is not None, low.more)
    upper = None if high is None else high.value * factor
    ambiguous = low.ambiguous or (high is not None and high.ambiguous)
    return Reading(kind, low.value * factor, upper, unit, bound, ambiguous)


def _is_range(match: re.Match[str], piece: object) -> bool:
    return (match.group("dash") == "&") == bool(match.group("between"))


def _share_scale(low: numbers.Numeral, high: numbers.Numeral, phrase: str) -> numbers.Numeral:
    """Give the first number of "300 to 500 million" the scale of the second."""
    if low.scaled or not high.scaled:
        return low
    scale = re.search(r"(?:[a-z]+[\s-]?)+$|[千百十]?[万亿兆]+$", phrase)
    factor = numbers.read("1" + " " * scale.group()[0].isascii() + scale.group()) if scale else None
    return low if factor is None else low._replace(value=low.value * factor.value, scaled=True)


def _unit(match: re.Match[str], piece: object) -> tuple[str, str | None, Decimal]:
    one = Decimal(1)
    read = cast("type[str]", piece)
    if match.group("permille"):
        return "change", "percent", one
    word = read("unit") or read("unit_low") or read("prefix")
    kind = match.group("unit") or match.group("unit_low") or match.group("prefix")
    if match.group("prefix") and kind in ("y", "b", "p"):
        if match.group("prefix") == "p" and kind == "y" and payload(word) == "CNY":
            return "money", "CNY", one
        return "money", cast(str, payload(read("prefix"))), one
    if kind in ("y", "b", "p"):
        return "money", cast(str, payload(word)), one
    if kind == "%":
        return "change", "percent", cast(Decimal, payload(word))
    if kind == "q":
        return "change", "percentage_points", cast(Decimal, payload(word))
    if kind == "T":
        return "change", "times", one
    return ("measure" if kind == "U" else "count"), None, one


def _bound(match: re.Match[str], piece: object, is_range: bool, more: bool) -> Bound:
    if is_range:
        return "range"
    read = cast("type[str]", piece)
    for group in ("before", "after"):
        if match.group(group):
            return cast(Bound, LEXICON[" ".join(read(group).split())][1])
    return "at_least" if more else "exact"
