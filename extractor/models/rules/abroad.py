"""Places outside China: no gazetteer helps, so a name is one where things are said to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from extractor.models.rules.lexicon import word_list
from extractor.models.rules.place_names import CITY, COUNTY, PROVINCE, PlaceName
from extractor.records.gazetteer import countries, fold, index

_NAME = r"[A-Z][a-z]{2,}(?:\s[A-Z][a-z]+){0,2}"
# "Mills in Porto", "firms across Tamil Nadu".
_LOCATED = re.compile(
    rf"\b(?:[Ii]n|[Aa]cross|[Aa]t|[Ff]rom|[Aa]round|[Nn]ear)\s+(?P<name>{_NAME})(?![\w-])"
)
# "Porto's mills", "BRAGA, Portugal —".
_OWNER = re.compile(rf"\b(?P<name>{_NAME})[’']s\s+[a-z]")
_DATELINE = re.compile(rf"^[A-Z]{{3,}}(?:\s[A-Z]+)*,\s+(?P<name>{_NAME})\s+[—–(-]", re.MULTILINE)
_NOT_NAMES = word_list("not_place") | {"china"}
# "China's exports", "firms in China", "China has": not the name of a bank or a paper.
_CHINA = re.compile(r"(?<!of )\bChina(?=[’']s\s[a-z]|\s[a-z])|\b[Ii]n China\b(?!\s[A-Z])")
# "Porto has a plan of its own", at the head of a paragraph about one of several places.
_OPENING = re.compile(
    r"^(?P<name>[A-Z][a-z]{2,}(?:\s[A-Z][a-z]+)?)\s"
    r"(?:has|had|does|did|is|was|gave|went|took|wants)\b",
    re.MULTILINE,
)
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\b")
_WORD_CHAR = re.compile(r"\w")
_HEAD = 300  # characters in which an article says where it is
_TITLE, _DATED = 3, 2  # what a headline and a dateline weigh, in mentions


def spot_abroad(text: str, title: str) -> list[PlaceName]:
    """The place that an article is about, wherever it is named, and the places inside it.

    Where no town is told of again and again, from the head on, it is the country; empty if that
    is not named twice either.
    """
    located = Counter(match["name"] for match in _LOCATED.finditer(text))
    main, tier = _main(text, title, located), CITY
    if main is None:
        main, tier = _country(text), PROVINCE
    if main is None:
        return []
    if tier == PROVINCE:
        located.update(match["name"] for match in _OPENING.finditer(text))
    inner = [name for name in located if _is_place(text, name) and main not in name]
    found = _named(text, main, tier)
    for name in inner:
        found += _named(text, name, COUNTY)
    return sorted(found)


def spot_nation(text: str) -> list[PlaceName]:
    """China itself, where an article names no place in it but speaks of it again and again."""
    is_told = len(_CHINA.findall(text)) > 1
    return _named(text, "China", PROVINCE) if is_told else []


def _main(text: str, title: str, located: Counter[str]) -> str | None:
    """The name of which most is told; it stands in the headline or in the head."""
    scores = located + Counter(match["name"] for match in _OWNER.finditer(text))
    for match in _DATELINE.finditer(text):
        scores[match["name"]] += _DATED
    head = f"{title}\n{text[:_HEAD]}".lower()  # "PORTO: Spinners …"
    names = [name for name in scores if name in located]
    names = [name for name in names if _has_word(head, name.lower())]
    names = [name for name in names if _is_place(text, name)]
    for name in names:
        scores[name] += _TITLE * (name in title)
    best = max(names, key=lambda name: scores[name], default=None)
    return best if best and scores[best] > 1 else None


def _country(text: str) -> str | None:
    """The country that is named most, and at least twice; a national article has no other place."""
    words = Counter(match.group() for match in _CAPITAL.finditer(text))
    named = Counter({w: n for w, n in words.items() if w.lower() in countries()})
    country, times = max(named.items(), key=lambda pair: pair[1], default=(None, 0))
    return country if times > 1 else None


def _is_place(text: str, name: str) -> bool:
    """Whether a name is no month or other word that is written with a capital now and then."""
    if fold(name).replace(" ", "") in index().bare:
        return False
    words = name.lower().split()
    return words[0] not in _NOT_NAMES and not _has_word(text, name.lower())


def _named(text: str, name: str, tier: int) -> list[PlaceName]:
    key = f"/{fold(name)}"
    return [
        PlaceName(start, start + len(name), name, key, tier)
        for spelling in (name, name.upper())
        for start in _words(text, spelling)
    ]


def _has_word(text: str, word: str) -> bool:
    return next(_words(text, word), None) is not None


def _words(text: str, word: str) -> Iterator[int]:
    """Where a word, or a few, stand in a text as they are; no pattern is made of each name."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        is_part = start > 0 and _WORD_CHAR.match(text, start - 1)
        if not is_part and not _WORD_CHAR.match(text, end):
            yield start
            start = text.find(word, end)
        else:
            start = text.find(word, start + 1)
