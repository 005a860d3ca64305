"""One phrase to one reading: the words around the number may not change its meaning."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from extractor.values.calendar import UNKNOWN, Days
from extractor.values.lexing import Shape, shape
from extractor.values.periods import PERIOD, read_period
from extractor.values.quantities import QUANTITY, WORDED, Reading, read_quantity, read_worded
from extractor.values.quantity_words import FALLS, RISES

# No phrase is longer; it also keeps a message and a search short.
_LONGEST = 400
_PLAIN = (
    "a|an|the|of|by|at|in|on|with|for|to be|is|was|were|are|has|had|been|have|than|total|totals"
    "|totaled|totalled|totaling|totalling|sum|amount|amounts|amounted to|amounting to|amounting"
    "|reached|reaches|reaching|reach|worth|valued at|rate|or|only|as|and|about|record"
    "|remained|remains|remain|stayed|basically|roughly|essentially|全部|新"
    "|共计|共有|共|达到|达|为|累计|总计|合计|计|约|同比|环比|比上年|比去年同期|较上年|较去年同期|较|比|率为|了|的"
    "|总额|总|有|其中|already|some|additional|another|new|even|also|just|a net|net|stood at"
)
_TAILS: dict[str, str] = {
    "money": "in total|total|altogether|respectively|in all|worth|of",
    "count": (
        "in total|in all|enterprises|enterprise|companies|company|firms|firm|businesses|factories"
        "|factory|households|respectively|total|企业|公司|工厂|of|new|policies|policy|measures|measure"
        "|projects|entities|market|manufacturers|small|medium-sized|and|more|them|these|those|其中"
    ),
    "change": (
        "year[- ]{1,3}on[- ]{1,3}year|year-on-year|yoy|y/y|month-on-month|respectively|growth|of"
        "|faster|slower|more|less|fewer|than|ahead|behind|above|below|annually"
        "|a year|on average|increment"
        f"|{RISES}|{FALLS}"
    ),
}


# 多投放3.2亿元, 少收2亿元: more or less of something is done.
_GIVEN_MORE = r"[多少][\u4e00-\u9fff]{1,2}"


def _filler(words: str) -> re.Pattern[str]:
    latin = [word for word in words.split("|") if word.isascii()]
    other = [word for word in words.split("|") if not word.isascii()]
    return re.compile(
        rf"(?:[\s,;:.。，；：、\"'“”（）()+-]|(?<![a-z])(?:{'|'.join(latin)})(?![a-z])"
        rf"|{'|'.join(map(re.escape, other))}|{_GIVEN_MORE})*"
    )


_HEAD = _filler(f"{_PLAIN}|{RISES}|{FALLS}|负")
_TAIL = {
    "money": _filler(_TAILS["money"]),
    "count": _filler(_TAILS["count"]),
    "change": _filler(f"{_TAILS['change']}|{_TAILS['count']}"),
}
# "40 innovative firms": whatever describes what is counted, if no number is in it.
_COUNTED = re.compile(
    r"[\s-][a-z' -]{0,80}(?:enterprises|companies|firms|households|factories|policies|measures)"
    r"|\D{0,20}(?:企业|公司|工厂|政策|措施)"
)
_DESCRIBING = frozenset("xz_&,-iøa的")
_MOVES = re.compile(rf"(?<![a-z])(?:{RISES}|{FALLS}|more|fewer|less)|{_GIVEN_MORE}", re.IGNORECASE)
_LEVEL = re.compile(
    r"(?<![a-z])(?:to|reach(?:ed|es|ing)?)\s+(?:\w+\s+){0,2}$|[增升涨降减跌提高长少]至|[增升降减]到"
)
# "N times that of", 是…的N倍: N times the base is (N - 1) times more.
_TIMES_THAT = re.compile(
    r"\s*(?:that|those|what (?:it|they) (?:was|were)|as (?:much|many|large|high|big)"
    r"|(?:the|its|their) (?:\w+ )?(?:level|figure|amount|number|average|size|value))(?![a-z])"
)
_IS_TIMES = re.compile(r"(?:(?:[是为]|相当于)[^\d，。；,;]{0,16}|达到?[^\d，。；,;]{1,16}的)$")
_PERIOD_HEAD = _filler(
    "a|an|the|of|by|at|in|on|over|during|for|from|within|throughout|period|month|whole|course"
    "|between|all|entire|as|whole of|都|在|于|自|从|就"
)
_PERIOD_TAIL = _filler(
    "period|year|month|this|alone|onwards|onward|on|ago|inclusive|期间|内|间|时|份|中|度|里|late"
    "|earlier|so far|the|of|in|来|through"
)
_VAGUE_PERIOD = re.compile(
    r"(?<![a-z])(?:periods?|years?|months?|quarters?|weeks?|days?|decades?|fiscal)(?![a-z])"
    r"|[年月日周季]|期间|时期|以来"
)
_NO_PERIOD = re.compile(
    r"year\s?-?\s?on\s?-?\s?year|month\s?-?\s?on\s?-?\s?month|-year-|-day|[%$¥元]|yuan|dollar"
    r"|percent|同比|环比|亿|万"
)


def quantity(text: str, kind: Literal["money", "count"]) -> Reading | None:
    """The one quantity of a phrase; None if there is none, or more than one."""
    if len(text) > _LONGEST:
        return None
    read = shape(text, running=False)
    match = QUANTITY.search(read.kinds)
    if match is None or not _stands_alone(read, match, kind):
        return None
    return read_quantity(read, match)


def change(text: str) -> Reading | None:
    """The one change of a phrase; an amount is a change after a word such as "up"."""
    if len(text) > _LONGEST:
        return None
    read = shape(text, running=False)
    for grammar, reader in ((WORDED, read_worded), (QUANTITY, read_quantity)):
        match = grammar.search(read.kinds)
        if match is None or not _stands_alone(read, match, "change"):
            continue
        reading = reader(read, match)
        if reading is None:
            continue
        start, end = read.starts[match.start()], read.ends[match.end() - 1]
        if _LEVEL.search(read.folded[:start]):
            return None
        if reading.kind == "change":
            is_counted = reading.unit == "times" and counted_from_base(read.folded, start, end)
            return beyond_base(reading) if is_counted else reading
        outside = read.folded[:start] + " " + read.folded[end:]
        return reading if reading.kind != "measure" and _MOVES.search(outside) else None
    return None


def counted_from_base(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Where "3 times that of" or 是去年的3倍 stands, so that N times the base are counted.

    Args:
        folded: the text around "3 times".
        start: where "3 times" starts in it.
        end: where it ends.
    """
    after = _TIMES_THAT.match(folded, end)
    if after:
        return start, after.end()
    before = _IS_TIMES.search(folded[max(0, start - 24) : start])
    return (start - len(before.group()), end) if before else None


