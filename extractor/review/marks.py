"""Where a record's evidence, number, period and place stand, for the highlighted text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.grounding import Span
from extractor.grounding.locate import find_phrase
from extractor.pages import Mark
from extractor.records import Record
from extractor.records.checks import nearest
from extractor.results import Audited


def record_marks(records: Iterable[Record], text: str) -> Iterator[Mark]:
    """The marks of an article's records.

    Args:
        records: its records.
        text: its text, the one that they were read from.

    Yields:
        Marks whose keys are the record's place among `records` and what stands there: `e`
        evidence, `n` number (of a policy its name), `p` period, `r` region.
    """
    for place, record in enumerate(records):
        for kind, span in _stretches(record, text):
            if span is not None:
                yield Mark(Span(*span), f"{place}{kind}")


def audit_marks(audit: Iterable[Audited]) -> Iterator[Mark]:
    """The figures that no record covers; keys are their places and `a`."""
    for place, figure in enumerate(audit):
        yield Mark(Span(*figure.at), f"{place}a")


def _stretches(record: Record, text: str) -> Iterator[tuple[str, tuple[int, int] | None]]:
    evidence = record.evidence.span
    yield "e", evidence
    if record.number is None:
        yield "n", find_phrase(getattr(record, record.named), text, evidence)
    else:
        yield "n", getattr(record, record.number).at
    if record.period is not None:
        yield "p", record.period.at
    if record.region is not None:
        inside = find_phrase(record.region, text, evidence)
        yield "r", inside or nearest(record.region, text, evidence)
