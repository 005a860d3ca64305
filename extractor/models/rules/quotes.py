"""Stretches in quotation marks: names, and speech."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from extractor.grounding import Span

# One class of characters comes first, so that `re` runs from one of them to the next.
_QUOTED = re.compile(
    r"""
    ['“"「《‘]
    (?: (?<=')(?<![\w’']')(?=[a-zA-Z])[^'\n]{8,100}(?<=\w)'(?!\w)
      | (?<=[“"「])[^“”"「」\n]{2,200}[”"」]
      | (?<=《)[^《》\n]{2,120}》
      | (?<=‘)(?=\w)[^‘’\n]{4,120}’(?!\w)
    )
    """,
    re.VERBOSE,
)
_LONGEST_NAME = 120  # characters between quotation marks; what is longer is speech
_MOST_WORDS = 16
_SPEECH_ENDS = ",.!?，。！？"  # before a closing quotation mark


class Quotes:
    """The stretches of a text in quotation marks and in book-title marks, in order."""

    def __init__(self, text: str) -> None:
        """Find every quotation of `text`."""
        self._text = text
        self._spans = [Span(*match.span()) for match in _QUOTED.finditer(text)]
        self._starts = [span.start for span in self._spans]

    def __iter__(self) -> Iterator[Span]:
        """Every quotation."""
        return iter(self._spans)

    def at(self, start: int, end: int) -> Span | None:
        """The quotation that holds ``text[start:end]``, if there is one."""
        before = bisect_left(self._starts, start) - 1
        if before < 0:
            return None
        quote = self._spans[before]
        return quote if end < quote.end else None

    def within(self, span: Span) -> list[Span]:
        """The quotations that begin in a stretch."""
        first = bisect_left(self._starts, span.start)
        return self._spans[first : bisect_left(self._starts, span.end, first)]

    def in_name(self, start: int, end: int) -> bool:
        """Whether a stretch lies inside a quoted name; quoted speech states facts."""
        quote = self.at(start, end)
        if quote is None or quote.end - quote.start >= _LONGEST_NAME:
            return False
        if self._text[quote.end - 2] in _SPEECH_ENDS:
            return False
        return len(self._text[quote.start : quote.end].split()) <= _MOST_WORDS
