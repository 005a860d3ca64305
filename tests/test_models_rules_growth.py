"""Growth metrics by rules: on invented sentences, English and Chinese."""

from __future__ import annotations

from typing import Any

import pytest

from extractor import extract
from extractor.records import GrowthMetric

DATE = "2023-07-20"


def growth(text: str, title: str = "Hebi City: how its industry fares") -> list[GrowthMetric]:
    article = {"title": title, "date": DATE, "text": text}
    return extract(article, types=[GrowthMetric]).records.growth_metrics


def one(text: str) -> GrowthMetric:
    (record,) = growth(text)
    return record


def brief(text: str) -> list[tuple[Any, ...]]:
    return [(r.indicator, r.subject, r.direction, r.change.text) for r in growth(text)]


def test_a_plain_statement_gives_every_field() -> None:
    record = one("In the first half, the city's industrial added value rose 6.2% year-on-year.")
    assert record.indicator == "industrial added value"
    assert (record.direction, str(record.change.value)) == ("increase", "6.2")
    assert record.basis == "year_on_year"
    assert record.region == "Hebi City"
    assert record.period is not None
    assert record.period.text == "In the first half"
    assert record.status == "actual"


def test_the_level_in_the_same_sentence_is_the_amount() -> None:
    record = one("In June, retail sales reached 12.5 billion yuan, up 4% year-on-year.")
    assert record.amount is not None
    assert record.amount.text == "12.5 billion yuan"


def test_respectively_pairs_names_and_changes_in_order() -> None:
    text = (
        "From January to May, exports, retail sales and tax revenue rose by 1%, 2% and 3% "
        "respectively."
    )
    assert brief(text) == [
        ("exports", None, "increase", "1%"),
        ("retail sales", None, "increase", "2%"),
        ("tax revenue", None, "increase", "3%"),
    ]


def test_a_list_with_more_changes_than_names_gives_nothing() -> None:
    assert growth("Exports and retail sales rose by 1%, 2% and 3% respectively.") == []


def test_two_gaps_share_their_unit_and_have_their_own_benchmarks() -> None:
    text = (
        "In the first half, fixed asset investment grew 9.3%, 4.1 and 2.6 percentage points "
        "higher than the country and the province respectively."
    )
    gaps = [r for r in growth(text) if r.basis == "versus_benchmark"]
    assert [(r.benchmark, r.change.text) for r in gaps] == [
        ("country", "4.1 percentage points"),
        ("province", "2.6 percentage points"),
    ]


def test_surpassing_a_benchmark_by_points_is_a_gap() -> None:
    text = (
        "The added value of industry rose 8%, surpassing the average of the province by 3 "
        "percentage points."
    )
    gap = growth(text)[1]
    assert (gap.basis, gap.benchmark) == ("versus_benchmark", "average of the province")


def test_faster_than_an_own_earlier_quarter_is_period_on_period() -> None:
    text = (
        "The added value of industry rose 8% year-on-year, 1.5 percentage points faster than the "
        "first quarter."
    )
    assert [r.basis for r in growth(text)] == ["year_on_year", "period_on_period"]


def test_a_fall_has_no_sign_in_its_value() -> None:
    record = one("In May, exports fell by 3.4% year-on-year.")
    assert (record.direction, str(record.change.value)) == ("decrease", "3.4")


@pytest.mark.parametrize(
    "text",
    [
        "Manufacturing accounted for 38% of the total.",
        "The completion rate reached 96%.",
        "The PMI was 50.8% in June.",
        "The guarantee company reduced the rate to 0.8%.",
        "Equipment will be subsidized by 12%.",
        "Consumption contributed 3.2 percentage points to the growth.",
        "The share of exports is 12%.",
    ],
)
def test_shares_rates_levels_and_contributions_are_no_growth(text: str) -> None:
    assert growth(text) == []


