from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.values import Change, Count, Money, PhraseError

# Phrase, value, upper, currency, bound.
MONEY = [
    ("4.6 billion yuan", "4600000000", None, "CNY", "exact"),
    ("RMB145.26 million", "145260000", None, "CNY", "exact"),
    ("US$ 40 million", "40000000", None, "USD", "exact"),
    ("Sh11.4 billion", "11400000000", None, "KES", "exact"),
    ("500 billion VNĐ", "500000000000", None, "VND", "exact"),
    ("￥300", "300", None, "CNY", "exact"),
    ("500余万元", "5000000", None, "CNY", "at_least"),
    ("近900亿元", "90000000000", None, "CNY", "about"),
    ("300 to 500 million yuan", "300000000", "500000000", "CNY", "range"),
    ("1亿至2亿元", "100000000", "200000000", "CNY", "range"),
    ("$1,918.80 to $45,494.80", "1918.8", "45494.8", "USD", "range"),
    ("17603万元", "176030000", None, "CNY", "exact"),
    ("27.7万亿元", "27700000000000", None, "CNY", "exact"),
    ("86 mln dlrs", "86000000", None, "USD", "exact"),
    ("$1.5bn-2bn", "1500000000", "2000000000", "USD", "range"),
    ("2030 million yuan", "2030000000", None, "CNY", "exact"),
    ("60 million yuan or more", "60000000", None, "CNY", "at_least"),
    ("45 billion 600 million yuan", "45600000000", None, "CNY", "exact"),
    ("3亿5000万元", "350000000", None, "CNY", "exact"),
    ("4.29 billion", "4290000000", None, None, "exact"),
    ("exceeded 500 million yuan", "500000000", None, "CNY", "at_least"),
    ("RMB 300,000", "300000", None, "CNY", "exact"),
    ("a total of 20 million yuan", "20000000", None, "CNY", "exact"),
    ("three million dollars", "3000000", None, "USD", "exact"),
    ("10 us dollars", "10", None, "USD", "exact"),
    ("50 cents", "0.5", None, "USD", "exact"),
    ("twenty dollars and 5 cents", "20.05", None, "USD", "exact"),
    ("12元5角", "12.5", None, "CNY", "exact"),
    ("5 eur", "5", None, "EUR", "exact"),
    ("€100", "100", None, "EUR", "exact"),
    ("100€", "100", None, "EUR", "exact"),
    ("HK$20 million", "20000000", None, "HKD", "exact"),
    ("5 crore rupees", "50000000", None, "INR", "exact"),
    ("Rs 3.5 lakh", "350000", None, "INR", "exact"),
    ("１２００万元", "12000000", None, "CNY", "exact"),
    ("两千万人民币", "20000000", None, "CNY", "exact"),
    ("百亿元级", "10000000000", None, "CNY", "about"),
    ("ten-billion-yuan-level", "10000000000", None, "CNY", "about"),
    ("百亿级", "10000000000", None, None, "about"),
    ("超过3.5亿元", "350000000", None, "CNY", "at_least"),
    ("3亿多元", "300000000", None, "CNY", "at_least"),
    ("20多亿元", "2000000000", None, "CNY", "at_least"),
    ("不超过500万元", "5000000", None, "CNY", "at_most"),
    ("500万元以上", "5000000", None, "CNY", "at_least"),
    ("500万元左右", "5000000", None, "CNY", "about"),
    ("300-500万元", "3000000", "5000000", "CNY", "range"),
    ("between 3 and 5 million yuan", "3000000", "5000000", "CNY", "range"),
    ("half a million yuan", "500000", None, "CNY", "exact"),
    ("2.5 trillion yuan", "2500000000000", None, "CNY", "exact"),
    ("up to 20 million yuan", "20000000", None, "CNY", "at_most"),
    ("3.55 billion 100 million yuan", "3550000000", None, "CNY", "exact"),
    ("2 billion 10,000 yuan", "2000000000", None, "CNY", "exact"),
    ("一百二十亿元", "12000000000", None, "CNY", "exact"),
    ("五点六亿美元", "560000000", None, "USD", "exact"),
    ("10 billion won", "10000000000", None, "KRW", "exact"),
    ("30块", "30", None, "CNY", "exact"),
    ("1.98 trillion US dollars", "1980000000000", None, "USD", "exact"),
    ("USD 5 million", "5000000", None, "USD", "exact"),
    ("5 million USD", "5000000", None, "USD", "exact"),
    ("four thousand yuan", "4000", None, "CNY", "exact"),
    ("两万五千元", "25000", None, "CNY", "exact"),
    ("300 million to 500 million yuan", "300000000", "500000000", "CNY", "range"),
    ("nearly 90 billion yuan", "90000000000", None, "CNY", "about"),
    ("100-billion-yuan", "100000000000", None, "CNY", "exact"),
    ("RMB 2 billion yuan", "2000000000", None, "CNY", "exact"),
    ("us $ 2 million", "2000000", None, "USD", "exact"),
    ("a dollar", "1", None, "USD", "exact"),
    ("港币三千元", "3000", None, "HKD", "exact"),
    ("1,000.1美元", "1000.1", None, "USD", "exact"),
    ("五角", "0.5", None, "CNY", "exact"),
    ("twenty-one point five million yuan", "21500000", None, "CNY", "exact"),
    ("￥五十", "50", None, "CNY", "exact"),
    ("ten thousand yuan", "10000", None, "CNY", "exact"),
    ("十万零五百元", "100500", None, "CNY", "exact"),
    ("八千多美元", "8000", None, "USD", "at_least"),
    ("$ 75 million", "75000000", None, "USD", "exact"),
    ("4.5亿美元", "450000000", None, "USD", "exact"),
    ("壹佰元", "100", None, "CNY", "exact"),
    ("一百二十三万四千五百六十七元", "1234567", None, "CNY", "exact"),
    ("2 billion dollars", "2000000000", None, "USD", "exact"),
    ("forty-five thousand dollars", "45000", None, "USD", "exact"),
    ("one million two hundred thousand dollars", "1200000", None, "USD", "exact"),
    ("rmb 5", "5", None, "CNY", "exact"),
    ("CNY 3.2bn", "3200000000", None, "CNY", "exact"),
    ("£2.5m", "2500000", None, "GBP", "exact"),
    ("30w元", "300000", None, "CNY", "exact"),
    ("近亿元", "100000000", None, "CNY", "about"),
    ("超亿元", "100000000", None, "CNY", "at_least"),
    ("a record 3.2 billion yuan", "3200000000", None, "CNY", "exact"),
    ("half a million dollars", "500000", None, "USD", "exact"),
    ("USD100", "100", None, "USD", "exact"),
    ("100USD", "100", None, "USD", "exact"),
    ("三十五块五毛", "35.5", None, "CNY", "exact"),
    ("minus 5 million yuan", "5000000", None, "CNY", "exact"),
    ("about RMB 3 to 5 billion", "3000000000", "5000000000", "CNY", "range"),
    ("5 million yuan to 8 million yuan", "5000000", "8000000", "CNY", "range"),
    ("20 million yuan-plus", "20000000", None, "CNY", "at_least"),
    ("最高500万元", "5000000", None, "CNY", "at_most"),
    ("1.23 billion yuan (RMB)", "1230000000", None, "CNY", "exact"),
    ("Rs. 500 crore", "5000000000", None, "INR", "exact"),
    ("£20m", "20000000", None, "GBP", "exact"),
    ("KSh 4 billion", "4000000000", None, "KES", "exact"),
    ("Ksh 20", "20", None, "KES", "exact"),
    ("Rp 5 trillion", "5000000000000", None, "IDR", "exact"),
    ("3 million rupiah", "3000000", None, "IDR", "exact"),
    ("20 million kronor", "20000000", None, "SEK", "exact"),
    ("kr 5 million", "5000000", None, None, "exact"),
    ("5 million kroner", "5000000", None, None, "exact"),
    ("hundred-billion-yuan-level", "100000000000", None, "CNY", "about"),
    ("100-billion-yuan-level", "100000000000", None, "CNY", "about"),
    ("trillion-yuan-level", "1000000000000", None, "CNY", "about"),
    ("ten-billion-level", "10000000000", None, None, "about"),
    ("千亿级", "100000000000", None, None, "about"),
    ("亿元级", "100000000", None, "CNY", "about"),
]

