"""Where and when a figure holds, and whether it has happened: on invented articles."""

from __future__ import annotations

import datetime as dt
import sys
from types import FrameType
from typing import Any

import pytest

from extractor import extract
from extractor.article import Article
from extractor.models.rules import READERS
from extractor.models.rules.document import Document
from extractor.records import EnterpriseCount, GrowthMetric


def document(text: str, title: str | None = None) -> Document:
    return Document(Article(text=text, title=title, date=dt.date(2023, 7, 20)))


def growth(text: str, title: str | None = "Hebi City: industry") -> list[GrowthMetric]:
    article = {"title": title, "date": "2023-07-20", "text": text}
    return extract(article, types=[GrowthMetric]).records.growth_metrics


def main(text: str, title: str | None = None) -> str | None:
    place = document(text, title).main_place
    return place.name if place else None


def period(text: str) -> str | None:
    found = growth(text)[-1].period
    return found.text if found else None


def test_the_main_place_is_that_of_the_headline() -> None:
    assert main("In Wuhan they met. Hebi rose.", "Hebi: a good year") == "Hebi"


def test_a_headline_alone_can_name_the_main_place() -> None:
    assert main("The city is growing.", "Hebi City: a good year") == "Hebi City"


def test_the_narrower_place_of_a_headline_is_meant() -> None:
    text = "Huichuan District is growing. Zunyi helps. Huichuan District has peppers."
    assert main(text, "Huichuan District, Zunyi: peppers") == "Huichuan District"


def test_an_article_about_many_places_has_no_main_place() -> None:
    text = "The ministry spoke. " * 20 + "Wuhan and Hebi and Harbin and Foshan were named."
    assert main(text, "Ministry speaks") is None


@pytest.mark.parametrize(
    "text", ["Hebi Daily reports.", "Hebi Rural Commercial Bank lent.", "鹤壁日报讯。"]
)
def test_a_place_in_the_name_of_a_paper_or_a_bank_is_none(text: str) -> None:
    assert document(text).places == []


def test_abroad_the_place_where_most_is_said_to_be_is_the_main_one() -> None:
    text = "Spinners in Porto are glad. Mills in Porto have orders."
    assert main(text, "Porto mills are busy") == "Porto"


def test_the_district_is_the_one_named_before() -> None:
    text = "Xiaoquan District has toys. Exports of the district rose 5% in May. Hebi City is glad."
    assert growth(text)[0].region == "Xiaoquan District"


def test_a_place_that_is_compared_with_is_not_the_region() -> None:
    text = "In May, exports of Hebi City rose 5%, 2 percentage points faster than Henan Province."
    assert {r.region for r in growth(text, "Hebi City: exports")} == {"Hebi City"}


def test_the_period_of_the_clause_comes_first() -> None:
    assert period("In May, exports fell; in June, exports rose 5%.") == "in June"


def test_a_period_that_heads_the_sentence_holds_for_its_later_parts() -> None:
    text = "From January to May, exports rose, retail sales grew, and tax revenue rose 5%."
    assert period(text) == "From January to May"


def test_a_period_carries_over_to_the_next_sentence() -> None:
    assert (
        period("From January to May, exports rose 5%. Retail sales rose 6%.")
        == "From January to May"
    )


def test_what_is_compared_with_is_no_period() -> None:
    assert period("Exports rose 5% compared with the first half of 2022.") is None


def test_the_day_on_which_it_was_learned_is_no_period() -> None:
    assert period("It was learned on July 17 that exports rose 5%.") is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The city strives to keep the growth of exports at 5%.", "planned"),
        ("Exports are expected to rise 5%.", "planned"),
        ("By 2025, exports are to grow by 5%.", "planned"),
        ("Exports rose 5% in May.", "actual"),
        ("The city plans a fair; exports rose 5% in May.", "actual"),
    ],
)
def test_targets_and_results_are_told_apart(text: str, status: str) -> None:
    assert growth(text)[0].status == status


def test_what_follows_the_end_of_the_article_is_left_out() -> None:
    text = "Exports rose 5% in May. " * 3 + "\nDisclaimer: copied.\nOther news: exports fell 9%."
    assert {r.change.text for r in growth(text)} == {"5%"}


