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
        r"Government|Committee|Commission|Ministry|Office|Council|Administration|Bank|Union|Trust|"
        r"Treasury)(?:\s+of(?:\s+(?:[A-Z][\w’'-]*|and(?!\s\w+\sother)|of|the))+)?"
        r"(?:\s+and\s+(?:\w+\s+other|other\s+\w+)\s+departments)?)|"
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
_ZH_LEAD = re.compile(
    r"^(?:今年|近日|日前|由|据|近年来|\d+月|连续\S{1,2}年|联合|会同|和|与|将|该|在)+"
)
_ZH_VAGUE = re.compile("有关|各级|相关|多个")
# "Linhe's “Toy Rules”", 临河县的《…》; "the Toy Rules of Linhe".
_OWNS = re.compile(r"(?:[’'‘`´]\s?s\s+|的)?[“\"《]?.", re.IGNORECASE)
_OWNED_BY = re.compile(r"[”\"]?\s+of\s+(?:the\s+)?")
_IN_BODY = re.compile(r"\s(?:[A-Z]|municipal|provincial)")
_TITLED = {
    "en": re.compile(
        r"[“\"]?(?:[A-Z]\w+\s){1,3}of\s(?:the\s)?"
        r"(?P<body>(?:[A-Z]\w+\s(?:of\s(?:the\s)?)?)*"
        r"(?:Council|Committee|Government|Ministry|Commission|Bureau|Department)"
        r"(?:\sof(?:\s(?:[A-Z]\w+|and))+)?)\s(?:on|for)\b"
    ),
    "zh": re.compile(r"[《“]?(?P<body>[\u4e00-\u9fff]{2,20}?[院委会部厅局府办])关于"),
}
_BODY_AGAIN = re.compile(r"\b(?:the|this) (?P<word>bureau|customs|bank|department|committee)\b")
_LONG_AGO = 1500  # characters
_NEAR = 60  # characters between a place and the verb whose subject it is


class Issuer(NamedTuple):
    """Who made a policy, and its level; each None if unsaid."""

    name: str | None
    level: str | None


def owner_of(doc: Document, sentence: Sentence, span: Span) -> PlaceName | None:
    """The place whose policy it is said to be: "Linhe's “Toy Rules”", "the Toy Rules of Linhe"."""
    for place in sentence.places:
        if place.end <= span.start and _OWNS.fullmatch(doc.text, place.end, span.start + 1):
            return place
        is_behind = span.end <= place.start
        if is_behind and _OWNED_BY.fullmatch(doc.text, span.end, place.start):
            return None if _IN_BODY.match(doc.text, place.end) else place
    return None


def issuer_of(doc: Document, sentence: Sentence, span: Span) -> Issuer:
    """Whose policy it is, else the subject of the verb before its name, or "by" behind it."""
    if owner := owner_of(doc, sentence, span):
        return Issuer(owner.name, _level_of(owner))
    verbs = doc.cues.within("policy_verbs", sentence.span.start, span.start)
    verb = verbs[-1].start if verbs else span.start
    found = (
        _in_title(doc, span)
        or _body(doc, sentence.span.start, verb)
        or _body_behind(doc, sentence, span)
        or _meant(doc, sentence, verb)
    )
    if found:
        level = _level_of_body(found) or _level_in_name(doc, span) or _level_of_branch(doc, found)
        return Issuer(found, level)
    generic = _GENERIC.search(doc.text, max(sentence.span.start, verb - _NEAR), verb)
    if generic and doc.main_place:
        word = (generic["word"] or generic["zh"]).lower()
        return Issuer(doc.main_place.name, _GENERIC_LEVELS[word])
    places = [p for p in sentence.places if p.start < verb]
    if places and verb - places[-1].end < _NEAR:
        return Issuer(places[-1].name, _level_of(places[-1]))
    return Issuer(None, _level_in_name(doc, span))


def _in_title(doc: Document, span: Span) -> str | None:
    """The body that a title begins with: "Decision of the State Council on …", 国务院关于…."""
    match = _TITLED[doc.lang].match(doc.text, span.start, span.end)
    return match["body"] if match else None


def _body(doc: Document, start: int, end: int) -> str | None:
    bodies = list(_BODY[doc.lang].finditer(doc.text, start, end))
    if not bodies:
        return None
    name = _ZH_LEAD.sub("", bodies[-1].group().strip())
    if _ZH_VAGUE.search(name):
        return None
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE) or None


def _meant(doc: Document, sentence: Sentence, verb: int) -> str | None:
    """What "the bureau" means: the last body of that kind that the article named."""
    low = max(sentence.clause_at(max(verb - 1, sentence.span.start)).start, verb - _NEAR)
    match = _BODY_AGAIN.search(doc.text, low, verb)
    if match is None:
        return None
    named = re.compile(rf"[A-Z][\w’'-]*(?:\s(?:of\s)?[A-Z][\w’'-]*)*\s{match['word'].title()}\b")
    told = list(named.finditer(doc.text, max(0, low - _LONG_AGO), low))
    return re.sub(r"^The\s", "", told[-1].group()) if told else None


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


def _level_of_branch(doc: Document, body: str) -> str | None:
    """The level of the place in a body's name: "Linhe Customs"."""
    inside = [place for place in doc.places if place.name in body]
    return _level_of(inside[0]) if inside else None


def _level_of_body(body: str) -> str | None:
    return next((level for level, words in _BODY_LEVELS if words.search(body)), None)
