"""Stored drafts validated again, without a call: what mended code makes of them. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from extractor.article import Article
from extractor.attempt import arrange, read_drafts, rejected_of
from extractor.auditing import audit
from extractor.batch.identity import asked
from extractor.fingerprint import fingerprint
from extractor.grounding import EvidenceForm
from extractor.models.base import RecordType
from extractor.pipeline import VERSION
from extractor.records import RECORD_TYPES, Draft, Record
from extractor.records.base import COMPUTED
from extractor.results import Extraction, Rejected

_BY_NAME = {record_type.type: record_type for record_type in RECORD_TYPES}


class Change(NamedTuple):
    """A field that is another now.

    Attributes:
        field: the list and the field, such as ``funds.amount.value``; the list alone for a
            record that is new or gone; ``rejected`` and a code for a draft.
        before: its value; None for what is new.
        after: its value; None for what is gone.
    """

    field: str
    before: Any
    after: Any


class _Stored(NamedTuple):
    """A draft, and the form in which it points at its evidence."""

    type: RecordType
    draft: Any
    form: EvidenceForm


def rebuilt(extraction: Extraction, article: Article) -> Extraction:
    """What the drafts behind `extraction` give now; `article` is what it was made of."""
    wanted = asked(extraction.run)
    form: EvidenceForm = "sentences" if wanted.get("evidence") == "sentences" else "quote"
    contexts = {"quote": Draft(article), form: Draft(article, form)}
    found: list[Record] = []
    rejected: list[Rejected] = []
    for stored in _stored(extraction, contexts[form]):
        if isinstance(stored, Rejected):
            rejected.append(stored)
            continue
        good, failed = read_drafts({stored.type: [stored.draft]}, contexts[stored.form])
        found += good
        rejected += rejected_of(failed)
    types = [t for t in RECORD_TYPES if t.type in wanted.get("types", _BY_NAME)]
    records, doubled, _ = arrange([("answer", record) for record in found], types)
    made = {"version": VERSION, "parsers": fingerprint("extractor.values")}
    audited = None if extraction.audit is None else audit(article, records.all(), types)
    return extraction.model_copy(
        update={
            "records": records,
            "rejected": rejected + doubled,
            "audit": audited,
            "provenance": extraction.provenance.model_copy(update=made),
        }
    )


def _stored(extraction: Extraction, reading: Draft) -> Iterator[_Stored | Rejected]:
    """The drafts of an output line; what was rejected for good stays so."""
    for record in extraction.records.all():
        yield _written(record.model_dump(mode="json"), type(record), reading)
    for rejected in extraction.rejected:
        codes = {error.code for error in rejected.errors}
        if rejected.type not in _BY_NAME or "leaked" in codes:
            yield rejected
        elif "duplicate" in codes:
            yield _written(rejected.draft, _BY_NAME[rejected.type], reading)
        else:
            yield _Stored(_BY_NAME[rejected.type], rejected.draft, reading.evidence)


def _written(record: Mapping[str, Any], record_type: RecordType, reading: Draft) -> _Stored:
    """A record as a model writes it: phrases, and evidence in the form that was asked for."""
    draft = {
        name: value["text"] if isinstance(value, Mapping) and "text" in value else value
        for name, value in record.items()
        if name not in COMPUTED
    }
    evidence = record["evidence"]
    numbers = _numbers(evidence["start"], evidence["end"], reading)
    if numbers:
        return _Stored(record_type, {**draft, "evidence": numbers}, "sentences")
    return _Stored(record_type, {**draft, "evidence": evidence["quote"]}, "quote")


def _numbers(start: int, end: int, reading: Draft) -> list[int]:
    """The numbers of the sentences that a passage is; none if it is no such passage."""
    if reading.evidence != "sentences":
        return []
    inside = [
        (number, sentence)
        for number, sentence in enumerate(reading.locator.sentences, start=1)
        if start <= sentence.start and sentence.end <= end
    ]
    is_whole = inside and (inside[0][1].start, inside[-1][1].end) == (start, end)
    return [number for number, _ in inside] if is_whole else []


def changes(before: Extraction, after: Extraction) -> Iterator[Change]:
    """What differs between two extractions of one article, field by field.

    Records are the same if they have the same evidence and number phrase, or else the same
    evidence.
    """
    for (key, old), (_, new) in zip(before.records.by_type(), after.records.by_type(), strict=True):
        for one, other in _paired(old, new):
            if one is None or other is None:
                yield Change(key, one and _named(one), other and _named(other))
                continue
            was, now = _flat(one), _flat(other)
            for name in {**was, **now}:
                if was.get(name) != now.get(name):
                    yield Change(f"{key}.{name}", was.get(name), now.get(name))
    was_rejected, is_rejected = _codes(before), _codes(after)
    for code in {**was_rejected, **is_rejected}:
        if was_rejected[code] != is_rejected[code]:
            yield Change(f"rejected.{code}", was_rejected[code], is_rejected[code])


def _paired(old: list[Any], new: list[Any]) -> Iterator[tuple[Record | None, Record | None]]:
    """Records with their counterparts; None where there is none."""
    left = list(new)
    unpaired = []
    for record in old:
        other = next((r for r in left if _place(r) == _place(record)), None)
        if other is None:
            unpaired.append(record)
        else:
            left.remove(other)
            yield record, other
    for record in unpaired:
        other = next((r for r in left if r.evidence == record.evidence), None)
        if other is not None:
            left.remove(other)
        yield record, other
    for record in left:
        yield None, record


def _place(record: Any) -> tuple[Any, ...]:
    number = getattr(record, record.number or record.named)
    return record.evidence, getattr(number, "at", number), getattr(record, record.named)


def _named(record: Any) -> Any:
    return getattr(record, record.named) or record.evidence.quote


def _flat(record: Record) -> dict[str, Any]:
    """Fields by name, those of a value by two names."""
    flat: dict[str, Any] = {}
    for name, value in record.model_dump(mode="json").items():
        inner = value if isinstance(value, dict) else {"": value}
        flat |= {f"{name}.{part}".rstrip("."): item for part, item in inner.items()}
    return flat


def _codes(extraction: Extraction) -> Counter[str]:
    """How many drafts were rejected, by the code of their first error."""
    return Counter(rejected.errors[0].code for rejected in extraction.rejected)
