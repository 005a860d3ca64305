"""The place that an article is about.

A reader takes it from the headline; where that names none, from the paper, the first lines, and
the place of which most is told. The words for its tier ("the city", "municipal") help: they say
whether a city or one of its districts speaks. A narrower place in the headline wins over the one
that it lies in. Comment boxes, teasers and places that are only compared with do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from extractor.models.rules.place_names import (
    CITY,
    COUNTY,
    PARK,
    PROVINCE,
    PlaceName,
    called,
    is_country,
    lies_in,
)

if TYPE_CHECKING:
    from extractor.models.rules.document import Document

_HEAD = {"en": 300, "zh": 120}  # characters in which an article says where it is
_TITLE, _SOURCE = 4, 2  # what a headline and the name of the paper weigh, in mentions
_SHARE = {
    PROVINCE: 8,
    CITY: 3,
    COUNTY: 3,
    PARK: 3,
}  # how many mentions of its parts count as one of it
_MOST_WORDS = 6
_SPEAKER = 2  # what a body of a place that acts weighs, in mentions
_MANY, _FEW = 4, 3  # provinces that a list names; mentions of all places to one of the first
_BODY = re.compile(
    r"\s(?:City\s|County\s|Province\s)?(?:Municipal|Provincial|County|District|City)\s"
    r"(?:Government|Party|People|Bureau|Committee|Commission|Finance|Tax)"
)
# A place that is compared with, ranked in, or where somebody came from.
_REFERENCE = re.compile(
    r"(?:\b(?:than|from|against|above|below|surpass\w*|exceed\w*)\s+(?:(?:that|those)\s+of\s+)?"
    r"(?:the\s+)?|(?:高于|低于|快于|赴|来自))$",
    re.IGNORECASE,
)


_DETERMINERS = ("the ", "this ", "our ", "whole ", "entire ")


def _own(*nouns: str, before: tuple[str, ...] = _DETERMINERS) -> dict[str, re.Pattern[str]]:
    """The nouns, each behind one of some words: the noun is looked for first."""
    found: dict[str, re.Pattern[str]] = {}
    for noun in nouns:
        behind = "|".join(rf"(?<=\b{word}{noun})" for word in before)
        found[noun] = re.compile(rf"{noun}\b(?:{behind})")
    return found


_BODIES = "委|政府|级|里|领导|财政|经信|工信|发改|科技"
# By tier, each noun and what makes it a word by which a place speaks of itself.
_OWN_WORDS = {
    CITY: {
        **_own("city", "prefecture"),
        **_own("municipal", before=("",)),
        "citywide": re.compile("citywide"),
        "市": re.compile(f"[全我该]市|市(?:{_BODIES})"),
    },
    COUNTY: {
        **_own("county", "district", "banner"),
        "县": re.compile(f"[全我该]县|县(?:{_BODIES})"),
        "区": re.compile(f"[全我该]区|区(?:{_BODIES})"),
    },
    PARK: {**_own("park", "zone", "new area"), "区": re.compile("[全该我园]区")},
    PROVINCE: {
        **_own("province", before=("our ", "whole ", "entire ")),
        "省": re.compile("我省"),
    },
}


def own_words(tier: int, text: str) -> int:
    """How often a text has the words by which a place of a tier speaks of itself."""
    lower = text.lower()
    return sum(len(own.findall(lower)) for noun, own in _OWN_WORDS[tier].items() if noun in lower)


def main_place(doc: Document) -> PlaceName | None:
    """The place that the article is about; None if it names several and no one first."""
    places = _of_article(doc)
    if not places:
        return None
    by_key = {place.key: place for place in reversed(places)}
    tiers = {called(place) for place in by_key.values()}
    words = {tier: own_words(tier, doc.text) for tier in tiers}
    titled = _titled(doc, by_key)
    scores = _scores(doc, places, words, titled)
    country = next((key for key in by_key if is_country(by_key[key])), None)
    best = max(by_key, key=lambda key: (scores[key], -by_key[key].start))
    best = country or _narrowed(by_key, scores, titled, best)
    place = by_key[best]
    own = [p for p in places if p.key == best or lies_in(p, place)]
    provinces = {p.key[:2] for p in places if p.key[:1].isdigit()}
    is_listed = len(provinces) > _MANY and _FEW * len(own) <= len(places)
    is_first = best in titled or (own[0].start < _HEAD[doc.lang] and not is_listed)
    is_most = len(own) > 1 and 2 * len(own) > len(places)
    is_told = (len(own) > 2 and not is_listed) or words.get(called(place), 0) > 1
    return _commonest(places, best) if is_first or is_most or is_told else None


def _narrowed(
    by_key: dict[str, PlaceName], scores: Counter[str], titled: set[str], best: str
) -> str:
    """A place inside the best one that is meant itself.

    In "Huichuan District, Zunyi" the headline's narrower place is; a province of which one city
    is told, and no other, only says where the city lies.
    """
    inner = [key for key in by_key if lies_in(by_key[key], by_key[best])]
    inner.sort(key=lambda key: -scores[key])
    for key in inner:
        if key in titled and scores[key] * 2 > scores[best]:
            return key
    cities = [key for key in inner if by_key[key].tier == CITY]
    is_frame = by_key[best].tier == PROVINCE and best not in titled
    is_one = len(cities) == 1 and scores[cities[0]] * 2 > scores[best]
    return cities[0] if is_frame and is_one else best


def _of_article(doc: Document) -> list[PlaceName]:
    """The places of the headline and of the article's own sentences."""
    own = [place for sentence in doc.sentences for place in sentence.places]
    return doc.title_places + own


