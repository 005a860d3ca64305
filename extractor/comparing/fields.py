"""How alike two values of one field are: numbers, names, places, periods, spans.

Readings of the definitions where they leave room:

- A level given as money never equals one given as a count, unless the money names no currency.
- Quotation marks are the single and double ones of both scripts and the marks of Chinese
  titles; an apostrophe is one of them.
- "The same digits" in `part_of`: all digits in order, separators and signs aside; where
  neither phrase has a digit, its number words; where it has none, its folded text.
- A region's level word stands at its end ("Jilin City", 吉林市) or before "of" at its head.
  "Autonomous" belongs to the level word; 省 and "province" are different words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from extractor.values import Change, Count, Money, numerals

CLOSE = 0.75
_TOLERANCE = 1e-9
_NAME_FLOOR = 0.5
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("\"'`“”„‟‘’‚‛«»‹›「」『』〝〞《》〈〉"))
_ENGLISH_LEVELS = (
    "province|city|municipality|prefecture|county|district|region|banner|league|town|township|"
    "village|subdistrict|state"
)
_LEVEL_BEHIND = re.compile(rf"(?P<name>.+?) (?:autonomous )?(?P<level>{_ENGLISH_LEVELS})")
_LEVEL_BEFORE = re.compile(
    rf"(?:autonomous )?(?P<level>{_ENGLISH_LEVELS}) of (?:the )?(?P<name>.+)"
)
_LEVEL_CHINESE = re.compile(
    r"(?P<name>[\u3400-\u9fff]{2,}?)(?:自治)?(?P<level>[省市县区州旗盟镇乡村]|地区|街道)"
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` after NFKC and case-folding, spaces collapsed, quotation marks dropped."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTATION_MARKS)
    return " ".join(folded.split())


def name_score(gold: str, predicted: str) -> float:
    """Mean of rapidfuzz's token set and token sort ratios, 0 to 1; 0 below one half."""
    if gold == predicted:  # rapidfuzz gives 0 for two names of nothing but quotation marks
        return 1.0
    mean = (fuzz.token_set_ratio(gold, predicted) + fuzz.token_sort_ratio(gold, predicted)) / 200
    return mean if mean >= _NAME_FLOOR else 0.0


class _Number(NamedTuple):
    """A quantity for comparison: its ends, and the currency or unit they are in."""

    value: float
    upper: float | None
    unit: str | None


def _number(value: Money | Count | Change | None) -> _Number | None:
    if value is None:
        return None
    upper = None if value.upper is None else float(value.upper)
    unit = None
    if isinstance(value, Money):
        unit = value.currency
    elif isinstance(value, Change):
        unit = value.unit
    return _Number(float(value.value), upper, unit)


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or abs(a - b) <= _TOLERANCE * max(abs(a), abs(b))


def _number_score(gold: _Number, predicted: _Number) -> float:
    same = (
        gold.unit == predicted.unit
        and _close(gold.value, predicted.value)
        and _close(gold.upper, predicted.upper)
    )
    return float(same)


def _equal_score(gold: Any, predicted: Any) -> float:
    return float(gold == predicted)


def _period_score(gold: tuple[Any, Any], predicted: tuple[Any, Any]) -> float:
    return (float(gold[0] == predicted[0]) + float(gold[1] == predicted[1])) / 2


class _Place(NamedTuple):
    """A region for comparison: all of it, and it without its level word."""

    full: str
    name: str
    level: str | None


@lru_cache(maxsize=16_384)
def _place(text: str) -> _Place:
    full = fold(text)
    for pattern in (_LEVEL_BEFORE, _LEVEL_BEHIND, _LEVEL_CHINESE):
        if match := pattern.fullmatch(full):
            return _Place(full, match["name"], match["level"])
    return _Place(full, full, None)


def _region_score(gold: _Place, predicted: _Place) -> float:
    if gold.full == predicted.full:
        return 1.0
    one_level = gold.level is None or predicted.level is None or gold.level == predicted.level
    return float(one_level and gold.name == predicted.name)


@lru_cache(maxsize=16_384)
def _digits(text: str) -> str:
    found = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdecimal())
    return found or " ".join(numerals(text)) or fold(text)


def overlap_score(gold: tuple[int, int], predicted: tuple[int, int]) -> float:
    """Intersection over union of two spans; 1 for equal ones, empty ones included."""
    if gold == predicted:
        return 1.0
    shared = min(gold[1], predicted[1]) - max(gold[0], predicted[0])
    if shared <= 0:
        return 0.0
    return shared / (gold[1] - gold[0] + predicted[1] - predicted[0] - shared)


def _or_null(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to compare one kind of field.

    Attributes:
        read: a field's value in comparable form, null stays null; None: as it is.
        score: how alike two comparable values that differ are, from 0 to 1; equal ones are 1.
        passes: the least score that passes; None: not judged.
    """

    read: Callable[[Any], Any] | None
    score: Callable[[Any, Any], float]
    passes: float | None


NAME = Kind(_or_null(fold), name_score, CLOSE)
NUMBER = Kind(_number, _number_score, 1.0)
EQUAL = Kind(None, _equal_score, 1.0)
PERIOD = Kind(_or_null(attrgetter("start", "end")), _period_score, 1.0)
REGION = Kind(_or_null(_place), _region_score, 1.0)
DIGITS = Kind(_or_null(_digits), _equal_score, 1.0)
OVERLAP = Kind(_or_null(attrgetter("start", "end")), overlap_score, None)
