"""The value objects: what a phrase of an article states, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from extractor.errors import PhraseError
from extractor.values import parsing
from extractor.values.calendar import PeriodFlag
from extractor.values.quantities import Reading
from extractor.values.quantity_words import Bound

# What a JSON number keeps for certain.
SIGNIFICANT_DIGITS = 15
_LARGEST_EXPONENT = 20


def _is_kept(value: Decimal) -> bool:
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        return False
    # What is short when written out has few digits; only the rest are counted.
    return len(str(value)) <= SIGNIFICANT_DIGITS or (
        len(value.normalize().as_tuple().digits) <= SIGNIFICANT_DIGITS
    )


def _exact(value: Any) -> Decimal:
    """A JSON number, as the decimal that it is written as."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number")
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not _is_kept(number):
        raise ValueError(f"must be finite, with at most {SIGNIFICANT_DIGITS} significant digits")
    return number


def _json(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_exact),
    PlainSerializer(_json, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
Phrase = Annotated[str, Field(description="The phrase, verbatim from the article.")]
Upper = Annotated[
    Number | None, Field(description="The upper end of a range; null unless bound is range.")
]
BoundOf = Annotated[
    Bound,
    Field(
        description="How the value limits the truth: exact; at_least (over, more than, 超); "
        "at_most (up to, less than, 不超过); about (nearly, about, 近, 约); range (to upper)."
    ),
]
QuantityFlags = Annotated[
    tuple[Literal["ambiguous_unit"], ...],
    Field(
        description="ambiguous_unit: the translation left a second unit word behind "
        "(2 billion 100 million); it was skipped, not multiplied."
    ),
]
At = Annotated[
    tuple[int, int] | None,
    Field(
        description="Start and end of the phrase in the article's text, in characters, the end "
        "excluded; null if the phrase is composed or was parsed without an article."
    ),
]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Phrase


class Money(_Value):
    """An amount of money."""

    value: Annotated[
        Number,
        Field(
            description="The amount in the currency's base unit (yuan, dollars), or the lower "
            "end of a range."
        ),
    ]
    upper: Upper
    currency: Annotated[
        str | None, Field(description="ISO 4217 code, such as CNY; null if none is named.")
    ]
    bound: BoundOf
    flags: QuantityFlags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase, such as "over 60 million yuan".

        Raises:
            PhraseError: it states no amount, more than one, or one of more than 15 digits.
        """
        reading = parsing.quantity(text, "money")
        if reading is None or reading.kind not in ("money", "count"):
            raise _refusal("currency amount", text, "4.6 billion yuan")
        return cls.of(text, reading)

    @classmethod
    def of(cls, text: str, reading: Reading) -> Self:
        """Give a reading its class.

        Raises:
            PhraseError: the number has more than 15 significant digits.
        """
        value, upper = _numbers(text, reading)
        return cls(text=text, value=value, upper=upper, currency=reading.unit,
                   bound=reading.bound, flags=_flags(reading), at=None)  # fmt: skip


class Count(_Value):
    """A whole number of things."""

    value: Annotated[int, Field(description="The number, or the lower end of a range.")]
    upper: Annotated[
        int | None, Field(description="The upper end of a range; null unless bound is range.")
    ]
    bound: BoundOf
    flags: QuantityFlags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase, such as "more than 200" or 5.6万户.

        Raises:
            PhraseError: it states no whole number, more than one, or one of more than 15
                digits.
        """
        reading = parsing.quantity(text, "count")
        if reading is None or reading.kind != "count":
            raise _refusal("count", text, "more than 200")
        return cls.of(text, reading)

    @classmethod
    def of(cls, text: str, reading: Reading) -> Self:
        """Give a reading its class.

        Raises:
            PhraseError: the number is not whole, or has more than 15 significant digits.
        """
        value, upper = _numbers(text, reading)
        if value % 1 or (upper is not None and upper % 1):
            raise _refusal("whole number", text, "more than 200")
        return cls(text=text, value=int(value), upper=None if upper is None else int(upper),
                   bound=reading.bound, flags=_flags(reading), at=None)  # fmt: skip


class Change(_Value):
    """By how much something changed, or differs; without a sign."""

    value: Annotated[Number, Field(description="The size, or the lower end of a range.")]
    upper: Upper
    unit: Annotated[
        Literal["percent", "percentage_points", "times", "absolute"],
        Field(
            description="Of value: percent (doubled is 100); percentage_points; times (increased "
            "40 times is 40); absolute (an amount, such as 3.2 billion yuan)."
        ),
    ]
    bound: BoundOf
    flags: QuantityFlags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase, such as "15.3 percentage points", "doubled" or 增长1.7倍.

        Raises:
            PhraseError: it states no change, more than one, a level ("rose to 5%"), or a
                number of more than 15 digits.
        """
        reading = parsing.change(text)
        if reading is None:
            raise _refusal("change", text, "7.1%")
        return cls.of(text, reading)

    @classmethod
    def of(cls, text: str, reading: Reading) -> Self:
        """Give a reading its class; one that is no change by itself becomes absolute.

        Raises:
            PhraseError: the number has more than 15 significant digits.
        """
        value, upper = _numbers(text, reading)
        unit: Any = reading.unit if reading.kind == "change" else "absolute"
        return cls(text=text, value=value, upper=upper, unit=unit,
                   bound=reading.bound, flags=_flags(reading), at=None)  # fmt: skip


class Period(_Value):
    """A stretch of days, resolved against the date of the article."""

    start: Annotated[
        date | None, Field(description="The first day; null if open, or not to be resolved.")
    ]
    end: Annotated[
        date | None, Field(description="The last day, included; null if open or unresolved.")
    ]
    flags: Annotated[
        tuple[PeriodFlag, ...],
        Field(
            description="year_from_date: the phrase names no year; from_date: a bound is the "
            "article's own date; runs_on: the period of an actual fact ends after that date; "
            "carried: the phrase stands outside the evidence."
        ),
    ]
    at: At

    @classmethod
    def parse(cls, text: str, on: date | None, *, planned: bool = False) -> Self:
        """Read one phrase, such as "the first half of this year" or 截至5月底.

        Args:
            text: the phrase.
            on: the date of its article; without it only a phrase with a year resolves.
            planned: whether the phrase dates something to come, so that without a year it is
                the first such period that ends on or after `on`.

        Raises:
            PhraseError: it is no period.
        """
        days = parsing.period(text, on, planned)
        if days is None:
            raise _refusal("period", text, "January to April")
        return cls(text=text, at=None, **days._asdict())


def _refusal(what: str, text: str, example: str) -> PhraseError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return PhraseError(
        f"no {what} in {shown!r}: copy one number with its unit, such as {example!r}"
        if what != "period"
        else f"no period in {shown!r}: copy the words that say when, such as {example!r}"
    )


def _numbers(text: str, reading: Reading) -> tuple[Decimal, Decimal | None]:
    if not (_is_kept(reading.value) and (reading.upper is None or _is_kept(reading.upper))):
        raise PhraseError(
            f"the number in {text[:60]!r} has more than {SIGNIFICANT_DIGITS} significant digits, "
            "which a JSON number does not keep: copy the number as the article states it"
        )
    return reading.value, reading.upper


def _flags(reading: Reading) -> tuple[Literal["ambiguous_unit"], ...]:
    return ("ambiguous_unit",) if reading.ambiguous else ()
