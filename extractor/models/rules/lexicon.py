"""The lexicons: tables of words, found in a text in one pass.

A table in ``data/`` has a comment head and the columns ``lang``, ``term``, ``value``. A term
matches whole words, in any case; one that ends in ``*`` matches every word that begins so.
Chinese has no word breaks: there a term matches wherever it stands. The longest term wins; one
with the value ``-`` is no cue and only keeps shorter ones from matching inside it ("set up").
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import ahocorasick

LEXICONS = (
    "basis",
    "boilerplate",
    "designations",
    "directions",
    "enterprise_nouns",
    "fund_kinds",
    "indicator_heads",
    "level_verbs",
    "levels",
    "measures",
    "not_enterprise",
    "not_fund",
    "not_growth",
    "planned",
    "policy_nouns",
    "policy_verbs",
)


SHIELD = "-"


class Entry(NamedTuple):
    """A row of a lexicon."""

    lexicon: str
    lang: str
    term: str
    value: str


class Cue(NamedTuple):
    """A word of a lexicon in a text: ``text[start:end]``."""

    start: int
    end: int
    value: str


def entries() -> Iterator[Entry]:
    """Every row of every lexicon."""
    folder = files("extractor.models.rules") / "data"
    for lexicon in LEXICONS:
        rows = (folder / f"{lexicon}.tsv").read_text(encoding="utf-8").splitlines()
        body = [row for row in rows if row and not row.startswith("#")]
        for row in body[1:]:
            lang, term, value = row.split("\t")
            yield Entry(lexicon, lang, term, value)


@cache
def _automaton() -> ahocorasick.Automaton:
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        by_key[entry.term.removesuffix("*").lower()].append(entry)
    automaton = ahocorasick.Automaton()
    for key, found in by_key.items():
        automaton.add_word(key, (len(key), tuple(found)))
    automaton.make_automaton()
    return automaton


def lowered(text: str) -> str:
    """`text` in lower case with straight quotation marks, every offset unchanged."""
    lower = text.lower()
    if len(lower) != len(text):  # some capitals have two characters in lower case
        lower = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return lower.translate(_STRAIGHT)


_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


class Cues:
    """The cues of one text, by lexicon."""

    def __init__(self, text: str) -> None:
        """Find every term in `text`."""
        found: dict[str, list[Cue]] = defaultdict(list)
        lower = lowered(text)
        for last, (length, matches) in _automaton().iter(lower):
            start, end = last + 1 - length, last + 1
            for entry in matches:
                whole = _whole_word(lower, start, end, entry.term)
                if whole:
                    found[entry.lexicon].append(Cue(start, whole, entry.value))
        self._by_lexicon = {name: _longest(cues) for name, cues in found.items()}
        self._starts = {
            name: [cue.start for cue in cues] for name, cues in self._by_lexicon.items()
        }

    def within(self, lexicon: str, start: int, end: int) -> list[Cue]:
        """Cues of `lexicon` that lie in ``text[start:end]``, in order."""
        cues = self._by_lexicon.get(lexicon)
        if cues is None:
            return []
        first = bisect_left(self._starts[lexicon], start)
        result = []
        for cue in cues[first:]:
            if cue.start >= end:
                break
            if cue.end <= end:
                result.append(cue)
        return result


def _whole_word(text: str, start: int, end: int, term: str) -> int:
    """The end of the word that a hit stands for, or 0 if it is only a part of one."""
    if not text[start].isascii():
        return end
    if text[start].isalnum() and start and text[start - 1].isascii() and text[start - 1].isalnum():
        return 0
    if term.endswith("*"):
        while end < len(text) and text[end].isascii() and text[end].isalpha():
            end += 1
        return end
    inside = end < len(text) and text[end].isascii() and text[end].isalnum()
    return 0 if inside and text[end - 1].isalnum() else end


def _longest(cues: list[Cue]) -> list[Cue]:
    """Without cues that lie inside a longer one."""
    kept: list[Cue] = []
    for cue in sorted(cues, key=lambda c: (c.start, -c.end)):
        if not kept or cue.end > kept[-1].end:
            kept.append(cue)
    return [cue for cue in kept if cue.value != SHIELD]
