"""Growth metrics: how an indicator changed."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from extractor.records import checks, wording
from extractor.records.base import PlaceCode, Record, RecordId, Region, Status, Text
from extractor.records.faces import AmountPhrase, ChangePhrase, PeriodPhrase, Quote, Reading
from extractor.records.indicators import indicator_code


class GrowthMetric(Record):
    """How an indicator changed.

    One record per stated change, a gap to another place's figure included; not levels,
    shares of a total, completion or satisfaction rates, rankings.
    """

    type: ClassVar[str] = "growth_metric"
    key: ClassVar[str] = "growth_metrics"
    named: ClassVar[str] = "indicator"
    number: ClassVar[str | None] = "change"
    worded: ClassVar[tuple[str, ...]] = ("indicator", "subject")
    cited: ClassVar[tuple[str, ...]] = ("region", "benchmark")

    record_id: RecordId
    indicator: Annotated[
        Text | None,
        Field(
            description="What is measured, as written, with its statistical universe, without "
            "region, period and subject; null where the text names only the subject."
        ),
    ]
    subject: Annotated[
        Text | None,
        Field(
            description="The sector, product, ownership group or company that the figure is "
            "about, when it is not the whole economy of the region."
        ),
    ]
    amount: Annotated[
        AmountPhrase | None,
        Field(
            description="The level of the same indicator at the same period that the same "
            "sentence states."
        ),
    ]
    direction: Annotated[
        Literal["increase", "decrease", "flat"],
        Field(description="For a comparison, increase means above the benchmark."),
    ]
    change: ChangePhrase
    basis: Annotated[
        Literal[
            "year_on_year", "period_on_period", "multi_year", "versus_benchmark", "unspecified"
        ],
        Field(
            description="period_on_period: month-on-month, quarter-on-quarter; multi_year: over "
            "several years; versus_benchmark: a gap to another place's figure or to an average."
        ),
    ]
    benchmark: Annotated[
        Text | None,
        Field(description="What it is compared with, for versus_benchmark, as written."),
    ]
    region: Region
    period: PeriodPhrase | None
    status: Status
    evidence: Quote
    place: PlaceCode
    indicator_code: Annotated[
        str | None, Field(description="The statistical series, by the table of indicators.")
    ]

    @classmethod
    def _ground(
        cls, record: Self, reading: Reading
    ) -> tuple[dict[str, Any], list[wording.Problem]]:
        changes, problems = super()._ground(record, reading)
        if checks.is_negative(record.change.text) and record.direction != "decrease":
            problems.append(("direction", "sign", "a change with a minus sign is a decrease"))
        if record.indicator is None and record.subject is None:
            problems.append(
                ("indicator", "unnamed", "say what changed: the indicator, its subject, or both")
            )
        return changes, problems

    @classmethod
    def _codes(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {"indicator_code": indicator_code(values["indicator"], values["subject"])}
