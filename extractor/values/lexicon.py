"""The vocabulary: every word with a meaning for the parsers, as tables.

A word belongs to a *kind*, one character, and the grammars are regular expressions over
kinds (see `extractor.values.lexing`). To teach the parsers a word, add it to its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

Bound = Literal["exact", "at_least", "at_most", "about", "range"]
Payload = object

UNITS: dict[str, int] = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine".split(), 1)
}
TEENS: dict[str, int] = {
    word: value
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        10,
    )
}
TENS: dict[str, int] = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
} | {"fourty": 40}
SCALES: dict[str, Decimal] = {
    word: Decimal(value)
    for words, value in (
        ("thousand thousands", 10**3),
        ("million millions mln mn mio", 10**6),
        ("billion billions bln bn", 10**9),
        ("trillion trillions trn tn", 10**12),
        ("dozen dozens", 12),
        ("lakh lakhs lac", 10**5),
        ("crore crores", 10**7),
    )
    for word in words.split()
}
LETTER_SCALES: dict[str, Decimal] = {
    "k": Decimal(10**3),
    "m": Decimal(10**6),
    "b": Decimal(10**9),
    "w": Decimal(10**4),
}

CURRENCY_PREFIXES: dict[str, str] = {
    "$": "USD", "us$": "USD", "u.s.$": "USD", "us $": "USD", "hk$": "HKD", "a$": "AUD",
    "c$": "CAD", "s$": "SGD", "nt$": "TWD", "¥": "CNY", "cn¥": "CNY", "€": "EUR", "£": "GBP",
    "₹": "INR", "rs": "INR", "rs.": "INR", "₩": "KRW", "₫": "VND", "jp¥": "JPY", "r$": "BRL",
    "₽": "RUB", "₺": "TRY",
}  # fmt: skip
CURRENCY_CODES: dict[str, str] = {
    "rmb": "CNY", "cny": "CNY", "renminbi": "CNY", "人民币": "CNY", "rmb yuan": "CNY",
    **{
        code.lower(): code
        for code in (
            "USD EUR HKD JPY GBP INR VND KRW TWD SGD AUD CAD CHF KZT RUB THB MYR BRL TRY"
        ).split()
    },
}  # fmt: skip
CURRENCY_NAMES: dict[str, str] = {
    name: code
    for code, names in {
        "CNY": "yuan|yuans|chinese yuan|yuan renminbi|yuan rmb|元人民币|元|块钱|块",
        "USD": (
            "dollars|dollar|us dollars|us dollar|u.s. dollars|u.s. dollar|american dollars"
            "|american dollar|dlrs|dlr|united states dollars|美元|美金"
        ),
        "EUR": "euros|euro|欧元",
        "HKD": "hong kong dollars|hong kong dollar|hk dollars|hk dollar|港元|港币",
        "JPY": "yen|japanese yen|日元",
        "GBP": "pounds|pound|pounds sterling|stg|british pounds|英镑",
        "INR": "rupees|rupee|indian rupees|卢比",
        "VND": "dong|vietnamese dong|vietnam dong|越南盾",
        "KRW": "won|korean won|south korean won|韩元",
        "TWD": "new taiwan dollars|taiwan dollars|新台币|台币",
        "SGD": "singapore dollars|singapore dollar|新加坡元",
        "AUD": "australian dollars|australian dollar|澳元",
        "CAD": "canadian dollars|canadian dollar|加元",
        "CHF": "swiss francs|swiss franc|瑞士法郎",
        "KZT": "tenge",
        "RUB": "roubles|rubles|rouble|ruble|卢布",
        "BRL": "reais|brazilian reais",
        "TRY": "turkish lira|turkish liras",
        "MOP": "patacas|澳门元",
    }.items()
    for name in names.split("|")
}

PERCENTS: dict[str, Decimal] = {
    word: Decimal(1)
    for word in ("%", "percent", "percents", "per cent", "pct", "pc", "percentage")
} | {"‰": Decimal("0.1")}
POINTS: dict[str, Decimal] = {
    word: Decimal(1)
    for word in (
        "percentage points", "percentage point", "percent points", "percent point", "% points",
        "%-points", "percentage-point", "percentage-points", "pct points", "pct point", "ppts",
        "per cent points", "个百分点", "百分点", "percentile points", "% point",
    )
} | {"basis points": Decimal("0.01"), "basis point": Decimal("0.01"), "个基点": Decimal("0.01"),
     "基点": Decimal("0.01")}  # fmt: skip
TIMES = ("times", "time", "fold", "倍")
WHOLE_CHANGES: dict[str, tuple[int, Bound]] = {
    word: (percent, bound)
    for words, percent, bound in (
        ("doubled|doubling|doubles|翻番", 100, "exact"),
        ("tripled|tripling|triples|trebled", 200, "exact"),
        ("quadrupled|quadrupling", 300, "exact"),
        ("halved|halving|halves|减半", 50, "exact"),
        ("unchanged|flat|持平", 0, "exact"),
        ("double-digit|double digit|double-digits|double digits|两位数", 10, "at_least"),
    )
    for word in words.split("|")
}

BOUNDS_BEFORE: dict[str, Bound] = {
    word: bound
    for bound, words in {
        "at_least": (
            "over|more than|exceeded|exceeding|exceeds|exceed|at least|above|no less than"
            "|not less than|no fewer than|not fewer than|surpassed|surpassing|in excess of"
            "|upwards of|upward of|greater than|a minimum of|minimum of|topped|topping"
            "|broke through|breaking through|well over|超过|超|逾|突破|不少于|不低于|至少|多于|大于|高于"
        ),
        "at_most": (
            "up to|no more than|not more than|less than|fewer than|under|below|at most"
            "|a maximum of|maximum of|as much as|as many as|no higher than|not exceeding"
            "|不超过|不足|少于|低于|至多|最多|不高于|小于|最高"
        ),
        "about": (
            "about|nearly|around|approximately|almost|roughly|some|close to|approx|approx."
            "|an estimated|estimated|circa|大约|约为|约|将近|接近|近|大概"
        ),
    }.items()
    for word in words.split("|")
}
BOUNDS_AFTER: dict[str, Bound] = {
    word: bound
    for bound, words in {
        "at_least": "or more|or above|and above|and more|or over|or higher|plus|+|以上",
        "at_most": "or less|or below|and below|or fewer|or lower|以内|以下",
        "about": "or so|左右|上下",
    }.items()
    for word in words.split("|")
}

CLASSIFIERS = tuple("家户支个项条名件批座只位所笔台辆艘艇份场次种类款") + ("余家", "多家")
PHYSICAL_UNITS = tuple(
    (
        "tons|ton|tonnes|tonne|tce|mu|acres|acre|hectares|hectare|km|kilometers|kilometer"
        "|kilometres|kilometre|meters|meter|metres|metre|miles|mile|kwh|kilowatt-hours"
        "|kilowatt hours|kilowatts|kilowatt|kw|mw|gw|megawatts|gigawatts|mwh|gwh"
        "|square meters|square metres|square meter|square metre|square kilometers"
        "|square kilometres|square feet|square foot|cubic meters|cubic metres|cubic feet"
        "|degrees|degree|jin|kg|kilograms|kilogram|grams|gram|liters|litres|barrels|bpd|barrel"
        "|bushels|feet|foot|inches|inch|hours|hour|minutes|minute|seconds|days|day|weeks|week"
        "|months|month|years|year|years old|year-old|working days|decades|decade|centuries"
        "|mm|cm|nm|mg|ml|gb|tb|mbps|gbps|°|℃|°c|twh|words|pages"
        "|亩|吨|平方米|公里|平方公里|千米|米|万千瓦时|千瓦时|千瓦|兆瓦|瓦|公顷|公斤|斤|克|升|立方米"
        "|小时|分钟|秒|天|日内|个月|个工作日|工作日|年|岁|周|度|标箱|倍速|立方|吨位|人次|届|期|号|级"
    ).split("|")
)

MONTHS: dict[str, int] = {
    spelling: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
    for spelling in ((name, name + ".") if len(name) < 5 and name != "may" else (name,))
}  # fmt: skip
ORDINALS: dict[str, int] = {
    word: value
    for value, words in enumerate(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th"), 1
    )
    for word in words.split()
}
RELATIVE_YEARS: dict[str, int] = {
    word: offset
    for words, offset in (
        ("this year|the current year|current year|the year|今年|本年|本年度|今年度", 0),
        ("last year|previous year|the previous year|去年|上年|上年度|去年度", -1),
        ("next year|明年|the coming year|来年", 1),
        ("the year before last|前年", -2),
        ("后年", 2),
    )
    for word in words.split("|")
}
PARTS: dict[str, tuple[int, int]] = {
    word: months
    for words, months in (
        ("q1|1q|一季度|第一季度|首季|1季度|第1季度|首季度", (1, 3)),
        ("q2|2q|二季度|第二季度|2季度|第2季度", (4, 6)),
        ("q3|3q|三季度|第三季度|3季度|第3季度", (7, 9)),
        ("q4|4q|四季度|第四季度|4季度|第4季度", (10, 12)),
        ("h1|1h|上半年", (1, 6)),
        ("h2|2h|下半年", (7, 12)),
        ("前三季度|前3季度", (1, 9)),
        ("前两季度|前二季度", (1, 6)),
        ("全年|年度|whole year|full year|entire year", (1, 12)),
    )
    for word in words.split("|")
}
NOW = (
    "up to now|until now|till now|so far|to date|currently|at present|as of now|as of today"
    "|at the moment|by now|up to the present|目前|截至目前|截止目前|迄今|至今|到目前为止|当前|现在|截至今日"
).split("|")
YEAR_TO_DATE = (
    "since the beginning of this year|since the beginning of the year|so far this year"
    "|since the start of this year|since the start of the year|this year so far|year to date"
    "|year-to-date|since this year|from the beginning of this year|今年以来|今年来|年初以来"
    "|今年初以来|今年年初以来|开年以来"
).split("|")
UNRESOLVED = (
    "in recent years|recent years|recent year|the same period last year|same period last year"
    "|the same period of last year|same period of last year|the same period of the previous year"
    "|same period of the previous year|the same period|the corresponding period last year"
    "|a year earlier|a year ago|year earlier|in the future|recent months|同期|去年同期|上年同期|近年来"
    "|近年|近几年|近些年|多年来|the corresponding period of last year"
).split("|")
UNTIL = (
    "as of|as at|by|until|till|up until|up to|through|before|截至|截止|截止到|截至到|到|至"
).split("|")
SINCE = ("since", "自从", "自")
FINAL_DAY = ("the end of", "end of", "end-", "late", "底", "末")
FIRST_DAY = ("the beginning of", "beginning of", "the start of", "start of", "初")


def _table() -> dict[str, tuple[str, Payload]]:
    """Join the tables: word -> (kind, payload). A later table wins over an earlier one."""
    mapped: tuple[tuple[str, Mapping[str, Payload]], ...] = (
        ("u", UNITS), ("v", TEENS), ("t", TENS), ("c", {"hundred": 100, "hundreds": 100}),
        ("S", SCALES), ("s", LETTER_SCALES), ("p", CURRENCY_PREFIXES), ("b", CURRENCY_CODES),
        ("y", CURRENCY_NAMES), ("%", PERCENTS), ("q", POINTS), ("D", WHOLE_CHANGES),
        ("<", BOUNDS_BEFORE), (">", BOUNDS_AFTER), ("M", MONTHS), ("R", ORDINALS),
        ("Y", RELATIVE_YEARS), ("G", PARTS),
    )  # fmt: skip
    plain: tuple[tuple[str, tuple[str, ...] | list[str]], ...] = (
        ("T", TIMES), ("l", CLASSIFIERS), ("U", PHYSICAL_UNITS), ("O", NOW),
        ("o", YEAR_TO_DATE), ("V", UNRESOLVED), ("B", UNTIL), ("C", SINCE), ("E", FINAL_DAY),
        ("F", FIRST_DAY), ("a", ("a", "an")), ("&", ("and", "&")),
        ("~", ("to", "~", "至", "到")), ("-", ("-",)), (",", (",", "、")), ("(", ("(",)),
        (")", (")",)), ("/", ("/",)), (".", (".",)), ("H", ("half",)),
        ("Q", ("quarter", "quarters")), ("m", ("余", "多", "来")), ("i", ("the", "of")),
        ("j", ("数", "几", "上", "several")), ("年", ("年",)), ("月", ("月", "月份")),
        ("日", ("日", "号")), ("f", ("from", "between", "从")), ("n", ("in", "during", "on", "at")),
        ("P", ("百分之",)), ("A", ("以来",)), ("#", ("第", "no.")),
    )  # fmt: skip
    table: dict[str, tuple[str, Payload]] = {}
    for kind, mapping in mapped:
        table |= {word: (kind, payload) for word, payload in mapping.items()}
    for kind, words in plain:
        table |= {word: (kind, word) for word in words}
    return table


LEXICON = _table()
