"""When a figure holds: the period that governs it."""

from __future__ import annotations

import re
from typing import Literal

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.times import (
    is_day,
    is_duration,
    is_fronted,
    is_month,
    is_until,
    is_vague,
    period_in,
    usable,
)
from extractor.values import Count, Mention, Period

Carry = Literal["clause", "segment", "sentence", "paragraph", "article"]
"""How far back the period of a figure may stand: in its clause; at the head of its part of the
sentence; anywhere in that part; before, in the paragraph; before, in the text."""

# "In the same month", "on the day": what was told before is meant.
_SAME_TIME = re.compile(
    r"\s*(?:in|over|during|at) the same (?:(?P<number>\w+) )?(?:period|months?|quarter|time)"
    r"(?! (?:of|in|last)\b)|\s*同期(?!相比)",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"[\s“\"]*(?:on (?:the|that|the same) day\b|当[天日]|同日)", re.IGNORECASE)
# What is given each year has no other time.
_YEARLY = re.compile(r"\b(?:every|each) year\b|每年", re.IGNORECASE)
# 2021年推出的贷款: the time is of the thing, and not of what it does since.
_FOUNDED = re.compile(r"(?:推出|设立|成立|上线|启动|开办|创办|组建)的")
_LAUNCHED = re.compile(
    r"\b(?:issued|released|promulgated|unveiled|published|came out)\b|出台|印发|发布", re.IGNORECASE
)
_LISTED = re.compile(r"(?:\s|,|，|、|and|in|和|及|与)+")
_BACK = {"paragraph": 3, "article": 5}  # sentences that a period is carried over
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SECTION = 40  # sentences that a heading governs


def period_of(doc: Document, sentence: Sentence, at: int, carry: Carry) -> str | None:
    """The phrase of the period that governs the figure at offset `at`."""
    chosen = governing(doc, sentence, at, carry)
    if chosen and not is_vague(doc, chosen):
        return _text(doc, chosen)
    clause = sentence.clause_at(at)
    yearly = _YEARLY.search(doc.text, *clause) if carry != "article" else None
    return yearly.group() if yearly else _text(doc, chosen) if chosen else None


def listed_periods(doc: Document, sentence: Sentence, before: int, count: int) -> list[Mention]:
    """The last list of exactly `count` periods before an offset: "in March, April and May"."""
    if count < 2:
        return []
    listed: list[Mention] = []
    times = [m for m in usable(doc, sentence) if m.start < before]
    for mention in reversed(times):
        if listed and not _LISTED.fullmatch(doc.text, mention.end, listed[0].start):
            if len(listed) > 1:
                break
            listed = []
        listed.insert(0, mention)
    return listed if len(listed) == count else []


def governing(doc: Document, sentence: Sentence, at: int, carry: Carry) -> Mention | None:
    """The period that governs the figure at offset `at`.

    The figure's own clause is looked at first, then the phrase that heads its part of the
    sentence, then the one that heads the sentence, then earlier sentences as far as `carry`.
    """
    chosen = (
        _same_time(doc, sentence, at)
        or _same_day(doc, sentence, at)
        or _in_clause(doc, sentence, at)
    )
    if chosen is None and carry != "clause":
        chosen = _in_sentence(doc, sentence, at, carry)
    if chosen is None and carry not in ("clause", "segment"):
        chosen = _carried(doc, sentence, at, carry)
    return chosen


