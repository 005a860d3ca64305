"""How well two annotators agree: the scorer with one of them as gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.comparing import COMPARATORS, EQUAL
from extractor.errors import UsageError
from extractor.evaluation.disagreements import Disagreement, disagreements
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.scores import ArticleScore, Prediction
from extractor.evaluation.scoring import score_article
from extractor.evaluation.summary import TypeRow, by_type
from extractor.records import RECORD_TYPES


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement on a closed field beyond chance, in records that both have.

    Attributes:
        pairs: how many records.
        agreed: share with the same value.
        kappa: Cohen's kappa; None where chance alone would agree always.
    """

    pairs: int
    agreed: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on the articles that both labelled.

    Attributes:
        articles: how many.
        only_one: ids that only one of them labelled.
        types: F1 by type and kind of match, the first annotator as gold.
        kappas: by `<type>.<field>`.
        disagreements: every difference, by article, the largest first.
    """

    articles: int
    only_one: list[str]
    types: dict[str, TypeRow]
    kappas: dict[str, Kappa]
    disagreements: list[Disagreement]


def agreement(first: Sequence[GoldArticle], second: Sequence[GoldArticle]) -> Agreement:
    """Compare two labellings.

    Raises:
        UsageError: no article is in both, or one is there with two different texts.
    """
    ours = {g.article.id: g for g in first}
    theirs = {g.article.id: g for g in second}
    common = sorted(ours.keys() & theirs.keys())
    if not common:
        raise UsageError("no article is labelled in both folders")
    for id_ in common:
        if ours[id_].article.text_sha256 != theirs[id_].article.text_sha256:
            raise UsageError(f"article {id_!r} has different texts in the two folders")
    scores = [score_article(ours[i], Prediction(theirs[i].records)) for i in common]
    return Agreement(
        articles=len(common),
        only_one=sorted(ours.keys() ^ theirs.keys()),
        types=by_type(scores),
        kappas=_kappas(ours, theirs, scores),
        disagreements=[
            found
            for score in scores
            for found in disagreements(
                score.id,
                (ours[score.id].records, theirs[score.id].records),
                score.types,
                score.leftovers,
            )
        ],
    )


def _kappas(
    ours: dict[str, GoldArticle], theirs: dict[str, GoldArticle], scores: Sequence[ArticleScore]
) -> dict[str, Kappa]:
    found = {}
    for record_type in RECORD_TYPES:
        type_, key = record_type.type, record_type.key
        for row in COMPARATORS[type_]:
            if row.kind is EQUAL and "." not in row.field:
                values = list(_values(ours, theirs, scores, (type_, key, row.field)))
                if values:
                    found[f"{type_}.{row.field}"] = _kappa(values)
    return found


def _values(
    ours: dict[str, GoldArticle],
    theirs: dict[str, GoldArticle],
    scores: Sequence[ArticleScore],
    where: tuple[str, str, str],
) -> Iterator[tuple[object, object]]:
    """The two values of a field in every pair; `where` is type, list and field."""
    type_, key, field = where
    for score in scores:
        if type_ in score.types:
            a = getattr(ours[score.id].records, key)
            b = getattr(theirs[score.id].records, key)
            for pair in score.types[type_].pairs:
                yield getattr(a[pair.gold], field), getattr(b[pair.predicted], field)


def _kappa(values: Sequence[tuple[object, object]]) -> Kappa:
    n = len(values)
    agreed = sum(a == b for a, b in values) / n
    first, second = (Counter(column) for column in zip(*values, strict=True))
    chance = sum(first[value] * second[value] for value in first) / n**2
    kappa = None if chance == 1 else (agreed - chance) / (1 - chance)
    return Kappa(n, agreed, kappa)
