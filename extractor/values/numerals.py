"""The numbers that a passage states, for telling whether two passages state the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from extractor.values.calendar_words import MONTHS
from extractor.values.quantity_words import SCALES, SMALL_NUMBERS, numbered

# "May" and "second" count even in ordinary use: of two passages that differ in such a word,
# it cannot be told whether they state the same.
_ORDINALS = numbered("first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth") | numbered(
    "thirds|fourths|fifths", 3
)
_OTHER = {
    "hundred": "100", "hundreds": "100", "dozens": "12", "zero": "0", "half": "half",
    "double": "double", "doubled": "double", "doubling": "double", "twice": "double",
    "triple": "triple", "tripled": "triple", "quadrupled": "quadruple", "halved": "halve",
    "halving": "halve", "quarter": "quarter", "quarters": "quarter",
}  # fmt: skip
_WORDS: dict[str, str] = (
    {word: str(value) for word, value in SMALL_NUMBERS.items()}
    | {word: str(value) for word, value in SCALES.items()}
    | {word: f"{value}th" for word, value in _ORDINALS.items()}
    | {name.rstrip("."): f"month {number}" for name, number in MONTHS.items()}
    | _OTHER
)
_NUMERAL = re.compile(
    r"(?P<digits>\d{1,3}(?:[,']\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<scale>(?<=\d)[kmbw](?![a-z]))"
    r"|(?P<word>[a-z]+)"
    r"|(?P<han>[零〇一二两三四五六七八九十百千万亿兆半双倍]+)"
)


@lru_cache(maxsize=256)  # the records of an article have quotes and names in common
def numerals(text: str) -> tuple[str, ...]:
    """The digit runs, number words and month names of a text, in order, in one spelling.

    Digits are NFKC-folded and lose their thousands separators; English words become digits,
    ordinals ``2th``, months ``month 4``; Chinese numerals stay as they are. "A" is left out,
    "one" and "first" are not: "twenty-one" must differ from "twenty".

    Args:
        text: any text.

    Returns:
        Different tuples for two texts that state different numbers, or in another order.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    found: list[str] = []
    for match in _NUMERAL.finditer(folded):
        written = match.group()
        if match.lastgroup == "digits":
            found.append(re.sub("[,']", "", written))
        elif match.lastgroup == "word":
            if written in _WORDS:
                found.append(_WORDS[written])
        else:
            found.append(written)
    return tuple(found)
