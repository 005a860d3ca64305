from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor import Extraction
from extractor.comparing import compare
from extractor.export.merging import block_of, merged, told
from extractor.records import Fund, Record
from tests.articles import count, growth, policy
from tests.exports import exported, industry, loan, rows, wucheng
from tests.outputs import extraction


def facts(*extractions: Extraction) -> int:
    """How many facts the articles tell together."""
    blocks: dict[object, list[Any]] = {}
    records = [(own, record) for own in extractions for record in own.records.all()]
    for row, (own, record) in enumerate(records):
        block, _ = block_of(record)
        key = block if block is not None else f"alone {row}"
        blocks.setdefault(key, []).append(told(row, own.id, record))
    found = [fact for block in blocks.values() for fact in merged(block)]
    assert sum(len(fact.told) for fact in found) == len(records)
    return len(found)


def champions(number: str, category: str, *, id_: str, **changes: Any) -> Extraction:
    text = f"Wuhan has {number} {category} in 2022."
    drafted = count(
        count=number, category=category, region="Wuhan", period="in 2022", part_of=None,
        measure="total", evidence=text[:-1], **changes,
    )  # fmt: skip
    return extraction(text, id_=id_, counts=[drafted])


def plan(name: str, *, id_: str, place: str = "Hubei") -> Extraction:
    text = f"{place} has issued the {name} for its firms."
    drafted = policy(
        name=name, kind="plan", issuer=place, region=place, measure_count=None, evidence=text[:-1]
    )
    return extraction(text, id_=id_, policies=[drafted])


def test_a_fact_that_two_articles_tell_is_one_row_with_both_sources(tmp_path: Path) -> None:
    one, two = (loan("5.5 billion yuan", id_=id_) for id_ in "ab")
    with exported(tmp_path, two, one, merge=True) as database:
        found = database.execute(
            "SELECT fact_id, article_id, sources, source_record_ids, conflicts FROM funds"
        ).fetchall()
        sources = database.execute(
            "SELECT fact_id, record_id, article_id, quote FROM sources ORDER BY article_id"
        ).fetchall()
    first, second = (own.records.funds[0] for own in (one, two))
    ids = [first.record_id, second.record_id]
    assert found == [(first.record_id, "a", 2, ids, [])]
    assert sources == [
        (first.record_id, first.record_id, "a", first.evidence.quote),
        (first.record_id, second.record_id, "b", second.evidence.quote),
    ]


def test_the_earliest_article_speaks_for_a_fact(tmp_path: Path) -> None:
    late = industry("Wuhan", "5.5%", id_="a")
    about = late.article.model_copy(update={"date": None})
    undated = industry("Wuhan", "5.5%", id_="0").model_copy(update={"article": about})
    query = "SELECT article_id, sources FROM growth_metrics"
    assert rows(exported(tmp_path, undated, late, merge=True), query) == [("a", 2)]


def test_a_detail_on_which_sources_differ_is_a_conflict_and_is_kept(tmp_path: Path) -> None:
    one = loan("5.5 billion yuan", id_="a", bank="Banks")
    two = loan("5.5 billion yuan", id_="b", bank="Insurers", kind="other")
    with exported(tmp_path, one, two, merge=True) as database:
        ((kind, provider, conflicts),) = database.execute(
            "SELECT kind, provider, conflicts FROM funds"
        ).fetchall()
        told_so = database.execute(
            "SELECT field, value, article_id FROM conflicts ORDER BY ALL"
        ).fetchall()
    assert (kind, provider, conflicts) == ("loan", "Banks", ["kind", "provider"])
    assert told_so == [
        ("kind", "loan", "a"), ("kind", "other", "b"),
        ("provider", "Banks", "a"), ("provider", "Insurers", "b"),
    ]  # fmt: skip


def test_what_only_one_source_says_is_no_conflict(tmp_path: Path) -> None:
    one = loan("5.5 billion yuan", id_="a")
    two = loan("5.5 billion yuan", id_="b", provider=None, recipient=None)
    query = "SELECT sources, conflicts FROM funds"
    assert rows(exported(tmp_path, one, two, merge=True), query) == [(2, [])]


