"""What a check says, and what it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from extractor.checking.index import Index
from extractor.records import Record
from extractor.results import Extraction


@dataclass(frozen=True, slots=True)
class Case:
    """One article's extraction, and what the whole output states."""

    extraction: Extraction
    index: Index


class Flag(NamedTuple):
    """A doubt about one field of a record."""

    record: Record
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt, as it is shown.

    Attributes:
        check: name of the check.
        id: the article.
        type: record type.
        record_id: the record.
        field: the field that is doubtful.
        message: why.
        quote: the record's evidence.
    """

    check: str
    id: str
    type: str
    record_id: str
    field: str
    message: str
    quote: str
