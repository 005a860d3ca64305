"""Place codes: a record's region phrase becomes a division of China (GB/T 2260), or stays open.

Nothing is guessed. A spelling that several divisions share is settled by the other names in the
phrase, then by the provinces that the article names, and else left null with its candidates. By
the convention of the news, a bare name means its highest division: "Jilin" is the province.
"""

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

import ahocorasick
from pydantic import BaseModel, ConfigDict

from extractor.records.gazetteer import (
    LEVEL_TIERS,
    Spelling,
    countries,
    divisions,
    flagged,
    fold,
    index,
    related,
    spellings,
    tier,
    units,
)

Level = Literal["province", "prefecture", "county"]
LEVEL_NAMES: tuple[Level, Level, Level] = ("province", "prefecture", "county")

LONGEST_SPELLING = 16  # units: Chinese characters or words
SEPARATOR = re.compile(r"[,，、;；/()（）|]|\b(?:and|of|in|within)\b|[和与及]")
WHOLE_COUNTRY = re.compile(r"people's republic of china|\bprc\b|\bchina\b|中华人民共和国|中国|我国|全国")
# A town, street or village has its own name before its level word, not that of a division.
OWN_NAME = frozenset("town township village street road subdistrict 镇 乡 村 街 路 社".split())
SKIPPED = frozenset("the whole entire our this 的 全 city province region area".split())
DIRECTIONS = frozenset(
    "north south east west central northern southern eastern western southeastern northeastern "
    "southwestern northwestern coastal greater rural urban downtown".split()
)
FACILITIES = frozenset(
    "zone park area base port cluster belt industrial industry economic development high tech "
    "technology technological hi new national level science state free trade pilot export "
    "processing demonstration innovation logistics bonded comprehensive".split()
)
GENERIC = re.compile(
    r"(?:全|本|该|我|各|此)?(?:省|市|县|区|州|旗|园区|地区|辖区)|nationwide|national|"
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
    """Keep divisions whose level word differs from the one written, if none fits it better."""
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


def _agrees(mention: _Mention, other: _Mention) -> bool:
    return any(related(a.code, b.code) for a in mention.options for b in other.options)


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
            if words[position] not in SKIPPED or rest or mentions:
                rest.append(words[position])
            position += 1
    return _Scan(mentions, rest)


def _belongs(mention: _Mention, before: list[_Mention], rest: list[str]) -> bool:
    if not mention.bare:
        return True
    if any(word not in DIRECTIONS for word in rest):
        return False
    is_county = all(tier(option.code) == 3 for option in mention.options)
    return not is_county or all(_agrees(mention, other) for other in before)


def _settle(mentions: list[_Mention], provinces: frozenset[str]) -> list[Spelling]:
    """Return what the mentions mean together: one division if it is certain."""
    meant: list[Spelling] = []
    for mention in mentions:
        others = [other for other in mentions if other is not mention]
        options = [
            option
            for option in mention.options
            if all(any(related(option.code, o.code) for o in other.options) for other in others)
        ] or list(mention.options)
        options = [o for o in options if _province(o.code) in provinces] or options
        highest = min(tier(option.code) for option in options)
        meant.extend(option for option in options if tier(option.code) == highest)
    inner = [a for a in meant if not any(_contains(a.code, b.code) for b in meant)]
    return list({option.code: option for option in inner}.values())


def _contains(outer: str, inner: str) -> bool:
    return outer != inner and tier(outer) < tier(inner) and related(outer, inner)


def _province(code: str) -> str:
    return code[:2] + "0000"


def _uncertain(mentions: list[_Mention], inside: bool, provinces: frozenset[str]) -> bool:
    """Tell whether a single bare county name has too little to stand on.

    Parks and streets are often named like a county elsewhere, so the article has to name the
    county's province; and if it names only others, the county is doubtful as well.
    """
    if len(mentions) != 1 or not mentions[0].bare:
        return False
    codes = [option.code for option in mentions[0].options]
    if min(tier(code) for code in codes) < 3:
        return False
    return (inside or bool(provinces)) and not any(_province(c) in provinces for c in codes)


def _found(option: Spelling, *, inside: bool) -> Place:
    division = divisions()[option.code]
    match = "parent" if inside else option.match
    return Place.model_validate(
        {
            "code": division.code,
            "name": division.name,
            "level": LEVEL_NAMES[division.tier - 1],
            "province_code": _province(division.code),
            "match": match,
            "candidates": (),
        }
    )


def _open(region: str, candidates: list[str]) -> Place:
    provinces = {_province(code) for code in candidates}
    return Place(
        code=None,
        name=region.strip(),
        level=None,
        province_code=provinces.pop() if len(provinces) == 1 else None,
        match="ambiguous" if candidates else "none",
        candidates=tuple(sorted(candidates)),
    )


def _is_chinese(rest: list[str]) -> bool:
    """Tell whether the units of an unknown name look like a name in China."""
    known = FACILITIES | DIRECTIONS | SKIPPED | OWN_NAME | LEVEL_TIERS.keys()
    names = [word for word in rest if word not in known]
    return bool(names) and all(
        not word.isascii() or word.isdigit() or SYLLABLES.fullmatch(word) for word in names
    )


def resolve(region: str | None, provinces: frozenset[str] = frozenset()) -> Place | None:
    """Place a region phrase.

    Args:
        region: The phrase as written, in English or Chinese.
        provinces: Codes of the provinces that the article names, from `context_provinces`.

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
    inside = bool(rest)
    meant = _settle(mentions, provinces)
    if len(meant) > 1 or _uncertain(mentions, inside, provinces):
        return _open(region, [option.code for option in meant])
    return _found(meant[0], inside=inside)


@cache
def _automaton() -> ahocorasick.Automaton:
    """Return the spellings that name a province beyond doubt: words to (stem, full, provinces).

    Full names of all divisions, bare names of provinces, prefectures and of county-level cities
    without a namesake; a Latin spelling begins with a space, since words do.
    """
    kept: dict[str, tuple[str, bool, frozenset[str]]] = {}
    left_out = flagged("common_word") | flagged("generic")
    table = index()
    for spelling in spellings():
        words = spelling.words
        if words in left_out:
            continue
        options = (table.full if spelling.full else table.bare)[words.replace(" ", "")]
        highest = min(tier(option.code) for option in options)
        if not spelling.full and highest == 3 and not _is_city_without_namesake(options):
            continue
        named = frozenset(
            _province(o.code) for o in options if spelling.full or tier(o.code) == highest
        )
        if len(named) == 1:
            kept[f" {words}" if words.isascii() else words] = (spelling.stem, spelling.full, named)
    automaton = ahocorasick.Automaton()
    for words, value in kept.items():
        automaton.add_word(words, value)
    automaton.make_automaton()
    return automaton


def _is_city_without_namesake(options: list[Spelling]) -> bool:
    return len(options) == 1 and divisions()[options[0].code].name.endswith("市")


def context_provinces(text: str) -> frozenset[str]:
    """Return the codes of the provinces that a text names, in time linear in its length.

    A province is named by itself or by a division in it whose spelling is no other's. A bare name
    that the text also has with a level word ("Guiyang County … Guiyang") says nothing by itself.

    Args:
        text: An article's text, in English or Chinese.
    """
    words = " " + re.sub(r"[^0-9a-z\u3400-\u9fff]+", " ", fold(text)) + " "
    full: list[tuple[str, frozenset[str]]] = []
    bare: list[tuple[str, frozenset[str]]] = []
    for end, (stem, is_full, named) in _automaton().iter_long(words):
        if stem.isascii() and words[end + 1].isalnum():
            continue
        (full if is_full else bare).append((stem, named))
    stems = {stem for stem, _ in full}
    certain = [named for _, named in full] + [named for stem, named in bare if stem not in stems]
    return frozenset().union(*certain)
