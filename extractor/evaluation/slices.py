"""Where it goes well and where not: slices of articles, and how the run itself went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extractor.evaluation.scores import TYPES, UNGROUNDED, ArticleScore, MatchKind
from extractor.evaluation.statistics import Estimate, estimates
from extractor.evaluation.summary import ALL, f1_of, matrix, tally

THIN = 20
"""A slice of fewer articles says little."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the articles.

    Attributes:
        articles: how many; fewer than 20 say little.
        gold: their gold records.
        usable: usable F1.
    """

    articles: int
    gold: int
    usable: Estimate


@dataclass(frozen=True, slots=True)
class Operations:
    """How the run itself went.

    Attributes:
        articles: gold articles that were to be read.
        failures: articles that gave no result, by reason.
        coverage: share of articles that gave a result.
        macro_types: mean usable F1 over record types that occur.
        macro_articles: mean usable F1 over articles; nothing found where nothing is, is 1.
        empty: articles without any gold record.
        false_alarms: share of them with at least one prediction.
        rejected: drafts that did not become records, by code.
        ungrounded: share of drafts that do not stand in the article.
        cost_usd: of all articles; None where a price is not known.
        tokens: input and output tokens of all articles; None where not known.
        median_seconds: wall time of an article; None where not known.
        p95_seconds: its 95th percentile.
    """

    articles: int
    failures: dict[str, int]
    coverage: Estimate
    macro_types: float | None
    macro_articles: float | None
    empty: int
    false_alarms: Estimate
    rejected: dict[str, int]
    ungrounded: Estimate
    cost_usd: float | None
    tokens: tuple[int, int] | None
    median_seconds: float | None
    p95_seconds: float | None


def gold_count(article: ArticleScore) -> int:
    """How many gold records an article has."""
    return sum(score.gold for score in article.types.values())


def predicted_count(article: ArticleScore) -> int:
    """How many predictions an article has."""
    return sum(score.predicted for score in article.types.values())


def by_slice(articles: Sequence[ArticleScore]) -> dict[str, dict[str, Slice]]:
    """Usable F1 by language, source, year, length and number of gold records."""
    lengths = sorted(article.chars for article in articles)
    cuts = [lengths[len(lengths) * i // 3] for i in (1, 2)] if lengths else []

    def length(article: ArticleScore) -> str:
        return ("short", "medium", "long")[sum(article.chars >= cut for cut in cuts)]

    keys: Mapping[str, Callable[[ArticleScore], str]] = {
        "language": lambda a: a.lang or "unknown",
        "source": lambda a: a.source or "unknown",
        "year": lambda a: str(a.year or "unknown"),
        "length": length,
        "gold records": lambda a: _size(gold_count(a)),
    }
    return {name: _slices(articles, key) for name, key in keys.items()}


_SIZES = ((0, "none"), (9, "1 to 9"), (19, "10 to 19"), (39, "20 to 39"))


def _size(records: int) -> str:
    return next((name for most, name in _SIZES if records <= most), "40 or more")


def _slices(
    articles: Sequence[ArticleScore], key: Callable[[ArticleScore], str]
) -> dict[str, Slice]:
    groups: dict[str, list[ArticleScore]] = {}
    for article in articles:
        groups.setdefault(key(article), []).append(article)
    return {
        name: Slice(len(own), sum(gold_count(a) for a in own), f1_of(own))
        for name, own in sorted(groups.items())
    }


def operations(articles: Sequence[ArticleScore]) -> Operations:
    """How the run went."""
    empty = [article for article in articles if not gold_count(article)]
    drafts = _share(articles, lambda a: (_ungrounded(a), predicted_count(a) + _codes(a).total()))
    seconds = [article.seconds for article in articles if article.seconds is not None]
    tokens = [article.tokens for article in articles if article.tokens is not None]
    costs = [article.cost_usd for article in articles]
    return Operations(
        articles=len(articles),
        failures=dict(Counter(a.failure for a in articles if a.failure is not None)),
        coverage=_share(articles, lambda a: (a.failure is None, 1)),
        macro_types=_mean([_f1(articles, type_) for type_ in TYPES]),
        macro_articles=_mean([_article_f1(article) for article in articles]),
        empty=len(empty),
        false_alarms=_share(empty, lambda a: (predicted_count(a) > 0, 1)),
        rejected=dict(sum((_codes(a) for a in articles), Counter[str]())),
        ungrounded=drafts,
        cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        tokens=(sum(t[0] for t in tokens), sum(t[1] for t in tokens)) if tokens else None,
        median_seconds=float(np.median(seconds)) if seconds else None,
        p95_seconds=float(np.quantile(seconds, 0.95)) if seconds else None,
    )


def _share(
    articles: Sequence[ArticleScore], parts: Callable[[ArticleScore], tuple[float, float]]
) -> Estimate:
    """A rate over articles, with its interval."""
    sums = matrix(articles, parts, 2)
    return estimates(sums[:, :1], sums[:, 1:])[0]


def _codes(article: ArticleScore) -> Counter[str]:
    """Rejected drafts of all types by code."""
    return sum((Counter(codes) for codes in article.rejected.values()), Counter[str]())


def _ungrounded(article: ArticleScore) -> int:
    return sum(n for code, n in _codes(article).items() if code in UNGROUNDED)


def _f1(articles: Sequence[ArticleScore], type_: str, kind: MatchKind = "usable") -> float | None:
    tp, fp, fn = matrix(articles, lambda a: tally(a, type_, kind), 3).sum(axis=0)
    return float(2 * tp / (2 * tp + fp + fn)) if tp + fp + fn else None


def _article_f1(article: ArticleScore) -> float:
    tp, fp, fn = tally(article, ALL, "usable")
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