def beyond_base(reading: Reading) -> Reading:
    """N times the base, as how much more than the base it is, in percent."""
    if reading.value < 1:
        return reading
    upper = None if reading.upper is None else (reading.upper - 1) * 100
    return reading._replace(value=(reading.value - Decimal(1)) * 100, upper=upper, unit="percent")


def period(text: str, on: date | None, planned: bool) -> Days | None:
    """The days of one phrase; None if it is no period."""
    if len(text) > _LONGEST:
        return None
    read = shape(text, running=False)
    position = 0
    is_form = False
    while match := PERIOD.search(read.kinds, position):
        start, end = read.starts[match.start()], read.ends[match.end() - 1]
        if not _PERIOD_HEAD.fullmatch(read.folded, 0, start):
            break
        days = read_period(read, match, on, planned)
        if _PERIOD_TAIL.fullmatch(read.folded, end):
            if days is not None:
                return days
            is_form = is_form or match.group()[0] != "<"
        position = match.start() + 1
    is_vague = _VAGUE_PERIOD.search(read.folded) and not _NO_PERIOD.search(read.folded)
    return UNKNOWN if is_form or is_vague else None


def _stands_alone(read: Shape, match: re.Match[str], kind: str) -> bool:
    """Whether only words that leave the number's meaning alone stand around a match."""
    start, end = read.starts[match.start()], read.ends[match.end() - 1]
    if not _HEAD.fullmatch(read.folded, 0, start):
        return kind == "change" and bool(_IS_TIMES.fullmatch(read.folded, 0, start))
    if _TAIL[kind].fullmatch(read.folded, end):
        return True
    if kind == "count" and _DESCRIBING.issuperset(read.kinds[match.end() :]):
        return bool(_COUNTED.fullmatch(read.folded, end))
    return kind == "change" and bool(_TIMES_THAT.match(read.folded, end))
