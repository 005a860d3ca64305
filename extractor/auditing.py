"""The audit: figures that the rules read as facts and no record's evidence covers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from pydantic import ValidationError

from extractor.article import Article
from extractor.errors import UsageError
from extractor.grounding import Span
from extractor.models.base import RecordType
from extractor.models.rules import READERS
from extractor.models.rules.document import Document
from extractor.records import RECORD_TYPES, Draft, Policy, Record
from extractor.records.checks import number_place
from extractor.results import Audited, Extraction


def audit(
    article: Article,
    extraction: Extraction | Iterable[Record],
    types: Sequence[RecordType] = RECORD_TYPES,
) -> list[Audited]:
    """The figures of an article that an extraction leaves out.

    A figure is the number of a grounded record of the rules; it is left out if no record's
    evidence holds all of it. What the rules do not read as a fact (a share, a ranking, a date)
    is no figure, nor is a policy without a number.

    Args:
        article: the article.
        extraction: what was extracted from it, by any model, or the records alone.
        types: the record types that were wanted.

    Returns:
        Each figure once, in the order of the article.

    Raises:
        UsageError: the extraction was made of another text.
    """
    if isinstance(extraction, Extraction):
        if extraction.text_sha256 != article.text_sha256:
            raise UsageError(
                f"the extraction was made of another text than article {article.id!r}: extract "
                "from it anew"
            )
        records = extraction.records.all()
    else:
        records = iter(extraction)
    covered = _Covered(record.evidence.span for record in records)
    found: dict[Span, Audited] = {}
    for span, record in _figures(article, types):
        if not covered.holds(span) and span not in found:
            found[span] = Audited(
                type=record.type,
                phrase=article.text[span.start : span.end],
                at=(span.start, span.end),
                evidence=record.evidence,
            )
    return [found[span] for span in sorted(found)]


class _Covered:
    """Stretches of a text, to be asked whether one of them holds another stretch."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._farthest = list(accumulate((span.end for span in ordered), max))

    def holds(self, span: Span) -> bool:
        before = bisect_right(self._starts, span.start)
        return before > 0 and self._farthest[before - 1] >= span.end


def _figures(article: Article, types: Sequence[RecordType]) -> Iterator[tuple[Span, Record]]:
    """The place of the number of each grounded record of the rules, and the record."""
    reading = Draft(article)
    document = Document(article)
    for record_type in types:
        for draft in READERS[record_type](document):
            try:
                record = record_type.model_validate(draft, context=reading)
            except ValidationError:
                continue
            name = "measure_count" if record_type is Policy else record.number
            number = getattr(record, name) if name else None
            if number is not None:
                yield number_place(number, record.evidence.span, reading), record
