"""The difference between two runs on the same articles: interval and p-values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from extractor.evaluation.statistics import (
    RESAMPLES,
    SEED,
    SMALL,
    Floats,
    influence,
    ratios,
    resampled,
    standard_errors,
    t_quantile,
)

POWER_QUANTILE = 1.6449 + 0.8416
"""z of a one-sided test at 5 % plus z of 80 % power."""

_CHUNK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A ratio of the candidate minus the same ratio of the base; shares, not points.

    Attributes:
        base: the base's value.
        candidate: the candidate's value.
        delta: candidate minus base.
        standard_error: of delta, by clusters.
        interval95: 95 % interval of delta.
        interval90: 90 % interval of delta: each end is a one-sided 95 % bound.
        p: two-sided p-value of the paired randomisation test.
        p_worse: one-sided p-value of the candidate being worse.
        clusters: resampling units.
        small: fewer than 30 clusters: the intervals are linear approximations.
    """

    base: float
    candidate: float
    delta: float
    standard_error: float
    interval95: tuple[float, float]
    interval90: tuple[float, float]
    p: float
    p_worse: float
    clusters: int
    small: bool

    @property
    def detectable(self) -> float:
        """The smallest drop that these articles show with 80 % power at one-sided 5 %."""
        return POWER_QUANTILE * self.standard_error

    def needed(self, drop: float) -> int:
        """How many clusters would show a drop of this size with 80 % power."""
        return int(np.ceil(self.clusters * (self.detectable / drop) ** 2))


def difference(
    base: Floats, candidate: Floats, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Difference | None:
    """Compare one ratio of two runs.

    The bootstrap gives both runs the same weights; under 30 clusters the interval is
    linearised. The p-values swap the two runs' sums cluster by cluster.

    Args:
        base: numerator and denominator by cluster, shape (clusters, 2).
        candidate: the same for the other run, clusters in the same order.
        resamples: draws of the bootstrap and of the randomisation.
        seed: of both.

    Returns:
        None where a ratio has no value (0/0) or there are fewer than two clusters.
    """
    clusters = base.shape[0]
    values = ratios(*np.stack([base.sum(axis=0), candidate.sum(axis=0)], axis=1))
    if clusters < 2 or np.isnan(values).any():
        return None
    delta = float(values[1] - values[0])
    moved = _influence(candidate) - _influence(base)
    error = float(standard_errors(moved)[0])
    small = clusters < SMALL
    if small:
        widths = [t_quantile(clusters, level) * error for level in (0.95, 0.90)]
        ends = [(delta - width, delta + width) for width in widths]
    else:
        draws = np.concatenate(list(_drawn_deltas(base, candidate, resamples, seed)))
        quantiles = np.nanquantile(draws, [0.025, 0.975, 0.05, 0.95])
        ends = [(float(a), float(b)) for a, b in (quantiles[:2], quantiles[2:])]
    p, p_worse = _p_values(base, candidate, delta, resamples, seed)
    return Difference(
        base=float(values[0]),
        candidate=float(values[1]),
        delta=delta,
        standard_error=error,
        interval95=ends[0],
        interval90=ends[1],
        p=p,
        p_worse=p_worse,
        clusters=clusters,
        small=small,
    )


def _influence(sums: Floats) -> Floats:
    return influence(sums[:, :1], sums[:, 1:])


def _drawn_deltas(base: Floats, candidate: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    both = np.concatenate([base, candidate], axis=1)
    for draws in resampled(base.shape[0], resamples, seed):
        sums = draws @ both
        yield ratios(sums[:, 2], sums[:, 3]) - ratios(sums[:, 0], sums[:, 1])


def _p_values(
    base: Floats, candidate: Floats, delta: float, resamples: int, seed: int
) -> tuple[float, float]:
    """Two-sided and one-sided p of the paired randomisation test.

    Clusters on which the runs agree are left out of the swapping: it does nothing there.
    """
    moved = candidate - base
    differing = moved[np.any(moved != 0, axis=1)]
    if not len(differing):
        return 1.0, 1.0
    generator = np.random.default_rng(seed + 1)
    before, after = base.sum(axis=0), candidate.sum(axis=0)
    step = max(1, _CHUNK_CELLS // len(differing))
    larger = lower = 0
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        swaps = generator.integers(0, 2, (rows, len(differing)), dtype=np.int8)
        shift = swaps.astype(np.float64) @ differing
        a, b = before + shift, after - shift
        drawn = ratios(b[:, 0], b[:, 1]) - ratios(a[:, 0], a[:, 1])
        # A swap that changes nothing must count as a tie whatever the rounding.
        larger += int((np.abs(drawn) >= abs(delta) - 1e-12).sum())
        lower += int((drawn <= delta + 1e-12).sum())
    return (1 + larger) / (resamples + 1), (1 + lower) / (resamples + 1)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """P-values adjusted for their number by Holm's step-down method."""
    adjusted: dict[str, float] = {}
    worst = 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for rank, (name, p) in enumerate(ordered):
        worst = max(worst, min(1.0, (len(ordered) - rank) * p))
        adjusted[name] = worst
    return {name: adjusted[name] for name in p_values}
