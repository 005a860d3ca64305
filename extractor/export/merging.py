"""The same fact told by several articles: found by the comparators, without any model.

Two records of different articles tell one fact if they have one type, number, unit, period and
place, the same direction, measure, basis and status, and names that pass as alike and have the
same numerals; a code (of the statistical series, of the official title) stands for the name
where both have one. Records of one article are never merged with each other. A number without
a place says too little, and so does one of a single digit without a period.

Only records that share number, period and place are compared at all, and each with no more than
the latest few facts among these, so that the work grows with the number of records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from extractor.checking.numbers import digits_of
from extractor.comparing import COMPARATORS, Comparable, Comparator, comparable, compare
from extractor.export.columns import Column
from extractor.records import EnterpriseCount, GrowthMetric, Record
from extractor.values import Change, Count, Money, Period, numerals

BLOCKS = (Column("_block", "integer", ""), Column("_json", "text", ""))
"""Hidden columns: the hash of what only the same facts share, and the record itself."""

_LATEST = 50
_ALSO_SAME = ("benchmark",)
_SAME = {
    type_: frozenset(row.field for row in rows if row.role != "detail" or row.field in _ALSO_SAME)
    for type_, rows in COMPARATORS.items()
}
"""The fields in which two records of one fact agree."""
_DETAILS: dict[str, tuple[Comparator, ...]] = {
    type_: tuple(row for row in rows if row.field not in {*_SAME[type_], "evidence"})
    for type_, rows in COMPARATORS.items()
}
"""The fields in which the sources of a fact may differ: such a difference is a conflict."""


class Told(NamedTuple):
    """A record as one telling of a fact.

    Attributes:
        row: number of its row.
        article: id of its article.
        record_id: of the record.
        record: ready to be compared.
        named: its field that a code stands for.
        code: of the series or the title; None without one.
        level: of the title; None if it is not said.
        numerals: of each name.
        details: the values in which it may differ from others.
    """

    row: int
    article: str
    record_id: str
    record: Comparable
    named: str
    code: str | None
    level: str | None
    is_placed: bool
    numerals: tuple[tuple[str, ...], ...]
    details: tuple[Any, ...]


@dataclass
class Fact:
    """A fact with all that tell it, in the order in which they are to be preferred."""

    told: list[Told] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The id of the first record that tells it."""
        return self.told[0].record_id

    def add(self, own: Told) -> None:
        """Note one more that tells it."""
        self.told.append(own)
        self.articles.add(own.article)


class Conflict(NamedTuple):
    """What one source of a fact says of a detail on which its sources differ."""

    fact_id: str
    type: str
    field: str
    value: str
    record_id: str
    article_id: str


def block_of(record: Record) -> tuple[int | None, str | None]:
    """The cells of `BLOCKS`; null where the record says too little to be another's fact."""
    key = _block_key(record)
    if key is None:
        return None, None
    digest = hashlib.blake2b(repr(key).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True), record.model_dump_json()


def told(row: int, article: str, record: Record) -> Told:
    """Prepare a record."""
    ready = comparable(record)
    return Told(
        row=row,
        article=article,
        record_id=record.record_id,
        record=ready,
        named=record.named,
        code=_code(record),
        level=record.level if isinstance(record, EnterpriseCount) else None,
        is_placed=_place_code(record) is not None,
        numerals=tuple(numerals(name or "") for name in ready.names),
        details=tuple(attrgetter(detail.field)(record) for detail in _DETAILS[record.type]),
    )


def merged(block: Iterable[Told]) -> list[Fact]:
    """The facts of one block, whose records come in the order of preference."""
    facts: list[Fact] = []
    by_name: dict[tuple[object, ...], Fact] = {}
    for own in block:
        name = (*own.record.names, own.code, own.level)
        namesake = by_name.get(name)
        fact = (namesake and _best(own, [namesake])) or _best(own, facts[-_LATEST:])
        if fact is None:
            fact = Fact()
            facts.append(fact)
            by_name[name] = fact
        fact.add(own)
    return facts


def conflicts(fact: Fact) -> Iterator[Conflict]:
    """What the sources say of each detail that two of them state differently.

    What only some of them state is no conflict.
    """
    type_ = fact.told[0].record.type
    for i, detail in enumerate(_DETAILS[type_]):
        stated = [(own, own.details[i]) for own in fact.told if own.details[i] is not None]
        if _agree(detail, [value for _, value in stated]):
            continue
        for own, value in stated:
            shown = str(getattr(value, "text", value))
            yield Conflict(fact.id, type_, detail.field, shown, own.record_id, own.article)


def _best(own: Told, facts: Sequence[Fact]) -> Fact | None:
    """The fact that a record tells most likely; None if it tells none of them."""
    found = [
        (similarity, fact)
        for fact in facts
        if own.article not in fact.articles
        and (similarity := _similarity(fact.told[0], own)) is not None
    ]
    return max(found, key=lambda pair: pair[0], default=(0.0, None))[1]


def _similarity(one: Told, other: Told) -> float | None:
    """How alike two records of a block are; None if they do not tell the same."""
    same_code = one.code is not None and one.code == other.code
    if None not in (one.code, other.code) and not same_code:
        return None
    if None not in (one.level, other.level) and one.level != other.level:
        return None
    # The code stands for the first name.
    if one.numerals[same_code:] != other.numerals[same_code:]:
        return None
    comparison = compare(one.record, other.record)
    rows = COMPARATORS[one.record.type]
    failed = {rows[i].field for i in comparison.failed}
    if one.is_placed:
        failed.discard("region")
    if same_code:
        failed.discard(one.named)
    return None if failed & _SAME[one.record.type] else comparison.similarity


def _agree(detail: Comparator, values: Sequence[Any]) -> bool:
    read = detail.kind.read or (lambda value: value)
    ready = [read(value) for value in values]
    least = detail.kind.passes or 0.0
    return all(ready[0] == other or detail.kind.score(ready[0], other) >= least for other in ready)


def _block_key(record: Record) -> tuple[object, ...] | None:
    number = getattr(record, record.number) if record.number else None
    if number is not None and not _says_enough(record, number):
        return None
    period: Period | None = record.period
    days = period and (period.start, period.end)
    return (
        record.type,
        _place_code(record) or _place_name(record),
        period.text if period and days == (None, None) else days,
        numerals(getattr(record, record.named)) if number is None else _figure(number),
        getattr(record, "direction", None),
    )


def _says_enough(record: Record, number: Money | Count | Change) -> bool:
    if record.region is None:
        return False
    has_period = record.period is not None and (record.period.start or record.period.end)
    return bool(has_period) or digits_of(Decimal(number.value))[0] >= 10


def _figure(number: Money | Count | Change) -> tuple[object, ...]:
    unit = number.unit if isinstance(number, Change) else getattr(number, "currency", None)
    return (digits_of(Decimal(number.value)), number.upper and Decimal(number.upper), unit)


def _place_code(record: Record) -> str | None:
    """The code of the place that a record is about; a park is not its division."""
    is_certain = record.place is not None and record.place.match in ("exact", "alias")
    return record.place.code if record.place and is_certain else None


def _place_name(record: Record) -> str | None:
    """The region without its level word, which two articles may leave out or not."""
    values = comparable(record).values
    at = [row.field for row in COMPARATORS[record.type]].index("region")
    return None if values[at] is None else str(values[at].name)


def _code(record: Record) -> str | None:
    """What says more surely than the words what a record is about."""
    if isinstance(record, GrowthMetric):
        return record.indicator_code
    if isinstance(record, EnterpriseCount) and record.designation != "other":
        return record.designation
    return None
