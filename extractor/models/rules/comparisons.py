"""What changes are measured against: another place's figure, or an own earlier one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.models.rules.changes import COMPARED, NEW_CLAUSE, Run
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.times import is_reference
from extractor.values import Change, Mention, Period

# "surpassing the average of the province by 15 points", and the next benchmark of such a list.
_SURPASSING = re.compile(
    r"\b(?:surpass\w*|exceed\w*|outpac\w*|outran|outperform\w*|beat\w*|ahead of|higher than|"
    r"lower than|faster than|(?:above|below)(?= (?:the|average|that)))\s+"
    r"(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$",
    re.IGNORECASE,
)
_NEXT_BENCHMARK = re.compile(
    r"^\s*(?:and|, and|,)\s+(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$", re.IGNORECASE
)
_ZH_COMPARED = re.compile(
    r"(?:高于|高出|快于|低于|慢于|超过|领先|跑赢)(?P<a>[^，。；\d]{1,20})$|"
    r"(?:比|较)(?P<b>[^，。；\d]{2,20}?)(?:增速|平均水平|平均)?(?:分别)?(?:高|低|快|慢)(?:出|了)?$"
)
# An own earlier period, against which a change is no gap to a benchmark.
_OWN_PERIOD = re.compile(
    r"same (?:period|month|quarter)|last year|previous|\bfirst|\bsecond|year[- ]ago|\ba year|"
    r"\bmonth|quarter|beginning of|earlier|before|\b(?:19|20)\d\d\b|half|^year[- ]on|"
    r"去年|上年|季度|上半年|上月|同期|前\S?月|年初|年底|\d月",
    re.IGNORECASE,
)
# Without days of its own: "the same period last year", 去年同期.
_YEAR_AGO = re.compile(r"year|同期|去年|上年", re.IGNORECASE)
# Counted from the figure's own year: 2022年比上年.
_LAST_YEAR = re.compile(r"^(?:the )?(?:last|previous) year$|^[上去]年$", re.IGNORECASE)
_AVERAGE = re.compile(
    r"average annual|annual average|(?:per year|annually|a year) on average|two-year average|"
    r"compound|averaged? over|年均|两年平均"
)
_AVERAGING = ("averag", "compound", "年均", "平均")  # of which the words of an average have one
_YEARLY = re.compile(
    r"consecutive (?:years|months)|years (?:in a row|running)|连续\S{1,3}年", re.IGNORECASE
)
# "surpassing the average growth rate of the province by": the growth is the province's.
_IS_AVERAGE = re.compile(r"^(?:the\s)?(?:\w+\s)?average\b", re.IGNORECASE)
_NEW_YEAR = re.compile(r"(?:beginning|start) of (?:this |the )?year|年初", re.IGNORECASE)
# The month or the quarter just before the figure's own, whatever the article's date makes of it.
_NEIGHBOUR = re.compile(
    r"^(?:the )?(?:last|previous) (?:month|quarter)$|^上个?(?:月|季度?)$", re.IGNORECASE
)
_REACH = 60  # characters between a change and what it is compared with
_TRIM = re.compile(r"^(?:the|that of|those of|that in|of|in)\s+")
_TRIM_END = re.compile(
    r"\s+(?:by|ranking|and ranked|respectively|in the same period|over)\b.*$|\s+and$"
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a run of changes is measured against.

    Attributes:
        names: by change; all None where it is an own earlier period or nothing.
        basis: what the comparison itself says, or None.
        start: where the words begin that name it, if they stand before the changes.
    """

    names: tuple[str | None, ...]
    basis: str | None
    start: int


def benchmark_of(doc: Document, sentence: Sentence, run: Run) -> Benchmark:
    """What the changes of a run are compared with, in words before or behind them."""
    nothing = Benchmark((None,) * len(run.mentions), None, run.start)
    named, start, end = _compared_with(doc, run)
    whole = _trim(named) if named else None
    if named is None or whole is None:
        return nothing
    times = [
        m for m in sentence.mentions if m.kind == "period" and end - len(named) <= m.start < end
    ]
    if times or _OWN_PERIOD.search(named):
        return nothing
    parts = [_trim(part) for part in re.split(r"\s+and\s+|和|、|,\s*", whole)]
    count = len(run.mentions)
    names = tuple(parts) if len(parts) == count else (whole,) * count
    return Benchmark(names, "versus_benchmark", start)


