"""Numerals to exact numbers: digits, English words, Chinese words, and their mixtures."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from extractor.values.lexicon import LETTER_SCALES, SCALES, TEENS, TENS, UNITS

# Over kinds: the number words of English up to 999, then with scales.
_BELOW_100 = r"(?:t(?:[-_]{1,2}u)?|[uv])"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}|a)[-_]c(?:_&)?(?:_{_BELOW_100})?|{_BELOW_100}|a)"
WORDS = (
    rf"(?:{_BELOW_1000}(?:[-_]S){{1,2}}(?:,?(?:_&)?_{_BELOW_1000}(?:[-_]S){{0,2}}){{0,3}}"
    rf"|(?:{_BELOW_100}|a)[-_]c(?:_&)?(?:_{_BELOW_100})?|{_BELOW_100})"
)
DIGITS = r"(?:[149](?:s|[-_]?c)?(?:[-_]?S){0,2}(?:(?:_&)?_[149](?:[-_]?S){1,2}){0,2})"
HAN = r"(?:[149]_?m?K(?:[149]K){0,3}|h(?:m_?K)?|h(?:[149]h){1,2})"
NUMERAL = rf"(?:{HAN}|{DIGITS}|{WORDS})"

_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2}  # fmt: skip
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_PIECE = re.compile(r"\d[\d,.'\s\u00a0\u2009\u202f]*(?<=\d)|[a-z]+|[^\sa-z\d]")
_LEFTOVERS = (Decimal(10**8), Decimal(10**4))
LIMIT = 15


class Numeral(NamedTuple):
    """A number, whether it is a leftover of translation, whether a Chinese 余 or 多 follows."""

    value: Decimal
    scaled: bool
    ambiguous: bool
    more: bool


def read(phrase: str) -> Numeral | None:
    """The number that a folded numeral states, None if it states none."""
    more = any(character in phrase for character in "余多来")
    if more:
        phrase = re.sub("[余多来]", "", phrase)
    if any("㐀" <= character <= "鿿" or character == "〇" for character in phrase):
        value = read_han(phrase.replace(" ", ""))
        if value is None:
            return None
        return Numeral(value, any(c in phrase for c in "万亿兆"), False, more)
    return _read_latin(phrase, more)


def digits(phrase: str) -> Decimal:
    """Digits with separators."""
    return Decimal(re.sub(r"[,'\s\u00a0\u2009\u202f]", "", phrase))


def _read_latin(phrase: str, more: bool) -> Numeral | None:
    """Terms of digits or words, each with its scales; the terms add while they fall."""
    total, group, scaled = Decimal(0), Decimal(0), False
    scale_of_last: Decimal | None = None
    ambiguous = False
    parts: list[tuple[Decimal, Decimal]] = []
    factor = Decimal(1)
    empty = True
    for piece in _PIECE.findall(phrase):
        if piece[0].isdigit():
            if not empty:
                parts.append((group, factor))
                group, factor = Decimal(0), Decimal(1)
            group, empty = digits(piece), False
        elif piece in ("a", "an"):
            if not empty:
                parts.append((group, factor))
                factor = Decimal(1)
            group, empty = Decimal(1), False
        elif piece in UNITS or piece in TEENS or piece in TENS:
            if factor != 1:
                parts.append((group, factor))
                group, factor = Decimal(0), Decimal(1)
            group += UNITS.get(piece) or TEENS.get(piece) or TENS[piece]
            empty = False
        elif piece in ("hundred", "hundreds"):
            group = group * 100
        elif piece in SCALES or piece in LETTER_SCALES:
            factor *= SCALES[piece] if piece in SCALES else LETTER_SCALES[piece]
    parts.append((group, factor))
    for value, scale in parts:
        amount = value * scale
        if scale_of_last is None:
            total = amount
        elif scaled and amount in _LEFTOVERS:
            ambiguous = True
        elif amount < scale_of_last:
            total += amount
        else:
            return None
        scaled = scaled or scale > 1
        scale_of_last = scale
    return Numeral(total, scaled, ambiguous, more)


_HAN_PIECE = re.compile(r"\d[\d,.]*|.")


def read_han(phrase: str) -> Decimal | None:
    """A Chinese numeral, perhaps with digits in it: 一百二十三, 3亿5000万, 二零二三."""
    whole, point, fraction = phrase.partition("点")
    if point:
        return _han_decimal(whole, fraction)
    if len(phrase) > 1 and all(character in _HAN_DIGITS for character in phrase):
        return Decimal("".join(str(_HAN_DIGITS[character]) for character in phrase))
    total = section = Decimal(0)
    current: Decimal | None = None
    for piece in _HAN_PIECE.findall(phrase):
        if piece[0].isdigit():
            if current is not None:
                return None
            current = digits(piece.rstrip(",."))
        elif piece in _HAN_DIGITS:
            if current:
                return None
            current = Decimal(_HAN_DIGITS[piece])
        elif piece in _HAN_SMALL:
            section += (Decimal(1) if current is None else current) * _HAN_SMALL[piece]
            current = None
        elif piece in _HAN_LARGE:
            section += current or 0
            if section == 0:
                if total == 0:
                    return None
                total *= _HAN_LARGE[piece]
            elif total and total < _HAN_LARGE[piece]:
                total = (total + section) * _HAN_LARGE[piece]
            else:
                total += section * _HAN_LARGE[piece]
            section, current = Decimal(0), None
        else:
            return None
    return total + section + (current or 0)


def _han_decimal(whole: str, fraction: str) -> Decimal | None:
    scale = Decimal(1)
    while fraction and fraction[-1] in (_HAN_LARGE | _HAN_SMALL):
        scale *= (_HAN_LARGE | _HAN_SMALL)[fraction[-1]]
        fraction = fraction[:-1]
    head = read_han(whole)
    if head is None or not fraction or any(c not in _HAN_DIGITS for c in fraction):
        return None
    return (head + Decimal("0." + "".join(str(_HAN_DIGITS[c]) for c in fraction))) * scale
