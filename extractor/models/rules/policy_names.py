"""Names of policies: quoted, in book-title marks, capitalised, described, or counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.launches import EVENT
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy_zh
from extractor.models.rules.policy_forms import forms
from extractor.values import Count

_HEADS = (
    r"action plan|work plan|development plan|plan|campaign|actions?|initiative|programme|program|"
    r"policy|policies|measures?|system|mechanism|platform|project|pool|model|activity|activities|"
    r"ordinance|strategy|scheme|businesses|business|fund|loans?|reform|package"
)
# "“A” and “B” businesses": the head is of all names of a list.
_ANOTHER = r"[“\"][^“”\"]{2,60}[”\"]"
# "… “one chain, one policy” special work plan", “免申即享”改革试点: the head stands behind.
_HEAD_BEHIND = {
    "en": re.compile(
        rf"(?:\s*(?:,|and|,\s*and)\s*{_ANOTHER})*"
        rf"\s*(?P<head>(?:[a-z-]+\s+){{0,3}}?(?:{_HEADS}))\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?:[、和及与]{_ANOTHER})*"
        r"(?P<head>[\u4e00-\u9fff]{0,8}?(?:专项行动|专项监督|专项整治|行动|计划|工程|政策|机制|"
        r"制度|平台|方案|活动|措施|规划|试点|改革(?:试点)?|(?<![送放信借])贷))"
    ),
}
# "the queuing system “Smart Queue”": the head stands before.
_HEAD_BEFORE = re.compile(
    r"\b(?P<head>(?:[a-z-]+\s+){0,1}(?:system|platform|campaign|programme|program|mechanism|"
    r"action|initiative|policy|scheme|plan|package|method))(?:\s+(?:of|for|on|called|named))?"
    r"\s+(?:the\s+)?$"
)
_NOT_A_POLICY = re.compile(
    r"\b(?:award|prize|forum|fair|exhibition|conference|meeting|daily|list|title|model|effect|"
    r"brand|"
    r"contract|agreement|institute|school|no\.|base|laborator\w*|center|centre|expo)\b|大会|论坛|奖|博览会|日报|"
    r"名单|合同|协议|报告|会议|模式|称号",
    re.IGNORECASE,
)
_ZH_TITLE = re.compile(
    r"(?:措施|政策|意见|通知|举措|计划|规划|方案|纲要|战略|行动|办法|条例|细则|规定|标准|条|"
    r"指引|指南|制|贷|券|公告)[”」]?"
    r"(?:（[^）]*）|\([^)]*\))?$"
)
_LOWER_TITLE = re.compile(
    r"\b(?:action|campaign|plan|system|programme?|measures|policy|policies|loan|initiative|"
    r"mechanism|vouchers?|pass|method|methods|ordinance)$"
)
_FINANCE = re.compile(r"loan|guarantee|voucher|pass|credit|贷|券", re.IGNORECASE)
_REGULATING = re.compile(
    r"Measures for the (?:Administration|Management|Supervision|Evaluation|Recognition)|"
    r"管理办法|method"
)
_HEAD_END = re.compile(r"\s*(?:$|for|to|of|on|[”\"’(,.])")
_SMALL = r"of|for|on|the|and|to|in|with|from|by"
_CAPITALS = re.compile(rf"(?:(?:[A-Z0-9][\w’'-]*|{_SMALL})\s+){{1,14}}$")
_CAPITALS_BEHIND = re.compile(
    rf"(?:\s+(?:for|on|of|to)(?:\s+(?:[A-Z0-9][\w’'-]*|{_SMALL}))+)?(?:\s*\([^)]*\))?"
)
_SMALL_START = re.compile(rf"^(?:(?:The|In|On|For|By|It|This|Under|{_SMALL})\s+)+")
_SMALL_END = re.compile(rf"\s+(?:{_SMALL})$")
_TITLE_WORD = re.compile(
    r"(?:Measures|Policies|Policy|Opinions|Plan|Planning|Outline|Rules|Regulations?|Programme|"
    r"Program|Bill|Act|Ordinance|"
    r"Guidelines|Scheme|Law|Strategy|Initiative|Standards?|Articles|Campaign|Action|Notice)$"
)
_DESCRIPTION = re.compile(
    r"\b(?:an?|the|its|own)\s+(?P<words>(?:(?!(?:an?|the|its)\s)[\w’'-]+\s+){1,6})$", re.IGNORECASE
)
_DESCRIBED_TAIL = re.compile(r"\s+(?:for|to|on|of)\s+[^,;.“”\"]{4,80}")
_TAIL_END = re.compile(
    r"\s+and\s+(?=\w+(?:ed|ing)\b)|\s+(?:which|that|was|were|has|have|will|is)\b"
)
_TOPIC = re.compile(
    r"(?:new|own|good|work|overall|same|relevant|detailed|complete|clear|specific|current|"
    r"construction|development|legal|market|economic|industrial|production|operation|monitoring|"
    r"evaluation|management|service|national|provincial|local)\s+\w+$|(?:number|series|range|"
    r"host|limit|scope|list) of\b|"
    r"relevant\b",
    re.IGNORECASE,
)
_COUNTED = {
    "en": re.compile(
        r"(?:\s+|-)(?:[a-z-]+\s+){0,4}?(?:policies|measures|policy measures|articles|"
        r"(?<=point )\w+ package)\b(?:\s+(?:for|to|on)\s+[^,;.]{4,60})?"
    ),
    "zh": re.compile(r"[\u4e00-\u9fff]{0,8}?(?:政策措施|政策|措施|举措)"),
}
# "…”, 19 articles in all", "…”, in which sixteen measures": what the title holds.
_APPOSED = re.compile(
    r"[”\"》]?\s*(?:\([^)]*\))?[,，]?\s*(?:(?:in|of) which\s|among them\s|[共含])?"
)
_SIZE_OF_TITLE = re.compile(
    r"(?:\bwith|batches and|including|containing|a total of|共|包括|提出|推出)\s*$"
)
_EVENT_REACH = 60  # characters
_MOST_SMALL = 8  # words
_VERB_REACH = {"en": 140, "zh": 40}
_LEAST = {"en": 3, "zh": 2}  # characters between quotation marks
_SHORTEST, _LONG_TITLE, _LONGEST_ZH = 3, 16, 16  # words in capitals; characters


class Named(NamedTuple):
    """A policy's name, its stretch, and the kind that its head noun says."""

    name: str
    span: Span
    kind: str
    rule: str = "policy.title"


