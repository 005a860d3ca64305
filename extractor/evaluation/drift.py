"""Two outputs on the same articles without gold: do they say the same?

Rates are compared by their paired 90 % interval against a margin: *shifted* if all of it lies
beyond, *steady* if all of it lies within, else *unclear*. Shares have a margin in points,
numbers per article one relative to the old output's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from extractor.evaluation.disagreements import Disagreement, disagreements
from extractor.evaluation.gate import MAX_FAILED, ExitCode, OnInconclusive, most_serious
from extractor.evaluation.pairing import Difference, difference
from extractor.evaluation.scores import UNGROUNDED, ArticleScore
from extractor.evaluation.scoring import score_records
from extractor.evaluation.statistics import Estimate, Floats
from extractor.evaluation.summary import ALL, TypeRow, by_type
from extractor.records import RECORD_TYPES, Record
from extractor.results import Extraction, Failure

State: TypeAlias = Literal["steady", "shifted", "unclear"]
Outcomes: TypeAlias = Mapping[str, Extraction | Failure]

MIN_AGREEMENT = 0.9
SHARE_MARGIN = 0.02
RELATIVE_MARGIN = 0.1
SHOWN = 50

_LEADING = ("records per article", "failed", "ungrounded")
"""Rates that must be steady; the others only must not have shifted."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One rate in both outputs."""

    difference: Difference
    state: State


@dataclass(frozen=True, slots=True)
class Drift:
    """The new output against the old one.

    Attributes:
        articles: articles in both.
        only_one: articles in one of them only.
        types: agreement of the records by type, the old ones as gold.
        rates: every rate that both outputs have.
        agreement: whether usable agreement is above the least wanted.
        disagreements: the largest differences.
        exit_code: as of the gate.
    """

    articles: int
    only_one: int
    types: dict[str, TypeRow]
    rates: dict[str, Shift]
    agreement: State
    disagreements: list[Disagreement]
    exit_code: ExitCode


def drift(
    old: Outcomes,
    new: Outcomes,
    *,
    min_agreement: float = MIN_AGREEMENT,
    on_inconclusive: OnInconclusive = "fail",
) -> Drift:
    """Compare two outputs on the articles that both have, text by text.

    Args:
        old: outcomes by article id.
        new: the same of the other output.
        min_agreement: the least F1 of usable records, the old ones as gold.
        on_inconclusive: whether what is unclear ends with 3 (`fail`) or 0 (`warn`).
    """
    common = sorted(
        id_ for id_ in old.keys() & new.keys() if old[id_].text_sha256 == new[id_].text_sha256
    )
    scores, differing = _scored(old, new, common)
    types = by_type(scores)
    rates = _rates([old[id_] for id_ in common], [new[id_] for id_ in common])
    agreed = _agreement(types[ALL].scores["usable"].f1, min_agreement)
    return Drift(
        articles=len(common),
        only_one=len(old.keys() | new.keys()) - len(common),
        types=types,
        rates=rates,
        agreement=agreed,
        disagreements=differing,
        exit_code=_exit_code(new, common, rates, agreed, on_inconclusive),
    )


def _scored(
    old: Outcomes, new: Outcomes, common: Sequence[str]
) -> tuple[list[ArticleScore], list[Disagreement]]:
    """Scores of the articles that both read, and their largest disagreements."""
    scores: list[ArticleScore] = []
    differing: list[Disagreement] = []
    for id_ in common:
        before, after = old[id_], new[id_]
        if isinstance(before, Failure) or isinstance(after, Failure):
            continue
        types, leftovers = score_records(before.records, after.records)
        scores.append(ArticleScore(id=id_, cluster=id_, types=types, leftovers=leftovers))
        differing += disagreements(id_, (before.records, after.records), types, leftovers)
    return scores, sorted(differing, key=lambda d: -d.size)[:SHOWN]


def _agreement(found: Estimate, least: float) -> State:
    if found.value is None or found.low is None or found.high is None:
        return "unclear" if found.value is None or found.value < least else "steady"
    if found.low >= least:
        return "steady"
    return "shifted" if found.high < least else "unclear"


