"""Numbers whose enterprises were named before: "… including 12 national-level"."""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.firms import ENDS_PHRASE, OF_THEM, PART, ZH_UNIT, Counted
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy
from extractor.values import Mention

_VERB_NEXT = re.compile(
    r"\s+(?:are|were|is|was|have|had|has|came|come|rose|got|took|went|joined|[a-z]+ed)\b",
    re.IGNORECASE,
)
# "41 firms applied, and 29 have got a loan".
_AND = re.compile(r"[,;]\s*(?:and\s+|while\s+|of which\s+)?$")
_HAVE = re.compile(
    r"\s+(?:have|had)(?:\s+(?:already|also|been))?\s+(?:[a-z]+ed|got|taken|won|drawn)\b"
)
# "only 31 regulated ones", "52 provincial ones".
_ONES = re.compile(r"\s+(?P<name>(?:[“\"]?[\w-]+[”\"]?,?\s+){0,5}?ones)\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"\btotal(?: number)?\s(?:(?:has|have|now|then|already)\s)*(?:reached|stood at|stands at|to|of|"
    r"is|was|came to|hit)\s*$",
    re.IGNORECASE,
)
_ZH_SHARE = re.compile(r"占(?:了|去|到|据)?$")
_NOW = re.compile(r"\bthere are(?: now)?\s*$|\bnow(?: there are)?\s*$", re.IGNORECASE)
_THOSE = re.compile(r"\bthose\b[^,;]*\b(?:will be|reach\w*|are|were)\s*$", re.IGNORECASE)
_MAKING = re.compile(
    r"\b(?:making|to make|bringing (?:it|the number|the figure) to)\s*$", re.IGNORECASE
)
_IN_ALL = re.compile(r"\s+(?:in all|in total|altogether|all told)\b", re.IGNORECASE)
_ZH_AMONG = re.compile(r"(?P<for>[为给向对])?其?中[，,]?(?:已|有|已有)?$")
_EVENT_REACH = 40
# What may stand between a bare number and the verb of what happened to them.
_AUXILIARY = {
    "en": re.compile(r"\s+(?:(?:(?:more|were|was|have|has|had|been)\s+)+(?:newly\s+)?)?"),
    "zh": re.compile(r"(?:企业)?(?:已|新|成功|又)?"),
}
_TOTALS = (_NOW, _THOSE, _TOTAL, _MAKING)
# "rose from 300 to 520": the second number is of the same firms.
_FROM_TO = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_NET = re.compile(r"\bnet (?:increase|addition|gain)(?: of)?\s*$", re.IGNORECASE)
_LEVEL_ENDS = re.compile(
    r"(?:\s*(?:$|[,.;)，。；]|(?:and|on|ones?|have|has|were|are)\b)|[个家])", re.IGNORECASE
)
_ZH_TOTAL = re.compile(
    r"(?:总数|总量|总计|[升增]至|增加到|增长到|达到?|在库|现有|累计|共有|仍[是为]|建成|投产)[^，。；、]{0,8}$"
)
_ZH_ADDED = re.compile(r"(?:新增|净增|新认定|新入规|新升规|新培育|新入库)\S{0,2}$")


def elliptical(
    doc: Document, sentence: Sentence, mention: Mention, before: Counted | None
) -> Counted | None:
    """As in "… including 12 national-level": the firms were named before."""
    if before is None:
        return None
    lead = doc.text[sentence.before(mention.start) : mention.start]
    tail = doc.text[mention.end : sentence.after(mention.end)]
    named = (
        _of_level(doc, sentence, mention, before)
        or _of_them(doc, sentence, mention, before, lead)
        or _ones(doc, sentence, mention)
    )
    if named:
        return named
    if lead == " to " and _is_rise(doc, sentence, mention):
        span = Span(mention.start, mention.end)
        return Counted(before.category, span, mention.end, True, "total", "count.from-to")
    if among := _among(doc, mention, before, lead):
        return among
    if event := _event(doc, sentence, mention):
        span = Span(mention.start, event.end)
        return Counted(before.category, span, mention.end, True, event.value, "count.event")
    if doc.lang == "zh":
        lead = doc.text[_figure_before(sentence, mention) : mention.start]
    measure = _again(doc, mention, lead, tail)
    if measure is None:
        return None
    span = Span(mention.start, mention.end)
    return Counted(before.category, span, mention.end, True, measure, "count.again")


def _among(doc: Document, mention: Mention, before: Counted, lead: str) -> Counted | None:
    """As in 410家鞋企中，286家用上了, 为其中9家提供: a part of the firms told before."""
    among = _ZH_AMONG.search(lead) if doc.lang == "zh" else None
    if among is None or not ZH_UNIT.search(mention.value.text):
        return None
    span = Span(mention.start, mention.end)
    measure = "supported" if among["for"] else None
    return Counted(before.category, span, mention.end, True, measure, "count.of-them")


def _event(doc: Document, sentence: Sentence, mention: Mention) -> Cue | None:
    """What is said to have happened to a bare number of them: "31 were added", 18家上规."""
    if doc.lang == "zh" and not ZH_UNIT.search(mention.value.text):
        return None
    stop = min(sentence.after(mention.end), mention.end + _EVENT_REACH)
    for cue in doc.cues.within("measures", mention.end, stop)[:1]:
        is_verb = not doc.text.startswith("new", cue.start)
        is_event = (
            is_verb
            and cue.value == "added"
            and _AUXILIARY[doc.lang].fullmatch(doc.text, mention.end, cue.start)
        )
        return cue if is_event else None
    return None


def _is_rise(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    """Whether a number is the second of "from 300 to 520"."""
    first = sentence.mentions[sentence.mentions_before(mention.start) - 1]
    return _FROM_TO.search(doc.text, max(0, first.start - 8), first.start) is not None


def _figure_before(sentence: Sentence, mention: Mention) -> int:
    """Where the last number before another ends, whatever periods stand between."""
    for at in range(sentence.mentions_before(mention.start) - 1, -1, -1):
        if sentence.mentions[at].kind != "period":
            return sentence.mentions[at].end
    return sentence.span.start


def _of_them(
    doc: Document, sentence: Sentence, mention: Mention, before: Counted, lead: str
) -> Counted | None:
    """As in "12 of them", "of which 57 entered the rules": a part of the firms named before."""
    limit = sentence.after(mention.end)
    tail = doc.text[mention.end : limit]
    if of_them := OF_THEM.match(tail):
        titles = doc.cues.within("designations", mention.end, min(limit, mention.end + 60))
        name = tidy(doc, sentence, titles[0].start, titles[0].end) if titles else before.category
        behind = mention.end + of_them.end()
        span = Span(mention.start, titles[0].end if titles else behind)
        return Counted(name, span, behind, True, rule="count.of-them")
    is_here = before.span.start >= sentence.span.start
    # Of firms told before, a part is told first: "Of these, 12 have …".
    is_part = PART.search(lead) if is_here else PART.match(lead.strip())
    goes_on = is_here and _AND.search(lead) and _HAVE.match(tail)
    if goes_on or (is_part and _VERB_NEXT.match(tail)):
        span = Span(mention.start, min(limit, mention.end + 30))
        return Counted(before.category, span, mention.end, True, rule="count.of-them")
    return None


def _ones(doc: Document, sentence: Sentence, mention: Mention) -> Counted | None:
    """As in "31 regulated ones": a title or a level tells them from the others."""
    match = _ONES.match(doc.text, mention.end, sentence.after(mention.end))
    if match is None:
        return None
    kinds = ("designations", "levels")
    if not any(doc.cues.within(kind, mention.end, match.end()) for kind in kinds):
        return None
    name = tidy(doc, sentence, *match.span("name"))
    span = Span(mention.start, match.end())
    return Counted(name, span, match.end(), True, rule="count.ones") if name else None


def _again(doc: Document, mention: Mention, lead: str, tail: str) -> str | None:
    """What a bare number counts of the same firms: "and now there are 127", 新增74户."""
    if doc.lang == "zh":
        is_bare = ZH_UNIT.search(mention.value.text) and re.match(r"\s*(?:$|[，。；、])", tail)
        if is_bare and (_ZH_SHARE.search(lead) or _ZH_TOTAL.search(lead)):
            return "total"
        return "added" if is_bare and _ZH_ADDED.search(lead) else None
    is_bare = ENDS_PHRASE.match(tail) or _IN_ALL.match(tail)
    if is_bare and _NET.search(lead):
        return "added"
    return "total" if is_bare and any(p.search(lead) for p in _TOTALS) else None


def _of_level(
    doc: Document, sentence: Sentence, mention: Mention, before: Counted
) -> Counted | None:
    """As in "12 national-level": the level alone tells a part from the firms named before."""
    limit = min(sentence.after(mention.end), mention.end + 26)
    levels = doc.cues.within("levels", mention.end, limit)
    if not levels or re.search(r"[,;，；]", doc.text[mention.end : levels[0].start]):
        return None
    if not _LEVEL_ENDS.match(doc.text[levels[0].end : levels[0].end + 5]):
        return None
    head = before.category if doc.lang == "zh" else before.category.split()[-1]
    name = f"{doc.text[levels[0].start : levels[0].end]} {head}".strip()
    span = Span(mention.start, levels[0].end)
    return Counted(name, span, levels[0].end, True, rule="count.of-level")
