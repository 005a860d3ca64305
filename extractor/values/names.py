"""Numbers in running text that count nothing: names, identifiers, ordinals, plain words."""

from __future__ import annotations

import re

from extractor.values.lexing import Shape
from extractor.values.quantities import Reading
from extractor.values.quantity_words import FALLS, RISES

_DIGITS = "0149"
# Over the two kinds before and after a number: 1+6, 24/7, No. 127, v3.5, 8:30, A-5, 5-star.
_NAME_BEFORE = re.compile(r"(?<=[-+/#])|(?<=#_)|(?<=[x149][.:])")
_NAME_AFTER = re.compile(r"[x+/]|-(?!-)|[.:][1490u]")
_DATE_NAME_BEFORE = re.compile(r"[x/]$|[x149][-.+:]$")
_DATE_NAME_AFTER = re.compile(r"[x/+]|-x")
# Over the kinds after "a quarter" or "half": a stretch of time, or a part of a unit.
_OF_TIME = re.compile("_ø_(?:i_)?(?:[YLMGw4]|a_[qw%cS])|-|_?w")
_TIME = re.compile("_(?:i_)?[YLMG4]")
_PART_BEFORE = re.compile(
    r"(?:first|second|last|latter|1st|2nd|past|next|other|upper|lower|higher|top)[\s-]$"
)
_MOVED = re.compile(rf"(?<![a-z])(?:{RISES}|{FALLS})\s(?:by\s|in\s)?$")
_HAS_PARTS = re.compile(r"(?<![a-z])(?:is|are|was|were)\s$")
_LIST_NUMBER_END = re.compile(r"[.、)）](?!\d)")
_SENTENCE_BEFORE = re.compile(r"[。；！？.;!?]\s{0,2}$")
_CLOCK = re.compile(r"\s?(?:a\.?m\.?|p\.?m\.?|o'clock)(?![a-z])")
_ENTERPRISES = re.compile(
    r"\s(?:(?!of\s)[\w-]{1,30}\s){0,3}(?:enterprise|compan|firm|factor|business|manufacture)"
)
_CAPITALIZED_NEXT = re.compile(
    r"\s+(?!Measure|Polic|Article|Initiative|Action|Provision|Item|Project)[A-Z][a-z]"
)
_VERSION = re.compile(r"\d+(?:\.\d+)+|\d+[mbw]|\dk")
_WITH_FLAT = re.compile(r"\s(?:with|from|year|compared|at|on|in|versus)(?![a-z])")
_FLAT_VERB = re.compile(r"(?:remain(?:ed|s)?|stay(?:ed|s)?|was|were|be|held|basically|roughly)\s$")
_VERB_BEFORE = re.compile(r"(?<![a-z])(?:will|would|could|can|may|should|to|nearly|almost)\s$")
_OPENING = '“"「《【〔['
_LONG_IDENTIFIER = 8


def is_name(read: Shape, first: int, last: int, reading: Reading) -> bool:
    """Whether the number in ``kinds[first:last]`` names something instead of counting it."""
    if _is_glued(read, first, last) or _is_vague(read, first, last):
        return True
    return reading.kind == "count" and (
        _is_identifier(read, first, last)
        or _is_part_of_name(read, first, last)
        or _is_list_number(read, first, last)
        or _is_plain(read, first, last, reading)
    )


def is_named_year(read: Shape, first: int, last: int) -> bool:
    """Whether a period's digits are part of a name, an address or a version; or a count."""
    kinds = read.kinds
    if kinds[first] in "419de" and _DATE_NAME_BEFORE.search(kinds[max(0, first - 2) : first]):
        return True
    if kinds[last - 1] in "41de" and _DATE_NAME_AFTER.match(kinds[last : last + 2]):
        return True
    if kinds[last - 1] == "5":
        return not set(kinds[first:last]) & set("nNBCZf")
    if kinds[first:last] != "4":
        return False
    number = read.folded[read.starts[first] : read.ends[first]]
    after = read.folded[read.ends[first] : read.ends[first] + 1]
    return (
        number.endswith("00")
        or read.text[read.starts[first] - 1 : read.starts[first]] in tuple("〔[【")
        or kinds[last : last + 1] == "l"
        or (kinds[last : last + 1] == "z" and "一" <= after <= "鿿")
        or kinds[max(0, first - 2) : first] in ("<_", "#_", "p_")
    )


def is_plain_word(read: Shape, match: re.Match[str]) -> bool:
    """Whether a word such as "flat", "half" or "a third" is no change in running text."""
    first, last = match.span()
    start, end = read.starts[first], read.ends[last - 1]
    word, before = read.folded[start:end], read.folded[max(0, start - 16) : start]
    if match["half"]:
        return not _is_share(read, match, before)
    if match["numerator"]:
        is_fraction = match["denominator"] == "÷" and "-" in read.kinds[first:last]
        return not is_fraction and not _is_share(read, match, before)
    if match["fold"]:
        return bool(_HAS_PARTS.search(before))
    if word in ("double", "triple", "halve"):
        return not _VERB_BEFORE.search(before)
    if word != "flat":
        return False
    return not (_WITH_FLAT.match(read.folded, end) or _FLAT_VERB.search(before))


