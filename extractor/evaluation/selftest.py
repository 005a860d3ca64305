"""Which known faults would the current gold catch?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from extractor.evaluation.faults import FAULTS, Fault
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.pairing import difference
from extractor.evaluation.predicting import read_predictions
from extractor.evaluation.scores import MATCH_KINDS, ArticleScore, MatchKind, Prediction
from extractor.evaluation.scoring import score_article
from extractor.evaluation.statistics import Floats
from extractor.evaluation.summary import ALL, matrix, overlap_sums, tally

PredictionOf: TypeAlias = Mapping[str, Prediction]

MEASURES: tuple[MatchKind | Literal["evidence"], ...] = (*MATCH_KINDS, "evidence")
_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """What one fault did to the scores.

    Attributes:
        fault: its name.
        drops: how much each printed score lost, in points; None where it has no value.
        caught_by: the scores whose drop the paired test calls significant at 5 %.
    """

    fault: str
    drops: dict[str, float | None]
    caught_by: list[str]


def selftest(
    gold: Sequence[GoldArticle],
    predictions: PredictionOf,
    *,
    faults: Mapping[str, Fault] = FAULTS,
    seed: int = 0,
) -> list[Finding]:
    """Put each fault into the predictions, score them, and say what shows.

    Args:
        gold: the gold articles.
        predictions: what was predicted, by article id.
        faults: the faults by name.
        seed: of the faults that strike at random.
    """
    found = [(g, predictions[g.article.id]) for g in gold]
    sound = [score_article(g, prediction) for g, prediction in found]
    findings = []
    for name, fault in faults.items():
        generator = random.Random(f"{seed} {name}")
        spoiled = [score_article(g, _spoil(p, g, fault, generator)) for g, p in found]
        findings.append(_finding(name, sound, spoiled))
    return findings


def stored_or_perfect(gold: Sequence[GoldArticle], path: Path | None) -> PredictionOf:
    """Predictions from a file; without one, the gold itself.

    Raises:
        UsageError: the file cannot be read, or is about other texts.
    """
    if path is None:
        return {g.article.id: Prediction(g.records) for g in gold}
    stored = read_predictions(str(path), [g.article.id for g in gold])
    return {g.article.id: stored.of(g.article) for g in gold}


def _spoil(
    prediction: Prediction, gold: GoldArticle, fault: Fault, generator: random.Random
) -> Prediction:
    if prediction.records is None:
        return prediction
    return Prediction(fault(prediction.records, gold.article, generator))


def _finding(name: str, sound: Sequence[ArticleScore], spoiled: Sequence[ArticleScore]) -> Finding:
    drops: dict[str, float | None] = {}
    caught: list[str] = []
    for measure in MEASURES:
        found = difference(_sums(sound, measure), _sums(spoiled, measure))
        drops[measure] = None if found is None else 0.0 - 100 * found.delta
        if found is not None and found.delta < 0 and found.p_worse < _ALPHA:
            caught.append(measure)
    return Finding(name, drops, caught)


def _sums(articles: Sequence[ArticleScore], measure: MatchKind | Literal["evidence"]) -> Floats:
    if measure == "evidence":
        return np.asarray(matrix(articles, overlap_sums, 2))

    def f1(article: ArticleScore) -> tuple[float, float]:
        tp, fp, fn = tally(article, ALL, measure)
        return 2 * tp, 2 * tp + fp + fn

    return np.asarray(matrix(articles, f1, 2))