# Phrase, value, upper, bound.
COUNTS = [
    ("Fifteen", 15, None, "exact"),
    ("19,184", 19184, None, "exact"),
    ("more than 200", 200, None, "at_least"),
    ("10,000-plus", 10000, None, "at_least"),
    ("1.2 million", 1200000, None, "exact"),
    ("5.6万户", 56000, None, "exact"),
    ("two hundred and six", 206, None, "exact"),
    ("a dozen", 12, None, "exact"),
    ("一百二十三", 123, None, "exact"),
    ("两千零六", 2006, None, "exact"),
    ("40家", 40, None, "exact"),
    ("6.4万家", 64000, None, "exact"),
    ("over 30", 30, None, "at_least"),
    ("53 enterprises", 53, None, "exact"),
    ("300多家", 300, None, "at_least"),
    ("三百余家", 300, None, "at_least"),
    ("十余家", 10, None, "at_least"),
    ("1万余家", 10000, None, "at_least"),
    ("twenty-five", 25, None, "exact"),
    ("one thousand two hundred", 1200, None, "exact"),
    ("3 dozen", 36, None, "exact"),
    ("123,456,789", 123456789, None, "exact"),
    ("300+", 300, None, "at_least"),
    ("about 3,000 households", 3000, None, "about"),
    ("5 to 7", 5, 7, "range"),
    ("100 or so", 100, None, "about"),
    ("三百五", 350, None, "exact"),
    ("一万零五十", 10050, None, "exact"),
    ("a hundred", 100, None, "exact"),
    ("one hundred and twenty-five thousand three hundred", 125300, None, "exact"),
    ("1 million 200 thousand", 1200000, None, "exact"),
    ("壹佰", 100, None, "exact"),
    ("二零二三", 2023, None, "exact"),
    ("two and a half million", 2500000, None, "exact"),
    ("10k", 10000, None, "exact"),
    ("at least 40", 40, None, "at_least"),
    ("one", 1, None, "exact"),
    ("12,34,567", 1234567, None, "exact"),
    ("1万多户", 10000, None, "at_least"),
    ("2 lakh", 200000, None, "exact"),
    ("a total of 19,184", 19184, None, "exact"),
    ("3.5万个", 35000, None, "exact"),
    ("约300家", 300, None, "about"),
    ("no fewer than 12", 12, None, "at_least"),
    ("1200万", 12000000, None, "exact"),
    ("zero", 0, None, "exact"),
    ("twelve hundred", 1200, None, "exact"),
    ("two thousand and twenty-three", 2023, None, "exact"),
    ("sixty-one", 61, None, "exact"),
    ("a million", 1000000, None, "exact"),
    ("1亿", 100000000, None, "exact"),
    ("一亿两千万", 120000000, None, "exact"),
    ("十二", 12, None, "exact"),
    ("二十", 20, None, "exact"),
    ("一千零一", 1001, None, "exact"),
    ("两百", 200, None, "exact"),
    ("一千二", 1200, None, "exact"),
    ("九万八千七百六十五", 98765, None, "exact"),
    ("123,456", 123456, None, "exact"),
    ("nineteen thousand", 19000, None, "exact"),
    ("1 million", 1000000, None, "exact"),
    ("５６７", 567, None, "exact"),
    ("three hundred trillion", 300000000000000, None, "exact"),
    ("a hundred and one", 101, None, "exact"),
    ("one hundred one", 101, None, "exact"),
    ("４０余家", 40, None, "at_least"),
    ("3千", 3000, None, "exact"),
    ("5百多家", 500, None, "at_least"),
    ("百余家", 100, None, "at_least"),
    ("近千家", 1000, None, "about"),
    ("千余户", 1000, None, "at_least"),
    ("万余人", 10000, None, "at_least"),
    ("nearly 2,000 small and medium-sized enterprises", 2000, None, "about"),
    ("40 more", 40, None, "exact"),
    ("100-odd", 100, None, "at_least"),
    ("40 innovative firms", 40, None, "exact"),
    ("全部40家", 40, None, "exact"),
    ("40家中小企业", 40, None, "exact"),
    ("a dozen or so", 12, None, "about"),
    ("two dozen", 24, None, "exact"),
    ("50+", 50, None, "at_least"),
]

