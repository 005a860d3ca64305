"""Funds by rules: on invented sentences, English, Chinese and from other countries."""

from __future__ import annotations

import pytest

from extractor import extract
from extractor.records import Fund

DATE = "2023-07-20"


def funds(text: str) -> list[Fund]:
    article = {"title": "Hebi City: money for its firms", "date": DATE, "text": text}
    return extract(article, types=[Fund]).records.funds


def zh(text: str) -> list[Fund]:
    article = {"title": "鹤壁市惠企资金", "date": DATE, "text": text}
    return extract(article, types=[Fund]).records.funds


def test_a_subsidy_gives_every_field() -> None:
    (record,) = funds(
        "In the first half of this year, the Hebi Finance Bureau allocated 12.5 million yuan in "
        "upgrading subsidies to 53 enterprises."
    )
    assert (record.kind, record.name) == ("grant", "upgrading subsidies")
    assert (int(record.amount.value), record.amount.currency) == (12_500_000, "CNY")
    assert record.provider is not None
    assert "Hebi Finance Bureau" in record.provider
    assert record.recipient == "53 enterprises"
    assert record.region == "Hebi City"
    assert record.period is not None
    assert record.status == "actual"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tax cuts and fee reductions reached 3 million yuan in May.", "tax_relief"),
        ("Banks issued loans of 3 million yuan in May.", "loan"),
        ("A loan risk compensation fund pool of 3 million yuan was set up.", "guarantee"),
        ("An industrial guidance fund of 3 million yuan was set up.", "government_fund"),
        ("The city issued special bonds of 3 million yuan.", "bond"),
        ("The city obtained 3 million yuan in funds from higher authorities.", "transfer"),
        ("The budget for science this year is 3 million yuan.", "budget"),
        ("The city signed 4 projects with a total investment of 3 million yuan.", "investment"),
        ("Arrears of 3 million yuan owed to suppliers were cleared.", "settlement"),
        ("The city paid rewards of 3 million yuan.", "grant"),
    ],
)
def test_kinds_by_the_noun_nearest_to_the_sum(text: str, kind: str) -> None:
    assert [(r.kind, int(r.amount.value)) for r in funds(text)] == [(kind, 3_000_000)]


def test_a_part_of_a_sum_names_its_whole() -> None:
    text = (
        "This year the city arranged special funds of 80 million yuan, including 30 million yuan "
        "for digital upgrading and 20 million yuan for rewards."
    )
    assert [r.part_of for r in funds(text)] == [None, "80 million yuan", "80 million yuan"]


def test_of_which_without_a_currency_takes_that_of_the_whole() -> None:
    text = (
        "Banks lent 5 billion yuan in new loans in May, of which 1.2 billion carried no collateral."
    )
    part = funds(text)[1]
    assert (int(part.amount.value), part.amount.currency, part.part_of) == (
        1_200_000_000,
        "CNY",
        "5 billion yuan",
    )


def test_a_credit_line_and_the_loans_under_it_are_two_funds() -> None:
    text = (
        "Banks signed credit lines of 6 billion yuan in May; the loans issued reached 2 billion "
        "yuan."
    )
    assert [int(r.amount.value) for r in funds(text)] == [6_000_000_000, 2_000_000_000]


def test_leftover_hundred_million_is_flagged_and_never_multiplied() -> None:
    (record,) = funds("The city issued special bonds of 2.4 billion 100 million yuan.")
    assert (int(record.amount.value), record.amount.flags) == (2_400_000_000, ("ambiguous_unit",))


@pytest.mark.parametrize(
    "text",
    [
        "The output value of the glass industry reached 3 billion yuan.",
        "The sales revenue of the plant was 80 million yuan.",
        "Total profit was 90 million yuan.",
        "Technology contracts had a turnover of 796 million yuan.",
        "Firms with sales of over 20 million yuan can apply for subsidies.",
        "The steel costs 3,500 yuan per ton.",
        "The maximum reward is 2 million yuan.",
        "The plant was fined 50,000 yuan.",
        "A family gets a subsidy of 600 yuan.",
    ],
)
def test_results_prices_thresholds_caps_and_fines_are_no_funds(text: str) -> None:
    assert funds(text) == []


