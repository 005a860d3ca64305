"""Who gives a sum of money and who gets it, as the article words them."""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.phrases import tidy_zh

_GIVES = {
    "en": re.compile(
        r"\b(?:allocat|provid|issu|releas|grant|arrang|distribut|cash|lend|lent|extend|invest|"
        r"set aside|set up|return(?!s)|assign|spen[dt]|open|sanction|underwr|"
        r"refund|repaid|"
        r"took out|taken out|takes out|inject|implement|handl|put|utiliz|enjoy|sign|"
        r"offer|transferr|subsid|appropriat|contribut|"
        r"award|approv|pay|paid|reduc|exempt|earmark|disburs|reward|honou?r|launch|receiv|obtain|"
        r"secur|got\b|gets\b|took\b|borrow|waiv|saved)\w*",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"安排|发放|拨付|下达|落实|兑现|投入|设立|拿出|办理|提供|给予|注入|授信|减免|发行|"
        r"争取|投资|签约|奖励|补贴|筹集|支持|投放|贴息|放款|再?配套?(?=\d)|获得?(?=\d)|拿走|领到"
    ),
}
_GETS = re.compile(
    r"receiv|obtain|secur|utiliz|enjoy|got|gets|took$|borrow|saved|争取|获|拿走|领到",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:bureaus?|departments?|governments?|finance|treasury|banks?|"
    r"ministry|committee|commission|"
    r"offices?|authority|authorities|state|cent(?:re|er)|region|union|group|"
    r"fund|administration|lenders|company|city|province|county|"
    r"district|park|zone|legislature|council|co-?op(?:erative)?|guarantee|"
    r"arm)(?:\sof\sthe\s\w+)?$|(?:集团|局|厅|委|部|"
    r"部门|政府|财政|银行|信用社|公司|农商行|支行|市|省|县|区)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-Z][\w&.-]*\s(?:(?:of|and|for|the)\s)?){1,6}[A-Z][\w&.-]*")
