"""Policies by rules: on invented sentences, English and Chinese."""

from __future__ import annotations

import pytest

from extractor import extract
from extractor.records import Policy

DATE = "2023-07-20"


def policies(text: str) -> list[Policy]:
    article = {"title": "Hebi City: what it does for firms", "date": DATE, "text": text}
    return extract(article, types=[Policy]).records.policies


def zh(text: str) -> list[Policy]:
    article = {"title": "鹤壁市惠企政策", "date": DATE, "text": text}
    return extract(article, types=[Policy]).records.policies


def test_a_quoted_title_gives_every_field() -> None:
    (record,) = policies(
        'In March, Hebi City issued the "Several Measures on Steadying the Toy Industry", with 18 '
        "measures in four fields."
    )
    assert record.name == "Several Measures on Steadying the Toy Industry"
    assert (record.kind, record.issuer, record.level) == ("measure", "Hebi City", "municipal")
    assert record.measure_count is not None
    assert record.measure_count.value == 18
    assert record.period is not None
    assert record.period.text == "In March"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ('The city launched the "Warm Autumn" campaign.', '"Warm Autumn" campaign', "programme"),
        ('It set up the "Chain Keeper" system.', '"Chain Keeper" system', "mechanism"),
        (
            "The county issued the Implementation Rules for Grading Toy Exporters.",
            "Implementation Rules for Grading Toy Exporters",
            "regulation",
        ),
        (
            "The city issued an action plan for the upgrading of toy makers.",
            "action plan for the upgrading of toy makers",
            "plan",
        ),
        (
            "The city has introduced 14 supporting policies for toy exports.",
            "14 supporting policies for toy exports",
            "measure",
        ),
        (
            'Banks launched the "Toy Loan" for small firms.',
            "Toy Loan",
            "programme",
        ),
    ],
)
def test_names_in_quotes_capitals_descriptions_and_numbers(text: str, name: str, kind: str) -> None:
    assert [(r.name, r.kind) for r in policies(text)] == [(name, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "The city strengthened its services.",
        'The slogan is "three strong cities and three centres".',
        'The firm won the "Golden Bull" award.',
        'The city held the "Toy Future" forum.',
        "The construction plan was discussed.",
        '"We ask for the order book and not for the plan," she said.',
        "The city issued relevant policies.",
    ],
)
def test_effort_slogans_awards_meetings_and_topics_are_no_policies(text: str) -> None:
    assert policies(text) == []


def test_a_policy_named_twice_is_one_record() -> None:
    text = (
        'The city launched the "Warm Autumn" campaign. The "Warm Autumn" campaign helped 12 firms.'
    )
    assert len(policies(text)) == 1


def test_a_draft_is_planned() -> None:
    (record,) = policies(
        'The "Measures for the Supervision of Toy Makers" will be issued in August.'
    )
    assert record.status == "planned"


def test_what_a_plan_aims_at_does_not_make_it_planned() -> None:
    (record,) = policies(
        "The city issued an action plan for toy makers, which will cultivate 12 champions."
    )
    assert record.status == "actual"


@pytest.mark.parametrize(
    ("text", "name", "kind", "level"),
    [
        (
            "市政府印发《鹤壁市促进玩具产业发展若干措施》。",
            "鹤壁市促进玩具产业发展若干措施",
            "measure",
            "municipal",
        ),
        ("市经信局启动“暖企”专项行动。", "“暖企”专项行动", "programme", "municipal"),
        ("县里建立“链长制”。", "链长制", "mechanism", "county"),
        ("省工信厅发布《智能工厂管理办法》。", "智能工厂管理办法", "regulation", "provincial"),
    ],
)
def test_chinese_titles(text: str, name: str, kind: str, level: str | None) -> None:
    assert [(r.name, r.kind, r.level) for r in zh(text)] == [(name, kind, level)]