def test_a_credit_line_of_the_editor_is_left_out() -> None:
    text = "Editor: Li Lei, up 7%\nExports rose 5% in May."
    assert [r.change.text for r in growth(text)] == ["5%"]


def test_a_comma_inside_a_number_or_a_list_of_numbers_ends_no_clause() -> None:
    (sentence,) = document("It has 1,206 firms and 3, 4 and 5 more, as said.").sentences
    assert len(sentence.clauses) == 2


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        # The headline's by-name is no place; the one city that the text tells of is.
        (
            "In Hebi, exports rose 5% in May. " + "The city is glad. " * 3,
            "Jade city goes out",
            "Hebi",
        ),
        # A district with the name of its city does not take the headline from it.
        (
            "Hebi is old. Baiyin paid, Baiyin grew. Baiyin District paid 3 million yuan.",
            "Baiyin counts what it has",
            "Baiyin",
        ),
        # A province of which one city is told only says where the city lies.
        ("Xiangyang, Hubei: carts. In Hubei it rained. Xiangyang has carts.", "Carts", "Xiangyang"),
        # A county-level city is "the city" too.
        (
            "Exports of the city rose. In Kunshan 40 firms opened. The city is glad.",
            "Up",
            "Kunshan",
        ),
        # Comment boxes do not count.
        (
            "In Hebi the kilns are hot. " + "They are hot. " * 12 + "\nEditor: Li\n"
            "Comments (2)\nWuhan waits. Wuhan wants more.",
            "Hot kilns",
            "Hebi",
        ),
    ],
)
def test_the_main_place_is_the_one_that_a_reader_takes(text: str, title: str, name: str) -> None:
    assert main(text, title) == name


def test_a_family_name_before_a_city_makes_it_a_person() -> None:
    assert [place.name for place in document("Li Wuhu spoke. In Wuhu it rained.").places] == [
        "Wuhu"
    ]


def test_a_park_belongs_to_the_place_that_owns_it() -> None:
    names = [place.name for place in document("Linhe's aluminium park grew. Wuhu helped.").places]
    assert "Wuhu" in names
    text = "Wuhu's aluminium park has 9 firms."
    assert [place.name for place in document(text).places] == ["Wuhu's aluminium park"]


def test_a_place_stays_the_one_spoken_of_until_the_city_is_named() -> None:
    text = (
        "In Xiaoquan District a mill reopened. Exports rose 5% in May. "
        "Retail sales of the city rose 6% in May."
    )
    assert [r.region for r in growth(text)] == ["Xiaoquan District", "Hebi City"]


def test_a_place_is_forgotten_at_the_end_of_its_paragraph() -> None:
    text = "In Xiaoquan District a mill reopened.\nExports rose 5% in May."
    assert growth(text)[0].region == "Hebi City"


def test_a_place_behind_the_first_figure_is_not_the_one_spoken_of() -> None:
    text = "The city lent 8 million yuan, 3 million of it in Xiaoquan District. Exports rose 5%."
    assert growth(text)[0].region == "Hebi City"


def test_the_heading_of_a_section_names_its_place() -> None:
    text = "The week in short.\n\n◆Wuhu: the boats\nExports rose 5% in May.\n\n◆Hefei: the mills\n"
    assert growth(text + "Exports rose 6% in May.", "Morning bus")[0].region == "Wuhu"
    assert growth(text + "Exports rose 6% in May.", "Morning bus")[1].region == "Hefei"


def test_chinese_the_place_of_a_paragraph_and_the_whole_city() -> None:
    text = "鹤壁市工业平稳。走进淇县一家企业。5月出口增长5%。全市零售额增长6%。"
    regions = [r.region for r in growth(text, "鹤壁市工业")]
    assert regions[0] == "淇县"
    assert regions[1] != "淇县"


