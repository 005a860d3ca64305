"""Known faults to put into predictions: what a harness must notice.

Each takes the records of one article and a random generator, and gives them spoiled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

from extractor.article import Article
from extractor.grounding import Evidence
from extractor.records import Record
from extractor.results import Records

Fault: TypeAlias = Callable[[Records, Article, Random], Records]

_OPPOSITE = {"increase": "decrease", "decrease": "increase", "flat": "increase"}
_NOWHERE = "Nowhere County"
_UNRELATED = "zzz qqq"


def _each(change: Callable[[Record, Random], Mapping[str, Any]], share: float = 1.0) -> Fault:
    """A fault that changes fields of each record, or of a share of them."""

    def spoil(records: Records, _: Article, random: Random) -> Records:
        def changed(record: Record) -> Record:
            if random.random() >= share:
                return record
            return record.model_copy(update=dict(change(record, random)))

        return _mapped(records, changed)

    return spoil


def _mapped(records: Records, change: Callable[[Record], Record]) -> Records:
    return records.model_copy(
        update={key: [change(record) for record in found] for key, found in records.by_type()}
    )


def _dropped(share: float) -> Fault:
    def spoil(records: Records, _: Article, random: Random) -> Records:
        return records.model_copy(
            update={
                key: [record for record in found if random.random() >= share]
                for key, found in records.by_type()
            }
        )

    return spoil


def _repeated(records: Records, _: Article, random: Random) -> Records:
    return records.model_copy(
        update={
            key: [r for record in found for r in [record] * (1 + (random.random() < 0.05))]
            for key, found in records.by_type()
        }
    )


def _rotated(field_of: Callable[[Record], str]) -> Fault:
    """A fault that gives each record a field of its neighbour of the same type."""

    def spoil(records: Records, _: Article, random: Random) -> Records:
        return records.model_copy(
            update={
                key: [
                    record.model_copy(update={(f := field_of(record)): getattr(neighbour, f)})
                    for record, neighbour in zip(found, found[1:] + found[:1], strict=True)
                ]
                for key, found in records.by_type()
            }
        )

    return spoil


def _whole_article(records: Records, article: Article, _: Random) -> Records:
    evidence = Evidence(quote=article.text, start=0, end=len(article.text))
    return _mapped(records, lambda record: record.model_copy(update={"evidence": evidence}))


def _scaled(record: Record, _: Random) -> Mapping[str, Any]:
    name = record.number
    if name is None:
        return {}
    number = getattr(record, name)
    return {name: number.model_copy(update={"value": number.value * 1000})}


def _shifted_year(record: Record, _: Random) -> Mapping[str, Any]:
    period = record.period
    if period is None or period.start is None:
        return {}
    start = period.start - dt.timedelta(days=365)
    return {"period": period.model_copy(update={"start": start})}


def _without(field: str) -> Callable[[Record, Random], Mapping[str, Any]]:
    return lambda record, _: {field: None} if field in type(record).model_fields else {}


def _only(field: str, value: Callable[[Any], Any]) -> Callable[[Record, Random], Mapping[str, Any]]:
    """A change of one field, in the types that have it."""
    return lambda record, _: (
        {field: value(getattr(record, field))} if field in type(record).model_fields else {}
    )


def _points(record: Record, _: Random) -> Mapping[str, Any]:
    change = getattr(record, "change", None)
    if change is None or change.unit not in ("percent", "percentage_points"):
        return {}
    other = "percentage_points" if change.unit == "percent" else "percent"
    return {"change": change.model_copy(update={"unit": other})}


def _dollars(record: Record, _: Random) -> Mapping[str, Any]:
    amount = getattr(record, "amount", None)
    if record.type != "fund" or amount is None:
        return {}
    return {"amount": amount.model_copy(update={"currency": "USD"})}


NULLABLE = ("issuer", "level", "measure_count", "provider", "recipient", "part_of", "indicator",
            "subject", "benchmark", "region", "period")  # fmt: skip
"""Fields that may be null, `amount` of a growth metric aside."""

FAULTS: Mapping[str, Fault] = {
    "5 % of records dropped": _dropped(0.05),
    "5 % of records written twice": _repeated,
    "×1000 on 3 % of values": _each(_scaled, 0.03),
    "start of period a year early": _each(_shifted_year),
    "start of period a year early in 10 %": _each(_shifted_year, 0.1),
    "quotes rotated within an article": _rotated(lambda record: "evidence"),
    "the whole article as quote": _whole_article,
    "names rotated within an article": _rotated(lambda record: record.named),
    "names replaced": _each(lambda record, _: {record.named: _UNRELATED}),
    "region wrong": _each(lambda record, _: {"region": _NOWHERE}),
    "direction reversed": _each(_only("direction", _OPPOSITE.__getitem__)),
    "planned and actual swapped": _each(
        _only("status", {"actual": "planned", "planned": "actual"}.__getitem__)
    ),
    "basis always year-on-year": _each(_only("basis", lambda _: "year_on_year")),
    "percent and points swapped": _each(_points),
    "US dollars on 10 % of funds": _each(_dollars, 0.1),
    "level of a growth metric null": _each(
        lambda record, _: {"amount": None} if record.type == "growth_metric" else {}
    ),
    **{f"{field} null": _each(_without(field)) for field in NULLABLE},
}
"""The faults by name."""
