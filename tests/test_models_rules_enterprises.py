"""Enterprise counts by rules: on invented sentences, English and Chinese."""

from __future__ import annotations

import pytest

from extractor import extract
from extractor.records import EnterpriseCount

DATE = "2023-07-20"


def counts(text: str) -> list[EnterpriseCount]:
    article = {"title": "Hebi City: how its firms fare", "date": DATE, "text": text}
    return extract(article, types=[EnterpriseCount]).records.enterprise_counts


def zh(text: str) -> list[EnterpriseCount]:
    article = {"title": "鹤壁市企业培育", "date": DATE, "text": text}
    return extract(article, types=[EnterpriseCount]).records.enterprise_counts


def test_a_total_gives_every_field() -> None:
    (record,) = counts(
        "By the end of June, there were 215 provincial-level specialized and special new "
        "enterprises in the city."
    )
    assert record.category == "provincial-level specialized and special new enterprises"
    assert (record.designation, record.level, record.measure) == (
        "specialized_new",
        "provincial",
        "total",
    )
    assert record.count.value == 215
    assert record.region == "Hebi City"
    assert record.period is not None
    assert record.period.text == "By the end of June"


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("The city attracted 30 equipment companies this year.", "added"),
        ("This year, 30 new high-tech enterprises were recognized.", "added"),
        ("In May, 12 enterprises were included in the list of green factories.", "added"),
        ("The bank extended credit to 30 toy manufacturers.", "supported"),
        ("The bureau held talks for 30 toy enterprises.", "supported"),
        ("In May, 30 enterprises received rewards.", "supported"),
        ("In May, 30 enterprises participated in the fair.", "supported"),
        ("The city recommended 30 enterprises as national little giants.", "supported"),
        ("There are 30 listed companies in the city.", "total"),
        ("The number of toy enterprises in the city has reached 30.", "total"),
        ("The number of toy enterprises increased to 30.", "total"),
    ],
)
def test_the_verb_tells_added_supported_and_total_apart(text: str, measure: str) -> None:
    assert [(r.count.value, r.measure) for r in counts(text)] == [
        (30 if "30" in text else 12, measure)
    ]


@pytest.mark.parametrize(
    ("phrase", "designation"),
    [
        ('national "little giant" enterprises', "little_giant"),
        ("single champion enterprises", "single_champion"),
        ("innovative small and medium-sized enterprises", "innovative_sme"),
        ("high-tech enterprises", "high_tech"),
        ("technology-based small and medium-sized enterprises", "tech_sme"),
        ("industrial enterprises above designated size", "above_scale"),
        ("listed companies", "listed"),
        ("smart factories", "smart_factory"),
        ("green factories", "green_factory"),
        ("specialized, special and new enterprises", "specialized_new"),
        ('specialized and new "little giant" enterprises', "little_giant"),
        ("furniture enterprises", "other"),
    ],
)
def test_titles_by_their_translations(phrase: str, designation: str) -> None:
    (record,) = counts(f"There are 45 {phrase} in the city.")
    assert record.designation == designation


def test_new_and_total_in_one_sentence_are_four_records() -> None:
    text = (
        "This year, five new green factories and 12 new smart factories were added, bringing "
        "the respective totals to 31 and 58."
    )
    assert [(r.designation, r.count.value, r.measure) for r in counts(text)] == [
        ("green_factory", 5, "added"),
        ("smart_factory", 12, "added"),
        ("green_factory", 31, "total"),
        ("smart_factory", 58, "total"),
    ]


def test_nested_counts_are_parts_of_the_whole() -> None:
    text = (
        "The city has 310 green factories, including 12 national-level and 41 provincial-level "
        "ones."
    )
    assert [(r.count.value, r.level, r.part_of) for r in counts(text)] == [
        (310, None, None),
        (12, "national", "310"),
        (41, "provincial", "310"),
    ]


def test_of_them_makes_a_part() -> None:
    first, second = counts(
        "There are 64 toy enterprises in the city, 9 of them newcomers this year."
    )
    assert (second.part_of, second.measure, first.part_of) == ("64", "added", None)