# Phrase, value, upper, unit, bound.
CHANGES = [
    ("15-30%", "15", "30", "percent", "range"),
    ("增长1.7倍", "1.7", None, "times", "exact"),
    ("double-digit", "10", None, "percent", "at_least"),
    ("unchanged", "0", None, "percent", "exact"),
    ("持平", "0", None, "percent", "exact"),
    ("up 3.2 billion yuan", "3200000000", None, "absolute", "exact"),
    ("a decrease of 4.2 percent", "4.2", None, "percent", "exact"),
    ("百分之五", "5", None, "percent", "exact"),
    ("1.5个百分点", "1.5", None, "percentage_points", "exact"),
    ("doubled", "100", None, "percent", "exact"),
    ("more than doubled", "100", None, "percent", "at_least"),
    ("翻两番", "300", None, "percent", "exact"),
    ("翻了一番", "100", None, "percent", "exact"),
    ("2 times that of last year", "100", None, "percent", "exact"),
    ("是去年的2倍", "100", None, "percent", "exact"),
    ("increased 40 times", "40", None, "times", "exact"),
    ("half", "50", None, "percent", "exact"),
    ("one third", "33.3333333333333", None, "percent", "exact"),
    ("三分之一", "33.3333333333333", None, "percent", "exact"),
    ("三成", "30", None, "percent", "exact"),
    ("三成五", "35", None, "percent", "exact"),
    ("-4.2%", "4.2", None, "percent", "exact"),
    ("5 8.2%", "58.2", None, "percent", "exact"),
    ("7. 4%", "7.4", None, "percent", "exact"),
    ("15.3 percentage points", "15.3", None, "percentage_points", "exact"),
    ("7.4%year -on -year", "7.4", None, "percent", "exact"),
    ("19.2% year-on-year", "19.2", None, "percent", "exact"),
    ("more than 20%", "20", None, "percent", "at_least"),
    ("近5%", "5", None, "percent", "about"),
    ("同比增长5.6%", "5.6", None, "percent", "exact"),
    ("百分之五十以上", "50", None, "percent", "at_least"),
    ("twenty percent", "20", None, "percent", "exact"),
    ("25 basis points", "0.25", None, "percentage_points", "exact"),
    ("3 pct", "3", None, "percent", "exact"),
    ("tripled", "200", None, "percent", "exact"),
    ("halved", "50", None, "percent", "exact"),
    ("two-thirds", "66.6666666666667", None, "percent", "exact"),
    ("5% to 8%", "5", "8", "percent", "range"),
    ("100%", "100", None, "percent", "exact"),
    ("两位数", "10", None, "percent", "at_least"),
    ("增加300家", "300", None, "absolute", "exact"),
    ("increased by 1.7 times", "1.7", None, "times", "exact"),
    ("one hundred percent", "100", None, "percent", "exact"),
    ("六点五个百分点", "6.5", None, "percentage_points", "exact"),
    ("four points", "4", None, "percentage_points", "exact"),
    ("thrice the number", "200", None, "percent", "exact"),
    ("double", "100", None, "percent", "exact"),
    ("five times what they were", "400", None, "percent", "exact"),
    ("by 145", "145", None, "absolute", "exact"),
    ("少了210户", "210", None, "absolute", "exact"),
    ("翻了一番还多", "100", None, "percent", "at_least"),
    ("达到去年的3倍", "200", None, "percent", "exact"),
    ("three point five percent", "3.5", None, "percent", "exact"),
    ("百分之五点二", "5.2", None, "percent", "exact"),
    ("百分之100", "100", None, "percent", "exact"),
    ("九点九成", "99", None, "percent", "exact"),
    ("百分之一百", "100", None, "percent", "exact"),
    ("240 percents", "240", None, "percent", "exact"),
    ("100 percentage", "100", None, "percent", "exact"),
    ("千分之三", "0.3", None, "percent", "exact"),
    ("一点五倍", "1.5", None, "times", "exact"),
    ("two-fold", "2", None, "times", "exact"),
    ("3-fold", "3", None, "times", "exact"),
    ("+5%", "5", None, "percent", "exact"),
    ("remained unchanged", "0", None, "percent", "exact"),
    ("no change", "0", None, "percent", "exact"),
    ("up 300 households", "300", None, "absolute", "exact"),
    ("50 bps", "0.5", None, "percentage_points", "exact"),
    ("triple-digit", "100", None, "percent", "at_least"),
    ("basically unchanged", "0", None, "percent", "about"),
    ("by half", "50", None, "percent", "exact"),
    ("a quarter", "25", None, "percent", "exact"),
    ("5 to 10 times", "5", "10", "times", "range"),
    ("增长近两倍", "2", None, "times", "about"),
    ("增加了三分之一", "33.3333333333333", None, "percent", "exact"),
    ("七成以上", "70", None, "percent", "at_least"),
    ("12.5-13%", "12.5", "13", "percent", "range"),
    ("5～8%", "5", "8", "percent", "range"),
    ("nearly a third", "33.3333333333333", None, "percent", "about"),
    ("growth of 5.2% year on year", "5.2", None, "percent", "exact"),
    ("threefold", "3", None, "times", "exact"),
    ("nearly tenfold", "10", None, "times", "about"),
    ("a hundredfold increase", "100", None, "times", "exact"),
    ("1.5x", "1.5", None, "times", "exact"),
    ("1.5×", "1.5", None, "times", "exact"),
    ("百分之百", "100", None, "percent", "exact"),
    ("一半", "50", None, "percent", "exact"),
    ("减少一半", "50", None, "percent", "exact"),
    ("半数以上", "50", None, "percent", "at_least"),
    ("more than half", "50", None, "percent", "at_least"),
    ("half or more", "50", None, "percent", "at_least"),
    ("by a quarter", "25", None, "percent", "exact"),
    ("half a percentage point", "0.5", None, "percentage_points", "exact"),
    ("基本持平", "0", None, "percent", "about"),
    ("差不多腰斩", "50", None, "percent", "about"),
    ("18 more", "18", None, "absolute", "exact"),
    ("3 fewer", "3", None, "absolute", "exact"),
    ("多投放3.2亿元", "320000000", None, "absolute", "exact"),
]


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@pytest.mark.parametrize(("phrase", "value", "upper", "currency", "bound"), MONEY)
def test_money_phrase_states_its_amount(
    phrase: str, value: str, upper: str | None, currency: str | None, bound: str
) -> None:
    money = Money.parse(phrase)
    assert (money.value, money.upper) == (Decimal(value), _decimal(upper))
    assert (money.currency, money.bound, money.text) == (currency, bound, phrase)


