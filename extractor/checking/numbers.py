"""Numbers as the checks compare them: what a stated one may truly be, and its digits."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from extractor.errors import PhraseError
from extractor.values import Change, Count, Money

_ABOUT = Decimal("0.1")
_BEYOND = Decimal("1.5")


class Limits(NamedTuple):
    """The least and the most that a stated number may truly be."""

    low: Decimal
    high: Decimal


def limits(value: Money | Count | Change) -> Limits:
    """What a stated number may truly be.

    "About" is within a tenth; "over" and "up to" are rounded: what they stand for is less than
    half as much again.
    """
    number = Decimal(value.value)
    by_bound = {
        "exact": (number, number),
        "about": (number * (1 - _ABOUT), number * (1 + _ABOUT)),
        "at_least": (number, number * _BEYOND),
        "at_most": (number / _BEYOND, number),
        "range": (number, Decimal(value.value if value.upper is None else value.upper)),
    }
    return Limits(*by_bound[value.bound])


def are_comparable(one: Money | Count, other: Money | Count) -> bool:
    """Whether two numbers are of one kind and, as far as it is said, of one currency."""
    if isinstance(one, Money) and isinstance(other, Money):
        return None in (one.currency, other.currency) or one.currency == other.currency
    return type(one) is type(other)


def parse_like(value: Money | Count, phrase: str) -> Money | Count | None:
    """A phrase as a number of the kind of `value`; None if it is none."""
    try:
        return type(value).parse(phrase)
    except PhraseError:
        return None


def digits_of(number: Decimal) -> tuple[int, int]:
    """The digits without the zeros at their end, and the power of ten that they count."""
    _, digits, exponent = number.normalize().as_tuple()
    return int("".join(map(str, digits))), int(exponent)
