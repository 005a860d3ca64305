"""What became of records without a partner: told apart for the reader, never scored otherwise.

A leftover gets the first class that fits, in this order:

- `duplicate`: a prediction that is admissible with a gold record that has its partner;
- `merged`: a gold record that is admissible with a prediction that has its partner;
- `misread`: a gold record and a prediction whose evidence overlaps and of whose names one
  passes, but whose number (with its unit) or direction differs;
- `wrong_type`: a gold record and a prediction of another type whose evidence overlaps and
  whose number has the same value (a policy, which has none: whose name passes);
- `missing` and `spurious`: the rest.

Misread and wrong-type leftovers are paired one to one, the largest overlap first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from extractor.comparing import Comparable, close_names, overlap, same_number
from extractor.evaluation.matching import Matching

ErrorClass: TypeAlias = Literal[
    "misread", "duplicate", "merged", "wrong_type", "missing", "spurious"
]
ERROR_CLASSES: tuple[ErrorClass, ...] = (
    "misread", "duplicate", "merged", "wrong_type", "missing", "spurious",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leftover:
    """A record without a partner.

    Attributes:
        error: its class.
        type: its record type (the gold record's, where there is one).
        gold: place of the gold record in its list, if one is concerned.
        predicted: place of the prediction in its list, if one is concerned.
        detail: what differs: for `misread` one of `scale 10^n`, `currency`, `percent
            against points`, `unit`, `range`, `direction`, `value`; for `wrong_type` the type
            that was predicted.
    """

    error: ErrorClass
    type: str
    gold: int | None
    predicted: int | None
    detail: str = ""


class Side(NamedTuple):
    """Records of one type in one article, gold or predicted, that have no partner."""

    type: str
    records: Sequence[Comparable]
    open: list[int]


def classify(
    matchings: Mapping[str, Matching],
    gold: Mapping[str, Sequence[Comparable]],
    predicted: Mapping[str, Sequence[Comparable]],
    optional: Mapping[str, frozenset[int]],
) -> list[Leftover]:
    """The class of every leftover of one article.

    Args:
        matchings: the pairs by record type.
        gold: the gold records by type.
        predicted: the predictions by type.
        optional: places of optional gold records by type; these are never leftovers.
    """
    found: list[Leftover] = []
    missed: list[Side] = []
    extra: list[Side] = []
    for type_, matching in matchings.items():
        if len(gold[type_]) == len(predicted[type_]) == len(matching.pairs):
            continue
        paired = {pair.gold for pair in matching.pairs}
        taken = {pair.predicted for pair in matching.pairs}
        open_gold = [
            i for i in range(len(gold[type_])) if i not in paired and i not in optional[type_]
        ]
        open_predicted = [j for j in range(len(predicted[type_])) if j not in taken]
        twice = {pair.predicted: pair.gold for pair in matching.admissible if pair.gold in paired}
        merged = {pair.gold: pair.predicted for pair in matching.admissible}
        found += [Leftover("duplicate", type_, twice[j], j) for j in open_predicted if j in twice]
        found += [Leftover("merged", type_, i, merged[i]) for i in open_gold if i in merged]
        missed.append(Side(type_, gold[type_], [i for i in open_gold if i not in merged]))
        extra.append(Side(type_, predicted[type_], [j for j in open_predicted if j not in twice]))
    if any(side.open for side in missed) and any(side.open for side in extra):
        found += _misread(missed, extra)
        found += _wrong_type(missed, extra)
    found += [Leftover("missing", side.type, i, None) for side in missed for i in side.open]
    found += [Leftover("spurious", side.type, None, j) for side in extra for j in side.open]
    return found


def _misread(missed: Iterable[Side], extra: Iterable[Side]) -> list[Leftover]:
    found: list[Leftover] = []
    for g, p in zip(missed, extra, strict=True):
        for i, j in _nearest(g, p, lambda a, b: close_names(a, b) and not same_number(a, b)):
            detail = difference(g.records[i], p.records[j])
            found.append(Leftover("misread", g.type, i, j, detail))
    return found


def _wrong_type(missed: Iterable[Side], extra: Sequence[Side]) -> list[Leftover]:
    return [
        Leftover("wrong_type", g.type, i, j, p.type)
        for g in missed
        for p in extra
        if g.type != p.type
        for i, j in _nearest(g, p, _same_fact)
    ]


def _same_fact(gold: Comparable, predicted: Comparable) -> bool:
    """Whether two records of different types state the same value, or have the same name."""
    ours, theirs = gold.gates, predicted.gates
    if ours and theirs:
        return bool(ours[0].value == theirs[0].value)
    return close_names(gold, predicted)


def _nearest(
    gold: Side, predicted: Side, fits: Callable[[Comparable, Comparable], bool]
) -> list[tuple[int, int]]:
    """Fitting pairs with overlapping evidence, one to one; they are open no longer."""
    ranked = sorted(
        (-shared, i, j)
        for i in gold.open
        for j in predicted.open
        if (shared := overlap(gold.records[i], predicted.records[j])) > 0
        and fits(gold.records[i], predicted.records[j])
    )
    chosen: list[tuple[int, int]] = []
    for _, i, j in ranked:
        if i in gold.open and j in predicted.open:
            gold.open.remove(i)
            predicted.open.remove(j)
            chosen.append((i, j))
    return chosen


def _unit_difference(units: set[str]) -> str:
    return "percent against points" if units == {"percent", "percentage_points"} else "unit"


def difference(gold: Comparable, predicted: Comparable) -> str:
    """How the numbers of two records differ, the most telling difference first."""
    (a, *direction), (b, *other) = gold.gates, predicted.gates
    if direction != other:
        return "direction"
    if a.unit != b.unit and a.value == b.value:
        return "currency" if gold.type == "fund" else _unit_difference({a.unit, b.unit})
    if a.value != b.value and a.value and b.value:
        power = round(math.log10(b.value / a.value))
        if power and math.isclose(b.value, a.value * 10.0**power, rel_tol=1e-9):
            return f"scale 10^{power}"
    return "range" if a.value == b.value else "value"
