"""From the scores of articles to the tables by record type, by field and by error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.evaluation.scores import (
    MATCH_KINDS,
    TYPES,
    UNGROUNDED,
    ArticleScore,
    FieldTally,
    MatchKind,
    Tally,
)
from extractor.evaluation.statistics import Estimate, Floats, estimates

ALL = "all"
"""The name of all record types together."""

_NOTHING = Tally(0, 0, 0)
_NO_FIELD = FieldTally(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of one kind of match, each with its 95 % interval."""

    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A line of the table by type.

    Attributes:
        articles: how many articles have gold or predictions in it.
        gold: gold records, as they are in the files.
        predicted: predictions.
        matched: pairs.
        scores: by kind of match, weighted by the articles' weights.
        evidence: mean overlap of the evidence in pairs.
    """

    articles: int
    gold: int
    predicted: int
    matched: int
    scores: dict[MatchKind, Scores]
    evidence: Estimate


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A line of the table by field.

    Attributes:
        outcomes: how often each outcome occurred.
        precision: of all values that were written, the share that is right, end to end.
        recall: of all values that are in gold, the share that was found, end to end.
        accuracy: of the values in pairs, the share that is right.
    """

    outcomes: FieldTally
    precision: Estimate
    recall: Estimate
    accuracy: Estimate


def matrix(
    articles: Sequence[ArticleScore], values: Callable[[ArticleScore], Sequence[float]], width: int
) -> Floats:
    """Sums over the articles of each cluster, weighted: shape (clusters, width).

    `values` gives `width` numbers for an article. Rows are in the order of the clusters'
    names, so that two runs on the same articles have the same rows.
    """
    rows = {name: i for i, name in enumerate(sorted({a.cluster for a in articles}))}
    result = np.zeros((len(rows), width))
    for article in articles:
        result[rows[article.cluster]] += article.weight * np.asarray(values(article), dtype=float)
    return result


def tally(article: ArticleScore, type_: str, kind: MatchKind) -> Tally:
    """The counts of one type, or of all of them together."""
    if type_ != ALL:
        score = article.types.get(type_)
        return score.counts[kind] if score else _NOTHING
    counts = [score.counts[kind] for score in article.types.values()]
    return Tally(*(sum(column) for column in zip(*counts, strict=True))) if counts else _NOTHING


def by_type(articles: Sequence[ArticleScore]) -> dict[str, TypeRow]:
    """The table by record type, the last row all together (micro-averaged)."""
    names = (*TYPES, ALL)

    def counts(article: ArticleScore) -> list[float]:
        return [n for name in names for kind in MATCH_KINDS for n in tally(article, name, kind)]

    columns = len(names) * len(MATCH_KINDS)
    sums = matrix(articles, counts, 3 * columns).reshape(-1, columns, 3)
    scores = iter(_scores(sums))
    evidence = _evidence(articles, names)
    return {
        name: _row(articles, name, {kind: next(scores) for kind in MATCH_KINDS}, evidence[name])
        for name in names
    }


def f1_of(articles: Sequence[ArticleScore], kind: MatchKind = "usable") -> Estimate:
    """Micro-averaged F1 over all types, with its interval."""
    sums = matrix(articles, lambda article: tally(article, ALL, kind), 3).reshape(-1, 1, 3)
    return _scores(sums)[0].f1


def _scores(sums: Floats) -> list[Scores]:
    """Scores of each column of counts: shape (clusters, columns, 3)."""
    tp, fp, fn = sums[..., 0], sums[..., 1], sums[..., 2]
    columns = tp.shape[1]
    numerators = np.concatenate([tp, tp, 2 * tp], axis=1)
    denominators = np.concatenate([tp + fp, tp + fn, 2 * tp + fp + fn], axis=1)
    found = estimates(numerators, denominators)
    return [Scores(found[i], found[i + columns], found[i + 2 * columns]) for i in range(columns)]


def overlap_sums(article: ArticleScore, type_: str = ALL) -> tuple[float, float]:
    """Sum of the evidence overlaps of an article's pairs, and how many pairs."""
    pairs = [
        pair
        for name, score in article.types.items()
        if type_ in (ALL, name)
        for pair in score.pairs
    ]
    return sum(pair.overlap for pair in pairs), len(pairs)


def _evidence(articles: Sequence[ArticleScore], names: Sequence[str]) -> dict[str, Estimate]:
    sums = matrix(
        articles, lambda a: [n for name in names for n in overlap_sums(a, name)], 2 * len(names)
    )
    return dict(zip(names, estimates(sums[:, ::2], sums[:, 1::2]), strict=True))


def _row(
    articles: Sequence[ArticleScore],
    name: str,
    scores: dict[MatchKind, Scores],
    evidence: Estimate,
) -> TypeRow:
    own = [
        score
        for article in articles
        for type_, score in article.types.items()
        if name in (ALL, type_)
    ]
    return TypeRow(
        articles=sum(name == ALL or name in article.types for article in articles),
        gold=sum(score.gold for score in own),
        predicted=sum(score.predicted for score in own),
        matched=sum(len(score.pairs) for score in own),
        scores=scores,
        evidence=evidence,
    )


def by_field(articles: Sequence[ArticleScore]) -> dict[str, dict[str, FieldRow]]:
    """The tables by field, for each type that occurs."""
    return {
        type_: _field_rows(articles, type_)
        for type_ in TYPES
        if any(type_ in article.types for article in articles)
    }


def _field_rows(articles: Sequence[ArticleScore], type_: str) -> dict[str, FieldRow]:
    present = [a for a in articles if type_ in a.types]
    names = list(dict.fromkeys(name for a in present for name in a.types[type_].fields))

    def counts(article: ArticleScore) -> list[float]:
        score = article.types.get(type_)
        fields = score.fields if score else {}
        return [n for name in names for n in fields.get(name, _NO_FIELD)]

    width = len(names)
    sums = matrix(articles, counts, 6 * width).reshape(-1, width, 6)
    correct, wrong, missing, fabricated, lost, invented = np.moveaxis(sums, 2, 0)
    written = correct + wrong + fabricated + invented
    labelled = correct + wrong + missing + lost
    found = estimates(
        np.concatenate([correct, correct, correct], axis=1),
        np.concatenate([written, labelled, correct + wrong + missing + fabricated], axis=1),
    )
    raw = np.array([counts(article) for article in present]).reshape(-1, width, 6).sum(axis=0)
    return {
        name: FieldRow(
            FieldTally(*(int(n) for n in raw[i])), found[i], found[i + width], found[i + 2 * width]
        )
        for i, name in enumerate(names)
    }


def by_error(articles: Iterable[ArticleScore]) -> dict[str, dict[str, int]]:
    """Leftovers by class, misread ones also by what differs; each by record type.

    `ungrounded` are drafts that were rejected since they do not stand in the article.
    """
    found: dict[str, Counter[str]] = {}
    for article in articles:
        for leftover in article.leftovers:
            found.setdefault(leftover.error, Counter())[leftover.type] += 1
            if leftover.error == "misread":
                found.setdefault(f"misread: {leftover.detail}", Counter())[leftover.type] += 1
        for type_, codes in article.rejected.items():
            if ungrounded := sum(n for code, n in codes.items() if code in UNGROUNDED):
                found.setdefault("ungrounded", Counter())[type_] += ungrounded
    return {name: dict(found[name]) for name in sorted(found)}
