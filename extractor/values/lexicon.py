"""The lexicon: every word that the grammars know, with its *kind*, one character.

Grammars are regular expressions over kinds (see `extractor.values.lexing`); to teach the
parsers a word, add it to its table in `quantity_words` or `calendar_words`.

Quantities: ``u v t c · S s`` zero to nine, teens, tens, hundred, point, scale, letter scale; ``a``
a/an; ``&`` and; ``½`` half; ``÷ 之`` denominator, 分之; ``p b y k`` currency sign, code, name,
subunit; ``% q T`` percent, points, times; ``D Ð`` a change by itself, in percent, in times;
``P`` 百分之; ``< >`` bound before, after; ``m`` 余 多 来; ``l`` classifier; ``U`` physical
unit; ``w`` unit of time; ``j`` vague (数, several).

Periods: ``M`` month; ``R`` first to fourth; ``Y`` relative year; ``L`` relative day to
quarter; ``G`` part of a year; ``Q`` quarter; ``O`` now; ``o`` year to date; ``V``
unresolved; ``B C Z`` until, since, before or after; ``E F W`` end, start, third of a month;
``年 月 日 号 的`` themselves; ``A I`` 以来, 前; ``X 5 ρ`` plan period, plan, period; ``J`` past,
recent; ``ē`` year-end; ``φ ς`` fiscal year, season.

Both: ``n N f g i ø`` in, on, from, between, the, of; ``~ 到 - —`` to, 至, dashes;
punctuation for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extractor.values import calendar_words as calendar
from extractor.values import quantity_words as words

Payload = object

# A later row wins over an earlier one.
_MEANINGFUL: tuple[tuple[str, Mapping[str, Payload]], ...] = (
    ("s", words.LETTER_SCALES),
    ("u", words.UNITS),
    ("v", words.TEENS),
    ("t", words.TENS),
    ("S", words.SCALES),
    ("÷", words.DENOMINATORS),
    ("p", words.CURRENCY_SIGNS),
    ("b", words.CURRENCY_CODES),
    ("y", words.CURRENCY_NAMES),
    ("k", words.SUBUNITS),
    ("%", words.PERCENTS),
    ("q", words.POINTS),
    ("P", words.OF_HUNDRED),
    ("D", words.WHOLE_CHANGES),
    ("Ð", words.FOLDS),
    ("<", words.BOUNDS_BEFORE),
    (">", words.BOUNDS_AFTER),
    ("M", calendar.MONTHS),
    ("R", calendar.ORDINALS),
    ("r", calendar.PLAN_ORDINALS),
    ("Y", calendar.RELATIVE_YEARS),
    ("G", calendar.PARTS),
    ("L", calendar.ROLLING),
    ("W", calendar.THIRDS),
    ("X", calendar.PLAN_PERIODS),
)
_PLAIN: tuple[tuple[str, Iterable[str]], ...] = (
    ("T", words.TIMES),
    ("l", words.CLASSIFIERS),
    ("U", words.MEASURES),
    ("c", ("hundred",)),
    ("·", ("point",)),
    ("a", ("a", "an")),
    ("½", ("half",)),
    ("m", "余多来"),
    ("j", (*"数几上", "several", "hundreds", "dozens", "tens of", "若干", "无数")),
    ("#", (*"第#", "no.", "article", "top", "fortune", "前")),
    ("O", calendar.NOW),
    ("o", calendar.YEAR_TO_DATE),
    ("V", calendar.UNRESOLVED),
    ("B", calendar.UNTIL),
    ("C", calendar.SINCE),
    ("Z", (*calendar.BEFORE, *calendar.AFTER)),
    ("E", calendar.ENDS),
    ("F", calendar.STARTS),
    ("J", calendar.DURATION_LEADS),
    ("w", calendar.TIME_UNITS),
    ("5", (*calendar.PLAN_WORDS, *calendar.PLAN_NAMES)),
    ("ρ", ("period",)),
    ("x", ("long march", "may day", "may fourth", "in conclusion")),
    ("z", words.PLAIN_HAN),
    ("Q", ("quarter", "quarters")),
    ("ē", (*calendar.YEAR_ENDS, *calendar.YEAR_OUT)),
    ("φ", ("fiscal", "fy", "fiscal years", *calendar.FISCAL_YEARS)),
    ("ς", (*calendar.SEASONS, *calendar.HAN_SEASONS)),
    ("年", ("年", "年度")),
    ("月", ("月", "月份")),
    ("日", "日"),
    ("号", "号"),
    ("之", ("分之",)),
    ("A", ("以来", "起", "开始")),
    ("I", ("之前", "以前", "前", "之后", "以后")),
    ("的", "的"),
    ("n", ("in", "during", "throughout")),
    ("N", ("on", "at", "for")),
    ("f", ("from", "从")),
    ("g", ("between", "ranging from", "range from", "ranges from")),
    ("i", ("the",)),
    ("ø", ("of",)),
    ("&", ("and", "&", "和", "及", "与")),
    ("~", ("to", "~", "through to")),
    ("到", ("至", "到")),
    (",", ",、"),
    *((mark, mark) for mark in "-—()/.+:"),
)


def _table() -> dict[str, tuple[str, Payload]]:
    table: dict[str, tuple[str, Payload]] = {
        word: (kind, word) for kind, some in _PLAIN for word in some
    }
    for kind, mapping in _MEANINGFUL:
        table |= {word: (kind, payload) for word, payload in mapping.items()}
    # These are in several tables, and mean this by themselves.
    return table | {"前": ("I", "前"), "half": ("½", "half")} | dict.fromkeys(
        ("quarter", "quarters"), ("Q", "quarter")
    )  # fmt: skip


LEXICON = _table()


def payload(word: str) -> Payload:
    """What the lexicon says of a folded word; its inner white space may be of any kind."""
    return LEXICON[word if word in LEXICON else " ".join(word.split())][1]