@pytest.mark.parametrize(("phrase", "value", "upper", "bound"), COUNTS)
def test_count_phrase_states_its_number(
    phrase: str, value: int, upper: int | None, bound: str
) -> None:
    count = Count.parse(phrase)
    assert (count.value, count.upper, count.bound, count.text) == (value, upper, bound, phrase)


@pytest.mark.parametrize(("phrase", "value", "upper", "unit", "bound"), CHANGES)
def test_change_phrase_states_its_size(
    phrase: str, value: str, upper: str | None, unit: str, bound: str
) -> None:
    change = Change.parse(phrase)
    assert (change.value, change.upper) == (Decimal(value), _decimal(upper))
    assert (change.unit, change.bound, change.text) == (unit, bound, phrase)


@pytest.mark.parametrize(
    "phrase", ["7.25 billion 100 million yuan", "2 billion 10,000 yuan", "1.5 million 10,000 yuan"]
)
def test_leftover_unit_is_flagged_and_never_multiplied(phrase: str) -> None:
    money = Money.parse(phrase)
    assert money.value == Money.parse(phrase.split(" 1")[0] + " yuan").value
    assert money.flags == ("ambiguous_unit",)


@pytest.mark.parametrize(
    "phrase", ["45 billion 600 million yuan", "2030 million yuan", "3亿5000万元", "27.7万亿元"]
)
def test_sound_units_are_not_flagged(phrase: str) -> None:
    assert Money.parse(phrase).flags == ()


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        (Money, "many yuan"),
        (Money, "5%"),
        (Money, ""),
        (Money, "3 million yuan and 5 million yuan"),
        (Money, "5 million yuan per household"),
        (Money, "20 tons"),
        (Money, "from 410 to 980 yuan"),
        (Count, "hundreds"),
        (Count, "dozens"),
        (Count, "数百"),
        (Count, "上百家"),
        (Count, "several"),
        (Count, "5%"),
        (Count, "30 tons"),
        (Count, "4.5"),
        (Count, "3 million yuan"),
        (Count, "12 and 13"),
        (Count, "百家"),
        (Count, "40 tons of firms"),
        (Money, "亿元"),
        (Money, "几百万元"),
        (Change, "4.6 billion yuan"),
        (Change, "rose to 5%"),
        (Change, "增至5%"),
        (Change, "降至3.2%"),
        (Change, "many"),
        (Change, "12"),
    ],
)
def test_phrase_that_is_no_such_quantity_is_refused(
    kind: type[Money] | type[Count] | type[Change], phrase: str
) -> None:
    with pytest.raises(PhraseError):
        kind.parse(phrase)


def test_refusal_shows_the_phrase_and_how_to_mend_it() -> None:
    with pytest.raises(PhraseError, match=r"'many yuan'.*'4\.6 billion yuan'"):
        Money.parse("many yuan")


def test_number_of_more_than_fifteen_digits_is_refused() -> None:
    assert Money.parse("123,456,789,012,345 yuan").value == 123456789012345
    with pytest.raises(PhraseError, match="15"):
        Money.parse("1,234,567,890,123,456 yuan")
    with pytest.raises(PhraseError):
        Count.parse("9" * 5000)


def test_white_space_around_a_phrase_is_kept_in_its_text() -> None:
    assert Count.parse("  40 ").text == "  40 "
    assert Count.parse("  40 ").value == 40