def test_the_change_of_a_share_is_growth() -> None:
    record = one("In June, the proportion of new materials increased by 2 percentage points.")
    assert record.change.unit == "percentage_points"


def test_a_narrowed_decline_is_an_increase() -> None:
    record = one("In June, the decline of exports narrowed by 3 percentage points.")
    assert record.direction == "increase"


def test_doubled_is_a_hundred_percent() -> None:
    record = one("In June, the sales of toy trains doubled.")
    assert (str(record.change.value), record.direction) == ("100", "increase")


def test_a_target_is_planned() -> None:
    record = one(
        "The city will strive to keep the growth of industrial added value at about 7% this year."
    )
    assert record.status == "planned"


def test_a_reporting_clause_is_no_part_of_the_name() -> None:
    record = one("The bureau said that in May retail sales grew 4.2% year-on-year.")
    assert record.indicator == "retail sales"


def test_a_later_item_of_the_sentence_keeps_basis_and_indicator() -> None:
    text = (
        "The output value of the glass industry rose 5% year-on-year, and that of the paper "
        "industry 3%."
    )
    first, *_ = growth(text)
    assert (first.indicator, first.subject, first.basis) == (
        "output value",
        "glass industry",
        "year_on_year",
    )


def test_a_parts_sentence_takes_the_indicator_before_it() -> None:
    text = "Total exports rose 5% year-on-year in May. Among them, toys fell by 2%."
    second = growth(text)[1]
    assert (second.subject, second.indicator) == ("toys", "Total exports")


def test_an_indicator_of_another_paragraph_is_never_taken() -> None:
    text = "Total exports rose 5% year-on-year in May.\nAmong them, toys fell by 2%."
    assert growth(text)[1].indicator is None


def test_tonnes_are_no_part_of_the_subject() -> None:
    record = one("In May, the city produced a lot: steel output of 3.1 million tonnes, down 4.1%.")
    assert record.indicator == "steel output"


def test_another_places_own_rate_is_its_own_record() -> None:
    text = "Industrial added value rose 6.1% year-on-year in May, against 5.2% for Hubei."
    assert [(r.region, r.change.text, r.basis) for r in growth(text)][1] == (
        "Hubei",
        "5.2%",
        "year_on_year",
    )


def test_an_average_over_years_is_multi_year() -> None:
    assert one("Exports grew by an average annual rate of 5%.").basis == "multi_year"


def test_a_repeated_figure_is_one_record() -> None:
    text = (
        "In May, exports rose 5.3%. The mayor was glad. In May, exports rose 5.3%, the bureau said."
    )
    assert len(growth(text)) == 1


def test_a_headline_that_the_text_repeats_gives_way_to_it() -> None:
    text = "Hebi City's exports up 5.3%\n\nFrom January to May, exports rose 5.3% year-on-year."
    (record,) = growth(text, title="Hebi City's exports up 5.3%")
    assert record.basis == "year_on_year"


def zh(text: str) -> list[GrowthMetric]:
    article = {"title": "鹤壁市工业经济", "date": DATE, "text": text}
    return extract(article, types=[GrowthMetric]).records.growth_metrics


def test_chinese_statement_gives_indicator_basis_and_period() -> None:
    (record,) = zh("今年上半年，全市规模以上工业增加值同比上升7.3%。")
    assert (record.indicator, record.basis) == ("规模以上工业增加值", "year_on_year")
    assert record.period is not None
    assert record.period.text == "今年上半年"


def test_chinese_list_pairs_in_order() -> None:
    found = zh("上半年，工业投资、技改投资和民间投资分别增长11%、12%和13%。")
    assert [(r.indicator, r.change.text) for r in found] == [
        ("工业投资", "11%"),
        ("技改投资", "12%"),
        ("民间投资", "13%"),
    ]