def _compared_with(doc: Document, run: Run) -> tuple[str | None, int, int]:
    """The words for what is compared with, where the comparison begins, and where it ends."""
    scope = doc.text[run.left : run.start]
    if doc.lang == "zh":
        match = _ZH_COMPARED.search(scope)
        if match is None:
            return None, run.start, run.start
        return match["a"] or match["b"], run.left + match.start(), run.left + match.end()
    is_by = scope.rstrip()[-2:].lower() == "by"  # else neither of the two need be tried
    before = (_SURPASSING.search(scope) or _NEXT_BENCHMARK.search(scope)) if is_by else None
    if before and _is_named(doc, run, before):
        return before["rest"], run.left + before.start(), run.left + before.end("rest")
    behind = COMPARED.match(doc.text, run.end, run.right)
    if behind is None:
        return None, run.start, run.start
    return behind["rest"].strip() or None, run.start, behind.end("rest")


def _is_named(doc: Document, run: Run, match: re.Match[str]) -> bool:
    if _IS_AVERAGE.match(match["rest"]):
        return True
    return not doc.cues.within("directions", *_inside(run, match))


def _inside(run: Run, match: re.Match[str]) -> tuple[int, int]:
    return run.left + match.start("rest"), run.left + match.end("rest")


def _trim(phrase: str) -> str | None:
    """A benchmark's name without what stands around it."""
    phrase = phrase.strip(" .。的")
    while match := _TRIM.match(phrase):
        phrase = phrase[match.end() :]
    phrase = re.sub(r"[’'‘]s$", "", _TRIM_END.sub("", phrase))
    least = 2 if phrase[:1] > "\u3400" else 3
    return phrase if least <= len(phrase) < 90 else None


def basis_of(
    doc: Document, sentence: Sentence, run: Run, governed: Period | None, carried: str | None
) -> str:
    """What a change is measured against, where no benchmark is named.

    Args:
        doc: the article.
        sentence: the sentence of the changes.
        run: the changes.
        governed: the period of the changes.
        carried: the basis of the figure that the sentence goes on from, if there is one.
    """
    scope = doc.text[run.left : run.right].lower()
    if any(word in scope for word in _AVERAGING) and _AVERAGE.search(scope):
        return "multi_year"
    if earlier := _earlier(doc, sentence, run):
        return _against(doc, earlier, governed)
    if said := _said(doc, run):
        return said
    if _YEARLY.search(doc.text, run.start, min(run.right, run.end + 40)):
        return "year_on_year"
    is_gap = any(
        m.value.unit == "percentage_points" for m in run.mentions if isinstance(m.value, Change)
    )
    return "year_on_year" if carried == "year_on_year" and not is_gap else "unspecified"


def _said(doc: Document, run: Run) -> str | None:
    """The basis that a word says: "year-on-year", 环比; the last before, else the first behind."""
    cues = doc.cues.within("basis", run.left, run.right)
    before = [c for c in cues if c.end <= run.end]
    behind = [c for c in cues if c.start >= run.end]
    if before:
        return before[-1].value
    if behind and not NEW_CLAUSE.search(doc.text, run.end, behind[0].start):
        return behind[0].value
    return None


def _earlier(doc: Document, sentence: Sentence, run: Run) -> Mention | None:
    """The own earlier period that the changes are measured against, in their clause."""
    low = max(run.left, sentence.clause_at(run.start).start, run.start - _REACH)
    high = min(run.right, sentence.clause_at(run.end - 1).end, run.end + _REACH)
    found = [
        m
        for m in sentence.mentions
        if m.kind == "period" and low <= m.start < high and is_reference(doc, m)
    ]
    return min(found, key=lambda m: abs(m.start - run.start), default=None)


def _against(doc: Document, earlier: Mention, governed: Period | None) -> str:
    """The basis that follows from an earlier period: the same one a year before, or another."""
    period = earlier.value
    assert isinstance(period, Period)
    if _NEW_YEAR.search(period.text):
        return "unspecified"
    if _NEIGHBOUR.search(period.text):
        return "period_on_period"
    if period.start is None or period.end is None:
        return "year_on_year" if _YEAR_AGO.search(period.text) else "period_on_period"
    if _LAST_YEAR.search(period.text):
        return "year_on_year"
    date = doc.article.date
    now = (governed.end or governed.start) if governed else date
    if now is None:
        return "unspecified"
    years = now.year - period.end.year
    is_year = (period.start.month, period.end.month) == (1, 12)
    is_same = (
        governed is not None
        and governed.start is not None
        and governed.end is not None
        and (governed.start.month, governed.end.month) == (period.start.month, period.end.month)
    )
    if is_year or is_same or (governed is None and years == 1):
        return "year_on_year" if years == 1 else "multi_year" if years > 1 else "unspecified"
    return "period_on_period"
