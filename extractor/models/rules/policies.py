"""The reader of policies: titles, named programmes, counted measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from extractor.grounding import Span
from extractor.models.rules.context import period_of, region_of, status_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy_zh, unquoted
from extractor.values import Count

_TITLE_NOUN = (
    r"(?:Measures|Policies|Policy|Opinions|Plan|Planning|Outline|Rules|Regulations?|Programme|Program|Guidelines|"
    r"Scheme|Law|Strategy|Initiative|Standards?|Articles|Campaign|Action)"
)
_CAPITALISED = re.compile(
    rf"\b(?:[A-Z0-9][\w’'-]*\s+|(?:of|for|on|the|and|to|in|with|from|by)\s+){{1,14}}?{_TITLE_NOUN}\b"
    rf"(?:\s+(?:for|on|of|to)(?:\s+(?:[A-Z0-9][\w’'-]*|of|for|on|the|and|to|in|with|by))+)?"
)
_AFTER_QUOTE = re.compile(
    r"\s*(?P<np>(?:[a-z-]+\s+){0,3}?(?:action plan|work plan|development plan|plan|campaign|actions?|initiative|programme|program|policy|"
    r"policies|measures|system|mechanism|platform|project|pool|model|activity|activities|strategy|scheme|businesses|fund|loans?))\b",
    re.IGNORECASE,
)
_ZH_AFTER_QUOTE = re.compile(r"(?P<np>[\u4e00-\u9fff]{0,8}?(?:专项行动|行动|计划|工程|政策|机制|制度|平台|方案|活动|措施|规划|贷))")
_NOT_A_POLICY = re.compile(r"\b(?:award|prize|forum|fair|exhibition|conference|meeting|daily|list|title|model|effect|brand)\b|大会|论坛|奖|博览会|日报", re.IGNORECASE)
_ZH_TITLE = re.compile(r"(?:措施|政策|意见|通知|举措|计划|规划|方案|纲要|战略|行动|办法|条例|细则|规定|标准|条|指引|指南|实施意见|若干规定)(?:（[^）]*）)?$")
_DESCRIBED = re.compile(
    r"\b(?:an?|the|its|own)\s+(?P<np>(?:[\w’'-]+\s+){1,6}?(?:action plan|work plan|implementation plan|plan|campaign|action|programme|program|"
    r"policy|scheme|strategy|initiative|mechanism|system)\b(?:\s+(?:for|to|on|of)\s+[^,;.“”\"]{4,80})?)",
    re.IGNORECASE,
)
_REGULATING = re.compile(r"Measures for the (?:Administration|Management|Supervision|Evaluation|Recognition)|管理办法")
_PART_OF_TITLE = re.compile(r"(?:\bwith|including|containing|a total of|共|包括|提出|推出)\s*$")
_ADJECTIVE_ONLY = re.compile(r"^(?:new|own|good|work|overall|same|relevant|detailed|complete|clear|specific|current|construction|development|legal|market|economic|industrial|production|operation|monitoring|evaluation)\s+\w+$", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"(?P<org>(?:the\s+)?(?:[A-Z][\w’'-]*\s+(?:of|and|for|the)?\s*)*(?:Bureau|Department|Government|Committee|Commission|Ministry|Office|Council|Administration|Bank|Union)"
    r"(?:\s+of(?:\s+(?:[A-Z][\w’'-]*|and|of|the))+)?)"
)
_ZH_ORGANISATION = re.compile(r"(?P<org>[\u4e00-\u9fff]{2,14}?(?:局|厅|委|部|政府|办公室|银行|管委会|国务院))")


@dataclass(frozen=True)
class _Found:
    """A policy's name, its stretch, and the noun that says what it is."""

    name: str
    span: Span
    kind: str


def read(doc: Document) -> list[dict[str, Any]]:
    """Draft policies of the article."""
    drafts: dict[str, dict[str, Any]] = {}
    for index, sentence in enumerate(doc.sentences):
        for found in _sentence(doc, sentence):
            draft = _draft(doc, index, sentence, found)
            key = re.sub(r"\W+", " ", found.name.lower()).strip()
            known = next((k for k in drafts if key in k or k in key), None)
            if known is None:
                drafts[key] = draft
            elif len(key) > len(known):
                drafts[known] = draft
    return list(drafts.values())


def _sentence(doc: Document, sentence: Sentence) -> list[_Found]:
    found = [*_quoted(doc, sentence), *_counted(doc, sentence)]
    if not doc.chinese:
        found += _capitalised(doc, sentence)
        found += _described(doc, sentence)
    titles = [f for f in found if not f.name[:1].isdigit()]
    kept: list[_Found] = []
    for policy in sorted(found, key=lambda f: (f.span.start, -f.span.end)):
        is_size = policy not in titles and _PART_OF_TITLE.search(doc.text[: policy.span.start][-16:])
        if is_size and any(t.span.end <= policy.span.start for t in titles):
            continue
        if not kept or policy.span.start >= kept[-1].span.end:
            kept.append(policy)
    return kept


