"""The grammar of quantities: amounts of money, counts and changes, as bare readings."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from extractor.values import numbers
from extractor.values.lexicon import payload
from extractor.values.lexing import Shape
from extractor.values.numbers import NUMERAL, Numeral
from extractor.values.quantity_words import (
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    CLASS_WORDS,
    DENOMINATORS,
    HAN_SCALES,
    LEVEL_WORDS,
    Bound,
)

_AFTER = r"(?:[-_]?(?:(?P<after>>)|(?P<plus>[+])(?!_?[1490htuvx])))?"
_BEFORE = r"(?:(?P<before><)_?)?"
_MONEY_OR_CHANGE = "yb%qTp"
# One number, or a range of two: a single grammar, so that a range is tried first.
QUANTITY = re.compile(
    rf"""
    {_BEFORE}
    (?:(?P<between>g)_)?
    (?:(?P<of_hundred>P)_?|(?P<prefix>[pb])_?)?
    (?P<low>{NUMERAL})
    (?:(?:_?(?P<low_unit>[{_MONEY_OR_CHANGE}]))?
       _?(?P<dash>(?(between)[-—~到&]|[-—~到]))_?(?:[pbP]_?)?
       (?P<high>{NUMERAL}))?
    (?:(?:_|-(?=[y%SU]))?(?P<unit>[{_MONEY_OR_CHANGE}lUwk]))?
    (?:_?(?:&_)?(?P<minor>{NUMERAL})_?(?P<subunit>k))?
    {_AFTER}
    """,
    re.VERBOSE,
)
SINGLE = re.compile(
    rf"""
    {_BEFORE}
    (?:(?P<of_hundred>P)_?|(?P<prefix>[pb])_?)?
    (?P<low>{NUMERAL})
    (?:(?:_|-(?=[y%SU]))?(?P<unit>[{_MONEY_OR_CHANGE}lUwk]))?
    {_AFTER}
    """,
    re.VERBOSE,
)
# Changes without a plain number: "more than doubled", two-thirds, 三分之一, 三成.
WORDED = re.compile(
    rf"""
    {_BEFORE}
    (?: (?P<whole>D)
      | (?P<fold>Ð)
      | (?P<numerator>[uva]|h)(?:[-_])(?P<denominator>[÷RQ])
      | (?P<whole_of>h|1)之(?P<part_of>h|1)
      | (?P<half>½)
      | (?P<tenths>[h1])_?成(?P<hundredths>h)?
    )
    (?P<more>m)?{_AFTER}
    """,
    re.VERBOSE,
)


# The kinds of digits alone: read at once, since a text may have nothing else.
_PLAIN_NUMBERS = frozenset("1490")


class Reading(NamedTuple):
    """A quantity before it has a class.

    Attributes:
        kind: ``measure`` has a physical unit or a unit of time.
        unit: the currency, or the unit of a change.
        scaled: whether a scale (million, 万) is in the number.
    """

    kind: Literal["money", "count", "change", "measure"]
    value: Decimal
    upper: Decimal | None
    unit: str | None
    bound: Bound
    ambiguous: bool = False
    scaled: bool = False


class _Unit(NamedTuple):
    kind: Literal["money", "count", "change", "measure"]
    name: str | None
    factor: Decimal = Decimal(1)


def read_quantity(shape: Shape, match: re.Match[str]) -> Reading | None:
    """What a match of `QUANTITY` or `SINGLE` states; None if it is no quantity after all."""
    if match.group() in _PLAIN_NUMBERS:
        first = match.start()
        return _plain_number(shape.folded[shape.starts[first] : shape.ends[first]])
    # "From 410 to 980" is two levels.
    return _composed(shape.pieces(match), match, shape.kinds.endswith("f_", 0, match.start()))


@lru_cache(maxsize=4096)
def _plain_number(digits: str) -> Reading | None:
    number = numbers.decimal(digits)
    return None if number is None else Reading("count", number, None, None, "exact")


def _composed(pieces: dict[str, str], match: re.Match[str], follows_from: bool) -> Reading | None:
    """A number with a bound, a unit, or a second number."""
    low = _low(pieces)
    if low is None or ("between" in pieces and "dash" not in pieces):
        return None
    upper: Numeral | None = None
    if "dash" in pieces:
        upper = numbers.read(pieces["high"])
        leaves = match["dash"] == "~" and follows_from
        if upper is None or leaves or not _is_range(pieces, match):
            return None
        low = _with_shared_scale(low, upper, pieces["high"])
        if low.value >= upper.value:
            return None
    unit = _unit(pieces, match, low)
    if unit and unit.kind == "count" and low.scaled and pieces.get("after") in CLASS_WORDS:
        # 百亿级 is the size of its class in money.
        unit = _Unit("money", None)
    extra = _minor(pieces, unit)
    if unit is None or extra is None:
        return None
    bound = _bound(pieces, low.more)
    if pieces.get("after") in LEVEL_WORDS and unit.kind != "money" and not low.scaled:
        return None
    return Reading(
        unit.kind,
        low.value * unit.factor + extra,
        None if upper is None else upper.value * unit.factor,
        unit.name,
        bound if upper is None else "range",
        low.ambiguous or (upper is not None and upper.ambiguous),
        low.scaled,
    )


def _low(pieces: dict[str, str]) -> Numeral | None:
    """The first number; 亿 by itself is one after 超 or 百分之, and in 亿元级."""
    written = pieces["low"]
    low = numbers.read(written)
    is_framed = "before" in pieces or "of_hundred" in pieces or written[-1] in "余多"
    if low is None and (is_framed or pieces.get("after") in CLASS_WORDS):
        return numbers.read_bare_scale(written)
    return low


def read_worded(shape: Shape, match: re.Match[str]) -> Reading | None:
    """What a match of `WORDED` states; None if it is no change."""
    pieces = shape.pieces(match)
    bound = _bound(pieces, "more" in pieces)
    if "whole" in pieces:
        percent, own_bound = cast(tuple[int, Bound], payload(pieces["whole"]))
        value = Decimal(percent)
        bound = own_bound if bound == "exact" else bound
    elif "fold" in pieces:
        times = Decimal(cast(int, payload(pieces["fold"])))
        return Reading("change", times, None, "times", bound)
    elif "half" in pieces:
        value = Decimal(50)
    elif "tenths" in pieces:
        tenths = numbers.read(pieces["tenths"])
        more = numbers.read(pieces.get("hundredths", "零"))
        if tenths is None or more is None or max(tenths.value, more.value) > 10:
            return None
        value = 10 * tenths.value + more.value
    else:
        share = _fraction(pieces)
        if share is None:
            return None
        value = share
    return Reading("change", value, None, "percent", bound)


def _fraction(pieces: dict[str, str]) -> Decimal | None:
    """Two-thirds or 三分之二 in percent, to the 15 digits that a JSON number keeps."""
    numerator = numbers.read(pieces.get("numerator") or pieces["part_of"])
    denominator = pieces.get("denominator")
    whole = (
        numbers.Numeral(Decimal(DENOMINATORS.get(denominator, 0)))
        if denominator
        else numbers.read(pieces["whole_of"])
    )
    if numerator is None or whole is None or not 0 < numerator.value <= whole.value:
        return None
    return Decimal(f"{100 * numerator.value / whole.value:.15g}")


def _is_range(pieces: dict[str, str], match: re.Match[str]) -> bool:
    """Whether two numbers are the ends of one range, and have one unit."""
    if (match["dash"] == "&") != (pieces.get("between") == "between"):
        return False
    low_unit, unit = match["low_unit"], match["unit"]
    return low_unit is None or low_unit == unit or (low_unit in "ybp" and (unit or "b") in "ybp")


def _with_shared_scale(low: Numeral, high: Numeral, phrase: str) -> Numeral:
    """Give the first number of "300 to 500 million" the scale of the second."""
    if low.scaled or not high.scaled:
        return low
    scale = re.search(r"[千百十]?[万亿兆]+$|(?<![a-z])[a-z]+$|(?<=\d)[a-z]+$", phrase)
    if scale is None:
        return low
    factor = numbers.read(("1" if scale.group()[0] in "千百十" + "".join(HAN_SCALES) else "1 ")
                          + scale.group())  # fmt: skip
    return low if factor is None else Numeral(low.value * factor.value, True, more=low.more)


def _unit(pieces: dict[str, str], match: re.Match[str], low: Numeral) -> _Unit | None:
    if "of_hundred" in pieces:
        return _Unit("change", "percent", cast(Decimal, payload(pieces["of_hundred"])))
    kind = match["unit"]
    word = pieces.get("unit", "")
    if "prefix" in pieces:
        if kind in ("%", "q", "T", "U", "l"):
            return None
        own = cast(str | None, payload(pieces["prefix"]))
        named = cast(str | None, payload(word)) if kind in ("y", "b", "p") else own
        return _Unit("money", named if pieces["prefix"] in ("$", "¥") else own)
    if kind in ("U", "w"):
        return _Unit("measure", word)
    if kind == "k":
        return _Unit("money", *cast(tuple[str, Decimal], payload(word)))
    if kind in ("y", "b", "p"):
        return _Unit("money", cast(str | None, payload(word)))
    return _CHANGE_UNIT[kind](word) if kind in _CHANGE_UNIT else _Unit("count", None)


_CHANGE_UNIT = {
    "%": lambda word: _Unit("change", "percent", cast(Decimal, payload(word))),
    "q": lambda word: _Unit("change", "percentage_points", cast(Decimal, payload(word))),
    "T": lambda word: _Unit("change", "times"),
}


def _minor(pieces: dict[str, str], unit: _Unit | None) -> Decimal | None:
    """The cents after the dollars: 0 without any, None if they are of another currency."""
    if "minor" not in pieces:
        return Decimal(0)
    currency, share = cast(tuple[str, Decimal], payload(pieces["subunit"]))
    amount = numbers.read(pieces["minor"])
    if unit is None or amount is None:
        return None
    same = unit.name == currency or (pieces["subunit"].startswith("cent") and unit.name != "CNY")
    return amount.value * share if unit.kind == "money" and same else None


def _bound(pieces: dict[str, str], more: bool) -> Bound:
    if "before" in pieces:
        return BOUNDS_BEFORE[" ".join(pieces["before"].split())]
    if "after" in pieces:
        return BOUNDS_AFTER[" ".join(pieces["after"].split())]
    return "at_least" if more or "plus" in pieces else "exact"
