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


class _Term(NamedTuple):
    """What the automaton knows of a spelling.

    `opens` and `closes` say whether it begins and ends like a word: then no letter may touch it.
    `whole` and `stems` are the lexicons that have it as a word and as a beginning, with its value.
    """

    length: int
    opens: bool
    closes: bool
    whole: tuple[tuple[str, str], ...]
    stems: tuple[tuple[str, str], ...]


class _Automata(NamedTuple):
    """The spellings in Latin script, and those in Chinese.

    A step of an automaton looks through the characters that may follow: a thousand Chinese ones
    would cost an English text half of its time.
    """

    latin: ahocorasick.Automaton
    chinese: ahocorasick.Automaton


@cache
def _automata() -> _Automata:
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries():
        by_key[entry.term.removesuffix("*").lower()].append(entry)
    automata = _Automata(ahocorasick.Automaton(), ahocorasick.Automaton())
    for key, found in by_key.items():
        whole = tuple((e.lexicon, e.value) for e in found if not e.term.endswith("*"))
        stems = tuple((e.lexicon, e.value) for e in found if e.term.endswith("*"))
        opens, closes = key[0] in _WORD_CHARS, key[-1] in _WORD_CHARS
        automaton = automata.latin if key.isascii() else automata.chinese
        automaton.add_word(key, _Term(len(key), opens, closes, whole, stems))
    for automaton in automata:
        automaton.make_automaton()
    return automata


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
        self._found: dict[str, list[Cue]] = defaultdict(list)
        self._kept: dict[str, tuple[list[Cue], list[int]]] = {}
        # The space stands behind the last character, and before the first one, at -1.
        lower = lowered(text) + " "
        automata = _automata()
        self._find(lower, automata.latin)
        if not lower.isascii():
            self._find(lower, automata.chinese)

    def _find(self, lower: str, automaton: ahocorasick.Automaton) -> None:
        found = self._found
        for last, (length, opens, closes, whole, stems) in automaton.iter(lower):
            end = last + 1
            start = end - length
            if opens and lower[start - 1] in _WORD_CHARS:
                continue
            if whole and not (closes and lower[end] in _WORD_CHARS):
                for lexicon, value in whole:
                    found[lexicon].append(Cue(start, end, value))
            if stems:
                end = _word_end(lower, end)
                for lexicon, value in stems:
                    found[lexicon].append(Cue(start, end, value))

    def within(self, lexicon: str, start: int, end: int) -> list[Cue]:
        """Cues of `lexicon` that lie in ``text[start:end]``, in order."""
        cues, starts = self._kept.get(lexicon) or self._keep(lexicon)
        first = bisect_left(starts, start)
        if first == len(starts) or starts[first] >= end:
            return []
        last = bisect_left(starts, end, first)
        return [cue for cue in cues[first:last] if cue.end <= end]

    def _keep(self, lexicon: str) -> tuple[list[Cue], list[int]]:
        """The cues of a lexicon and where they begin; made when it is asked for."""
        cues = _longest(self._found[lexicon])
        self._kept[lexicon] = cues, [cue.start for cue in cues]
        return self._kept[lexicon]


def _word_end(text: str, end: int) -> int:
    """Where the Latin letters end that go on behind an offset; `text` ends with a space."""
    while text[end].isascii() and text[end].isalpha():
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