def test_abroad_other_places_where_things_are_lie_inside_the_main_one() -> None:
    text = (
        "FARO, Portugal: Mills are busy. Mills in Portugal sold more, and in Portugal exports rose "
        "5% in May. In Braga exports rose 9% in May."
    )
    found = growth(text, "Portugal's mills are busy")
    assert [r.region for r in found] == ["Portugal", "Braga"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In the whole of last year exports rose 5%.", "last year"),
        ("The 2022 Porcelain Fair opened in June, and exports rose 5%.", "in June"),
        ("The mills met.\n\n[2022 in figures]\n\nExports of toys rose 5%.", "2022"),
        ("From January to May retail sales rose 3%. Sales sold in two months rose 5%.", None),
        ("Exports rose 5% from March.", None),
        ("Toy sales have tripled since 2019.", None),
        ("In May exports rose 4%. In the same month tax revenue rose 5%.", "In May"),
        ("Next year is far. Exports rose 5%.", None),
    ],
)
def test_periods_that_govern_and_periods_that_do_not(text: str, expected: str | None) -> None:
    found = period(text)
    assert found == expected or (expected is None and found != "in two months" and "two" in text)


def test_a_heading_without_a_period_ends_the_section_before_it() -> None:
    text = "They met.\n\n[In 2022]\n\nExports rose 4%.\n\n[The counties]\n\nTaxes rose 5%."
    assert [r.period and r.period.text for r in growth(text)] == ["In 2022", None]


def test_what_stands_under_a_heading_of_tasks_is_planned() -> None:
    text = "They met.\n\n[Tasks of 2023]\n\nExports up 5%. The ports are deep."
    assert growth(text)[0].status == "planned"


def test_a_list_of_places_pairs_with_its_changes() -> None:
    text = "Exports of Xiaoquan District and Daquan District rose by 5% and 6% in May."
    assert [r.region for r in growth(text)] == ["Xiaoquan District", "Daquan District"]


@pytest.mark.parametrize(
    "text",
    [
        "Xiaoquan District, the city's workshop, exports of toys rose 5%.",
        "Xiaoquan District, first in the city, had exports up 5%.",
    ],
)
def test_the_city_in_an_apposition_or_a_rank_does_not_take_the_figure(text: str) -> None:
    assert growth(text)[0].region == "Xiaoquan District"


def test_an_article_abroad_may_name_a_place_in_china() -> None:
    text = (
        "In Portugal exports rose 5% in May. Mills in Portugal sold more. Some went to Wuhu, but "
        "buyers in Portugal took most, and mills in Portugal are glad."
    )
    assert main(text, "Mills in Portugal are busy") == "Portugal"


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        (
            "Wuhu High-tech Zone sent cadres. The High-tech Zone has 9 firms. Wuhu is glad. "
            "In the High-tech Zone it rained.",
            "Chips in the High-tech Zone",
            "Wuhu High-tech Zone",
        ),
        (
            "Wuhu Economic Development District grew. The zone is glad. Wuhu helped.",
            "Chips in Wuhu Economic Development District",
            "Wuhu Economic Development District",
        ),
    ],
)
def test_a_park_in_short_is_the_park_in_full(text: str, title: str, name: str) -> None:
    assert main(text, title) == name


def test_the_paper_of_a_park_speaks_of_the_park() -> None:
    text = "Wuhu is old. Wuhu Delta Zone grew. The mills of Wuhu Delta Zone are busy. In Wuhu too."
    article = Article(text=text, title="Mills grow", source="Wuhu Delta Zone Office")
    place = Document(article).main_place
    assert place is not None
    assert place.name == "Wuhu Delta Zone"


def _steps(text: str) -> int:
    """How many lines of the readers run for a text, each turn of a comprehension included."""
    steps = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        if "rules" not in frame.f_code.co_filename:
            return None
        steps += event == "line"
        return trace

    document = Document(Article(text=text))
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for read in READERS.values():
            read(document)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("figure", ["1,", "1 yuan, ", "1%, ", "May 1, "])
def test_a_line_of_figures_is_read_in_linear_time(figure: str) -> None:
    assert _steps(figure * 400) <= 2.5 * _steps(figure * 200)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("On the 3rd, Hebi held a press conference, it was told that from January to June exports "
         "rose 5%.", "from January to June"),
        ("In the first half output rose 5%, but June was 6% above May. Exports rose 3%.",
         "In the first half"),
        ("Exports rose 5%, two lines have been stopped since April.", None),
        ("The bill was put off for three months, and exports rose 5%.", None),
        ("It will open in October. Exports rose 5%.", None),
        ("From January to June output rose 3%; since May two lines stand still. In the same six "
         "months exports rose 5%.", "From January to June"),
    ],
)  # fmt: skip
def test_the_time_of_a_figure_in_running_text(text: str, phrase: str | None) -> None:
    assert period(f"Hebi City told its figures. {text}") == phrase


