"""What a phrase for a time says of the figures near it: nothing, when they held, or a term."""

from __future__ import annotations

import datetime as dt
import re

from extractor.models.rules.document import Document, Sentence
from extractor.values import Mention, Period

# What is compared with is no period of the figure: "than the same period last year", 比2021年.
_REFERENCE = re.compile(
    r"(?:\b(?:than|over|from|short of|compared (?:with|to)|against|above|on)\s+"
    r"(?:that |those |it |this time |the same time )?(?:of |in |at |for )?(?:the )?|"
    r"\b(?:that|those|level|figure|stretch|months) of (?:the )?|[比较与])$",
    re.IGNORECASE,
)
_COMPARED_YEAR = re.compile(r"(?:on|over|from|of) (?:(?:19|20)\d\d$|(?:last|next|the) year)")
_SAME = re.compile(
    r"same (?:period|month|quarter|time)|previous|corresponding|year earlier|year before|同期|上年",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"recent|近年|consecutive|past|within|近\S年|连续|every|each|each year", re.IGNORECASE
)
_OPENS = re.compile(r"[“\"《(（]\s*$")
# "the 2023 Porcelain Fair": the year of its name.
_NAMED_YEAR = re.compile(r"[Tt]he (?:19|20)\d\d [A-Z][a-z]+ [A-Z]")
_HABIT = re.compile(r"\s+(?:of|in) (?:every|each)\b", re.IGNORECASE)
# The day on which a newspaper learned something is not the day on which it was so.
_REPORTED = re.compile(
    r"\b(?:learn|report(?!er: )|news|press|said|announc|statistic|reveal|interview)|"
    r"记者|获悉|消息|讯|召开|"
    r"电[（(]|公布|发布会",
    re.IGNORECASE,
)
_END_OF = re.compile(r"\bend of\b|[底末]", re.IGNORECASE)
# A day of an article without a date of its own.
_DAY = re.compile(
    r"^(?:on )?[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?$|^on the \d+|\d日$|"
    r"^(?:yesterday|today)$|^[昨今][天日]$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"^(?:by|before)\b|^(?:到|至)", re.IGNORECASE)
_FRONTED = re.compile(
    r"^(?:.{0,80}(?:\bthat\s|[:：]\s?))?[\s“\"(（]*(?:[【\[][^】\]]{1,20}[】\]]\s*)?"
    r"(?:(?:and|but|while|meanwhile|among them|of which|in which|it is reported that|"
    r"data show that|on|in|from|as of|for|since|during|the|of)\s+|[其中而且，至]|截至|截止)*$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"in (?:the )?\w+ (?:months|years|days|weeks)|for (?:about |nearly )?\w+ (?:months|days|weeks)|"
    r"within \w+ (?:working )?(?:days|hours|weeks)|"
    r"for \w+ years(?= in a row| running)",
    re.IGNORECASE,
)


def usable(doc: Document, sentence: Sentence) -> list[Mention]:
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
        and not doc.quotes.in_name(m.start, m.end)
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
    is_open = period_in(mention).start is not None and period_in(mention).end is None
    before = doc.text[max(0, mention.start - 8) : mention.start].rstrip()
    is_sum = before.endswith("yuan") and text.endswith(" of the year")
    is_rate = before.endswith(("%", "percent", "point", "points"))
    return is_open and text.startswith("from ") and (is_rate or is_sum)


def _is_news_day(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    if not is_day(mention) or is_until(doc, mention) or _END_OF.search(mention.value.text):
        return False
    clause = sentence.clause_at(mention.start)
    following = next((c for c in sentence.clauses if c.start >= clause.end), clause)
    return bool(_REPORTED.search(doc.text, clause.start, min(following.end, clause.end + 90)))


def is_duration(doc: Document, mention: Mention) -> bool:
    """Whether a phrase says how long something took or lasts, and not when."""
    match = _DURATION.match(doc.text, mention.start)
    return match is not None and match.end() == mention.end


def is_fronted(doc: Document, sentence: Sentence, mention: Mention) -> bool:
    """Whether a phrase heads its clause."""
    clause = sentence.clause_at(mention.start)
    return bool(_FRONTED.match(doc.text[clause.start : mention.start]))


def is_vague(doc: Document, mention: Mention) -> bool:
    """Whether a phrase is a duration ("over two years") or a habit, which dates nothing."""
    period = period_in(mention)
    is_open = period.start is None and period.end is None and doc.article.date is not None
    is_habit = _HABIT.match(doc.text, mention.end)
    return is_open or bool(is_habit or _VAGUE.search(doc.text, mention.start, mention.end))


def is_until(doc: Document, mention: Mention) -> bool:
    """Whether a phrase sets a term ("by 2025"); "by the end of May" may be past."""
    end = period_in(mention).end
    date = doc.article.date
    is_ahead = end is not None and date is not None and end > date
    return is_ahead and bool(_UNTIL.match(doc.text[mention.start : mention.end]))


def is_day(mention: Mention) -> bool:
    """Whether a phrase is one day, or a day without a year in an article without a date."""
    period = period_in(mention)
    is_dated = period.start is not None and period.start == period.end
    return is_dated or bool(_DAY.search(mention.value.text))


def is_month(mention: Mention) -> bool:
    """Whether a phrase is a month at most."""
    period = period_in(mention)
    if period.start is None or period.end is None:
        return False
    return period.end - period.start < dt.timedelta(days=32)


def period_in(mention: Mention) -> Period:
    """The value of a mention that is a period."""
    assert isinstance(mention.value, Period)
    return mention.value
