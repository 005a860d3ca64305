"""When a figure holds: the period that governs it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.values import Mention, Period

Carry = Literal["clause", "segment", "sentence", "paragraph", "article"]
"""How far back the period of a figure may stand: in its clause; at the head of its part of the
sentence; anywhere in that part; before, in the paragraph; before, in the text."""

# What is compared with is no period of the figure: "than the same period last year", 比2021年.
_REFERENCE = re.compile(
    r"(?:\b(?:than|over|from|short of|compared (?:with|to)|against|above|on)\s+"
    r"(?:that |those |it )?(?:of |in |at |for )?(?:the )?|"
    r"\b(?:that|those|level|figure) of (?:the )?|[比较与])$",
    re.IGNORECASE,
)
_COMPARED_YEAR = re.compile(r"(?:on|over|from|of) (?:(?:19|20)\d\d$|(?:last|next) year)")
_SAME = re.compile(
    r"same (?:period|month|quarter|time)|previous|corresponding|year earlier|year before|同期|上年",
    re.IGNORECASE,
)
_SAME_TIME = re.compile(
    r"\s*(?:in|over|during) the same (?:period|month|months|quarter)(?! (?:of|in|last)\b)|"
    r"\s*同期(?!相比)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"recent|近年|consecutive|past|within|近\S年|连续|every|each|each year", re.IGNORECASE
)
# "the 2023 Porcelain Fair": the year of its name.
_OPENS = re.compile(r"[“\"《(（]\s*$")
_NAMED_YEAR = re.compile(r"[Tt]he (?:19|20)\d\d [A-Z][a-z]+ [A-Z]")
_HABIT = re.compile(r"\s+(?:of|in) (?:every|each)\b", re.IGNORECASE)
# The day on which a newspaper learned something is not the day on which it was so.
_REPORTED = re.compile(
    r"\b(?:learn|report|news|press|said|announc|statistic|reveal|interview)|记者|获悉|消息|讯|召开|"
    r"电[（(]|公布|发布会",
    re.IGNORECASE,
)
# A day of an article without a date of its own.
_DAY = re.compile(
    r"^(?:on )?[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?$|^on the \d+|\d日$|"
    r"^(?:yesterday|today)$|^[昨今][天日]$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"^(?:by|before)\b|^(?:到|至)", re.IGNORECASE)
_FRONTED = re.compile(
    r"^[\s“\"(（]*(?:[【\[][^】\]]{1,20}[】\]]\s*|[\w’' ]{1,20}[:：]\s*)?"
    r"(?:(?:and|but|while|meanwhile|among them|of which|in which|it is reported that|"
    r"data show that|on|in|from|as of|for|since|during|the|of)\s+|[其中而且，至]|截至|截止)*$",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[;；]|,\s*(?:and|while)\b")
_DURATION = re.compile(r"in (?:\w+) (?:months|years|days|weeks)", re.IGNORECASE)
_NEAR = 90  # characters behind a name in which its date may stand
_BACK = {"paragraph": 3, "article": 5}  # sentences that a period is carried over
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SECTION = 40  # sentences that a heading governs


def period_of(doc: Document, sentence: Sentence, at: int, carry: Carry) -> str | None:
    """The phrase of the period that governs the figure at offset `at`."""
    chosen = governing(doc, sentence, at, carry)
    return _text(doc, chosen) if chosen else None


def governing(doc: Document, sentence: Sentence, at: int, carry: Carry) -> Mention | None:
    """The period that governs the figure at offset `at`.

    The figure's own clause is looked at first, then the phrase that heads its part of the
    sentence, then the one that heads the sentence, then earlier sentences as far as `carry`.
    """
    chosen = _same_time(doc, sentence, at) or _in_clause(doc, sentence, at)
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
    for earlier in reversed(
        doc.sentences[max(0, sentence.index - _BACK["article"]) : sentence.index]
    ):
        told = [m for m in _usable(doc, earlier) if not _is_vague(doc, m)]
        if told:
            return told[0]
    return None


def launch_of(
    doc: Document, sentence: Sentence, span: Span, *, is_basis: bool = False
) -> str | None:
    """The phrase of the period in which what stands in `span` was issued or begun.

    Where it is only the basis of something else ("under the plan"), the words before it tell
    the time of that.
    """
    usable = [m for m in _usable(doc, sentence) if _is_launch(doc, m)]
    segment = doc.segment_start(sentence, span.start)
    clause = sentence.clause_at(span.start)
    before = [m for m in usable if m.start < span.start and not is_basis]
    fronted = [m for m in before if _is_fronted(doc, sentence, m)]
    near = [m for m in before if m.start >= segment and (m in fronted or m.start >= clause.start)]
    behind = [
        m for m in usable if span.end <= m.start < span.end + _NEAR and _joined(doc, span.end, m)
    ]
    if near or behind:
        return _text(doc, near[-1] if near else behind[0])
    return _text(doc, fronted[0]) if fronted else None


def _is_launch(doc: Document, mention: Mention) -> bool:
    """Whether something may have begun then; "as of May" tells how it stood."""
    is_term = _period(mention).start is None and doc.article.date is not None
    return not (is_term or _is_vague(doc, mention) or is_until(doc, mention))


def _text(doc: Document, mention: Mention) -> str:
    return doc.text[mention.start : mention.end]


def _in_clause(doc: Document, sentence: Sentence, at: int) -> Mention | None:
    clause = sentence.clause_at(at)
    own = [m for m in _usable(doc, sentence) if clause.start <= m.start < clause.end]
    own = [m for m in own if not _is_vague(doc, m)]
    before = [m for m in own if m.start < at]
    return before[-1] if before else next(iter(own), None)


def _in_sentence(doc: Document, sentence: Sentence, at: int, carry: Carry) -> Mention | None:
    """The period that heads the figure's part of the sentence, or the sentence."""
    usable = [m for m in _usable(doc, sentence) if not _DURATION.fullmatch(m.value.text)]
    segment = doc.segment_start(sentence, at)
    before = [m for m in usable if m.start < at]
    near = [m for m in before if m.start >= segment]
    fronted = [m for m in before if _is_fronted(doc, sentence, m)]
    heads = [m for m in near if m in fronted]
    if not heads and carry != "segment":
        heads = near or [m for m in fronted if not _is_day(m)][:1]
    if not heads and carry == "article":
        heads = before[-1:]
    clear = [m for m in heads if not _is_vague(doc, m)]
    if clear or heads:
        return (clear or heads)[-1]
    if carry == "segment":
        return None
    return next((m for m in usable if at < m.start < at + 90 and _joined(doc, at, m)), None)


