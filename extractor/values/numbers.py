"""Numerals to exact numbers: digits, English words, Chinese words, and their mixtures."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extractor.values.quantity_words import (
    HAN_DIGITS,
    HAN_SCALES,
    HAN_STEPS,
    LETTER_SCALES,
    SCALES,
    SMALL_NUMBERS,
)

# Grammar over kinds (see lexicon). Every repeat is bounded: matching is linear.
_S = "[-_]"
_BELOW_100 = rf"(?:t(?:{_S}u)?|[uv])"
_HUNDREDS = rf"(?:(?:{_BELOW_100}|a){_S}c(?:(?:_&)?_{_BELOW_100})?)"
_BELOW_1000 = rf"(?:{_HUNDREDS}|{_BELOW_100}|a)"
_HALVES = rf"(?:(?:{_BELOW_100}|[149])_&_a_½(?:{_S}S){{0,2}}|½_a_[Sc]|½{_S}S|½_a_½|½_a(?=_[q%]))"
# Without a number before it a scale stands for one only in the name of a class of things.
_OF_CLASS = "(?:(?<!-)(?<!j_)(?:c-)?S(?=-y[-_]?>))"
_WORDS = (
    rf"(?:{_HALVES}|{_OF_CLASS}|{_BELOW_1000}_·(?:_u){{1,6}}(?:{_S}S){{0,2}}|a(?=_y)"
    rf"|{_BELOW_1000}(?:{_S}S){{1,2}}"
    rf"(?:_{_BELOW_1000}(?:{_S}S){{1,2}}){{0,2}}(?:(?:_&)?_{_BELOW_1000}(?!{_S}[Sa%]))?"
    rf"|{_HUNDREDS}|{_BELOW_100})"
)
_DIGITS = (
    rf"(?:[1490](?:s|{_S}?c)?(?:(?:{_S}?S){{1,2}}"
    rf"(?:_[1490](?:{_S}?S){{1,2}}|_0(?!_?S)|_9(?=_?[yb])){{0,2}})?)"
)
_HAN = r"(?:[1490]_?(?:m?l?K(?:[1490]K){0,3}(?:mK?)?|m(?![zx]))|h(?:[1490]h){0,2}(?:mK?|lK)?)"
NUMERAL = rf"(?:{_HAN}|{_DIGITS}|{_WORDS})"

# 100 million and 10,000 are 亿 and 万: after a scaled number, a word translated twice.
_LEFTOVERS = ("100million", "10,000")
_LONGEST = 24
_HAN_NUMERAL = re.compile(f"[{''.join((*HAN_DIGITS, *HAN_STEPS, *HAN_SCALES))}]")
_LATIN_PIECE = re.compile(r"\d[\d,.']*(?:\s[\d.]+)?(?<=\d)|[a-z]+")
_HAN_PIECE = re.compile(r"\d[\d,.]*(?<=\d)|\S")
# 万家, 亿万 and the like name no number; 百万, 千亿 and 万亿 do.
_BARE_SCALE = re.compile(r"[百千]$|[亿兆]|万(?!亿)")
_SEPARATORS = re.compile(r"[,'\s]")


class Numeral(NamedTuple):
    """A number as it was read.

    Attributes:
        scaled: whether a scale (thousand, 万) is in it.
        ambiguous: whether a leftover of a broken translation was skipped.
        more: whether 余, 多 or 来 follows its digits.
    """

    value: Decimal
    scaled: bool = False
    ambiguous: bool = False
    more: bool = False


def _read_decimal(phrase: str) -> Numeral | None:
    """Words with a point: "six point two five million"."""
    whole, _, fraction = phrase.partition("point")
    head, words = _read_latin(whole, False), fraction.split()
    digits = [str(SMALL_NUMBERS[word]) for word in words if word in SMALL_NUMBERS]
    if head is None or not digits:
        return None
    value, factor = head.value + Decimal("0." + "".join(digits)), Decimal(1)
    for word in words[len(digits) :]:
        factor *= SCALES[word]
    return Numeral(value * factor, factor > 1)


@lru_cache(maxsize=1024)  # an article's numbers are read in it, in its quotes and by themselves
def read(phrase: str) -> Numeral | None:
    """The number that a folded numeral states; None if it states none."""
    if phrase.isascii():
        return _read_decimal(phrase) if "point" in phrase else _read_latin(phrase, False)
    more = any(mark in phrase for mark in "余多来")
    bare = re.sub(r"[余多来个\s]", "", phrase)
    if not _HAN_NUMERAL.search(bare):
        return _read_latin(bare, more)
    value = read_han(bare)
    scaled = any(scale in bare for scale in HAN_SCALES)
    return None if value is None else Numeral(value, scaled, more=more)


def read_bare_scale(phrase: str) -> Numeral | None:
    """百余, 亿: a hundred and more, a hundred million; numerals only beside a bound."""
    scale = (HAN_STEPS | HAN_SCALES).get(re.sub("[余多]", "", phrase))
    more = phrase[-1] in "余多"
    return None if scale is None else Numeral(Decimal(scale), phrase[0] in HAN_SCALES, more=more)


def decimal(digits: str) -> Decimal | None:
    """Digits with separators as a number; None if there are too many to be a quantity."""
    digits = _SEPARATORS.sub("", digits)
    return Decimal(digits) if len(digits) <= _LONGEST else None


def _read_latin(phrase: str, more: bool) -> Numeral | None:
    """Terms of digits or words, each with its scales; the terms add while they fall."""
    terms = _terms(_LATIN_PIECE.findall(phrase))
    if not terms:
        return None
    total, below, ambiguous = Decimal(0), None, False
    for value, factor, written in terms:
        if below is not None and below > 1 and written in _LEFTOVERS:
            ambiguous = True
        elif below is not None and value * factor >= below:
            return None
        else:
            total += value * factor
        below = factor
    return Numeral(total, any(factor > 1 for _, factor, _ in terms), ambiguous, more)


def _terms(pieces: list[str]) -> list[tuple[Decimal, Decimal, str]]:
    """Each number of a sequence with the product of its scales, and as it is written."""
    terms: list[tuple[Decimal, Decimal, str]] = []
    for piece in pieces:
        value, factor, written = terms[-1] if terms else (Decimal(0), Decimal(1), "")
        scale = SCALES.get(piece) or LETTER_SCALES.get(piece)
        if scale:
            terms[-1:] = [(value if terms else Decimal(1), factor * scale, written + piece)]
        elif piece == "hundred":
            terms[-1:] = [(value * 100 if terms else Decimal(100), factor, written + piece)]
        elif piece == "half":
            terms[-1:] = [(value + Decimal("0.5"), factor, written + piece)]
        else:
            number = _simple(piece, first=not terms)
            if number is None:
                continue
            if not terms or factor > 1:
                terms.append((number, Decimal(1), piece))
            else:
                terms[-1] = (value + number, factor, written + piece)
    return terms


def _simple(piece: str, first: bool) -> Decimal | None:
    if piece[0].isdigit():
        return decimal(piece)
    if piece in SMALL_NUMBERS:
        return Decimal(SMALL_NUMBERS[piece])
    return Decimal(1) if first and piece in ("a", "an") else None


def read_han(phrase: str) -> Decimal | None:
    """A Chinese numeral, perhaps with digits in it: 一百二十三, 3亿5000万, 二零二三."""
    whole, point, fraction = phrase.partition("点")
    if len(phrase) > _LONGEST or _BARE_SCALE.match(phrase):
        return None
    if point:
        return _read_point(whole, fraction)
    if len(phrase) > 1 and all(character in HAN_DIGITS for character in phrase):
        return decimal("".join(str(HAN_DIGITS[character]) for character in phrase))
    return _read_steps(phrase)


def _read_steps(phrase: str) -> Decimal | None:
    total = section = Decimal(0)
    digit: Decimal | None = None
    step = 1
    for piece in _HAN_PIECE.findall(phrase):
        if piece in HAN_STEPS:
            step = HAN_STEPS[piece]
            section, digit = section + (Decimal(1) if digit is None else digit) * step, None
        elif piece in HAN_SCALES:
            step = HAN_SCALES[piece]
            total, section, digit = _scaled(total, section + (digit or 0), step), Decimal(0), None
        elif digit:
            return None
        else:
            digit = decimal(piece) if piece[0].isdigit() else _han_digit(piece)
            if digit is None:
                return None
            step = step if digit else 1
    if digit is not None and _is_short(phrase):
        digit *= step // 10
    return total + section + (digit or 0)


def _han_digit(character: str) -> Decimal | None:
    return Decimal(HAN_DIGITS[character]) if character in HAN_DIGITS else None


def _is_short(phrase: str) -> bool:
    """两万五 and 三百五 leave their last step out: 25000 and 350."""
    return (
        len(phrase) > 2
        and phrase[-1] in HAN_DIGITS
        and (phrase[-2] in HAN_SCALES or phrase[-2] in "百千")
        and phrase[-3] in HAN_DIGITS
    )


def _scaled(total: Decimal, section: Decimal, scale: int) -> Decimal:
    """Apply 万, 亿 or 兆: to the section before it, or, as in 万亿, to all before it."""
    if not section:
        return (total or Decimal(1)) * scale
    return (total + section) * scale if total and total < scale else total + section * scale


def _read_point(whole: str, fraction: str) -> Decimal | None:
    scale = Decimal(1)
    while fraction and fraction[-1] not in HAN_DIGITS:
        scale *= (HAN_STEPS | HAN_SCALES)[fraction[-1]]
        fraction = fraction[:-1]
    head = read_han(whole)
    if head is None or not fraction or any(mark not in HAN_DIGITS for mark in fraction):
        return None
    tail = decimal("0." + "".join(str(HAN_DIGITS[mark]) for mark in fraction))
    return None if tail is None else (head + tail) * scale
