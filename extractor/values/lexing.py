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
from functools import cache
from typing import NamedTuple

from extractor.values.calendar_words import MODEST_MONTHS
from extractor.values.lexicon import LEXICON

_HAN = "零〇一二两三四五六七八九十百千万亿兆"


def _folding() -> dict[str, str]:
    """Character to character, so that offsets stay: widths, dashes, spaces, old numerals."""
    table = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys("\u2002\u2003\u2007\u200a\u3000", " ")
    table |= dict.fromkeys("‐‑‒–−－", "-")
    table |= dict.fromkeys("～〜∼", "~")
    table |= {"￥": "¥", "İ": "i", "﹪": "%", "’": "'", "‘": "'", "―": "—"}
    old = "億萬兩壹贰貳叁肆伍陆陸柒捌玖拾佰仟圓個"
    new = "亿万两一二二三四五六六七八九十百千圆个"
    return table | dict(zip(old, new, strict=True))


_FOLDING = _folding()
_TO_FOLD = re.compile(f"[{re.escape(''.join(_FOLDING))}]")


def fold(text: str) -> str:
    """`text` in one spelling, lower case; every offset stays what it was."""
    # str.translate would look up every character: only the few that change are touched.
    if not text.isascii():
        text = _TO_FOLD.sub(lambda match: _FOLDING[match.group()], text)
    return text.lower()


def _alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of `words`, the longest first, as a tree of characters."""
    branches: dict[str, list[str]] = {}
    for word in words:
        branches.setdefault(word[:1], []).append(word[1:])
    return "|".join(
        (r"\s{1,3}" if first == " " else re.escape(first))
        + ("" if rests == [""] else f"(?:{_alternatives(rests)})" if first else "")
        for first, rests in sorted(branches.items(), reverse=True)
    )


def _by_beginning() -> dict[str, list[str]]:
    """The words of the lexicon by the piece of a text that each begins with."""
    found: dict[str, list[str]] = {}
    for word in LEXICON:
        if not word[0].isdigit():
            piece = _LATIN_BEGINNING.match(word)
            found.setdefault(piece.group() if piece else word[0], []).append(word)
    return found


_LATIN_BEGINNING = re.compile("[a-z]+")
_BY_BEGINNING = _by_beginning()
# These mean something else in another place: a month in small letters is an ordinary word.
_BY_PLACE = frozenset(("won", ".", *(word for word, (kind, _) in LEXICON.items() if kind in "Mb")))
# Most pieces are settled by one look-up: they begin no longer word, or none at all.
_KINDS = {
    piece: LEXICON[piece][0]
    for piece, words in _BY_BEGINNING.items()
    if words == [piece] and piece not in _BY_PLACE
}
_LONGER = {piece: words for piece, words in _BY_BEGINNING.items() if piece not in _KINDS}
_BEGINNINGS = "".join(sorted(piece for piece in _BY_BEGINNING if not "a" <= piece[0] <= "z"))
# What may be a token, or begin one. Each branch first looks at one character: most places of a
# text fail on it alone.
_PIECE = re.compile(
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
  | (?P<multiple>[x×](?<=\d.)(?![a-z0-9*]))
  | [a-z]+
  | (?P<scale>\s(?<=[\d余多来几个]\s)[十百千万亿兆]+)
  | [{re.escape(_BEGINNINGS)}{_HAN}成]
    """,
    re.VERBOSE,
)
# What a Chinese character may be that begins no word.
_HAN_NUMERAL = re.compile(
    rf"""
    (?P<scale>(?<=[\d余多来几个])[十百千万亿兆]+)
  | (?P<tenths>成(?<=[一二两三四五六七八九\d].)(?![立为功果本员长交效都品熟套群绩分]))
  | (?P<han>[{_HAN}]+(?:点[{_HAN}]+)?)
    """,
    re.VERBOSE,
)


@cache
def _longest(piece: str) -> re.Pattern[str]:
    """The longest word that begins with a piece; made when a text first has that piece."""
    words = _alternatives(_LONGER[piece])
    if "a" <= piece[0] <= "z":
        return re.compile(f"(?:{words})(?![a-z])")
    # 至今 is "until now", but not in 去年至今年.
    return re.compile(f"至(?=今年)|{words}" if piece == "至" else words)


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
    pieces = _PIECE.finditer(folded)
    while match := next(pieces, None):
        token = match
        piece = match.group()
        kind = _KINDS.get(piece)
        if kind is None and not match.lastgroup:
            start = match.start()
            longer = _longest(piece).match(folded, start) if piece in _LONGER else None
            if longer is None and not piece.isascii():
                longer = _HAN_NUMERAL.match(folded, start)
            if longer is None:
                continue  # a part of the gap before the next token
            if longer.end() != match.end():
                pieces = _PIECE.finditer(folded, longer.end())
            token = longer
        start, end = token.span()
        if folded[last:start] == " ":
            kinds.append("_")
            starts.append(last)
            ends.append(start)
        else:
            _gap(folded, last, start, (kinds, starts, ends))
        kinds.append(kind or _kind(token, text, kinds, running))
        starts.append(start)
        ends.append(end)
        last = end
    _gap(folded, last, len(folded), (kinds, starts, ends))
    return Shape(text, folded, "".join(kinds), starts, ends)


def _kind(token: re.Match[str], text: str, kinds: list[str], running: bool) -> str:
    """The kind of a token where it stands, behind what `kinds` has."""
    group, word = token.lastgroup, token.group()
    if group:
        return _number_kind(word) if group == "number" else _GROUP_KINDS[group]
    # "5 won prizes": money is counted in won by the thousand.
    if word == "won" and running and not _AFTER_LARGE.search("".join(kinds[-2:])):
        return "x"
    if word == "." and _ENDS_SENTENCE.match(text, max(0, token.start() - 4)):
        return "z"
    return _word_kind(word, text[token.start()], running)


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
    if start == end:
        return
    kinds, starts, ends = into
    gap = folded[start:end]
    body = gap.lstrip()
    if not body:
        is_blank_line = "\n\n" in gap or gap.count("\n") > 1
        kinds.append("¶" if is_blank_line else "_")
        starts.append(start)
        ends.append(end)
        return
    head = end - len(body)
    body = body.rstrip()
    tail = head + len(body)
    if head > start:
        kinds.append("_")
        starts.append(start)
        ends.append(head)
    # Letters and marks of an identifier make a name of a number that is glued to them.
    first = "x" if body[0] in _NAMING else "z"
    last = "x" if body[-1] in _NAMING else "z"
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
