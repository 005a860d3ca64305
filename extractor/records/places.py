"""Place codes: a record's region phrase becomes a division of China (GB/T 2260), or stays open.

Nothing is guessed. A spelling that several divisions share is settled by the other names in the
phrase, then by the provinces that the article names, and else left null with its candidates. By
the convention of the news, a bare name means its highest division: "Jilin" is the province.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from extractor.records.gazetteer import (
    LEVEL_TIERS,
    Spelling,
    contains,
    countries,
    divisions,
    fold,
    index,
    prefecture,
    province,
    related,
    tier,
    units,
)
from extractor.records.place_context import context_divisions, context_provinces

__all__ = ["Place", "context_divisions", "context_provinces", "resolve"]

Level = Literal["province", "prefecture", "county"]
LEVEL_NAMES: tuple[Level, Level, Level] = ("province", "prefecture", "county")

LONGEST_SPELLING = 16  # units: Chinese characters or words
SEPARATOR = re.compile(r"[,，、;；/()（）|]|\b(?:and|of|in|within)\b")
WHOLE_COUNTRY = re.compile(
    r"people's republic of china|\bprc\b|\b(?:china|sino)-\w+|\bchina\b|"
    r"中华人民共和国|中国|我国|全国"
)
# A town, street or village has its own name before its level word, not that of a division.
OWN_NAME = {
    "town", "township", "village", "street", "road", "subdistrict", "sub", "community",
    "镇", "乡", "村", "街", "路", "社",
}  # fmt: skip
SKIPPED = {
    "the", "a", "an", "whole", "entire", "our", "this", "city", "province", "region", "area",
    "的", "全", "和", "与", "及",
}  # fmt: skip
# "Jiangsu and other provinces" is more than Jiangsu.
OPEN_ENDED = {"other", "others", "elsewhere", "等"}
DIRECTIONS = {
    "north", "south", "east", "west", "central", "northern", "southern", "eastern", "western",
    "southeastern", "northeastern", "southwestern", "northwestern", "coastal", "greater", "rural",
    "urban", "downtown",
}  # fmt: skip
FACILITIES = {
    "zone", "park", "area", "base", "port", "cluster", "belt", "industrial", "industry",
    "economic", "development", "high", "tech", "technology", "technological", "hi", "new",
    "national", "level", "science", "state", "free", "trade", "pilot", "export", "processing",
    "demonstration", "innovation", "logistics", "bonded", "comprehensive",
}  # fmt: skip
GENERIC = re.compile(
    r"(?:(?:全|本|该|我|各|此)?(?:省|市|县|区|州|旗|园区|地区|辖区))+|当地|本地|各地|国家|海外|境外|"
    r"国外|全球|世界|nationwide|national|"
    r"(?:the |this |our |whole |entire )*(?:country|nation|city|province|county|district|region|"
    r"area|park|zone|prefecture|state|town|new area)?"
)
SYLLABLES = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ui|ao|ou|iu|ie|ue|ve|an|en|in|un|vn|"
    r"ia|ua|uo|a|o|e|i|u|v)|ang|eng|ai|ao|ou|an|en|er|a|o|e)+"
)


class Place(BaseModel):
    """A region phrase, placed.

    `code` is a six-digit code of GB/T 2260, `name` the division's official Chinese name (the
    phrase itself, where `code` is null), `province_code` the code of its province. `match` tells
    how the phrase led there: `exact` (full official name), `alias` (short, old or other spelling),
    `parent` (the phrase names something inside the division), `ambiguous` (several divisions or
    none that is certain: `candidates` has their codes), `none` (no division found).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str | None
    name: str
    level: Level | None
    province_code: str | None
    match: Literal["exact", "alias", "parent", "ambiguous", "none"]
    candidates: tuple[str, ...]


class _Mention(NamedTuple):
    """The divisions that one spelling in a phrase may mean."""

    options: tuple[Spelling, ...]
    bare: bool


class _Scan(NamedTuple):
    mentions: list[_Mention]
    rest: list[str]


def _with_level_word(options: list[Spelling], word: str) -> tuple[Spelling, ...]:
    """Return the divisions if the level word written, though not theirs, is of their tier."""
    allowed = LEVEL_TIERS.get(word, set())
    return tuple(options) if all(tier(option.code) in allowed for option in options) else ()


def _autonomous(words: list[str], start: int) -> tuple[_Mention, int] | None:
    """Read "X … Autonomous County" whatever stands between: nationalities have many spellings."""
    if "autonomous" not in words[start : start + 8]:
        return None
    at = words.index("autonomous", start)
    for end in range(at, start, -1):
        key = "".join((*words[start:end], *words[at : at + 2]))
        if options := index().full.get(key):
            return _Mention(tuple(options), bare=False), at + 2
    return None


def _longest(words: list[str], start: int, *, behind_name: bool) -> tuple[_Mention, int] | None:
    """Return the longest spelling that begins at a unit, and the unit after it."""
    table = index()
    for end in range(min(len(words), start + LONGEST_SPELLING), start, -1):
        key = "".join(words[start:end])
        following = words[end] if end < len(words) else ""
        if (options := table.full.get(key)) and (behind_name or key not in table.generic):
            return _Mention(tuple(options), bare=False), end
        if not (options := table.bare.get(key)) or following in OWN_NAME:
            continue
        if following not in LEVEL_TIERS:
            return _Mention(tuple(options), bare=True), end
        if fitting := _with_level_word(options, following):
            return _Mention(fitting, bare=False), end + 1
    return None