def test_chinese_gap_to_the_province() -> None:
    gap = zh("前五个月，规模以上工业增加值同比上升7.3%，高于全省平均水平1.2个百分点。")[1]
    assert (gap.basis, gap.benchmark, gap.direction) == (
        "versus_benchmark",
        "全省平均水平",
        "increase",
    )


def test_chinese_output_in_tonnes_stays_out_of_the_subject() -> None:
    (record,) = zh("1至5月，全市生产钢材320万吨，同比下降4.1%。")
    assert "320" not in (record.subject or "")
    assert record.direction == "decrease"


def test_chinese_narrowed_decline_is_an_increase() -> None:
    (record,) = zh("6月，出口降幅收窄2.5个百分点。")
    assert record.direction == "increase"


@pytest.mark.parametrize(
    "text", ["制造业占比38%，居全省第二。", "诉求办结率99.2%。", "拉动全市工业增长3.3个百分点。"]
)
def test_chinese_shares_rates_and_contributions_are_no_growth(text: str) -> None:
    assert zh(text) == []


def test_a_plain_number_is_an_absolute_change_of_the_firms() -> None:
    record = one("In May 913 firms newly registered, up by 36 compared with May last year.")
    assert (record.change.unit, int(record.change.value)) == ("absolute", 36)
    assert record.indicator == "firms newly registered"
    assert record.subject is None
    assert record.basis == "year_on_year"


def test_chinese_plain_number_is_an_absolute_change() -> None:
    (record,) = zh("5月新登记经营主体684户，比去年同期少了21户。")
    assert (record.change.unit, int(record.change.value)) == ("absolute", 21)
    assert (record.direction, record.basis) == ("decrease", "year_on_year")


@pytest.mark.parametrize(
    ("tail", "basis"),
    [
        ("compared with the first quarter of last year", "year_on_year"),
        ("compared with 2022", "year_on_year"),
        ("compared with 2019", "multi_year"),
        ("compared with the fourth quarter of last year", "period_on_period"),
        ("from December", "period_on_period"),
    ],
)
def test_the_basis_follows_from_the_period_compared_with(tail: str, basis: str) -> None:
    assert one(f"In the first quarter of 2023, exports rose 5% {tail}.").basis == basis


def test_the_average_growth_of_the_province_is_a_benchmark() -> None:
    gap = "surpassing the average growth rate of the province by 2 percentage points"
    text = f"Exports rose 9%, {gap}."
    assert [r.basis for r in growth(text)] == ["unspecified", "versus_benchmark"]


def test_those_of_another_subject_have_the_indicator_told_before() -> None:
    first, second = growth("Exports of toys grew 8%, while those of its boats slid 4%.")
    assert (second.indicator, second.subject) == (first.indicator, "boats")


@pytest.mark.parametrize(
    "text",
    ["The clerk ran three times to the mill.", "Orders were down by a fifth."],
)
def test_events_and_fractions_in_words_are_no_growth(text: str) -> None:
    assert growth(text) == []


def test_an_aside_about_prices_names_nothing() -> None:
    record = one("The GDP was 60 billion yuan, calculated at constant prices increased by 5%.")
    assert record.indicator == "GDP"


def test_chinese_aside_about_prices_names_nothing() -> None:
    (record,) = zh("上半年全省生产总值600亿元，按不变价格计算，增长5%。")
    assert record.indicator == "生产总值"


@pytest.mark.parametrize(
    ("text", "value", "direction", "basis"),
    [
        ("The little giants were 31, 6 more than a year ago.", 6, "increase", "year_on_year"),
        ("Toy makers numbered 90, 4 fewer than last year.", 4, "decrease", "year_on_year"),
        (
            "The loan balance was 300 million yuan, an increase of 90 million yuan over the "
            "beginning of the year.",
            90_000_000,
            "increase",
            "unspecified",
        ),
    ],
)
def test_differences_in_numbers_and_sums(text: str, value: int, direction: str, basis: str) -> None:
    record = one(text)
    assert (int(record.change.value), record.change.unit) == (value, "absolute")
    assert (record.direction, record.basis) == (direction, basis)