def test_a_bound_that_differs_is_a_conflict(tmp_path: Path) -> None:
    one, two = loan("5.5 billion yuan", id_="a"), loan("over 5.5 billion yuan", id_="b")
    query = "SELECT field, value FROM conflicts ORDER BY value"
    assert rows(exported(tmp_path, one, two, merge=True), query) == [
        ("amount.bound", "at_least"),
        ("amount.bound", "exact"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"change": "5.6%"},
        {"direction": "decrease"},
        {"place": "Hefei"},
        {"period": "From January to June"},
        {"status": "planned"},
        {"basis": "unspecified"},
        {"indicator": "added value of industries in Wuhan", "subject": "above designated size"},
    ],
)
def test_facts_that_differ_in_a_number_place_time_or_kind_stay_apart(
    changes: dict[str, Any],
) -> None:
    one = industry("Wuhan", "5.5%", id_="a")
    assert facts(one, industry("Wuhan", "5.5%", id_="b")) == 1
    assert facts(one, industry(**{"place": "Wuhan", "change": "5.5%", "id_": "b", **changes})) == 2


def test_a_code_stands_for_the_words_of_an_indicator() -> None:
    one = industry("Wuhan", "5.5%", id_="a")
    text = "From January to May, industrial value added above scale of Wuhan rose 5.5% year-on-year"
    other = growth(
        indicator="industrial value added above scale", region="Wuhan", change="5.5%", evidence=text
    )
    two = extraction(text, id_="b", growth=[other])
    codes = {own.records.growth_metrics[0].indicator_code for own in (one, two)}
    assert codes == {"value_added_industry_above_scale"}
    assert facts(one, two) == 1


def test_one_place_in_two_languages_is_one_place() -> None:
    one = industry("Wuhan City", "5.5%", id_="a")
    text = "1-5月，武汉市规模以上工业增加值比上年同期上升5.5%。"
    other = growth(
        indicator="规模以上工业增加值", region="武汉市", change="5.5%", period="1-5月",
        evidence=text[:-1],
    )  # fmt: skip
    assert facts(one, extraction(text, id_="b", growth=[other])) == 1


def test_a_park_is_not_merged_with_another_of_its_city() -> None:
    one = industry("Wuhan East Lake Development Zone", "5.5%", id_="a")
    two = industry("Wuhan Economic Development Zone", "5.5%", id_="b")
    assert facts(one, two) == 2


def test_titles_of_two_levels_are_two_facts() -> None:
    own = {"designation": "little_giant"}
    one = champions("33", "little giants", id_="a", level="national", **own)
    assert facts(one, champions("33", "little giants", id_="b", level=None, **own)) == 1
    assert facts(one, champions("33", "little giants", id_="b", level="provincial", **own)) == 2


def test_two_titles_with_one_number_are_two_facts() -> None:
    one = champions("33", "innovative enterprises", id_="a", designation="innovative_sme")
    two = champions("33", "innovative enterprises", id_="b", designation="high_tech")
    assert facts(one, two) == 2


def test_records_of_one_article_are_never_merged(tmp_path: Path) -> None:
    text = "Banks of Wuhan lent 5.5 billion yuan in 2022 and again 5.5 billion yuan in 2022."
    drafts = [
        loan("5.5 billion yuan", id_="x").records.funds[0].model_dump(include={"kind", "region"})
        | {
            "name": "lent", "amount": "5.5 billion yuan", "provider": None, "recipient": None,
            "part_of": None, "period": "in 2022", "status": "actual", "evidence": evidence,
        }
        for evidence in (text[:40], text)
    ]  # fmt: skip
    own = [extraction(text, id_=id_, funds=drafts) for id_ in "ab"]
    query = "SELECT article_id, sources FROM funds"
    assert rows(exported(tmp_path, *own, merge=True), query) == [("a", 2), ("a", 2)]


def test_a_number_without_a_place_says_too_little() -> None:
    texts = ("Sales of Acme rose 5.5% in 2022.", "Sales of Bolt rose 5.5% in 2022.")
    own = [
        extraction(
            text, id_=text,
            growth=[growth(indicator="Sales", region=None, change="5.5%", period="in 2022",
                           evidence=text[:-1])],
        )
        for text in texts
    ]  # fmt: skip
    assert facts(*own) == 2


