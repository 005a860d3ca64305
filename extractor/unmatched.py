"""Regions and indicators that the tables have no code for, ready to be added to them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from extractor.records import GrowthMetric, Record
from extractor.records.indicators import normalise
from extractor.results import Extraction

Kind: TypeAlias = Literal["region", "ambiguous_region", "indicator"]

TABLES: dict[Kind, str] = {
    "region": "extractor/records/data/place_aliases.tsv",
    "ambiguous_region": "extractor/records/data/place_aliases.tsv",
    "indicator": "extractor/records/data/indicator_spellings.tsv",
}
"""The table that a spelling of each kind is added to."""

CODE = "CODE"
"""Stands in a row where the code is to be written."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A wording without a code.

    Attributes:
        kind: a region that no division is found for, one that several divisions may be, or an
            indicator.
        spelling: as most records write it.
        records: how many records have it, in any case and spacing.
        articles: in how many articles.
        candidates: codes of the divisions that an ambiguous region may be.
        row: a row for the table of the kind (`TABLES`), where ``CODE`` is to be replaced; None
            for an ambiguous region, since a name that divisions share stays one.
        id: an article that has it.
        quote: the evidence of a record that has it.
    """

    kind: Kind
    spelling: str
    records: int
    articles: int
    candidates: tuple[str, ...]
    row: str | None
    id: str
    quote: str


class _Found(NamedTuple):
    """A wording of one record."""

    kind: Kind
    spelling: str
    key: str
    candidates: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    first: _Found
    id: str
    quote: str
    spellings: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    last_id: str | None = None


def unmatched(extractions: Iterable[Extraction]) -> list[Unmatched]:
    """Count the regions and indicators without a code.

    Without a code on purpose are the whole country, other countries and "the city". Memory grows
    with the number of different wordings, not with that of the lines.

    Args:
        extractions: one of each article.

    Returns:
        By kind, the most frequent first.
    """
    tallies: dict[tuple[Kind, str], _Tally] = {}
    for extraction in extractions:
        for record in extraction.records.all():
            for found in _without_code(record):
                tally = tallies.setdefault(
                    (found.kind, found.key), _Tally(found, extraction.id, record.evidence.quote)
                )
                tally.spellings[found.spelling] += 1
                tally.articles += tally.last_id != extraction.id
                tally.last_id = extraction.id
    kinds = list(TABLES)
    return sorted(
        (_summed(tally) for tally in tallies.values()),
        key=lambda entry: (kinds.index(entry.kind), -entry.records, entry.spelling),
    )


def _without_code(record: Record) -> Iterator[_Found]:
    place = record.place
    if record.region is not None and place is not None and place.code is None:
        kind: Kind = "ambiguous_region" if place.match == "ambiguous" else "region"
        spelling = _one_line(record.region)
        yield _Found(kind, spelling, _folded(spelling), place.candidates)
    if isinstance(record, GrowthMetric) and record.indicator and record.indicator_code is None:
        spelling = _one_line(record.indicator)
        yield _Found("indicator", spelling, normalise(spelling) or _folded(spelling), ())


def _summed(tally: _Tally) -> Unmatched:
    kind, _, key, candidates = tally.first
    spelling = min(tally.spellings, key=lambda s: (-tally.spellings[s], s))
    cells = (key, CODE) if kind == "indicator" else (spelling, CODE, "alias", "")
    row = None if kind == "ambiguous_region" else "\t".join(cells)
    return Unmatched(
        kind=kind,
        spelling=spelling,
        records=tally.spellings.total(),
        articles=tally.articles,
        candidates=candidates,
        row=row,
        id=tally.id,
        quote=_one_line(tally.quote),
    )


def _one_line(text: str) -> str:
    """A text as it can stand in a cell of a table."""
    return " ".join(text.split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(" \"'“”‘’")
