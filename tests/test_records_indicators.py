import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.records.gazetteer import read_table
from extractor.records.indicators import SLOT, _codes, _expand, indicator_code, normalise

ABOVE_SCALE = "value_added_industry_above_scale"
UNITS = {
    "yuan", "percent", "index", "count", "person", "kwh", "tonne", "tonne_km", "square_metre",
    "teu",
}  # fmt: skip


@pytest.mark.parametrize(
    "wording",
    [
        "the added value of the regulated industry",
        "added value of industries above designated size",
        "added value of industrial enterprises above the designated size",
        "above-scale industrial added value",
        "industrial added value above the scale",
        "large-scale industrial added value",
        "value added of industry above scale",
        "value-added of above-scale industries",
        "regulated industrial added value",
        "the added value of industries in regulations",
        "Regulated industries’ added value",
        "added value of industrial enterprises above a certain size",
        "规上工业增加值",
        "规模以上工业增加值",
        "规模以上工业企业增加值",
        "全市规上工业增加值增速",
    ],
)
def test_renderings_of_above_scale_industry_are_one_series(wording: str) -> None:
    assert indicator_code(wording) == ABOVE_SCALE


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("GDP", "gdp"),
        ("gross domestic product (GDP)", "gdp"),
        ("the city’s GDP", "gdp"),
        ("GDP of the province", "gdp"),
        ("地区生产总值", "gdp"),
        ("value added of the tertiary industry", "value_added_tertiary_industry"),
        ("total industrial output value", "output_value_industry"),
        ("规上工业产值", "output_value_industry_above_scale"),
        ("fixed-asset investment", "fixed_asset_investment"),
        ("growth rate of fixed assets investment", "fixed_asset_investment"),
        ("industrial investment", "industrial_investment"),
        ("工业技改投资", "technical_transformation_investment"),
        ("“social consumer goods retail sales”", "retail_sales"),
        ("社会消费品零售总额", "retail_sales"),
        ("total import and export volume", "imports_and_exports"),
        ("foreign trade", "imports_and_exports"),
        ("exports", "exports"),
        ("imports", "imports"),
        ("actual utilization of foreign capital", "actual_use_of_foreign_capital"),
        ("total profits of industrial enterprises above designated size", "industrial_profit"),
        ("规模以上工业企业实现利润总额", "industrial_profit"),
        ("general public budget revenue", "general_public_budget_revenue"),
        ("tax revenues", "tax_revenue"),
        ("per capita disposable income of rural residents", "disposable_income_per_capita_rural"),
        ("consumer price index", "cpi"),
        ("manufacturing purchasing managers’ index", "pmi_manufacturing"),
        ("industrial electricity consumption", "electricity_consumption_industry"),
        ("balance of loans", "loans_balance"),
        ("普惠小微贷款余额", "loans_balance_inclusive_small_micro"),
        ("R&D spending", "rd_spending"),
        ("research and development expenditure", "rd_spending"),
        ("turnover of technology contracts", "technology_contract_turnover"),
        ("ＧＤＰ", "gdp"),
    ],
)
def test_wording_leads_to_its_series(wording: str, code: str) -> None:
    assert indicator_code(wording) == code


@pytest.mark.parametrize(
    "wording",
    [
        None,
        "",
        "added value",
        "增加值",
        "main economic indicators",
        "revenue",
        "sales",
        "output value",
        "profit",
        "industrial growth rate",
        "added value of leading industries",
        "exports of photovoltaic modules",
        "GDP deflator",
    ],
)
def test_wording_that_leaves_the_series_open_has_no_code(wording: str | None) -> None:
    assert indicator_code(wording) is None


def test_industry_without_the_universe_is_not_the_above_scale_series() -> None:
    assert indicator_code("industrial added value") == "value_added_industry"


@pytest.mark.parametrize(
    ("indicator", "subject", "code"),
    [
        ("added value", "industries above designated size", ABOVE_SCALE),
        ("增加值", "规模以上工业", ABOVE_SCALE),
        ("investment", "manufacturing", "manufacturing_investment"),
        ("electricity consumption", "industry", "electricity_consumption_industry"),
        ("exports", "services", "exports_services"),
    ],
)
def test_subject_may_complete_the_series(indicator: str, subject: str, code: str) -> None:
    assert indicator_code(indicator, subject) == code


def test_subject_that_is_in_no_series_leaves_the_indicators_code() -> None:
    assert indicator_code("exports", "electric buses") == "exports"
    assert indicator_code("added value", "leading industries") is None


def test_subject_alone_has_no_code() -> None:
    assert indicator_code(None, "industries above designated size") is None


@given(st.text(max_size=60), st.text(max_size=30) | st.none())
def test_any_wording_gets_a_listed_code_or_none(indicator: str, subject: str | None) -> None:
    codes = {row[0] for row in read_table("indicators.tsv")}
    assert indicator_code(indicator, subject) in codes | {None}


def test_table_of_series_is_well_formed() -> None:
    rows = list(read_table("indicators.tsv"))
    assert len({row[0] for row in rows}) == len(rows) >= 60
    for code, english, chinese, unit in rows:
        assert re.fullmatch("[a-z][a-z0-9_]+", code)
        assert english
        assert re.search("[\u4e00-\u9fff]", chinese)
        assert unit in UNITS
        assert indicator_code(english) == code
        assert indicator_code(chinese) == code


def test_every_spelling_is_normal_and_leads_to_its_code() -> None:
    codes = {row[0] for row in read_table("indicators.tsv")}
    for spelling, code in read_table("indicator_spellings.tsv"):
        assert code in codes
        for text in _expand(spelling):
            assert normalise(text) == " ".join(text.split())
            assert indicator_code(text) == code


def test_no_spelling_leads_to_two_codes() -> None:
    meant: dict[str, set[str]] = {}
    for code, *names, _ in read_table("indicators.tsv"):
        for name in names:
            meant.setdefault(normalise(name), set()).add(code)
    for spelling, code in read_table("indicator_spellings.tsv"):
        for text in _expand(spelling):
            meant.setdefault(" ".join(text.split()), set()).add(code)
    assert {text: codes for text, codes in meant.items() if len(codes) > 1} == {}
    assert meant.keys() == _codes().keys()


def test_every_slot_has_wordings_and_is_used() -> None:
    listed = {slot for slot, _ in read_table("indicator_words.tsv")}
    used = {
        slot
        for row in (*read_table("indicator_spellings.tsv"), *read_table("indicator_words.tsv"))
        for slot in SLOT.findall(row[0]) + SLOT.findall(row[1])
    }
    assert listed == used


@pytest.mark.parametrize(
    "table", ["indicator_spellings.tsv", "indicator_words.tsv", "indicator_synonyms.tsv"]
)
def test_no_row_is_listed_twice(table: str) -> None:
    rows = Counter(tuple(row) for row in read_table(table))
    assert [row for row, times in rows.items() if times > 1] == []


def test_no_synonym_stands_for_another_synonym() -> None:
    synonyms = dict(read_table("indicator_synonyms.tsv"))
    assert not synonyms.keys() & set(synonyms.values())
