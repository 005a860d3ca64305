from __future__ import annotations

from datetime import date

import pytest

from extractor.values import Period, PhraseError

ON = date(2023, 7, 3)
# Phrase in an article of 3 July 2023, first day, last day.
PERIODS = [
    ("January to April", "2023-01-01", "2023-04-30"),
    ("the first half of this year", "2023-01-01", "2023-06-30"),
    ("the first quarter", "2023-01-01", "2023-03-31"),
    ("in June", "2023-06-01", "2023-06-30"),
    ("January to November", "2022-01-01", "2022-11-30"),
    ("in 2022", "2022-01-01", "2022-12-31"),
    ("last year", "2022-01-01", "2022-12-31"),
    ("this year", "2023-01-01", "2023-12-31"),
    ("since the beginning of this year", "2023-01-01", "2023-07-03"),
    ("so far this year", "2023-01-01", "2023-07-03"),
    ("as of the end of May", None, "2023-05-31"),
    ("by the end of May", None, "2023-05-31"),
    ("up to now", None, "2023-07-03"),
    ("so far", None, "2023-07-03"),
    ("at present", None, "2023-07-03"),
    ("since 2022", "2022-01-01", None),
    ("within three years", None, None),
    ("in recent years", None, None),
    ("the same period last year", None, None),
    ("fiscal 2023", None, None),
    ("1986/87", "1986-04-01", "1987-03-31"),
    ("the 14th Five-Year Plan period", "2021-01-01", "2025-12-31"),
    ("in the five months to May", "2023-01-01", "2023-05-31"),
    ("the three months to the end of June", "2023-04-01", "2023-06-30"),
    ("on Monday", "2023-07-03", "2023-07-03"),
    ("last Friday", "2023-06-30", "2023-06-30"),
    ("上周五", "2023-06-30", "2023-06-30"),
    ("before the year is out", None, "2023-12-31"),
    ("before the Spring Festival", None, None),
    ("国庆节前", None, None),
    ("现有", None, "2023-07-03"),
    ("1-4月", "2023-01-01", "2023-04-30"),
    ("上半年", "2023-01-01", "2023-06-30"),
    ("截至5月底", None, "2023-05-31"),
    ("今年以来", "2023-01-01", "2023-07-03"),
    ("去年同期", None, None),
    ("一季度", "2023-01-01", "2023-03-31"),
    ("十四五期间", "2021-01-01", "2025-12-31"),
    ("“十四五”期间", "2021-01-01", "2025-12-31"),
    ("前三季度", "2022-01-01", "2022-09-30"),
    ("近年来", None, None),
    ("7月24日", "2022-07-24", "2022-07-24"),
    ("2023-07-24", "2023-07-24", "2023-07-24"),
    ("July 17 to 22", "2022-07-17", "2022-07-22"),
    ("on the 27th", "2023-06-27", "2023-06-27"),
    ("2019-2021", "2019-01-01", "2021-12-31"),
    ("Q1", "2023-01-01", "2023-03-31"),
    ("H1", "2023-01-01", "2023-06-30"),
    ("from January to April 2023", "2023-01-01", "2023-04-30"),
    ("January-May", "2023-01-01", "2023-05-31"),
    ("the first three quarters", "2022-01-01", "2022-09-30"),
    ("on July 24", "2022-07-24", "2022-07-24"),
    ("on July 24, 2023", "2023-07-24", "2023-07-24"),
    ("24 July 2023", "2023-07-24", "2023-07-24"),
    ("the 24th of July", "2022-07-24", "2022-07-24"),
    ("the first half of 2023", "2023-01-01", "2023-06-30"),
    ("the second quarter of last year", "2022-04-01", "2022-06-30"),
    ("2023年1-4月", "2023-01-01", "2023-04-30"),
    ("今年1-5月", "2023-01-01", "2023-05-31"),
    ("2022年12月至2023年3月", "2022-12-01", "2023-03-31"),
    ("2023年第三季度", "2023-07-01", "2023-09-30"),
    ("去年下半年", "2022-07-01", "2022-12-31"),
    ("2019年至2021年", "2019-01-01", "2021-12-31"),
    ("2022年", "2022-01-01", "2022-12-31"),
    ("二〇二二年", "2022-01-01", "2022-12-31"),
    ("到2025年底", None, "2025-12-31"),
    ("by the end of 2025", None, "2025-12-31"),
    ("by 2025", None, "2025-12-31"),
    ("the end of last year", "2022-12-31", "2022-12-31"),
    ("at the end of July", "2022-07-31", "2022-07-31"),
    ("between 2019 and 2021", "2019-01-01", "2021-12-31"),
    ("6月上旬", "2023-06-01", "2023-06-10"),
    ("mid-June", "2023-06-11", "2023-06-20"),
    ("late June", "2023-06-21", "2023-06-30"),
    ("last month", "2023-06-01", "2023-06-30"),
    ("上月", "2023-06-01", "2023-06-30"),
    ("this month", "2023-07-01", "2023-07-31"),
    ("today", "2023-07-03", "2023-07-03"),
    ("yesterday", "2023-07-02", "2023-07-02"),
    ("last quarter", "2023-04-01", "2023-06-30"),
    ("the past three years", None, None),
    ("for four consecutive years", None, None),
    ("近三年", None, None),
    ("过去五年", None, None),
    ("三年来", None, None),
    ("the first four months of 2023", "2023-01-01", "2023-04-30"),
    ("the first 11 months", "2022-01-01", "2022-11-30"),
    ("the 1990s", "1990-01-01", "1999-12-31"),
    ("December 2022 to March 2023", "2022-12-01", "2023-03-31"),
    ("from November to January", "2022-11-01", "2023-01-31"),
    ("1月份", "2023-01-01", "2023-01-31"),
    ("7月17日至22日", "2022-07-17", "2022-07-22"),
    ("7月17-22日", "2022-07-17", "2022-07-22"),
    ("2022年以来", "2022-01-01", None),
    ("since January", "2023-01-01", None),
    ("Q1 2023", "2023-01-01", "2023-03-31"),
    ("2023Q1", "2023-01-01", "2023-03-31"),
    ("the first quarter of 2023", "2023-01-01", "2023-03-31"),
    ("Up to now", None, "2023-07-03"),
    ("Currently", None, "2023-07-03"),
    ("目前", None, "2023-07-03"),
    ("截至目前", None, "2023-07-03"),
    ("the end of 2022", "2022-12-31", "2022-12-31"),
    ("年底", "2023-12-31", "2023-12-31"),
    ("1至6月", "2023-01-01", "2023-06-30"),
    ("1—6月份", "2023-01-01", "2023-06-30"),
    ("the whole year of 2022", "2022-01-01", "2022-12-31"),
    ("2013-14", "2013-04-01", "2014-03-31"),
    ("during the 13th Five-Year Plan", "2016-01-01", "2020-12-31"),
    ("January and February", "2023-01-01", "2023-02-28"),
    ("between January and April", "2023-01-01", "2023-04-30"),
    ("before June 2023", None, "2023-05-31"),
    ("2025年前", None, "2024-12-31"),
    ("December 31, 2022", "2022-12-31", "2022-12-31"),
    ("July 03, 2023", "2023-07-03", "2023-07-03"),
    ("2023/7/24", "2023-07-24", "2023-07-24"),
    ("the year 2022", "2022-01-01", "2022-12-31"),
    ("as of July 1", None, "2023-07-01"),
    ("截至2023年6月30日", None, "2023-06-30"),
    ("自2023年1月1日起", "2023-01-01", None),
    ("一至三季度", "2022-01-01", "2022-09-30"),
    ("third quarter 2022", "2022-07-01", "2022-09-30"),
    ("2022 third quarter", "2022-07-01", "2022-09-30"),
    ("June 30 to July 2", "2023-06-30", "2023-07-02"),
    ("June this year", "2023-06-01", "2023-06-30"),
    ("throughout 2022", "2022-01-01", "2022-12-31"),
    ("in the first half of the year", "2023-01-01", "2023-06-30"),
    ("2021 to 2023", "2021-01-01", "2023-12-31"),
    ("the next five years", None, None),
    ("early 2023", None, None),
    ("13日", "2023-06-13", "2023-06-13"),
    ("2014-1-1 to 2018-4-5", "2014-01-01", "2018-04-05"),
    ("2016-05", "2016-05-01", "2016-05-31"),
    ("between 3 and 12 of sept", "2022-09-03", "2022-09-12"),
    ("4-22 January", "2023-01-04", "2023-01-22"),
    ("2016 the third quarter", "2016-07-01", "2016-09-30"),
    ("2016年的第三季度", "2016-07-01", "2016-09-30"),
    ("去年的9月", "2022-09-01", "2022-09-30"),
    ("二零一六年五月", "2016-05-01", "2016-05-31"),
    ("从8月5日到10日", "2022-08-05", "2022-08-10"),
    ("9月1-9号", "2022-09-01", "2022-09-09"),
    ("1月5号到10号", "2023-01-05", "2023-01-10"),
    ("jan - aug 2014", "2014-01-01", "2014-08-31"),
    ("from january to march 2016", "2016-01-01", "2016-03-31"),
    ("2016年2月至5月", "2016-02-01", "2016-05-31"),
    ("二月到四月", "2023-02-01", "2023-04-30"),
    ("next month", "2023-08-01", "2023-08-31"),
    ("上周", "2023-06-26", "2023-07-02"),
    ("明年二月", "2024-02-01", "2024-02-29"),
    ("the year of 2008", "2008-01-01", "2008-12-31"),
    ("2000 to 2025", "2000-01-01", "2025-12-31"),
    ("August 7 to September 2", "2022-08-07", "2022-09-02"),
    ("from 3 until 12 of Sept", "2022-09-03", "2022-09-12"),
    ("the second half of 2022", "2022-07-01", "2022-12-31"),
    ("in December of last year", "2022-12-01", "2022-12-31"),
    ("third quarter this year", "2023-07-01", "2023-09-30"),
    ("2022年全年", "2022-01-01", "2022-12-31"),
    ("今年前5个月", "2023-01-01", "2023-05-31"),
    ("前11个月", "2022-01-01", "2022-11-30"),
    ("2023年上半年", "2023-01-01", "2023-06-30"),
    ("截至6月末", None, "2023-06-30"),
    ("截至2022年底", None, "2022-12-31"),
    ("到2025年", None, "2025-12-31"),
    ("今年1月至5月", "2023-01-01", "2023-05-31"),
    ("2021—2023年", "2021-01-01", "2023-12-31"),
    ("2023年7月3日至5日", "2023-07-03", "2023-07-05"),
    ("5月底", "2023-05-31", "2023-05-31"),
    ("全年", "2023-01-01", "2023-12-31"),
    ("年初", "2023-01-01", "2023-01-01"),
    ("今年初", None, None),
    ("at the beginning of the year", None, None),
    ("自今年初", "2023-01-01", None),
    ("眼下", None, "2023-07-03"),
    ("last September", "2022-09-01", "2022-09-30"),
    ("since last April", "2023-04-01", None),
    ("next March", "2024-03-01", "2024-03-31"),
    ("in the past", None, None),
    ("三年内", None, None),
    ("前5月", "2023-01-01", "2023-05-31"),
    ("年内", "2023-01-01", "2023-12-31"),
    ("in November of that year", None, None),
    ("the 14th Five-Year", "2021-01-01", "2025-12-31"),
    ("in the nine months", None, None),
    ("6月下旬", "2023-06-21", "2023-06-30"),
    ("the first ten days of June", "2023-06-01", "2023-06-10"),
    ("September", "2022-09-01", "2022-09-30"),
    ("by year-end", None, "2023-12-31"),
    ("H1 2023", "2023-01-01", "2023-06-30"),
    ("the end of the second quarter", "2023-06-30", "2023-06-30"),
    ("1月", "2023-01-01", "2023-01-31"),
    ("since the end of last year", "2022-12-31", None),
    ("去年以来", "2022-01-01", None),
    ("since July 2022", "2022-07-01", None),
    ("first six months", "2023-01-01", "2023-06-30"),
    ("the first half", "2023-01-01", "2023-06-30"),
    ("year 2022", "2022-01-01", "2022-12-31"),
    ("the month of May", "2023-05-01", "2023-05-31"),
    ("over the course of 2022", "2022-01-01", "2022-12-31"),
    ("截至7月24日", None, "2022-07-24"),
    ("the fourth quarter of last year", "2022-10-01", "2022-12-31"),
    ("今年二季度", "2023-04-01", "2023-06-30"),
    ("二季度末", "2023-06-30", "2023-06-30"),
    ("during January-May 2023", "2023-01-01", "2023-05-31"),
    ("as of June 30, 2023", None, "2023-06-30"),
    ("until the end of this year", None, "2023-12-31"),
    ("十三五时期", "2016-01-01", "2020-12-31"),
    ("at the beginning of 2023", "2023-01-01", "2023-01-01"),
    ("the last quarter of 2022", "2022-10-01", "2022-12-31"),
    ("2022/2023", "2022-04-01", "2023-03-31"),
    ("FY2022-23", "2022-04-01", "2023-03-31"),
    ("前三个季度", "2022-01-01", "2022-09-30"),
    ("前五个月", "2023-01-01", "2023-05-31"),
    ("“十四五”", "2021-01-01", "2025-12-31"),
    ("“十三五”末", "2020-12-31", "2020-12-31"),
    ("1st half of 2023", "2023-01-01", "2023-06-30"),
    ("end-June", "2023-06-30", "2023-06-30"),
    ("in early May this year", "2023-05-01", "2023-05-10"),
    ("截至去年底", None, "2022-12-31"),
    ("5月1日至今", "2023-05-01", "2023-07-03"),
    ("after 2020", "2021-01-01", None),
    ("2020年以后", "2021-01-01", None),
    ("24/07/2023", "2023-07-24", "2023-07-24"),
    ("07/08/2023", None, None),
    ("before 2025", None, "2024-12-31"),
    ("from 2020", "2020-01-01", None),
    ("starting from July 1, 2023", "2023-07-01", None),
    ("the 2020s", "2020-01-01", "2029-12-31"),
    ("2022年底前", None, "2022-12-31"),
    ("6月前", None, "2023-05-31"),
    ("7月以来", "2023-07-01", None),
    ("Q1 to Q3", "2022-01-01", "2022-09-30"),
    ("明年底", "2024-12-31", "2024-12-31"),
    ("over the past year", None, None),
    ("as of press time", None, "2023-07-03"),
    ("in the same month last year", None, None),
    ("the end of the month", None, None),
    ("by the conclusion of 2023", None, "2023-12-31"),
    ("this fiscal year", None, None),
    ("the current financial year", None, None),
    ("by the end of this fiscal year", None, None),
    ("from 2016 to August, 2019", "2016-01-01", "2019-08-31"),
    ("from 2021 to March this year", "2021-01-01", "2023-03-31"),
    ("2016年至2019年8月", "2016-01-01", "2019-08-31"),
    ("2021年至今年3月", "2021-01-01", "2023-03-31"),
    ("YTD", "2023-01-01", "2023-07-03"),
    ("summer 2016", None, None),
    ("in the winter of 2016/17", None, None),
    ("2016年夏季", None, None),
    ("last autumn", None, None),
    ("今春", None, None),
]


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


