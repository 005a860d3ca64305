"""Who issued or runs a policy, and the level of government that follows from it."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.parties import BODY_WORDS, body_told
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

_BODY = {
    "en": re.compile(
        r"(?P<body>(?:[Tt]he\s+)?(?:[A-Z][\w’'-]*\s+(?:of|and|for|the)?\s*)*(?:Bureau|Department|"
        r"Government|Committee|Commission|Ministry|Office|Council|Administration|Bank|Union|Trust|"
        r"Treasury)(?:\s+of(?:\s+(?:[A-Z][\w’'-]*|and(?!\s\w+\sother)|of|the))+)?"
        r"(?:\s+and\s+(?:\w+\s+other|other\s+\w+)\s+departments)?)|"
        r"(?P<lower>(?:(?:municipal|provincial|county|district|city)(?:[’']s)?|(?<=the)|(?<=The))\s+"
        r"(?:[a-z’']+\s+){0,3}?(?:government|finance|bureau|party\scommittee|"
        r"office|department|ministry|cabinet|legislature)(?:\s+office)?)\b"
    ),
    "zh": re.compile(
        r"(?P<body>[\u4e00-\u9fff]{0,14}?(?:局|厅|委|部|政府|办公室|银行|管委会|国务院))"
    ),
}
_BY = re.compile(r"\b(?:by|of)\s+(?:the\s+)?$", re.IGNORECASE)
_GENERIC = re.compile(
    r"\b(?:the|this|our) (?P<word>city|county|district|province|park|zone)\b[^,;.]{0,40}$|"
    r"(?:(?:全|该|我)(?P<zh>市|县|区|省)|(?P<home>市|县|区|省)里)[^，。；]{0,12}$",
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
# "the city's “Toy Rules”"; "the “Toy Rules” of the city", "launched by the county in May".
_CITYS = re.compile(
    r"\b(?:the|our|this) (?P<word>city|county|district|province|zone|park)[’'‘`´]\s?s\s+[“\"]?"
    r"(?:[\w-]+\s+){0,2}[“\"]?$",
    re.IGNORECASE,
)
_OF_THE_CITY = re.compile(
    r"[”\"]?\s+(?:of|(?:was|were|is) (?:launched|issued|introduced|set up|created|started) by) the "
    r"(?P<word>city|county|district|province|zone|park)\b(?![’'])"
)
_LAUNCHED = re.compile(
    r"[”\"]?,?\s(?:an?\s[\w-]+\s)?(?:which|that)\s(?:the\s)?(?P<subject>[A-Za-z][\w’' -]{2,60}?)\s"
    r"(?:(?:began|started) to\s)?(?:runs?|launched|opened|started|introduced|issued|set up|"
    r"brought in|created)\b"
)
_PRONOUNS = frozenset(("it", "they", "he", "she", "we", "city", "county", "zone"))
_LEVEL_BEFORE = re.compile(
    r"\b(?P<word>municipal|provincial|national|federal|county-level|city-level)\s"
    r"(?:[\w-]+\s){0,2}[“\"]?$",
    re.IGNORECASE,
)
_SAID_LEVELS = {
    "municipal": "municipal", "provincial": "provincial", "national": "national",
    "federal": "national", "county-level": "county", "city-level": "municipal",
}  # fmt: skip
# These name nobody: the article told before whom they mean.
_PLAIN_BODIES = frozenset(("bureau", "office", "department", "finance", "ministry"))
_SHORTEST = 2  # characters of a body's name
_TITLED = {
    "en": re.compile(
        r"[“\"]?(?:[A-Z]\w+\s){1,3}of\s(?:the\s)?"
        r"(?P<body>(?:[A-Z]\w+\s(?:of\s(?:the\s)?)?)*"
        r"(?:Council|Committee|Government|Ministry|Commission|Bureau|Department)"
        r"(?:\sof(?:\s(?:[A-Z]\w+|and))+)?)\s(?:on|for)\b"
    ),
    "zh": re.compile(r"[《“]?(?P<body>[\u4e00-\u9fff]{2,20}?[院委会部厅局府办])关于"),
}
_BODY_AGAIN = re.compile(rf"\b(?:the|this) (?P<word>{BODY_WORDS})\b(?![’'])")
# Lenders are of no level of government.
_LENDER = re.compile(
    r"(?:bank|union|cooperative|trust|group|company|银行|农商行|公司)$", re.IGNORECASE
)
# "the tax office's “Ask Once” window"; "the “Tea Loan” of the county's rural commercial bank".
_BODY_WORD = (
    r"(?:bureau|office|department|bank|ministry|government|commission|council|treasury|union|"
    r"company|cooperative)"
)
_BODYS = re.compile(
    rf"\bthe (?P<body>(?:[\w’']+ ){{0,5}}{_BODY_WORD})[’']s (?:[\w-]+ ){{0,2}}[“\"]?$",
    re.IGNORECASE,
)
_OF_BODY = re.compile(
    rf"[”\"]?(?:\s\w+){{0,2}}? of (?:the )?(?P<body>(?:[\w’']+ ){{0,5}}?{_BODY_WORD}"
    r"(?: of [A-Z]\w+(?: [A-Z]\w+)*)?)\b",
    re.IGNORECASE,
)
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
    if own := _own(doc, sentence, span) or _bodys(doc, sentence, span):
        return own
    verbs = doc.cues.within("policy_verbs", sentence.span.start, span.start)
    verb = verbs[-1].start if verbs else span.start
    body = _body(doc, sentence.span.start, verb)
    place = _place_before(doc, sentence, verb, body.end if body else sentence.span.start)
    if body is None or place is None:
        named = _in_title(doc, span) or _behind(doc, sentence, span)
        said = _name_of(doc, body) if body else None
        is_plain = said is None or said in _PLAIN_BODIES
        named = named or (_meant(doc, sentence, verb) if is_plain else None) or said
        if named:
            return _of_body(doc, span, named)
    generic = _GENERIC.search(doc.text, max(sentence.span.start, verb - _NEAR), verb)
    if generic and doc.main_place:
        return _generic(doc, generic)
    if place and verb - place.end < _NEAR:
        return Issuer(place.name, _level_of(place))
    return Issuer(None, _level_said(doc, span))


def _generic(doc: Document, match: re.Match[str]) -> Issuer:
    """What "the city" or 省里 means: the article's place, or the one named that it lies in."""
    word = (match["word"] or match["zh"] or match["home"]).lower()
    level, main = _GENERIC_LEVELS[word], doc.main_place
    assert main is not None
    is_outer = match["home"] and level != _level_of(main) and called(main) != CITY
    outer = [p for p in doc.places if lies_in(main, p) and _level_of(p) == level]
    if match["home"] and outer:
        return Issuer(outer[0].name, level)
    return Issuer(f"{word}里" if is_outer or word == "省" else main.name, level)