def _exit_code(
    new: Outcomes,
    common: Sequence[str],
    rates: Mapping[str, Shift],
    agreed: State,
    on_inconclusive: OnInconclusive,
) -> ExitCode:
    if not common:
        return ExitCode.NOT_COMPARABLE
    states = [agreed, *(rates[name].state for name in _LEADING if name in rates)]
    codes = []
    if sum(isinstance(new[id_], Failure) for id_ in common) > MAX_FAILED * len(common):
        codes.append(ExitCode.RUN_FAILED)
    if agreed == "shifted" or any(shift.state == "shifted" for shift in rates.values()):
        codes.append(ExitCode.REGRESSION)
    if "unclear" in states and on_inconclusive == "fail":
        codes.append(ExitCode.CANNOT_TELL)
    return most_serious(codes)


Parts: TypeAlias = tuple[str, float, float]
"""A rate's name, and what an article adds to its numerator and denominator."""


def _rates(
    old: Sequence[Extraction | Failure], new: Sequence[Extraction | Failure]
) -> dict[str, Shift]:
    before, after = [dict(_summed(o)) for o in old], [dict(_summed(o)) for o in new]
    found = {}
    for name in sorted({n for parts in (*before, *after) for n in parts}):
        own = difference(_column(before, name), _column(after, name))
        if own is not None:
            found[name] = Shift(own, _state(name, own))
    return found


def _column(articles: Sequence[Mapping[str, tuple[float, float]]], name: str) -> Floats:
    """Numerator and denominator of a rate by article."""
    return np.array([parts.get(name, (0.0, 0.0)) for parts in articles], dtype=np.float64)


def _state(name: str, found: Difference) -> State:
    margin = SHARE_MARGIN
    if "per article" in name:
        margin = RELATIVE_MARGIN * found.base
    low, high = found.interval90
    if -margin <= low and high <= margin:
        return "steady"
    return "shifted" if low > margin or high < -margin else "unclear"


def _summed(outcome: Extraction | Failure) -> Iterator[tuple[str, tuple[float, float]]]:
    """What one article adds to every rate."""
    sums: dict[str, tuple[float, float]] = {}
    for name, part, whole in _parts(outcome):
        a, b = sums.get(name, (0.0, 0.0))
        sums[name] = (a + part, b + whole)
    yield from sums.items()


def _parts(outcome: Extraction | Failure) -> Iterator[Parts]:
    yield "failed", isinstance(outcome, Failure), 1
    if outcome.usage.cost_usd is not None:
        yield "US dollars per article", outcome.usage.cost_usd, 1
    if isinstance(outcome, Failure):
        return
    rejected = [r.errors[0].code if r.errors else "" for r in outcome.rejected]
    drafts = len(outcome.records) + len(rejected)
    yield "records per article", len(outcome.records), 1
    yield "rejected", len(rejected), drafts
    yield "ungrounded", sum(code in UNGROUNDED for code in rejected), drafts
    for record_type in RECORD_TYPES:
        records: list[Record] = getattr(outcome.records, record_type.key)
        yield f"{record_type.type} per article", len(records), 1
        for record in records:
            yield from _record_parts(record)


_CURRENCIES = {"CNY": "CNY", "USD": "USD", None: "no currency"}
_UNITS = ("percent", "percentage_points", "times", "absolute")


def _record_parts(record: Record) -> Iterator[Parts]:
    type_, fields = record.type, dict(record)
    for field in _NULLABLE[type_]:
        yield f"{type_}.{field} null", fields[field] is None, 1
    yield f"{type_} planned", record.status == "planned", 1
    if type_ == "fund":
        own = _CURRENCIES.get(fields["amount"].currency, "another currency")
        for currency in (*_CURRENCIES.values(), "another currency"):
            yield f"fund in {currency}", own == currency, 1
    if type_ == "growth_metric":
        for unit in _UNITS:
            yield f"growth_metric in {unit}", fields["change"].unit == unit, 1


_NULLABLE = {
    record_type.type: tuple(
        name
        for name, info in record_type.model_fields.items()
        if type(None) in getattr(info.annotation, "__args__", ())
    )
    for record_type in RECORD_TYPES
}
