"""How alike two records of one type are, field by field.

`COMPARATORS` is the table: a row for each field of each record type, with what it compares,
what a pass is, and its weight. A record type's own class knows nothing of it.

Readings of the definitions where they leave room:

- A field that is null on both sides is neutral: no score, no weight, and it passes.
- `bound` has a row of its own for the number that identifies a record (a fund's amount, a
  count, a change); the level of a growth metric and a policy's measure count have none.
- Evidence is weighed by its overlap and never passes or fails.
- A growth metric that names neither indicator nor subject is admissible with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias

from extractor.comparing.fields import (
    CLOSE,
    DIGITS,
    EQUAL,
    NAME,
    NUMBER,
    OVERLAP,
    PERIOD,
    REGION,
    Kind,
    name_score,
    overlap_score,
)
from extractor.records import Record

Role: TypeAlias = Literal["name", "number", "direction", "panel", "detail"]
"""What a field is to a record: `name` and `number` and `direction` admit a pair, `number`,
`direction` and `panel` make a data point usable, `detail` only counts towards strictness."""

MIN_SIMILARITY = 0.5
"""Least similarity of an admissible pair."""


@dataclass(frozen=True, slots=True)
class Comparator:
    """A row of the table.

    Attributes:
        field: a field of the record, or `<field>.bound`.
        kind: how its values are compared.
        weight: its share in a pair's similarity.
        role: what it is to the record.
    """

    field: str
    kind: Kind
    weight: float
    role: Role = "detail"


_COMMON = (
    Comparator("region", REGION, 2, "panel"),
    Comparator("period", PERIOD, 2, "panel"),
    Comparator("status", EQUAL, 1, "panel"),
    Comparator("evidence", OVERLAP, 1),
)

COMPARATORS: Mapping[str, tuple[Comparator, ...]] = {
    "policy": (
        Comparator("name", NAME, 3, "name"),
        Comparator("kind", EQUAL, 1),
        Comparator("issuer", NAME, 0.5),
        Comparator("level", EQUAL, 1),
        Comparator("measure_count", NUMBER, 1),
        *_COMMON,
    ),
    "fund": (
        Comparator("amount", NUMBER, 4, "number"),
        Comparator("amount.bound", EQUAL, 0.5),
        Comparator("name", NAME, 2, "name"),
        Comparator("kind", EQUAL, 1),
        Comparator("provider", NAME, 0.5),
        Comparator("recipient", NAME, 0.5),
        Comparator("part_of", DIGITS, 0.5),
        *_COMMON,
    ),
    "enterprise_count": (
        Comparator("count", NUMBER, 4, "number"),
        Comparator("count.bound", EQUAL, 0.5),
        Comparator("category", NAME, 2, "name"),
        Comparator("designation", EQUAL, 1),
        Comparator("level", EQUAL, 1),
        Comparator("measure", EQUAL, 1, "panel"),
        Comparator("part_of", DIGITS, 0.5),
        *_COMMON,
    ),
    "growth_metric": (
        Comparator("change", NUMBER, 4, "number"),
        Comparator("change.bound", EQUAL, 0.5),
        Comparator("direction", EQUAL, 1, "direction"),
        Comparator("indicator", NAME, 2, "name"),
        Comparator("subject", NAME, 1, "name"),
        Comparator("amount", NUMBER, 1),
        Comparator("basis", EQUAL, 1, "panel"),
        Comparator("benchmark", NAME, 0.5),
        *_COMMON,
    ),
}
"""The rows of each record type, by its `type`."""

_GATES = {
    type_: tuple(i for i, row in enumerate(rows) if row.role in ("number", "direction"))
    for type_, rows in COMPARATORS.items()
}
_NAMES = {
    type_: tuple(i for i, row in enumerate(rows) if row.role == "name")
    for type_, rows in COMPARATORS.items()
}
_READERS = {
    type_: tuple((attrgetter(row.field), row.kind.read) for row in rows)
    for type_, rows in COMPARATORS.items()
}
# The rows laid out for the inner loop: score, weight, pass mark, role.
_STEPS = {
    type_: tuple((row.kind.score, row.weight, row.kind.passes, row.role) for row in rows)
    for type_, rows in COMPARATORS.items()
}
_EVIDENCE = {
    type_: [row.field for row in rows].index("evidence") for type_, rows in COMPARATORS.items()
}


class Comparable(NamedTuple):
    """A record whose fields are ready to be compared, in the order of its type's rows."""

    type: str
    values: tuple[Any, ...]

    @property
    def evidence(self) -> tuple[int, int]:
        """Where the evidence stands."""
        start, end = self.values[_EVIDENCE[self.type]]
        return start, end

    @property
    def names(self) -> list[str | None]:
        """The folded name fields."""
        return [self.values[i] for i in _NAMES[self.type]]

    @property
    def gates(self) -> list[Any]:
        """The number, and for a growth metric the direction; nothing for a policy."""
        return [self.values[i] for i in _GATES[self.type]]


