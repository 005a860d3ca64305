"""Funds: amounts of money provided, raised, forgone, lent or invested."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from extractor.records import checks
from extractor.records.base import (
    PartOf,
    PartOfId,
    PlaceCode,
    Record,
    RecordId,
    Region,
    Status,
    Text,
)
from extractor.records.faces import MoneyPhrase, PeriodPhrase, Quote
from extractor.values import Count


class Fund(Record):
    """An amount of money that is provided, raised, forgone, lent or invested.

    One record per stated amount; not output, sales, profit, trade, contract turnover, unit
    prices, fines or sums without a number.
    """

    type: ClassVar[str] = "fund"
    key: ClassVar[str] = "funds"
    named: ClassVar[str] = "name"
    number: ClassVar[str | None] = "amount"
    worded: ClassVar[tuple[str, ...]] = ("name",)
    cited: ClassVar[tuple[str, ...]] = ("region", "provider", "recipient", "part_of")

    record_id: RecordId
    name: Annotated[Text, Field(description="What the money is, as written, without the number.")]
    kind: Annotated[
        Literal[
            "grant",
            "tax_relief",
            "loan",
            "guarantee",
            "government_fund",
            "bond",
            "transfer",
            "budget",
            "investment",
            "settlement",
            "other",
        ],
        Field(
            description="grant: subsidies, rewards, special funds given to enterprises; "
            "tax_relief: taxes and fees cut, refunded or deferred; loan: loans, credit, financing "
            "contracts; guarantee: guarantees and risk-compensation pools; government_fund: "
            "guidance, industrial and development funds; bond: bonds; transfer: money obtained "
            "from higher authorities; budget: public spending; investment: invested or signed "
            "project investment; settlement: arrears and debts cleared."
        ),
    ]
    amount: MoneyPhrase
    provider: Annotated[Text | None, Field(description="Who gives the money, as written.")]
    recipient: Annotated[Text | None, Field(description="Who gets the money, as written.")]
    part_of: PartOf
    region: Region
    period: PeriodPhrase | None
    status: Status
    evidence: Quote
    place: PlaceCode
    part_of_id: PartOfId
    recipient_count: Annotated[
        Count | None, Field(description='The number in `recipient` ("53 enterprises"), if any.')
    ]

    @classmethod
    def _codes(cls, values: dict[str, Any]) -> dict[str, Any]:
        recipient = values["recipient"]
        return {"recipient_count": checks.only_count(recipient) if recipient else None}
