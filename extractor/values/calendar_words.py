"""The words of periods. Data only."""

from __future__ import annotations

from extractor.values.quantity_words import listed, numbered, spread

MONTHS: dict[str, int] = {
    spelling: number
    for number, names in enumerate(
        (
            "january jan jan.", "february feb feb.", "march mar mar.", "april apr apr.", "may",
            "june jun jun.", "july jul jul.", "august aug aug.", "september sept sep sept. sep.",
            "october oct oct.", "november nov nov.", "december dec dec.",
        ),
        1,
    )
    for spelling in names.split()
}  # fmt: skip
# Words of running text too, so that only a capital letter makes them months.
MODEST_MONTHS = frozenset(("may", "march", "mar", "sep", "dec", "jan", "jun"))
ORDINALS = numbered("first|second|third|fourth")
PLAN_ORDINALS = numbered("eleventh|twelfth|thirteenth|fourteenth|fifteenth", 11)
RELATIVE_YEARS: dict[str, int | None] = spread(
    {
        0: "this year|the current year|current year|the year|今年|本年|本年度|今年度|年内",
        -1: "last year|previous year|the previous year|去年|上年|上年度|去年度",
        1: "next year|the coming year|明年|来年|下一年",
        -2: "the year before last|year before last|前年",
        2: "the year after next|后年",
        None: "that year|that same year|同年",  # one told before
    }
)
# Months of the year, both inclusive.
PARTS: dict[str, tuple[int, int]] = spread(
    {
        (1, 3): "q1|首季|首季度",
        (4, 6): "q2",
        (7, 9): "q3",
        (10, 12): "q4",
        (1, 6): "h1|上半年|前两季度|前二季度|前2季度",
        (7, 12): "h2|下半年",
        (1, 9): "前三季度|前3季度",
        (1, 12): "全年|whole year|full year|entire year|whole-year|full-year",
    }
) | {
    f"{prefix}{numeral}季度": (3 * quarter - 2, 3 * quarter)
    for quarter, numerals in enumerate(("一1", "二2", "三3", "四4"), 1)
    for numeral in numerals
    for prefix in ("", "第")
}
# (unit, how many of them from the article's date, or which day of the week).
ROLLING: dict[str, tuple[str, int]] = spread(
    {
        ("day", 0): "today|今天|今日",
        ("day", -1): "yesterday|昨天|昨日",
        ("day", 1): "tomorrow|明天|明日",
        ("week", 0): "this week|本周|这周|这个星期|本星期",
        ("week", -1): "last week|上周|上个星期|上星期",
        ("week", 1): "next week|下周|下个星期|下星期",
        ("month", 0): "this month|the current month|current month|本月|这个月|当月",
        ("month", -1): "last month|previous month|the previous month|上月|上个月",
        ("month", 1): "next month|下月|下个月",
        ("quarter", 0): "this quarter|the current quarter|current quarter|本季度|本季",
        ("quarter", -1): "last quarter|previous quarter|the previous quarter|上季度|上个季度",
        ("quarter", 1): "next quarter|下季度|下个季度",
    }
    | {
        ("weekday", number): f"{name}|last {name}|this {name}|上周{han}|本周{han}|星期{han}"
        for number, (name, han) in enumerate(
            zip(
                "monday tuesday wednesday thursday friday saturday sunday".split(),
                "一二三四五六日",
                strict=True,
            )
        )
    }
)
NOW = listed(
    "up to now|until now|till now|so far|to date|currently|at present|as of now|as of today"
    "|as of press time|by press time|at the moment|by now|up to the present|up to date|thus far|now"
    "|目前|现有|截至目前|截止目前|迄今|至今|到目前为止|截至目前为止|截止到目前|当前|现在|截至今日|如今|眼下"
)
YEAR_TO_DATE = listed(
    "since the beginning of this year|since the beginning of the year|so far this year"
    "|since the start of this year|since the start of the year|this year so far|year to date"
    "|year-to-date|since this year|since the year began|from the beginning of this year"
    "|since early this year|今年以来|今年来|年初以来|今年初以来|今年年初以来|开年以来|年初至今"
    "|今年至今|ytd"
)
FISCAL_YEARS = ("fiscal year", "financial year")
# They have no fixed days. "Fall" is left out: it is the verb.
SEASONS = ("spring", "summer", "autumn", "winter")
HAN_SEASONS = listed("春季|夏季|秋季|冬季|春天|夏天|秋天|冬天")
# Festivals tell a time, but their days are not computed here.
_FESTIVALS = listed(
    "spring festival|lunar new year|chinese new year|lantern festival|qingming festival"
    "|dragon boat festival|mid-autumn festival|national day|christmas|thanksgiving|easter|diwali"
)
_HAN_FESTIVALS = listed("春节|元宵节|清明节|端午节|中秋节|国庆节|国庆")
UNRESOLVED = (
    listed(
        "recent years|recent year|recent months|the same period last year|same period last year"
        "|the same period of last year|same period of last year"
        "|the same period in the previous year"
        "|the same period of the previous year|same period of the previous year|the same period"
        "|same period|the corresponding period last year|the corresponding period of last year"
        "|the corresponding period of the previous year|a year earlier|a year ago|year earlier"
        "|the past year|past year|the year before|year before|a year before"
        "|今春|今夏|今秋|今冬|去冬|去冬今春|今冬明春|去年冬天|今年夏天|本财年|上财年|上一财年|下一财年"
        "|同期|去年同期|上年同期|前年同期|近年来|近年|近几年|近些年|近几年来|多年来|历年|往年"
    )
    + tuple(
        f"{which} {what}"
        for which in listed(
            "this|last|next|the current|current|the previous|previous|the past|the coming|the next"
            "|the last"
        )
        for what in (*FISCAL_YEARS, *SEASONS)
    )
    + tuple(
        f"{when} {the}{festival}"
        for festival in _FESTIVALS
        for when in listed("before|after|since|during|around|by")
        for the in ("", "the ")
    )
    + tuple(f"{festival}{when}" for festival in _HAN_FESTIVALS for when in ("前", "后", "期间"))
)
UNTIL = listed("as of|as at|by|until|till|up until|through|截至|截止|截止到|截至到")
SINCE = ("since", "ever since", "自从", "自", "starting from", "starting in", "beginning in")
BEFORE = ("before", "prior to")
AFTER = ("after",)
YEAR_ENDS = ("year-end", "yearend", "year end")
YEAR_OUT = ("the year is out", "the year is over", "the year ends")
ENDS = ("end", "conclusion", "底", "末")
STARTS = ("beginning", "start", "初")
# Thirds of a month: 上旬, 中旬, 下旬 and how translations say them.
THIRDS: dict[str, tuple[int, int]] = spread(
    {
        (1, 10): "early|上旬|the first ten days|first ten days",
        (11, 20): "mid|middle|中旬",
        (21, 0): "late|下旬|the last ten days|last ten days",
    }
)
PLAN_WORDS = ("five-year plan", "five-year plans", "five year plan")
# The first year that a plan covers.
PLANS = {"十五五": 2026, "十四五": 2021, "十三五": 2016, "十二五": 2011, "十一五": 2006}
PLAN_NAMES: dict[str, int] = {
    f"{quotes[:1]}{name}{quotes[1:]}": start
    for name, start in PLANS.items()
    for quotes in ("", '""', "“”", "「」")
}
PLAN_PERIODS: dict[str, int] = {
    f"{name}{after}": start
    for name, start in PLAN_NAMES.items()
    for after in ("期间", "时期", "规划期间", "规划时期")
}
PLAN_YEARS = PLAN_NAMES | PLAN_PERIODS
DURATION_LEADS = listed(
    "past|last|recent|next|coming|previous|following|consecutive|straight|successive|future"
    "|过去|未来|最近|连续|今后"
)
TIME_UNITS = listed(
    "years|year|months|month|weeks|week|days|day|hours|hour|minutes|minute|seconds|decades"
    "|decade|quarters|working days|working day|business days|years old|year-old"
    "|个月|个工作日|工作日|小时|分钟|秒|天|周|个季度|周年"
)
