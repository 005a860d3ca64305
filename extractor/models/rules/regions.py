"""Which place a figure is about.

In this order: a place named before the figure in its sentence, as what the figure is of; one
behind it in its clause ("17 households of Linhe"); what "the city", "the district", "the park"
mean there; the place that the sentences before it in the paragraph are about; the place in the
heading of the section; the place that the article is about.
"""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.main_place import own_words
from extractor.models.rules.place_names import CITY, COUNTY, TIERS, PlaceName, called, lies_in

# A place that is compared with, ranked in or asked for help is not the one that is spoken of.
_REFERENCE = re.compile(
    r"(?:\b(?:than|rank\w*|first|second|third|fourth|fifth|top|against|above|below|with|from|"
    r"across|"
    r"throughout|surpass\w*|exceed\w*|outpac\w*|average of|to)\s+(?:(?:in|of|that|the|all|"
    r"over|whole|"
    r"of)\s+)*|[列居位第]\S{0,5}|(?:高于|低于|快于)\S{0,2}|(?:比|较|向|赴|从|与))$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^[\s“\"]*(?:(?:and|while|but|in|at|meanwhile|across|throughout)\s+|走进|位于|其中|目前|此外|同时|截至目前|在|"
    r"而)*$",
    re.IGNORECASE,
)
# "312 firms in Linhe County", "17 households of Linhe".
_PLACED = re.compile(r"\b(?:in|of|for|at)\s+(?:the\s+)?$", re.IGNORECASE)
# "Linhe's kilns", 临河县的, "Linhe has".
_OWNS = re.compile(r"[’'‘`´]\s?s\b|的|\s+(?:has|have|had)\b")
# "ranking second in the city", "the largest of the district", "Linhe, the city's workshop,".
_COMPARING = re.compile(
    r"\b(?:rank\w*|first|second|third|fourth|fifth|top|\w+est|only)\b[^,;.]{0,20}\b(?:in|of)\s+"
    r"(?:the\s+)?(?:whole\s+)?$|[列居位第]\S{0,4}$",
    re.IGNORECASE,
)
_APPOSED = re.compile(r"\s*,\s+(?:the|a|an|one of the)(?:\s+(?:whole|entire))?\s+", re.IGNORECASE)
_ACROSS = re.compile(r"(?:Across|Throughout)\s+")  # at the head of a sentence it says where
_LEAD = 40
_MARK = re.compile(
    r"\W*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[.、:：)）]\s*)?(?:[Ii]n |在)?"
)
_SPEECH = '“"「'
_CARRY = 3  # sentences over which a place stays the one that is spoken of
_SECTION = 40  # sentences that a heading governs


def region_of(doc: Document, sentence: Sentence, at: int) -> str | None:
    """The most specific named place that the figure at offset `at` is about."""
    place = (
        _named_before(doc, sentence, at)
        or _named_behind(doc, sentence, at)
        or _meant(doc, sentence, at)
        or _spoken_of(doc, sentence)
        or _home(doc, sentence)
    )
    return place.name if place else None


def _home(doc: Document, sentence: Sentence) -> PlaceName | None:
    """The place of the section that a sentence stands in, else that of the article."""
    heading = doc.heading_before(sentence)
    if heading is None or sentence.index - heading.index > _SECTION:
        return doc.main_place
    own = [place for place in heading.places if _heads(doc, heading, place)]
    return own[0] if own else doc.main_place


def _heads(doc: Document, heading: Sentence, place: PlaceName) -> bool:
    """Whether a heading begins with a place, behind its mark: "◆Linhe: toys"."""
    lead = doc.text[heading.span.start : place.start]
    return _MARK.fullmatch(lead) is not None and not _is_aside(doc, heading, place)


