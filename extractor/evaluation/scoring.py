"""Scores of one article: counts by record type and kind of match, and field by field.

Readings of the definitions where they leave room:

- `usable` for a policy, which has no number of its own: status, region and period pass.
- An optional gold record counts in each kind exactly for what it won: nothing, or a true
  positive. The prediction that stands for it is never spurious. Its fields are not counted.
- A failed article has no predictions; its gold records are all missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from extractor.comparing import COMPARATORS, Comparable, comparable
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.leftovers import Leftover, classify
from extractor.evaluation.matching import Matching, Pair, match
from extractor.evaluation.scores import (
    MATCH_KINDS,
    TYPES,
    ArticleScore,
    FieldTally,
    MatchKind,
    PairScore,
    Prediction,
    Tally,
    TypeScore,
)
from extractor.records import RECORD_TYPES
from extractor.results import Records

JUDGED: Mapping[str, tuple[tuple[int, str], ...]] = {
    type_: tuple((i, row.field) for i, row in enumerate(rows) if row.kind.passes is not None)
    for type_, rows in COMPARATORS.items()
}
"""The fields of each type that pass or fail, with their places among its comparators."""


def score_article(gold: GoldArticle, prediction: Prediction) -> ArticleScore:
    """Score what a model said of one article."""
    usage = prediction.usage
    types, leftovers = score_records(gold.records, prediction.records, gold.optional)
    return ArticleScore(
        id=gold.article.id,
        cluster=gold.cluster,
        weight=gold.weight,
        lang=gold.article.lang,
        source=gold.article.source,
        year=gold.article.date.year if gold.article.date else None,
        chars=len(gold.article.text),
        failure=prediction.failure,
        types=types,
        leftovers=leftovers,
        rejected={t: dict(codes) for t, codes in prediction.rejected.items()},
        requests=usage.requests if usage else 0,
        tokens=(usage.input_tokens, usage.output_tokens) if usage else None,
        cost_usd=usage.cost_usd if usage else None,
        seconds=prediction.seconds,
    )


def score_records(
    gold: Records, predicted: Records | None, optional: Iterable[tuple[str, int]] = ()
) -> tuple[dict[str, TypeScore], list[Leftover]]:
    """Score the records of one article.

    Args:
        gold: all its records.
        predicted: what was predicted; None for a failed article.
        optional: gold records that are neither missed nor spurious, by type and place.

    Returns:
        The scores by type, and the leftovers of all types.
    """
    ours = _comparables(gold)
    theirs = _comparables(predicted) if predicted is not None else {t: [] for t in TYPES}
    spared = {t: frozenset(i for type_, i in optional if type_ == t) for t in TYPES}
    present = [t for t in TYPES if ours[t] or theirs[t]]
    matchings = {t: match(ours[t], theirs[t], spared[t]) for t in present}
    types = {t: _type_score(ours[t], theirs[t], spared[t], matchings[t]) for t in present}
    return types, classify(matchings, ours, theirs, spared)


def _comparables(records: Records) -> dict[str, list[Comparable]]:
    return {
        record_type.type: [comparable(record) for record in getattr(records, record_type.key)]
        for record_type in RECORD_TYPES
    }


def _type_score(
    gold: Sequence[Comparable],
    predicted: Sequence[Comparable],
    optional: frozenset[int],
    matching: Matching,
) -> TypeScore:
    required = [pair for pair in matching.pairs if pair.gold not in optional]
    spared = [pair for pair in matching.pairs if pair.gold in optional]
    return TypeScore(
        gold=len(gold),
        predicted=len(predicted),
        counts=_counts(len(gold) - len(optional), len(predicted) - len(spared), required, spared),
        fields=_fields(gold, predicted, optional, matching.pairs),
        pairs=[_pair_score(pair, (gold or predicted)[0].type) for pair in matching.pairs],
    )


def _counts(
    gold: int, predicted: int, required: Sequence[Pair], spared: Sequence[Pair]
) -> dict[MatchKind, Tally]:
    won, extra = _won(required), _won(spared)
    return {
        kind: Tally(won[kind] + extra[kind], predicted - won[kind], gold - won[kind])
        for kind in MATCH_KINDS
    }


def _won(pairs: Sequence[Pair]) -> dict[MatchKind, float]:
    """What pairs count for: 0 or 1 each, in `soft` the similarity unless it is strict."""
    found = [pair.comparison for pair in pairs]
    return {
        "lenient": float(len(found)),
        "usable": float(sum([c.usable for c in found])),
        "strict": float(sum([c.strict for c in found])),
        "soft": float(sum([1.0 if c.strict else c.similarity for c in found])),
    }


_CORRECT, _WRONG, _MISSING, _FABRICATED, _MISSING_RECORD, _SPURIOUS_RECORD = range(6)


def _fields(
    gold: Sequence[Comparable],
    predicted: Sequence[Comparable],
    optional: frozenset[int],
    pairs: Sequence[Pair],
) -> dict[str, FieldTally]:
    """Outcomes by field; what concerns optional gold records is left out."""
    judged = JUDGED[(gold or predicted)[0].type]
    outcomes = {i: [0] * 6 for i, _ in judged}
    for pair in pairs:
        if pair.gold not in optional:
            _count_pair(outcomes, pair, gold[pair.gold], predicted[pair.predicted])
    paired = {pair.gold for pair in pairs}
    taken = {pair.predicted for pair in pairs}
    lost = [r for i, r in enumerate(gold) if i not in paired and i not in optional]
    invented = [r for j, r in enumerate(predicted) if j not in taken]
    for records, outcome in ((lost, _MISSING_RECORD), (invented, _SPURIOUS_RECORD)):
        for record in records:
            for i, counts in outcomes.items():
                counts[outcome] += record.values[i] is not None
    return {name: FieldTally(*outcomes[i]) for i, name in judged if any(outcomes[i])}


def _count_pair(
    outcomes: Mapping[int, list[int]], pair: Pair, gold: Comparable, predicted: Comparable
) -> None:
    scores, failed = pair.comparison.scores, pair.comparison.failed
    for i, counts in outcomes.items():
        if scores[i] is None:
            continue
        if i not in failed:
            counts[_CORRECT] += 1
        elif gold.values[i] is None:
            counts[_FABRICATED] += 1
        elif predicted.values[i] is None:
            counts[_MISSING] += 1
        else:
            counts[_WRONG] += 1


def _pair_score(pair: Pair, type_: str) -> PairScore:
    found = pair.comparison
    return PairScore(
        gold=pair.gold,
        predicted=pair.predicted,
        similarity=round(found.similarity, 6),
        overlap=round(found.overlap, 6),
        usable=found.usable,
        strict=found.strict,
        failed=tuple(COMPARATORS[type_][i].field for i in found.failed),
    )