def _scores(
    doc: Document, places: list[PlaceName], words: dict[int, int], titled: set[str]
) -> Counter[str]:
    """How much speaks for each place."""
    told: Counter[str] = Counter()
    in_text = len(doc.title_places)
    for position, place in enumerate(places):
        is_compared = position >= in_text and _REFERENCE.search(
            doc.text, max(0, place.start - 40), place.start
        )
        is_speaker = position >= in_text and _BODY.match(doc.text, place.end) is not None
        weight = 1 + (place.start < _HEAD[doc.lang]) + _SPEAKER * is_speaker
        told[place.key] += 0 if is_compared else weight
    scores = Counter(told)
    by_key = {place.key: place for place in places}
    for key, place in by_key.items():
        scores[key] += _TITLE * (key in titled)
        scores[key] += _SOURCE * (_stem(place.name) in (doc.article.source or ""))
        scores[key] += min(words.get(called(place), 0), _MOST_WORDS) // 2
        inner = [told[other] for other, p in by_key.items() if lies_in(p, place)]
        # Several parts speak for the whole; one that is named again and again is meant itself.
        scores[key] += sum(inner) // _SHARE[place.tier] if len(inner) > 1 else 0
    return scores


@lru_cache(maxsize=4096)
def _stem(name: str) -> str:
    """A name without its level word."""
    short = re.sub(r"\s(?:City|Province|District|County|city|county|district|province)$", "", name)
    return short if short.isascii() or len(short) < 3 else short.rstrip("市省县区")


def _titled(doc: Document, by_key: dict[str, PlaceName]) -> set[str]:
    """The places that the headline names; a district does not count for its city's name."""
    at = doc.text.find(doc.title) if doc.title else -1
    spotted = {p.key for p in doc.title_places}
    if at >= 0:
        spotted |= {p.key for p in doc.places if at <= p.start < at + len(doc.title)}
    source = doc.article.source or ""
    inner = [p for p in doc.places if p.tier >= COUNTY and p.key[:1].isdigit()]
    spotted |= {p.key for p in inner if p.name in source}
    stems = {_stem(by_key[key].name) for key in spotted if key in by_key}
    return {key for key in by_key if key in spotted or _in_title(doc, by_key[key].name, stems)}


def _in_title(doc: Document, name: str, others: set[str]) -> bool:
    stem = _stem(name)
    if stem in others or stem not in doc.title:
        return False
    return not stem.isascii() or re.search(rf"\b{re.escape(stem)}\b", doc.title) is not None


def _commonest(places: list[PlaceName], key: str) -> PlaceName:
    names = Counter(place.name for place in places if place.key == key)
    is_park = any(place.tier == PARK for place in places if place.key == key)
    # A park goes by many short forms; its fullest name is meant.
    name = max(names, key=len) if is_park else names.most_common(1)[0][0]
    return next(place for place in places if place.key == key and place.name == name)
