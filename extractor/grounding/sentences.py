"""Sentences of real articles, machine-translated ones included.

A full stop ends a sentence when white space and a new start follow it, and also when the
translation lost the space ("rose by 5%.The city …", "reached 100%.310 enterprises …").
It does not inside a number, after an initial or after an abbreviation. A line break ends
one always: headings and list items stand on their own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.grounding.spans import Span

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof no nos co ltd inc corp st vs etc e.g i.e al dept fig approx est gov gen "
    "sen rep jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# One class of characters comes first, so that `re` runs from one of them to the next.
_END = re.compile(
    r"""
    [。！？.!?…\n]
    (?: (?<=[。！？]) [。！？]*[”’」』）】"']*          # Chinese, with what closes after it
      | (?<=\n)
      | (?: (?<=(?<!\.)\.)\.{2,}+ | (?<=(?<!…)…)…*+ | (?<=[.!?]) )
        ["”’»)\]]*+                                   # Latin, with what closes after it
        (?= \s | [A-Z“‘「《\u4e00-\u9fff] | (?<=[%％)”"]\.)\d | $ )
    )
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z.]*$")
_CONTINUES = re.compile(r"\s*[a-z,;，；]")


def sentences(text: str) -> list[Span]:
    """Split `text` into sentences, in order, without the white space between them.

    Every character that is not white space lies in exactly one sentence.
    """
    return list(_split(text))


def is_within(text: str, span: Span, most: int) -> bool:
    """Whether `span` surely touches at most `most` sentences; only its own characters are read.

    False where that cannot be told from them alone.
    """
    if not text[span.start].isalnum():  # it may stand in the middle of a run of marks
        return False
    for match in _END.finditer(text, span.start):
        if match.end() >= span.end:
            break
        most -= 1
    return most > 0


@lru_cache(maxsize=4)  # an article is drafted and then checked
def _split(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if not _is_end(text, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _is_end(text: str, match: re.Match[str]) -> bool:
    mark = match.group()[0]
    if mark in "。！？\n!?":
        return True
    # A dot ends no sentence behind an abbreviation or an initial, nor before lower case.
    if _CONTINUES.match(text, match.end()):
        return False
    before = _WORD_BEFORE.search(text, max(0, match.start() - 12), match.start())
    if before is None:
        return True
    word = before.group()
    glued_initial = len(word) == 1 and word.isupper()
    return not (glued_initial or "." in word or word.lower() in _ABBREVIATIONS)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))