def test_a_plan_to_invest_is_planned() -> None:
    (record,) = funds("The company plans to invest 300 million yuan in a new plant.")
    assert (record.kind, record.status) == ("investment", "planned")


def test_a_signed_planned_investment_is_actual() -> None:
    (record,) = funds(
        "In June, 5 projects were signed with a planned total investment of 300 million yuan."
    )
    assert record.status == "actual"


def test_the_size_of_a_fund_takes_no_period_from_another_sentence() -> None:
    text = (
        "In the first half of this year, output rose. The industrial fund has a size of 2 "
        "billion yuan."
    )
    assert funds(text)[0].period is None


def test_a_sum_said_twice_is_one_record() -> None:
    text = "In May, banks issued loans of 3 billion yuan. The loans of 3 billion yuan helped."
    assert len(funds(text)) == 1


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("The state grants of 2 million euros went to SMEs in Porto.", "EUR", 2_000_000),
        ("The ministry approved loans of $40 million for SMEs.", "USD", 40_000_000),
        ("The state released a subsidy of Rs 5 crore to spinning mills.", "INR", 50_000_000),
    ],
)
def test_other_countries_money(text: str, currency: str, value: int) -> None:
    assert [(r.amount.currency, int(r.amount.value)) for r in funds(text)] == [(currency, value)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("上半年，全市兑现惠企资金2.6亿元。", "grant", 260_000_000),
        ("税务部门累计办理退税减税降费15亿元。", "tax_relief", 1_500_000_000),
        ("市里设立总规模20亿元的产业母基金。", "government_fund", 2_000_000_000),
        ("银行发放贷款3.4亿元。", "loan", 340_000_000),
        ("区里设立1000万元风险补偿资金池。", "guarantee", 10_000_000),
    ],
)
def test_chinese_funds(text: str, kind: str, value: int) -> None:
    assert [(r.kind, int(r.amount.value)) for r in zh(text)] == [(kind, value)]


@pytest.mark.parametrize(
    "text", ["全市实现工业产值214亿元。", "签约亿元以上项目14个。", "奖励最高50万元。"]
)
def test_chinese_results_thresholds_and_caps_are_no_funds(text: str) -> None:
    assert zh(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('The bank lent 8 million yuan to 12 firms through the "Kiln Loan".', "Kiln Loan"),
        ("Firms saved 8 million yuan of electricity charges.", "electricity charges"),
        ("A mill is putting 8 million yuan into a second line.", "second line"),
        (
            'The city put 8 million yuan in the "Blue River" special fund.',
            '"Blue River" special fund',
        ),
    ],
)
def test_a_verb_takes_the_name_from_the_instrument_or_the_object(text: str, name: str) -> None:
    (record,) = funds(text)
    assert record.name.strip("“”") == name


@pytest.mark.parametrize(
    "text",
    [
        "The city arranged a special fund of 80 million yuan; 46 million yuan of it was cashed.",
        "The city arranged a special fund of 80 million yuan. 46 million yuan of it went to mills.",
        "The city arranged a special fund of 80 million yuan, and 46 million yuan has been paid.",
    ],
)
def test_what_is_paid_out_of_a_sum_is_a_part_of_it(text: str) -> None:
    whole, part = funds(text)
    assert (part.part_of, part.name) == ("80 million yuan", whole.name)


@pytest.mark.parametrize(
    "text",
    [
        "The city arranged 6 projects of ten billion, a fund of 30 million yuan.",
        "Awards top out at 50,000 yuan.",
        "The special fund has an average of 70,000 yuan for each.",
    ],
)
def test_classes_of_projects_caps_and_averages_are_no_funds(text: str) -> None:
    assert all(int(record.amount.value) == 30_000_000 for record in funds(text))


def test_a_sum_told_in_the_perfect_has_no_carried_period() -> None:
    text = "In May the rules came out; the bank has lent 8 million yuan in loans."
    assert funds(text)[0].period is None


def test_a_sum_takes_the_period_of_a_sentence_about_money_only() -> None:
    text = "In 2022 the mills were busy. The city paid subsidies of 8 million yuan."
    assert funds(text)[0].period is None


