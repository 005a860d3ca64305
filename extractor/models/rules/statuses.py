"""Whether a figure has come about, or is a target or a forecast."""

from __future__ import annotations

import datetime as dt
import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.times import is_until
from extractor.values import Mention, Period

_TASKS = re.compile(
    r"\b(?:tasks?|goals?|targets?|outlook|next steps?|to-do|plans? for)\b|"
    r"目标|任务|打算|计划|下一步",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:has|have|had|was|were|reached|at present|currently|so far|already|now)\b|已|目前|"
    r"现有|达到",
    re.IGNORECASE,
)


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
    is_ahead = _is_planned(doc, sentence, before) or in_plan(doc, sentence)
    return "planned" if is_ahead else "actual"


def in_plan(doc: Document, sentence: Sentence) -> bool:
    """Whether a section is one of tasks to come: "[Tasks of 2024]" in an article of that year."""
    heading = doc.heading_before(sentence)
    return heading is not None and _TASKS.search(doc.text, *heading.span) is not None


def _is_planned(doc: Document, sentence: Sentence, span: Span) -> bool:
    cues = doc.cues.within("planned", span.start, span.end)
    if any(not doc.quotes.in_name(cue.start, cue.end) for cue in cues):
        return True
    terms = [
        m for m in sentence.mentions if m.kind == "period" and span.start <= m.start < span.end
    ]
    return any(_is_ahead(doc, m) and not doc.quotes.in_name(m.start, m.end) for m in terms)


def _is_ahead(doc: Document, mention: Mention) -> bool:
    """Whether a phrase tells a time to come; in January that is the whole year too."""
    date, period = doc.article.date, mention.value
    if not isinstance(period, Period) or date is None:
        return False
    is_year = period.start == dt.date(date.year, 1, 1) and period.end == dt.date(date.year, 12, 31)
    is_later = period.start is not None and period.start > date
    return is_until(doc, mention) or is_later or (is_year and date.month == 1)
