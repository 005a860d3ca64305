"""What reviewers decided, record by record, applied to the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from extractor.batch import InvalidLine
from extractor.batch.files import open_input
from extractor.batch.outputs import lines_of
from extractor.records import Fund, GrowthMetric, Record, link
from extractor.records.base import COMPUTED
from extractor.records.checks import only_count
from extractor.records.indicators import indicator_code
from extractor.records.places import context_divisions, resolve
from extractor.results import Extraction

R = TypeVar("R", bound=Record)

_PARSED: Mapping[str, Any] = {"flags": [], "at": None}
"""What code notes of a phrase, and a form need not repeat."""
_REVIEWS = {"accept": "accepted", "correct": "corrected"}


class Decision(BaseModel):
    """A line of `decisions.jsonl`; further keys (`by`, `at`, `note`) are the reviewer's own.

    Attributes:
        record_id: the record.
        decision: what is to be done with it.
        record: for a correction the fields that differ, or all, as in the output; those that
            code computes are computed anew.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    record_id: str
    decision: Literal["accept", "reject", "correct"]
    record: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_its_record(self) -> Decision:
        if self.decision == "correct" and self.record is None:
            raise ValueError("a correction needs its record")
        return self


@dataclass
class Decisions:
    """Decisions by record; of several on one record the last one counts.

    Attributes:
        by_record: each with the line it is on.
        name: of the file, for messages.
        met: the records that were found.
        faults: corrections that make no record, by record; these stay as they are.
    """

    by_record: Mapping[str, tuple[int, Decision]] = field(default_factory=dict)
    name: str = ""
    met: set[str] = field(default_factory=set)
    faults: dict[str, InvalidLine] = field(default_factory=dict)

    @property
    def unknown(self) -> int:
        """How many decisions are on records that were not found."""
        return len(self.by_record) - len(self.met)

    def review(self, record_id: str) -> str | None:
        """What a reviewer did with a record that is still there."""
        if record_id not in self.by_record or record_id in self.faults:
            return None
        return _REVIEWS.get(self.by_record[record_id][1].decision)

    def applied(self, extraction: Extraction) -> Extraction:
        """The result without what was rejected, and with what was corrected."""
        lists = dict(extraction.records.by_type())
        ids = {record.record_id for records in lists.values() for record in records}
        if not (found := ids & self.by_record.keys()):
            return extraction
        self.met |= found
        kept = {
            key: link([r for record in records for r in self._decided(record, extraction)])
            for key, records in lists.items()
        }
        return extraction.model_copy(update={"records": extraction.records.model_copy(update=kept)})

    def _decided(self, record: R, extraction: Extraction) -> Iterator[R]:
        line, decision = self.by_record.get(record.record_id, (0, None))
        if decision is None or decision.decision == "accept":
            yield record
        elif decision.decision == "correct":
            try:
                yield _corrected(record, decision.record or {}, extraction)
            except ValidationError as error:
                self.faults[record.record_id] = InvalidLine(self.name, line, _reason(error))
                yield record


def read_decisions(name: str, on_invalid: Callable[[InvalidLine], None]) -> Decisions:
    """Read a file of decisions (`.gz`, `.zst` too); lines that are none are told of and left out.

    Raises:
        UsageError: it cannot be read.
    """
    found: dict[str, tuple[int, Decision]] = {}
    with open_input(name) as (stream, _):
        for number, line in lines_of(stream, name):
            if isinstance(line, InvalidLine):
                on_invalid(line)
                continue
            try:
                decision = Decision.model_validate_json(line)
            except ValidationError as error:
                on_invalid(InvalidLine(name, number, f"no decision: {_reason(error)}"))
            else:
                found[decision.record_id] = (number, decision)
    return Decisions(found, name)


def _corrected(record: R, given: Mapping[str, Any], extraction: Extraction) -> R:
    """The record with other fields.

    Raises:
        ValidationError: they make no record.
    """
    stored = record.model_dump(mode="json")
    own = {
        name: {**_PARSED, **value}
        if isinstance(value, dict) and isinstance(stored.get(name), dict) and "text" in value
        else value
        for name, value in given.items()
        if name not in COMPUTED
    }
    changed = type(record).model_validate(stored | own)
    return changed.model_copy(update=_computed(changed, record, extraction))


def _computed(changed: Record, record: Record, extraction: Extraction) -> dict[str, Any]:
    """What code computes of fields that differ; totals are linked later."""
    update: dict[str, Any] = {}
    if changed.region != record.region:
        named = [extraction.article.title, *(r.region for r in extraction.records.all())]
        update["place"] = resolve(changed.region, context_divisions("\n".join(filter(None, named))))
    if isinstance(changed, GrowthMetric):
        update["indicator_code"] = indicator_code(changed.indicator, changed.subject)
    if isinstance(changed, Fund):
        update["recipient_count"] = only_count(changed.recipient) if changed.recipient else None
    return update


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