def test_a_pronoun_at_the_head_of_a_sentence_is_the_figure_told_before() -> None:
    first, second = growth(
        "In the first quarter the added value of industry fell by 8%. From January to June it was "
        "still minus 1%."
    )
    assert second.indicator == first.indicator
    assert (second.direction, int(second.change.value)) == ("decrease", 1)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Prices were 15% higher in March than twelve months earlier.", "year_on_year"),
        ("The guarantee balance was 27% higher year-on-year.", "year_on_year"),
        ("Exports kept a growth of 9% for five years in a row.", "year_on_year"),
        ("Exports are to grow by 7% annually on average.", "multi_year"),
        ("Orders were up 40% over this time last year.", "year_on_year"),
    ],
)
def test_words_that_say_against_what_a_change_is(text: str, basis: str) -> None:
    assert one(text).basis == basis


def test_halving_is_a_decrease_and_about_half_is_no_number() -> None:
    (record,) = zh("玩具企业利润2亿元，差不多腰斩。")
    assert (record.direction, record.change.bound) == ("decrease", "about")
    assert growth("The mills fell by nearly half.") == []


def test_a_list_with_more_names_than_figures_gives_nothing() -> None:
    assert growth("Nuts, seafood, hardwood and garments rose by 31%, 8% and 5% respectively.") == []


def test_signs_in_words_give_each_figure_its_own_direction() -> None:
    found = growth("Toys and boats were respectively plus 15 percent and minus 1 percent.")
    assert [r.direction for r in found] == ["increase", "decrease"]


def test_a_relative_clause_names_nothing() -> None:
    record = one("Exports, which many had written off by spring, were up 6 percent.")
    assert record.indicator == "Exports"


def test_a_second_item_without_a_verb_goes_the_same_way() -> None:
    first, second = growth(
        "Power consumption increased by 7% year-on-year and that of metals by 14%."
    )
    assert (second.direction, second.indicator) == ("increase", first.indicator)


def test_chinese_money_that_is_lent_more_than_before_is_a_difference() -> None:
    (record,) = zh("前5月全市玩具贷款余额19亿元，比去年同期多投放3.2亿元。")
    assert (int(record.change.value), record.change.unit) == (320_000_000, "absolute")


def test_a_cause_between_commas_names_nothing() -> None:
    record = one("The power used by industry, dragged by cement, was down by 2%.")
    assert "cement" not in (record.indicator or "") + (record.subject or "")


def test_times_in_a_list_pair_with_changes_in_order() -> None:
    records = growth("In March, April, and May, toy sales rose by 78%, 19% and 35% respectively.")
    assert [r.period.text for r in records if r.period] == ["In March", "April", "May"]
    assert {r.indicator for r in records} == {"toy sales"}


def test_years_in_a_list_pair_with_changes_and_are_no_part_of_the_name() -> None:
    records = growth("Wang said 2022 and 2021 toy exports rose 15.3% and 41.8% respectively.")
    assert [(r.indicator, r.period.text) for r in records if r.period] == [
        ("toy exports", "2022"),
        ("toy exports", "2021"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The toys carry an added 4% VAT.",
        "Costs rose in view of the 2% target.",
    ],
)
def test_the_rate_of_a_tax_and_a_target_are_no_change(text: str) -> None:
    assert growth(text) == []


def test_what_stands_behind_because_is_what_changed() -> None:
    record = one("Aid is needed because drilling spending dropped by 50% last year.")
    assert record.indicator == "drilling spending"


def test_a_chinese_comparison_is_no_subject() -> None:
    (record,) = growth("上半年工业产值增长5%，但与去年同期相比增速回落2.3个百分点。")[1:]
    assert record.subject is None