def test_chinese_firms_before_the_noun_are_no_part_of_the_name() -> None:
    (record,) = zh("截至4月末，全市88家企业签下贷款2670万元。")
    assert record.name == "贷款"


def test_chinese_money_paid_out_of_a_fund_is_a_part() -> None:
    found = {r.amount.text: r for r in zh("市里安排专项资金3500万元，已从中拨付980万元。")}
    part = found["980万元"]
    assert (part.part_of, part.name) == ("3500万元", found["3500万元"].name)


def test_a_list_of_sums_shares_its_noun() -> None:
    text = "In July the bureau released 60 million and 200 million yuan of relief funds."
    assert [int(r.amount.value) for r in funds(text)] == [60_000_000, 200_000_000]


def parts(records: list[Fund]) -> list[tuple[str, int, str | None]]:
    return [(r.name, int(r.amount.value) // 1_000_000, r.part_of) for r in records]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The tax cuts totaled 900 million yuan, of which the lowering of the stamp duty 400 "
            "million yuan, small workshop benefits 200 million yuan.",
            [
                ("tax cuts", 900, None),
                ("lowering of the stamp duty", 400, "900 million yuan"),
                ("small workshop benefits", 200, "900 million yuan"),
            ],
        ),
        (
            "Tax cuts of 900 million yuan came; toy makers enjoyed 300 million yuan of the total.",
            [("Tax cuts", 900, None), ("Tax cuts", 300, "900 million yuan")],
        ),
        (
            "The city paid rewards of 60 million yuan to old firms, the largest one got 5 million "
            "yuan.",
            [("rewards", 60, None), ("rewards", 5, "60 million yuan")],
        ),
        (
            "The city paid subsidies of 60 million yuan. Among them, Linhe 20 million yuan.",
            [("subsidies", 60, None), ("subsidies", 20, "60 million yuan")],
        ),
        (
            "The city paid subsidies of 60 million yuan. Another 7 million yuan is expected soon.",
            [("subsidies", 60, None), ("subsidies", 7, None)],
        ),
        (
            "The risk pool was raised from 30 million yuan to 50 million yuan.",
            [("risk pool", 30, None), ("risk pool", 50, None)],
        ),
    ],
)
def test_sums_that_go_on_from_one_told_before(
    text: str, expected: list[tuple[str, int, str | None]]
) -> None:
    assert parts(funds(text)) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A dealer is investing 65 million yuan here to build a bamboo line.", "bamboo line"),
        ("The county set aside 11 million yuan as matching money for sheds.", "matching money"),
        ('The "Toy Lift" campaign began. The county set aside 14 million yuan for it.', "Toy Lift"),
        ("The plan cut the electricity cost by 88 million yuan.", "electricity cost"),
        ("It gave the special fund for the toy industry of 186 million yuan.", "special fund"),
    ],
)
def test_money_without_a_noun_of_its_own_is_named_by_its_use(text: str, name: str) -> None:
    (record,) = funds(text)
    assert name in record.name


@pytest.mark.parametrize(
    "text",
    [
        "The R&D investment of firms was 1.9 billion yuan.",
        "The most that a single one can get in subsidies is 5 million yuan.",
        "The loan balance was 300 million yuan, an increase of 90 million yuan over last year.",
    ],
)
def test_series_caps_and_differences_are_no_money_given(text: str) -> None:
    assert [int(r.amount.value) for r in funds(text)] == [300_000_000] * ("balance" in text)


def test_a_stage_that_is_in_place_is_actual_beside_its_target() -> None:
    first, second = funds(
        "The Toy Industrial Fund has a target size of 3 billion yuan, the first phase of 800 "
        "million yuan has been in place."
    )
    assert (first.status, second.status) == ("planned", "actual")


def test_what_nobody_wants_is_no_plan() -> None:
    (record,) = funds("Linhe did not want to lag behind, it put 30 million yuan into a risk pool.")
    assert record.status == "actual"


def test_what_is_given_every_year_has_that_time() -> None:
    (record,) = funds("The city pays 20 million yuan of subsidies every year.")
    assert record.period is not None
    assert record.period.text == "every year"


