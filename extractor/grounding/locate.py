"""Find where a quote stands: exactly, then folded, then as the best fuzzy window.

A fuzzy window must state the same numerals (digits, number words, month names) as the
quote: a changed number is no match, however similar the rest.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from extractor.grounding.sentences import sentences
from extractor.grounding.spans import Span
from extractor.values import numerals

FUZZY_CUTOFF = 90.0
"""Least similarity of a fuzzy window, in percent of rapidfuzz's normalised Indel ratio."""

_ALIGNED_CUTOFF = 80.0
_MAX_FUZZY_QUOTE = 1_000
_MAX_FUZZY_SEGMENTS = 4
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛`´′＇", "'"),
        **dict.fromkeys("‐‑‒–—―−－﹣﹘", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", None),
    }
)


_TURNING = re.compile(
    r"(?<![\w.])[-−](?=\d)|[%‰$€£¥²³½¼¾]|"
    r"\b(?:not?|never|neither|nor|without|rose|risen|rise|fell|fallen|fall|increase\w*|decrease\w*|"
    r"up|down|higher|lower|above|below|more|less|fewer|gained?|lost|loss|profit|first|second|third|"
    r"fourth|fifth|sixth|seventh|eighth|ninth|\w+teenth|tenth|eleventh|twelfth|\w+tieth|hundredth|"
    r"\w+fold|\w+tupled?|doubled|tripled|halved|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"spring|summer|autumn|winter|yuan|dollars?|euros?|yen|pounds?|rupees?|rubles?|won|dong|"
    r"last|this|next|previous)\b|"
    r"[不未没非无]|[增减升降涨跌高低]|[去今明前]年|[上本下]半?[年月季周]|[春夏秋冬]|美元|日元|欧元|港元|"
    r"[壹贰叁肆伍陆柒捌玖拾佰仟廿卅]"
)

# Chinese characters fold to themselves.
_NOT_ASCII = re.compile(r"[^\x00-\x7f\u4e00-\u9fff]")


class _Folded(NamedTuple):
    """A text for comparison, and the place of each of its characters in the original."""

    text: str
    origins: list[int]


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char.isspace():
        return " "
    return unicodedata.normalize("NFKC", char).translate(_SAME).casefold()


def _fold(text: str) -> _Folded:
    """Fold white space, quotation marks, dashes, full-width forms and case."""
    chars: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        folded = _fold_char(char)
        if folded == " " and chars and chars[-1] == " ":
            continue
        chars.extend(folded)
        origins.extend([offset] * len(folded))
    return _Folded("".join(chars), origins)


def fold(text: str) -> str:
    """`text` without the differences that quoting makes.

    White space is collapsed and stripped; quotation marks, dashes, full-width forms and
    case are made alike.
    """
    return _folded_text(text).strip()


def _folded_text(text: str) -> str:
    """The text of `_fold`, without places: most characters need no look-up."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: _fold_char(match.group()), text)
    collapsed = " ".join(text.split())
    before = " " if text[:1].isspace() and collapsed else ""
    behind = " " if text[-1:].isspace() else ""
    return f"{before}{collapsed}{behind}".replace("`", "'").lower()