def test_the_items_of_a_list_share_its_first_indicator() -> None:
    text = "Sales of kilns, the ten lamp brands and hats rose by 4%, 6% and 9% respectively."
    assert brief(text) == [
        ("Sales", "kilns", "increase", "4%"),
        ("Sales", "ten lamp brands", "increase", "6%"),
        ("Sales", "hats", "increase", "9%"),
    ]


def test_a_frame_before_a_list_is_no_item_of_it() -> None:
    text = "From the perspective of the trade, kilns, lamps and hats rose by 4%, 6% and 9%."
    assert [item[1] for item in brief(text)] == ["kilns", "lamps", "hats"]


def test_a_list_begins_behind_its_verb() -> None:
    text = "The largest branches of the city are kilns, lamps and hats, up 4%, 6% and 9%."
    assert [item[1] for item in brief(text)] == ["kilns", "lamps", "hats"]


def test_one_change_said_as_a_sum_and_as_a_rate_is_two_records() -> None:
    text = "Deposits stood at 50 billion yuan, an increase of 2 billion yuan, or 4%, over May."
    assert [(str(r.change.value), r.change.unit) for r in growth(text)] == [
        ("2000000000", "absolute"),
        ("4", "percent"),
    ]


def test_parts_share_the_basis_of_a_head_without_a_rate() -> None:
    text = "7月，30个行业中有12个行业产值同比增长。其中，制帽业增长6.1%。"
    (record,) = growth(text, "临海市工业")
    assert (record.indicator, record.subject) == ("产值", "制帽业")
    assert record.basis == "year_on_year"


def test_parts_share_the_basis_of_the_line_before_and_not_its_words() -> None:
    text = "Exports rose 5% year-on-year in May.\nAmong them, toys fell by 2%."
    record = growth(text)[1]
    assert (record.indicator, record.subject, record.basis) == (None, "toys", "year_on_year")


def test_the_month_before_is_another_period_whatever_the_date_of_the_article() -> None:
    (record,) = growth("6月份，工业产值比上月增长0.4%。", "临海市工业")
    assert record.basis == "period_on_period"


def test_the_figure_right_before_a_rate_is_what_grew() -> None:
    text = "The trade has 300 firms with 9,000 workers and an output of 2 billion yuan, up 6%."
    (record,) = growth(text)
    assert record.indicator == "output"
    assert record.amount is not None
    assert record.amount.text == "2 billion yuan"


def test_the_number_of_new_firms_is_the_level_of_its_growth() -> None:
    record = one("In May, 480 new shops were registered, up 12% year on year.")
    assert (record.indicator or record.subject) == "new shops"
    assert record.amount is not None
    assert record.amount.text == "480"


def test_industry_at_large_belongs_to_the_indicator() -> None:
    record = one("In May the regulated industries completed an output of 3 billion yuan, up 6%.")
    assert (record.indicator, record.subject) == ("regulated industries output", None)


def test_imports_and_their_value_are_one_figure() -> None:
    text = "In May imports fell by 4%. In May, the import value was 9 billion yuan, down 4%."
    assert len(growth(text)) == 1


def test_the_chinese_sum_right_before_a_rate_is_what_grew() -> None:
    (record,) = growth("银行向233家企业发放贷款6.4亿元，同比增长21%。", "临海市工业")
    assert record.indicator == "贷款"
    assert record.amount is not None
    assert record.amount.text == "6.4亿元"


def test_what_is_striven_for_is_named_without_the_striving() -> None:
    record = one("Hebi will strive to complete sales of 5 billion yuan, up 15%.")
    assert (record.indicator, record.subject) == ("sales", None)


def test_a_sum_may_be_up_from_the_beginning_of_the_year() -> None:
    record = one("Deposits were 4.8 billion yuan at the end of June, up 82 million yuan from the "
                 "beginning of the year.")  # fmt: skip
    assert (record.change.unit, str(record.change.value)) == ("absolute", "82000000")
    assert record.period is not None
    assert record.period.text == "at the end of June"
