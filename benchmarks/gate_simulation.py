"""How often the gate is wrong: seeded simulations of two runs on 100 articles.

    python benchmarks/gate_simulation.py [--seeds 400] [--articles 100]

Every article has 5 gold records. Each has two correlated normal variables, one for each run,
that decide whether the run gets it right; a record that a run gets wrong is a false negative
and a false positive, so that F1 is the share that is right: the noisiest case, since errors
of one kind only move F1 half as much. Records of one article are correlated (0.2): articles
differ in difficulty.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
from scipy.special import ndtri

from extractor.evaluation.gate import ALPHA, MARGIN
from extractor.evaluation.pairing import Difference, difference
from extractor.evaluation.statistics import Floats

RECORDS = 5
WITHIN_ARTICLE = 0.2


def simulate(
    articles: int, f1: float, drop: float, correlation: float, seed: int
) -> tuple[Floats, Floats]:
    """Numerator and denominator of F1 by article for two runs, each of shape (articles, 2)."""
    generator = np.random.default_rng(seed)
    owner = np.repeat(np.arange(articles), RECORDS)
    shared = _correlated(generator, articles, correlation)[owner]
    own = _correlated(generator, len(owner), correlation)
    skill = np.sqrt(WITHIN_ARTICLE) * shared + np.sqrt(1 - WITHIN_ARTICLE) * own
    runs = []
    for column, wanted in enumerate((f1, f1 - drop)):
        right = np.bincount(owner, skill[:, column] < ndtri(wanted), articles)
        runs.append(np.stack([2 * right, np.full(articles, 2.0 * RECORDS)], axis=1))
    return runs[0], runs[1]


def _correlated(generator: np.random.Generator, rows: int, correlation: float) -> Floats:
    first = generator.standard_normal(rows)
    second = correlation * first + np.sqrt(1 - correlation**2) * generator.standard_normal(rows)
    return np.stack([first, second], axis=1)


def verdict(found: Difference | None) -> str:
    """The gate's verdict on a difference."""
    if found is None:
        return "cannot tell"
    if found.interval90[0] > -MARGIN:
        return "pass"
    return "fail" if found.interval90[1] < 0 and found.p_worse < ALPHA else "cannot tell"


def table(seeds: int, articles: int, f1: float, correlation: float) -> str:
    """Verdicts by true drop, as a Markdown table."""
    lines = ["| true drop (points) | pass | fail | cannot tell |", "|---|---|---|---|"]
    for drop in (0.0, 0.02, 0.05):
        counts = Counter(
            verdict(difference(*simulate(articles, f1, drop, correlation, seed)))
            for seed in range(seeds)
        )
        shown = " | ".join(str(counts[name]) for name in ("pass", "fail", "cannot tell"))
        lines.append(f"| {100 * drop:g} | {shown} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--f1", type=float, default=0.85)
    parser.add_argument("--correlation", type=float, default=0.9)
    chosen = parser.parse_args()
    print(table(chosen.seeds, chosen.articles, chosen.f1, chosen.correlation))


if __name__ == "__main__":
    main()
