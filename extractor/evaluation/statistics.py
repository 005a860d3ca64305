"""Ratios of sums over clusters of articles, with intervals that respect the clusters.

Precision, recall, F1 and every rate are a sum over a sum. The resampling unit is the
cluster (articles on one story, else the article): a ratio is given as its numerator and
denominator per cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]

RESAMPLES = 10_000
SEED = 20_240_101
SMALL = 30
"""Under so many clusters an interval is linearised, with the t distribution."""

_CHUNK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its interval.

    Attributes:
        value: the ratio; None where its denominator is 0.
        low: lower end of the interval; None where there is none.
        high: upper end.
        small: fewer than 30 clusters: the interval is a linear approximation.
    """

    value: float | None
    low: float | None
    high: float | None
    small: bool


def resampled(clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Floats]:
    """How often each cluster is drawn, in chunks of shape (b, clusters); b sums to `resamples`.

    The same numbers give the same draws: two runs on the same articles are paired by it.
    """
    generator = np.random.default_rng(seed)
    step = max(1, _CHUNK_CELLS // max(1, clusters))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = generator.integers(0, clusters, (rows, clusters), dtype=np.int32)
        drawn += np.arange(rows, dtype=np.int32)[:, None] * clusters
        counts = np.bincount(drawn.ravel(), minlength=rows * clusters)
        yield counts.reshape(rows, clusters).astype(np.float64)


def ratios(numerators: Floats, denominators: Floats) -> Floats:
    """Elementwise quotient; NaN where the denominator is 0."""
    result = np.full(np.broadcast(numerators, denominators).shape, np.nan)
    np.divide(numerators, denominators, out=result, where=denominators != 0)
    return result


def influence(numerators: Floats, denominators: Floats) -> Floats:
    """What each cluster adds to the linearised ratio: shape (clusters, ratios)."""
    total = denominators.sum(axis=0)
    value = ratios(numerators.sum(axis=0), total)
    return ratios(numerators - value * denominators, np.broadcast_to(total, numerators.shape))


def standard_errors(influences: Floats) -> Floats:
    """Cluster-robust standard error of each column of `influences`."""
    clusters = influences.shape[0]
    if clusters < 2:
        return np.full(influences.shape[1], np.nan)
    return np.asarray(np.sqrt(clusters / (clusters - 1) * (influences**2).sum(axis=0)))


def t_quantile(clusters: int, level: float) -> float:
    """The two-sided quantile of Student's t with ``clusters - 1`` degrees of freedom."""
    return float(stdtrit(max(1, clusters - 1), 0.5 + level / 2))


def estimates(
    numerators: Floats,
    denominators: Floats,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    most: float = 1.0,
) -> list[Estimate]:
    """Each ratio with its interval.

    Args:
        numerators: shape (clusters, ratios).
        denominators: the same shape.
        level: coverage of the interval.
        resamples: bootstrap draws; under 30 clusters none is made.
        seed: of the draws.
        most: the largest value that a ratio can have; infinity for what is no share.
    """
    clusters = numerators.shape[0]
    values = ratios(numerators.sum(axis=0), denominators.sum(axis=0))
    small = clusters < SMALL
    if small:
        errors = standard_errors(influence(numerators, denominators)) * t_quantile(clusters, level)
        low, high = np.clip(values - errors, 0, most), np.clip(values + errors, 0, most)
    else:
        tails = [(1 - level) / 2, (1 + level) / 2]
        low, high = _percentiles(_bootstrap(numerators, denominators, resamples, seed), tails)
    return [
        Estimate(_finite(v), _finite(a), _finite(b), small)
        for v, a, b in zip(values, low, high, strict=True)
    ]


def _bootstrap(numerators: Floats, denominators: Floats, resamples: int, seed: int) -> Floats:
    """The ratios of each draw, shape (resamples, ratios)."""
    chunks = [
        ratios(draws @ numerators, draws @ denominators)
        for draws in resampled(numerators.shape[0], resamples, seed)
    ]
    return np.concatenate(chunks)


def _percentiles(draws: Floats, tails: Sequence[float]) -> Floats:
    """Percentiles of each column; draws without a value (0/0) are left out."""
    result = np.full((len(tails), draws.shape[1]), np.nan)
    for column in range(draws.shape[1]):
        known = draws[:, column]
        known = known[~np.isnan(known)]
        if known.size:
            result[:, column] = np.quantile(known, tails)
    return result


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
