"""Policies: named or counted public policies."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from extractor.records.base import Level, PlaceCode, Record, RecordId, Region, Status, Text
from extractor.records.faces import CountPhrase, PeriodPhrase, Quote


class Policy(Record):
    """A named or counted public policy.

    What has a name or a number; not unspecific effort, slogans, awards, meetings, fairs or
    single company projects.
    """

    type: ClassVar[str] = "policy"
    key: ClassVar[str] = "policies"
    named: ClassVar[str] = "name"
    number: ClassVar[str | None] = None
    worded: ClassVar[tuple[str, ...]] = ("name",)
    cited: ClassVar[tuple[str, ...]] = ("region", "issuer")

    record_id: RecordId
    name: Annotated[
        Text,
        Field(
            description="The policy's title or definite descriptive name, as written, without "
            '"the" and quotation marks; a counted set with its number.'
        ),
    ]
    kind: Annotated[
        Literal["measure", "plan", "programme", "regulation", "mechanism"],
        Field(
            description="measure: policies, measures, incentives; plan: plans, strategies, "
            "outlines; programme: campaigns, actions, initiatives, pilot or cultivation "
            "programmes; regulation: rules, laws, regulations, standards, evaluation methods; "
            "mechanism: named standing systems, platforms, procedures."
        ),
    ]
    issuer: Annotated[
        Text | None, Field(description="The body said to have issued it or to run it, as written.")
    ]
    level: Annotated[Level | None, Field(description="The level of the policy itself.")]
    measure_count: Annotated[
        CountPhrase | None,
        Field(description="How many policies or measures the set has, never batches."),
    ]
    region: Region
    period: PeriodPhrase | None
    status: Status
    evidence: Quote
    place: PlaceCode
