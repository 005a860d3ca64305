"""The divisions that an article names: they settle spellings that several divisions share."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick

from extractor.records.gazetteer import (
    Spelling,
    divisions,
    flagged,
    fold,
    index,
    prefecture,
    province,
    spellings,
    tier,
)

WORD = re.compile(r"[0-9a-z\u3400-\u9fff]+")
# "Hainan Tibetan Autonomous Prefecture" is not the province of Hainan.
AUTONOMOUS = re.compile(r"(?: [a-z]+){1,4}? autonomous (?:county|prefecture|banner)")


class _Naming(NamedTuple):
    """What a spelling says: its province and prefecture, and the provinces of lesser namesakes."""

    stem: str
    full: bool
    province: str
    prefecture: str | None
    namesakes: frozenset[str]


def _naming(spelling: Spelling, codes: list[str]) -> _Naming | None:
    """Return what a spelling of some divisions says, or None if it is not certain enough.

    Certain are full names of one province's divisions, and bare names of provinces, prefectures
    and (in Latin script) county-level cities without a namesake.
    """
    highest = min(map(tier, codes))
    if not spelling.full and highest == 3 and not _is_city_alone(spelling, codes):
        return None
    meant = codes if spelling.full else [code for code in codes if tier(code) == highest]
    provinces = set(map(province, meant))
    if len(provinces) > 1:
        return None
    prefectures = set(map(prefecture, meant))
    return _Naming(
        spelling.stem,
        spelling.full,
        provinces.pop(),
        prefectures.pop() if len(prefectures) == 1 else None,
        frozenset() if highest == 1 else frozenset(map(province, codes)) - {province(meant[0])},
    )


def _is_city_alone(spelling: Spelling, codes: list[str]) -> bool:
    is_city = divisions()[spelling.code].name.endswith("市")
    return is_city and len(codes) == 1 and spelling.words.isascii()


def _certain() -> Iterator[tuple[str, _Naming]]:
    """The spellings that say where they are, and what they say."""
    left_out = flagged("common_word") | flagged("generic")
    full, bare, _ = index()
    for spelling in spellings():
        words = spelling.words
        options = (full if spelling.full else bare)[words.replace(" ", "")]
        naming = _naming(spelling, [option.code for option in options])
        if naming and words not in left_out:
            yield words, naming


@cache
def _automaton() -> ahocorasick.Automaton:
    """The spellings in Chinese, which stand anywhere."""
    automaton = ahocorasick.Automaton()
    for words, naming in _certain():
        if not words.isascii():
            automaton.add_word(words, naming)
    automaton.make_automaton()
    return automaton


@cache
def _by_first_word() -> dict[str, list[tuple[list[str], _Naming]]]:
    """The spellings in Latin script by their first word, the longest first: they are whole words.

    An automaton over so many names would cost more than all other work on the text.
    """
    found: dict[str, dict[str, _Naming]] = {}
    for words, naming in _certain():
        if words.isascii():
            found.setdefault(words.split()[0], {})[words] = naming
    return {
        first: sorted(((w.split(), n) for w, n in some.items()), key=lambda item: -len(item[0]))
        for first, some in found.items()
    }


def _named(text: str) -> Iterator[tuple[_Naming, bool]]:
    """What a folded text names, and whether "… autonomous prefecture" follows the name."""
    tokens = WORD.findall(text)
    table = _by_first_word()
    following = 0
    for position in [at for at, token in enumerate(tokens) if token in table]:
        if position < following:
            continue  # a word of the name before
        for spelling, naming in table[tokens[position]]:
            end = position + len(spelling)
            if tokens[position:end] == spelling:
                behind = " " + " ".join(tokens[end : end + _AUTONOMOUS_REACH])
                yield naming, AUTONOMOUS.match(behind) is not None
                following = end
                break
    words = " ".join(tokens)
    if not words.isascii():
        for _, naming in _automaton().iter_long(words):
            yield naming, False


_AUTONOMOUS_REACH = 6  # words


def context_divisions(text: str) -> frozenset[str]:
    """Return the codes of the provinces and prefectures that a text names, in linear time.

    Either is named by itself or by a division in it. A bare name says nothing if the text has it
    with a level word too ("Guiyang County … Guiyang"), or if the text otherwise names the province
    of a namesake.

    Args:
        text: An article's text, in English or Chinese.
    """
    full: set[_Naming] = set()
    bare: set[_Naming] = set()
    for naming, is_autonomous in _named(fold(text)):
        if naming.full:
            full.add(naming)
        elif not is_autonomous:
            bare.add(naming)
    stems = {naming.stem for naming in full}
    left = [naming for naming in bare if naming.stem not in stems]
    certain = {naming.province for naming in (*full, *left) if not naming.namesakes}
    kept = (*full, *(naming for naming in left if not naming.namesakes & certain))
    codes = {code for naming in kept for code in (naming.province, naming.prefecture) if code}
    return frozenset(codes)


def context_provinces(text: str) -> frozenset[str]:
    """Return the codes of the provinces alone that `context_divisions` finds in a text."""
    return frozenset(code for code in context_divisions(text) if tier(code) == 1)
