"""What all articles of an output state, by fact and by series, for checks across articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from statistics import median_high
from typing import NamedTuple

from extractor.checking.numbers import digits_of
from extractor.grounding.locate import fold
from extractor.records import EnterpriseCount, Fund, GrowthMetric, Record
from extractor.results import Extraction
from extractor.values import Change, Count, Money, Period

_DAYS_PER_MONTH = 30.44
_LEAST_PERIODS = 4
_STABLE_FACTOR = 3
_STABLE_SHARE = Decimal("0.75")


class Observation(NamedTuple):
    """A number of a record, with what it is of.

    Attributes:
        field: where it stands in the record.
        number: as it was read; of a range the lower end.
        fact: what it is the number of, period included.
        series: the same without the period, but with its length.
        day: the last day of the period as an ordinal; None if it is open or there is none.
    """

    field: str
    number: Decimal
    fact: tuple[object, ...]
    series: tuple[object, ...]
    day: int | None


class Stated(NamedTuple):
    """Who states a number: the first article, and how many articles in all."""

    id: str
    articles: int


class Index:
    """The numbers of an output, by fact and by series.

    Keys are hashes of eight bytes: memory is some 400 bytes per number of a record that has a
    region, and nothing of texts and quotes is kept.
    """

    def __init__(self, extractions: Iterable[Extraction]) -> None:
        """Go once through the extractions, one of each article."""
        self._stated: dict[bytes, Stated] = {}
        self._series: dict[bytes, dict[int, Decimal]] = {}
        self._typical: dict[bytes, Decimal | None] = {}
        for extraction in extractions:
            facts: set[bytes] = set()
            for record in extraction.records.all():
                for seen in observations(record):
                    facts.add(_key(seen.fact, *digits_of(seen.number)))
                    if seen.day is not None and is_level(seen):
                        days = self._series.setdefault(_key(seen.series), {})
                        days.setdefault(seen.day, seen.number)
            for key in facts:
                known = self._stated.get(key)
                own = Stated(known.id, known.articles + 1) if known else Stated(extraction.id, 1)
                self._stated[key] = own

    def stated(self, seen: Observation, power: int = 0) -> Stated | None:
        """Who states the fact of `seen` with its number times ten to the `power`."""
        digits, exponent = digits_of(seen.number)
        return self._stated.get(_key(seen.fact, digits, exponent + power))

    def typical(self, seen: Observation) -> Decimal | None:
        """The median of a series.

        None if it has fewer than four periods, or no level of its own: more than a quarter of
        its numbers are beyond three times the median or below a third of it.
        """
        key = _key(seen.series)
        if key not in self._typical:
            self._typical[key] = _median(list(self._series.get(key, {}).values()))
        return self._typical[key]


def _median(numbers: list[Decimal]) -> Decimal | None:
    if len(numbers) < _LEAST_PERIODS:
        return None
    middle = median_high(numbers)
    near = sum(middle <= n * _STABLE_FACTOR and n <= middle * _STABLE_FACTOR for n in numbers)
    return middle if middle and near >= len(numbers) * _STABLE_SHARE else None


def _key(*parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=8).digest()


def is_level(seen: Observation) -> bool:
    """Whether a number says how much there is: how fast something grows goes up and down."""
    return seen.field != "change"


def observations(record: Record) -> Iterator[Observation]:
    """The numbers of a record whose fact can be told from others: it has a region."""
    if record.region is None:
        return
    where = record.place.code if record.place and record.place.code else fold(record.region)
    what = (record.type, where, record.status, *_what(record))
    period = record.period
    for field, value in _numbers(record):
        unit = value.unit if isinstance(value, Change) else getattr(value, "currency", None)
        yield Observation(
            field,
            Decimal(value.value),
            (*what, field, unit, period and (period.start, period.end)),
            (*what, field, unit, _months(period)),
            period.end.toordinal() if period and period.end else None,
        )


def _numbers(record: Record) -> Iterator[tuple[str, Money | Count | Change]]:
    for field in ("amount", "count", "change"):
        value = getattr(record, field, None)
        if value is not None and value.value:
            yield field, value


def _what(record: Record) -> tuple[object, ...]:
    """What a record is about; words only where no code says it, since translations differ."""
    if isinstance(record, Fund):
        return (record.kind, fold(record.name), _folded(record.recipient))
    if isinstance(record, EnterpriseCount):
        is_titled = record.designation != "other"
        category = record.designation if is_titled else fold(record.category)
        return (category, record.level, record.measure)
    if isinstance(record, GrowthMetric):
        indicator = record.indicator_code or _folded(record.indicator)
        benchmark = _folded(record.benchmark)
        return (indicator, _folded(record.subject), record.basis, record.direction, benchmark)
    return ()


def _folded(text: str | None) -> str | None:
    return None if text is None else fold(text)


def _months(period: Period | None) -> int | None:
    """The length of a period: what a month brings is no part of a series of years."""
    if period is None or period.start is None or period.end is None:
        return None
    return round(((period.end - period.start).days + 1) / _DAYS_PER_MONTH)