def test_a_pool_has_no_time_of_the_figures_before_it() -> None:
    records = funds(
        "By the end of June the loans were 830 million yuan; the risk pool is 35 million yuan."
    )
    assert records[-1].period is None


def test_the_year_of_an_article_of_january_is_the_last_one() -> None:
    article = {
        "title": "Hebi City: the year in figures", "date": "2024-01-16",
        "text": "Throughout the year Hebi City paid 146 million yuan of subsidies.",
    }  # fmt: skip
    (record,) = extract(article, types=[Fund]).records.funds
    assert record.status == "actual"
    assert record.period is not None
    assert str(record.period.start) == "2023-01-01"


def test_money_that_a_project_invests_has_its_name() -> None:
    (record,) = funds("The toy shell project of Linhe Plastics intends to invest 1.5 billion yuan.")
    assert record.name.startswith("toy shell project")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“玩具贷”今年推出，累计放款4亿元。", "玩具贷"),
        ("市融资担保公司上半年新增担保额6.9亿元。", "担保额"),
    ],
)
def test_chinese_money_is_named_by_its_product_and_not_by_who_gives_it(
    text: str, name: str
) -> None:
    (record,) = zh(text)
    assert record.name == name


@pytest.mark.parametrize(
    ("text", "provider", "recipient"),
    [
        ("Last month Qixian set aside 60 million yuan of subsidies for 1,105 small mills.",
         "Qixian", "1,105 small mills"),
        ("Qixian, home of chives, set up a bridge fund of 20 million yuan.", "Qixian", None),
        ("The Hebi Rural Bank is busy. Last year the bank issued loans of 30 million yuan to 64 "
         "makers of toys.", "Hebi Rural Bank", "64 makers of toys"),
        ("Under the plan the municipal finance puts out 20 million yuan of subsidies.",
         "municipal finance", None),
        ("A subsidy pool of 30 million yuan, funded by the city treasury, was opened.",
         "city treasury", None),
        ("The provincial treasury assigned 68 million yuan of subsidies to Qixian last year.",
         "provincial treasury", "Qixian"),
        ("In 2022, 113 toy factories in Qixian received subsidies of 28 million yuan.",
         None, "113 toy factories"),
        ("Its capacity allocated 20 million yuan of subsidies.", None, None),
    ],
)  # fmt: skip
def test_who_gives_and_who_gets_money(
    text: str, provider: str | None, recipient: str | None
) -> None:
    record = funds(text)[-1]
    assert (record.provider, record.recipient) == (provider, recipient)


def test_a_recipient_stands_before_the_next_sum() -> None:
    first, _ = funds(
        "Hebi City granted 500 million yuan of tax cuts and 60 million yuan of loans to 53 mills."
    )
    assert first.recipient is None


def test_the_day_of_an_announcement_is_not_that_of_planned_money() -> None:
    (record,) = funds(
        "On May 18 the finance bureau said that it will allocate 10 million yuan of subsidies."
    )
    assert (record.status, record.period) == ("planned", None)


def test_the_and_of_a_compound_is_part_of_the_name_of_money() -> None:
    (record,) = funds("Hebi City paid research and development subsidies of 28 million yuan.")
    assert record.name == "research and development subsidies"


def test_a_possessive_behind_a_time_is_no_part_of_a_name() -> None:
    (record,) = funds("This year's toy industry special fund is 22.9 million yuan.")
    assert record.name == "toy industry special fund"


def test_money_that_had_been_invested_is_a_fund() -> None:
    (record,) = funds("By then 150 million yuan had been invested in the county.")
    assert record.kind == "investment"


def test_amounts_places_and_times_in_lists_pair_in_order() -> None:
    records = funds(
        "On May 8 and May 11, subsidies of 3.2 million yuan and 7.4 million yuan were sent to "
        "Wuhan and Harbin respectively."
    )
    found = [(int(r.amount.value), r.region, r.period.text) for r in records if r.period]
    assert found == [(3_200_000, "Wuhan", "On May 8"), (7_400_000, "Harbin", "May 11")]


