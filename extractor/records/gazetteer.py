"""The divisions of China and their spellings, read from the tables in `data`.

A division's tier is 1 (province), 2 (prefecture) or 3 (county), and follows from its code. A
spelling is *full* if it has the level word ("Hebi City", 云梦县) and *bare* if not ("Hebi", 云梦).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

# Level word in Chinese, in English, and the short form that a nationality is left out for.
LEVELS = (
    ("特别行政区", ("special administrative region", "region"), ""),
    ("自治区", ("autonomous region", "region"), ""),
    ("自治州", ("autonomous prefecture", "prefecture"), "州"),
    ("自治县", ("autonomous county", "county"), "县"),
    ("自治旗", ("autonomous banner", "banner"), "旗"),
    ("地区", ("prefecture", "region", "area"), ""),
    ("林区", ("forestry district", "forest district"), ""),
    ("特区", ("special district", "special zone"), ""),
    ("矿区", ("mining district", "mining area"), ""),
    ("新区", ("new area", "new district", "district"), ""),
    ("省", ("province",), ""),
    ("市", ("city", "municipality"), ""),
    ("区", ("district",), ""),
    ("县", ("county",), ""),
    ("盟", ("league",), ""),
    ("旗", ("banner",), ""),
)
LEVEL_WORDS = tuple(word for chinese, english, _ in LEVELS for word in (chinese, *english))
# Tiers that a level word may stand for when it is not the official one.
LEVEL_TIERS = {
    "province": {1}, "省": {1}, "prefecture": {2}, "league": {2}, "州": {2}, "盟": {2},
    "city": {3}, "市": {3}, "county": {3}, "县": {3}, "district": {3}, "区": {3},
    "banner": {3}, "旗": {3},
}  # fmt: skip

# One class of characters comes first, so that `re` runs from one of them to the next.
APOSTROPHE = re.compile(r"[\s'’‘`´ʼ](?:(?<=\s)['’‘`´ʼ]|(?<!\s))\s?(?=[aeoAEO])")
POSSESSIVE = re.compile(r"['’‘`´]s?(?![a-z])", re.IGNORECASE)
UNIT = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]")


class Division(NamedTuple):
    """One division: six-digit code, official name, and the short name in both scripts."""

    code: str
    name: str
    short: str
    english: str

    @property
    def tier(self) -> int:
        """1, 2 or 3: province, prefecture, county."""
        return tier(self.code)


class Spelling(NamedTuple):
    """One way to write a division: folded words, and `stem`, the words without the level word."""

    words: str
    code: str
    match: str
    stem: str
    full: bool


class Index(NamedTuple):
    """Folded spelling to the divisions it may mean: those with a level word, and those without."""

    full: dict[str, list[Spelling]]
    bare: dict[str, list[Spelling]]
    generic: frozenset[str]


def tier(code: str) -> int:
    """Return 1, 2 or 3 for the code of a province, a prefecture or a county."""
    if code[4:] != "00":
        return 3
    return 1 if code[2:4] == "00" else 2


def province(code: str) -> str:
    """Return the code of the province that a division lies in."""
    return code[:2] + "0000"


def prefecture(code: str) -> str | None:
    """Return the code of the prefecture that a division is or lies in; None if there is none."""
    found = code[:4] + "00"
    return found if found in divisions() and found[2:4] != "00" else None


def related(one: str, other: str) -> bool:
    """Tell whether two codes are equal or one division contains the other."""
    shorter = min(tier(one), tier(other)) * 2
    return one[:shorter] == other[:shorter]


def contains(outer: str, inner: str) -> bool:
    """Tell whether the division of the first code is larger and holds that of the second."""
    return tier(outer) < tier(inner) and related(outer, inner)


def fold(text: str) -> str:
    """Return text in lower case without accents, possessives and the apostrophes of pinyin."""
    if text.isascii() and "'" not in text and "`" not in text:
        return text.lower()  # nothing else can change
    text = unicodedata.normalize("NFKC", text).casefold().replace("ü", "u")
    return POSSESSIVE.sub(" ", APOSTROPHE.sub("", text))


def units(text: str) -> list[str]:
    """Split folded text into words, numbers and single Chinese characters."""
    return UNIT.findall(text)


def read_table(name: str) -> Iterator[list[str]]:
    """Yield the fields of each row of a table in `data`, without comments and header."""
    lines = (files("extractor.records") / "data" / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    next(rows)
    yield from rows


@cache
def divisions() -> dict[str, Division]:
    """Return all divisions by code."""
    return {row[0]: Division(*row) for row in read_table("divisions.tsv")}


@cache
def countries() -> frozenset[str]:
    """Return the folded names of the countries other than China, in both languages."""
    names = (name for row in read_table("countries.tsv") for name in row[1:])
    return frozenset("".join(units(fold(name))) for name in names if name)


@cache
def level_of(name: str) -> tuple[str, tuple[str, ...], str]:
    """Return the row of `LEVELS` for the last characters of an official name."""
    return next(level for level in LEVELS if name.endswith(level[0]))


def _latin_spellings(division: Division, latin: str, match: str) -> Iterator[Spelling]:
    """Yield the spellings that follow from a romanised short name; `match` is of the full ones."""
    code, name, short, _ = division
    folded = " ".join(units(fold(latin)))
    stem = folded.replace(" ", "")
    levels = level_of(name[-5:])[1]
    for level in levels:
        yield Spelling(f"{folded} {level}", code, match, stem, True)
    yield Spelling(folded, code, "alias", stem, False)
    if short == name and (one := re.sub("(xian|qu|shi|qi)$", "", folded)):
        yield Spelling(f"{one} {levels[0]}", code, match, stem, True)


def _chinese_spellings(division: Division) -> Iterator[Spelling]:
    """Yield the official name, and the short name with and without a short level word."""
    code, name, short, _ = division
    yield Spelling(name, code, "exact", short, True)
    if short != name:
        yield Spelling(short, code, "alias", short, False)
        if level := level_of(name[-5:])[2]:
            yield Spelling(short + level, code, "alias", short, True)


def _alias_spellings(text: str, code: str, match: str) -> Iterator[Spelling]:
    """Yield the spellings of a row of the aliases, with the level words that it lacks."""
    folded = fold(text)
    has_level = folded.endswith(LEVEL_WORDS)
    if has_level or not folded.isascii() or match == "parent":
        words = " ".join(units(folded)) if folded.isascii() else folded
        yield Spelling(words, code, match, words.replace(" ", ""), has_level)
    else:
        yield from _latin_spellings(divisions()[code], text, match)


@cache
def spellings() -> list[Spelling]:
    """Return every spelling of every division."""
    found: list[Spelling] = []
    for division in divisions().values():
        found.extend(_chinese_spellings(division))
        found.extend(_latin_spellings(division, division.english, "exact"))
        if "ü" in division.english.casefold():
            latin = division.english.replace("ü", "v").replace("Ü", "V")
            found.extend(_latin_spellings(division, latin, "alias"))
    for text, code, match, _ in read_table("place_aliases.tsv"):
        if match in ("alias", "parent"):
            found.extend(_alias_spellings(text, code, match))
    return found


@cache
def index() -> Index:
    """Return the spellings by their words without spaces."""
    full: dict[str, list[Spelling]] = {}
    bare: dict[str, list[Spelling]] = {}
    for spelling in spellings():
        key = spelling.words.replace(" ", "")
        known = (full if spelling.full else bare).setdefault(key, [])
        if not known or spelling.code not in [other.code for other in known]:
            known.append(spelling)
    return Index(full, bare, flagged("generic"))


def flagged(kind: str) -> frozenset[str]:
    """Return the folded spellings that the table of aliases marks as `generic` or `common_word`."""
    return frozenset(fold(row[0]) for row in read_table("place_aliases.tsv") if row[2] == kind)
