"""Enterprise counts: how many enterprises."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from extractor.records.base import (
    Level,
    PartOf,
    PartOfId,
    PlaceCode,
    Record,
    RecordId,
    Region,
    Status,
    Text,
)
from extractor.records.faces import CountPhrase, PeriodPhrase, Quote


class EnterpriseCount(Record):
    """How many enterprises there are, were added, or were supported.

    Companies, enterprises, factories, market entities; not banks as providers,
    associations, projects, problems, people or events.
    """

    type: ClassVar[str] = "enterprise_count"
    key: ClassVar[str] = "enterprise_counts"
    named: ClassVar[str] = "category"
    number: ClassVar[str | None] = "count"
    worded: ClassVar[tuple[str, ...]] = ("category",)
    cited: ClassVar[tuple[str, ...]] = ("region", "part_of")

    record_id: RecordId
    category: Annotated[
        Text, Field(description="Which enterprises, as written, without the number.")
    ]
    designation: Annotated[
        Literal[
            "specialized_new",
            "little_giant",
            "single_champion",
            "innovative_sme",
            "high_tech",
            "tech_sme",
            "above_scale",
            "listed",
            "smart_factory",
            "green_factory",
            "other",
        ],
        Field(
            description="The official title, if it is one: specialized_new 专精特新; little_giant "
            "小巨人; single_champion 单项冠军; innovative_sme 创新型中小企业; high_tech "
            "高新技术企业; tech_sme 科技型中小企业; above_scale 规模以上; listed 上市; "
            "smart_factory 智能工厂; green_factory 绿色工厂."
        ),
    ]
    level: Annotated[Level | None, Field(description="The level of the designation.")]
    count: CountPhrase
    measure: Annotated[
        Literal["total", "added", "supported"],
        Field(
            description="total: how many there are; added: newly set up, recognised, attracted; "
            "supported: took part in, were served, financed, rewarded, recommended."
        ),
    ]
    part_of: PartOf
    region: Region
    period: PeriodPhrase | None
    status: Status
    evidence: Quote
    place: PlaceCode
    part_of_id: PartOfId