@pytest.mark.parametrize(("phrase", "start", "end"), PERIODS)
def test_period_phrase_names_its_days(phrase: str, start: str | None, end: str | None) -> None:
    period = Period.parse(phrase, ON)
    assert (period.start, period.end) == (_date(start), _date(end))
    assert period.text == phrase


@pytest.mark.parametrize(
    ("phrase", "start", "end"),
    [
        ("the fourth quarter", "2023-10-01", "2023-12-31"),
        ("the first quarter", "2024-01-01", "2024-03-31"),
        ("by the end of June", None, "2024-06-30"),
        ("by the end of July", None, "2023-07-31"),
        ("in July", "2023-07-01", "2023-07-31"),
        ("8月底", "2023-08-31", "2023-08-31"),
        ("on the 2nd", "2023-08-02", "2023-08-02"),
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("last year", "2022-01-01", "2022-12-31"),
    ],
)
def test_planned_period_without_year_is_the_next_to_end(
    phrase: str, start: str | None, end: str
) -> None:
    period = Period.parse(phrase, ON, planned=True)
    assert (period.start, period.end) == (_date(start), _date(end))


@pytest.mark.parametrize(
    ("phrase", "start", "end"),
    [
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("2023年1-4月", "2023-01-01", "2023-04-30"),
        ("the first half of 2021", "2021-01-01", "2021-06-30"),
        ("in June", None, None),
        ("this year", None, None),
        ("so far", None, None),
        ("from March to June last year", None, None),
        ("on the 27th", None, None),
        ("今年以来", None, None),
        ("last month", None, None),
    ],
)
def test_without_a_date_only_a_phrase_with_its_year_resolves(
    phrase: str, start: str | None, end: str | None
) -> None:
    period = Period.parse(phrase, None)
    assert (period.start, period.end) == (_date(start), _date(end))