def test_up_to_a_sum_that_has_been_invested_is_no_cap() -> None:
    (record,) = funds("Up to 400 million yuan has been invested in the toy plant.")
    assert record.amount.bound == "at_most"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The county bank advanced 15 million yuan.", "loan"),
        ("Hebi Rail mobilised 3.8 million yuan.", "other"),
        ("Hebi Rail mobilized 3.8 million yuan.", "other"),
        ("Hebi Rail donated 3.8 million yuan.", "grant"),
        ("Hebi Rail repaid 3.8 million yuan.", "settlement"),
        ("The county earmarked 3.8 million yuan.", "budget"),
        ("The county contributed 3.8 million yuan.", "investment"),
        ("The county puts in 3.8 million yuan.", "investment"),
        ("The county had put in 3.8 million yuan.", "investment"),
    ],
)
def test_a_verb_of_giving_says_what_money_is(text: str, kind: str) -> None:
    assert [r.kind for r in funds(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("省财政划拨380万元。", "transfer"),
        ("省财政下达380万元。", "transfer"),
        ("全县筹集380万元。", "other"),
        ("为企业省下380万元。", "other"),
        ("为企业节省380万元。", "other"),
        ("企业捐赠380万元。", "grant"),
    ],
)
def test_a_chinese_verb_of_giving_says_what_money_is(text: str, kind: str) -> None:
    assert [r.kind for r in zh(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("This year 26 enterprises were paid 8 million yuan for new kilns.", "new kilns"),
        ("The city arranged 45 million yuan for smart lamps.", "smart lamps"),
        ("The city allocated 3 million yuan from the lamp upgrading fund.", "lamp upgrading fund"),
        ("The mill plans to invest 36 million yuan to build a hall of 9,000 tons.", "hall"),
        ("The rule saved firms 3 million yuan of costs.", "costs"),
        ("The bureau obtained 3 million yuan in funds from higher authorities.",
         "funds from higher authorities"),
        ("The park had an inflow of 5 million yuan.", "inflow"),
    ],
)  # fmt: skip
def test_the_name_is_what_money_is_for_where_only_a_verb_gives_it(text: str, name: str) -> None:
    assert [r.name for r in funds(text)] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("市财政拿出3200万元支持窑炉改造。", "窑炉改造"),
        ("为企业降低用电成本1200万元。", "用电成本"),
        ("去年向上争取资金4.7亿元。", "向上争取资金"),
        ("该市设立总规模10亿元的产业基金。", "产业基金"),
    ],
)
def test_the_name_of_chinese_money_has_no_sum_in_it(text: str, name: str) -> None:
    assert [r.name for r in zh(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Each new high-tech enterprise of the city gets a reward of 200,000 yuan.",
        "The fixed-asset investment was 3 billion yuan.",
        "Foreign direct investment was 64 million US dollars.",
    ],
)
def test_what_any_firm_may_get_and_series_are_no_funds(text: str) -> None:
    assert funds(text) == []


def test_a_rate_for_each_applicant_is_no_chinese_fund() -> None:
    assert [r.amount.text for r in zh("对首次上规的企业奖励10万元，去年共兑现580万元。")] == [
        "580万元"
    ]


def test_a_cap_behind_a_chinese_comma_does_not_limit_the_sum_before_it() -> None:
    text = "前5个月，银行发放贷款6.4亿元，平均利率4.1%。"
    assert [(r.name, r.amount.text) for r in zh(text)] == [("贷款", "6.4亿元")]


def test_the_day_of_a_document_does_not_date_its_money() -> None:
    text = "Hebi issued new rules on May 9, and its finance set aside 3 million yuan for lamps."
    assert [r.period for r in funds(text)] == [None]


def test_premiums_that_were_saved_are_what_the_sum_is_of() -> None:
    assert [r.name for r in zh("担保费率降到0.8%，为企业省下保费近700万元。")] == ["保费"]


def test_the_year_in_which_a_product_came_out_does_not_date_what_was_lent() -> None:
    (record,) = zh("2021年推出的“窑炉贷”累计放款8.7亿元。")
    assert record.period is None
