"""From text to its *shape*: one character for each word that matters, with offsets.

The grammars of quantities and periods are regular expressions over shapes. A shape is much
shorter than its text, since words without a meaning here collapse into one character, and
it is built in one pass, so that everything downstream is linear in the text.

Beside the kinds of `extractor.values.lexicon` a shape has ``1`` (a number of one or two
digits), ``4`` (four digits that may be a year), ``9`` (any other number), ``h`` (a Chinese
numeral), ``K`` (Chinese scales after a number), ``_`` (white space), ``¶`` (a blank
line), ``x`` and ``z`` (other text, Latin and Chinese).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from extractor.values.lexicon import LEXICON, Payload

HAN_NUMERALS = "零〇一二两三四五六七八九十百千万亿兆"


def _folding() -> dict[int, str]:
    """Character to character, so that offsets stay: widths, dashes, spaces, old numerals."""
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000), " ")
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
    table |= dict.fromkeys(map(ord, "～〜∼"), "~")
    table |= {ord("￥"): "¥", ord("％"): "%", ord("İ"): "i", ord("﹪"): "%", ord("＄"): "$"}
    table |= dict(zip(map(ord, "億萬兩壹贰貳叁肆伍陆陸柒捌玖拾佰仟"),
                      "亿万两一二二三四五六六七八九十百千", strict=True))  # fmt: skip
    return table


_FOLDING = _folding()


def fold(text: str) -> str:
    """`text` in one spelling, lower case; every offset stays what it was."""
    return text.translate(_FOLDING).lower()


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, longest first, grouped by first character."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"{re.escape(first)}(?:{'|'.join(_spelled(rest) for rest in rests)})"
        for first, rests in groups.items()
    )


def _spelled(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s{1,3}")


_LATIN = [word for word in LEXICON if "a" <= word[-1] <= "z"]
_OTHER = [word for word in LEXICON if not "a" <= word[-1] <= "z"]
_TOKEN = re.compile(
    rf"""
    (?P<number>
        \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?
      | \d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)(?:\.\d+)?
      | \d{{1,3}}(?:[\u00a0\u2009\u202f']\d{{3}})+(?!\d)(?:\.\d+)?
      | \d+(?:\.\d+)?
    )
  | (?P<word>(?:(?<![a-z])(?:{alternatives(_LATIN)})(?![a-z]))|{alternatives(_OTHER)})
  | (?P<scale>(?<=[\d余多来])\s?[十百千万亿兆]+)
  | (?P<han>[{HAN_NUMERALS}]+(?:点[{HAN_NUMERALS}]+)?)
    """,
    re.VERBOSE,
)


class Shape(NamedTuple):
    """A text in kinds: `kinds[i]` stands for ``text[starts[i]:ends[i]]``."""

    text: str
    folded: str
    kinds: str
    starts: list[int]
    ends: list[int]

    def piece(self, first: int, last: int) -> str:
        """The folded text of the kinds from `first` up to, not including, `last`."""
        return self.folded[self.starts[first] : self.ends[last - 1]] if first < last else ""


def payload(word: str) -> Payload:
    """What the lexicon says of a folded word."""
    return LEXICON[" ".join(word.split())][1]


def _number_kind(number: str) -> str:
    if len(number) <= 2:
        return "1"
    return "4" if len(number) == 4 and number[:2] in ("18", "19", "20", "21") else "9"


def _kind(match: re.Match[str], text: str) -> str:
    found = match.group()
    if match.lastgroup == "word":
        if found in ("may", "march", "mar") and text[match.start()].islower() and len(text) > 40:
            return "x"
        return LEXICON[" ".join(found.split())][0]
    if match.lastgroup == "number":
        return _number_kind(found)
    return "K" if match.lastgroup == "scale" else "h"


def shape(text: str) -> Shape:
    """Read `text` once."""
    folded = fold(text)
    kinds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in _TOKEN.finditer(folded):
        start = match.start()
        if last < start:
            _gap(folded, last, start, (kinds, starts, ends))
        kinds.append(_kind(match, text))
        starts.append(start)
        last = match.end()
        ends.append(last)
    if last < len(folded):
        _gap(folded, last, len(folded), (kinds, starts, ends))
    return Shape(text, folded, "".join(kinds), starts, ends)


def _gap(
    folded: str, start: int, end: int, into: tuple[list[str], list[int], list[int]]
) -> None:
    """Append the kinds of unknown text: white space and at most two marks for its ends."""
    gap = folded[start:end]
    body = gap.strip()
    if not body:
        marks = [("¶" if gap.count("\n") > 1 else "_", start, end)]
    else:
        head = start + len(gap) - len(gap.lstrip())
        tail = head + len(body)
        marks = [("_", start, head)] if head > start else []
        marks.append((_script(body[0]), head, tail))
        if _script(body[0]) != _script(body[-1]):
            marks.append((_script(body[-1]), tail, tail))
        if tail < end:
            marks.append(("_", tail, end))
    for kind, first, last in marks:
        into[0].append(kind)
        into[1].append(first)
        into[2].append(last)


def _script(character: str) -> str:
    return "z" if "⺀" <= character <= "鿿" or character in "，。；：！？）（“”" else "x"
