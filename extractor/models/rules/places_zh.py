"""Names of places in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick

from extractor.models.rules.place_names import CITY, PARK
from extractor.models.rules.place_reading import Reading, is_inside
from extractor.records.gazetteer import index, tier

_ZH_PARK = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:开发区|高新区|经开区|新区|园区|工业园|产业园|保税区|示范区|街道|镇)"
)
_ZH_PARKS = ("高新区", "经开区", "保税区", "集中区")  # a name by themselves
_ZH_PARK_KINDS = (
    "经济(?:技术)?开发区|高新(?:技术)?(?:产业)?(?:开发)?区|开发区|经开区|新区|工业园区?"
)
_ZH_OWN_PARK = re.compile(rf"(?<![\u4e00-\u9fff])(?P<own>[\u4e00-\u9fff]{{2}})(?:{_ZH_PARK_KINDS})")
# A town or a street is in no gazetteer: 同在新河镇.
_ZH_TOWN = re.compile(
    r"(?:在|位于|来自|走进)(?P<name>[\u4e00-\u9fff]{2,4}?(?:街道|镇))|"
    r"(?:[，。；、](?:其中)?|其中)(?P<owner>(?!其中)[\u4e00-\u9fff]{2,4}?(?:街道|镇))(?=\d|有|的)"
)
_ZH_NOT_IN_NAME = re.compile("[的在和与于等、有把是将为到]")


def chinese(read: Reading) -> Iterator[tuple[int, int, int | None]]:
    """Where places stand in a text, and the tier of those that no gazetteer has."""
    text = read.text
    for last, (name, is_certain) in _chinese_names().iter_long(text):
        if not is_certain and not is_inside(name, read.divisions):
            continue
        start, end = last + 1 - len(name), last + 1
        if text[end : end + 1] == "级":  # 陕西省级 is 陕西 and 省级
            end -= 1
        park = _ZH_PARK.match(text, end, end + 14)
        is_one = park is not None and not _ZH_NOT_IN_NAME.search(park.group())
        yield start, park.end() if park and is_one else end, None
    for cue in read.cues.within("place_words", 0, len(text)):
        if cue.value == "park" and text[cue.start : cue.end] in _ZH_PARKS:
            yield cue.start, cue.end, PARK
    yield from _own_parks(read)
    for match in _ZH_TOWN.finditer(text):
        yield *match.span("name" if match["name"] else "owner"), PARK


def _own_parks(read: Reading) -> Iterator[tuple[int, int, int]]:
    """Parks that no gazetteer has, if the headline names them, by their full and short names."""
    found = {match["own"]: match for match in _ZH_OWN_PARK.finditer(read.title)}
    for own in found:
        if _ZH_NOT_IN_NAME.search(own) or own in index().bare:
            continue
        for match in re.finditer(rf"{own}(?:{_ZH_PARK_KINDS})?", read.text):
            yield *match.span(), PARK


@cache
def _chinese_names() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    table = index()
    for name, options in (*table.bare.items(), *table.full.items()):
        # A bare county name of two characters is too often an ordinary word elsewhere.
        is_certain = name in table.full or min(tier(option.code) for option in options) <= CITY
        if len(name) > 1 and not name.isascii():
            automaton.add_word(name, (name, is_certain))
    automaton.make_automaton()
    return automaton
