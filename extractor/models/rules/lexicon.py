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
from itertools import pairwise
from string import ascii_lowercase, digits
from typing import NamedTuple

import ahocorasick

LEXICONS = (
    "basis",
    "boilerplate",
    "designations",
    "directions",
    "enterprise_nouns",
    "fund_kinds",
    "fund_verbs",
    "indicator_heads",
    "level_verbs",
    "levels",
    "measures",
    "not_enterprise",
    "not_fund",
    "not_growth",
    "place_words",
    "planned",
    "policy_nouns",
    "policy_verbs",
)
SHIELD = "-"

_WORD_CHARS = frozenset(ascii_lowercase + digits)
_STRAIGHT = {"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "}


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
    for lexicon in LEXICONS:
        yield from _rows(lexicon)


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of a list in ``word_lists.tsv``, in lower case."""
    return frozenset(row.term for row in _rows("word_lists") if row.value == name)


def _rows(table: str) -> Iterator[Entry]:
    path = files("extractor.models.rules") / "data" / f"{table}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line and not line.startswith("#")]
    for line in body[1:]:
        lang, term, value = line.split("\t")
        yield Entry(table, lang, term, value)


@cache
def _automaton() -> ahocorasick.Automaton:
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        by_key[entry.term.removesuffix("*").lower()].append(entry)
    automaton = ahocorasick.Automaton()
    for key, found in by_key.items():
        whole = tuple((e.lexicon, e.value) for e in found if not e.term.endswith("*"))
        stems = tuple((e.lexicon, e.value) for e in found if e.term.endswith("*"))
        automaton.add_word(key, (len(key), whole, stems))
    automaton.make_automaton()
    return automaton


def lowered(text: str) -> str:
    """`text` in lower case, with straight quotation marks and one spelling; offsets unchanged."""
    lower = text.lower()
    if len(lower) != len(text):  # some capitals have two characters in lower case
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for mark, straight in _STRAIGHT.items():
        lower = lower.replace(mark, straight)  # str.translate would look up every character
    return lower.replace("specialis", "specializ")


class Cues:
    """The cues of one text, by lexicon."""

    def __init__(self, text: str) -> None:
        """Find every term in `text`."""
        found: dict[str, list[Cue]] = defaultdict(list)
        lower = lowered(text)
        for last, (length, whole, stems) in _automaton().iter(lower):
            start, end = last + 1 - length, last + 1
            if not _begins_word(lower, start):
                continue
            if whole and _ends_word(lower, end):
                for lexicon, value in whole:
                    found[lexicon].append(Cue(start, end, value))
            if stems:
                end = _word_end(lower, end)
                for lexicon, value in stems:
                    found[lexicon].append(Cue(start, end, value))
        self._by_lexicon = {name: _longest(cues) for name, cues in found.items()}
        self._starts = {name: [c.start for c in cues] for name, cues in self._by_lexicon.items()}

    def within(self, lexicon: str, start: int, end: int) -> list[Cue]:
        """Cues of `lexicon` that lie in ``text[start:end]``, in order."""
        starts = self._starts.get(lexicon)
        if starts is None or start >= end:
            return []
        first = bisect_left(starts, start)
        last = bisect_left(starts, end, first)
        return [cue for cue in self._by_lexicon[lexicon][first:last] if cue.end <= end]


def _begins_word(text: str, start: int) -> bool:
    return not (start and text[start - 1] in _WORD_CHARS and text[start] in _WORD_CHARS)


def _ends_word(text: str, end: int) -> bool:
    return not (end < len(text) and text[end] in _WORD_CHARS and text[end - 1] in _WORD_CHARS)


def _word_end(text: str, end: int) -> int:
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    return end


def _longest(cues: list[Cue]) -> list[Cue]:
    """Without cues that lie inside a longer one; of two equal ones the shield stays."""
    kept = cues
    if any(before.end > cue.start for before, cue in pairwise(cues)):
        kept = []
        for cue in sorted(cues, key=lambda c: (c.start, -c.end, c.value != SHIELD)):
            if not kept or cue.end > kept[-1].end:
                kept.append(cue)
    return [cue for cue in kept if cue.value != SHIELD]
