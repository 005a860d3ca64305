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

_MAX_FUZZY_QUOTE = 1_000
_MAX_FUZZY_SEGMENTS = 8
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛`´′＇", "'"),
        **dict.fromkeys("‐‑‒–—―−－﹣﹘", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", None),
    }
)
_WORD = re.compile(r"[A-Za-z0-9.,%]")


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
    return _fold(text).text.strip()


class Locator:
    """Locates quotes in one article; what it needs of the text is computed once."""

    def __init__(self, text: str) -> None:
        """Prepare for quotes from `text`."""
        self.text = text

    @cached_property
    def _folded(self) -> _Folded:
        return _fold(self.text)

    @property
    def folded(self) -> str:
        """The whole text as `fold` leaves it, ends included."""
        return self._folded.text

    @cached_property
    def sentences(self) -> list[Span]:
        """The text's sentences."""
        return sentences(self.text)

    def locate(self, quote: str) -> Span | None:
        """Where `quote` stands: its first occurrence, or None. See `locate`."""
        quote = quote.strip()
        if not quote:
            return None
        start = self.text.find(quote)
        if start >= 0:
            return Span(start, start + len(quote))
        return self._locate_folded(quote) or self._locate_fuzzy(quote)

    def _original(self, start: int, end: int) -> Span:
        origins = self._folded.origins
        return Span(origins[start], origins[end - 1] + 1)

    def _locate_folded(self, quote: str) -> Span | None:
        needle = fold(quote)
        start = self.folded.find(needle) if needle else -1
        return self._original(start, start + len(needle)) if start >= 0 else None

    def _locate_fuzzy(self, quote: str) -> Span | None:
        needle = fold(quote)
        if not needle or len(needle) > _MAX_FUZZY_QUOTE:
            return None
        wanted = numerals(needle)
        # A window with other numerals rules itself out, not the text on either side of it.
        segments = [(0, len(self.folded))]
        for _ in range(_MAX_FUZZY_SEGMENTS):
            if not segments:
                return None
            low, high = segments.pop(0)
            window = self._best_window(needle, low, high)
            if window is None:
                continue
            if numerals(self.folded[window.start : window.end]) == wanted:
                return self._original(window.start, window.end)
            segments += [(low, window.start), (window.end, high)]
        return None

    def _best_window(self, needle: str, low: int, high: int) -> Span | None:
        segment = self.folded[low:high]
        if len(segment) < len(needle) * FUZZY_CUTOFF / 100:
            return None
        found = fuzz.partial_ratio_alignment(needle, segment, score_cutoff=FUZZY_CUTOFF)
        if found is None:
            return None
        start, end = found.dest_start, found.dest_end
        # Never cut a word or a number: its other half may be what changed.
        while start > 0 and _WORD.match(segment[start]) and _WORD.match(segment[start - 1]):
            start -= 1
        while end < len(segment) and _WORD.match(segment[end - 1]) and _WORD.match(segment[end]):
            end += 1
        while start < end and segment[start] == " ":
            start += 1
        while end > start and segment[end - 1] == " ":
            end -= 1
        if start == end or fuzz.ratio(needle, segment[start:end]) < FUZZY_CUTOFF:
            return None
        return Span(low + start, low + end)


def locate(quote: str, text: str) -> Span | None:
    """Find the place of `quote` in `text`.

    Tried in this order: the exact string; the same after folding white space, quotation
    marks, dashes, full-width forms and case; the best fuzzy window with a similarity of at
    least 0.9 and the same digits, number words and month names.

    Returns:
        The first such place, in code points of `text`, or None.
    """
    return Locator(text).locate(quote)
