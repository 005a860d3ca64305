"""Which place a figure is about."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.places import TIERS, PlaceName, lies_in

# A place that is compared with, ranked in or asked for help is not the one that is spoken of.
_REFERENCE = re.compile(
    r"(?:\b(?:than|rank\w*|first|second|third|fourth|fifth|top|against|above|below|with|from|"
    r"across|"
    r"throughout|surpass\w*|exceed\w*|outpac\w*|average of|to)\s+(?:(?:in|of|that|the|all|"
    r"over|whole|"
    r"of)\s+)*|[列居位第]\S{0,5}|(?:高于|低于|快于|比|较|向|赴|从|与))$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^[\s“\"]*(?:(?:and|while|but|in|at|meanwhile)\s+|在|而)*$", re.IGNORECASE)
# "312 firms in Linhe County", "17 households of Linhe".
_PLACED = re.compile(r"\b(?:in|of|for|at)\s+(?:the\s+)?$", re.IGNORECASE)
_CARRY = 3  # sentences over which "the district" stays the one that was named


def region_of(doc: Document, sentence: Sentence, at: int) -> str | None:
    """The most specific named place that the figure at offset `at` is about."""
    main = doc.main_place
    place = _named_before(doc, sentence, at) or _named_behind(doc, sentence, at)
    place = place or _named_earlier(doc, sentence, at)
    if place is not None:
        return place.name
    return main.name if main else None


def _named_before(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """The nearest place before the figure, unless "the city" stands between."""
    main = doc.main_place
    for place in reversed(sentence.places):
        if place.start >= at or doc.in_name(place.start, place.end):
            continue
        if _REFERENCE.search(doc.text, max(sentence.span.start, place.start - 40), place.start):
            continue
        if main is None:
            return place
        if place.key == main.key or lies_in(main, place):
            return main
        if any(tier == main.tier for tier in _generic_tiers(doc, place.end, at)):
            return main
        lead = doc.text[sentence.clause_at(place.start).start : place.start]
        if lies_in(place, main) or _SUBJECT.match(lead):
            return place
    return None


def _named_behind(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """A place in the figure's clause, behind it: "17 households of Linhe"."""
    main = doc.main_place
    clause = sentence.clause_at(at)
    for place in sentence.places:
        if at < place.start < clause.end and _PLACED.search(doc.text, at, place.start):
            is_inner = main is None or lies_in(place, main)
            return place if is_inner else None
    return None


def _named_earlier(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """The place that "the district" means: the last one of its tier, named a little before."""
    main = doc.main_place
    tiers = _generic_tiers(doc, sentence.span.start, at)
    if main is None or not tiers or tiers[-1] <= main.tier:
        return None
    for earlier in reversed(doc.sentences[max(0, sentence.index - _CARRY) : sentence.index]):
        for place in reversed(earlier.places):
            if place.tier == tiers[-1] and lies_in(place, main):
                return place
    return None


def _generic_tiers(doc: Document, start: int, end: int) -> list[int]:
    return [TIERS[cue.value] for cue in doc.cues.within("place_words", start, end)]