class Locator:
    """Locates quotes in one article; what it needs of the text is computed once."""

    def __init__(self, text: str) -> None:
        """Prepare for quotes from `text`."""
        self.text = text

    @cached_property
    def _folded(self) -> _Folded:
        return _fold(self.text)

    @cached_property
    def folded(self) -> str:
        """The whole text as `fold` leaves it, ends included."""
        return _folded_text(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """The text's sentences."""
        return sentences(self.text)

    def locate(self, quote: str) -> Span | None:
        """Where `quote` stands: its first occurrence, or None. See `locate`."""
        quote = quote.strip()
        if not quote:
            return None
        start = _find_whole(quote, self.text)
        if start >= 0:
            return Span(start, start + len(quote))
        return self._locate_folded(quote) or self._locate_fuzzy(quote)

    def _original(self, start: int, end: int) -> Span:
        origins = self._folded.origins
        return Span(origins[start], origins[end - 1] + 1)

    def _locate_folded(self, quote: str) -> Span | None:
        needle = fold(quote)
        start = _find_whole(needle, self.folded) if needle else -1
        return self._original(start, start + len(needle)) if start >= 0 else None

    def _locate_fuzzy(self, quote: str) -> Span | None:
        needle = fold(quote)
        if not needle or len(needle) > _MAX_FUZZY_QUOTE:
            return None
        wanted = _facts(needle)
        # A window with other numerals rules itself out, not the text on either side of it.
        segments = [(0, len(self.folded))]
        for _ in range(_MAX_FUZZY_SEGMENTS):
            if not segments:
                return None
            low, high = segments.pop(0)
            window = self._best_window(needle, low, high)
            if window is None:
                continue
            if _facts(self.folded[window.start : window.end]) == wanted:
                return self._original(window.start, window.end)
            segments += [(low, window.start), (window.end, high)]
        return None

    def _best_window(self, needle: str, low: int, high: int) -> Span | None:
        """The stretch of whole words in ``folded[low:high]`` that is most like `needle`."""
        segment = self.folded[low:high]
        if len(segment) < len(needle) * FUZZY_CUTOFF / 100:
            return None
        # The alignment compares windows of the needle's length; the best one may be longer or
        # shorter, so its ends are only near.
        near = fuzz.partial_ratio_alignment(needle, segment, score_cutoff=_ALIGNED_CUTOFF)
        if near is None:
            return None
        reach = max(3, len(needle) // 8)
        starts = _word_ends(segment, near.dest_start - reach, near.dest_start + reach)
        ends = _word_ends(segment, near.dest_end - reach, near.dest_end + reach)
        score, start, end = max(
            (
                (fuzz.ratio(needle, segment[start:end]), start, end)
                for start in starts
                for end in ends
                if start < end and segment[start] != " " and segment[end - 1] != " "
            ),
            default=(0.0, 0, 0),
        )
        return Span(low + start, low + end) if score >= FUZZY_CUTOFF else None


def _find_whole(needle: str, text: str) -> int:
    """Where `needle` first stands in `text` without cutting a word or a number, or -1."""
    start = text.find(needle)
    while start >= 0 and (splits(text, start) or splits(text, start + len(needle))):
        start = text.find(needle, start + 1)
    return start


def _facts(text: str) -> tuple[tuple[str, ...], list[str]]:
    """What may not differ between a quote and its window, however similar the rest.

    The numerals, and the words that turn a fact round: signs, negations, directions,
    ordinals, weekdays, seasons, relative years, currencies.
    """
    return numerals(text), _TURNING.findall(text)


def _word_ends(text: str, low: int, high: int) -> list[int]:
    """Offsets in `low` to `high` at which no word and no number is cut."""
    return [i for i in range(max(0, low), min(high, len(text)) + 1) if not splits(text, i)]


def splits(text: str, offset: int) -> bool:
    """Whether `offset` lies inside a Latin word or a number, its separators included."""
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if before == " " or after == " ":
        return False  # as nearly always
    if before.isdigit() and after.isdigit():
        return True
    if _is_latin(before) and _is_latin(after):
        return True
    if after in ".,/":
        return before.isdigit() and text[offset + 1 : offset + 2].isdigit()
    return before in ".,/" and after.isdigit() and text[max(0, offset - 2)].isdigit()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def locate(quote: str, text: str) -> Span | None:
    """Find the place of `quote` in `text`.

    Tried in this order: the exact string; the same after folding white space, quotation
    marks, dashes, full-width forms and case; the best fuzzy window with a similarity of at
    least 0.9 and the same digits, number words and month names.

    Returns:
        The first such place, in code points of `text`, or None.
    """
    return Locator(text).locate(quote)


def find_phrase(phrase: str, text: str, span: Span) -> Span | None:
    """Where `phrase` stands in ``text[span]``, never inside a longer number or word."""
    start = text.find(phrase, span.start, span.end)
    while start >= 0:
        found = Span(start, start + len(phrase))
        if not splits(text, found.start) and not splits(text, found.end):
            return found
        start = text.find(phrase, start + 1, span.end)
    months = _VERBS_TOO.findall(phrase)
    for match in _loosely(phrase).finditer(text, span.start, span.end):
        if splits(text, match.start()) or splits(text, match.end()):
            continue
        if _VERBS_TOO.findall(match.group()) == months:
            return Span(*match.span())
    return None


# In lower case these months are verbs: "firms may win" states no period.
_VERBS_TOO = re.compile(r"\b(?:May|March)\b")


@lru_cache(maxsize=4096)
def _loosely(phrase: str) -> re.Pattern[str]:
    """`phrase` in any case and with any white space between its words."""
    words = (re.escape(word) for word in phrase.split())
    return re.compile(r"\s+".join(words) or r"(?!)", re.IGNORECASE)
