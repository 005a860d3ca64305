"""The noise floor: how far repeats of one model on the same articles are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from extractor.evaluation.scores import ArticleScore
from extractor.evaluation.summary import ALL, f1_of, tally


@dataclass(frozen=True, slots=True)
class Noise:
    """A model against itself.

    Attributes:
        usable: usable F1 of each repeat.
        largest: the largest difference between two repeats, in points; what is smaller
            says nothing about a change.
        deviation: standard deviation of usable F1 over repeats, in points.
        within_article: mean over articles of the standard deviation of their true positives.
    """

    usable: list[float | None]
    largest: float
    deviation: float
    within_article: float


def noise_of(repeats: Sequence[Sequence[ArticleScore]]) -> Noise | None:
    """The noise of some repeats on the same articles; None of fewer than two."""
    if len(repeats) < 2:
        return None
    usable = [f1_of(articles).value for articles in repeats]
    known = [value for value in usable if value is not None]
    found = np.array([[tally(a, ALL, "usable").tp for a in articles] for articles in repeats])
    return Noise(
        usable=usable,
        largest=100 * max((abs(a - b) for a, b in combinations(known, 2)), default=0.0),
        deviation=100 * float(np.std(known, ddof=1)) if len(known) > 1 else 0.0,
        within_article=float(found.std(axis=0, ddof=1).mean()),
    )