def _is_share(read: Shape, match: re.Match[str], before: str) -> bool:
    """Whether "half" or "a quarter" is a change or a share, and no part of a year or a unit."""
    last = match.end()
    is_half_a = match["half"] and read.kinds.startswith("_a", last)
    if is_half_a or _PART_BEFORE.search(before) or _stands(_OF_TIME, read, last):
        return False
    if _MOVED.search(before):
        return True
    is_bounded = match["half"] and (match["before"] or match["after"])
    is_share = is_bounded or read.kinds[last : last + 2] == "_ø"
    return bool(is_share) and not _stands(_TIME, read, last)


def _stands(time: re.Pattern[str], read: Shape, last: int) -> bool:
    """Whether a time follows; "last year's sales" is none."""
    match = time.match(read.kinds, last)
    return match is not None and not read.folded.startswith("'s", read.ends[match.end() - 1])


def _is_glued(read: Shape, first: int, last: int) -> bool:
    """B2, 4A: a digit beside a letter."""
    start, end = read.starts[first], read.ends[last - 1]
    before, after = read.folded[start - 1 : start], read.folded[end : end + 1]
    is_tail = read.kinds[first] in _DIGITS and ("a" <= before <= "z" or before in tuple("@_&"))
    return is_tail or (read.kinds[last - 1] in _DIGITS and "a" <= after <= "z")


def _is_vague(read: Shape, first: int, last: int) -> bool:
    """数百万元 is no amount, and 两块 and 十分 seldom are money."""
    if read.kinds[first] == "h" and first and read.kinds[first - 1] == "j":
        return True
    return read.folded[read.ends[last - 1] - 1] in "块角毛分" and read.kinds[last - 1] in "yk"


def _is_part_of_name(read: Shape, first: int, last: int) -> bool:
    kinds = read.kinds
    if _NAME_BEFORE.match(kinds, first) or _NAME_AFTER.match(kinds, last):
        return True
    before = read.text[read.starts[first] - 1 : read.starts[first]]
    return kinds[first] in _DIGITS and before != "" and before in _OPENING


def _is_list_number(read: Shape, first: int, last: int) -> bool:
    """1. or （二） or 三、 at the start of a line or of a sentence."""
    start, end = read.starts[first], read.ends[last - 1]
    if read.kinds[first:last] not in ("1", "h") or not _LIST_NUMBER_END.match(read.folded, end):
        return False
    if read.folded[end] == ")":
        return read.folded[max(0, start - 1) : start] == "(" or _starts_sentence(read.folded, start)
    return _starts_sentence(read.folded, start)


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start]
    if _SENTENCE_BEFORE.search(before):
        return True
    before = before.rstrip(" ")
    return before.endswith("\n") or (not before and start < 4)


def _is_identifier(read: Shape, first: int, last: int) -> bool:
    """Telephone and document numbers, clock times, "4.0", "30w" and "5m" without a currency."""
    number = read.folded[read.starts[first] : read.ends[last - 1]]
    bare = number.replace("-", "")
    if bare.isdigit() and (len(bare) >= _LONG_IDENTIFIER or bare[0] == "0"):
        return True
    return bool(_VERSION.fullmatch(number) or _CLOCK.match(read.folded, read.ends[last - 1]))


def _is_plain(read: Shape, first: int, last: int, reading: Reading) -> bool:
    """Words in ordinary use ("one", 一家), and Chinese numerals without a classifier."""
    start, end = read.starts[first], read.ends[last - 1]
    number, kinds = read.folded[start:end], read.kinds[first:last]
    if number == "zero":
        return True
    if number == "one":
        return not _ENTERPRISES.match(read.folded, end)
    if kinds == "hl" and number[:-1] == "一":
        return True
    if "l" not in kinds and not reading.scaled:
        after = read.kinds[last : last + 1]
        is_han = read.folded[end : end + 1] > "⺀"
        if after in tuple("年月日号IA到j") and is_han:
            return True
        if reading.bound == "exact" and ("h" in kinds or (after == "z" and is_han)):
            return True
    return _is_capitalized_name(read, first, last)


def _is_capitalized_name(read: Shape, first: int, last: int) -> bool:
    """“Ten Thousand People …”, but not "Fifteen firms" or “Ten Measures …”."""
    start, end = read.starts[first], read.ends[last - 1]
    return (
        read.kinds[first] in "uvt"
        and read.text[start].isupper()
        and bool(_CAPITALIZED_NEXT.match(read.text, end))
    )