_GENERIC = re.compile(
    "(?:the )?(?:city|county|district|province|zone|park)|全市|全县|全区|全省|市里|县里|区里",
    re.IGNORECASE,
)
BODY_WORDS = "bureau|customs|bank|department|committee|ministry|fund|group|office"
"""What "the bank", "the bureau" are: the last body of that kind that the article named."""
_BODY_AGAIN = re.compile(rf"(?:the |this )?(?P<word>{BODY_WORDS})", re.IGNORECASE)
_LONG_AGO = 1500  # characters
_AUXILIARY = re.compile(
    r"\s+(?:has|have|had|also|successfully|will|was|were|is|newly|this year|last year|who|"
    r"that|on|recently|jointly|can|would|intends? to|plans? to|hopes? to|says?|said)\b.*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:(?:of|in|among)\s+(?:which|them|these)|the|while|and|but|"
    r"meanwhile|then|also|where|so far|up to now|with(?: each)?)\s+)+",
    re.IGNORECASE,
)
_BEFORE_SUBJECT = re.compile(r"^.*\b(?:and|that|said)\s+(?=the\b|[A-Z\d])")
_ONLY_LEAD = re.compile(r"\W*(?:(?:and|but|while|by|in|on|so far)\W+)*", re.IGNORECASE)
# "Under the plan the municipal finance", "the “Tea Loan” of the county's bank".
_UNDER = re.compile(r"^(?:under|in|at|for|with|by|from)\s.*\s(?=the\s)", re.IGNORECASE)
_QUOTED_OF = re.compile(r"^.*[”\"]\s+of\s+(?=the\s|[A-Z])")
_PLACED = re.compile(r"\s+in\s+[A-Z].*$")
_NO_NAME = re.compile(
    r"^(?:it|he|she|they|we|you|which|who|this|that|these|i|of|in|among|one|"
    r"both|total|there|what)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\bfrom\s+(?:the\s+)?(?P<name>[^,;.\d]{3,50}?)(?=\s+(?:to|for|in|on|by|with|and|then|at|"
    r"since|last|this)\b|[,;.]|$)",
    re.IGNORECASE,
)
# "was discounted by the finance", "run by the city's investment arm", 由财政出资.
_BY = re.compile(
    r"\b(?:financed|funded|run|issued|provided|paid|discounted|covered|granted|borne|repaid|"
    r"allocated|arranged|offered|set up|launched|managed|lent|disbursed|awarded|waived|put up|"
    r"raised|contributed|backed)\s+by\s+(?:the\s+)?(?P<name>[^,;.\d]{3,60}?)"
    r"(?=\s+(?:to|for|in|on|with|was|were|has|had|and|at|since|last|this|then)\b|[,;.]|$)"
)
_RECEIVERS = (
    "enterprises|companies|firms|projects|households|smes|businesses|farmers|growers|people|"
    "workers|entities|residents|factories|manufacturers|counties|cities|clusters|makers|"
    "suppliers|students|families|borrowers|shops|mills|plants|workshops|merchants|villages|"
    "taxpayers|traders|employers|employees|schools|startups|start-ups|units|vendors|exporters|"
    "producers|processors|operators|owners|groups|districts|towns|patients|graduates|herders"
)
_TO = {
    "en": re.compile(
        r"\b(?:for|to|with|among|benefiting|benefitting|supporting|helping)\s+"
        r"(?:support\s+|the\s+construction\s+of\s+|a total of\s+|help\s+|benefit\s+)?"
        rf"(?P<name>(?:the\s+|more than\s+|over\s+|some\s+)?(?:[^,;.()。，“\"]|"
        rf"(?<=\d),(?=\d)){{0,60}}?(?:{_RECEIVERS})"
        r"(?:\s+of\s+[a-z]+(?:,\s[a-z]+)*(?:\s(?:and\s)?[a-z]+){0,3}(?=[,;.]|$))?)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:为|向|给|惠及|支持|帮助|奖励|补贴|与)"
        r"(?P<name>[^，。；]{0,14}?(?:企业|项目|农户|商户|个体工商户|主体|群众))"
    ),
}
_REACH = {"en": 130, "zh": 40}
_LONGEST = 70


def provider_of(doc: Document, sentence: Sentence, span: Span) -> str | None:
    """The subject of the verb of giving before a sum, or what it was received from.

    `span` is the stretch of the sum and its noun.
    """
    clause = sentence.clause_at(span.end - 1)
    if doc.lang == "en":
        limit = min(sentence.span.end, max(clause.end, span.end + _REACH["en"]))
        by = _BY.search(doc.text, clause.start, min([limit, *_next_sums(sentence, span.end)]))
        if by is not None:
            return _known(doc, sentence, by["name"].strip())
    verbs = list(_GIVES[doc.lang].finditer(doc.text, sentence.span.start, span.start))
    if not verbs:
        return None
    if _GETS.match(verbs[-1].group()):
        match = _FROM.search(doc.text, verbs[-1].end(), clause.end)
        return _known(doc, sentence, match["name"].strip()) if match else None
    return _known(doc, sentence, _subject(doc, sentence, verbs[-1].start()))


def recipient_of(doc: Document, sentence: Sentence, before: int, after: int) -> str | None:
    """Who gets a sum: the subject of a verb of receiving, or whom the words behind it name."""
    return _receiver(doc, sentence, before) or _behind(doc, sentence, after)


def _known(doc: Document, sentence: Sentence, name: str) -> str | None:
    """A name, if it is one of a place or a body; "the bank" is the last one named."""
    name = _LEAD.sub("", name)
    if not name or _NO_NAME.match(name) or len(name) >= _LONGEST:
        return None
    if _GENERIC.fullmatch(name) and doc.main_place:
        return doc.main_place.name
    again = _BODY_AGAIN.fullmatch(name)
    if again is not None:
        return body_told(doc, again["word"], sentence.span.start) or name
    is_place = any(place.name == name for place in sentence.places)
    return name if is_place or _BODY.search(name) or _NAME.fullmatch(name) else None