@pytest.mark.parametrize(("number", "expected"), [("3", 2), ("30", 2), ("33", 1), ("330", 1)])
def test_a_number_of_one_digit_without_a_period_says_too_little(number: str, expected: int) -> None:
    text = f"Wuhan has {number} smart factories."
    drafted = count(
        count=number, category="smart factories", designation="smart_factory", region="Wuhan",
        part_of=None, level=None, measure="total", evidence=text[:-1],
    )  # fmt: skip
    assert facts(*(extraction(text, id_=id_, counts=[drafted]) for id_ in "ab")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Action Plan for Digital Industry", 1),
        ("Action Plan for the Digital Industries", 1),
        ("Action Plan for Rural Tourism and Food", 2),
    ],
)
def test_policies_are_merged_by_name_and_place(name: str, expected: int) -> None:
    one = plan("Action Plan for Digital Industry", id_="a")
    assert facts(one, plan(name, id_="b")) == expected
    assert facts(one, plan(name, id_="b", place="Hunan")) == 2


def test_names_with_other_numerals_are_other_facts() -> None:
    one = plan("14th Five-Year Plan for Industry", id_="a")
    assert facts(one, plan("13th Five-Year Plan for Industry", id_="b")) == 2


def test_a_part_stays_a_part_and_names_the_fact_of_its_total(tmp_path: Path) -> None:
    database = exported(tmp_path, wucheng("a"), wucheng("b"), merge=True)
    with database:
        found = database.execute(
            "SELECT amount, sources, part_of_fact_id IS NULL FROM funds ORDER BY amount"
        ).fetchall()
        (total,) = database.execute(
            "SELECT sum(amount) FROM funds WHERE part_of_fact_id IS NULL"
        ).fetchone() or (None,)
        ((linked,),) = database.execute(
            "SELECT count(*) FROM funds part JOIN funds total ON total.fact_id = "
            "part.part_of_fact_id"
        ).fetchall()
    assert found == [(Decimal(20_500_000), 2, False), (Decimal(64_500_000), 2, True)]
    assert (total, linked) == (Decimal(64_500_000), 1)


def test_a_fact_is_a_part_if_any_of_its_sources_says_so(tmp_path: Path) -> None:
    text = "The city arranged special funds of 20.5 million yuan for 12 little giants."
    alone = wucheng("x").records.funds[1].model_dump(include={"name", "kind", "provider"}) | {
        "amount": "20.5 million yuan", "recipient": "12 little giants", "part_of": None,
        "region": "Wucheng City", "period": None, "status": "actual", "evidence": text,
    }  # fmt: skip
    other = extraction(f"Wucheng City. {text}", id_="a", funds=[alone])
    query = "SELECT sources, part_of_fact_id IS NOT NULL FROM funds WHERE amount < 5e7"
    assert rows(exported(tmp_path, wucheng("b"), other, merge=True), query) == [(2, True)]


def test_sources_and_conflicts_are_those_of_the_facts_that_were_kept(tmp_path: Path) -> None:
    own = [
        loan(f"{n}.5 billion yuan", id_=f"{n}{bank}", bank=bank)
        for n in (3, 4)
        for bank in ("Banks", "Insurers")
    ]
    with exported(tmp_path, *own, merge=True, types=(Fund,), where="amount > 4e9") as database:
        for table, expected in (("funds", 1), ("sources", 2), ("conflicts", 2)):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (expected,)


def test_the_order_of_the_output_does_not_change_the_facts(tmp_path: Path) -> None:
    banks = ("Banks", "Insurers", "Funds", "Leasers")
    own = [loan("5.5 billion yuan", id_=bank[::-1], bank=bank) for bank in banks]
    query = "SELECT fact_id, source_record_ids FROM funds"
    assert rows(exported(tmp_path, *own, merge=True), query) == rows(
        exported(tmp_path, *own[::-1], merge=True), query
    )


def test_work_in_a_block_grows_with_its_records(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counted(*pair: Any) -> Any:
        nonlocal compared
        compared += 1
        return compare(*pair)

    monkeypatch.setattr("extractor.export.merging.compare", counted)
    base = loan("5.5 billion yuan", id_="a").records.funds[0]

    def block(size: int) -> list[Record]:
        return [base.model_copy(update={"name": chr(0x4E00 + i) * 3}) for i in range(size)]

    counts = []
    for size in (200, 400):
        compared = 0
        merged(told(i, str(i), record) for i, record in enumerate(block(size)))
        counts.append(compared)
    assert counts[1] <= 2.5 * counts[0]
