from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from extractor.comparing import COMPARATORS, Comparison, comparable, compare, fold
from extractor.records import RECORD_TYPES, Record
from extractor.records.base import COMPUTED
from tests.scored import any_record, count, fund, growth, policy, quantity, year


def compared(gold: Record, predicted: Record) -> Comparison:
    return compare(comparable(gold), comparable(predicted))


def score(gold: Record, predicted: Record, field: str) -> float | None:
    fields = [row.field for row in COMPARATORS[gold.type]]
    return compared(gold, predicted).scores[fields.index(field)]


def test_every_field_of_every_type_has_a_row_and_nothing_else_has() -> None:
    for record_type in RECORD_TYPES:
        rows = [row.field for row in COMPARATORS[record_type.type]]
        plain = [name for name in rows if "." not in name]
        assert set(plain) == set(record_type.model_fields) - set(COMPUTED)
        assert len(rows) == len(set(rows))
        bound = [] if record_type.number is None else [f"{record_type.number}.bound"]
        assert [name for name in rows if "." in name] == bound


def test_weights_are_those_of_the_published_table() -> None:
    weights = {t: {row.field: row.weight for row in rows} for t, rows in COMPARATORS.items()}
    assert weights["policy"]["name"] == 3
    assert weights["fund"]["name"] == weights["enterprise_count"]["category"] == 2
    assert weights["growth_metric"] == {
        "change": 4, "change.bound": 0.5, "direction": 1, "indicator": 2, "subject": 1,
        "amount": 1, "basis": 1, "benchmark": 0.5, "region": 2, "period": 2, "status": 1,
        "evidence": 1,
    }  # fmt: skip


@given(any_record)
def test_a_record_equals_itself(record: Record) -> None:
    found = compared(record, record)
    assert found.similarity == 1
    assert found.admissible
    assert found.usable
    assert found.strict


def test_null_on_both_sides_is_neutral() -> None:
    assert score(fund(), fund(), "provider") is None
    assert compared(fund(period=None), fund(period=None)).strict


@pytest.mark.parametrize("missing", ["gold", "predicted"])
def test_null_on_one_side_is_zero_with_full_weight(missing: str) -> None:
    with_, without = fund(), fund(period=None)
    pair = (without, with_) if missing == "gold" else (with_, without)
    found = compared(*pair)
    weights = sum(row.weight for row in COMPARATORS["fund"]) - 1  # provider, part_of: null
    assert score(*pair, "period") == 0
    assert found.similarity == pytest.approx(1 - 2 / weights)
    assert not found.usable


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        (fund(100), fund(101)),
        (fund(100), fund(100, currency="USD")),
        (fund(100), fund(100, currency=None)),
        (fund(100), fund(100, amount={"upper": 200, "bound": "range"})),
        (growth(3), growth(3, unit="percentage_points")),
        (growth(3), growth(3, direction="decrease")),
        (count(100), count(101)),
    ],
)
def test_another_number_unit_currency_or_direction_is_inadmissible(
    gold: Record, predicted: Record
) -> None:
    assert not compared(gold, predicted).admissible


def test_numbers_agree_up_to_one_part_in_a_billion() -> None:
    assert score(fund(1_000_000_000), fund(1_000_000_000.5), "amount") == 1
    assert score(fund(1_000_000_000), fund(1_000_000_002), "amount") == 0


def test_the_level_of_a_growth_metric_tells_money_from_counts() -> None:
    money = growth(amount=quantity(5, currency="CNY"))
    assert score(money, growth(amount=quantity(5)), "amount") == 0
    assert score(money, growth(amount=quantity(5, currency="CNY", bound="about")), "amount") == 1


def test_a_wrong_bound_costs_strictness_but_no_usability() -> None:
    found = compared(fund(), fund(amount={"bound": "about"}))
    assert found.usable
    assert not found.strict


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“Ten  Measures”", "ten measures"),
        ("《十条措施》", "十条措施"),
        ("ＧＤＰ\nGrowth", "gdp growth"),
    ],
)
def test_folding_drops_what_quoting_changes(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_names_in_another_order_are_close_and_others_are_nothing() -> None:
    assert score(fund(), fund(name="subsidies stabilisation"), "name") == 1
    assert score(fund(), fund(name="xyz"), "name") == 0


def test_a_record_about_something_else_is_inadmissible_whatever_its_number() -> None:
    assert not compared(fund(), fund(name="xyz")).admissible
    assert not compared(growth(), growth(indicator="xyz")).admissible


def test_a_growth_metric_needs_its_indicator_or_its_subject() -> None:
    gold = growth(subject="steel")
    assert compared(gold, growth(subject="steel", indicator=None)).admissible
    assert not compared(gold, growth(subject="xyz", indicator=None)).admissible
    nameless = growth(indicator=None)
    assert not compared(nameless, nameless).admissible


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("Jilin", "Jilin City", 1),
        ("Jilin Province", "Jilin", 1),
        ("Jilin City", "Jilin Province", 0),
        ("City of Jilin", "jilin city", 1),
        ("Yanbian Autonomous Prefecture", "Yanbian", 1),
        ("吉林市", "吉林", 1),
        ("吉林市", "吉林省", 0),
        ("Jilin", "Changchun", 0),
        ("Fenghe High-tech Zone", "Fenghe", 0),
        (None, "Jilin", 0),
    ],
)
def test_regions_are_equal_up_to_one_level_word(
    gold: str | None, predicted: str | None, expected: float
) -> None:
    assert score(fund(region=gold), fund(region=predicted), "region") == expected
    assert score(fund(region=predicted), fund(region=gold), "region") == expected


def test_each_end_of_a_period_counts_half() -> None:
    half = {**(year(2023) or {}), "start": "2022-01-01"}
    assert score(fund(), fund(period=half), "period") == 0.5
    assert not compared(fund(), fund(period=half)).usable


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("18.3 billion yuan", "18.3 billion", 1),
        ("1,200", "1200", 1),
        ("18.3 billion yuan", "18 billion yuan", 0),
        ("fifteen", "fifteen firms", 1),
        ("fifteen", "sixteen", 0),
    ],
)
def test_part_of_has_the_same_digits(gold: str, predicted: str, expected: float) -> None:
    assert score(fund(part_of=gold), fund(part_of=predicted), "part_of") == expected


def test_evidence_is_weighed_and_never_judged() -> None:
    found = compared(fund(at=0), fund(at=30))
    assert found.overlap == pytest.approx(30 / 90)
    assert found.strict
    assert found.similarity < 1


@pytest.mark.parametrize("field", ["kind", "issuer", "level"])
def test_details_cost_strictness_only(field: str) -> None:
    other: dict[str, Any] = {"kind": "plan", "issuer": "xyz", "level": "county"}
    found = compared(policy(), policy(**{field: other[field]}))
    assert found.usable
    assert not found.strict


@given(any_record, any_record)
def test_strict_is_usable_and_usable_is_admissible(gold: Record, predicted: Record) -> None:
    if gold.type == predicted.type:
        found = compared(gold, predicted)
        assert found.strict <= found.usable <= found.admissible
        assert 0 <= found.similarity <= 1
