"""Checks within one article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from extractor.checking.findings import Case, Flag
from extractor.checking.numbers import are_comparable, limits, parse_like
from extractor.records import EnterpriseCount, Fund
from extractor.values import Count, Money

_MOST_GROWTH = 1000
_PER_CENT = re.compile(r"[%％‰]|per\s?cent|pct|百分之", re.IGNORECASE)

Part: TypeAlias = Fund | EnterpriseCount


def part_above_total(case: Case) -> Iterator[Flag]:
    """Parts that are more than the total they are said to be part of."""
    for parts in _lists(case):
        by_id = {part.record_id: part for part in parts}
        for part in parts:
            number, total = _number(part), _total(part, by_id)
            if total and are_comparable(number, total) and _is_above(number, total):
                field = part.number or ""
                yield Flag(part, field, f"the part {number.text!r} is above {total.text!r}")


def parts_above_total(case: Case) -> Iterator[Flag]:
    """Totals whose parts, none of them above the total, add to more than it.

    Enterprises may have several titles, so only parts of one designation are added.
    """
    for parts in _lists(case):
        by_id = {part.record_id: part for part in parts}
        for total_id, group in _groups(parts):
            total = by_id.get(total_id)
            if total is None or not _add_to_more(group, _number(total)):
                continue
            texts = ", ".join(repr(_number(part).text) for part in group)
            message = f"the parts {texts} add to more than {_number(total).text!r}"
            yield Flag(total, total.number or "", message)


def growth_above_1000(case: Case) -> Iterator[Flag]:
    """Growth above 1,000 per cent that the text gives in per cent, not as "-fold" or "times"."""
    for record in case.extraction.records.growth_metrics:
        change = record.change
        is_large = change.unit == "percent" and change.value > _MOST_GROWTH
        if is_large and _PER_CENT.search(change.text):
            yield Flag(record, "change", f"{change.text!r} is above {_MOST_GROWTH:,} %")


def period_after_article(case: Case) -> Iterator[Flag]:
    """What is said to have happened in a period that begins after the article's date."""
    date = case.extraction.article.date
    for record in case.extraction.records.all():
        period = record.period
        day = period and (period.start or period.end)
        if date and period and day and record.status == "actual" and day > date:
            yield Flag(record, "period", f"{period.text!r} ({day}) is after the article ({date})")


def _lists(case: Case) -> tuple[Sequence[Part], ...]:
    return case.extraction.records.funds, case.extraction.records.enterprise_counts


def _number(part: Part) -> Money | Count:
    return part.amount if isinstance(part, Fund) else part.count


def _total(part: Part, by_id: dict[str, Part]) -> Money | Count | None:
    """The number of the total: of its record, else as `part_of` words it."""
    if part.part_of_id in by_id:
        return _number(by_id[part.part_of_id])
    return parse_like(_number(part), part.part_of) if part.part_of else None


def _groups(parts: Sequence[Part]) -> Iterator[tuple[str, list[Part]]]:
    """Parts of one total that can be added, with the total's id."""
    groups: dict[tuple[str, str, str | None], list[Part]] = defaultdict(list)
    for part in parts:
        if part.part_of_id is not None:
            designation = part.designation if isinstance(part, EnterpriseCount) else None
            groups[part.part_of_id, part.status, designation].append(part)
    for (total_id, _, _), group in groups.items():
        yield total_id, group


def _add_to_more(group: Sequence[Part], total: Money | Count) -> bool:
    numbers = [_number(part) for part in group]
    if len(numbers) < 2 or any(
        not are_comparable(number, total) or _is_above(number, total) for number in numbers
    ):
        return False
    return sum((limits(number).low for number in numbers), Decimal(0)) > limits(total).high


def _is_above(number: Money | Count, total: Money | Count) -> bool:
    return limits(number).low > limits(total).high
