from __future__ import annotations

from datetime import date

import pytest

from extractor.values import Change, Count, Money, Period, find

ON = date(2023, 7, 3)
# Text, and the phrases that it mentions.
TEXTS = [
    ("rose from 410 to 980 firms", ["410", "980"]),
    (
        "a decline of 0.7 and a rise of 0.4 percentage points",
        ["0.7 percentage points", "0.4 percentage points"],
    ),
    ("4.1 and 2.6 percentage points higher", ["4.1 percentage points", "2.6 percentage points"]),
    ("60 million and 200 million yuan respectively", ["60 million yuan", "200 million yuan"]),
    ("60 and 200 million yuan", ["60 million yuan", "200 million yuan"]),
    ("the 14th Five-Year Plan, 1+6, 20+8, 5G, COVID-19, 3+3+X", []),
    ("“Ten Thousand People Helping Ten Thousand Enterprises”", []),
    ("One Belt One Road and the 3rd expo, 第三届, No. 127, 〔2023〕5号", []),
    ("9.3%and 12.1%year -on -year", ["9.3%", "12.1%"]),
    ("100%.310 specialized firms", ["100%", "310"]),
    ("$1.5bn-2bn", ["$1.5bn-2bn"]),
    ("30 tons, 5,000 mu, 12 km, 300亩, 20万吨, 5万千瓦时", []),
    ("hundreds of firms, dozens more, 数百家, 几十家, 上百家", []),
    ("one of the firms, a firm, 一家企业", []),
    ("1. First item\n2. Second\n(3) third\n一、总体\n（二）二", []),
    ("call 0571-87654321 or 13812345678, mail ab12@x3.com, see http://a.cn/2023/05/12.html", []),
    ("at 8:30 and 10 a.m.", []),
    ("one enterprise was added", ["one"]),
    ("新增40家，5.6万户，31支，投资500余万元", ["40家", "5.6万户", "31支", "500余万元"]),
    (
        "exceeded 500 million yuan with over 60 million yuan",
        ["exceeded 500 million yuan", "over 60 million yuan"],
    ),
    ("On July 17 and 22, 60 million", ["On July 17", "July 22", "60 million"]),
    ("in May 12 firms may join", ["in May", "12"]),
    ("From Oct 15 to 19 of them came", ["From Oct 15", "19"]),
    ("on October 15 to 19 of this year", ["on October 15 to 19 of this year"]),
    ("orders break through 550", ["break through 550"]),
    ("in 2022, 113 firms", ["in 2022", "113"]),
    ("2000 enterprises in 2000", ["2000", "in 2000"]),
    ("投资4个亿", ["4个亿"]),
    ("18 batches, 2 banks; 10-year bonds; top 500", ["18", "2"]),
    (
        "profits rose by 7.1% to 3.55 billion 100 million yuan",
        ["7.1%", "3.55 billion 100 million yuan"],
    ),
    ("100-billion-yuan-level cluster", ["100-billion-yuan-level"]),
    ("grew 2.5 times, twice that of 2022", ["2.5 times", "twice that of", "2022"]),
    ("是去年的2倍，增长1.7倍，翻了一番", ["是去年的2倍", "1.7倍", "翻了一番"]),
    (
        "between 3 and 5 million yuan; ranging from 10 to 20 percent",
        ["between 3 and 5 million yuan", "ranging from 10 to 20 percent"],
    ),
    ("up to the end of June, up to 300 firms", ["up to the end of June", "up to 300"]),
    ("约40家、近50家和60家", ["约40家", "近50家", "60家"]),
    ("约占30%和40%", ["30%", "40%"]),
    ("30和40个百分点", ["30个百分点", "40个百分点"]),
    ("won 3 awards; 5 won gold; 5 billion won", ["3", "5", "5 billion won"]),
    ("A4 paper, B2B, 4K, 360-degree, Fortune 500, MU5735", []),
    ("1.2 million, 30 percent", ["1.2 million", "30 percent"]),
    ("2.5.1 and v3.2 and 1:3", []),
    (
        "about half of the firms; two-thirds of them; a third of firms",
        ["about half", "two-thirds", "a third"],
    ),
    ("flat land; remained flat; unchanged", ["flat", "unchanged"]),
    ("doubled; more than doubled", ["doubled", "more than doubled"]),
    (
        "the first three quarters of 2022 and the first quarter",
        ["the first three quarters of 2022", "the first quarter"],
    ),
    ("2023年1-4月，同比增长5%", ["2023年1-4月", "5%"]),
    ("近三年投入3亿元", ["近三年", "3亿元"]),
    ("Q1 profit; Q1-Q3", ["Q1", "Q1-Q3"]),
    ("7月24日上午10时30分", ["7月24日"]),
    ("some 300 firms in some regions", ["some 300"]),
    ("(RMB300,000)", ["RMB300,000"]),
    ("in the 1990s", ["in the 1990s"]),
    ("目标——40家企业—50家", ["40家", "50家"]),
    ("ten-billion-yuan fund", ["ten-billion-yuan"]),
    ("5 8.2% and 7. 4%", ["5 8.2%", "7. 4%"]),
    ("output will double to 50; a double 10 project", ["double", "50", "10"]),
    ("0.6 points behind", ["0.6 points"]),
    ("orders are five times what they were", ["five times what they were"]),
    ("there are now 102 firms", ["now", "102"]),
    ("年内新增200家", ["年内", "200家"]),
    ("比去年同期少了210户", ["去年同期", "210户"]),
    ("will not be less than 25 firms", ["not be less than 25"]),
    ("to number 1,500 by the end of 2023", ["1,500", "by the end of 2023"]),
    ("thrice the number of the year before", ["thrice the number", "the year before"]),
    ("ranges from 16,000 to 7,000 yuan", ["16,000 yuan", "7,000 yuan"]),
    ("the gap between three grades", ["three"]),
    ("159 5A spots", ["159"]),
    ("zero running time", []),
    ("in China Report 2020”", ["2020"]),
    ("1 millisecond", []),
    ("达到去年的3倍，增长达2倍", ["达到去年的3倍", "2倍"]),
    ("rose from 3 to 5 million yuan", ["3 million yuan", "5 million yuan"]),
    ("cut costs by half; over half of them; half or more", ["half", "over half", "half or more"]),
    ("half a year, half of the year, half-finished, two and a half hours", ["the year"]),
    ("over half the year; more than half a day", ["the year"]),
    ("the lower half of the table, the other half of it", []),
    ("2021年至今年3月", ["2021年至今年3月"]),
    ("more than half of last year's output", ["more than half", "last year"]),
    ("the first half; the second half of the game", ["the first half", "the second half"]),
    ("fell by a quarter last year; rose by a third a year", ["a quarter", "last year", "a third"]),
    ("a quarter of a percentage point; a quarter ago", []),
    ("half of a firm's sales; one-third of a sector", ["half", "one-third"]),
    ("up half a percentage point", ["half a percentage point"]),
    ("减少一半，一半以上企业，一半导体厂", ["一半", "一半以上"]),
    ("grew threefold, a tenfold rise; the aim is twofold", ["threefold", "tenfold"]),
    ("1.5x higher, 3x3, 3+3+X, 2× more", ["1.5x", "2×"]),
    ("百分之百达标", ["百分之百"]),
    ("a hundred-billion-yuan-level hub", ["a hundred-billion-yuan-level"]),
    ("several billion-yuan-level and multi-billion-yuan-level hubs, 数百亿级", []),
    ("打造百亿级、千亿级集群", ["百亿级", "千亿级"]),
    ("KSh 4 billion, Rp 5 trillion", ["KSh 4 billion", "Rp 5 trillion"]),
    ("kr 20 million or 3 kronor", ["kr 20 million", "3 kronor"]),
    ("one lakh kilolitres, 2 crore litres, 3 lakh quintals", []),
    ("已投产。3、新建；4、扩建！5. 改造", []),
    ("All done. 2. More follows", []),
    ("分别为：3、5和7家", ["3", "5", "7家"]),
    ("plans for this fiscal year", ["for this fiscal year"]),
    ("YTD sales in summer 2016, last winter", ["YTD", "in summer 2016", "last winter"]),
    ("Spring Festival, a hot spring, in conclusion 2 firms", ["2"]),
]