def _same_time(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    """What "in the same month" means, at the head of a sentence: the period told before."""
    match = _SAME_TIME.match(doc.text, sentence.span.start, at)
    if match is None:
        return None
    months = _number(match["number"]) if match["number"] else None
    for earlier in reversed(
        doc.sentences[max(0, sentence.index - _BACK["article"]) : sentence.index]
    ):
        told = [m for m in usable(doc, earlier) if not is_vague(doc, m)]
        told = [m for m in told if months is None or _months(m) == months]
        if told:
            return told[0]
    return None


def _same_day(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    """What "on the day" means, at the head of a sentence: the last day told before."""
    if not _SAME_DAY.match(doc.text, sentence.span.start, at):
        return None
    for earlier in reversed(doc.sentences[: sentence.index]):
        days = [m for m in earlier.mentions if m.kind == "period" and is_day(m)]
        if days:
            return days[-1]
    return None


def _number(word: str) -> int | None:
    try:
        return Count.parse(word).value
    except ValueError:
        return None


def _months(mention: Mention) -> int | None:
    """How many months a period has, if it has both ends."""
    start, end = period_in(mention).start, period_in(mention).end
    if start is None or end is None:
        return None
    return 12 * (end.year - start.year) + end.month - start.month + 1


def _text(doc: Document, mention: Mention) -> str:
    return doc.text[mention.start : mention.end]


def _in_clause(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    clause = sentence.clause_at(at)
    own = [m for m in usable(doc, sentence) if clause.start <= m.start < clause.end]
    own = [m for m in own if not is_vague(doc, m) and not _is_of_announcing(doc, m, at)]
    own = [m for m in own if not _FOUNDED.match(doc.text, m.end)]
    before = [m for m in own if m.start < at]
    return before[-1] if before else next(iter(own), None)


def _is_of_announcing(doc: Document, mention: Mention, at: int) -> bool:
    """Whether a day is that of an announcement: "On May 18 the bureau said it would …"."""
    if mention.start >= at or not is_day(mention) or is_until(doc, mention):
        return False
    start, date = period_in(mention).start, doc.article.date
    is_ahead = start is not None and date is not None and start > date
    return not is_ahead and bool(doc.cues.within("planned", mention.end, at))


def _is_of_launch(doc: Document, sentence: Sentence, mention: Mention, at: int) -> bool:
    """Whether a time before a sum only dates the document that the sum belongs to."""
    is_sum = any(m.start == at and m.kind == "money" for m in sentence.mentions)
    clause = sentence.clause_at(mention.start)
    if not is_sum or clause.start <= at < clause.end or not (is_day(mention) or is_month(mention)):
        return False
    return _LAUNCHED.search(doc.text, *clause) is not None


def _in_sentence(doc: Document, sentence: Sentence, at: int, carry: Carry) -> Mention | None:
    """The period that heads the figure's part of the sentence, or the sentence."""
    times = [m for m in usable(doc, sentence) if not is_duration(doc, m)]
    times = [m for m in times if not _is_of_announcing(doc, m, at)]
    times = [m for m in times if not _FOUNDED.match(doc.text, m.end)]
    times = [m for m in times if not _is_of_launch(doc, sentence, m, at)]
    segment = doc.segment_start(sentence, at)
    before = [m for m in times if m.start < at]
    near = [m for m in before if m.start >= segment]
    fronted = [m for m in before if is_fronted(doc, sentence, m)]
    heads = [m for m in near if m in fronted]
    if not heads and carry != "segment":
        heads = near or [m for m in fronted if not is_day(m)][:1]
    if not heads and carry == "article":
        heads = before[-1:]
    clear = [m for m in heads if not is_vague(doc, m)]
    if clear or heads:
        return (clear or heads)[-1]
    if carry == "segment":
        return None
    return next(
        (m for m in times if at < m.start < at + 90 and _joined(doc, sentence, at, m)), None
    )


def _joined(doc: Document, sentence: Sentence, at: int, mention: Mention) -> bool:
    """Whether a period behind a figure is its own: in its clause, or a clause by itself."""
    clause = sentence.clause_at(mention.start)
    if clause.start <= at:
        return True
    alone = doc.text[clause.start : clause.end].strip(" \t.。")
    is_next = not re.search(r"[;；]", doc.text[at : mention.start])
    return is_next and alone == doc.text[mention.start : mention.end]


def _carried(doc: Document, sentence: Sentence, at: int, carry: Carry) -> Mention | None:
    """The period of the heading, or of a sentence before that is about the same matter."""
    kind = next((m.kind for m in sentence.mentions if m.start == at), None)
    reach = doc.sentences[max(0, sentence.index - _SECTION) : sentence.index]
    for distance, earlier in enumerate(reversed(reach), start=1):
        if doc.is_heading(earlier):
            return _of_heading(doc, earlier)
        is_apart = carry != "article" and earlier.paragraph != sentence.paragraph
        is_other = kind == "money" and all(m.kind != kind for m in earlier.mentions)
        if is_apart or is_other or distance > _BACK.get(carry, 0):
            continue
        found = [m for m in usable(doc, earlier) if _is_carriable(doc, earlier, m, carry)]
        if not found and distance == 1:
            found = [m for m in usable(doc, earlier) if _is_term(m) and is_fronted(doc, earlier, m)]
        opening = [m for m in found if m.start < earlier.clauses[0].end]
        fronted = [m for m in found if is_fronted(doc, earlier, m)]
        if found:
            return (opening or fronted or found)[0]
    return None


def _of_heading(doc: Document, heading: Sentence) -> Mention | None:
    """The period of a heading, which governs its section; a dateline is no heading."""
    dated = [m for m in heading.mentions if m.kind == "period" and not is_vague(doc, m)]
    if dated:
        return None if is_day(dated[-1]) else dated[-1]
    year = _YEAR.search(doc.text, *heading.span)
    if year is None:
        return None
    period = Period.parse(year.group(), doc.article.date)
    return Mention(*year.span(), "period", period)


def _is_term(mention: Mention) -> bool:
    """Whether a phrase says up to when: "by the end of May"."""
    period = period_in(mention)
    return period.start is None and period.end is not None


def _is_carriable(doc: Document, earlier: Sentence, mention: Mention, carry: Carry) -> bool:
    clause = earlier.clause_at(mention.start)
    if doc.cues.within("planned", clause.start, mention.start):
        return False
    if is_day(mention) or is_vague(doc, mention) or is_until(doc, mention):
        return False
    start, date = period_in(mention).start, doc.article.date
    if start is not None and date is not None and start > date:
        return False
    # "As of May" dates what stood then, not what was done later.
    return carry == "article" or not (is_month(mention) or period_in(mention).start is None)