def test_numbers_that_restate_two_lists_pair_in_order() -> None:
    text = (
        "The city has 20 high-tech enterprises and 70 innovative small and medium-sized "
        "enterprises, "
        "of which 3 and 11 respectively were newly added this year."
    )
    assert [(r.designation, r.count.value, r.measure, r.part_of) for r in counts(text)][2:] == [
        ("high_tech", 3, "added", "20"),
        ("innovative_sme", 11, "added", "70"),
    ]


def test_a_restating_list_of_another_length_gives_nothing_of_its_own() -> None:
    text = (
        "The city has 20 high-tech enterprises, of which 3 and 11 respectively were newly added "
        "this year."
    )
    assert [r.count.value for r in counts(text)] == [20]


def test_a_target_is_planned() -> None:
    (record,) = counts("The city will strive to have 80 listed companies by 2025.")
    assert record.status == "planned"


@pytest.mark.parametrize(
    "text",
    [
        "Three banks visited the county.",
        "The city has 12 enterprise technology centers.",
        "Enterprises reported 531 problems.",
        "The city organized 14 fairs for enterprises.",
        "It ranks among the top 500 enterprises.",
        "Enterprises were visited 1,052 times.",
        "The output price index of large enterprises was 7.",
        "In one enterprise, 120 workers were trained.",
    ],
)
def test_what_is_no_number_of_firms_gives_nothing(text: str) -> None:
    assert counts(text) == []


def test_households_are_firms_only_where_something_says_so() -> None:
    assert counts("The water reached 300 households in the village.") == []
    assert [
        r.count.value for r in counts("The tax cuts benefited 300 households in the city.")
    ] == [300]


def test_a_count_said_twice_is_one_record() -> None:
    text = (
        "There are 45 listed companies in the city. The mayor said there are 45 listed companies."
    )
    assert len(counts(text)) == 1


def test_the_district_named_in_the_sentence_is_the_region() -> None:
    (record,) = counts(
        "Hebi City is growing. In Xiaoquan District, 14 toy enterprises resumed work in May."
    )
    assert record.region == "Xiaoquan District"


@pytest.mark.parametrize(
    ("text", "count", "designation", "measure"),
    [
        ("截至6月底，全市拥有规上工业企业512户。", 512, "above_scale", "total"),
        ("今年以来，全市新增高新技术企业36家。", 36, "high_tech", "added"),
        ("银行为58家小微企业发放贷款。", 58, "other", "supported"),
        ("6月，24家工厂入选国家级“小巨人”名单。", 24, "little_giant", "added"),
        ("省级专精特新企业达188家。", 188, "specialized_new", "total"),
        ("政策惠及企业320家。", 320, "other", "supported"),
    ],
)
def test_chinese_counts(text: str, count: int, designation: str, measure: str) -> None:
    assert [(r.count.value, r.designation, r.measure) for r in zh(text)] == [
        (count, designation, measure)
    ]


def test_chinese_restating_list_pairs_in_order() -> None:
    text = (
        "全市有国家级“小巨人”企业26家、省级专精特新企业318家，其中上半年新认定的分别为3家和57家。"
    )
    assert [(r.count.value, r.measure, r.part_of) for r in zh(text)] == [
        (26, "total", None),
        (318, "total", None),
        (3, "added", "26家"),
        (57, "added", "318家"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "惠及企业1052户次。",
        "全市有41个大类行业。",
        "建成省级企业技术中心12家。",
        "9家银行参加会议。",
    ],
)
def test_chinese_numbers_of_other_things_give_nothing(text: str) -> None:
    assert zh(text) == []


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        (
            "There are 310 regulated industrial enterprises, of which 57 entered the rules.",
            57,
            "added",
        ),
        ("310 firms got vouchers, and 48 of them have drawn loans.", 48, "supported"),
        ("The city has 310 firms, and only 31 regulated ones.", 31, "total"),
        ("217 new enterprises were added, the total number stood at 2,012.", 2012, "total"),
        ("64 small firms have borrowed through it.", 64, "supported"),
        ("The city wants five more listed companies.", 5, "added"),
        ("In June the market entities reached 4,100 households.", 4100, "total"),
    ],
)
def test_numbers_whose_firms_stand_elsewhere(text: str, number: int, measure: str) -> None:
    found = [r for r in counts(text) if r.count.value == number]
    assert [r.measure for r in found] == [measure]