def _scan(part: str) -> _Scan:
    """Find the spellings in a part of a phrase, and the units that belong to none.

    A bare name counts only at the head of the part or behind another name, and a bare county only
    if it lies in what stands before it: "Wuhan Donghu Zone" has no Donghu District of Nanchang.
    """
    words, mentions, rest = units(part), list[_Mention](), list[str]()
    position = 0
    while position < len(words):
        found = _autonomous(words, position) or _longest(
            words, position, behind_name=bool(mentions)
        )
        if found and _belongs(found[0], mentions, rest):
            mentions.append(found[0])
            position = found[1]
        else:
            if words[position] not in SKIPPED:
                rest.append(words[position])
            position += 1
    return _Scan(mentions, rest)


def _belongs(mention: _Mention, before: list[_Mention], rest: list[str]) -> bool:
    if not mention.bare:
        return True
    if any(word not in DIRECTIONS for word in rest):
        return False
    is_county = all(tier(option.code) == 3 for option in mention.options)
    return not is_county or all(
        any(_fits(option, other) for option in mention.options) for other in before
    )


def _narrow(mention: _Mention, others: list[_Mention], provinces: frozenset[str]) -> list[Spelling]:
    """Return the options that the other mentions leave, else those in the article's provinces."""
    options = list(mention.options)
    if fitting := [o for o in options if all(_fits(o, other) for other in others)]:
        options = fitting
    highest = min(tier(option.code) for option in options)
    kept = (
        [o for o in options if prefecture(o.code) in provinces]
        or [o for o in options if province(o.code) in provinces]
        or options
    )
    top = min(tier(option.code) for option in kept)
    if mention.bare and highest < top and len(mention.options) == len(options):
        return options  # the article speaks for a county, the convention for a prefecture
    return [option for option in kept if tier(option.code) == top]


def _fits(option: Spelling, mention: _Mention) -> bool:
    return any(related(option.code, other.code) for other in mention.options)


def _settle(mentions: list[_Mention], provinces: frozenset[str]) -> list[Spelling]:
    """Return what the mentions mean together: one division if it is certain."""
    meant = [
        option
        for mention in mentions
        for option in _narrow(mention, [m for m in mentions if m is not mention], provinces)
    ]
    inner = [a for a in meant if not any(contains(a.code, b.code) for b in meant)]
    return list({option.code: option for option in inner}.values())


def _is_doubtful(scan: _Scan, provinces: frozenset[str]) -> bool:
    """Tell whether a single bare name has too little to stand on.

    Parks, streets and companies are often named like a division elsewhere: if the article names
    only other provinces, a place "inside" a prefecture is doubtful, and so is a county by itself.
    A place "inside" a county needs the article to name the county's province.
    """
    mention = scan.mentions[0]
    codes = [option.code for option in mention.options]
    if not mention.bare or any(province(code) in provinces for code in codes):
        return False
    is_inside, is_county = bool(scan.rest), min(tier(code) for code in codes) == 3
    return (is_inside and is_county) or ((is_inside or is_county) and bool(provinces))


def _found(option: Spelling, *, inside: bool) -> Place:
    division = divisions()[option.code]
    match = "parent" if inside else option.match
    return Place.model_validate(
        {
            "code": division.code,
            "name": division.name,
            "level": LEVEL_NAMES[division.tier - 1],
            "province_code": province(division.code),
            "match": match,
            "candidates": (),
        }
    )


def _open(region: str, candidates: list[str]) -> Place:
    shared = {province(code) for code in candidates}
    return Place(
        code=None,
        name=region.strip(),
        level=None,
        province_code=shared.pop() if len(shared) == 1 else None,
        match="ambiguous" if candidates else "none",
        candidates=tuple(sorted(candidates)),
    )


def _is_chinese(rest: list[str]) -> bool:
    """Tell whether the units of an unknown name look like a name in China."""
    known = FACILITIES | DIRECTIONS | SKIPPED | OWN_NAME | set(LEVEL_TIERS)
    names = [word for word in rest if word not in known]
    return bool(names) and all(
        not word.isascii() or word.isdigit() or SYLLABLES.fullmatch(word) for word in names
    )


def resolve(region: str | None, provinces: frozenset[str] = frozenset()) -> Place | None:
    """Place a region phrase.

    Args:
        region: The phrase as written, in English or Chinese.
        provinces: Codes of the provinces that the article names, from `context_provinces`; with
            `context_divisions` also of prefectures, which settle more.

    Returns:
        The place; None for no phrase, the whole of China, other countries, and phrases without a
        name ("the city").
    """
    return None if region is None else _resolve(region, provinces)


@lru_cache(maxsize=4096)
def _resolve(region: str, provinces: frozenset[str]) -> Place | None:
    phrase = WHOLE_COUNTRY.sub(" ", fold(region.strip(" \"'“”‘’「」《》")))
    if GENERIC.fullmatch(" ".join(phrase.split()).strip(" ,")):
        return None
    parts = [part for part in SEPARATOR.split(phrase) if part.strip()]
    if any("".join(units(part)) in countries() for part in parts):
        return None
    scans = [_scan(part) for part in parts]
    mentions = [mention for scan in scans for mention in scan.mentions]
    rest = [word for scan in scans for word in scan.rest]
    if not mentions:
        return _open(region, []) if _is_chinese(rest) else None
    meant = _settle(mentions, provinces)
    first = next(scan for scan in scans if scan.mentions)
    is_doubtful = len(mentions) == 1 and _is_doubtful(first, provinces)
    if len(meant) > 1 or is_doubtful or not OPEN_ENDED.isdisjoint(rest):
        return _open(region, [option.code for option in meant])
    return _found(meant[0], inside=bool(rest))