def names(doc: Document, sentence: Sentence) -> list[Named]:
    """The policies that a sentence names, none inside another."""
    found = [*_quoted(doc, sentence), *_counted(doc, sentence)]
    if doc.lang == "en":
        found += [Named(*form, "policy.form") for form in forms(doc, sentence)]
        for noun in doc.cues.within("policy_nouns", *sentence.span):
            if doc.quote_at(noun.start, noun.end) is None:
                found += _capitalised(doc, sentence, noun)
                found += _described(doc, sentence, noun)
    titles = [f for f in found if not f.name[:1].isdigit()]
    kept: list[Named] = []
    for named in sorted(found, key=lambda f: (f.span.start, -f.span.end)):
        if not (kept and named.span.start < kept[-1].span.end) and not _is_size(doc, named, titles):
            kept.append(named)
    return kept


def _is_size(doc: Document, named: Named, titles: list[Named]) -> bool:
    """Whether a counted set is only the size of a title before it: "…, with 22 measures"."""
    if named in titles or not any(t.span.end <= named.span.start for t in titles):
        return False
    before = max(t.span.end for t in titles if t.span.end <= named.span.start)
    if _APPOSED.fullmatch(doc.text, before, named.span.start):
        return True
    return bool(_SIZE_OF_TITLE.search(doc.text, max(0, named.span.start - 16), named.span.start))


def _head(doc: Document, start: int, end: int) -> Cue | None:
    """The head noun of a name: the first before "for", "of", "on"; in Chinese the last."""
    nouns = doc.cues.within("policy_nouns", start, end)
    if not nouns:
        return None
    if doc.lang == "zh":
        return nouns[-1]
    headed = [n for n in nouns if _HEAD_END.match(doc.text[n.end : min(end, n.end + 6)])]
    return (headed or nouns)[0]


