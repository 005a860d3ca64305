"""Where two sets of records of the same article differ, largest difference first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractor.evaluation.leftovers import Leftover
from extractor.evaluation.scores import TYPES, TypeScore
from extractor.records import RECORD_TYPES, Record
from extractor.results import Records

_KEYS = {record_type.type: record_type.key for record_type in RECORD_TYPES}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One record on which two sides differ.

    Attributes:
        article: the article's id.
        type: the record's type.
        size: 0 to 1: one minus the pair's similarity; 1 without a partner.
        what: an error class, or the fields that differ.
        first: the record of the first side, in a few words; None if it has none.
        second: that of the second side.
    """

    article: str
    type: str
    size: float
    what: str
    first: str | None
    second: str | None


def describe(record: Record) -> str:
    """What a record says, in a few words."""
    fields = dict(record)
    name = fields[record.named] or fields.get("subject") or ""
    number = f": {fields[record.number].text}" if record.number else ""
    return f"{name}{number}"


def disagreements(
    article: str,
    sides: tuple[Records, Records],
    types: Mapping[str, TypeScore],
    leftovers: list[Leftover],
) -> list[Disagreement]:
    """Every difference between two sides of one article, largest first.

    Args:
        article: its id.
        sides: the records that were scored as gold, and those scored as predictions.
        types: the scores by type.
        leftovers: the records without a partner.
    """
    found = [*_of_pairs(article, sides, types), *_of_leftovers(article, sides, leftovers)]
    return sorted(found, key=lambda d: (-d.size, TYPES.index(d.type)))


def _of_pairs(
    article: str, sides: tuple[Records, Records], types: Mapping[str, TypeScore]
) -> Iterator[Disagreement]:
    for type_, score in types.items():
        for pair in score.pairs:
            if not pair.strict:
                yield Disagreement(
                    article,
                    type_,
                    1 - pair.similarity,
                    ", ".join(pair.failed),
                    _shown(sides[0], type_, pair.gold),
                    _shown(sides[1], type_, pair.predicted),
                )


def _of_leftovers(
    article: str, sides: tuple[Records, Records], leftovers: list[Leftover]
) -> Iterator[Disagreement]:
    for leftover in leftovers:
        other = leftover.detail if leftover.error == "wrong_type" else leftover.type
        yield Disagreement(
            article,
            leftover.type,
            1.0,
            leftover.error,
            _shown(sides[0], leftover.type, leftover.gold),
            _shown(sides[1], other, leftover.predicted),
        )


def _shown(records: Records, type_: str, place: int | None) -> str | None:
    return None if place is None else describe(getattr(records, _KEYS[type_])[place])
