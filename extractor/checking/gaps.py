"""Gaps between growth rates against the rates themselves, where an article states all three."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extractor.checking.findings import Case, Flag
from extractor.grounding.locate import fold
from extractor.records import GrowthMetric
from extractor.values import Change

_NATION = re.compile(r"\bnation|\bcountry|\bchina|全国|中国|国家")
_PROVINCE = re.compile(r"provinc|全省|省")
_LEVEL_WORD = re.compile(r"\s*(?:city|province|county|district|prefecture|[省市县区州])$")
_DECIMALS = re.compile(r"\d\.(\d+)")
_SIGNS = {"increase": 1, "decrease": -1, "flat": 0}


def gap_disagrees(case: Case) -> Iterator[Flag]:
    """Gaps in percentage points that no pair of the rates they compare gives.

    Compared are exact numbers of one indicator, subject, period and status. The rates are
    rounded, so a gap may be off by one unit of the last digit.
    """
    metrics = case.extraction.records.growth_metrics
    rates = [m for m in metrics if _is_exact(m, "percent") and m.basis != "versus_benchmark"]
    for gap in metrics:
        if gap.benchmark is None or not _is_exact(gap, "percentage_points"):
            continue
        own = [rate for rate in rates if _is_alike(rate, gap) and _is_in(rate, gap)]
        others = [
            rate
            for rate in rates
            if _is_alike(rate, gap) and not _is_in(rate, gap) and _is_of(rate, gap.benchmark)
        ]
        if own and others and not _agree(gap, own, others):
            yield Flag(
                gap,
                "change",
                f"a gap of {gap.change.text!r}, but the rates are {own[0].change.text!r} and "
                f"{others[0].change.text!r}",
            )


def _is_exact(metric: GrowthMetric, unit: str) -> bool:
    return metric.change.unit == unit and metric.change.bound == "exact"


def _is_alike(rate: GrowthMetric, gap: GrowthMetric) -> bool:
    """Whether two metrics are of one indicator, subject, period and status."""
    return _identity(rate) == _identity(gap)


def _identity(metric: GrowthMetric) -> tuple[object, ...]:
    period = metric.period
    return (
        metric.indicator_code or fold(metric.indicator or ""),
        fold(metric.subject or ""),
        period and (period.start, period.end),
        metric.status,
    )


def _is_in(rate: GrowthMetric, gap: GrowthMetric) -> bool:
    """Whether a rate is of the region that the gap is about."""
    codes = [metric.place.code for metric in (rate, gap) if metric.place and metric.place.code]
    if len(codes) == 2:
        return codes[0] == codes[1]
    return fold(rate.region or "") == fold(gap.region or "")


def _is_of(rate: GrowthMetric, benchmark: str) -> bool:
    """Whether a rate is that of a benchmark: "the provincial average", 全国."""
    wanted, region = fold(benchmark), fold(rate.region or "")
    if _NATION.search(wanted):
        return not region or bool(_NATION.search(region))
    name = _LEVEL_WORD.sub("", region)
    if name and name in wanted:
        return True
    is_province = bool(rate.place and rate.place.level == "province")
    return is_province and bool(_PROVINCE.search(wanted))


def _agree(gap: GrowthMetric, own: Sequence[GrowthMetric], others: Sequence[GrowthMetric]) -> bool:
    return any(
        abs(_signed(one) - _signed(other) - _signed(gap))
        <= max(_last_digit(metric.change) for metric in (gap, one, other))
        for one in own
        for other in others
    )


def _signed(metric: GrowthMetric) -> Decimal:
    return metric.change.value * _SIGNS[metric.direction]


def _last_digit(change: Change) -> Decimal:
    """The value of one unit of a number's last digit, by the phrase: a value drops its zeros."""
    decimals = _DECIMALS.search(change.text)
    return Decimal(1).scaleb(-len(decimals[1]) if decimals else 0)
