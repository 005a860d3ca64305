"""Two runs on the same articles: the difference, which records flipped, one sentence first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from extractor.comparing import COMPARATORS
from extractor.errors import UsageError
from extractor.evaluation.pairing import Difference, difference, holm
from extractor.evaluation.runs import EvalRun
from extractor.evaluation.scores import (
    MATCH_KINDS,
    TYPES,
    ArticleScore,
    MatchKind,
    PairScore,
    TypeScore,
)
from extractor.evaluation.statistics import Floats
from extractor.evaluation.summary import ALL, matrix, tally

HEADLINE: MatchKind = "usable"
NOT_FOUND = "record not found"

_TELLING = frozenset(
    row.field for rows in COMPARATORS.values() for row in rows if row.role not in ("name", "detail")
)

Change: TypeAlias = Literal["fixed", "broken"]


class NotComparableError(UsageError):
    """Two runs were not scored alike: other gold, another scorer, other articles."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A gold record that one run has usable and the other has not.

    Attributes:
        article: the article's id.
        type: the record's type.
        gold: its place in its list.
        change: `fixed`, if the candidate has it; else `broken`.
        fields: what is wrong with it in the other run.
    """

    article: str
    type: str
    gold: int
    change: Change
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """Usable F1 of one type: the difference, and its one-sided p-value after Holm."""

    difference: Difference
    p_worse_holm: float


@dataclass(frozen=True, slots=True)
class RunComparison:
    """The candidate against the base.

    Attributes:
        verdict: one sentence.
        articles: articles that both runs have.
        kinds: the difference in F1 by kind of match; kinds without a value are left out.
        types: usable F1 by record type.
        flips: records that were fixed or broken, by article.
        fixed_fields: how often each field was behind a fixed record.
        broken_fields: how often each field is behind a broken record.
        spurious: predictions without a partner: base and candidate.
        noise: the larger noise floor of the two runs, in points; None if neither was repeated.
    """

    verdict: str
    articles: int
    kinds: dict[MatchKind, Difference]
    types: dict[str, TypeDifference]
    flips: list[Flip]
    fixed_fields: dict[str, int]
    broken_fields: dict[str, int]
    spurious: tuple[int, int]
    noise: float | None

    @property
    def headline(self) -> Difference | None:
        """The difference in usable F1."""
        return self.kinds.get(HEADLINE)


def check_comparable(base: EvalRun, candidate: EvalRun) -> None:
    """Refuse two runs that were not scored alike.

    Raises:
        NotComparableError: other gold, another scorer, or other articles.
    """
    reasons = []
    if base.gold.hash != candidate.gold.hash:
        reasons.append(f"gold {base.gold.hash} and {candidate.gold.hash}")
    if base.scorer != candidate.scorer:
        reasons.append(f"scorer {base.scorer} and {candidate.scorer}")
    if _ids(base) != _ids(candidate):
        only = sorted(_ids(base) ^ _ids(candidate))
        reasons.append(f"{len(only)} articles are in one run only, such as {only[0]!r}")
    if reasons:
        raise NotComparableError(f"the runs are not comparable: {'; '.join(reasons)}")


def _ids(run: EvalRun) -> set[str]:
    return {article.id for article in run.articles}


def compare_runs(base: EvalRun, candidate: EvalRun) -> RunComparison:
    """Compare two runs; several repeats of a run are averaged within each article.

    Raises:
        NotComparableError: they were not scored alike.
    """
    check_comparable(base, candidate)
    kinds = {
        kind: found
        for kind in MATCH_KINDS
        if (found := difference(_f1_sums(base, ALL, kind), _f1_sums(candidate, ALL, kind)))
    }
    flips = list(_flips(base.articles, candidate.articles))
    broken = Counter(f for flip in flips if flip.change == "broken" for f in flip.fields)
    fixed = Counter(f for flip in flips if flip.change == "fixed" for f in flip.fields)
    noises = [run.summary.noise.largest for run in (base, candidate) if run.summary.noise]
    noise = max(noises, default=None)
    return RunComparison(
        verdict=_sentence(kinds.get(HEADLINE), len(base.articles), flips, broken, noise),
        articles=len(base.articles),
        kinds=kinds,
        types=_by_type(base, candidate),
        flips=flips,
        fixed_fields=dict(fixed.most_common()),
        broken_fields=dict(broken.most_common()),
        spurious=(_spurious(base.articles), _spurious(candidate.articles)),
        noise=noise,
    )


def _f1_sums(run: EvalRun, type_: str, kind: MatchKind) -> Floats:
    """Numerator and denominator of F1 by cluster, averaged over repeats."""

    def parts(article: ArticleScore) -> tuple[float, float]:
        tp, fp, fn = tally(article, type_, kind)
        return 2 * tp, 2 * tp + fp + fn

    sums = np.array([matrix(repeat.articles, parts, 2) for repeat in run.repeats])
    return np.asarray(sums.mean(axis=0))


def _by_type(base: EvalRun, candidate: EvalRun) -> dict[str, TypeDifference]:
    found = {
        type_: own
        for type_ in TYPES
        if (
            own := difference(_f1_sums(base, type_, HEADLINE), _f1_sums(candidate, type_, HEADLINE))
        )
    }
    adjusted = holm({type_: own.p_worse for type_, own in found.items()})
    return {type_: TypeDifference(own, adjusted[type_]) for type_, own in found.items()}


def _flips(base: Sequence[ArticleScore], candidate: Sequence[ArticleScore]) -> Iterator[Flip]:
    after_by_id = {article.id: article for article in candidate}
    for before in base:
        after = after_by_id[before.id]
        for type_ in TYPES:
            yield from _type_flips(
                before.id, type_, before.types.get(type_), after.types.get(type_)
            )


def _type_flips(
    article: str, type_: str, before: TypeScore | None, after: TypeScore | None
) -> Iterator[Flip]:
    old, new = _pairs(before), _pairs(after)
    for place in sorted({*old, *new}):
        was = place in old and old[place].usable
        is_ = place in new and new[place].usable
        if was != is_:
            failing = old.get(place) if is_ else new.get(place)
            change: Change = "fixed" if is_ else "broken"
            fields = tuple(f for f in failing.failed if f in _TELLING) if failing else (NOT_FOUND,)
            yield Flip(article, type_, place, change, fields)


def _pairs(score: TypeScore | None) -> Mapping[int, PairScore]:
    return {pair.gold: pair for pair in score.pairs} if score else {}


def _spurious(articles: Sequence[ArticleScore]) -> int:
    return sum(score.predicted - len(score.pairs) for a in articles for score in a.types.values())


def points(share: float) -> str:
    """A difference in percentage points with one digit and its sign."""
    return f"{100 * share:+.1f}"


def _sentence(
    found: Difference | None,
    articles: int,
    flips: Sequence[Flip],
    broken_fields: Counter[str],
    noise: float | None,
) -> str:
    """What happened, in one sentence."""
    if found is None:
        return f"nothing to compare: {articles} articles give no usable F1"
    low, high = found.interval95
    broken = sum(flip.change == "broken" for flip in flips)
    size = f"by {abs(100 * found.delta):.1f} points"
    head = f"{'worse' if found.delta < 0 else 'better'} {size}" if found.delta else "no difference"
    if noise is not None and 0 < abs(100 * found.delta) <= noise:
        head += f" (within the noise of {noise:.1f})"
    sentence = (
        f"{head}, 95 % interval {points(low)} to {points(high)}, {articles} articles; "
        f"{broken} records broken, {len(flips) - broken} fixed"
    )
    worst = broken_fields.most_common(1)
    return sentence + (f", most in `{worst[0][0]}`" if worst else "")