def test_a_measure_word_takes_the_firms_in_front() -> None:
    (record,) = counts("In June the market entities reached 4,100 households.")
    assert record.category == "market entities"


def test_a_number_of_hundreds_of_millions_counts_no_firms() -> None:
    text = "Loans to 40 firms are 8 billion yuan, of which 1.1 billion carried no collateral."
    assert [r.count.value for r in counts(text)] == [40]


def test_an_increase_by_a_number_is_no_count() -> None:
    text = "In May 913 firms registered, up by 36 compared with May last year."
    assert [r.count.value for r in counts(text)] == [913]


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ("全年新增规上工业企业18户以上。", 18, "added"),
        ("省级“瞪羚”企业201家，其中寿光就占了52家。", 52, "total"),
        ("截至3月底，42户企业领到了钱。", 42, "supported"),
        ("力争年内新升规200家。", 200, "added"),
    ],
)
def test_chinese_numbers_at_the_edge_of_the_grammar(text: str, number: int, measure: str) -> None:
    assert [r.measure for r in zh(text) if r.count.value == number] == [measure]


def test_firms_said_behind_their_number_to_be_candidates_are_supported() -> None:
    (english,) = counts("This spring 12 firms were recommended to the province for a title.")
    (chinese,) = zh("今年有12家企业被推荐申报省级专精特新企业。")
    assert [(r.count.value, r.measure) for r in (english, chinese)] == [(12, "supported")] * 2


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ('Provincial "green factories" 41, a good many.', 41, "total"),
        ("High-tech enterprises exceeded 290 in Hebi.", 290, "total"),
        ("The single champion reaches 8 in Hebi.", 8, "total"),
        ("Hebi has 400 high-tech enterprises, net increase 38.", 38, "added"),
        ("Of 300 firms that were insured, of which 63 are in toys.", 63, "supported"),
        ("The voucher was taken up by 640 registered enterprises.", 640, "supported"),
        ("More than 2,300 enterprises have gone to the cloud.", 2300, "supported"),
        ("58 of the 61 regulated industries are at work.", 61, "total"),
    ],
)
def test_numbers_behind_their_firms_and_what_happened_to_them(
    text: str, number: int, measure: str
) -> None:
    found = {(int(r.count.value), r.measure) for r in counts(text)}
    assert (number, measure) in found


@pytest.mark.parametrize(
    ("text", "number", "measure"),
    [
        ("全市新添高新技术企业14家，总数升至58家。", 58, "total"),
        ("高新技术企业由2021年底的72家增加到2022年底的91家。", 91, "total"),
        ("专项行动新增首贷户526户。", 526, "added"),
        ("奖补资金740万元，被4家玩具企业拿走。", 4, "supported"),
    ],
)
def test_chinese_totals_that_a_sentence_goes_on_to(text: str, number: int, measure: str) -> None:
    assert (number, measure) in {(int(r.count.value), r.measure) for r in zh(text)}


def test_firms_that_closed_are_no_count() -> None:
    assert counts("In May 1,105 taxpayers were cancelled.") == []


def test_a_part_of_firms_that_stand_behind_their_whole() -> None:
    part, whole = counts("8 of the 17 toy makers took loans.")
    assert (int(part.count.value), part.part_of, part.measure) == (8, "17", "supported")
    assert (int(whole.count.value), whole.part_of, whole.measure) == (17, None, "total")


def test_households_in_a_sentence_about_money_are_supported() -> None:
    (record,) = counts("The loan went on in May: 47 households, 92 million yuan.")
    assert record.measure == "supported"


def test_a_title_in_either_spelling_is_one() -> None:
    british, american = (
        counts(f"Hebi has 58 {word} and refined, special and new firms.")[0]
        for word in ("specialised", "specialized")
    )
    assert british.designation == american.designation == "specialized_new"


def test_a_chinese_town_before_its_firms_is_their_region() -> None:
    (record,) = zh("补贴已经到账，其中新河镇4家玩具企业拿走740万元。")
    assert record.region == "新河镇"


def test_a_park_of_the_headline_is_a_place_in_its_full_and_short_name() -> None:
    article = {
        "title": "东塘开发区晒家底", "date": "2023-07-20",
        "text": "东塘开发区不大。东塘目前有玩具企业40家。",
    }  # fmt: skip
    (record,) = extract(article, types=[EnterpriseCount]).records.enterprise_counts
    assert record.region == "东塘开发区"


