"""The numbers that a passage states, for telling whether two passages state the same."""

from __future__ import annotations

import re
import unicodedata

from extractor.values.calendar_words import MONTHS, ORDINALS
from extractor.values.quantity_words import SCALES, TEENS, TENS, UNITS

_WORDS = {**UNITS, **TEENS, **TENS, **SCALES, **ORDINALS, **MONTHS, "hundred": 100, "half": 0,
          "double": 2, "doubled": 2, "tripled": 3, "halved": 0}  # fmt: skip
_NUMERAL = re.compile(
    r"\d+(?:[,'\u2009\u00a0]\d{3})*(?:\.\d+)?"
    rf"|(?<![a-z])(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?![a-z])"
    "|[零〇一二两三四五六七八九十百千万亿兆半]+"
)


def numerals(text: str) -> tuple[str, ...]:
    """Every digit run, number word and month name of `text`, in order, in one spelling."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return tuple(re.sub("[,'\u2009\u00a0]", "", found) for found in _NUMERAL.findall(folded))
