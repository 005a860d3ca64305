"""The table of checks, and how an output goes through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from extractor.checking.across import elsewhere_at_power_of_ten, off_its_series
from extractor.checking.findings import Case, Finding, Flag
from extractor.checking.gaps import gap_disagrees
from extractor.checking.index import Index
from extractor.checking.within import (
    growth_above_1000,
    part_above_total,
    parts_above_total,
    period_after_article,
)
from extractor.results import Extraction


class Check(NamedTuple):
    """A check: its name, what it flags, and the function that does."""

    name: str
    meaning: str
    function: Callable[[Case], Iterator[Flag]]


CHECKS = (
    Check("part_above_total", "a part is more than the total it is part of", part_above_total),
    Check("parts_above_total", "the parts add to more than their total", parts_above_total),
    Check("gap_disagrees", "a gap is not the difference of both stated rates", gap_disagrees),
    Check("growth_above_1000", "growth above 1,000 %, not in words", growth_above_1000),
    Check(
        "period_after_article", "an actual fact is dated after its article", period_after_article
    ),
    Check(
        "elsewhere_at_power_of_ten",
        "another article states the fact at 10ⁿ times the number",
        elsewhere_at_power_of_ten,
    ),
    Check("off_its_series", "a value is about 10ⁿ times its own series", off_its_series),
)


def check(extractions: Iterable[Extraction], checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Flag what may be wrong in an output, article by article.

    Args:
        extractions: one of each article; gone through twice, so no iterator. In memory stays
            the `Index` of the numbers, some 400 bytes for each.
        checks: which checks to make.

    Raises:
        TypeError: `extractions` can be gone through only once.
    """
    if isinstance(extractions, Iterator):
        raise TypeError("extractions are gone through twice: give a list, not an iterator")
    index = Index(extractions)
    for extraction in extractions:
        for own in checks:
            for flag in own.function(Case(extraction, index)):
                yield Finding(
                    check=own.name,
                    id=extraction.id,
                    type=flag.record.type,
                    record_id=flag.record.record_id,
                    field=flag.field,
                    message=flag.message,
                    quote=flag.record.evidence.quote,
                )
