"""Who issued or runs a policy, and the level of government that follows from it."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.place_names import (
    CITY,
    COUNTY,
    PARK,
    PROVINCE,
    PlaceName,
    is_country,
)

_BODY = {
    "en": re.compile(
        r"(?P<body>(?:[Tt]he\s+)?(?:[A-Z][\w’'-]*\s+(?:of|and|for|the)?\s*)*(?:Bureau|Department|"
        r"Government|Committee|Commission|Ministry|Office|Council|Administration|Bank|Union)"
        r"(?:\s+of(?:\s+(?:[A-Z][\w’'-]*|and|of|the))+)?)|"
        r"(?P<lower>(?:municipal|provincial|county|district|"
        r"city)\s+(?:[a-z]+\s+){0,3}?(?:government|finance|bureau|"
        r"office|department)(?:\s+office)?)\b"
    ),
    "zh": re.compile(
        r"(?P<body>[\u4e00-\u9fff]{0,14}?(?:局|厅|委|部|政府|办公室|银行|管委会|国务院))"
    ),
}
_BY = re.compile(r"\b(?:by|of)\s+(?:the\s+)?$", re.IGNORECASE)
_GENERIC = re.compile(
    r"\b(?:the|this|our) (?P<word>city|county|district|province|park|zone)\b[^,;.]{0,40}$|"
    r"(?:全|该|我)(?P<zh>市|县|区|省)[^，。；]{0,12}$",
    re.IGNORECASE,
)
_GENERIC_LEVELS = {
    "city": "municipal", "county": "county", "district": "county", "province": "provincial",
    "park": "park", "zone": "park", "市": "municipal", "县": "county", "区": "county",
    "省": "provincial",
}  # fmt: skip
_TIER_LEVELS = {PROVINCE: "provincial", CITY: "municipal", COUNTY: "county", PARK: "park"}
_BODY_LEVELS = (
    ("national", re.compile(r"Ministry|State|National|国务院|部$|国家")),
    ("provincial", re.compile(r"Provinc|provinc|省|厅$")),
    ("municipal", re.compile(r"Municipal|municipal|City|市")),
    ("county", re.compile(r"County|District|county|district|县|区")),
)
_ZH_LEAD = re.compile(r"^(?:今年|近日|日前|由|据|近年来|\d+月|联合|和|与)+")
_NEAR = 60  # characters between a place and the verb whose subject it is


class Issuer(NamedTuple):
    """Who made a policy, and its level; each None if unsaid."""

    name: str | None
    level: str | None


def issuer_of(doc: Document, sentence: Sentence, span: Span) -> Issuer:
    """The body that the verb before the policy's name has as its subject, or "by" behind it."""
    verbs = doc.cues.within("policy_verbs", sentence.span.start, span.start)
    verb = verbs[-1].start if verbs else span.start
    found = _body(doc, sentence.span.start, verb) or _body_behind(doc, sentence, span)
    if found:
        return Issuer(found, _level_of_body(found) or _level_in_name(doc, span))
    generic = _GENERIC.search(doc.text, max(sentence.span.start, verb - _NEAR), verb)
    if generic and doc.main_place:
        word = (generic["word"] or generic["zh"]).lower()
        return Issuer(doc.main_place.name, _GENERIC_LEVELS[word])
    places = [p for p in sentence.places if p.start < verb]
    if places and verb - places[-1].end < _NEAR:
        return Issuer(places[-1].name, _level_of(places[-1]))
    return Issuer(None, _level_in_name(doc, span))


def _body(doc: Document, start: int, end: int) -> str | None:
    bodies = list(_BODY[doc.lang].finditer(doc.text, start, end))
    if not bodies:
        return None
    name = _ZH_LEAD.sub("", bodies[-1].group().strip())
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE) or None


def _body_behind(doc: Document, sentence: Sentence, span: Span) -> str | None:
    """As in "The Notice … was issued by the municipal government"."""
    limit = min(sentence.span.end, span.end + 90)
    match = _BODY["en"].search(doc.text, span.end, limit) if doc.lang == "en" else None
    if match is None or not _BY.search(doc.text, span.end, match.start()):
        return None
    return re.sub(r"^the\s+", "", match.group().strip(), flags=re.IGNORECASE)


def _level_in_name(doc: Document, span: Span) -> str | None:
    """The level of the place that the name of the policy begins with or holds."""
    inside = [p for p in doc.places if span.start <= p.start and p.end <= span.end]
    return _level_of(inside[0]) if inside else None


def _level_of(place: PlaceName) -> str:
    return "national" if is_country(place) else _TIER_LEVELS[place.tier]


def _level_of_body(body: str) -> str | None:
    return next((level for level, words in _BODY_LEVELS if words.search(body)), None)
