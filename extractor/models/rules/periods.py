"""When a figure holds: the period that governs it, and whether it has happened yet."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.values import Mention, Period

Carry = Literal["clause", "sentence", "paragraph", "article"]
"""How far back the period of a figure may stand."""

# What is compared with is no period of the figure: "than the same period last year", 比2021年.
_REFERENCE = re.compile(
    r"(?:\b(?:than|over|from|compared (?:with|to)|against|above|on|of)\s+(?:that |those |it )?"
    r"(?:of |in |at |for )?(?:the )?|[比较与])$",
    re.IGNORECASE,
)
_COMPARED_YEAR = re.compile(r"(?:on|over|from|of) (?:(?:19|20)\d\d$|(?:last|next) year)")
_SAME = re.compile(
    r"same (?:period|month|quarter|time)|previous|corresponding|year earlier|year before|同期|上年",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"recent|近年|consecutive|past|within|近\S年|连续|every|each|each year", re.IGNORECASE
)
# The day on which a newspaper learned something is not the day on which it was so.
_REPORTED = re.compile(
    r"\b(?:learn|report|news|press|said|announc|statistic|reveal|interview)|记者|获悉|消息|讯|召开|"
    r"电[（(]|公布|发布会",
    re.IGNORECASE,
)
# A day of an article without a date of its own.
_DAY = re.compile(r"^(?:on )?[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?$|^on the \d+|\d日$", re.IGNORECASE)
_UNTIL = re.compile(r"^(?:by|before)\b|^(?:到|至)", re.IGNORECASE)
_FRONTED = re.compile(
    r"^[\s“\"(（]*(?:(?:and|but|while|meanwhile|among them|of which|in which|it is reported that|"
    r"data show that|on|in|from|as of|for|since|during|the|of)\s+|[其中而且，至]|截至|截止)*$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:has|have|had|was|were|reached|at present|currently|so far|already|now)\b|已|目前|"
    r"现有|达到",
    re.IGNORECASE,
)
_NEAR = 60  # characters behind a name in which its date may stand
_BACK = {"paragraph": 3, "article": 5}  # sentences that a period is carried over
_SECTION = 40  # sentences that a heading governs


def period_of(doc: Document, sentence: Sentence, at: int, carry: Carry) -> str | None:
    """The phrase of the period that governs the figure at offset `at`.

    The figure's own clause is looked at first, then the phrase that heads its part of the
    sentence, then the one that heads the sentence, then earlier sentences as far as `carry`.
    """
    chosen = _in_clause(doc, sentence, at)
    if chosen is None and carry != "clause":
        chosen = _in_sentence(doc, sentence, at)
    if chosen is None and carry in _BACK:
        chosen = _carried(doc, sentence, carry)
    return doc.text[chosen.start : chosen.end] if chosen else None


def launch_of(doc: Document, sentence: Sentence, span: Span) -> str | None:
    """The phrase of the period in which what stands in `span` was issued or begun."""
    usable = [
        m
        for m in _usable(doc, sentence)
        if not _is_vague(doc, m) and not _is_until(doc, m) and m.kind == "period"
    ]
    segment = doc.segment_start(sentence, span.start)
    before = [m for m in usable if segment <= m.start < span.start]
    clause = sentence.clause_at(span.start)
    near = [m for m in before if m.start >= clause.start or _is_fronted(doc, sentence, m)]
    behind = [
        m for m in usable if span.end <= m.start < span.end + _NEAR and _joined(doc, span.end, m)
    ]
    chosen = near[-1] if near else next(iter(behind), None)
    return doc.text[chosen.start : chosen.end] if chosen else None


def _in_clause(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    clause = sentence.clause_at(at)
    own = [m for m in _usable(doc, sentence) if clause.start <= m.start < clause.end]
    own = [m for m in own if not _is_vague(doc, m)]
    before = [m for m in own if m.start < at]
    return before[-1] if before else next(iter(own), None)


def _in_sentence(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    usable = _usable(doc, sentence)
    segment = doc.segment_start(sentence, at)
    before = [m for m in usable if m.start < at]
    near = [m for m in before if m.start >= segment]
    heads = [m for m in near if _is_fronted(doc, sentence, m)] or near
    if not heads:
        heads = [m for m in before if _is_fronted(doc, sentence, m) and not _is_day(m)][:1]
    clear = [m for m in heads if not _is_vague(doc, m)]
    if clear or heads:
        return (clear or heads)[-1]
    return next((m for m in usable if at < m.start < at + 90 and _joined(doc, at, m)), None)


def _joined(doc: Document, at: int, mention: Mention) -> bool:
    return not re.search(r"[;；]|,\s*(?:and|while)\b", doc.text[at : mention.start])


def _carried(doc: Document, sentence: Sentence, carry: Carry) -> Mention | None:
    reach = doc.sentences[max(0, sentence.index - _SECTION) : sentence.index]
    for distance, earlier in enumerate(reversed(reach), start=1):
        if doc.is_heading(earlier):
            # A heading with a period governs its section; a dateline is no heading.
            dated = [m for m in earlier.mentions if m.kind == "period" and not _is_vague(doc, m)]
            if dated and not _is_day(dated[-1]):
                return dated[-1]
            continue
        is_apart = carry != "article" and earlier.paragraph != sentence.paragraph
        if is_apart or distance > _BACK[carry]:
            continue
        found = [m for m in _usable(doc, earlier) if _is_carriable(doc, m, carry)]
        fronted = [m for m in found if _is_fronted(doc, earlier, m)]
        if found:
            return (fronted or found)[-1]
    return None


def _is_carriable(doc: Document, mention: Mention, carry: Carry) -> bool:
    if _is_day(mention) or _is_vague(doc, mention) or _is_until(doc, mention):
        return False
    # "As of May" dates what stood then, not what was done later.
    return carry == "article" or not (_is_month(mention) or _period(mention).start is None)


def _usable(doc: Document, sentence: Sentence) -> list[Mention]:
    """The periods of a sentence that may govern a figure in it."""
    return [
        m
        for m in sentence.mentions
        if m.kind == "period"
        and not doc.in_name(m.start, m.end)
        and not _SAME.search(doc.text, m.start, m.end)
        and not _is_reference(doc, m)
        and not _is_news_day(doc, sentence, m)
    ]


def _is_reference(doc: Document, mention: Mention) -> bool:
    before = doc.text[max(0, mention.start - 24) : mention.start]
    text = doc.text[mention.start : mention.end].lower()
    if re.search(r"[“\"《(（]\s*$", before) and text.isdigit():
        return True
    if text.startswith(("since", "over", "during")):
        return False
    return bool(_REFERENCE.search(before) or _COMPARED_YEAR.match(text))


def _is_news_day(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    if not _is_day(mention) or _is_until(doc, mention):
        return False
    clause = sentence.clause_at(mention.start)
    following = next((c for c in sentence.clauses if c.start >= clause.end), clause)
    return bool(_REPORTED.search(doc.text, clause.start, min(following.end, clause.end + 40)))


def _is_fronted(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    clause = sentence.clause_at(mention.start)
    return bool(_FRONTED.match(doc.text[clause.start : mention.start]))


def _is_vague(doc: Document, mention: Mention) -> bool:
    """Whether a phrase is a duration ("over two years") or a habit, which dates nothing."""
    period = _period(mention)
    is_open = period.start is None and period.end is None and doc.article.date is not None
    return is_open or bool(_VAGUE.search(doc.text, mention.start, mention.end))


def _is_until(doc: Document, mention: Mention) -> bool:
    """Whether a phrase sets a term ("by 2025"); "by the end of May" may be past."""
    end = _period(mention).end
    date = doc.article.date
    is_ahead = end is not None and date is not None and end > date
    return is_ahead and bool(_UNTIL.match(doc.text[mention.start : mention.end]))


def _is_day(mention: Mention) -> bool:
    period = _period(mention)
    is_dated = period.start is not None and period.start == period.end
    return is_dated or bool(_DAY.search(mention.value.text))


def _is_month(mention: Mention) -> bool:
    period = _period(mention)
    if period.start is None or period.end is None:
        return False
    return period.end - period.start < dt.timedelta(days=32)


def _period(mention: Mention) -> Period:
    assert isinstance(mention.value, Period)
    return mention.value


def status_of(doc: Document, sentence: Sentence, start: int, end: int) -> str:
    """``planned`` if what stands in ``text[start:end]`` is a target or a forecast, else ``actual``.

    A word of intention holds for the rest of its part of the sentence, until a clause says
    that something has happened.
    """
    clause = sentence.clause_at(start)
    stop = min(end + 16, sentence.clause_at(max(start, end - 1)).end)
    if _is_planned(doc, sentence, Span(clause.start, stop)):
        return "planned"
    if _PAST.search(doc.text, clause.start, max(end, clause.end)):
        return "actual"
    before = Span(doc.segment_start(sentence, start), clause.start)
    return "planned" if _is_planned(doc, sentence, before) else "actual"


def _is_planned(doc: Document, sentence: Sentence, span: Span) -> bool:
    cues = doc.cues.within("planned", span.start, span.end)
    if any(not doc.in_name(cue.start, cue.end) for cue in cues):
        return True
    terms = [
        m for m in sentence.mentions if m.kind == "period" and span.start <= m.start < span.end
    ]
    return any(_is_until(doc, m) and not doc.in_name(m.start, m.end) for m in terms)