def _kind(doc: Document, start: int, end: int) -> Cue | None:
    """The head noun of a name: the first before "for", "of", "on"; in Chinese the last."""
    nouns = doc.cues.within("policy_nouns", start, end)
    if not nouns:
        return None
    if doc.chinese:
        return nouns[-1]
    text = doc.text
    headed = [n for n in nouns if re.match(r"\s*(?:$|for|to|of|on|[”\"’(,.])", text[n.end : min(end, n.end + 6)])]
    return (headed or nouns)[0]


def _has_verb(doc: Document, sentence: Sentence, start: int) -> bool:
    return bool(doc.cues.within("policy_verbs", max(sentence.span.start, start - (40 if doc.chinese else 140)), start))


def _quoted(doc: Document, sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    text = doc.text
    for quote in doc.quoted:
        if not sentence.span.start <= quote.start < sentence.span.end:
            continue
        inner = text[quote.start + 1 : quote.end - 1].strip(" ,.，。")
        if len(inner) < 4 or _NOT_A_POLICY.search(inner):
            continue
        book = text[quote.start] == "《"
        after = (_ZH_AFTER_QUOTE if doc.chinese else _AFTER_QUOTE).match(text, quote.end)
        noun = _kind(doc, quote.start + 1, quote.end - 1)
        is_title = bool(_ZH_TITLE.search(inner)) if doc.chinese else bool(
            noun
            and (inner[:1].isupper() or inner[:1].isdigit() or _LOWER_TITLE.search(inner))
        )
        if is_title and (book or not after or (len(inner) > 16 and inner[:1].isupper())):
            if noun and re.search(r"loan|guarantee", text[noun.start : noun.end], re.IGNORECASE) and not _has_verb(doc, sentence, quote.start):
                continue
            kind = noun.value if noun else "measure"
            if _REGULATING.search(inner):
                kind = "regulation"
            found.append(_Found(inner, Span(quote.start, quote.end), kind))
        elif after and not _NOT_A_POLICY.search(after["np"]):
            end = after.end("np")
            head = _kind(doc, quote.end, end)
            if head is not None:
                name = text[quote.start : end]
                found.append(_Found(tidy_zh(name) if doc.chinese else name, Span(quote.start, end), head.value))
    return found


def _counted(doc: Document, sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    text = doc.text
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count) or doc.is_quoted(mention.start, mention.end):
            continue
        limit = min(sentence.span.end, mention.end + (12 if doc.chinese else 60))
        if doc.chinese:
            match = re.match(r"(?:[\u4e00-\u9fff]{0,8}?)(?:政策措施|政策|措施|举措)", text[mention.end : limit])
            if match is None or not re.search(r"[条项个]$", mention.value.text):
                continue
            end = mention.end + match.end()
        else:
            match = re.match(
                r"\s+(?:[a-z-]+\s+){0,4}?(?:policies|measures|policy measures|articles)\b(?:\s+(?:for|to|on)\s+[^,;.]{4,60})?",
                text[mention.end : limit + 40],
            )
            if match is None or re.search(r"\b(?:of|in|for)\b", match.group().split(" for ")[0].split(" to ")[0].split(" on ")[0]):
                continue
            end = mention.end + len(_TAIL_END.split(match.group())[0])
        if not _has_verb(doc, sentence, mention.start):
            continue
        found.append(_Found(text[mention.start : end].strip(), Span(mention.start, end), "measure"))
    return found


def _capitalised(doc: Document, sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    for match in _CAPITALISED.finditer(doc.text, sentence.span.start, sentence.span.end):
        name = re.sub(r"\s+(?:of|for|on|the|and|to|in|with|from|by)$", "", match.group())
        name = re.sub(r"^(?:(?:The|In|On|For|By|of|for|on|the|and|to|in|with|from|by|It|This)\s+)+", "", name)
        words = [w for w in name.split() if w[:1].isupper()]
        if len(words) < 3 or _NOT_A_POLICY.search(name):
            continue
        start = match.start() + match.group().index(name)
        noun = _kind(doc, start, start + len(name))
        if noun is not None and (len(words) > 3 or _has_verb(doc, sentence, start)):
            found.append(_Found(name, Span(start, start + len(name)), noun.value))
    return found


_TAIL_END = re.compile(r"\s+and\s+(?=\w+(?:ed|ing)\b)|\s+(?:which|that|was|were|has|have|will|is|has)\b")
_LOWER_TITLE = re.compile(r"\b(?:action|campaign|plan|system|programme?|measures|policy|policies|loan|initiative|mechanism)$")


def _described(doc: Document, sentence: Sentence) -> list[_Found]:
    found: list[_Found] = []
    for match in _DESCRIBED.finditer(doc.text, sentence.span.start, sentence.span.end):
        name = _TAIL_END.split(match["np"].strip())[0]
        verbs = doc.cues.within("policy_verbs", max(sentence.span.start, match.start() - 30), match.start())
        if not verbs or _ADJECTIVE_ONLY.match(name) or _NOT_A_POLICY.search(name):
            continue
        noun = _kind(doc, match.start("np"), match.end("np"))
        tail = re.search(r"\s(?:for|to|on|of)\s", name)
        if noun is None or noun.value == "mechanism":
            continue
        if not tail and noun.value == "measure" and len(name.split()) < 4:
            continue
        start = match.start("np")
        found.append(_Found(name, Span(start, start + len(name)), noun.value))
    return found


def _draft(doc: Document, index: int, sentence: Sentence, found: _Found) -> dict[str, Any]:
    span = found.span
    issuer, tier = _issuer(doc, sentence, span)
    own = [c.value for c in doc.cues.within("levels", span.start, span.end)]
    level = own[0] if own else tier
    count, end = _measure_count(doc, sentence, found)
    return {
        "name": unquoted(found.name) if found.name[:1] in "“\"《「" and found.name[-1:] in "”\"》」" else found.name,
        "kind": found.kind,
        "issuer": issuer,
        "level": level,
        "measure_count": count,
        "region": region_of(doc, sentence, span.start),
        "period": period_of(doc, index, span.start, "policy"),
        "status": status_of(doc, sentence, span.start, span.start),
        "evidence": doc.passage(sentence.span, span, (span.start, max(end, span.end))),
    }


def _measure_count(doc: Document, sentence: Sentence, found: _Found) -> tuple[str | None, int]:
    text = doc.text
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count):
            continue
        if mention.start == found.span.start:
            return mention.value.text, mention.end
        after = mention.start >= found.span.end and mention.start - found.span.end < 60
        if after and re.match(r"\s*(?:[a-z]+\s+){0,3}(?:measures|policies|articles|政策|措施|举措)|条|项", text[mention.end : mention.end + 40]):
            return mention.value.text, mention.end + 9
    lead = re.match(r"[“\"《]?\s*(?P<n>\d+|[A-Z][a-z]+)\s+(?:Measures|Policies|Articles)", text[found.span.start : found.span.end])
    if lead:
        try:
            return Count.parse(lead["n"]).text, found.span.end
        except ValueError:
            return None, found.span.end
    return None, found.span.end


_GENERIC_BODY = re.compile(r"\b(?:the|this|our) (?P<word>city|county|district|province|park|zone)\b[^,;.]{0,40}$|(?:全|该|我)(?P<zh>市|县|区|省)[^，。；]{0,12}$", re.IGNORECASE)
_GENERIC_LEVELS = {"city": "municipal", "county": "county", "district": "county", "province": "provincial", "park": "park", "zone": "park",
    "市": "municipal", "县": "county", "区": "county", "省": "provincial"}
_TIERS = {1: "provincial", 2: "municipal", 3: "county", 4: "park"}


def _issuer(doc: Document, sentence: Sentence, span: Span) -> tuple[str | None, str | None]:
    """Who made the policy, and the level that follows from it."""
    text = doc.text
    pattern = _ZH_ORGANISATION if doc.chinese else _ORGANISATION
    verbs = doc.cues.within("policy_verbs", sentence.span.start, span.start)
    verb = verbs[-1].start if verbs else span.start
    bodies = list(pattern.finditer(text, sentence.span.start, verb))
    if bodies:
        body = re.sub(r"^the\s+", "", bodies[-1]["org"].strip(), flags=re.IGNORECASE)
        return body, _level_of_body(body)
    generic = _GENERIC_BODY.search(text[max(sentence.span.start, verb - 60) : verb])
    if generic and doc.main_place:
        return doc.main_place, _GENERIC_LEVELS[(generic["word"] or generic["zh"]).lower()]
    places = [p for p in doc.places if sentence.span.start <= p.start < verb]
    if places and verb - places[-1].end < 60:
        return places[-1].name, _TIERS.get(places[-1].tier)
    return None, None


def _level_of_body(body: str) -> str | None:
    for level, words in (
        ("national", r"Ministry|State|National|国务院|部$|国家"),
        ("provincial", r"Provinc|省|厅$"),
        ("municipal", r"Municipal|City|市"),
        ("county", r"County|District|县|区"),
    ):
        if re.search(words, body):
            return level
    return None
