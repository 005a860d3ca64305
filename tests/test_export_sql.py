"""The questions in `examples/sql`, asked of a merged export."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor import Extraction
from tests.articles import count, fund
from tests.exports import exported, industry, loan, wucheng
from tests.outputs import extraction

FOLDER = Path(__file__).parent.parent / "examples" / "sql"


def answer(folder: Path, question: str, *extractions: Extraction) -> list[dict[str, Any]]:
    with exported(folder, *extractions, merge=True) as database:
        found = database.execute((FOLDER / f"{question}.sql").read_text(encoding="utf-8"))
        names = [name for name, *_ in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def giants(place: str, number: str, *, id_: str, part: str | None = None) -> Extraction:
    text = f"As of the end of June 2023, {place} has {number} little giants."
    own = {"category": "little giants", "designation": "little_giant", "level": "national",
           "region": place, "measure": "total", "period": "As of the end of June 2023",
           "part_of": None}  # fmt: skip
    drafts = [count(**own, count=number, evidence=text[:-1])]
    if part is not None:
        text = f"{text[:-1]}, including {part} in medicine."
        drafts = [
            count(**own, count=number, evidence=text[:-1]),
            count(**own | {"part_of": number}, count=part, evidence=text[:-1]),
        ]
    return extraction(text, id_=id_, counts=drafts)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sql")), ids=lambda path: path.stem)
def test_every_question_has_no_answer_in_an_empty_export(tmp_path: Path, path: Path) -> None:
    assert answer(tmp_path, path.stem) == []


def test_cities_that_grow_faster_than_their_province(tmp_path: Path) -> None:
    gap = "4.1 percentage points"
    text = (
        "From January to May, the added value of industries above designated size in Jixi City "
        f"was {gap} higher than the average of the province."
    )
    stated = industry("Jixi City", "5.5%", id_="x").records.growth_metrics[0].model_dump(
        include={"indicator", "subject", "status", "direction"}
    ) | {
        "amount": None, "change": gap, "basis": "versus_benchmark", "region": "Jixi City",
        "benchmark": "average of the province", "period": "From January to May",
        "evidence": text[:-1],
    }  # fmt: skip
    found = answer(
        tmp_path,
        "cities_faster_than_their_province",
        industry("Wuhan City", "7.5%", id_="a"),
        industry("Wuhan City", "7.5%", id_="b"),
        industry("Hubei Province", "5.5%", id_="c"),
        industry("Yichang City", "4.5%", id_="d"),
        industry("Hefei City", "9.5%", id_="e"),
        extraction(text, id_="f", growth=[stated]),
    )
    assert [
        (row["place_name"], row["points_above"], row["told"], row["sources"]) for row in found
    ] == [
        ("鸡西市", Decimal("4.1"), "gap stated", 1),
        ("武汉市", Decimal(2), "both rates stated", 2),
    ]


def test_money_counts_each_fact_once_and_no_part_of_a_total(tmp_path: Path) -> None:
    text = "Wuhan will grant 30.3 million yuan to mills."
    planned = fund(
        name="grant", amount="30.3 million yuan", provider=None, recipient="mills",
        region="Wuhan", status="planned", evidence=text[:-1],
    )  # fmt: skip
    found = answer(
        tmp_path,
        "money_promised_by_kind_and_month",
        wucheng("a"),
        wucheng("b"),
        loan("5.5 billion yuan", id_="c"),
        extraction(text, id_="d", funds=[planned], date="2023-07-30"),
        extraction(text.replace("30.3", "40.4"), id_="e", date="2023-08-01",
                   funds=[planned | {"amount": "40.4 million yuan",
                                     "evidence": text[:-1].replace("30.3", "40.4")}]),
    )  # fmt: skip
    assert [
        (str(row["month"]), row["kind"], row["promised"], row["given"], row["tellings"])
        for row in found
    ] == [
        ("2023-07-01", "grant", Decimal(30_300_000), Decimal(64_500_000), 3),
        ("2023-07-01", "loan", None, Decimal(5_500_000_000), 1),
        ("2023-08-01", "grant", Decimal(40_400_000), None, 1),
    ]


def test_little_giants_of_a_province_are_not_added_to_those_of_its_cities(tmp_path: Path) -> None:
    found = answer(
        tmp_path,
        "little_giants_by_province",
        giants("Hubei Province", "477", id_="a", part="55"),
        giants("Hubei Province", "477", id_="b"),
        giants("Wuhan City", "209", id_="c"),
        giants("Yichang City", "44", id_="d"),
        giants("Hefei City", "188", id_="e"),
    )
    assert [
        (row["province"], row["stated_by_province"], row["sum_over_cities"], row["cities"],
         row["tellings"], str(row["day"]))
        for row in found
    ] == [
        ("安徽省", None, 188, 1, 1, "2023-06-30"),
        ("湖北省", 477, 253, 2, 4, "2023-06-30"),
    ]  # fmt: skip