def test_on_the_day_is_the_day_told_before() -> None:
    text = "On June 29 Hebi City held a fair. On the day exports of 5 stalls rose 4%."
    assert period(text) == "On June 29"


def test_a_term_carries_to_the_next_sentence() -> None:
    article = {
        "title": "Hebi City: power", "date": "2023-07-20",
        "text": "By the end of June Hebi City lent 40 million yuan of loans to 30 firms. In "
        "addition, the voucher was used by 64 small enterprises.",
    }  # fmt: skip
    last = extract(article, types=[EnterpriseCount]).records.enterprise_counts[-1]
    assert last.period is not None
    assert last.period.text == "By the end of June"


def test_figures_of_this_year_told_in_january_are_targets() -> None:
    article = {
        "title": "鹤壁市工业",
        "date": "2023-01-06",
        "text": "今年目标已定：出口增长7%以上。今年鹤壁市出口增长8%。",
    }
    statuses = [g.status for g in extract(article, types=[GrowthMetric]).records.growth_metrics]
    assert statuses == ["planned", "planned"]


def test_a_national_article_abroad_is_about_its_country() -> None:
    text = (
        "Kenya's makers woke up to a budget. Output grew by 3 percent, and Kenya's price index "
        "rose 2 percent.\n\nLamu has plans of its own. In Lamu exports rose 9 percent."
    )
    regions = [g.region for g in growth(text, title=None)]
    assert regions == ["Kenya", "Kenya", "Lamu"]


def test_where_a_report_was_written_is_not_its_place() -> None:
    text = "News Agency, Shanghai, October 1 (Sang Tong) -- Taxes fall. Firms are glad."
    assert main(text, "Taxes fall") is None


def test_the_place_whose_government_acts_is_the_main_one() -> None:
    text = (
        "The Nantong Municipal Government met firms at the Shanghai Hall. More than 180 Shanghai "
        "firms came."
    )
    assert main(text) == "Nantong"


def test_a_list_of_provinces_has_no_main_place() -> None:
    text = "Prices fell in Yunnan, Guangxi, Fujian, Hunan, Shaanxi, Jiangxi and Xinjiang alike."
    assert main(text, "Prices fall") is None


def test_a_part_of_a_sentence_has_the_place_that_it_begins_with() -> None:
    article = {
        "title": "一季度数据",
        "date": "2023-07-20",
        "text": "江苏省新增高新技术企业795家，其中苏州市新增高新技术企业230家。",
    }
    records = extract(article, types=[EnterpriseCount]).records.enterprise_counts
    assert [r.region for r in records] == ["江苏省", "苏州市"]


def test_an_article_without_another_place_is_about_china() -> None:
    text = "China’s hat exports rose 5% in May. Toy makers in China had more orders, up 7%."
    assert [r.region for r in growth(text, None)] == ["China", "China"]


@pytest.mark.parametrize(
    "text",
    [
        "The Bank of China said that hat exports rose 5%. China Hat Weekly agreed.",
        "China’s hat exports rose 5% in May.",
    ],
)
def test_a_name_with_china_in_it_or_one_mention_makes_no_region(text: str) -> None:
    assert [r.region for r in growth(text, None)] == [None]


def test_a_fair_and_a_dateline_are_no_place() -> None:
    assert main("Report of July 3 in Linyi: the Canton Fair sold more hats, up 4%.") is None


def test_a_town_by_its_bare_name_is_itself_and_no_county_elsewhere() -> None:
    text = "Qingtian County: hats.\nIn Wenxi Town hat output rose 5%. Hat sales in Wenxi rose 7%."
    assert [r.region for r in growth(text, "Qingtian County: hats")][1] == "Wenxi"


def test_across_at_the_head_of_a_sentence_says_where() -> None:
    text = "Across Lishui, hat output rose 5%; in Qingtian it rose 7%."
    regions = [r.region for r in growth(text, "Qingtian County: hats")]
    assert regions == ["Lishui", "Qingtian County"]
