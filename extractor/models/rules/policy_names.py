"""Names of policies: quoted, in book-title marks, capitalised, described, or counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.launches import EVENT
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.policy_forms import forms
from extractor.models.rules.policy_heads import NOT_A_POLICY, Named, head_of
from extractor.models.rules.policy_quotes import quoted
from extractor.values import Count

_SMALL = r"of|for|on|the|and|to|in|with|from|by"
_CAPITALS = re.compile(rf"(?:(?:[A-Z0-9][\w’'-]*|{_SMALL})\s+){{1,14}}$")
_CAPITALS_BEHIND = re.compile(
    rf"(?:\s+(?:for|on|of|to)(?:\s+(?:[A-Z0-9][\w’'-]*|{_SMALL}))+)?(?:\s*\((?!hereinafter)[^)]*\))?"
)
# "37 policies of Linhe for the toy trade": what it is for makes it a set.
_FOR = re.compile(r"(?:policies|measures|articles)\s(?:of [A-Z][\w’'-]+\s)?(?:for|to)\s")
_OF_PLACE = re.compile(r"\sof [A-Z][\w’'-]+$")
_AND_THE = re.compile(r"\s+and\s+[Tt]he\s+(?=[A-Z])")
_SMALL_START = re.compile(rf"^(?:(?:The|In|On|For|By|It|This|Under|{_SMALL})\s+)+")
_SMALL_END = re.compile(rf"\s+(?:{_SMALL})$")
_TITLE_WORD = re.compile(
    r"(?:Measures|Policies|Policy|Opinions|Plan|Planning|Outline|Rules|Regulations?|Programme|"
    r"Program|Bill|Act|Ordinance|Decision|"
    r"Guidelines|Scheme|Law|Strategy|Initiative|Standards?|Articles|Campaign|Action|Notice)$"
)
_DESCRIPTION = re.compile(
    r"\b(?:an?|the|its|own)\s+(?P<words>(?:(?!(?:an?|the|its)\s)[\w’'-]+\s+){1,6})$", re.IGNORECASE
)
_DESCRIBED_TAIL = re.compile(r"\s+(?:for|to|on|of)\s+[^,;.“”\"(]{4,80}(?!\w)")
_TAIL_END = re.compile(
    r"\s+and\s+(?=\w+(?:ed|ing)\b|[Tt]he\s+[A-Z])|\s+(?:which|that|was|were|has|have|will|is)\b"
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
        r"(?<=point )\w+ package)\b(?:\s+of [A-Z][\w’'-]+(?=\s+for\s))?"
        r"(?:\s+(?:for|to|on)\s+[^,;.]{4,60})?"
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
_VERB_REACH = {"en": 140, "zh": 40}
_DESCRIBED, _VERB_BEFORE = 70, 30  # characters of a description, and before it
_SHORTEST = 3  # words in capitals


def names(doc: Document, sentence: Sentence) -> list[Named]:
    """The policies that a sentence names, none inside another."""
    if not doc.may_name_policy(sentence):
        return []
    found = [*quoted(doc, sentence), *_counted(doc, sentence)]
    if doc.lang == "en":
        found += [Named(*form, "policy.form") for form in forms(doc, sentence)]
        for noun in doc.cues.within("policy_nouns", *sentence.span):
            if doc.quotes.at(noun.start, noun.end) is None:
                found += _capitalised(doc, sentence, noun)
                found += () if doc.is_headline(sentence) else _described(doc, sentence, noun)
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


def _has_verb(doc: Document, sentence: Sentence, at: int) -> bool:
    low = max(sentence.span.start, at - _VERB_REACH[doc.lang])
    return bool(doc.cues.within("policy_verbs", low, at))


def _is_event(doc: Document, sentence: Sentence, end: int) -> bool:
    """Whether the words right behind a name say that it was issued or is in force."""
    stop = min(sentence.span.end, end + _EVENT_REACH)
    return bool(doc.cues.within("policy_verbs", end, stop) or EVENT.search(doc.text, end, stop))


def _counted(doc: Document, sentence: Sentence) -> Iterator[Named]:
    """As in "30 supporting policies for growth", "a 16-point relief package", 20条政策措施."""
    text = doc.text
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count) or doc.quotes.at(mention.start, mention.end):
            continue
        if doc.lang == "zh" and not mention.value.text.endswith(("条", "项", "个")):
            continue
        match = _COUNTED[doc.lang].match(text, mention.end, sentence.span.end)
        if match is None:
            continue
        if not _has_verb(doc, sentence, mention.start) and not _FOR.search(match.group()):
            continue
        head = _OF_PLACE.sub("", re.split(r"\s(?:for|to|on)\s", match.group())[0])
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
    high = behind.end() if behind else noun.end
    # "the Several Opinions on … and the Action Plan for …" are two.
    parts = [m.span() for m in _AND_THE.finditer(text, low, high)]
    low = max((end for start, end in parts if end <= noun.start), default=low)
    high = min((start for start, end in parts if start >= noun.end), default=high)
    phrase = text[low:high]
    name = _SMALL_END.sub("", _SMALL_START.sub("", phrase))
    words = [word for word in name.split() if word[:1].isupper()]
    if len(words) < _SHORTEST or NOT_A_POLICY.search(name):
        return
    start = low + phrase.index(name)
    is_said = _has_verb(doc, sentence, start) or _is_event(doc, sentence, start + len(name))
    if len(words) > _SHORTEST or is_said:
        head = head_of(doc, start, start + len(name)) or noun
        yield Named(name, Span(start, start + len(name)), head.value, "policy.capitals")


def _described(doc: Document, sentence: Sentence, noun: Cue) -> Iterator[Named]:
    """As in "issued a promotion plan to cultivate ten clusters": a name that says what it does."""
    text = doc.text
    low = max(sentence.span.start, noun.start - _DESCRIBED - _VERB_BEFORE)
    if noun.value == "mechanism" or not doc.cues.within("policy_verbs", low, noun.start):
        return
    before = _DESCRIPTION.search(
        text, max(sentence.span.start, noun.start - _DESCRIBED), noun.start
    )
    if before is None:
        return
    tail = _DESCRIBED_TAIL.match(text, noun.end, sentence.span.end)
    phrase = text[before.start("words") : tail.end() if tail else noun.end]
    name = _TAIL_END.split(phrase)[0].strip()
    low = max(sentence.span.start, before.start() - _VERB_BEFORE)
    if not doc.cues.within("policy_verbs", low, before.start()) or _TOPIC.match(name):
        return
    if NOT_A_POLICY.search(name) or (
        not tail and noun.value == "measure" and len(name.split()) < 4
    ):
        return
    start = before.start("words")
    yield Named(name, Span(start, start + len(name)), noun.value, "policy.described")
