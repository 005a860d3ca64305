"""Names of places in running text, English and Chinese, and the one that an article is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import ahocorasick

from extractor.models.rules.lexicon import Cue
from extractor.records.gazetteer import fold, index, tier
from extractor.records.places import context_divisions, resolve

if TYPE_CHECKING:
    from extractor.models.rules.document import Document

PROVINCE, CITY, COUNTY, PARK = 1, 2, 3, 4
TIERS = {"province": PROVINCE, "city": CITY, "county": COUNTY, "park": PARK}
"""Tiers of place words; a smaller one may hold a larger one."""

# "Xi’an", "Lu'an" and, with the spaces of some translations, "Huai ‘an" are one word.
_WORD = r"[A-Z][a-z]+(?:\s?[’'‘`´]\s?[aeo][a-z]*)?"
_NAME = re.compile(rf"\b{_WORD}(?:\s(?:Mongolia|Kong|Nadu|Pradesh|Bengal))?(?![a-z-])")
# Capitalised words, and the small ones of "Linhe economic development zone", before a place word.
_BEFORE = re.compile(
    rf"(?:(?:{_WORD}|[A-Z][\w-]*|and|economic|technological|development|industrial|high-tech|"
    r"hi-tech|new|national|demonstration|free|trade|chemical)\s){1,8}$"
)
_PARK_WORDS = frozenset(
    "and economic technological technology development industrial high-tech hi-tech new national "
    "demonstration free trade chemical industry".split()
)
# No place name begins with these, though they are written with a capital.
_NOT_NAMES = frozenset(
    "a an the this that in on at by for of from to and as it its he she they we our with since "
    "during among meanwhile according industrial high economic national municipal provincial county "
    "city district new free science technology every each smart green party people general central "
    "state key first second third pilot innovation digital software logistics sports development "
    "creative cultural international exhibition trade export bonded demonstration medical health "
    "future talent old business commercial special monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november "
    "december total said learned".split()
)
# A name before these is that of a paper, a bank or a company: "Anyang Daily", 安阳日报.
_OUTLET = re.compile(
    r"(?:\s[A-Z][\w&-]*){0,5}\s(?:Daily|Evening|News|Television|TV|Network|Net|Times|Radio|Media|"
    r"Bank|University|Co\b|Ltd|Group|Company|Observation|Release)\b|"
    r"[\u4e00-\u9fff]{0,8}(?:日报|晚报|晨报|商报|卫视|电视台|广播|大学|银行|有限公司|集团)|网|发布|\S{0,6}日电"
)
_POSSESSIVE = re.compile(r"[’'‘`´]\s?s$")
_ZH_PARK = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:开发区|高新区|经开区|新区|园区|工业园|产业园|保税区|示范区|街道|镇)"
)
_ZH_NOT_IN_NAME = re.compile("[的在和与于等、有把是将为到]")
_HEAD = 300  # characters in which an article says where it is


class PlaceName(NamedTuple):
    """A place in a text: ``text[start:end]``.

    `key` is equal for two names of one place and begins with the division's code, if it has
    one; `tier` is 1 to 4, from the province to the park.
    """

    start: int
    end: int
    name: str
    key: str
    tier: int


def lies_in(inner: PlaceName, outer: PlaceName) -> bool:
    """Whether one place lies in another; one without a code lies in what is about it."""
    if outer.tier >= inner.tier:
        return False
    if not inner.key[:1].isdigit():
        return inner.tier >= COUNTY
    digits = 2 * min(outer.tier, COUNTY)
    return outer.key[:1].isdigit() and inner.key[:digits] == outer.key[:digits]


def spot(doc: Document) -> list[PlaceName]:
    """The place names of an article, in order, none inside another."""
    divisions = context_divisions(f"{doc.article.title or ''}\n{doc.text}")
    found = _chinese(doc) if doc.lang == "zh" else _english(doc)
    names: list[PlaceName] = []
    for start, end, level in sorted(found, key=lambda f: (f[0], -f[1])):
        if (names and start < names[-1].end) or _OUTLET.match(doc.text, end):
            continue
        possessive = _POSSESSIVE.search(doc.text, start, end)
        end = possessive.start() if possessive else end
        names.append(_place(doc.text, start, end, level, divisions))
    return names


def _place(
    text: str, start: int, end: int, level: int | None, divisions: frozenset[str]
) -> PlaceName:
    name = text[start:end]
    place = resolve(name, divisions)
    if place is None or place.code is None:
        return PlaceName(start, end, name, f"/{fold(name)}", level or COUNTY)
    if place.match == "parent":
        return PlaceName(start, end, name, f"{place.code}/{fold(name)}", PARK)
    return PlaceName(start, end, name, place.code, tier(place.code))


def _english(doc: Document) -> Iterator[tuple[int, int, int | None]]:
    text = doc.text
    stems: set[str] = set()
    for cue in doc.cues.within("place_words", 0, len(text)):
        start = _name_start(text, cue)
        if start is not None:
            stems.add(text[start : cue.start].strip())
            yield start, cue.end, TIERS[cue.value]
    for match in _NAME.finditer(text):
        word = match.group()
        kind = _kind(word)
        if kind == "city" or (kind == "county" and (word in stems or word in doc.title)):
            yield *match.span(), None
        elif word in stems:
            yield *match.span(), None


def _name_start(text: str, cue: Cue) -> int | None:
    """Where the name before a place word begins, if there is one: "Hebi City", "the city"."""
    low = max(0, cue.start - 80)
    match = _BEFORE.search(text[low : cue.start])
    if match is None:
        return None
    start = low + match.start()
    words = match.group().split(" ")[:-1]
    while words and words[0].lower() in _NOT_NAMES:
        start += len(words[0]) + 1
        words = words[1:]
    own = [word for word in words if word.lower() not in _PARK_WORDS]
    is_plain = cue.value != "park" and (len(words) > 3 or len(own) < len(words))
    return None if not own or not own[0][0].isupper() or is_plain else start


@lru_cache(maxsize=16384)
def _kind(word: str) -> Literal["city", "county"] | None:
    """Whether a capitalised word is the bare name of a province, a city or a county."""
    if word.lower() in _NOT_NAMES:
        return None
    key = fold(word).replace(" ", "")
    options = index().bare.get(key)
    if options is None or key in index().generic:
        return None
    return "city" if min(tier(option.code) for option in options) <= CITY else "county"


def _chinese(doc: Document) -> Iterator[tuple[int, int, int | None]]:
    text = doc.text
    for last, name in _chinese_names().iter_long(text):
        start, end = last + 1 - len(name), last + 1
        park = _ZH_PARK.match(text, end, end + 14)
        is_one = park is not None and not _ZH_NOT_IN_NAME.search(park.group())
        yield start, park.end() if park and is_one else end, None
    for cue in doc.cues.within("place_words", 0, len(text)):
        if cue.value == "park" and text[cue.start : cue.end] in ("高新区", "经开区", "保税区"):
            yield cue.start, cue.end, PARK


@cache
def _chinese_names() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    table = index()
    for name, options in (*table.bare.items(), *table.full.items()):
        # A bare county name of two characters is too often an ordinary word.
        is_certain = name in table.full or min(tier(option.code) for option in options) <= CITY
        if len(name) > 1 and not name.isascii() and is_certain:
            automaton.add_word(name, name)
    automaton.make_automaton()
    return automaton


def main_place(doc: Document) -> PlaceName | None:
    """The place that the article is about; None if it names several and no one first."""
    scores = _scores(doc)
    if not scores:
        return None
    places = {place.key: place for place in doc.places}
    best = max(scores, key=lambda key: scores[key])
    for key in sorted(scores, key=lambda k: -scores[k]):
        # "Huichuan District, Zunyi": the headline's narrower place is meant.
        is_named = _in_title(doc, places[key]) and scores[key] * 2 > scores[best]
        if is_named and lies_in(places[key], places[best]):
            best = key
    place = places[best]
    own = [p for p in doc.places if p.key == best or lies_in(p, place)]
    is_first = _in_title(doc, place) or own[0].start < _HEAD
    is_most = len(own) > 1 and 2 * len(own) > len(doc.places)
    return _commonest(doc, best) if is_first or is_most else None


def _scores(doc: Document) -> Counter[str]:
    """How much speaks for each place: its mentions, the headline, the head, words for its tier."""
    scores: Counter[str] = Counter()
    for place in doc.places:
        scores[place.key] += 1 + (place.start < _HEAD)
    tiers = Counter(TIERS[cue.value] for cue in doc.cues.within("place_words", 0, len(doc.text)))
    for place in {p.key: p for p in doc.places}.values():
        scores[place.key] += 4 * _in_title(doc, place)
        if place.tier > PROVINCE:
            scores[place.key] += min(tiers[place.tier], 6) // 2
        inner = {p.key for p in doc.places if lies_in(p, place)}
        scores[place.key] += sum(scores[key] for key in inner) // (3 if place.tier > 1 else 8)
    return scores


@lru_cache(maxsize=4096)
def _stem(name: str) -> str:
    """A name without its level word."""
    short = re.sub(r"\s(?:City|Province|District|County|city|county|district|province)$", "", name)
    return short if short.isascii() or len(short) < 3 else short.rstrip("市省县区")


def _in_title(doc: Document, place: PlaceName) -> bool:
    return _stem(place.name) in doc.title


def _commonest(doc: Document, key: str) -> PlaceName:
    names = Counter(place.name for place in doc.places if place.key == key)
    name = names.most_common(1)[0][0]
    return next(place for place in doc.places if place.key == key and place.name == name)
