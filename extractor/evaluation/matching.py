"""Which prediction stands for which gold record: one to one, within an article and a type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from extractor.comparing import Comparable, Comparison, compare, could_pair

_EVIDENCE_WEIGHT = 0.001
# Pairs of equal weight may differ in usability: without this the order of records would decide.
_TIE_WEIGHT = 1e-9


class Pair(NamedTuple):
    """A gold record and the prediction that stands for it, by their places in the lists."""

    gold: int
    predicted: int
    comparison: Comparison


class Matching(NamedTuple):
    """The outcome for the records of one type in one article.

    Attributes:
        pairs: the pairs that were chosen, by place of the gold record.
        admissible: every admissible pair, chosen or not.
    """

    pairs: list[Pair]
    admissible: list[Pair]


def match(
    gold: Sequence[Comparable],
    predicted: Sequence[Comparable],
    optional: frozenset[int] = frozenset(),
) -> Matching:
    """Choose pairs by the assignment that has the most strict ones, then the most similar.

    The weight of an admissible pair is ``s + K·strict + 0.001·IoU(evidence)`` with
    ``K = min(n, m) + 1``; among equally good choices the one with most usable pairs is taken.
    The assignment is always the optimal one, however many records there are. Optional gold records
    get what the required ones leave, so that they never take a required record's prediction.

    Args:
        gold: n records of one type.
        predicted: m records of the same type.
        optional: places of gold records that are neither missed nor spurious.
    """
    admissible = [
        Pair(i, j, comparison)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if could_pair(g, p) and (comparison := compare(g, p)).admissible
    ]
    bonus = min(len(gold), len(predicted)) + 1
    pairs = _assign([pair for pair in admissible if pair.gold not in optional], bonus)
    if optional:
        taken = {pair.predicted for pair in pairs}
        left = [p for p in admissible if p.gold in optional and p.predicted not in taken]
        pairs += _assign(left, bonus)
    return Matching(sorted(pairs), admissible)


def _assign(candidates: Sequence[Pair], bonus: int) -> list[Pair]:
    """The best one-to-one choice among admissible pairs."""
    rows = {gold: i for i, gold in enumerate(sorted({pair.gold for pair in candidates}))}
    columns = {p: j for j, p in enumerate(sorted({pair.predicted for pair in candidates}))}
    if len(rows) == len(candidates) == len(columns):
        return list(candidates)  # nobody competes
    weights = np.zeros((len(rows), len(columns)))
    cells: dict[tuple[int, int], Pair] = {}
    for pair in candidates:
        cell = rows[pair.gold], columns[pair.predicted]
        cells[cell] = pair
        found = pair.comparison
        weights[cell] = (
            found.similarity
            + bonus * found.strict
            + _EVIDENCE_WEIGHT * found.overlap
            + _TIE_WEIGHT * found.usable
        )
    chosen = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return [cells[cell] for i, j in chosen if (cell := (int(i), int(j))) in cells]
