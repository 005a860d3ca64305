from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from extractor.values import Change, Count, Money, Period

KINDS = (Money, Count, Change, Period)
MONEY: dict[str, Any] = {
    "text": "0.1 yuan", "value": 0.1, "upper": None, "currency": "CNY", "bound": "exact",
    "flags": [], "at": None,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_schema_requires_and_describes_every_field(kind: Any, mode: Any) -> None:
    schema = kind.model_json_schema(mode=mode)
    assert schema["required"] == list(kind.model_fields)
    assert schema["additionalProperties"] is False
    assert all(field.get("description") for field in schema["properties"].values())


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_amounts_are_json_numbers_in_the_schema(mode: Any) -> None:
    properties = Money.model_json_schema(mode=mode)["properties"]
    assert properties["value"]["type"] == "number"
    assert {"type": "number"} in properties["upper"]["anyOf"]


def test_integral_amounts_are_written_as_integers() -> None:
    assert json.loads(Money.parse("4.64 billion yuan").model_dump_json())["value"] == 4640000000
    assert '"value":4640000000,' in Money.parse("4.64 billion yuan").model_dump_json()
    assert '"value":7.1,' in Change.parse("7.1%").model_dump_json()


@pytest.mark.parametrize(
    "number", ["28117200", "0.1", "123456789.012345", "1E-7", "99999999999999.9"]
)
def test_json_numbers_validate_back_to_the_exact_decimal(number: str) -> None:
    money = Money.model_validate(MONEY | {"value": Decimal(number)})
    again = Money.model_validate_json(money.model_dump_json())
    assert again == money
    assert again.value == Decimal(number)


@pytest.mark.parametrize(
    "value", ["12", True, None, float("nan"), float("inf"), 1234567890.1234567]
)
def test_amount_that_is_no_exact_json_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate(MONEY | {"value": value})


def test_extra_and_missing_keys_are_refused() -> None:
    with pytest.raises(ValidationError):
        Money.model_validate(MONEY | {"unit": "yuan"})
    with pytest.raises(ValidationError):
        Money.model_validate({key: MONEY[key] for key in MONEY if key != "at"})


@pytest.mark.parametrize("field", ["value", "currency", "text"])
def test_values_are_immutable_and_hashable(field: str) -> None:
    money = Money.parse("5 yuan")
    with pytest.raises(ValidationError):
        setattr(money, field, Decimal(6))
    assert hash(money) == hash(Money.parse("5 yuan"))


def test_dates_are_iso_strings_in_json() -> None:
    period = Period.parse("January to April", date(2023, 7, 3))
    assert json.loads(period.model_dump_json()) == {
        "text": "January to April",
        "start": "2023-01-01",
        "end": "2023-04-30",
        "flags": ["year_from_date"],
        "at": None,
    }