def _named_before(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """The nearest place before the figure, unless "the city" stands between."""
    main = doc.main_place
    for place in reversed(sentence.places):
        if place.start >= at or _is_aside(doc, sentence, place):
            continue
        if main is None:
            return place
        if lies_in(main, place) and _is_contrasted(doc, sentence, place, main, at):
            return place
        if place.key == main.key or lies_in(main, place):
            return main
        if any(tier == called(main) for tier in _generic_tiers(doc, place.end, at)):
            return main
        if lies_in(place, main) or _is_subject(doc, sentence, place):
            return place
    return None


def _is_contrasted(
    doc: Document, sentence: Sentence, place: PlaceName, main: PlaceName, at: int
) -> bool:
    """Whether a sentence tells of a place first, and behind the figure of its part."""
    parts = [p.start for p in sentence.places if p.key == main.key]
    is_behind = bool(parts) and min(parts) > at and any(m.start == at for m in sentence.mentions)
    return is_behind and _is_subject(doc, sentence, place)


def _is_aside(doc: Document, sentence: Sentence, place: PlaceName) -> bool:
    """Whether a place is part of a name, or compared with."""
    if doc.quotes.in_name(place.start, place.end):
        return True
    low = max(sentence.span.start, place.start - 40)
    if _ACROSS.fullmatch(doc.text, sentence.span.start, place.start):
        return False
    return _REFERENCE.search(doc.text, low, place.start) is not None


def _is_subject(doc: Document, sentence: Sentence, place: PlaceName) -> bool:
    """Whether a clause begins with a place, or with where something is."""
    lead = doc.text[sentence.clause_at(place.start).start : place.start]
    return _SUBJECT.match(lead) is not None


def _named_behind(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """A place in the figure's clause, behind it: "17 households of Linhe"."""
    main = doc.main_place
    clause = sentence.clause_at(at)
    for place in sentence.places:
        if at < place.start < clause.end and _PLACED.search(doc.text, at, place.start):
            is_inner = main is None or lies_in(place, main)
            return place if is_inner else None
    return None


def _meant(doc: Document, sentence: Sentence, at: int) -> PlaceName | None:
    """What "the district" means: the last place of its tier, named a little before."""
    home = _home(doc, sentence)
    if home is None:
        return None
    end = max(at, sentence.clause_at(at).end)
    tiers = [t for t in _generic_tiers(doc, sentence.span.start, end) if t >= called(home)]
    if _speaks_of_itself(doc, home, tiers[-1:], Span(sentence.span.start, end)):
        return home
    for earlier in reversed(doc.sentences[max(0, sentence.index - _CARRY) : sentence.index]):
        for place in reversed(earlier.places):
            if tiers and place.tier == tiers[-1] and lies_in(place, home):
                return place
    return None


def _speaks_of_itself(doc: Document, home: PlaceName, tiers: list[int], span: Span) -> bool:
    """Whether "the city" means the place itself; abroad a city may be a district as well."""
    is_abroad = not home.key[:1].isdigit() and home.tier == CITY
    own = (CITY, COUNTY) if is_abroad else (called(home),)
    if tiers:
        return tiers[0] in own
    return own_words(called(home), doc.text[span.start : span.end]) > 0


def _spoken_of(doc: Document, sentence: Sentence) -> PlaceName | None:
    """The place that the sentences just before, in the same paragraph, are about."""
    for earlier in reversed(doc.sentences[max(0, sentence.index - _CARRY) : sentence.index]):
        if earlier.paragraph != sentence.paragraph:
            return None
        if doc.text[earlier.span.start] in _SPEECH:
            continue  # the place is the speaker's
        home = _home(doc, earlier)
        told = [place for place in earlier.places if _is_spoken_of(doc, earlier, place)]
        if told:
            return home if home and _holds(told[0], home) else told[0]
        tiers = [t for t in _generic_tiers(doc, *earlier.span) if home and t >= called(home)]
        if home and _speaks_of_itself(doc, home, tiers[:1], earlier.span):
            return home
    return None


def _is_spoken_of(doc: Document, sentence: Sentence, place: PlaceName) -> bool:
    """Whether a place is where a sentence's events are, or whose they are, from the first."""
    figures = [m.start for m in sentence.mentions if m.kind != "period"]
    if _is_aside(doc, sentence, place) or place.start > min(figures, default=place.start):
        return False
    is_at = _PLACED.search(doc.text, sentence.span.start, place.start)
    is_owner = _OWNS.match(doc.text, place.end)
    return bool(is_at or is_owner or _is_subject(doc, sentence, place))


def _holds(outer: PlaceName, inner: PlaceName) -> bool:
    return outer.key == inner.key or lies_in(inner, outer)


def _generic_tiers(doc: Document, start: int, end: int) -> list[int]:
    """The tiers of the words for places in a stretch, but not "first in the city"."""
    return [
        TIERS[cue.value]
        for cue in doc.cues.within("place_words", start, end)
        if not _COMPARING.search(doc.text, max(start, cue.start - _LEAD), cue.start)
        and not _APPOSED.fullmatch(doc.text, start, cue.start)
    ]
