"""From text to its *shape*: one character for each word that matters, with offsets.

The grammars of quantities and periods are regular expressions over shapes. A shape is much
shorter than its text, since words without a meaning here collapse into one character, and
it is built in one pass, so that everything downstream is linear in the text.

Beside the kinds of `extractor.values.lexicon` a shape has ``1`` (a number of one or two
digits), ``4`` (four digits that may be a year), ``9`` (any other number), ``0`` (10,000),
``d`` (2023-07-24), ``e`` (1990s), ``r`` (27th), ``h`` (a Chinese numeral), ``K`` (Chinese
scales after a number), ``成`` (tenths), ``_`` (white space), ``¶`` (a blank line), ``x``
and ``z`` (other text, Latin and Chinese).
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from extractor.values.calendar_words import MODEST_MONTHS
from extractor.values.lexicon import LEXICON

_HAN = "零〇一二两三四五六七八九十百千万亿兆"


def _folding() -> dict[int, str]:
    """Character to character, so that offsets stay: widths, dashes, spaces, old numerals."""
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys((0x2002, 0x2003, 0x2007, 0x200A, 0x3000), " ")
    table |= dict.fromkeys(map(ord, "‐‑‒–−－"), "-")
    table |= dict.fromkeys(map(ord, "～〜∼"), "~")
    table |= {
        ord("￥"): "¥",
        ord("İ"): "i",
        ord("﹪"): "%",
        ord("’"): "'",
        ord("‘"): "'",
        ord("―"): "—",
    }
    old = "億萬兩壹贰貳叁肆伍陆陸柒捌玖拾佰仟圓個"
    new = "亿万两一二二三四五六六七八九十百千圆个"
    return table | {ord(before): after for before, after in zip(old, new, strict=True)}


_FOLDING = _folding()


def fold(text: str) -> str:
    """`text` in one spelling, lower case; every offset stays what it was."""
    return text.translate(_FOLDING).lower()


def _alternatives(words: Iterable[str], depth: int = 2) -> str:
    """A regular expression for any of `words`, longest first, as a tree of first characters."""
    ordered = sorted(words, key=len, reverse=True)
    if not depth or len(ordered) < 3:
        return "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in ordered)
    branches: dict[str, list[str]] = {}
    for word in ordered:
        branches.setdefault(word[:1], []).append(word[1:])
    return "|".join(
        rf"{re.escape(first)}(?:{_alternatives(rests, depth - 1)})" if first else ""
        for first, rests in sorted(branches.items(), reverse=True)
    )


_LATIN = [word for word in LEXICON if "a" <= word[0] <= "z"]
_OTHER = [word for word in LEXICON if not "a" <= word[0] <= "z"]
# Each branch first looks at one character: most places of a text fail on it alone.
# 至今 is "until now", but not in 去年至今年.
_TOKEN = re.compile(
    rf"""
    (?P<number>(?=\d)(?:
        \d{{1,3}}(?:,\d{{3}}){{1,8}}(?!\d)(?:\.\d+)?
      | \d{{1,2}}(?:,\d{{2}}){{1,6}},\d{{3}}(?!\d)(?:\.\d+)?
      | \d{{1,3}}(?:['\u00a0\u2009\u202f]\d{{3}}){{1,8}}(?!\d)(?:\.\d+)?
      | (?<![\d.,]\s)(?<![\d.,])\d(?=\s)\s\d\.\d{{1,2}}(?=\s?%)
      | (?<![\d.,])\d{{1,3}}(?:\.\s|\s\.)\d{{1,2}}(?=\s?%)
      | (?<![\d.,])\d{{4}}([-/.])\d{{1,2}}\2\d{{1,2}}(?!\d)
      | (?<![\d.,])\d{{1,2}}([-/])\d{{1,2}}\3\d{{4}}(?!\d)
      | \d+(?:\.\d+)?(?:(?:st|[nr]d|th|'?s)(?![a-z]))?
    ))
  | (?P<word>
        (?<![a-z])(?=[a-z])(?:{_alternatives(_LATIN)})(?![a-z])
      | (?=[^a-z0-9\s])(?:至(?=今年)|{_alternatives(_OTHER)})
    )
  | (?P<multiple>[x×](?<=\d.)(?![a-z0-9*]))
  | (?P<scale>(?<=[\d余多来几个])\s?[十百千万亿兆]+)
  | (?P<tenths>成(?<=[一二两三四五六七八九\d].)(?![立为功果本员长交效都品熟套群绩分]))
  | (?P<han>[{_HAN}]+(?:点[{_HAN}]+)?)
    """,
    re.VERBOSE,
)
_NAMING = frozenset(f"{string.ascii_letters}{string.digits}@_=&#*^")
_GROUP_KINDS = {"multiple": "T", "scale": "K", "tenths": "成", "han": "h"}
# Translations set no space behind a full stop: "is weak.Fifteen firms", "the rules.217 new".
_ENDS_SENTENCE = re.compile(r"(?:[a-z]{4}|.{3}[%)”\"])\.(?=[A-Z]|\d)")
_DATE = re.compile(r"\d+([-/.])\d+\1\d+")
_AFTER_LARGE = re.compile("[S94K]_?$")


class Shape(NamedTuple):
    """A text in kinds: ``kinds[i]`` stands for ``text[starts[i]:ends[i]]``.

    Attributes:
        folded: the text in one spelling, of the same length.
    """

    text: str
    folded: str
    kinds: str
    starts: list[int]
    ends: list[int]

    def pieces(self, match: re.Match[str]) -> dict[str, str]:
        """The folded text under each named group that took part in a match on `kinds`."""
        return {
            name: self.folded[self.starts[match.start(name)] : self.ends[match.end(name) - 1]]
            for name, kinds in match.groupdict().items()
            if kinds
        }


def shape(text: str, *, running: bool = True) -> Shape:
    """Read `text` once.

    Args:
        text: any string.
        running: whether words such as "may" mean a month only with a capital letter.
    """
    folded = fold(text)
    kinds: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        if start - last == 1 and folded[last] == " ":
            kinds.append("_")
            starts.append(last)
            ends.append(start)
        elif last < start:
            _gap(folded, last, start, (kinds, starts, ends))
        group = match.lastgroup
        if group == "word":
            kind = _word_in_text(match.group(), text, start, kinds, running)
        elif group == "number":
            kind = _number_kind(match.group())
        else:
            kind = _GROUP_KINDS[str(group)]
        kinds.append(kind)
        starts.append(start)
        ends.append(end)
        last = end
    if last < len(folded):
        _gap(folded, last, len(folded), (kinds, starts, ends))
    return Shape(text, folded, "".join(kinds), starts, ends)


def _word_in_text(word: str, text: str, start: int, kinds: list[str], running: bool) -> str:
    """The kind of a word where it stands, behind what `kinds` has."""
    # "5 won prizes": money is counted in won by the thousand.
    if word == "won" and running and not _AFTER_LARGE.search("".join(kinds[-2:])):
        return "x"
    if word == "." and _ENDS_SENTENCE.match(text, max(0, start - 4)):
        return "z"
    return _word_kind(word, text[start], running)


def _word_kind(word: str, initial: str, running: bool) -> str:
    kind = (LEXICON.get(word) or LEXICON[" ".join(word.split())])[0]
    if not running or kind not in "Mb" or not initial.islower():
        return kind
    is_code = kind == "b" and len(word) == 3 and word != "rmb" and word.isascii()
    return "x" if is_code or word in MODEST_MONTHS else kind


def _number_kind(number: str) -> str:
    if number.isdigit():
        if len(number) < 3:
            return "1"
        return "4" if len(number) == 4 and "1800" <= number < "2100" else "9"
    if number[-1] in "stdh":
        return "e" if number[-1] == "s" else "r"
    if number == "10,000":
        return "0"
    return "d" if _DATE.fullmatch(number) else "9"


def _gap(folded: str, start: int, end: int, into: tuple[list[str], list[int], list[int]]) -> None:
    """Append the kinds of unknown text: white space, and at most two marks for its ends."""
    kinds, starts, ends = into
    gap = folded[start:end]
    body = gap.strip()
    if not body:
        is_blank_line = "\n\n" in gap or gap.count("\n") > 1
        kinds.append("¶" if is_blank_line else "_")
        starts.append(start)
        ends.append(end)
        return
    head = end - len(gap.lstrip())
    tail = head + len(body)
    first, last = _script(body[0]), _script(body[-1])
    if head > start:
        kinds.append("_")
        starts.append(start)
        ends.append(head)
    kinds.append(first)
    starts.append(head)
    ends.append(tail)
    if first != last:
        kinds.append(last)
        starts.append(tail)
        ends.append(tail)
    if tail < end:
        kinds.append("_")
        starts.append(tail)
        ends.append(end)


def _script(character: str) -> str:
    """``x`` for letters and marks that make a name of a number glued to them, else ``z``."""
    return "x" if character in _NAMING else "z"