def _joined(doc: Document, at: int, mention: Mention) -> bool:
    return not _PARTED.search(doc.text, at, mention.start)


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
        found = [m for m in _usable(doc, earlier) if _is_carriable(doc, m, carry)]
        fronted = [m for m in found if _is_fronted(doc, earlier, m)]
        if found:
            return (fronted or found)[-1]
    return None


def _of_heading(doc: Document, heading: Sentence) -> Mention | None:
    """The period of a heading, which governs its section; a dateline is no heading."""
    dated = [m for m in heading.mentions if m.kind == "period" and not _is_vague(doc, m)]
    if dated:
        return None if _is_day(dated[-1]) else dated[-1]
    year = _YEAR.search(doc.text, *heading.span)
    if year is None:
        return None
    period = Period.parse(year.group(), doc.article.date)
    return Mention(*year.span(), "period", period)


def _is_carriable(doc: Document, mention: Mention, carry: Carry) -> bool:
    if _is_day(mention) or _is_vague(doc, mention) or is_until(doc, mention):
        return False
    start, date = _period(mention).start, doc.article.date
    if start is not None and date is not None and start > date:
        return False
    # "As of May" dates what stood then, not what was done later.
    return carry == "article" or not (_is_month(mention) or _period(mention).start is None)


def _usable(doc: Document, sentence: Sentence) -> list[Mention]:
    """The periods of a sentence that may govern a figure in it."""
    known = doc.usable_periods
    if sentence.index not in known:
        known[sentence.index] = _found_usable(doc, sentence)
    return known[sentence.index]


def _found_usable(doc: Document, sentence: Sentence) -> list[Mention]:
    return [
        m
        for m in sentence.mentions
        if m.kind == "period"
        and not doc.in_name(m.start, m.end)
        and not _SAME.search(doc.text, m.start, m.end)
        and not is_reference(doc, m)
        and not _is_news_day(doc, sentence, m)
    ]


def is_reference(doc: Document, mention: Mention) -> bool:
    """Whether a period is what a figure is compared with, and not when it held."""
    before = doc.text[max(0, mention.start - 24) : mention.start]
    text = doc.text[mention.start : mention.end].lower()
    if text.isdigit() and _OPENS.search(before):
        return True
    if _NAMED_YEAR.match(doc.text, mention.start):
        return True
    if text.startswith(("since", "over", "during")):
        return False
    if before.endswith("same ") or _is_start(doc, mention, text):
        return True
    return bool(_REFERENCE.search(before) or _COMPARED_YEAR.match(text))


def _is_start(doc: Document, mention: Mention, text: str) -> bool:
    """Whether a change is counted from a period: "rose by 5% from March"."""
    is_open = _period(mention).start is not None and _period(mention).end is None
    before = doc.text[max(0, mention.start - 8) : mention.start].rstrip()
    return (
        is_open
        and text.startswith("from ")
        and before.endswith(("%", "percent", "point", "points"))
    )


def _is_news_day(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    if not _is_day(mention) or is_until(doc, mention):
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
    is_habit = _HABIT.match(doc.text, mention.end)
    return is_open or bool(is_habit or _VAGUE.search(doc.text, mention.start, mention.end))


def is_until(doc: Document, mention: Mention) -> bool:
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
