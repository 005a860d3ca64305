"""The reader of growth metrics: a change, what it is of, and what it is measured against."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from extractor.models.rules.absolutes import counted_name
from extractor.models.rules.changes import (
    Direction,
    Run,
    direction_of,
    is_share,
    runs,
)
from extractor.models.rules.comparisons import Benchmark, basis_of, benchmark_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.measured import Fact, facts_of
from extractor.models.rules.periods import governing, listed_periods, period_of
from extractor.models.rules.regions import region_of
from extractor.models.rules.repeats import Stated, unrepeated
from extractor.models.rules.ruled import Ruled
from extractor.models.rules.statuses import status_of
from extractor.values import Change, Mention, Period

# "Among them, medicine rose by 5%": the sentence before says what is measured.
_LINKED = re.compile(
    r"\s*(?:among|of which|of these|in terms|from the perspective|其中|分\S{1,6}看)", re.IGNORECASE
)
# "From January to July it was still minus 1.2%": the figure told before, at another time.
_PRONOUN = re.compile(
    r"\s*(?:(?:from|in|by|as of|at)\s[^,]{3,40}?,?\s)?"
    r"(?:it|the (?:figure|rate|growth rate|growth))\s"
    r"(?:(?:was|is|has|had|still|even|already|then)\s)*(?=(?:minus|up|down|rose|fell|grew|"
    r"increased|decreased|climbed|dropped|slowed|narrowed|accelerated|to)\b)",
    re.IGNORECASE,
)
# The parts of a figure share its basis; a breakdown by sectors is a sentence of its own.
_PARTS = re.compile(r"\s*(?:among|of which|of these|其中)", re.IGNORECASE)
# "against 5.2% in the province": another place's own rate.
_AGAINST = re.compile(r"\b(?:against|compared (?:with|to)|versus)\s*$", re.IGNORECASE)
# "tripled since 2019": the span of a change that runs over years is no period.
_SINCE = re.compile(r"\s+(?:since|from) (?:the end of )?(?:19|20)\d\d\b", re.IGNORECASE)
_AND_BY = re.compile(r"(?:\syear[- ]on[- ]year)?\s*(?:,|and|, and)\s[^,;]{2,60}\sby\s*")
# "an increase of 3 billion yuan, or 4%": one change, said twice.
_OR_BY = re.compile(r"\s*,?\s+or\s+")
_VALUE = re.compile(r"\s(?:value|volume|amount)$")  # "imports" and "import value" are one
_PLACED = re.compile(r"\s*(?:for|in|of)\s+(?:the\s+)?", re.IGNORECASE)


def read(doc: Document) -> list[Ruled]:
    """Draft growth metrics of the article; a repeated one once."""
    stated: list[Stated] = []
    last: Fact | None = None
    for sentence in doc.sentences:
        if found := runs(doc, sentence):
            drafts, last = _sentence(doc, sentence, found, last)
            stated += drafts
    return unrepeated(stated)


def _stated(sentence: Sentence, mention: Mention, rule: str, draft: dict[str, Any]) -> Stated:
    change = mention.value
    assert isinstance(change, Change)
    number = (change.value, change.upper, change.unit, draft["direction"])
    head = _VALUE.sub("", draft["subject"] or draft["indicator"] or "")[-8:].lower()
    identity = (*number, draft["benchmark"], draft["region"], head)
    return Stated(sentence, number, identity, Ruled(rule, draft))


def _sentence(
    doc: Document, sentence: Sentence, found: list[Run], last: Fact | None
) -> tuple[list[Stated], Fact | None]:
    """The drafts of a sentence, and what its last change was of."""
    drafts: list[Stated] = []
    inherited = _linked(doc, sentence, last)
    told: list[Fact] = []
    direction: Direction | None = None
    for run in found:
        place = _other_place(doc, sentence, run) if told else None
        if direction and place:
            draft = _of_place(doc, sentence, run, told[-1], direction, place)
            drafts.append(_stated(sentence, run.mentions[0], "growth.other-place", draft))
            continue
        before = told or ([inherited] if inherited else [])
        if is_share(doc, run):
            # "The rate was 4.8%, down 0.4 points": the level tells what falls.
            told += facts_of(doc, sentence, run, run.start, before)
            continue
        own = direction_of(doc, run) or (direction and _going_on(doc, run, direction))
        if own is None:
            # "The index was 50.8%, down 0.5 points": the level tells what falls.
            told += facts_of(doc, sentence, run, run.start, before)
            continue
        written, facts = _run(doc, sentence, run, own, before)
        drafts += written
        told += facts
        direction = own
    return drafts, told[-1] if told else inherited or last


def _going_on(doc: Document, run: Run, direction: Direction) -> Direction | None:
    """The direction told before, of "A rose by 5% and B by 3%" or "by 6 million or 3%"."""
    is_next = _AND_BY.fullmatch(doc.text, run.left, run.start) or _OR_BY.fullmatch(
        doc.text, run.left, run.start
    )
    return Direction(direction.value, run.start) if is_next else None


def _linked(doc: Document, sentence: Sentence, last: Fact | None) -> Fact | None:
    """What the sentence goes on with, if it says that it does.

    The parts of a figure in the line before share its basis; its words are another paragraph's.
    """
    is_part = _PARTS.match(doc.text, sentence.span.start)
    head = (_head_before(doc, sentence) if is_part else None) or last
    if head is None:
        return None
    if head.paragraph != sentence.paragraph:
        is_next = head.paragraph == doc.sentences[sentence.index - 1].paragraph
        return (
            replace(head, indicator=None, subject=None, amount=None)
            if is_part and is_next
            else None
        )
    is_meant = _PRONOUN.match(doc.text, sentence.span.start, sentence.span.end)
    if not is_meant and not _LINKED.match(doc.text, sentence.span.start):
        return None
    return replace(head, amount=None, basis=head.basis if is_part else "unspecified")


def _head_before(doc: Document, sentence: Sentence) -> Fact | None:
    """What the parts of a figure are of, where the sentence before says so without a rate.

    As in "the output of 9 of 20 branches grew year-on-year. Of these, …".
    """
    before = doc.sentences[sentence.index - 1] if sentence.index else sentence
    said = doc.cues.within("basis", *before.span)
    if not said or any(isinstance(m.value, Change) for m in before.mentions):
        return None
    heads = doc.cues.within("indicator_heads", before.span.start, before.span.end)
    indicator = doc.text[heads[0].start : heads[0].end] if heads else None
    return Fact(indicator, None, None, said[-1].value, before.span.start, before.paragraph)


def _run(
    doc: Document, sentence: Sentence, run: Run, direction: Direction, told: list[Fact]
) -> tuple[list[Stated], list[Fact]]:
    """The drafts of a run, and what its changes are of."""
    before = told[-1] if told else None
    benchmark = benchmark_of(doc, sentence, run)
    stop = min(direction.start, run.start, benchmark.start)
    facts = [_of_stock(run, fact) for fact in facts_of(doc, sentence, run, stop, told)]
    if not facts:
        return [], []
    basis = benchmark.basis or _basis(doc, sentence, run, before)
    drafts: list[Stated] = []
    rule = _rule(run, benchmark)
    for position, fact in enumerate(facts):
        own = direction_of(doc, run, position) if position else None
        draft = {
            "indicator": fact.indicator,
            "subject": fact.subject,
            "amount": fact.amount,
            "direction": (own or direction).value,
            "basis": basis,
            **_common(doc, sentence, run, position, fact, benchmark),
        }
        drafts.append(_stated(sentence, run.mentions[position], rule, draft))
    is_gap = basis in ("versus_benchmark", "period_on_period")
    kept = before.basis if is_gap and before else "unspecified" if is_gap else basis
    return drafts, [replace(fact, basis=kept) for fact in facts]


def _basis(doc: Document, sentence: Sentence, run: Run, before: Fact | None) -> str:
    """What a run without a benchmark is measured against."""
    if _SINCE.match(doc.text, run.end):
        return "multi_year"
    governed = governing(doc, sentence, run.start, "article")
    when = governed.value if governed and isinstance(governed.value, Period) else None
    return basis_of(doc, sentence, run, when, before.basis if before else None)


def _rule(run: Run, benchmark: Benchmark) -> str:
    """The name of the rule that reads a run."""
    value = run.mentions[0].value
    if isinstance(value, Change) and value.unit == "absolute":
        return "growth.number"
    if benchmark.basis:
        return "growth.gap"
    return "growth.list" if len(run.mentions) > 1 else "growth.change"


def _of_stock(run: Run, fact: Fact) -> Fact:
    """What a plain number is a change of: the firms or things themselves are the indicator."""
    value = run.mentions[0].value
    if not (isinstance(value, Change) and value.unit == "absolute") or fact.indicator:
        return fact
    count, name = counted_name(fact.subject or "")
    return replace(fact, indicator=name or None, subject=None, amount=count or fact.amount)


def _common(
    doc: Document,
    sentence: Sentence,
    run: Run,
    position: int,
    fact: Fact,
    benchmark: Benchmark,
) -> dict[str, Any]:
    mention = run.mentions[position]
    is_span = _SINCE.match(doc.text, run.end)
    is_here = sentence.span.start <= fact.start < mention.start
    start = fact.start if is_here else run.left
    return {
        "change": mention.value.text,
        "benchmark": benchmark.names[position],
        "region": _region(doc, sentence, run, position, benchmark),
        "period": None if is_span else _period(doc, sentence, run, position),
        "status": status_of(doc, sentence, mention.start, mention.end),
        "evidence": doc.passage(sentence, (start, start + 1), (mention.start, mention.end)),
    }


def _period(doc: Document, sentence: Sentence, run: Run, position: int) -> str | None:
    """The time of a change; "in March and April, output rose by 3% and 4%" pairs them in order."""
    listed = listed_periods(doc, sentence, run.start, len(run.mentions))
    if listed:
        return doc.text[listed[position].start : listed[position].end]
    return period_of(doc, sentence, run.mentions[position].start, "article")


def _region(
    doc: Document, sentence: Sentence, run: Run, position: int, benchmark: Benchmark
) -> str | None:
    """The place of a change; "Linhe and Wuyuan grew by 3% and 4%" pairs them in order."""
    listed = [place.name for place in sentence.places if run.left <= place.start < run.start]
    if len(run.mentions) > 1 and len(listed) == len(run.mentions):
        return listed[position]
    return region_of(doc, sentence, min(run.mentions[position].start, benchmark.start))


def _other_place(doc: Document, sentence: Sentence, run: Run) -> str | None:
    """The place whose own rate a change is: "against 5.2% in Hubei"."""
    mention: Mention = run.mentions[0]
    if not _AGAINST.search(doc.text, run.left, mention.start):
        return None
    link = _PLACED.match(doc.text, mention.end)
    return next((p.name for p in sentence.places if link and p.start == link.end()), None)


def _of_place(
    doc: Document, sentence: Sentence, run: Run, fact: Fact, direction: Direction, place: str
) -> dict[str, Any]:
    nothing = Benchmark((None,), None, run.start)
    return {
        "indicator": fact.indicator,
        "subject": fact.subject,
        "amount": None,
        "direction": direction.value,
        "basis": fact.basis,
        **_common(doc, sentence, run, 0, fact, nothing),
        "region": place,
    }