@pytest.mark.parametrize(
    "text", ["《鹤壁日报》报道了此事。", "企业荣获“金牛奖”。", "大会在“会展中心”举行。"]
)
def test_chinese_papers_awards_and_places_are_no_policies(text: str) -> None:
    assert zh(text) == []


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Harbour Lift, a programme that the bureau opened, pays.", "Harbour Lift", "programme"),
        ("A strategy called Open Yards is ready.", "strategy called Open Yards", "plan"),
        ("12 firms came through the Seed to Shelf matchmaking programme.",
         "Seed to Shelf matchmaking programme", "programme"),
        ("In May it adopted a 16-point relief package for yards.",
         "16-point relief package for yards", "measure"),
        ('The bank developed the "Kiln Tax Loan" for them.', "Kiln Tax Loan", "programme"),
    ],
)  # fmt: skip
def test_names_in_running_text(text: str, name: str, kind: str) -> None:
    assert [(r.name, r.kind) for r in policies(text)] == [(name, kind)]


def test_the_points_of_a_package_are_its_measures() -> None:
    (record,) = policies("In May it adopted a 16-point relief package for yards.")
    assert record.measure_count is not None
    assert record.measure_count.value == 16


@pytest.mark.parametrize(
    "text",
    [
        '"Every programme wants a plan," he said.',
        "A “1+N” loan risk compensation fund pool was set up.",
        "The plan of the Harbour Institute, a programme, is old.",
    ],
)
def test_speech_compounds_and_bodies_are_no_policies(text: str) -> None:
    assert policies(text) == []


def test_a_policy_that_something_is_done_under_does_not_take_its_time() -> None:
    (record,) = policies("In September the bureau paid under the Kiln Shops Initiative.")
    assert record.period is None


def test_a_draft_is_planned_wherever_it_says_so() -> None:
    (record,) = policies("Under draft Measures on the Sharing of Credit Data firms must report.")
    assert record.status == "planned"


def test_chinese_loan_in_quotation_marks_is_a_programme() -> None:
    (record,) = zh("农商行上线“橙链贷”，服务果品加工。")
    assert (record.name, record.kind) == ("橙链贷", "programme")


def when(text: str) -> str | None:
    (record,) = policies(text)
    return record.period.text if record.period else None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ('The "Toy Lift" campaign began in May.', "in May"),
        ('The "Toy Rules" have been in force since June 1.', "since June 1"),
        ('Under the "Toy Lift" campaign, 40 firms took loans in May.', None),
        ('The "Toy Lift" campaign is popular, and in May 40 firms joined.', None),
    ],
)
def test_a_policy_has_the_time_of_its_own_event(text: str, period: str | None) -> None:
    assert when(text) == period


def test_a_date_before_one_title_is_not_that_of_a_later_one() -> None:
    text = "局长说，今年3月印发的《玩具产业提升方案》开局不错，配套的“百名工匠进车间”行动来了40人。"
    first, second = zh(text)
    assert first.period is not None
    assert first.period.text == "今年3月"
    assert second.period is None


def test_the_date_of_the_basis_of_a_measure_is_its_own() -> None:
    (record,) = zh("按照市里去年3月修订的《玩具企业培育管理办法》，对新入规企业给予奖励。")
    assert record.period is not None
    assert record.period.text == "去年3月"


@pytest.mark.parametrize(
    "text",
    [
        'The "Toy Rules" of the city are being revised.',
        'The "Toy Rules" are asking for opinions until Friday.',
        "《玩具产业管理办法》正在修订。",
    ],
)
def test_a_revision_under_way_is_planned(text: str) -> None:
    (record,) = policies(text) if text.isascii() else zh(text)
    assert record.status == "planned"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            'It promotes the "Toy Pledge Loan" and "Toy Order Loan" businesses.',
            ["Toy Pledge Loan", '"Toy Order Loan" businesses'],
        ),
        ('The city published the policy package of "three baskets".', ["policy package of"]),
        ('This is the "apply once, enjoy all" reform.', ['"apply once, enjoy all" reform']),
        ("It runs the 'pay later and keep going' measure.", ["'pay later and keep going' measure"]),
        ('The bureau launched the "Toy Night School" campaign.', ['"Toy Night School" campaign']),
        ("Its Kiln Voucher pays for a course.", ["Kiln Voucher"]),
        ("The Toy Fund Regulations, gazetted in May, are strict.", ["Toy Fund Regulations"]),
        ("全市实行“多贷少审”改革试点。", ["“多贷少审”改革试点"]),
        ("银行“上门”送贷到村。", []),
    ],
)
def test_more_forms_of_names(text: str, names: list[str]) -> None:
    found = [record.name for record in (policies(text) if text.isascii() else zh(text))]
    assert len(found) == len(names)
    assert all(name in full for name, full in zip(names, found, strict=True))