def _has_verb(doc: Document, sentence: Sentence, at: int) -> bool:
    low = max(sentence.span.start, at - _VERB_REACH[doc.lang])
    return bool(doc.cues.within("policy_verbs", low, at))


def _is_event(doc: Document, sentence: Sentence, end: int) -> bool:
    """Whether the words right behind a name say that it was issued or is in force."""
    stop = min(sentence.span.end, end + _EVENT_REACH)
    return bool(doc.cues.within("policy_verbs", end, stop) or EVENT.search(doc.text, end, stop))


def _quoted(doc: Document, sentence: Sentence) -> Iterator[Named]:
    for quote in doc.quotes_in(sentence.span):
        inner = doc.text[quote.start + 1 : quote.end - 1].strip(" ,.，。")
        if len(inner) < _LEAST[doc.lang]:
            continue
        is_other = _NOT_A_POLICY.search(inner)
        if is_other and not _HEAD_BEHIND[doc.lang].match(doc.text, quote.end):
            continue
        if _SPOKEN.match(doc.text, quote.end) and inner.split()[-1:] != [inner]:
            continue
        named = _quoted_title(doc, sentence, quote, inner) or _quoted_name(doc, quote)
        if named:
            yield named


def _quoted_title(doc: Document, sentence: Sentence, quote: Span, inner: str) -> Named | None:
    """A title that has its head noun inside the quotation marks."""
    behind = _HEAD_BEHIND[doc.lang].match(doc.text, quote.end)
    is_book = doc.text[quote.start] == "《"
    if behind and not is_book and (len(inner) <= _LONG_TITLE or not inner[:1].isupper()):
        return None
    noun = _head(doc, quote.start + 1, quote.end - 1)
    if doc.lang == "zh":
        is_title = bool(_ZH_TITLE.search(inner)) and (is_book or len(inner) <= _LONGEST_ZH)
    else:
        is_title = noun is not None and bool(
            _is_capitalised(inner) or inner[:1].isdigit() or _is_small_title(inner)
        )
    if not is_title:
        return None
    is_finance = noun and _FINANCE.search(doc.text, noun.start, noun.end)
    if is_finance and not _is_offered(doc, sentence, quote):
        return None
    kind = "regulation" if _REGULATING.search(inner) else noun.value if noun else "measure"
    return Named(inner, quote, kind)


def _is_small_title(inner: str) -> bool:
    """Whether a quotation in small letters ends in a head noun, and is no speech."""
    return len(inner.split()) <= _MOST_SMALL and _LOWER_TITLE.search(inner) is not None


def _is_capitalised(inner: str) -> bool:
    """Whether a quotation is written like a title, and not like a sentence."""
    words = [word for word in inner.split() if len(word) > 3]
    capitals = sum(not word[:1].islower() for word in words)
    return inner[:1].isupper() and capitals * 2 > len(words)


# "“1+N” loan risk compensation": the noun behind the name is no head.
_COMPOUND = re.compile(r"\s(?:risk|guarantee|compensation|interest|balance)\b|余额|利率")
# "“Every plan is a plan,” she said": speech.
_SPOKEN = re.compile(
    r"\s*(?:(?:he|she|they|we)\s)?(?:said|says|told|laughed|added|explained)\b|"
    r"\s*(?:said|says)\s+[A-Z]"
)
_OFFERED = re.compile(
    r"\b(?:launch|introduc|offer|lent|promot|innovat|tried|there is|through|issued|develop|push|"
    r"grant|open|provid|gave|give|follow|by way of|set up|creat)\w*|"
    r"推出|发放|创新|上线|试点|发行|开办",
    re.IGNORECASE,
)


def _is_offered(doc: Document, sentence: Sentence, quote: Span) -> bool:
    """Whether a loan product with a name is spoken of as one that is in use."""
    return bool(
        _OFFERED.search(doc.text, max(sentence.span.start, quote.start - 60), quote.start)
        or _OFFERED.search(doc.text, quote.end, min(sentence.span.end, quote.end + 60))
    )


