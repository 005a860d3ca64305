"""Names of places in running text, English and Chinese."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import ahocorasick

from extractor.article import Article
from extractor.records.gazetteer import fold, index, tier
from extractor.records.places import resolve

_WORD = r"[A-Z][a-z]+(?:[’'‘`´]\s?[a-z]+)?(?:\s?[’'‘`´]\s?(?=[ae])[a-z]+)?"
_LEVEL = (
    r"(?:City|Province|District|County|Prefecture|Banner|League|Municipality|Town|Township|Village|"
    r"Autonomous\s(?:Region|Prefecture|County)|New\s(?:Area|District)|"
    r"(?:[A-Z][\w-]+\s){0,5}(?:Zone|Park|Base|Port)|"
    r"city|province|county|district|prefecture)\b"
)
_WITH_LEVEL = re.compile(rf"\b(?P<name>{_WORD}(?:\s{_WORD}){{0,2}}?)\s(?P<level>{_LEVEL})")
_BARE = re.compile(rf"\b{_WORD}(?:\s(?:Mongolia|Kong|Nadu|Pradesh|Bengal))?(?![’'‘]?[a-z])")
_ZH_PARK = re.compile(
    r"(?:经济技术开发区|高新技术产业开发区|高新技术产业园区|高新区|经开区|开发区|新区|工业园区|产业园区|工业园|产业园|"
    r"保税区|示范区|街道|镇)"
)
_OUTLET = re.compile(
    r"\s*(?:Daily|Evening|News|Television|TV|Network|Net|Times|Radio|Media|Bank|University)\b|"
    r"日报|晚报|晨报|网|广播|卫视|电视|发布|新闻|大学|银行|电\s|商报"
)
_POSSESSIVE = re.compile(r"[’'‘`´]\s?s$")
_NOT_NAMES = frozenset(
    "The This That In On At By For Of And As It Its He She They We Our From With To Since During "
    "Among Meanwhile According Industrial High Economic National Municipal Provincial County City "
    "District New Free Science Technology Every Each Smart Green Party People General Central "
    "State Key First Second Third Pilot Innovation Technology Digital Software Logistics Sports "
    "Development Hall Town Software Creative Cultural International Exhibition Trade Export "
    "Bonded Demonstration Medical Health Future Talent Old Business Commercial Central".split()
)


class PlaceName(NamedTuple):
    """A place in a text: ``text[start:end]``; `key` is equal for two names of one place."""

    start: int
    end: int
    name: str
    key: str
    tier: int


@cache
def _chinese_names() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    table = index()
    for name, options in (*table.bare.items(), *table.full.items()):
        if len(name) < 2 or name.isascii():
            continue
        highest = min(tier(option.code) for option in options)
        is_full = name in table.full
        # A bare county name of two characters is too often an ordinary word.
        if is_full or highest < 3:
            automaton.add_word(name, name)
    automaton.make_automaton()
    return automaton


@cache
def _bare_english() -> frozenset[str]:
    """Folded bare names of provinces and prefectures, without spaces."""
    table = index()
    return frozenset(
        key
        for key, options in table.bare.items()
        if key.isascii() and min(tier(option.code) for option in options) < 3
    ) - table.generic


@cache
def _bare_counties() -> frozenset[str]:
    table = index()
    return frozenset(key for key in table.bare if key.isascii()) - table.generic


def spot(text: str, title: str, provinces: frozenset[str], chinese: bool) -> list[PlaceName]:
    """The place names of `text`, in order, none inside another."""
    found = _chinese(text) if chinese else _english(text, title)
    names: list[PlaceName] = []
    for start, end in found:
        if names and start < names[-1].end:
            continue
        if _OUTLET.match(text, end):
            continue
        possessive = _POSSESSIVE.search(text, start, end)
        end = possessive.start() if possessive else end
        name = text[start:end]
        place = resolve(name, provinces)
        code = place.code if place else None
        inside = place is not None and place.match == "parent"
        key = f"{code}/{fold(name)}" if inside or code is None else code
        level = 4 if inside else tier(code) if code else 3
        names.append(PlaceName(start, end, name, key, level))
    return names


def _english(text: str, title: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    with_level: set[str] = set()
    for match in _WITH_LEVEL.finditer(text):
        start = match.start()
        words = match["name"].split()
        while words and words[0] in _NOT_NAMES:
            start += len(words[0]) + 1
            words = words[1:]
        if words:
            spans.append((start, match.end()))
            with_level.add(" ".join(words))
    taken = sorted(spans)
    for match in _BARE.finditer(text):
        word = match.group()
        if word in _NOT_NAMES:
            continue
        key = fold(word).replace(" ", "")
        is_place = word in with_level or key in _bare_english() or (
            key in _bare_counties() and re.search(rf"\b{re.escape(word)}\b", title)
        )
        if is_place:
            taken.append(match.span())
    return sorted(taken, key=lambda span: (span[0], -span[1]))


def _chinese(text: str) -> list[tuple[int, int]]:
    spans = [
        (last + 1 - len(name), last + 1) for last, name in _chinese_names().iter_long(text)
    ]
    extended = []
    for start, end in spans:
        park = _ZH_PARK.search(text, end, end + 14)
        gap = text[end : park.start()] if park else "，"
        extended.append((start, park.end() if park and re.fullmatch(r"[\u4e00-\u9fff]*", gap) and not re.search("[的在和与于等、]", gap) else end))
    return extended


def is_part(inner: str, inner_tier: int, outer: str, outer_tier: int) -> bool:
    """Whether one place lies in another, by their keys."""
    digits = outer_tier * 2
    return outer_tier < inner_tier and outer[:1].isdigit() and inner[:digits] == outer[:digits]


def main_place(names: list[PlaceName], article: Article, title: str) -> str | None:
    """The name of the place that the article is about, as the article writes it."""
    head = article.text[:250]
    weights: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for place in names:
        weight = 1.0
        if place.start < len(head):
            weight += 1.5
        if re.search(re.escape(place.name), title):
            weight += 2
        weights[place.key] += weight
        forms.setdefault(place.key, Counter())[place.name] += 1
    if not weights:
        return None
    # What is said of a part is said of the whole too, less so of a province.
    total = Counter(weights)
    tiers = {place.key: place.tier for place in names}
    for outer in weights:
        for inner in weights:
            if inner != outer and is_part(inner, tiers[inner], outer, tiers[outer]):
                total[outer] += weights[inner] * (0.7 if tiers[outer] > 1 else 0.15)
                total[inner] += weights[outer] * (0.5 if tiers[outer] == 1 else 0)
    best = max(total, key=lambda key: total[key])
    return forms[best].most_common(1)[0][0]
