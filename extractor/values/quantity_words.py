"""The words of quantities: numbers, currencies, units, bounds. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeVar

Bound = Literal["exact", "at_least", "at_most", "about", "range"]
_Meaning = TypeVar("_Meaning")


def listed(words: str) -> tuple[str, ...]:
    """The words of "word|word"."""
    return tuple(words.split("|"))


def spread(table: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Turn meaning -> "word|word" round into word -> meaning."""
    return {word: meaning for meaning, words in table.items() for word in listed(words)}


def numbered(words: str, first: int = 1) -> dict[str, int]:
    """Count the words of "word|word" from `first`."""
    return {word: value for value, word in enumerate(listed(words), first)}


UNITS = numbered("zero|one|two|three|four|five|six|seven|eight|nine", 0)
TEENS = numbered(
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen", 10
)
TENS = {
    word: 10 * value
    for word, value in numbered("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety", 2).items()
}
SMALL_NUMBERS = UNITS | TEENS | TENS
SCALES = spread(
    {
        Decimal(10**3): "thousand|thousands",
        Decimal(10**6): "million|millions|mln|mn|mio",
        Decimal(10**9): "billion|billions|bln|bn",
        Decimal(10**12): "trillion|trillions|trn|tn",
        Decimal(12): "dozen",
        Decimal(10**5): "lakh|lakhs|lac",
        Decimal(10**7): "crore|crores",
    }
)
# Only glued to digits: "$5m", "10k", "30w" (w for 万).
LETTER_SCALES = {
    "k": Decimal(10**3), "m": Decimal(10**6), "b": Decimal(10**9), "w": Decimal(10**4),
}  # fmt: skip
DENOMINATORS: dict[str, int] = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10,
    "tenths": 10,
}  # fmt: skip

HAN_DIGITS: dict[str, int] = {
    character: value for value, character in enumerate("零一二三四五六七八九")
} | {"〇": 0, "两": 2}
HAN_STEPS: dict[str, int] = {"十": 10, "百": 100, "千": 1000}
HAN_SCALES: dict[str, int] = {"万": 10**4, "亿": 10**8, "兆": 10**12}

# Kronor are Swedish; "kr" and kroner are the money of several countries: no currency is named.
CURRENCY_SIGNS: dict[str, str | None] = spread(
    {
        "CNY": "¥|cn¥|rmb¥",
        "USD": "$|us$|u.s.$|us $|u.s. $",
        "HKD": "hk$|hk $", "AUD": "a$|au$", "CAD": "c$|ca$", "SGD": "s$", "TWD": "nt$", "BRL": "r$",
        "MOP": "mop$", "EUR": "€", "GBP": "£", "INR": "₹|rs|rs.", "KRW": "₩", "VND": "₫",
        "JPY": "jp¥", "RUB": "₽", "TRY": "₺", "KZT": "₸", "IDR": "rp|rp.",
        "KES": "ksh|kshs|ksh.|sh|shs|sh.",
        None: "kr|kr.",
    }
)  # fmt: skip
CURRENCY_CODES = spread(
    {
        "CNY": "rmb|cny|renminbi|人民币|rmb yuan|chinese rmb",
        "HKD": "港币",
        "USD": "美金",
        "VND": "vnđ",
    }
) | {
    code.lower(): code
    for code in listed(
        "USD|EUR|HKD|JPY|GBP|INR|VND|KRW|TWD|SGD|AUD|CAD|CHF|KZT|RUB|THB|MYR|BRL|KES|IDR|SEK|NOK"
        "|DKK"
    )
}
CURRENCY_NAMES: dict[str, str | None] = spread(
    {
        "CNY": (
            "yuan|yuans|chinese yuan|chinese yuans|yuan renminbi|yuan rmb|yuan (rmb)"
            "|元人民币|元|块钱|块|圆|元钱"
        ),
        "USD": (
            "dollars|dollar|us dollars|us dollar|u.s. dollars|u.s. dollar|american dollars"
            "|american dollar|dlrs|dlr|u.s. dlrs|us dlrs|united states dollars"
            "|united states dollar|美元|bucks"
        ),
        "EUR": "euros|euro|欧元",
        "HKD": "hong kong dollars|hong kong dollar|hk dollars|hk dollar|港元",
        "JPY": "yen|japanese yen|yens|日元|日圆|円",
        "GBP": "pounds|pound|pounds sterling|pound sterling|stg|british pounds|british pound|英镑",
        "INR": "rupees|rupee|indian rupees|indian rupee|卢比|印度卢比",
        "VND": "dong|đồng|vietnamese dong|vietnam dong|越南盾|越盾",
        "KRW": "won|korean won|south korean won|韩元|韩圆",
        "TWD": "new taiwan dollars|taiwan dollars|taiwan dollar|新台币|台币|新臺幣",
        "SGD": "singapore dollars|singapore dollar|新加坡元|新元",
        "AUD": "australian dollars|australian dollar|澳元|澳大利亚元",
        "CAD": "canadian dollars|canadian dollar|加元|加拿大元",
        "CHF": "swiss francs|swiss franc|瑞士法郎",
        "KZT": "tenge|坚戈",
        "RUB": "roubles|rubles|rouble|ruble|russian rubles|卢布",
        "BRL": "reais|brazilian reais|brazilian reals",
        "TRY": "turkish lira|turkish liras",
        "THB": "baht|thai baht|泰铢",
        "MYR": "ringgit|malaysian ringgit|林吉特",
        "MOP": "patacas|澳门元|澳门币",
        "KES": "kenyan shillings|kenya shillings|肯尼亚先令",
        "IDR": "rupiah|rupiahs|indonesian rupiah|印尼盾|印尼卢比",
        "SEK": "kronor|swedish kronor|swedish kroner|swedish krona|瑞典克朗",
        "NOK": "norwegian kroner|norwegian krone|挪威克朗",
        "DKK": "danish kroner|danish krone|丹麦克朗",
        None: "kroner|krona|克朗",
    }
)  # fmt: skip
# Hundredths, and tenths (角, 毛), of a currency.
SUBUNITS = spread(
    {
        ("USD", Decimal("0.01")): "cents|cent|美分|us cents",
        ("GBP", Decimal("0.01")): "pence",
        ("CNY", Decimal("0.1")): "角|毛|毛钱",
        ("CNY", Decimal("0.01")): "分|分钱|fen",
    }
)

