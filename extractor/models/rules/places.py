"""Names of places in running text, English and Chinese, and the one that an article is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import ahocorasick

from extractor.models.rules.lexicon import Cue, Cues, word_list
from extractor.records.gazetteer import fold, index, prefecture, province, tier
from extractor.records.places import resolve

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
_PARK_WORDS = word_list("park_kind")
# No place name begins with these, though they are written with a capital.
_NOT_NAMES = word_list("not_place")
# A name before these is that of a paper, a bank or a company: "Anyang Daily", 安阳日报.
_OUTLET = re.compile(
    r"(?:\s[A-Z][\w&-]*){0,5}\s(?:Daily|Evening|News|Television|TV|Network|Net|Times|Radio|Media|"
    r"Bank|University|Co\b|Ltd|Group|Company|Observation|Release)\b|"
    r"[\u4e00-\u9fff]{0,8}(?:日报|晚报|晨报|商报|卫视|电视台|广播|大学|银行|有限公司|集团)|网|"
    r"发布|\S{0,6}日电"
)
_CAPITAL_BEFORE = re.compile(r"[A-Z][a-z]+\s$")
_POSSESSIVE = re.compile(r"[’'‘`´]\s?s$")
_ZH_PARK = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:开发区|高新区|经开区|新区|园区|工业园|产业园|保税区|示范区|街道|镇)"
)
_ZH_NOT_IN_NAME = re.compile("[的在和与于等、有把是将为到]")
_HEAD = {"en": 300, "zh": 120}  # characters in which an article says where it is
# "Linyi, July 3 (Reporter …)": where the reporter sat.
_DATELINE = re.compile(
    r",\s*(?:China,\s*)?(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d"
)
# Abroad no gazetteer helps: the place is where most things are said to be.
_LOCATED = re.compile(
    r"\b(?:in|across|at|from|around)\s+(?P<name>[A-Z][a-z]{2,}(?:\s[A-Z][a-z]{2,})?)\b"
)


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


class _Reading(NamedTuple):
    """A text in which places are looked for, and what the article says about them."""

    text: str
    cues: Cues
    title: str
    divisions: frozenset[str]


def spot(doc: Document) -> list[PlaceName]:
    """The place names of an article's text, in order, none inside another."""
    names = _spot(_Reading(doc.text, doc.cues, doc.title, doc.divisions), doc.lang)
    is_home = doc.lang == "zh" or any(place.key[:1].isdigit() for place in names)
    return names if is_home else sorted(_abroad(doc) or names)


def spot_in_title(doc: Document) -> list[PlaceName]:
    """The place names of a title that the text does not repeat."""
    if doc.title in doc.text:
        return []
    return _spot(_Reading(doc.title, Cues(doc.title), doc.title, doc.divisions), doc.lang)


def _spot(read: _Reading, lang: str) -> list[PlaceName]:
    text = read.text
    found = _chinese(read) if lang == "zh" else _english(read)
    names: list[PlaceName] = []
    for start, end, level in sorted(found, key=lambda f: (f[0], -f[1])):
        is_other = _OUTLET.match(text, end) or _DATELINE.match(text, end)
        if (names and start < names[-1].end) or is_other:
            continue
        possessive = _POSSESSIVE.search(text, start, end)
        end = possessive.start() if possessive else end
        names.append(_place(text, start, end, level, read.divisions))
    return names


def _abroad(doc: Document) -> list[PlaceName]:
    """The one place of an article that names none of China's, if it names it again and again."""
    located = Counter(match["name"] for match in _LOCATED.finditer(doc.text))
    common = _NOT_NAMES | {"china"}
    names = [n for n, _ in located.most_common(3) if n.lower() not in common]
    names = [n for n in names if n.lower() not in doc.text]
    head = doc.title.lower() + doc.text[: _HEAD["en"]].lower()
    name = next((n for n in names if located[n] > 1 and n.lower() in head), None)
    if name is None:
        return []
    found = re.finditer(rf"\b{re.escape(name)}\b", doc.text)
    return [PlaceName(*match.span(), name, f"/{fold(name)}", CITY) for match in found]


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


