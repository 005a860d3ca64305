"""What an evaluation will cost, and what it could show, before any call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.pairing import POWER_QUANTILE
from extractor.prompting import estimated_tokens

F1 = 0.85
CORRELATION = 0.9
DESIGN = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """An evaluation that was not run.

    Attributes:
        articles: gold articles.
        records: their gold records.
        requests: calls, repairs aside; 0 for the built-in model.
        input_tokens: of the articles alone, estimated by characters (within a third of the
            truth; prompt and schema come on top).
        cost_usd: 0 for the built-in model; None where no price is known.
        detectable: the smallest drop in F1 that these articles would show with 80 % power at
            one-sided 5 %, in points, for an F1 of 0.85 and two runs that are as alike as
            after a change of prompt (correlation 0.9).
    """

    articles: int
    records: int
    requests: int
    input_tokens: int
    cost_usd: float | None
    detectable: float | None


def plan(gold: Sequence[GoldArticle], model: str, repeats: int) -> Plan:
    """Say what a run of `model` over `gold` takes."""
    records = sum(len(g.records) for g in gold)
    built_in = model == "rules"
    return Plan(
        articles=len(gold),
        records=records,
        requests=0 if built_in else len(gold) * repeats,
        input_tokens=0
        if built_in
        else repeats * sum(estimated_tokens(g.article.text) for g in gold),
        cost_usd=0.0 if built_in else None,
        detectable=detectable(records),
    )


def detectable(records: int) -> float | None:
    """The smallest drop that so many gold records show, in points; None without any."""
    if not records:
        return None
    error = DESIGN * math.sqrt(F1 * (1 - F1) / records)
    return 100 * POWER_QUANTILE * error * math.sqrt(2 * (1 - CORRELATION))