def comparable(record: Record) -> Comparable:
    """Prepare a record; done once, however many records it is compared with."""
    values = [
        read(get(record)) if read is not None else get(record)
        for get, read in _READERS[record.type]
    ]
    return Comparable(record.type, tuple(values))


class Comparison(NamedTuple):
    """What comparing two records of one type gave.

    Attributes:
        scores: 0 to 1 by row of the type's table; None where both sides are null.
        failed: places of the rows that do not pass.
        similarity: the weighted mean of the scores, 0 to 1.
        overlap: intersection over union of the evidence.
        admissible: the two may be a pair.
        usable: admissible, and the data point can stand in a panel.
        strict: admissible, and every field passes.
    """

    scores: tuple[float | None, ...]
    failed: tuple[int, ...]
    similarity: float
    overlap: float
    admissible: bool
    usable: bool
    strict: bool


def same_number(gold: Comparable, predicted: Comparable) -> bool:
    """Whether number, unit and direction agree: without that no numeric pair is admissible."""
    rows = COMPARATORS[gold.type]
    for i in _GATES[gold.type]:
        a, b = gold.values[i], predicted.values[i]
        if a != b and rows[i].kind.score(a, b) < 1:
            return False
    return True


def could_pair(gold: Comparable, predicted: Comparable) -> bool:
    """Whether numbers and names leave room for an admissible pair: cheaper than `compare`."""
    if not same_number(gold, predicted):
        return False
    for i in _NAMES[gold.type]:
        a, b = gold.values[i], predicted.values[i]
        if a is not None and b is not None and (a == b or name_score(a, b) > 0):
            return True
    return False


def compare(gold: Comparable, predicted: Comparable) -> Comparison:
    """Compare two records of one type."""
    scores: list[float | None] = []
    failed: list[int] = []
    total = weights = 0.0
    admitted, named, usable = True, False, True
    steps = zip(_STEPS[gold.type], gold.values, predicted.values, strict=True)
    for i, ((compare_values, weight, passes, role), a, b) in enumerate(steps):
        if a is None and b is None:
            scores.append(None)
            continue
        if a == b:
            score = 1.0
        elif a is None or b is None:
            score = 0.0
        else:
            score = compare_values(a, b)
        scores.append(score)
        total += weight * score
        weights += weight
        named = named or (role == "name" and score > 0)
        if passes is not None and score < passes:
            failed.append(i)
            usable = usable and role in ("name", "detail")
            admitted = admitted and role not in ("number", "direction")
    similarity = total / weights
    admitted = admitted and named and similarity >= MIN_SIMILARITY
    return Comparison(
        scores=tuple(scores),
        failed=tuple(failed),
        similarity=similarity,
        overlap=scores[_EVIDENCE[gold.type]] or 0.0,
        admissible=admitted,
        usable=admitted and usable,
        strict=admitted and not failed,
    )


def overlap(gold: Comparable, predicted: Comparable) -> float:
    """Intersection over union of the evidence of two records, of whatever type."""
    return overlap_score(gold.evidence, predicted.evidence)


def close_names(gold: Comparable, predicted: Comparable) -> bool:
    """Whether any name field of one passes against the same field of the other."""
    return any(
        a is not None and b is not None and name_score(a, b) >= CLOSE
        for a, b in zip(gold.names, predicted.names, strict=False)
    )
