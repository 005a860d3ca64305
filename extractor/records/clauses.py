"""The shortest passage that states a fact, in sentences that a model only pointed at."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extractor.grounding import Evidence, Span
from extractor.grounding.locate import find_phrase
from extractor.records.faces import MAX_QUOTE, MIN_QUOTE
from extractor.records.wording import Problem
from extractor.values import Change, Count, Money, Period

_BEFORE = re.compile(r"[;；，：—]\s*|[,:](?!\d)\s*")
_BEHIND = re.compile(r"[;；，]|,(?!\d)")


def narrowed(values: Mapping[str, Any], named: Sequence[str], text: str) -> Evidence:
    """The evidence without the clauses that hold none of the record's phrases.

    It is the shortest stretch of whole clauses with every phrase that stands in the sentences:
    the quantities, the period, and the text fields `named`. Where a quantity does not stand
    there word for word, as with a unit that a list shares, or an amount has its currency
    elsewhere, they stay whole.
    """
    evidence: Evidence = values["evidence"]
    if any(isinstance(v, Money) and v.currency is None for v in values.values()):
        return evidence
    places = []
    for phrase, must_stand in _phrases(values, named):
        if found := list(_occurrences(phrase, text, evidence.span)):
            places.append(found)
        elif must_stand:
            return evidence
    if not places:
        return evidence
    start, end = _clauses(_shortest(places), evidence.span, text)
    if end - start < MIN_QUOTE:
        return evidence
    return Evidence(quote=text[start:end], start=start, end=end)


def _phrases(values: Mapping[str, Any], named: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The record's phrases, and whether each is one that stands in its evidence."""
    for name, value in values.items():
        if isinstance(value, Money | Count | Change | Period):
            yield value.text, not isinstance(value, Period)
        elif name in named and isinstance(value, str):
            yield value, False


def length_problems(evidence: Evidence) -> list[Problem]:
    """What is wrong with a passage that is too long to be one."""
    if evidence.end - evidence.start <= MAX_QUOTE:
        return []
    words = (
        f"the passage with all of the record's phrases is longer than {MAX_QUOTE} characters: "
        "give the number of the sentence that states the whole fact, or leave the record out"
    )
    return [("evidence", "evidence_too_long", words)]


def _occurrences(phrase: str, text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while found := find_phrase(phrase, text, Span(start, span.end)):
        yield found
        start = found.end


def _shortest(places: Sequence[Sequence[Span]]) -> Span:
    """The shortest stretch that holds one place of each phrase."""
    best: Span | None = None
    for start in sorted({place.start for found in places for place in found}):
        nexts = []
        for found in places:
            at = bisect_left(found, (start, start))
            nexts += [found[at].end] if at < len(found) else []
        if len(nexts) < len(places):
            break
        if best is None or max(nexts) - start < best.end - best.start:
            best = Span(start, max(nexts))
    return best or places[0][0]


def _clauses(span: Span, whole: Span, text: str) -> Span:
    """The clauses that `span` touches."""
    starts = [m.end() for m in _BEFORE.finditer(text, whole.start, span.start)]
    behind = _BEHIND.search(text, span.end, whole.end)
    return Span(max(starts, default=whole.start), behind.start() if behind else whole.end)
