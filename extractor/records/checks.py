"""Do a record's numbers and periods stand in the article? Pure functions; problems are values."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from extractor.grounding import Evidence, Span
from extractor.grounding.locate import find_phrase
from extractor.records.faces import Reading, currency_of, mentions_of
from extractor.records.wording import Problem
from extractor.values import Change, Count, Money, Period, find


def place_quantities(
    values: dict[str, Any], reading: Reading
) -> tuple[dict[str, Any], list[Problem]]:
    """Give each quantity its place and its currency.

    A quantity stands in the evidence as a whole, not as a part of a longer one; only a unit
    that a list shares may stand apart from its number there.
    """
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    evidence = values["evidence"]
    for name, value in values.items():
        if not isinstance(value, Money | Count | Change):
            continue
        at = _quantity_place(value, evidence, reading)
        if at is None and not _shares_its_unit(value, evidence.quote):
            problems.append(
                (
                    name,
                    "number_not_in_evidence",
                    "the phrase does not stand in the evidence: copy it whole from there, or give "
                    "the passage that states it",
                )
            )
        if isinstance(value, Money) and value.currency is None and not _SCALED.search(value.text):
            problems.append((name, "phrase", "is no amount of money: copy it with its currency"))
        update: dict[str, Any] = {"at": at and tuple(at)}
        if at is not None:
            update["text"] = reading.article.text[at.start : at.end]
        if isinstance(value, Money) and value.currency is None:
            update["currency"] = currency_of(evidence.quote) or reading.stated_currency
        changes[name] = value.model_copy(update=update)
    return changes, problems


def _quantity_place(
    value: Money | Count | Change, evidence: Evidence, reading: Reading
) -> Span | None:
    """Where the phrase of a quantity stands in the evidence as a quantity of its own."""
    text = reading.article.text
    start = evidence.start
    while found := find_phrase(value.text, text, Span(start, evidence.end)):
        if not _is_part(
            value, Span(found.start - evidence.start, found.end - evidence.start), evidence
        ):
            return found
        start = found.end
    return None


def _is_part(value: Money | Count | Change, at: Span, evidence: Evidence) -> bool:
    """Whether a stretch of the quote is only a part of a longer phrase with another value.

    "100 million yuan" of "3.55 billion 100 million yuan", 24 of "July 24".
    """
    for mention in mentions_of(evidence.quote):
        holds = mention.start <= at.start and at.end <= mention.end
        if holds and mention.end - mention.start > at.end - at.start:
            return not _is_same(mention.value, value)
    return False


def _shares_its_unit(value: Money | Count | Change, quote: str) -> bool:
    """Whether `quote` lists the number with a unit that it shares with its neighbours."""
    if is_negative(value.text):
        return False
    return any(
        isinstance(mention.value, Money | Count | Change)
        and mention.value.text != quote[mention.start : mention.end]
        and _is_same(mention.value, value)
        and mention.value.bound == value.bound
        for mention in mentions_of(quote)
    )


def _is_same(stated: object, value: Money | Count | Change) -> bool:
    """Whether a quantity of the text has the value that was read, in the same unit."""
    if isinstance(value, Change) and value.unit == "absolute":
        return isinstance(stated, Money | Count | Change) and stated.value == value.value
    if not isinstance(stated, type(value)) or stated.value != value.value:
        return False
    unit = "unit" if isinstance(value, Change) else "currency"
    return stated.upper == value.upper and getattr(stated, unit, None) == getattr(value, unit, None)


_SCALED = re.compile(r"\d{4}|illion|\bbn\b|\bmln\b|thousand|crore|lakh|[万亿]", re.IGNORECASE)
_MINUS = re.compile(r"\s*(?:[-−–－]\s*[\d.]|minus\b|negative\b|负)", re.IGNORECASE)


def is_negative(phrase: str) -> bool:
    """Whether `phrase` has a minus sign: the value has none, the direction says it."""
    return _MINUS.match(phrase) is not None


def number_place(value: Money | Count | Change, evidence: Span, reading: Reading) -> Span:
    """Where the number of a record stands; a composed phrase by its first numeral."""
    if value.at is not None:
        return Span(*value.at)
    found = (find_phrase(part, reading.article.text, evidence) for part in value.text.split())
    return next((span for span in found if span is not None), evidence)


def name_place(name: str, evidence: Span, reading: Reading) -> Span:
    """Where the name stands in the evidence; one of joined words has the evidence's place."""
    return find_phrase(name, reading.article.text, evidence) or evidence


def record_id(type_: str, place: Span, reading: Reading) -> str:
    """16 hex digits over article, text, record type and the place of its number or name."""
    article = reading.article
    key = "\n".join((article.id, article.text_sha256, type_, str(place.start), str(place.end)))
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def place_period(
    period: Period, status: str, evidence: Span, reading: Reading
) -> tuple[Period, list[Problem]]:
    """Give a period its place, and the flags that depend on the record."""
    article = reading.article
    text = article.text
    inside = find_phrase(period.text, text, evidence)
    at = inside or nearest(period.text, text, evidence)
    if at is None:
        problem = (
            "period",
            "period_not_in_article",
            "the phrase does not stand in the article: copy it from there, or write null",
        )
        return period, [problem]
    flags = list(period.flags)
    if status == "actual" and article.date and period.end and period.end > article.date:
        flags.append("runs_on")
    if inside is None:
        flags.append("carried")
    return period.model_copy(update={"at": tuple(at), "flags": tuple(flags)}), []


def nearest(phrase: str, text: str, evidence: Span) -> Span | None:
    """The nearest occurrence before the evidence, else the first one after."""
    before = None
    start = 0
    while found := find_phrase(phrase, text, Span(start, evidence.start)):
        before, start = found, found.end
    return before or find_phrase(phrase, text, Span(evidence.start, len(text)))


def only_count(text: str) -> Count | None:
    """The one count in `text`, or None if it has none or several."""
    counts = [m.value for m in find(text) if isinstance(m.value, Count)]
    return counts[0] if len(counts) == 1 else None
