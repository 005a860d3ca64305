"""Who gives a sum of money and who gets it, as the article words them."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.phrases import tidy_zh

_GIVES = {
    "en": re.compile(
        r"\b(?:allocat|provid|issu|releas|grant|arrang|distribut|cash|lend|lent|extend|invest|"
        r"set aside|took out|taken out|takes out|inject|implement|handl|put|utiliz|enjoy|sign|"
        r"offer|"
        r"award|approv|pay|paid|reduc|exempt|earmark|disburs|reward|honou?r|launch|receiv|obtain|"
        r"secur|got\b|raised?\b|waiv|saved)\w*",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"安排|发放|拨付|下达|落实|兑现|投入|设立|拿出|办理|提供|给予|注入|授信|减免|发行|"
        r"争取|投资|签约|奖励|补贴|筹集|支持|投放"
    ),
}
_GETS = re.compile(r"receiv|obtain|secur|utiliz|enjoy|got|saved|争取", re.IGNORECASE)
_BODY = re.compile(
    r"(?:bureaus?|departments?|government|finance|treasury|banks?|ministry|committee|commission|"
    r"offices?|authority|union|group|fund|administration|lenders|company|city|province|county|"
    r"district|park|zone|集团|局|厅|委|部|部门|政府|财政|银行|信用社|公司|市|省|县|区)$",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    "city|county|district|province|zone|park|全市|全县|全区|全省|市里|县里", re.IGNORECASE
)
_AUXILIARY = re.compile(
    r"\s+(?:has|have|had|also|successfully|will|was|were|is|newly|this year|last year|who|"
    r"that|on)\b.*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:the|while|and|but|meanwhile|then|also)\s+)+", re.IGNORECASE)
_BEFORE_SUBJECT = re.compile(r"^.*\b(?:and|that|said)\s+(?=the\b|[A-Z\d])")
_PLACED = re.compile(r"\s+in\s+[A-Z].*$")
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?(?P<name>[^,;.]{3,50})", re.IGNORECASE)
_TO = {
    "en": re.compile(
        r"\b(?:for|to|with|among|benefiting|benefitting|supporting|helping)\s+"
        r"(?:support\s+|the\s+construction\s+of\s+|a total of\s+)?"
        r"(?P<name>(?:the\s+|more than\s+|over\s+|some\s+)?[^,;.。，]{0,60}?(?:enterprises|"
        r"companies|"
        r"firms|projects|households|smes|businesses|farmers|growers|people|workers|entities|"
        r"residents|factories|manufacturers|counties|cities|clusters))\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:为|向|给|惠及|支持|帮助|奖励|补贴|与)"
        r"(?P<name>[^，。；]{0,14}?(?:企业|项目|农户|商户|个体工商户|主体|群众))"
    ),
}
_REACH = {"en": 130, "zh": 40}
_LONGEST = 70


def provider_of(doc: Document, sentence: Sentence, before: int) -> str | None:
    """The subject of the verb of giving before a sum, or what it was received from."""
    verbs = list(_GIVES[doc.lang].finditer(doc.text, sentence.span.start, before))
    if not verbs:
        return None
    if _GETS.match(verbs[-1].group()):
        match = _FROM.search(doc.text, verbs[-1].end(), sentence.span.end)
        return match["name"].strip() if match else None
    subject = _subject(doc, sentence, verbs[-1].start())
    if _GENERIC.fullmatch(subject) and doc.main_place:
        return doc.main_place.name
    return subject if _BODY.search(subject) and len(subject) < _LONGEST else None


def recipient_of(doc: Document, sentence: Sentence, before: int, after: int) -> str | None:
    """Who gets a sum: the subject of a verb of receiving, or whom the words behind it name."""
    return _receiver(doc, sentence, before) or _behind(doc, sentence, after)


def _subject(doc: Document, sentence: Sentence, verb: int) -> str:
    phrase = doc.text[sentence.clause_at(verb).start : verb].strip(" ,")
    if doc.lang == "zh":
        return tidy_zh(phrase)
    phrase = _BEFORE_SUBJECT.sub("", _AUXILIARY.sub("", phrase))
    return _LEAD.sub("", phrase).strip(" ,")


def _receiver(doc: Document, sentence: Sentence, before: int) -> str | None:
    verbs = [
        m for m in _GIVES[doc.lang].finditer(doc.text, sentence.span.start, before)
        if _GETS.match(m.group())
    ]  # fmt: skip
    if not verbs or doc.lang == "zh":
        return None
    phrase = _PLACED.sub("", _subject(doc, sentence, verbs[-1].start()))
    return phrase if 3 < len(phrase) < 60 else None


def _behind(doc: Document, sentence: Sentence, start: int) -> str | None:
    limit = min(sentence.span.end, start + _REACH[doc.lang])
    stop = re.search(r"[;；]", doc.text[start:limit])
    limit = start + stop.start() if stop else limit
    match = _TO[doc.lang].search(doc.text, start, limit)
    return _LEAD.sub("", match["name"].strip()) or None if match else None
