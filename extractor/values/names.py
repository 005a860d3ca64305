"""Numbers in running text that count nothing: names, identifiers, ordinals, plain words."""

from __future__ import annotations

import re

from extractor.values.lexing import Shape
from extractor.values.quantities import Reading

_DIGITS = "0149"
_LIST_NUMBER_END = re.compile(r"[.、)）](?!\d)")
_CLOCK = re.compile(r"\s?(?:a\.?m\.?|p\.?m\.?|o'clock)(?![a-z])")
_ENTERPRISES = re.compile(r"\s(?:(?!of\s)[\w-]+\s){0,3}(?:enterpris|compan|firm|factor|business|manufactur)")
_CAPITALIZED_NEXT = re.compile(
    r"\s+(?!Measure|Polic|Article|Initiative|Action|Provision|Item|Project)[A-Z][a-z]+"
)
_WITH_FLAT = re.compile(r"\s(?:with|from|year|compared|at|on|in|versus)(?![a-z])")
_FLAT_VERB = re.compile(r"(?:remain(?:ed|s)?|stay(?:ed|s)?|was|were|be|held|basically|roughly)\s$")
_OPENING = "“\"「《【〔["
_LONG_IDENTIFIER = 8


def is_name(read: Shape, first: int, last: int, reading: Reading) -> bool:
    """Whether the number in ``kinds[first:last]`` names something instead of counting it."""
    if _is_glued(read, first) or _is_vague(read, first, last):
        return True
    return reading.kind == "count" and (
        _is_identifier(read, first, last)
        or _is_part_of_name(read, first, last)
        or _is_list_number(read, first, last)
        or _is_plain(read, first, last, reading)
    )


def is_named_year(read: Shape, first: int, last: int) -> bool:
    """Whether a period's digits are the tail or the head of a name, an address, a version."""
    kinds = read.kinds
    if kinds[first] in "4191de" and first and kinds[first - 1] in "x-/.+:" and (
        kinds[first - 1] in "x/" or first > 1 and kinds[first - 2] in "x149"
    ):
        return True
    after = kinds[last : last + 1]
    if kinds[last - 1] in "41de" and (after in ("x", "/", "+") or kinds[last : last + 2] == "-x"):
        return True
    if kinds[last - 1] == "5":
        return not set(kinds[first:last]) & set("nNBCZf")
    if kinds[first:last] == "4":
        number = read.folded[read.starts[first] : read.ends[first]]
        return number.endswith("00") or after in ("l", "z") or kinds[max(0, first - 2) : first] in (
            "<_", "#_", "p_"
        )  # fmt: skip
    return False


def is_plain_word(read: Shape, match: re.Match[str]) -> bool:
    """Whether a word such as "flat", "half" or "a third" is no change in running text."""
    first, last = match.span()
    start, end = read.starts[first], read.ends[last - 1]
    if match["half"]:
        return True
    if match["numerator"]:
        hyphen = "-" in match["numerator"] + read.kinds[first:last]
        return not (hyphen and match["denominator"] == "÷") and not re.match(
            r"\sof(?![a-z])", read.folded[end : end + 4]
        )
    if read.folded[start:end] != "flat":
        return False
    return not (
        _WITH_FLAT.match(read.folded, end) or _FLAT_VERB.search(read.folded[max(0, start - 12) : start])
    )


def _is_glued(read: Shape, first: int) -> bool:
    """B2, A4: a digit right after a letter."""
    before = read.folded[read.starts[first] - 1 : read.starts[first]]
    return read.kinds[first] in _DIGITS and ("a" <= before <= "z" or before in ("@", "_", "&"))


def _is_vague(read: Shape, first: int, last: int) -> bool:
    """数百万元 is no amount, and 两块 and 十分 seldom are money."""
    if read.kinds[first] == "h" and first and read.kinds[first - 1] == "j":
        return True
    return read.folded[read.ends[last - 1] - 1] in "块角毛分" and read.kinds[last - 1] in "yk"


def _is_part_of_name(read: Shape, first: int, last: int) -> bool:
    """1+6, 5G, A-5, No. 127, 10-year, 3.5.1, 8:30, “100 …”, 12345热线."""
    kinds = read.kinds
    before, after = kinds[:first][-2:], kinds[last : last + 2]
    if before[-1:] in ("+", "/", "#") or before == "#_" or before[-1:] in (".", ":") and (
        before[:1] in ("x", "1", "4", "9")
    ):
        return True
    if before[-1:] == "-" and before != "--" and read.text[read.starts[first] - 1] not in "—―":
        return True
    is_digits = kinds[first] in _DIGITS
    if is_digits and before and read.text[read.starts[first] - 1] in _OPENING:
        return True
    if after[:1] in ("x", "+", "/") or after == "-x" or (
        after[:1] in (".", ":", "-") and after[1:] in ("1", "4", "9", "0", "u")
    ):
        return True
    return after[:1] == "-" and after != "--" and read.text[read.ends[last - 1]] in "-‐‑"


def _is_list_number(read: Shape, first: int, last: int) -> bool:
    """1. or （二） or 三、 at the start of a line."""
    start, end = read.starts[first], read.ends[last - 1]
    if read.kinds[first:last] not in ("1", "h") or not _LIST_NUMBER_END.match(read.folded, end):
        return False
    if read.folded[end] == ")":
        return read.folded[max(0, start - 1) : start] == "(" or _starts_line(read.folded, start)
    return _starts_line(read.folded, start)


def _starts_line(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" ")
    return before.endswith("\n") or (not before and start < 4)


def _is_identifier(read: Shape, first: int, last: int) -> bool:
    """Telephone and document numbers, clock times, "30w" and "5m" without a currency."""
    number = read.folded[read.starts[first] : read.ends[last - 1]]
    bare = number.replace("-", "")
    if bare.isdigit():
        if len(bare) >= _LONG_IDENTIFIER or bare[0] == "0":
            return True
        return bool(_CLOCK.match(read.folded, read.ends[last - 1]))
    is_version = "." in number and number.replace(".", "").isdigit()
    return is_version or bool(re.search(r"\d[mbw]$|^\dk$", number))


def _is_plain(read: Shape, first: int, last: int, reading: Reading) -> bool:
    """Words in ordinary use ("one", 一), and Chinese numerals without a classifier."""
    number = read.folded[read.starts[first] : read.ends[last - 1]]
    kinds = read.kinds[first:last]
    if number == "one":
        return not _ENTERPRISES.match(read.folded, read.ends[last - 1])
    if "l" not in kinds and not reading.scaled and reading.bound == "exact":
        if "h" in kinds:
            return True
        after = read.kinds[last : last + 1]
        if after and after in "z年月日号季IA到#j" and read.folded[read.ends[last - 1]] > "⺀":
            return True
    if kinds[:1] == "h" and number[0] == "一" and len(number) == 2:
        return True
    return kinds[:1] in ("u", "v", "t") and _is_capitalized_name(read, first, last)


def _is_capitalized_name(read: Shape, first: int, last: int) -> bool:
    start, end = read.starts[first], read.ends[last - 1]
    return read.text[start].isupper() and bool(_CAPITALIZED_NEXT.match(read.text, end))