def _bodys(doc: Document, sentence: Sentence, span: Span) -> Issuer | None:
    """As in "the tax office's “Ask Once” window", "the “Tea Loan” of the county's bank"."""
    if doc.lang == "zh":
        return None
    low = max(sentence.span.start, span.start - _NEAR)
    high = min(sentence.span.end, span.end + 90)
    match = _BODYS.search(doc.text, low, span.start) or _OF_BODY.match(doc.text, span.end, high)
    return _of_body(doc, span, match["body"]) if match else None


def _of_body(doc: Document, span: Span, name: str) -> Issuer:
    """A body with its level: as its words say, else that of the article's place."""
    if _LENDER.search(name):
        return Issuer(name, None)
    level = _level_of_body(doc, name) or _level_said(doc, span)
    main = doc.main_place
    is_own_city = main is not None and called(main) == CITY and name.lower().startswith("city")
    if main is not None and (level is None or is_own_city):
        return Issuer(name, _level_of(main))
    return Issuer(name, level)


def _own(doc: Document, sentence: Sentence, span: Span) -> Issuer | None:
    """As in "the city's “Toy Rules”", "the “Toy Rules” of the county", "launched by the county"."""
    low = max(sentence.span.start, span.start - _NEAR)
    high = min(sentence.span.end, span.end + _NEAR)
    match = _CITYS.search(doc.text, low, span.start) or _OF_THE_CITY.match(doc.text, span.end, high)
    if match is None or doc.main_place is None:
        return None
    level = _GENERIC_LEVELS[match["word"].lower()]
    is_own = level == _level_of(doc.main_place) or called(doc.main_place) == CITY
    return Issuer(doc.main_place.name if is_own else match["word"], level)


def _place_before(doc: Document, sentence: Sentence, verb: int, start: int) -> PlaceName | None:
    """The last place before a verb, behind any body, in its clause or told just before."""
    places = [p for p in sentence.places if start <= p.start < verb]
    return places[-1] if places else None


def _in_title(doc: Document, span: Span) -> str | None:
    """The body that a title begins with: "Decision of the State Council on …", 国务院关于…."""
    match = _TITLED[doc.lang].match(doc.text, span.start, span.end)
    return match["body"] if match else None


def _body(doc: Document, start: int, end: int) -> Span | None:
    """The last body that a stretch names."""
    bodies = list(_BODY[doc.lang].finditer(doc.text, start, end))
    return Span(*bodies[-1].span()) if bodies else None


def _name_of(doc: Document, body: Span) -> str | None:
    name = _ZH_LEAD.sub("", doc.text[body.start : body.end].strip())
    if _ZH_VAGUE.search(name) or len(name) < _SHORTEST:
        return None
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE) or None


def _meant(doc: Document, sentence: Sentence, verb: int) -> str | None:
    """What "the bureau" means: the last body of that kind that the article named."""
    low = max(sentence.clause_at(max(verb - 1, sentence.span.start)).start, verb - _NEAR)
    match = _BODY_AGAIN.search(doc.text, low, verb)
    return body_told(doc, match["word"], low) if match else None


def _behind(doc: Document, sentence: Sentence, span: Span) -> str | None:
    """As in "… was issued by the municipal government", "…, which the treasury launched in May"."""
    if doc.lang == "zh":
        return None
    limit = min(sentence.span.end, span.end + 90)
    launched = _LAUNCHED.match(doc.text, span.end, limit)
    if launched and launched["subject"] not in _PRONOUNS:
        return launched["subject"]
    match = _BODY["en"].search(doc.text, span.end, limit)
    if match is None or not _BY.search(doc.text, span.end, match.start()):
        return None
    return re.sub(r"^the\s+", "", match.group().strip(), flags=re.IGNORECASE)


def _level_said(doc: Document, span: Span) -> str | None:
    """The level in the name of a policy, by the place in it, or in the word before it."""
    inside = [p for p in doc.places if span.start <= p.start and p.end <= span.end]
    if inside:
        return _level_of(inside[0])
    before = _LEVEL_BEFORE.search(doc.text, max(0, span.start - _NEAR), span.start)
    return _SAID_LEVELS[before["word"].lower()] if before else None


def _level_of(place: PlaceName) -> str:
    return "national" if is_country(place) else _TIER_LEVELS[place.tier]


def _level_of_body(doc: Document, body: str) -> str | None:
    """The level that a body's name says, by its words or by the place in it: "Linhe Customs"."""
    said = next((level for level, words in _BODY_LEVELS if words.search(body)), None)
    inside = [place for place in doc.places if place.name in body]
    return said or (_level_of(inside[0]) if inside else None)