def body_told(doc: Document, word: str, before: int) -> str | None:
    """The last body of a kind ("bank") that the article named before an offset."""
    named = re.compile(
        rf"[A-Z][\w’'-]*(?:\s(?:of\s)?[A-Z][\w’'-]*)*\s{word.title()}\b"
        r"(?:\sof(?:\s(?:[A-Z]\w+|and))*\s[A-Z]\w+)?"
    )
    told = list(named.finditer(doc.text, max(0, before - _LONG_AGO), before))
    return re.sub(r"^The\s", "", told[-1].group()) if told else None


def _subject(doc: Document, sentence: Sentence, verb: int) -> str:
    """The subject of a verb: what its clause begins with, behind or before a time.

    "Xixia, home of mushrooms, set up": a clause that begins with its verb goes on with the
    subject of the sentence.
    """
    clause = sentence.clause_at(verb)
    phrase = _before_verb(doc, sentence, clause.start, verb)
    first = sentence.clauses[0]
    if not phrase and first.end <= clause.start and doc.lang == "en":
        places = [place for place in sentence.places if place.end == first.end]
        return places[0].name if places else ""
    if phrase.lower() == "it":
        told = [p.name for p in sentence.places if p.start < clause.start]
        return told[-1] if told else phrase
    return phrase


def _before_verb(doc: Document, sentence: Sentence, start: int, verb: int) -> str:
    """What stands before a verb in its clause, without times, auxiliaries and conjunctions."""
    stop = verb
    for mention in sentence.mentions:
        if mention.kind != "period" or not start <= mention.start < verb:
            continue
        if _ONLY_LEAD.fullmatch(doc.text, start, mention.start):
            start = mention.end
        else:
            stop = mention.start
            break
    phrase = doc.text[start:stop].strip(" ,，")
    if doc.lang == "zh":
        return tidy_zh(phrase).removesuffix("预算")
    phrase = _BEFORE_SUBJECT.sub("", _AUXILIARY.sub("", phrase))
    phrase = _QUOTED_OF.sub("", _UNDER.sub("", phrase))
    return _LEAD.sub("", phrase).strip(" ,")


def _receiver(doc: Document, sentence: Sentence, before: int) -> str | None:
    verbs = [
        m for m in _GIVES[doc.lang].finditer(doc.text, sentence.span.start, before)
        if _GETS.match(m.group())
    ]  # fmt: skip
    if not verbs or doc.lang == "zh":
        return None
    phrase = _PLACED.sub("", _subject(doc, sentence, verbs[-1].start()))
    is_name = 3 < len(phrase) < 60 and not _NO_NAME.match(phrase)
    return phrase if is_name else None


def _behind(doc: Document, sentence: Sentence, start: int) -> str | None:
    limit = min(sentence.span.end, start + _REACH[doc.lang])
    stop = re.search(r"[;；]", doc.text[start:limit])
    limit = start + stop.start() if stop else limit
    # What the next sum goes to is not what this one goes to.
    limit = min([limit, *_next_sums(sentence, start)])
    match = _TO[doc.lang].search(doc.text, start, limit)
    for place in sentence.places:
        is_near = start <= place.start < min(limit, sentence.clause_at(start).end)
        is_first = match is None or place.start < match.start()
        if is_near and is_first and doc.text.endswith((" to ", "向"), 0, place.start):
            return place.name
    return _LEAD.sub("", match["name"].strip()) or None if match else None


def _next_sums(sentence: Sentence, start: int) -> list[int]:
    """Where the amounts of a sentence behind an offset begin."""
    return [m.start for m in sentence.mentions if m.kind == "money" and start <= m.start]