@pytest.mark.parametrize(
    ("phrase", "flags"),
    [
        ("in 2022", ()),
        ("since 2022", ()),
        ("in June", ("year_from_date",)),
        ("last year", ("year_from_date",)),
        ("so far", ("year_from_date", "from_date")),
        ("今年以来", ("year_from_date", "from_date")),
        ("today", ("year_from_date", "from_date")),
        ("recent years", ()),
        ("as of the end of May", ("year_from_date",)),
        ("the 14th Five-Year Plan period", ()),
    ],
)
def test_flags_say_what_the_date_of_the_article_gave(phrase: str, flags: tuple[str, ...]) -> None:
    assert Period.parse(phrase, ON).flags == flags


@pytest.mark.parametrize(
    "phrase",
    [
        "recently",
        "newly",
        "4.6 billion yuan",
        "enterprises",
        "5%",
        "year-on-year",
        "40",
        "同比",
        "",
    ],
)
def test_phrase_that_is_no_period_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Period.parse(phrase, ON)


@pytest.mark.parametrize(
    "phrase",
    ["February 30, 2023", "the reporting period", "in the coming years", "the holiday month"],
)
def test_period_that_cannot_be_resolved_keeps_its_text_alone(phrase: str) -> None:
    period = Period.parse(phrase, ON)
    assert (period.start, period.end, period.text) == (None, None, phrase)