def test_a_number_of_articles_behind_a_title_is_its_size() -> None:
    (record,) = policies(
        'Hebi City issued the "Several Opinions on the Toy Trade", 19 articles in all.'
    )
    assert record.measure_count is not None
    assert record.measure_count.value == 19


@pytest.mark.parametrize(
    ("text", "issuer", "level"),
    [
        ('Hebi\'s "Toy Rules" are strict.', "Hebi", "municipal"),
        ('The "Toy Rules" of Hebi City are strict.', "Hebi City", "municipal"),
        ('The city\'s "Toy Lift" campaign goes on.', "Hebi City", "municipal"),
        ('The "Toy Lift" campaign was launched by the city in May.', "Hebi City", "municipal"),
        ("The Toy Shield Scheme, which the National Treasury launched in May, is a guarantee.",
         "National Treasury", "national"),
        ('The Decision of the State Council on Reducing the Fees of Toy Makers came out.',
         "State Council", "national"),
        ('The municipal "Toy Lift" campaign goes on.', None, "municipal"),
        ("The Hebi Taxation Bureau held a fair. In May the bureau launched the “Toy Lift” action.",
         "Hebi Taxation Bureau", "municipal"),
        ('Only the tax office\'s "Ask Once" window is new.', "tax office", "municipal"),
        ('The "Toy Loan" of the county\'s rural bank has lent much.', "county's rural bank", None),
        ('Hebi Rural Commercial Bank launched the "Toy Loan" programme.',
         "Hebi Rural Commercial Bank", None),
        ('The city government issued the "Toy Rules".', "city government", "municipal"),
    ],
)  # fmt: skip
def test_whose_policy_it_is(text: str, issuer: str | None, level: str | None) -> None:
    record = policies(text)[-1]
    assert (record.issuer, record.level) == (issuer, level)


def test_a_chinese_title_begins_with_its_issuer() -> None:
    (record,) = zh("《国务院关于促进玩具产业发展的意见》发布。")
    assert (record.issuer, record.level) == ("国务院", "national")


def test_another_places_own_policy_has_that_place_and_one_from_above_the_place_that_uses_it() -> (
    None
):
    (other,) = policies('Wuhan\'s "Toy Rules" are strict.')
    (above,) = policies('Henan Province\'s "Toy Lift" campaign helps the firms of Hebi City.')
    assert (other.region, above.region) == ("Wuhan", "Hebi City")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The city issued the “Ten Hard Rules of Toy Making”.", 10),
        ("The city issued the “Toy Lists”, 67 items in total, and the Toy Trade Opinions.", None),
    ],
)
def test_how_many_measures_a_title_says_it_has(text: str, count: int | None) -> None:
    found = policies(text)[0].measure_count
    assert (found.value if found else None) == count


def test_two_titles_joined_by_and_the_are_two() -> None:
    found = policies(
        "Hebi City released the Several Opinions on Building a Toy Capital and the Action Plan for "
        "Promoting Toy Design."
    )
    assert [record.name for record in found] == [
        "Several Opinions on Building a Toy Capital",
        "Action Plan for Promoting Toy Design",
    ]


def test_a_set_with_a_purpose_needs_no_verb() -> None:
    (record,) = policies("The 37 policies of Hebi for toy makers hang on the wall.")
    assert record.name == "37 policies of Hebi for toy makers hang on the wall"[: len(record.name)]


def test_a_headline_describes_no_policy() -> None:
    assert policies("Hebi: implement the toy upgrading policies with many measures\n\nText.") == []


def test_a_comma_before_a_closing_quotation_mark_is_no_part_of_a_name() -> None:
    (record,) = policies("Hebi City launched the queuing system “Swift Kiln,” which came first.")
    assert record.name == "queuing system “Swift Kiln”"


def test_two_titles_joined_by_a_capital_article_are_two_policies() -> None:
    text = "The city revised the Reward Measures for Kilns and The Collection of Policies for Hats."
    assert [r.name for r in policies(text)] == [
        "Reward Measures for Kilns",
        "Collection of Policies for Hats",
    ]


def test_words_that_tell_kinds_apart_are_no_policy() -> None:
    assert zh("窑炉有“独立烧成”“共同烧成”两种模式。") == []