def test_firms_in_brackets_behind_a_number_are_not_what_it_counts() -> None:
    assert "其中" not in "".join(r.category for r in zh("服务各类主体487户（其中企业204家）。"))


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("The city is home to 61 pump makers.", "total"),
        ("So far, 38 enterprises have completed digital transformation.", "supported"),
        ("A total of 16 companies were named as hidden champions.", "added"),
        ("Cadres were linked with and contacted 860 enterprises.", "supported"),
    ],
)
def test_what_happened_to_firms_by_more_verbs(text: str, measure: str) -> None:
    assert [r.measure for r in counts(text)] == [measure]


def test_a_rise_from_one_number_to_another_is_two_totals() -> None:
    text = "The number of technology-based SMEs has increased from 300 to 520."
    assert [(r.count.value, r.measure) for r in counts(text)] == [(300, "total"), (520, "total")]


def test_a_number_in_all_is_the_total() -> None:
    text = "This year 16 companies were added, making 70 in all."
    assert [(r.count.value, r.measure) for r in counts(text)] == [(16, "added"), (70, "total")]


def test_a_number_that_goes_on_is_of_the_same_firms() -> None:
    text = "The platform has 870 pump makers, and 95 have got credit through it."
    assert [r.count.value for r in counts(text)] == [870, 95]


def test_a_level_alone_keeps_the_title() -> None:
    text = "There are ten green factories at the national level and 26 at the provincial level."
    assert [(r.designation, r.count.value) for r in counts(text)] == [
        ("green_factory", 10),
        ("green_factory", 26),
    ]


def test_the_firms_of_a_place_may_be_named_as_its_own() -> None:
    (record,) = counts('Six of the city\'s firms made it onto the list of "little giants".')
    assert (record.count.value, record.measure) == (6, "added")


def test_money_before_firms_is_no_part_of_their_name() -> None:
    text = "Subsidies of 132 million yuan to help enterprises were paid to 416 households."
    assert [r.category for r in counts(text)] == ["households"]


def test_bare_numbers_of_a_next_sentence_are_of_the_firms_told_before() -> None:
    text = "The city has 214 lamp makers. Last year 31 were added. Of these, 12 have got loans."
    assert [(r.category, r.count.value) for r in counts(text)] == [
        ("lamp makers", 214),
        ("lamp makers", 31),
        ("lamp makers", 12),
    ]


def test_a_number_of_other_things_in_a_next_sentence_is_no_count() -> None:
    text = "The city has 214 lamp makers. It began 51 projects, of which 3 are in the hills."
    assert [r.count.value for r in counts(text)] == [214]


def test_chinese_numbers_of_a_next_sentence_are_of_the_firms_told_before() -> None:
    text = "该市有规上企业214家，今年又有18家上规。目前，累计培育数量301家。"
    assert [(r.count.value, r.measure) for r in zh(text)] == [
        (214, "total"),
        (18, "added"),
        (301, "total"),
    ]


def test_firms_that_are_helped_are_supported_whatever_they_get() -> None:
    assert [r.measure for r in zh("干部帮助46家企业引进设备。")] == ["supported"]
    assert [r.measure for r in zh("该市推动12家企业上规。")] == ["added"]


def test_a_list_with_colons_counts_its_firms() -> None:
    text = "Cultivation:\n- new lamp enterprises: 14\n- high-tech enterprises: 9\nThe rest waits."
    assert [r.count.value for r in counts(text)] == [14, 9]


def test_parks_before_firms_are_not_counted_as_firms() -> None:
    assert [r.count.value for r in zh("两个园区入园企业74家，投产52家。")] == [74, 52]


def test_a_part_of_firms_told_before_in_chinese() -> None:
    text = "全市410家鞋企中，286家用上了新窑。银行为其中9家提供贷款。"
    assert [(r.count.value, r.measure) for r in zh(text)] == [
        (410, "total"),
        (286, "total"),
        (9, "supported"),
    ]


def test_a_part_of_the_firms_of_a_place_names_its_whole() -> None:
    part, whole = counts("So far 28 of the city's 41 lamp makers have bought a new kiln.")
    assert (part.count.value, whole.count.value) == (28, 41)
    assert part.part_of is not None
