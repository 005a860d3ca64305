"""The forms in which a period is written: a grammar over kinds each, and the days it means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from extractor.values import period_days as days
from extractor.values import relative_days as relative
from extractor.values.calendar import Days
from extractor.values.period_days import Pieces

_TO = "_?(?:[-—~到]|B(?=_?[M4r1]))_?"
_OF = "(?:,?_(?:ø_)?(?:i_)?)"
# A bare number is no year before a unit, a scale, or the rest of a number.
_NOT_YEAR = "(?!_?[ybk%qTlUKmSwcs½]|[xrh成]|[.:][149]|-[ySU])"
_YEAR = rf"(?:4_?年|h年|(?:Y_)?4{_NOT_YEAR}|Y年?)"
_ZH_YEAR = "(?:4_?年|h年|Y年?)"
_DAY = "(?:1(?![.:]?[149%]|_?[%SyKqlT])|r)"
_NUMBER = "[1uvh]"


class Form(NamedTuple):
    """One way to write a period: a grammar over kinds, and what a match means."""

    pattern: str
    days: Callable[[Pieces, date | None, bool], Days]


# The first form that matches at a place wins: the longer ones come first.
FORMS: tuple[Form, ...] = tuple(
    Form(pattern, meaning)
    for pattern, meaning in (
        (f"(?P<iso>d)(?:{_TO}(?P<iso2>d))?", days.of_date),
        (
            rf"(?<!n_)(?P<m>M)_?(?:i_)?(?P<d>{_DAY})(?:{_OF}(?P<y>{_YEAR}))?"
            rf"(?:{_TO}(?:(?P<m2>M)_)?(?P<d2>{_DAY})(?!_ø_x)(?:{_OF}(?P<y2>{_YEAR}))?)?",
            days.of_days,
        ),
        (
            rf"(?P<d>{_DAY})(?:(?:{_TO}|(?<=g_.)_&_)(?:i_)?(?P<d2>{_DAY}))?_(?:ø_)?(?P<m>M)"
            rf"(?:{_OF}(?P<y>{_YEAR}))?",
            days.of_days,
        ),
        (r"(?P<which>J)_(?P<m>M)", relative.of_last_month),
        (
            rf"(?:(?P<third>W)[-_](?:ø_)?(?:i_)?)?(?P<m>M)(?:{_OF}?(?P<y>{_YEAR}))?"
            rf"(?:(?:{_TO}|_(?P<joint>&)_)(?P<m2>M)(?:{_OF}?(?P<y2>{_YEAR}))?)?",
            days.of_months,
        ),
        (
            rf"(?P<n>{_NUMBER})_w_~_(?:i_)?(?:E_(?:ø_)?)?(?P<m2>M)(?:{_OF}(?P<y>{_YEAR}))?",
            days.of_months_to,
        ),
        (rf"(?<=g_)(?P<m>M)_&_(?P<m2>M)(?:{_OF}?(?P<y2>{_YEAR}))?", days.of_months),
        (rf"(?P<y>4)_(?P<m>M)(?:{_TO}(?P<m2>M))?", days.of_months),
        (
            rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月_?(?P<d>[1h])_?[日号]?"
            rf"(?:{_TO}(?:(?P<y2>{_ZH_YEAR})_?)?(?:(?P<m2>[1h])_?月_?)?(?P<d2>[1h])_?)?[日号]",
            days.of_days,
        ),
        (
            rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月?{_TO}"
            rf"(?:(?P<y2>{_ZH_YEAR})_?)?(?P<m2>[1h])_?月",
            days.of_months,
        ),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<m>[1h])_?月(?P<third>W)?", days.of_months),
        (
            rf"(?:(?P<y>{_YEAR})_?的?)?(?P<part>G)(?:{_TO}(?P<part2>G))?(?:{_OF}?(?P<ya>{_YEAR}))?",
            days.of_parts,
        ),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?I(?P<n>[1h])(?P<what>w|月)", days.of_first_months),
        (rf"(?:(?P<y>{_ZH_YEAR})_?的?)?(?P<q>[1h]){_TO}(?P<part2>G)", days.of_quarters),
        (
            rf"(?:(?P<y>{_YEAR})_(?:i_)?)?(?P<ord>[Rr])[-_](?:(?P<n>{_NUMBER})_)?(?P<what>[½Qw])(?:_w)?"
            rf"(?:{_OF}(?P<ya>{_YEAR}))?",
            days.of_ordinal,
        ),
        (r"(?:i_)?(?P<ord>r)_5(?:_ρ)?", days.of_plan),
        (r"(?:i_)?(?P<ord>r)_(?P<five>u)-w(?:_ρ)?", days.of_plan),
        (r"(?P<plan>[X5])", days.of_plan),
        (r"(?:φ_?)(?:4)(?![-/]1)|4_φ", relative.of_unknown),
        (
            r"(?:φ_?|[wY]_)?(?P<y>4)(?P<slash>[-/])(?P<tail>1|4)(?![1490%年月季-])(?:_φ)?",
            days.of_split_year,
        ),
        (
            rf"(?<=f_)(?P<y>{_YEAR}){_TO}(?P<m2>M)(?:{_OF}?(?P<y2>{_YEAR}))",
            days.of_years_to_month,
        ),
        (
            rf"(?P<y>{_ZH_YEAR}){_TO}(?P<y2>{_ZH_YEAR})_?的?(?P<m2>[1h])_?月(?!_?[1h]_?[日号])",
            days.of_years_to_month,
        ),
        (rf"{_YEAR}_?的?ς", relative.of_unknown),
        (r"[1h](?P<within>Y)", relative.of_within),
        (rf"(?<=g_)(?P<y>{_YEAR})_&_(?P<y2>{_YEAR})", days.of_years),
        (rf"(?:[wY]_(?:ø_)?)?(?P<y>{_YEAR})(?:{_TO}(?P<y2>{_YEAR}))?", days.of_years),
        (r"(?P<decade>e)", days.of_decade),
        (rf"(?P<rolling>L)_ø_(?:i_)?(?P<y>{_YEAR})", days.of_last_part),
        (r"(?P<rolling>L)", relative.of_rolling),
        (r"(?P<yearend>ē)", relative.of_year_end),
        (r"年(?=[EF])", days.of_present_year),
        (r"月(?=[EF])", relative.of_present_month),
        (rf"[Wς][-_](?:ø_)?(?:i_)?{_YEAR}(?:[-/][14])?", relative.of_unknown),
        (r"(?P<d>[1])(?:[-—~到](?P<d2>1))?日(?!z)", days.of_day),
        (r"(?<=N_i_)(?P<d>r)", days.of_day),
        (r"(?P<now>O)", relative.of_now),
        (r"(?P<ytd>o)", relative.of_year_to_date),
        (r"(?P<none>V)", relative.of_unknown),
        (rf"(?:<_)?(?:i_)?J_?(?:(?:{_NUMBER}|[49])_?)?(?:J_)?(?:w|年|Q)m?", relative.of_unknown),
        (rf"(?:(?<=[nN]_)|(?<=n_i_)){_NUMBER}_(?:J_)?[wQ]", relative.of_unknown),
        (r"(?<=n_i_)(?P<past>J)(?!_?[1490uvhwQ年YM½])", relative.of_past),
        (rf"<_?(?:{_NUMBER})_?(?:年|w)m?", relative.of_unknown),
        (rf"{_NUMBER}_J_[wQ]", relative.of_unknown),
        (r"[1h](?:年|w)m", relative.of_unknown),
    )
)
