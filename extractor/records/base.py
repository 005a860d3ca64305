"""What every record type shares: its common fields, its faces, its codes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError

from extractor.grounding import Evidence, Span
from extractor.records import checks, clauses, wording
from extractor.records.faces import Draft, Gold, PeriodPhrase, Quote, Reading
from extractor.records.places import Place, resolve
from extractor.values import Period

Status: TypeAlias = Annotated[
    Literal["actual", "planned"],
    Field(
        description="actual: it has happened or is in force; planned: a target, a forecast, an "
        "intention."
    ),
]
Level: TypeAlias = Annotated[
    Literal["national", "provincial", "municipal", "county", "park"],
    Field(description="The level of government."),
]
Text: TypeAlias = Annotated[str, Field(min_length=1)]
Region: TypeAlias = Annotated[
    Text | None,
    Field(
        description="The most specific place the fact is about, by the name the article uses.",
    ),
]

COMPUTED = ("record_id", "place", "indicator_code", "part_of_id", "recipient_count")
"""Fields that code computes; no model and no labeller ever writes them."""

RecordId: TypeAlias = Annotated[
    str,
    Field(
        description="16 hex digits: SHA-256 over article id, text hash, type and the place of the "
        "number phrase (of the name, for a policy). Equal in every run on the same text."
    ),
]
PlaceCode: TypeAlias = Annotated[
    Place | None,
    Field(description="The region as a division of GB/T 2260; null outside China."),
]
PartOf: TypeAlias = Annotated[
    Text | None,
    Field(description="The number phrase of the stated total that this is a stated part of."),
]
PartOfId: TypeAlias = Annotated[
    str | None,
    Field(description="The record that holds that total, if it is one of this article's."),
]


class Record(BaseModel):
    """One fact of an article.

    A subclass states its fields, the common ones last; `type` names it and `key` names the
    list that holds its records.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    if TYPE_CHECKING:  # each type declares these itself, in its own order
        record_id: RecordId
        region: Region
        period: PeriodPhrase | None
        status: Status
        evidence: Quote
        place: PlaceCode

    type: ClassVar[str]
    key: ClassVar[str]
    named: ClassVar[str]
    """The field that says what the fact is about."""
    number: ClassVar[str | None]
    """The field whose phrase identifies the record; None: its name does."""
    worded: ClassVar[tuple[str, ...]]
    """Text fields made of the evidence's own words."""
    cited: ClassVar[tuple[str, ...]]
    """Text fields that stand somewhere in the article."""

    @model_validator(mode="wrap")
    @classmethod
    def _read(
        cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        reading = info.context
        if not isinstance(reading, Draft | Gold) or not isinstance(data, dict):
            return handler(data)
        if computed := sorted(set(COMPUTED) & data.keys()):
            raise _as_error(
                [(field, "computed", "computed by code: leave it out") for field in computed],
                cls.__name__,
            )
        fields = {**data, **{name: "" if name == "record_id" else None for name in cls._computed()}}
        if isinstance(reading, Gold) and "evidence_start" in fields:
            fields["evidence"] = (fields.get("evidence"), fields.pop("evidence_start"))
        record = handler(fields)
        changes, problems = cls._ground(record, reading)
        if problems and isinstance(reading, Draft):
            raise _as_error(problems, cls.__name__)
        return record.model_copy(update=changes)

    @classmethod
    @cache  # one entry for each record type
    def _computed(cls) -> tuple[str, ...]:
        return tuple(name for name in COMPUTED if name in cls.model_fields)

    @classmethod
    def _ground(
        cls, record: Self, reading: Reading
    ) -> tuple[dict[str, Any], list[wording.Problem]]:
        """The fields that code computes, and whatever does not stand in the article."""
        values = dict(record)
        problems: list[wording.Problem] = []
        if reading.evidence == "sentences":
            values["evidence"] = clauses.narrowed(
                values, (*cls.worded, *cls.cited), reading.article.text
            )
            problems += clauses.length_problems(values["evidence"])
        changes, found = checks.place_quantities(values, reading)
        problems += found
        period: Period | None = values["period"]
        if period is not None:
            if isinstance(reading, Draft) and values["status"] == "planned":
                period = Period.parse(period.text, reading.article.date, planned=True)
            evidence: Evidence = values["evidence"]
            changes["period"], found = checks.place_period(
                period, values["status"], evidence.span, reading
            )
            problems += found
        problems += wording.words_problems(values, cls.worded, reading)
        problems += wording.cited_problems(values, cls.cited, reading)
        values |= changes
        changes["evidence"] = values["evidence"]
        changes["record_id"] = checks.record_id(cls.type, cls._identity(values, reading), reading)
        changes["place"] = resolve(values["region"], reading.divisions)
        return changes | cls._codes(values), problems

    @classmethod
    def _identity(cls, values: dict[str, Any], reading: Reading) -> Span:
        """The place of the phrase that identifies the record."""
        if cls.number is None:
            return checks.name_place(values[cls.named], values["evidence"].span, reading)
        return checks.number_place(values[cls.number], values["evidence"].span, reading)

    @classmethod
    def _codes(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Codes that one record type has, from its own fields."""
        return {}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Leave what code computes out of the schema of what a model writes."""
        schema = handler(core_schema)
        if handler.mode == "validation":
            own = handler.resolve_ref_schema(schema)
            for name in cls._computed():
                own.get("properties", {}).pop(name, None)
            if "required" in own:
                own["required"] = [n for n in own["required"] if n not in COMPUTED]
        return schema


def _as_error(problems: list[wording.Problem], title: str) -> ValidationError:
    """The problems as one validation error that names each field."""
    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(
                type=PydanticCustomError(code, "{reason}", {"reason": reason}),
                loc=(field,),
                input=None,
            )
            for field, code, reason in problems
        ],
        hide_input=True,
    )