@pytest.mark.parametrize(("text", "phrases"), TEXTS)
def test_text_mentions_exactly_these_phrases(text: str, phrases: list[str]) -> None:
    assert [mention.value.text for mention in find(text, ON)] == phrases


def test_mentions_have_the_kind_of_their_value() -> None:
    kinds = {"money": Money, "count": Count, "change": Change, "period": Period}
    text = "In May, 40 firms invested 5 million yuan, up 7.1%, or 0.3 percentage points more."
    mentions = find(text, ON)
    assert [mention.kind for mention in mentions] == [
        "period",
        "count",
        "money",
        "change",
        "change",
    ]
    assert all(isinstance(mention.value, kinds[mention.kind]) for mention in mentions)


def test_spans_are_code_point_offsets_of_the_given_text() -> None:
    text = "𝔸 profit of ￥３００ and İ 40 firms"
    assert [text[found.start : found.end] for found in find(text)] == ["￥３００", "40"]


def test_shared_unit_is_added_to_the_phrase_and_not_to_the_span() -> None:
    text = "rose by 4.1 and 2.6 percentage points"
    first, second = find(text)
    assert (text[first.start : first.end], first.value.text) == ("4.1", "4.1 percentage points")
    assert second.value.text == text[second.start : second.end] == "2.6 percentage points"


