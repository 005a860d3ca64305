"""What the score of an article is made of: values, from one field's tally up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from extractor.evaluation.leftovers import Leftover
from extractor.records import RECORD_TYPES
from extractor.results import Records, Usage

MatchKind: TypeAlias = Literal["lenient", "usable", "strict", "soft"]
MATCH_KINDS: tuple[MatchKind, ...] = ("lenient", "usable", "strict", "soft")
TYPES: tuple[str, ...] = tuple(record_type.type for record_type in RECORD_TYPES)
UNGROUNDED = frozenset(
    {"ungrounded", "evidence_not_found", "number_not_in_evidence", "period_not_in_article"}
)
"""Codes of drafts that were rejected because they do not stand in the article."""


class Tally(NamedTuple):
    """True positives, false positives, false negatives."""

    tp: float
    fp: float
    fn: float


class FieldTally(NamedTuple):
    """Outcomes of one field.

    In pairs: correct, wrong, missing (null where gold has a value), fabricated (a value
    where gold is null). In records without a partner, one for each value they have:
    missing_record, spurious_record.
    """

    correct: int
    wrong: int
    missing: int
    fabricated: int
    missing_record: int
    spurious_record: int


@dataclass(frozen=True, slots=True)
class PairScore:
    """A gold record, the prediction that stands for it, and what is wrong with that.

    Attributes:
        gold: place of the gold record in its list.
        predicted: place of the prediction in its list.
        similarity: 0.5 to 1.
        overlap: intersection over union of the evidence, 0 to 1.
        usable: the data point can stand in a panel.
        strict: every field passes.
        failed: the fields that do not pass.
    """

    gold: int
    predicted: int
    similarity: float
    overlap: float
    usable: bool
    strict: bool
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeScore:
    """The score of one record type in one article.

    Attributes:
        gold: gold records, optional ones included.
        predicted: predictions.
        counts: the counts by kind of match.
        fields: outcomes by field; fields without any are left out.
        pairs: who stands for whom.
    """

    gold: int
    predicted: int
    counts: dict[MatchKind, Tally]
    fields: dict[str, FieldTally]
    pairs: list[PairScore]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model said of one article.

    Attributes:
        records: its records; None if it failed.
        failure: why it failed; None if it did not.
        rejected: drafts that did not become records, by type and code of their first error.
        usage: what it cost, if known.
        seconds: wall time, if known.
    """

    records: Records | None
    failure: str | None = None
    rejected: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    usage: Usage | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ArticleScore:
    """The score of one article.

    Attributes:
        id: the article.
        cluster: the resampling unit: its story, else itself.
        types: scores by record type; types with neither gold nor predictions are left out.
        leftovers: records without a partner, classified.
        weight: its inverse inclusion probability.
        lang: its language, if known.
        source: its publisher, if known.
        year: of its publication, if known.
        chars: its length in code points.
        failure: why it has no predictions; None if the model answered.
        rejected: drafts that did not become records, by type and code of their first error.
        requests: calls that the article took.
        tokens: input and output tokens; None where not known.
        cost_usd: what it cost; None where not known.
        seconds: wall time; None where not known.
    """

    id: str
    cluster: str
    types: dict[str, TypeScore]
    leftovers: list[Leftover]
    weight: float = 1.0
    lang: str | None = None
    source: str | None = None
    year: int | None = None
    chars: int = 0
    failure: str | None = None
    rejected: dict[str, dict[str, int]] = field(default_factory=dict)
    requests: int = 0
    tokens: tuple[int, int] | None = None
    cost_usd: float | None = None
    seconds: float | None = None
