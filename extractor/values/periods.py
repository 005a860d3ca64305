"""The grammar of periods, and their resolution against the date of an article."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple, cast

from extractor.values.lexicon import FINAL_DAY, PARTS
from extractor.values.lexing import Shape, payload
from extractor.values.numbers import read, read_han

_YEAR = r"(?:[4hY]_?年?|Y)"
_OF = r"(?:,?_?(?:i_)?|_)"
_RANGE = r"_?[-~]_?"
PERIOD = re.compile(
    rf"""
    (?:(?P<lead>[BCn]|f)_?)?(?:i_)?
    (?:(?P<edge>[EF])_?)?
    (?:
        (?:(?P<year>(?:[4h]_?年|Y))_?i?_?)?
        (?P<zh1>[1h])_?月?(?:{_RANGE}(?P<zh2>[1h]))?月(?:(?P<zd1>[1h])[日]?(?:{_RANGE}(?P<zd2>[1h]))?日)?
      | (?:(?P<year2>(?:[4h]_?年|Y|4))_?)?(?P<part>G)(?:{_OF}(?P<year3>4|Y))?
      | (?P<ord>R)(?:_(?P<count>[uv1]))?_(?P<what>[HQ])(?:{_OF}(?P<year4>4|Y))?
      | (?P<m1>M)(?:{_RANGE}(?P<m2>M))?(?:{_OF}(?P<year5>4|Y)(?!_?[%SyKq]))?
      | (?P<m3>M)_(?P<d1>1)(?:{_RANGE}(?P<d2>1))?(?:,_?(?P<year6>4))?
      | (?P<year7>(?:[4h]_?年|Y|4(?!_?[%SyKqUlT])))(?:{_RANGE}(?P<year8>(?:4年?)))?
      | (?P<iso>4-1-1)
    )
    (?P<edge2>E|F)?(?P<onward>A)?
    | (?P<now>O) | (?P<ytd>o) | (?:n_)?(?P<none>V)
    """,
    re.VERBOSE,
)


class Resolved(NamedTuple):
    """A period: both days inclusive, either may be None; flags as in `Period`."""

    start: date | None
    end: date | None
    flags: tuple[str, ...] = ()


class _Window(NamedTuple):
    """Days of a year: (month, day) to (month, day); day 0 is the last of its month."""

    first: tuple[int, int]
    last: tuple[int, int]
    is_day: bool = False

    def on(self, year: int) -> tuple[date, date]:
        start = date(year, *self.first)
        month, day = self.last
        return start, date(year, month, day or monthrange(year, month)[1])


_WHOLE_YEAR = _Window((1, 1), (12, 0))


def resolve(shape: Shape, match: re.Match[str], on: date | None, planned: bool) -> Resolved | None:
    """The days of a match of `PERIOD`; None if it names no calendar days."""

    def piece(group: str) -> str:
        return shape.piece(*match.span(group)) if match.group(group) else ""

    if match.group("none"):
        return Resolved(None, None)
    if match.group("now"):
        return Resolved(None, on, ("year_from_date", "from_date") if on else ())
    if match.group("ytd"):
        if on is None:
            return Resolved(None, None)
        return Resolved(date(on.year, 1, 1), on, ("year_from_date", "from_date"))
    try:
        days = _days(match, piece, on, planned)
    except ValueError:
        return None
    if days is None:
        return Resolved(None, None)
    start, end, flags = days
    return _framed(match, piece, Resolved(start, end, flags), on)


def _framed(match: re.Match[str], piece: object, days: Resolved, on: date | None) -> Resolved:
    """Apply "since", "as of", "the end of" to the days between them."""
    start, end, flags = days
    lead = piece("lead")  # type: ignore[operator]
    edge = piece("edge") or piece("edge2")  # type: ignore[operator]
    if edge:
        day = end if edge in FINAL_DAY else start
        start = end = day
    if match.group("onward"):
        return Resolved(start, on, (*flags, "from_date")) if on else Resolved(start, None, flags)
    if match.group("lead") == "C":
        return Resolved(start, None, flags)
    if match.group("lead") == "B" and lead not in ("before",):
        return Resolved(None, end, flags)
    return Resolved(start, end, flags)


def _days(
    match: re.Match[str], piece: object, on: date | None, planned: bool
) -> tuple[date, date, tuple[str, ...]] | None:
    read_piece = cast("type[str]", piece)
    if match.group("iso"):
        day = date(*map(int, read_piece("iso").split("-")))
        return day, day, ()
    window = _window(match, read_piece)
    if window is None:
        return None
    named = next((g for g in ("year", "year2", "year3", "year4", "year5", "year6", "year7")
                  if match.group(g)), None)  # fmt: skip
    if named is None:
        return _nearest(window, on, planned)
    kind = match.group(named)[0]
    if kind == "Y":
        if on is None:
            return None
        start, end = window.on(on.year + cast(int, payload(read_piece(named))))
        return start, end, ("year_from_date",)
    start, end = window.on(_year(read_piece(named)))
    if match.group("year8"):
        end = window.on(_year(read_piece("year8")))[1]
    return start, end, ()


def _nearest(
    window: _Window, on: date | None, planned: bool
) -> tuple[date, date, tuple[str, ...]] | None:
    """The latest such window that has begun to end, or the first that ends from now on."""
    if on is None:
        return None
    for year in (on.year - 1, on.year, on.year + 1) if planned else range(on.year, on.year - 9, -1):
        try:
            start, end = window.on(year)
        except ValueError:
            continue
        begun = end if window.is_day else end.replace(day=1)
        if (end >= on) if planned else (begun <= on):
            return start, end, ("year_from_date",)
    return None


def _year(word: str) -> int:
    word = word.replace("年", "").strip()
    value = int(word) if word.isdigit() else int(read_han(word) or 0)
    if not 1000 <= value <= 9999:
        raise ValueError(word)
    return value


def _small(word: str) -> int:
    numeral = read(word)
    return int(numeral.value) if numeral else 0


def _window(match: re.Match[str], piece: type[str]) -> _Window | None:
    if match.group("zh1"):
        low = _small(piece("zh1"))
        high = _small(piece("zh2")) if match.group("zh2") else low
        return _between(low, high, piece("zd1"), piece("zd2"))
    if match.group("part"):
        low, high = PARTS[piece("part")]
        return _between(low, high, "", "")
    if match.group("ord"):
        return _ordinal_part(match, piece)
    for month, other, day, last in (("m1", "m2", "", ""), ("m3", "", "d1", "d2")):
        if match.group(month):
            low = cast(int, payload(piece(month)))
            high = cast(int, payload(piece(other))) if other and match.group(other) else low
            return _between(low, high, piece(day) if day else "", piece(last) if last else "")
    return _WHOLE_YEAR


def _ordinal_part(match: re.Match[str], piece: type[str]) -> _Window | None:
    number = cast(int, payload(piece("ord")))
    length = 6 if match.group("what") == "H" else 3
    if match.group("count"):
        count = _small(piece("count"))
        return _between(1, length * count, "", "") if number == 1 else None
    return _between(length * (number - 1) + 1, length * number, "", "")


def _between(low: int, high: int, first: str, last: str) -> _Window | None:
    if not (1 <= low <= 12 and 1 <= high <= 12):
        return None
    if first:
        day = _small(first)
        return _Window((low, day), (high, _small(last) if last else day), True)
    return _Window((low, 1), (high, 0))