def test_unit_is_not_shared_over_words_or_a_lone_comma() -> None:
    assert [found.kind for found in find("40 firms and 5 million yuan")] == ["count", "money"]
    assert [found.kind for found in find("1.2 million, 30 percent")] == ["count", "change"]


def test_level_name_is_money_and_a_level_reached_is_a_count() -> None:
    found = find("百亿级；ten-billion-level; at the 5 million level")
    assert [mention.kind for mention in found] == ["money", "money", "count"]


def test_equal_plain_numbers_keep_their_own_places() -> None:
    assert [(found.start, found.value.text) for found in find("7 and 7, 07 7")] == [
        (0, "7"),
        (6, "7"),
        (12, "7"),
    ]


def test_verbs_of_direction_stay_outside_the_span() -> None:
    assert [found.value.text for found in find("rose by 7.1%, down 3%, 增长5.6%")] == [
        "7.1%",
        "3%",
        "5.6%",
    ]


def test_bare_scaled_number_is_a_count_and_its_money_has_no_currency() -> None:
    (found,) = find("a total investment of 4.29 billion.")
    assert found.kind == "count"
    assert Money.parse(found.value.text).currency is None


def test_bare_year_is_a_period_and_a_round_number_of_things_a_count() -> None:
    assert [found.kind for found in find("The 2021 budget")] == ["period"]
    assert [found.kind for found in find("about 2000 enterprises, 2000家")] == ["count", "count"]


def test_periods_are_resolved_against_the_date_given() -> None:
    (found,) = find("from January to April", ON)
    assert isinstance(found.value, Period)
    assert found.value.end == date(2023, 4, 30)
    (found,) = find("from January to April")
    assert isinstance(found.value, Period)
    assert found.value.end is None


def test_lower_case_may_and_march_are_no_months() -> None:
    assert find("they may march on") == []
    assert [found.value.text for found in find("They may begin in May")] == ["in May"]


def test_text_without_numbers_has_no_mentions() -> None:
    assert find("") == []
    assert find("The city will support the enterprises.") == []


def test_a_level_followed_by_its_change_shares_no_unit_with_it() -> None:
    found = find("Sales reached 236,000, an increase of 8.9%")
    assert [(m.kind, m.value.text) for m in found] == [("count", "236,000"), ("change", "8.9%")]


def test_a_fall_and_a_rise_in_one_list_share_their_unit() -> None:
    found = find("with a fall of 0.7 and a rise of 1.4 percentage points")
    assert [m.value.text for m in found] == ["0.7 percentage points", "1.4 percentage points"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The rest are weak.Fifteen firms rose.", "Fifteen"),
        ("They keep the rules.217 firms are new.", "217"),
        ("All of it (100%).310 firms are new.", "310"),
    ],
)
def test_a_number_behind_a_full_stop_without_a_space_is_found(text: str, number: str) -> None:
    assert number in [mention.value.text for mention in find(text)]