PERCENTS = spread({Decimal(1): "%|percent|percents|per cent|pct|percentage", Decimal("0.1"): "‰"})
POINTS = spread(
    {
        Decimal(1): (
            "percentage points|percentage point|percentage-points|percentage-point|percent points"
            "|percent point|points|per cent points|% points|% point|pct points|pct point|ppts"
            "|percentual points|个百分点|百分点"
        ),
        Decimal("0.01"): "basis points|basis point|bps|bp|个基点|基点",
    }
)
TIMES = ("times", "time", "fold", "-fold", "倍")
# In times the base: "threefold" is 3.
FOLDS: dict[str, int] = {f"{word}fold": value for word, value in SMALL_NUMBERS.items()} | {
    "hundredfold": 100, "thousandfold": 1000,
}  # fmt: skip
OF_HUNDRED: dict[str, Decimal] = {
    "百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01"),
}  # fmt: skip
# In percent. 翻一番 doubles, 翻两番 doubles twice.
WHOLE_CHANGES: dict[str, tuple[int, Bound]] = spread(
    {
        (100, "exact"): (
            "doubled|doubling|double|twice that of|twice as much|twice as many|twice the number"
            "|twice the level|twice the amount|翻番|翻一番|翻了一番"
        ),
        (
            200,
            "exact",
        ): "tripled|tripling|trebled|triple|thrice that of|thrice the number|thrice as many",
        (300, "exact"): "quadrupled|quadrupling|翻两番|翻了两番|翻二番",
        (700, "exact"): "翻三番|翻了三番",
        (50, "exact"): "halved|halving|halve|减半|腰斩|一半|半数",
        (50, "at_least"): "过半数",
        (0, "exact"): "unchanged|no change|flat|持平",
        (100, "at_least"): "triple-digit|triple digit|三位数",
        (10, "at_least"): "double-digit|double digit|double-digits|double digits|两位数",
    }
)

# Words of direction, as alternatives of a regular expression.
RISES = (
    "increases|increased|increase|increasing|rose|rises|rise|rising|risen|grew|grows|grow|growing"
    "|grown|growth|gained|gains|gain|up|higher|jumped|jump|surged|surge|soared|climbed|expanded"
    "|expansion|added|增长|增加|上升|提高|提升|上涨|扩大|增幅|涨幅|升|涨|增|高出|高于|新增|增速"
    "|多了|多"
)
FALLS = (
    "decreases|decreased|decrease|decreasing|fell|falls|fall|falling|fallen|declined|declines"
    "|decline|declining|dropped|drops|drop|down|lower|reduced|reduction|shrank|contracted|slid"
    "|contraction|narrowed|cut|lost|loss|minus|by|少了|少|下降|减少"
    "|降低|回落|下滑|下跌|缩小|收窄|降幅|跌幅|降|减|跌"
)

