"""What a run did, counted as it goes; what is poor in it, and the option that mends it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from extractor.results import NO_USAGE, Extraction, Failure, Usage


@dataclass
class Counts:
    """What is counted of outcomes: of one article, or of many."""

    articles: int = 0
    failed: int = 0
    undated: int = 0
    with_period: int = 0
    with_place: int = 0
    with_indicator: int = 0
    audited: int = 0
    usage: Usage = NO_USAGE
    records: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, outcome: Extraction | Failure) -> Counts:
        """Those of one outcome."""
        counts = cls(
            articles=1,
            failed=isinstance(outcome, Failure),
            undated=outcome.article.date is None,
            usage=outcome.usage,
        )
        if outcome.provenance.served_model is not None:
            counts.served[outcome.provenance.served_model] = 1
        if isinstance(outcome, Failure):
            counts.failures[outcome.error.type] = 1
            return counts
        counts.audited = len(outcome.audit or ())
        for rejected in outcome.rejected:
            counts.rejected.update({error.code for error in rejected.errors})
        for key, found in outcome.records.by_type():
            counts.records[key] = len(found)
        for record in outcome.records.all():
            values = vars(record)
            counts.with_period += _resolved(values["period"])
            counts.with_place += bool(record.place and record.place.code)
            counts.with_indicator += values.get("indicator_code") is not None
            for value in values.values():
                counts.flags.update(getattr(value, "flags", ()))
        return counts

    def add(self, counts: Counts) -> None:
        """Add those of other articles."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(counts, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(counts, name))


_COUNTERS = tuple(each.name for each in fields(Counts) if each.default_factory is Counter)
_NUMBERS = tuple(each.name for each in fields(Counts) if each.default_factory is not Counter)


@dataclass
class Summary(Counts):
    """Totals of a run."""

    done_before: int = 0
    failed_before: int = 0
    invalid: int = 0
    repeated: int = 0
    unknown_dates: int = 0
    interrupted: bool = False
    _started: float = field(default_factory=time.perf_counter)

    @property
    def ok(self) -> bool:
        """Whether every line became a result."""
        return not (self.failed or self.failed_before or self.invalid or self.interrupted)

    def as_dict(self) -> dict[str, Any]:
        """The summary for machines."""
        seconds = time.perf_counter() - self._started
        total = sum(self.records.values())
        growth = self.records["growth_metrics"]
        return {
            "articles": self.articles,
            "failed": self.failed,
            "failures": dict(self.failures.most_common()),
            "done_before": self.done_before,
            "failed_before": self.failed_before,
            "invalid_lines": self.invalid,
            "repeated_lines": self.repeated,
            "records": dict(self.records),
            "rejected": dict(self.rejected.most_common()),
            "audited_figures": self.audited,
            "served_models": dict(self.served.most_common()),
            "usage": self.usage.model_dump(),
            "seconds": round(seconds, 3),
            "articles_per_second": round(self.articles / seconds, 1) if seconds else None,
            "interrupted": self.interrupted,
            "quality": {
                "articles_without_date": self.undated,
                "dates_in_unknown_notation": self.unknown_dates,
                "records_with_period": _share(self.with_period, total),
                "records_with_place_code": _share(self.with_place, total),
                "growth_with_indicator_code": _share(self.with_indicator, growth),
                "flags": dict(self.flags.most_common()),
            },
        }


def _resolved(period: Any) -> bool:
    return period is not None and (period.start is not None or period.end is not None)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
