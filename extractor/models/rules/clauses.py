"""The clauses of a sentence."""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.lexicon import Cues
from extractor.models.rules.quotes import Quotes

# A comma inside a number or between two ("1,206", "9, 74 and 402") ends no clause.
_CLAUSE_END = re.compile(r"[,，;；|](?:(?<=[;；|])|(?<![\d%].)|(?!\s*\d))")
_TITLE_REACH = 40  # characters on either side of a comma


def clauses_of(text: str, cues: Cues, quotes: Quotes, span: Span) -> tuple[Span, ...]:
    """A sentence cut at its commas and semicolons, but not at those of names and titles."""
    found: list[Span] = []
    start = span.start
    low, high = max(0, span.start - _TITLE_REACH), span.end + _TITLE_REACH
    has_title = bool(cues.within("designations", low, high))
    for match in _CLAUSE_END.finditer(text, span.start, span.end):
        in_title = has_title and _in_title(cues, match.start())
        if not in_title and not quotes.in_name(*match.span()):
            found.append(Span(start, match.start()))
            start = match.end()
    found.append(Span(start, span.end))
    return tuple(clause for clause in found if clause.end > clause.start)


def _in_title(cues: Cues, at: int) -> bool:
    """Whether a comma is that of an official title: "specialized, special and new"."""
    titles = cues.within("designations", max(0, at - _TITLE_REACH), at + _TITLE_REACH)
    return any(title.start < at < title.end for title in titles)
