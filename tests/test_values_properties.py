from __future__ import annotations

import re
import sys
from calendar import month_name
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib import import_module
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.values import Change, Count, Money, Period, PhraseError, find, numerals
from extractor.values.lexing import _HAN_NUMERAL, _LONGER, _PIECE, _longest, shape
from extractor.values.periods import PERIOD
from extractor.values.quantities import QUANTITY, SINGLE, WORDED

ON = date(2023, 7, 3)
# How the standard library reads a pattern has no public name.
PARSER, CONSTANTS = import_module("re._parser"), import_module("re._constants")
PROPERTY = settings(derandomize=True, max_examples=150, deadline=None, database=None)
SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
MONTHS = month_name[1:]
HAN = "零一二三四五六七八九"
BOUNDS = [("", "exact"), ("more than ", "at_least"), ("up to ", "at_most"), ("nearly ", "about")]
HAN_BOUNDS = [("", "exact"), ("超", "at_least"), ("不超过", "at_most"), ("近", "about")]
PIECES = re.split(
    "[|]",
    "1|12|2023|10,000|3.5|7|亿|万|元|百|千|十|一|两|三|零|点|余|多|个|家|年|月|日|%|$|¥|￥"
    "|RMB|yuan| |,|，|、|.|-|–|—|~|to|and|million|billion|hundred|five|twenty|half"
    "|a|of|the|in|June|May|may|first|quarter|Q1|percent|percentage points|times|倍|百分之|分之|成"
    "|翻番|more than|近|超|以上|or more|+|第|上|数|\n|\n\n|(|)|“|”|/|:|since|as of|end|底|以来|截至"
    "|today|last year|今年|去年|上半年|between|from|ten"
    "|point|zero|tons|亩|x|公司|\u00a0|½|²|İ|ß|\ud800|\x00|won|cents"
    "|dollars|bn|k|m|th|27th|1990s|2023-07-24|fiscal|/87"
    "|14th|five-year plan|period|十四五|consecutive|past|years|three"
    "|是|的|threefold|x|×|quarter|by|一半|过半数|-level|级|billion|KSh|kr|spring|春季|August|;|。"
    "|fiscal year|conclusion",
)
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.lists(
    st.sampled_from(PIECES), max_size=14
).map(" ".join)


def english(number: int) -> str:
    """A number below a billion in words."""
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            joint = " and " if rest and rest < 100 else " "
            return f"{english(number // scale)} {name}" + (joint + english(rest) if rest else "")
    if number < 20:
        return SMALL[number]
    tail = f"-{SMALL[number % 10]}" if number % 10 else ""
    return TENS[number // 10 - 2] + tail


def chinese(number: int) -> str:
    """A number below a trillion in Chinese numerals."""
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            rest = number % scale
            gap = "零" if rest and rest < scale // 10 else ""
            return chinese(number // scale) + name + gap + (chinese(rest) if rest else "")
    return HAN[number]


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


amounts = st.decimals("0.01", "9999.99", places=2)


@PROPERTY
@given(st.integers(0, 10**9 - 1))
def test_english_number_words_parse_to_their_number(number: int) -> None:
    assert Count.parse(english(number)).value == number


@PROPERTY
@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_parse_to_their_number(number: int) -> None:
    assert Count.parse(chinese(number)).value == number


@PROPERTY
@given(st.integers(0, 10**15 - 1), st.sampled_from(["{:,}", "{}"]), st.sampled_from(BOUNDS))
def test_digits_parse_to_their_number(number: int, form: str, bound: tuple[str, str]) -> None:
    count = Count.parse(bound[0] + form.format(number))
    assert (count.value, count.bound) == (number, bound[1])


@PROPERTY
@given(
    amounts,
    st.sampled_from(
        [("thousand", 3), ("million", 6), ("mln", 6), ("billion", 9), ("trillion", 12)]
    ),
    st.sampled_from(
        [
            ("{} yuan", "CNY"),
            ("RMB {}", "CNY"),
            ("US${}", "USD"),
            ("{} dlrs", "USD"),
            ("€{}", "EUR"),
        ]
    ),
    st.sampled_from(BOUNDS),
)
def test_english_money_parses_to_its_amount(
    number: Decimal, scale: tuple[str, int], form: tuple[str, str], bound: tuple[str, str]
) -> None:
    money = Money.parse(bound[0] + form[0].format(f"{plain(number)} {scale[0]}"))
    assert money.value == number * 10 ** scale[1]
    assert (money.currency, money.bound, money.upper) == (form[1], bound[1], None)


@PROPERTY
@given(
    amounts,
    st.sampled_from([("万", 4), ("亿", 8), ("千万", 7), ("万亿", 12), ("", 0)]),
    st.sampled_from([("元", "CNY"), ("美元", "USD"), ("港元", "HKD"), ("日元", "JPY")]),
    st.sampled_from(HAN_BOUNDS),
)
def test_chinese_money_parses_to_its_amount(
    number: Decimal, scale: tuple[str, int], unit: tuple[str, str], bound: tuple[str, str]
) -> None:
    money = Money.parse(f"{bound[0]}{plain(number)}{scale[0]}{unit[0]}")
    assert money.value == number * 10 ** scale[1]
    assert (money.currency, money.bound) == (unit[1], bound[1])


@PROPERTY
@given(
    st.lists(amounts, min_size=2, max_size=2, unique=True).map(sorted),
    st.sampled_from(
        ["{}-{}%", "{}% to {}%", "{} to {} percent", "between {} and {} pct", "{}%至{}%"]
    ),
)
def test_range_parses_to_both_its_ends(ends: list[Decimal], form: str) -> None:
    change = Change.parse(form.format(*map(plain, ends)))
    assert [change.value, change.upper] == ends
    assert change.bound == "range"


@PROPERTY
@given(
    amounts,
    st.sampled_from(
        [
            ("{}%", "percent"),
            ("{} percent", "percent"),
            ("百分之{}", "percent"),
            ("增长{}%", "percent"),
            ("{} percentage points", "percentage_points"),
            ("{}个百分点", "percentage_points"),
            ("{} times", "times"),
            ("增长{}倍", "times"),
            ("up {} yuan", "absolute"),
        ]
    ),
)
def test_change_parses_to_its_size(number: Decimal, form: tuple[str, str]) -> None:
    change = Change.parse(form[0].format(plain(number)))
    assert (change.value, change.unit) == (number, form[1])


@PROPERTY
@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0:%Y-%m-%d}", "{1} {0.day}, {0.year}", "{0.day} {1} {0.year}",
                     "on {1} {0.day}, {0.year}", "{0.year}年{0.month}月{0.day}日"]),
)  # fmt: skip
def test_date_parses_to_its_day(day: date, form: str) -> None:
    period = Period.parse(form.format(day, MONTHS[day.month - 1]), None)
    assert (period.start, period.end) == (day, day)