BOUNDS_BEFORE: dict[str, Bound] = spread(
    {
        "at_least": (
            "over|more than|well over|exceeded|exceeding|exceeds|exceed|at least|above"
            "|no less than|not less than|no fewer than|not fewer than|surpassed|surpassing"
            "|surpasses|in excess of|upwards of|upward of|greater than|minimum of|topped|topping"
            "|broke through|break through|breaks through|broken through|breaking through"
            "|not lower than|not be less than|not be lower than"
            "|be no less than|超过|超|逾|突破|不少于|不低于|至少|多于"
            "|大于|高于|最少"
        ),
        "at_most": (
            "up to|no more than|not more than|less than|fewer than|under|below|at most"
            "|maximum of|as much as|as many as|no higher than|not exceeding|not exceed"
            "|not be more than|within|不超过|不足|少于|低于|至多|最多|不高于|小于|最高"
        ),
        "about": (
            "about|nearly|around|approximately|almost|roughly|some|close to|approx|approx."
            "|an estimated|estimated|circa|basically|essentially"
            "|大约|约为|约|将近|接近|近|大概|差不多|基本"
        ),
    }
)
# Glued to a number they make it the size of a class; "the 5 million level" is a level reached.
CLASS_WORDS = ("-level", "级")
LEVEL_WORDS = (*CLASS_WORDS, "level")
BOUNDS_AFTER: dict[str, Bound] = spread(
    {
        "at_least": "or more|or above|and above|and more|or over|or higher|plus|odd|以上|还多",
        "at_most": "or less|or below|and below|or fewer|or lower|or under|以内|以下",
        "about": "or so|左右|上下|" + "|".join(LEVEL_WORDS),
    }
)

# Words of running text with a numeral in them that states no number.
PLAIN_HAN = listed(
    "唯一|统一|之一|单一|同一|逐一|不一|每一|万一|十分重要|十分明显|一汽|三一|百度|三农|四川|三峡|五金"
    "|九江|六安|一带一路|一体|一系列|一定|一般|一些|一方面|一揽子|一线|一流|二线|进一步|一律|一直|一起"
    "|增加到|增长到|上升到|提高到|扩大到|减少到|下降到|一半导体|一半球|一站式|千家万户|百家争鸣|两化|两会|双一流|四上|七夕|五一|十一国庆|一窗"
)
CLASSIFIERS = (*"家户支个项条名件批座只位所笔台辆艘艇场次种类款人处间", "人次")
MEASURES = listed(
    "tons|ton|tonnes|tonne|tce|mu|acres|acre|hectares|hectare|km|kilometers|kilometer"
    "|kilometres|kilometre|meters|meter|metres|metre|miles|mile|kwh|kilowatt-hours"
    "|kilowatt hours|kilowatts|kilowatt|kw|mw|gw|megawatts|gigawatts|mwh|gwh|twh"
    "|square meters|square metres|square meter|square metre|square kilometers|sq km|sq m"
    "|square kilometres|square feet|square foot|cubic meters|cubic metres|cubic feet"
    "|degrees|degree|milliseconds|millisecond|ms"
    "|kilolitres|kilolitre|kiloliters|kiloliter|millilitres|milliliters|quintals|quintal"
    "|megalitres|megaliters|sq ft|cu m|cusecs|gallons|gallon|ounces|ounce"
    "|jin|kg|kilograms|kilogram|grams|gram|liters|litres|barrels|bpd|barrel"
    "|bushels|feet|foot|inches|inch|mm|cm|nm|mg|ml|gb|tb|mbps|gbps|°|℃|°c|volts|kv"
    "|metric tons|metric tonnes|kilotons|metric ton|standard coal|teu|teus"
    "|亩|吨|平方米|公里|平方公里|千米|米|万千瓦时|千瓦时|千瓦|兆瓦|瓦|公顷|公斤|斤|克|升|立方米|岁|度"
    "|标箱|立方|吨位|㎡|平米|厘米|毫米|英里|海里|届|期|版|页"
)