def _english(read: _Reading) -> Iterator[tuple[int, int, int | None]]:
    text = read.text
    stems: set[str] = set()
    for cue in read.cues.within("place_words", 0, len(text)):
        start = _name_start(text, cue)
        if start is not None:
            stems.add(text[start : cue.start].strip())
            yield start, cue.end, TIERS[cue.value]
    for match in _NAME.finditer(text):
        word = match.group()
        kind = _kind(word)
        if kind == "county" and not _is_personal(text, match.start()):
            # A bare county counts where the article is of its prefecture, or named for it.
            kind = "city" if word in read.title or _is_inside(word, read.divisions) else kind
        if kind == "city" or word in stems:
            yield *match.span(), None


def _is_personal(text: str, start: int) -> bool:
    """Whether a word follows another name: "Chen Anqiu" is no county."""
    before = _CAPITAL_BEFORE.search(text, max(0, start - 14), start)
    return before is not None and before.group().strip().lower() not in _NOT_NAMES


def _is_inside(name: str, divisions: frozenset[str]) -> bool:
    """Whether a bare name may be a county of a prefecture that the article names."""
    options = index().bare.get(fold(name).replace(" ", ""), [])
    return any(_outer(option.code) in divisions for option in options)


def _outer(code: str) -> str | None:
    """The prefecture of a county, or the province that governs it directly."""
    return prefecture(code) or (province(code) if code[2:4] in ("01", "02", "90") else None)


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
    if text[cue.start : cue.end].lower() == "park" and len(own) == len(words):
        return None  # "Sunshine Park" is to walk in
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


def _chinese(read: _Reading) -> Iterator[tuple[int, int, int | None]]:
    text = read.text
    for last, (name, is_certain) in _chinese_names().iter_long(text):
        if not is_certain and not _is_inside(name, read.divisions):
            continue
        start, end = last + 1 - len(name), last + 1
        if text[end : end + 1] == "级":  # 陕西省级 is 陕西 and 省级
            end -= 1
        park = _ZH_PARK.match(text, end, end + 14)
        is_one = park is not None and not _ZH_NOT_IN_NAME.search(park.group())
        yield start, park.end() if park and is_one else end, None
    for cue in read.cues.within("place_words", 0, len(text)):
        if cue.value == "park" and text[cue.start : cue.end] in ("高新区", "经开区", "保税区"):
            yield cue.start, cue.end, PARK


@cache
def _chinese_names() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    table = index()
    for name, options in (*table.bare.items(), *table.full.items()):
        # A bare county name of two characters is too often an ordinary word elsewhere.
        is_certain = name in table.full or min(tier(option.code) for option in options) <= CITY
        if len(name) > 1 and not name.isascii():
            automaton.add_word(name, (name, is_certain))
    automaton.make_automaton()
    return automaton


def main_place(doc: Document) -> PlaceName | None:
    """The place that the article is about; None if it names several and no one first."""
    scores = _scores(doc)
    if not scores:
        return None
    places = {place.key: place for place in doc.all_places}
    best = max(scores, key=lambda key: scores[key])
    for key in sorted(scores, key=lambda k: -scores[k]):
        # "Huichuan District, Zunyi": the headline's narrower place is meant.
        is_named = _in_title(doc, places[key]) and scores[key] * 2 > scores[best]
        if is_named and lies_in(places[key], places[best]):
            best = key
    place = places[best]
    own = [p for p in doc.all_places if p.key == best or lies_in(p, place)]
    is_first = _in_title(doc, place) or own[0].start < _HEAD[doc.lang]
    is_most = len(own) > 1 and 2 * len(own) > len(doc.all_places)
    return _commonest(doc, best) if is_first or is_most or len(own) > 2 else None


def _scores(doc: Document) -> Counter[str]:
    """How much speaks for each place: its mentions, the headline, the head, words for its tier."""
    scores: Counter[str] = Counter()
    for place in doc.all_places:
        scores[place.key] += 1 + (place.start < _HEAD[doc.lang])
    tiers = Counter(TIERS[cue.value] for cue in doc.cues.within("place_words", 0, len(doc.text)))
    for place in {p.key: p for p in doc.all_places}.values():
        scores[place.key] += 4 * _in_title(doc, place)
        if place.tier > PROVINCE:
            scores[place.key] += min(tiers[place.tier], 6) // 2
        inner = {p.key for p in doc.all_places if lies_in(p, place)}
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
    names = Counter(place.name for place in doc.all_places if place.key == key)
    name = names.most_common(1)[0][0]
    return next(place for place in doc.all_places if place.key == key and place.name == name)
