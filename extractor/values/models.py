"""The value objects, and how one phrase becomes one of them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema,
)  # fmt: skip

from extractor.errors import PhraseError
from extractor.values.lexicon import Bound
from extractor.values.lexing import Shape, shape
from extractor.values.periods import PERIOD, resolve
from extractor.values.quantities import QUANTITY, Reading, reading, whole_change

_DIGITS = 15


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("must be a number")
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > _DIGITS:
        raise ValueError(f"must be finite and have at most {_DIGITS} significant digits")
    return number


def _json(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(_json, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
At = Annotated[
    tuple[int, int] | None,
    Field(description="Where the phrase stands in the article: [start, end) in characters."),
]
Text = Annotated[str, Field(description="The phrase, as written in the article.")]
BoundField = Annotated[Bound, Field(description="Whether the value is exact, a limit or a range.")]
Flags = Annotated[
    tuple[Literal["ambiguous_unit"], ...],
    Field(description="ambiguous_unit: the translation broke the unit; what is left was read."),
]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(_Value):
    """An amount of money in the currency's base unit."""

    text: Text
    value: Annotated[Number, Field(description="The amount, or the lower end of a range.")]
    upper: Annotated[Number | None, Field(description="The upper end of a range, else null.")]
    currency: Annotated[str | None, Field(description="ISO 4217 code; null if none is named.")]
    bound: BoundField
    flags: Flags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase such as "over 60 million yuan".

        Raises:
            PhraseError: it names no amount, or more than one.
        """
        found = _quantity(text)
        if found is None or found.kind not in ("money", "count"):
            raise PhraseError(
                f"no currency amount in {text[:80]!r}: copy the number with its unit, "
                "such as '4.6 billion yuan'"
            )
        return cls.of(text, found)

    @classmethod
    def of(cls, text: str, found: Reading) -> Self:
        """Build from a reading."""
        return cls(text=text, value=_checked(found.value), upper=found.upper, currency=found.unit,
                   bound=found.bound, flags=_flags(found), at=None)  # fmt: skip


class Count(_Value):
    """A number of things."""

    text: Text
    value: Annotated[int, Field(description="The number, or the lower end of a range.")]
    upper: Annotated[int | None, Field(description="The upper end of a range, else null.")]
    bound: BoundField
    flags: Flags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase such as "more than 200".

        Raises:
            PhraseError: it states no whole number, or more than one.
        """
        found = _quantity(text)
        if found is None or found.kind != "count":
            raise PhraseError(f"no count in {text[:80]!r}: copy the number, such as 'more than 30'")
        return cls.of(text, found)

    @classmethod
    def of(cls, text: str, found: Reading) -> Self:
        """Build from a reading."""
        upper = None if found.upper is None else _whole(found.upper)
        return cls(text=text, value=_whole(found.value), upper=upper, bound=found.bound,
                   flags=_flags(found), at=None)  # fmt: skip


class Change(_Value):
    """By how much something changed; the sign is not in the value."""

    text: Text
    value: Annotated[Number, Field(description="The size, or the lower end of a range.")]
    upper: Annotated[Number | None, Field(description="The upper end of a range, else null.")]
    unit: Annotated[
        Literal["percent", "percentage_points", "times", "absolute"],
        Field(description="absolute: an amount in the indicator's own unit."),
    ]
    bound: BoundField
    flags: Flags
    at: At

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one phrase such as "15.3 percentage points" or "doubled".

        Raises:
            PhraseError: it states no change, or more than one.
        """
        found = _quantity(text)
        if found is None or (found.kind != "change" and not _MOVES.match(text)):
            raise PhraseError(
                f"no change in {text[:80]!r}: copy the number with its unit, such as '7.1%'"
            )
        if found.kind != "change":
            found = found._replace(unit="absolute")
        return cls.of(text, found)

    @classmethod
    def of(cls, text: str, found: Reading) -> Self:
        """Build from a reading."""
        return cls(text=text, value=_checked(found.value), upper=found.upper, unit=found.unit,
                   bound=found.bound, flags=_flags(found), at=None)  # fmt: skip


class Period(_Value):
    """A stretch of days, as a phrase says it and as it resolves against the article's date."""

    text: Text
    start: Annotated[date | None, Field(description="First day, null if open or unresolved.")]
    end: Annotated[date | None, Field(description="Last day, null if open or unresolved.")]
    flags: Annotated[
        tuple[Literal["year_from_date", "from_date", "runs_on", "carried"], ...],
        Field(description="What was taken from the article's date, or from elsewhere in it."),
    ]
    at: At

    @classmethod
    def parse(cls, text: str, on: date | None, *, planned: bool = False) -> Self:
        """Read one phrase such as "the first half of this year".

        Args:
            text: the phrase.
            on: the article's date.
            planned: whether the phrase dates something that is still to come.

        Raises:
            PhraseError: it names no period.
        """
        read = shape(text.strip())
        match = PERIOD.fullmatch(read.kinds)
        found = resolve(read, match, on, planned) if match else None
        if found is None:
            if not _LOOSE_PERIOD.search(read.folded):
                raise PhraseError(
                    f"no period in {text[:80]!r}: copy the phrase, such as 'January to April'"
                )
            return cls(text=text, start=None, end=None, flags=(), at=None)
        return cls(text=text, start=found.start, end=found.end, flags=found.flags, at=None)


_LEAD = re.compile(
    r"^(?:(?:a |an )?(?:total of|increase of|decrease of|decline of|growth of|drop of|rise of)|"
    r"(?:increased|decreased|rose|fell|grew|dropped|declined|up|down|rising|growing)(?: by)?|by|"
    r"reached|reaching|totaling|of|增长|下降|上升|同比增长|同比下降|达|达到|共|提高)\s*"
)
_MOVES = re.compile(
    r"\s*(?:an? )?(?:up|down|increase|decrease|rose|fell|grew|drop|decline|rise|增|减|降|升|提高)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s*(?:year[- ]on[- ]year|respectively|higher|lower)$")
_LOOSE_PERIOD = re.compile(r"\b(?:years?|months?|period|quarters?|days?|weeks?)\b|年|月|期|日")


def _quantity(text: str) -> Reading | None:
    phrase = text.strip()
    for _ in range(3):
        read = shape(phrase)
        if read.kinds == "D":
            return whole_change(" ".join(read.folded.split()))
        match = QUANTITY.fullmatch(read.kinds)
        if match:
            return reading(read, match)
        head = _LEAD.match(read.folded)
        if head:
            phrase = phrase[head.end() :]
        tail = _TAIL.search(phrase.lower())
        if tail:
            phrase = phrase[: tail.start()]
    return None


def _flags(found: Reading) -> tuple[Literal["ambiguous_unit"], ...]:
    return ("ambiguous_unit",) if found.ambiguous else ()


def _checked(value: Decimal) -> Decimal:
    if len(value.normalize().as_tuple().digits) > _DIGITS:
        raise PhraseError(f"{value} has more than {_DIGITS} significant digits")
    return value


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise PhraseError(f"{value} is no whole number: copy the count, such as 'more than 30'")
    return int(_checked(value))