def test_range_of_years_that_ends_before_it_starts_names_no_days() -> None:
    period = Period.parse("from 2019 to August 2016", ON)
    assert (period.start, period.end) == (None, None)


def test_range_to_a_month_of_this_year_needs_the_date() -> None:
    period = Period.parse("from 2021 to March this year", None)
    assert (period.start, period.end) == (None, None)


def test_day_is_counted_from_its_own_day_and_month_from_its_first() -> None:
    assert Period.parse("July 2", ON).start == date(2023, 7, 2)
    assert Period.parse("July 4", ON).start == date(2022, 7, 4)
    assert Period.parse("July", ON).start == date(2023, 7, 1)
    assert Period.parse("the end of July", ON).start == date(2022, 7, 31)


def test_leap_day_is_sought_in_leap_years() -> None:
    assert Period.parse("February 29", ON).start == date(2020, 2, 29)
    assert Period.parse("2月29日", ON, planned=True).start == date(2024, 2, 29)


def test_first_and_last_days_of_the_calendar_are_no_errors() -> None:
    for on in (date.min, date.max):
        for phrase in (
            "last week",
            "next week",
            "in June",
            "last year",
            "next quarter",
            "on the 5th",
        ):
            Period.parse(phrase, on)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [("年末", date(2022, 12, 31)), ("by year-end", date(2022, 12, 31))],
)
def test_the_year_end_of_a_fact_told_in_january_is_the_last_one(phrase: str, day: date) -> None:
    january = date(2023, 1, 6)
    assert Period.parse(phrase, january).end == day
    assert Period.parse(phrase, january, planned=True).end == date(2023, 12, 31)


def test_what_was_planned_on_a_day_of_last_week_is_not_planned_for_next_year() -> None:
    told = date(2023, 5, 20)
    assert Period.parse("On May 18", told, planned=True).start == date(2023, 5, 18)
    assert Period.parse("by May 18", told, planned=True).end == date(2024, 5, 18)
    assert Period.parse("on March 1", told, planned=True).start == date(2024, 3, 1)
