"""What governs a figure: its period, its region, its status."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.spotting import is_part
from extractor.values import Mention, Period

CARRY = {"growth_metric": 4, "enterprise_count": 2, "fund": 2, "policy": 0}
"""How many sentences back a period still governs a figure, by record type."""

_REFERENCE = re.compile(
    r"(?:\bthan|\bover|\bfrom|compared (?:with|to)|\bagainst|\babove|\bsince|比|较|与)\s*"
    r"(?:that |those |it )?(?:of |in |at )?(?:the )?$",
    re.IGNORECASE,
)
_SAME_PERIOD = re.compile(
    r"same (?:period|month|quarter|time)|previous|corresponding|year earlier|同期|上年|year before",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"recent|近年|consecutive|past|within|近\S年|连续|every|each", re.IGNORECASE)
_REPORTED = re.compile(
    r"learn|report|news|press|said|announc|statistic|conference|记者|获悉|消息|发布|讯|电", re.IGNORECASE
)
_FUTURE = re.compile(r"^(?:by|到|至|before)\b|^(?:到|至)", re.IGNORECASE)
_GENERIC_DAY = re.compile(r"\d\s*日|\bon\b|\d{4}-\d\d-\d\d", re.IGNORECASE)


def _is_day(mention: Mention) -> bool:
    period = mention.value
    assert isinstance(period, Period)
    return period.start is not None and period.start == period.end


def _usable(doc: Document, mention: Mention) -> bool:
    if mention.kind != "period" or doc.is_quoted(mention.start, mention.end):
        return False
    text = doc.text[mention.start : mention.end]
    before = doc.text[max(0, mention.start - 30) : mention.start]
    if _SAME_PERIOD.search(text):
        return False
    if _REFERENCE.search(before) and not text.lower().startswith("since"):
        return False
    if re.search(r"[\"“《(]\s*$", before) and text.isdigit():
        return False
    return True


def _reported_day(doc: Document, mention: Mention) -> bool:
    """Whether a day is that of the news, not of the fact."""
    if not _is_day(mention):
        return False
    around = doc.text[max(0, mention.start - 45) : mention.end + 45]
    return bool(_REPORTED.search(around))


def period_of(
    doc: Document, index: int, at: int, record_type: str, *, from_: int | None = None
) -> str | None:
    """The phrase of the period that governs the figure at offset `at` of sentence `index`."""
    sentence = doc.sentences[index]
    own = _own_period(doc, sentence, at, record_type)
    if own is not None:
        return own
    back = CARRY[record_type]
    for earlier in range(index - 1, max(-1, index - 1 - back), -1):
        found = [
            m
            for m in doc.sentences[earlier].mentions
            if _usable(doc, m) and not _is_day(m) and not _vague(doc, m) and not _planned(doc, m)
        ]
        if found:
            best = found[-1]
            return doc.text[best.start : best.end]
        if record_type != "growth_metric" and doc.sentences[earlier].paragraph != sentence.paragraph:
            break
    return None


def _vague(doc: Document, mention: Mention) -> bool:
    return bool(_VAGUE.search(doc.text[mention.start : mention.end]))


def _planned(doc: Document, mention: Mention) -> bool:
    return bool(_FUTURE.match(doc.text[mention.start : mention.end]))


def _own_period(doc: Document, sentence: Sentence, at: int, record_type: str) -> str | None:
    usable = [m for m in sentence.mentions if _usable(doc, m) and not _reported_day(doc, m)]
    if record_type == "growth_metric":
        usable = [m for m in usable if not _is_day(m)]
    clause = next((c for c in doc.clauses(sentence.span) if c.start <= at < c.end), sentence.span)
    own = [m for m in usable if clause.start <= m.start < clause.end and not _vague(doc, m)]
    if own:
        chosen = next((m for m in reversed(own) if m.start < at), own[0])
        return doc.text[chosen.start : chosen.end]
    before = [m for m in usable if m.start < at]
    clear = [m for m in before if not _vague(doc, m)]
    if clear or before:
        chosen = (clear or before)[-1]
        return doc.text[chosen.start : chosen.end]
    after = [m for m in usable if m.start > at and not re.search(r"[;；]", doc.text[at : m.start])]
    if after and after[0].start - at < 90:
        return doc.text[after[0].start : after[0].end]
    return None


def status_of(doc: Document, sentence: Sentence, start: int, end: int) -> str:
    """Whether the figure in ``text[start:end]`` is a target or forecast, or has happened."""
    clause_start = sentence.span.start
    for mark in re.finditer(r"[;；]", doc.text[clause_start:start]):
        clause_start = clause_start + mark.end()
    cues = doc.cues.within("planned", clause_start, min(end + 12, sentence.span.end))
    if any(not doc.is_quoted(c.start, c.end) for c in cues):
        return "planned"
    for mention in sentence.mentions:
        if mention.kind != "period" or not clause_start <= mention.start < end:
            continue
        period = mention.value
        assert isinstance(period, Period)
        date = doc.article.date
        if _planned(doc, mention) and date and period.end and period.end > date:
            return "planned"
    return "actual"


_RANKED = re.compile(
    r"(?:rank\w*|first|top|than|of|among|across|throughout)\s+(?:\w+\s+){0,3}(?:in|of)?\s*(?:the\s)?$|"
    r"[列居位]\S{0,4}$|(?:高于|低于|快于|比|较)$",
    re.IGNORECASE,
)


def region_of(doc: Document, sentence: Sentence, at: int) -> str | None:
    """The place that the figure at `at` is about: one named before it, else the article's."""
    main = doc.main_place
    main_name = next((p for p in doc.places if p.name == main), None)
    found = [
        p
        for p in doc.places
        if sentence.span.start <= p.start < at
        and not _RANKED.search(doc.text[max(0, p.start - 30) : p.start])
    ]
    for place in reversed(found):
        if main_name is None or place.key == main_name.key:
            return place.name if main_name is None else main
        if is_part(main_name.key, main_name.tier, place.key, place.tier):
            continue
        return place.name
    return main