def _quoted_name(doc: Document, quote: Span) -> Named | None:
    """A name in quotation marks with its head noun behind or before them."""
    text = doc.text
    behind = _HEAD_BEHIND[doc.lang].match(text, quote.end)
    is_part = behind and _COMPOUND.match(text, behind.end())
    if behind and not is_part and not _NOT_A_POLICY.search(behind["head"]):
        inner = Span(quote.start + 1, quote.end - 1)
        head = _head(doc, quote.end, behind.end()) or _head(doc, *inner)
        is_listed = text[quote.end : behind.start("head")].strip() != ""
        end = quote.end if is_listed else behind.end()
        name = text[quote.start : end]
        if head:
            return Named(
                tidy_zh(name) if doc.lang == "zh" else name,
                Span(quote.start, end),
                head.value,
                "policy.quoted",
            )
    before = _HEAD_BEFORE.search(text, max(0, quote.start - 40), quote.start)
    head = _head(doc, before.start(), quote.start) if before else None
    if before is None or head is None or _NOT_A_POLICY.search(before["head"]):
        return None
    span = Span(before.start("head"), quote.end)
    return Named(text[span.start : span.end], span, head.value, "policy.quoted")


def _counted(doc: Document, sentence: Sentence) -> Iterator[Named]:
    """As in "30 supporting policies for growth", "a 16-point relief package", 20条政策措施."""
    text = doc.text
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count) or doc.quote_at(mention.start, mention.end):
            continue
        if doc.lang == "zh" and not mention.value.text.endswith(("条", "项", "个")):
            continue
        match = _COUNTED[doc.lang].match(text, mention.end, sentence.span.end)
        if match is None or not _has_verb(doc, sentence, mention.start):
            continue
        head = re.split(r"\s(?:for|to|on)\s", match.group())[0]
        if not re.search(r"\b(?:of|in|are|were|is)\b", head):
            end = mention.end + len(_TAIL_END.split(match.group())[0])
            span = Span(mention.start, end)
            yield Named(text[mention.start : end].strip(), span, "measure", "policy.counted")


def _capitalised(doc: Document, sentence: Sentence, noun: Cue) -> Iterator[Named]:
    """As in "the Action Plan for Financing Technology Enterprises", without quotation marks."""
    text = doc.text
    if not _TITLE_WORD.search(text, noun.start, noun.end):
        return
    before = _CAPITALS.search(text, max(sentence.span.start, noun.start - 120), noun.start)
    behind = _CAPITALS_BEHIND.match(text, noun.end, sentence.span.end)
    low = before.start() if before else noun.start
    phrase = text[low : behind.end() if behind else noun.end]
    name = _SMALL_END.sub("", _SMALL_START.sub("", phrase))
    words = [word for word in name.split() if word[:1].isupper()]
    if len(words) < _SHORTEST or _NOT_A_POLICY.search(name):
        return
    start = low + phrase.index(name)
    is_said = _has_verb(doc, sentence, start) or _is_event(doc, sentence, start + len(name))
    if len(words) > _SHORTEST or is_said:
        head = _head(doc, start, start + len(name)) or noun
        yield Named(name, Span(start, start + len(name)), head.value, "policy.capitals")


def _described(doc: Document, sentence: Sentence, noun: Cue) -> Iterator[Named]:
    """As in "issued a promotion plan to cultivate ten clusters": a name that says what it does."""
    text = doc.text
    before = _DESCRIPTION.search(text, max(sentence.span.start, noun.start - 70), noun.start)
    if before is None or noun.value == "mechanism":
        return
    tail = _DESCRIBED_TAIL.match(text, noun.end, sentence.span.end)
    phrase = text[before.start("words") : tail.end() if tail else noun.end]
    name = _TAIL_END.split(phrase)[0].strip()
    low = max(sentence.span.start, before.start() - 30)
    if not doc.cues.within("policy_verbs", low, before.start()) or _TOPIC.match(name):
        return
    if _NOT_A_POLICY.search(name) or (
        not tail and noun.value == "measure" and len(name.split()) < 4
    ):
        return
    start = before.start("words")
    yield Named(name, Span(start, start + len(name)), noun.value, "policy.described")