@PROPERTY
@given(
    st.integers(1900, 2099),
    st.integers(1, 11).flatmap(lambda low: st.tuples(st.just(low), st.integers(low + 1, 12))),
    st.sampled_from(["{2} to {3} {0}", "from {2} to {3} of {0}", "{0}年{1[0]}-{1[1]}月",
                     "{0}年{1[0]}月至{1[1]}月"]),
)  # fmt: skip
def test_range_of_months_parses_to_its_first_and_last_day(
    year: int, months: tuple[int, int], form: str
) -> None:
    low, high = months
    period = Period.parse(form.format(year, months, MONTHS[low - 1], MONTHS[high - 1]), None)
    assert period.start == date(year, low, 1)
    assert period.end is not None
    assert (period.end.year, period.end.month) == (year, high)
    assert period.end.day >= 28


@PROPERTY
@given(st.text(max_size=60) | HOSTILE)
def test_parse_raises_nothing_but_phrase_error(text: str) -> None:
    parsers: list[Callable[[], object]] = [
        lambda: Money.parse(text),
        lambda: Count.parse(text),
        lambda: Change.parse(text),
        lambda: Period.parse(text, ON),
        lambda: Period.parse(text, None, planned=True),
    ]
    for parse in parsers:
        with suppress(PhraseError):
            parse()


@settings(PROPERTY, max_examples=1500)
@given(HOSTILE, st.sampled_from([ON, None]))
def test_found_mentions_are_sorted_disjoint_and_parse_again(text: str, on: date | None) -> None:
    position = 0
    for start, end, _, value in find(text, on):
        assert position <= start < end <= len(text)
        assert text[start:end] in value.text
        again = (
            Period.parse(value.text, on)
            if isinstance(value, Period)
            else type(value).parse(value.text)
        )
        assert again == value
        position = end


@PROPERTY
@given(st.text(max_size=80))
def test_find_accepts_any_text(text: str) -> None:
    find(text, ON)
    numerals(text)


@pytest.mark.parametrize("text", ["1" * 10**6, "January to " * 10**5, "\ud800" * 1000, "\x00"])
def test_very_long_or_broken_phrase_is_refused_with_a_short_message(text: str) -> None:
    for kind in (Money, Count, Change):
        with pytest.raises(PhraseError) as caught:
            kind.parse(text)
        assert len(str(caught.value)) < 1000


def _calls(text: str) -> int:
    """How many functions, Python's and C's, `find` calls on a text."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        find(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "seed",
    ["1", "1,", "1 ", "亿", "1亿", "January to ", "about about ", "hundred hundred ", "12,12,",
     "1-", "9 million ", "from 1 to ", "5% and ", "是去年的2倍", "July 17 and ", " ", "\n", "a "],
)  # fmt: skip
def test_work_grows_no_faster_than_the_text(seed: str) -> None:
    text = seed * (4000 // len(seed))
    find(text)
    assert _calls(text * 2) <= 2 * _calls(text) + 200
    assert len(shape(text).kinds) <= 3 * len(text)


def _repeats(tree: Any) -> list[Any]:
    """The unbounded repeats of a parsed pattern, each with the repeats inside it."""
    found: list[Any] = []
    for code, argument in tree:
        inner: list[Any] = []
        for part in argument if isinstance(argument, tuple | list) else [argument]:
            for branch in part if isinstance(part, list) else [part]:
                if isinstance(branch, PARSER.SubPattern):
                    inner += _repeats(branch)
        is_open = (
            code in (CONSTANTS.MAX_REPEAT, CONSTANTS.MIN_REPEAT)
            and argument[1] == CONSTANTS.MAXREPEAT
        )
        found += [inner] if is_open else inner
    return found


@pytest.mark.parametrize("grammar", [QUANTITY, SINGLE, WORDED, PERIOD])
def test_grammars_over_kinds_have_no_unbounded_repeat(grammar: re.Pattern[str]) -> None:
    assert _repeats(PARSER.parse(grammar.pattern, grammar.flags)) == []


def test_scan_of_the_text_has_no_nested_repeat() -> None:
    for pattern in (_PIECE, _HAN_NUMERAL, *map(_longest, _LONGER)):
        found = _repeats(PARSER.parse(pattern.pattern, pattern.flags))
        assert all(inner == [] for inner in found), pattern.pattern
