"""What became of every record of an article: the lines of the report, and their marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias

from extractor.comparing import COMPARATORS
from extractor.evaluation.compare import Change, Flip
from extractor.evaluation.disagreements import describe
from extractor.evaluation.leftovers import ERROR_CLASSES
from extractor.evaluation.scores import ArticleScore, TypeScore
from extractor.pages import Mark
from extractor.records import RECORD_TYPES, Record
from extractor.results import Records
from extractor.values import Change as ChangeValue
from extractor.values import Count, Money, Period

Tone: TypeAlias = Literal["good", "flawed", "missed", "extra"]
TONES: Mapping[str, Tone] = {
    "strict": "good",
    "usable": "good",
    "optional": "good",
    "not usable": "flawed",
    **dict.fromkeys(("misread", "duplicate", "merged", "wrong_type"), "flawed"),
    "missing": "missed",
    "spurious": "extra",
}
"""How each outcome is shown."""
OUTCOMES: tuple[str, ...] = ("strict", "usable", "not usable", *ERROR_CLASSES, "optional")

_KEYS = {record_type.type: record_type.key for record_type in RECORD_TYPES}


class Sides(NamedTuple):
    """The records of one article as far as they are known."""

    gold: Records | None
    predicted: Records | None
    base: Records | None


class Row(NamedTuple):
    """One field of a finding as each side has it; None where a side has no such record."""

    field: str
    gold: str | None
    predicted: str | None
    base: str | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A gold record, what was predicted for it, or a prediction for which there is no gold.

    Attributes:
        type: the gold record's type; the prediction's, where there is no gold.
        outcome: one of `OUTCOMES`.
        failed: fields that do not pass, of a pair.
        flip: whether the candidate fixed or broke it, against a base.
        detail: what differs, or which type was predicted instead.
        title: the record in a few words.
        gold: the gold record, if there is one and the gold is at hand.
        predicted: the prediction, likewise.
        base: what the base has for the same gold record, likewise.
    """

    type: str
    outcome: str
    failed: tuple[str, ...]
    flip: Change | None
    detail: str
    title: str
    gold: Record | None
    predicted: Record | None
    base: Record | None

    @property
    def tone(self) -> Tone:
        """How it is shown."""
        return TONES[self.outcome]

    def rows(self) -> list[Row]:
        """The fields that differ; all that have a value, where there is nothing to compare."""
        sides = (self.gold, self.predicted, self.base)
        alone = self.gold is None or self.predicted is None
        found = []
        for comparator in COMPARATORS[self.type]:
            name = comparator.field
            if name == "evidence":
                continue
            gold, predicted, base = (_value(record, name) for record in sides)
            stated = {value for value in (gold, predicted, base) if value}
            wanted = bool(stated) if alone else name in self.failed or len(stated) > 1
            if wanted:
                found.append(Row(name, gold, predicted, base, failed=name in self.failed))
        return found


def _value(record: Record | None, field: str) -> str | None:
    """A field in words; empty if it is null; None if there is no such record or field."""
    try:
        value = attrgetter(field)(record) if record is not None else None
    except AttributeError:  # the prediction is of another type, or its amount is null
        return None
    return None if record is None else shown(value)


def shown(value: Any) -> str:
    """A field's value for a reader: the phrase, and what it was read as."""
    if value is None:
        return ""
    if isinstance(value, Period):
        return f"{value.text} = {value.start or '…'} to {value.end or '…'}"
    if isinstance(value, Money | Count | ChangeValue):
        unit = value.currency if isinstance(value, Money) else getattr(value, "unit", None)
        upper = "" if value.upper is None else f" to {value.upper:,f}"
        return f"{value.text} = {value.value:,f}{upper} {(unit or '').replace('_', ' ')}".rstrip()
    return str(value)


def findings(
    article: ArticleScore, base: ArticleScore | None, flips: Iterable[Flip], sides: Sides
) -> list[Finding]:
    """Every gold record and every prediction of one article, in the order of the types.

    Args:
        article: its scores.
        base: its scores in the run that is compared with.
        flips: its records that were fixed or broken.
        sides: its records, as far as they are at hand.
    """
    changes = {(flip.type, flip.gold): flip.change for flip in flips}
    partners = _partners(base)
    found = []
    for type_, outcome, failed, detail, gold, predicted in _outcomes(article):
        key = (type_, -1 if gold is None else gold)
        other = detail if outcome == "wrong_type" else type_
        ours = _record(sides.gold, type_, gold)
        theirs = _record(sides.predicted, other, predicted)
        named = ours or theirs
        place = f"{type_} {gold if gold is not None else predicted}"
        found.append(
            Finding(
                type=type_,
                outcome=outcome,
                failed=failed,
                flip=None if outcome == "duplicate" else changes.get(key),
                detail=detail,
                title=describe(named) if named else place,
                gold=ours,
                predicted=theirs,
                base=_record(sides.base, type_, partners.get(key)),
            )
        )
    order = list(_KEYS)
    return sorted(found, key=lambda finding: order.index(finding.type))


_Outcome: TypeAlias = tuple[str, str, tuple[str, ...], str, int | None, int | None]


def _outcomes(article: ArticleScore) -> Iterator[_Outcome]:
    """Type, outcome, failed fields, detail, place in gold, place among the predictions."""
    covered = {(left.type, left.gold) for left in article.leftovers if left.gold is not None}
    for type_, score in article.types.items():
        paired = {pair.gold for pair in score.pairs}
        for pair in score.pairs:
            outcome = "strict" if pair.strict else "usable" if pair.usable else "not usable"
            yield type_, outcome, pair.failed, "", pair.gold, pair.predicted
        for gold in range(score.gold):
            if gold not in paired and (type_, gold) not in covered:
                yield type_, "optional", (), "", gold, None
    for left in article.leftovers:
        yield left.type, left.error, (), left.detail, left.gold, left.predicted


def _partners(base: ArticleScore | None) -> dict[tuple[str, int], int]:
    """The base's prediction for each gold record, by type and place."""
    scores: Mapping[str, TypeScore] = base.types if base else {}
    return {(t, pair.gold): pair.predicted for t, score in scores.items() for pair in score.pairs}


def _record(records: Records | None, type_: str, place: int | None) -> Record | None:
    if records is None or place is None:
        return None
    found: list[Record] = getattr(records, _KEYS[type_])
    return found[place]


def marks(found: Iterable[Finding]) -> list[Mark]:
    """The evidence of each finding: keys are `g`, `p` or `b` and the finding's number."""
    return [
        Mark(record.evidence.span, f"{side}{number}")
        for number, finding in enumerate(found)
        for side, record in zip("gpb", (finding.gold, finding.predicted, finding.base), strict=True)
        if record is not None
    ]
