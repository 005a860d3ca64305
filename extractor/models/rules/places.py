"""Names of places in running text, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from extractor.models.rules.abroad import spot_abroad, spot_nation
from extractor.models.rules.lexicon import Cue, Cues, word_list
from extractor.models.rules.place_names import (
    CITY,
    COUNTY,
    PARK,
    TIERS,
    PlaceName,
)
from extractor.models.rules.place_reading import Reading, is_inside
from extractor.models.rules.places_zh import chinese
from extractor.records.gazetteer import fold, index, tier
from extractor.records.places import resolve

if TYPE_CHECKING:
    from extractor.models.rules.document import Document

# "Xi’an", "Lu'an" and, with the spaces of some translations, "Huai ‘an" are one word.
_REST = r"[a-z]+(?:\s?[’'‘`´]\s?[aeo][a-z]*)?"
_WORD = rf"[A-Z]{_REST}"
# The capital comes first, so that `re` runs from one to the next.
_NAME = re.compile(rf"[A-Z](?<!\w.){_REST}(?:\s(?:Mongolia|Kong|Nadu|Pradesh|Bengal))?(?![a-z-])")
# Capitalised words, and the small ones of "Linhe economic development zone", before a place word.
_BEFORE = re.compile(
    rf"(?:(?:{_WORD}|[A-Z][\w-]*|and|economic|technological|development|industrial|high-tech|"
    r"hi-tech|new|national|demonstration|free|trade|chemical)\s){1,8}$"
)
_NO_NAMES = (" the ", " this ", " our ", " of ", " in ", " whole ", " entire ")
# "Linhe's aluminium park", "Linhe County's cylinder park".
_OWNED = re.compile(
    rf"\b(?P<name>{_WORD})(?:\s(?:City|County|District))?[’'‘]s\s(?:[a-z-]+\s){{1,4}}$"
)
_FEW = 2  # mentions of China's places that an article about another country may have
_PARK_WORDS = word_list("park_kind")
# No place name begins with these, though they are written with a capital.
_NOT_NAMES = word_list("not_place")
# A name before these is that of a paper, a bank or a company: "Anyang Daily", 安阳日报.
_OUTLET = re.compile(
    r"(?:\s[A-Z][\w&-]*){0,5}\s(?:Daily|Evening|News|Television|TV|Network|Net|Times|Radio|Media|"
    r"Fair|Expo|Exposition|Cup|Bank|University|Co\b|Ltd|Group|Company|Observation|Release)\b|"
    r"[\u4e00-\u9fff]{0,8}(?:日报|晚报|晨报|商报|卫视|电视台|广播|大学|银行|有限公司|集团)|网|"
    r"发布|\S{0,6}日电"
)
_CAPITAL_BEFORE = re.compile(r"[A-Z][a-z]+\s$")
# A syllable of pinyin by itself is a family name.
_FAMILY_NAME = re.compile(
    r"(?:[ZCS]h|[BPMFDTNLGKHJQXRZCSYWAEO])"
    r"(?:[iu]?a(?:ng?|o|i)?|[iu]?o(?:ng|u)?|e(?:ng?|i|r)?|i(?:ng?|e|u)?|u(?:n|e|i)?)?"
)
_TOWNS = frozenset(("town", "township", "village", "subdistrict"))
_IN = re.compile(r"\b(?:[Ii]n|[Aa]cross)\s$")
_POSSESSIVE = re.compile(r"[’'‘`´]\s?s$")
# "Linyi, July 3 (Reporter …)": where the reporter sat.
_DATELINE = re.compile(
    r",\s*(?:China,\s*)?(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d"
)
# "Report of July 3 in Linyi:": the same.
_REPORTED = re.compile(r"(?:[Rr]eport(?:ed)?|Reuters|Xinhua|News)\b[^.:\n]{0,60}\bin\s$")


def _linked(names: list[PlaceName], known: list[PlaceName] | None = None) -> list[PlaceName]:
    """The names with those of a park in short ("the High-tech Zone") tied to its full one."""
    parks = {fold(p.name): p.key for p in (known or names) if p.tier == PARK}
    linked: list[PlaceName] = []
    for place in names:
        if place.tier != PARK:
            linked.append(place)
            continue
        short = fold(place.name)
        full = {key for name, key in parks.items() if name != short and _is_short_for(short, name)}
        linked.append(place._replace(key=full.pop()) if len(full) == 1 else place)
    return linked


def _is_short_for(short: str, name: str) -> bool:
    """Whether a park goes by the end of its name, or, in Chinese, by the beginning."""
    return name.endswith(short) or (not short.isascii() and name.startswith(short))


def _is_in_china(place: PlaceName) -> bool:
    """Whether a name without a code may still be one in China; parks have names of all kinds."""
    return place.tier == PARK or resolve(place.name) is not None


def spot(doc: Document) -> list[PlaceName]:
    """The place names of an article's text, in order, none inside another."""
    names = _linked(_spot(Reading(doc.text, doc.cues, doc.title, doc.divisions), doc.lang))
    at_home = [place for place in names if place.key[:1].isdigit() or _is_in_china(place)]
    if doc.lang == "zh":
        return at_home
    coded = sum(place.key[:1].isdigit() for place in at_home)
    is_home = coded > len(names) - len(at_home)
    if is_home and coded > _FEW:
        return at_home
    abroad = spot_abroad(doc.text, doc.title)
    told = sum(place.tier == CITY for place in abroad)
    if is_home and told <= 2 * coded:
        return at_home
    return abroad or names or spot_nation(doc.text)


def spot_in_title(doc: Document) -> list[PlaceName]:
    """The place names of a title that the text does not repeat."""
    if doc.title in doc.text:
        return []
    names = _spot(Reading(doc.title, Cues(doc.title), doc.title, doc.divisions), doc.lang)
    names = _linked(names, names + doc.places)
    return [place for place in names if place.key[:1].isdigit() or _is_in_china(place)]


def _spot(read: Reading, lang: str) -> list[PlaceName]:
    text = read.text
    found = chinese(read) if lang == "zh" else _english(read)
    names: list[PlaceName] = []
    for start, end, level in sorted(found, key=lambda f: (f[0], -f[1])):
        is_other = _OUTLET.match(text, end) or _DATELINE.match(text, end)
        if text.startswith(":", end) and not is_other:
            is_other = _REPORTED.search(text, max(0, start - 80), start)
        if (names and start < names[-1].end) or is_other:
            continue
        possessive = _POSSESSIVE.search(text, start, end)
        end = possessive.start() if possessive else end
        place = _place(text, start, end, level, read.divisions)
        if place is not None:
            names.append(place)
    return names


def _place(
    text: str, start: int, end: int, level: int | None, divisions: frozenset[str]
) -> PlaceName | None:
    name = text[start:end]
    is_town = level == PARK and name.isalpha() and name.isascii()
    place = None if is_town else resolve(name, divisions)
    is_unknown = place is None or place.code is None
    if is_unknown and level in (CITY, COUNTY) and name.split()[-1].islower() and name.isascii():
        return None  # "Pump city" is a by-name
    if place is None or place.code is None:
        return PlaceName(start, end, name, f"/{fold(name)}", level or COUNTY)
    if place.match == "parent":
        return PlaceName(start, end, name, f"{place.code}/{fold(name)}", PARK)
    return PlaceName(start, end, name, place.code, tier(place.code))


def _english(read: Reading) -> Iterator[tuple[int, int, int | None]]:
    text = read.text
    stems: dict[str, int] = {}
    towns: set[str] = set()
    for cue in read.cues.within("place_words", 0, len(text)):
        start = _name_start(text, cue)
        if start is not None:
            if text[cue.start].isupper():
                stem = text[start : cue.start].strip()
                stems[stem] = TIERS[cue.value]
                if text[cue.start : cue.end].lower() in _TOWNS:
                    towns.add(stem)
            yield start, cue.end, TIERS[cue.value]
    for match in _NAME.finditer(text):
        word = match.group()
        level = _bare_level(read, match, towns)
        if level is not None or word in stems:
            yield *match.span(), level or stems.get(word)


def _bare_level(read: Reading, match: re.Match[str], towns: set[str]) -> int | None:
    """The tier of a bare name of a division, if it is meant; a town may share it."""
    word = match.group()
    level = _bare_tier(word)
    if level is None or _is_personal(read.text, match.start(), level):
        return None
    is_other = level == COUNTY and (word in towns or not _is_certain(read, match))
    return None if is_other else level


def _is_certain(read: Reading, match: re.Match[str]) -> bool:
    """Whether a bare county is meant: where things are, in the headline, or in its prefecture."""
    word = match.group()
    is_located = _IN.search(read.text, max(0, match.start() - 8), match.start())
    return bool(is_located) or word in read.title or is_inside(word, read.divisions)


def _is_personal(text: str, start: int, level: int) -> bool:
    """Whether a word follows another name: "Chen Anqiu" is no county, "Li Wuhu" no city."""
    before = _CAPITAL_BEFORE.search(text, max(0, start - 14), start)
    word = before.group().strip() if before else ""
    if not word or word.lower() in _NOT_NAMES:
        return False
    if level == COUNTY:
        return _bare_tier(word) is None
    return _FAMILY_NAME.fullmatch(word) is not None


def _name_start(text: str, cue: Cue) -> int | None:
    """Where the name before a place word begins, if there is one: "Hebi City", "the city"."""
    low = max(0, cue.start - 80)
    owner = _OWNED.search(text[low : cue.start]) if cue.value == "park" else None
    if owner and _bare_tier(owner["name"]) is not None:
        return low + owner.start()
    before = text[low : cue.start]
    if before.endswith(_NO_NAMES):
        return None
    match = _BEFORE.search(before)
    if match is None:
        return None
    start = low + match.start()
    words = match.group().split(" ")[:-1]
    if cue.value != "park" and "and" in words:
        behind = len(words) - words[::-1].index("and")
        start += sum(len(word) + 1 for word in words[:behind])
        words = words[behind:]
    while words and words[0].lower() in _NOT_NAMES:
        start += len(words[0]) + 1
        words = words[1:]
    own = [word for word in words if word.lower() not in _PARK_WORDS]
    if _is_zone(text, cue, words):
        return start
    if text[cue.start : cue.end].lower() == "park" and len(own) == len(words):
        return None  # "Sunshine Park" is to walk in
    # "Linhe Economic Development District" is a zone by another name.
    is_zone = len(own) < len(words) and cue.value == "county"
    is_plain = cue.value != "park" and not is_zone and (len(words) > 3 or len(own) < len(words))
    return None if not own or not own[0][0].isupper() or is_plain else start


def _is_zone(text: str, cue: Cue, words: list[str]) -> bool:
    """Whether words of parks with capitals are a name by themselves: "the High-tech Zone"."""
    kinds = [word for word in words if word.lower() in _PARK_WORDS and word != "and"]
    is_title = text[cue.start].isupper() and all(word[0].isupper() for word in kinds)
    return cue.value == "park" and is_title and bool(kinds)


@lru_cache(maxsize=16384)
def _bare_tier(word: str) -> int | None:
    """The tier of the highest division of which a capitalised word is the bare name."""
    if word.lower() in _NOT_NAMES:
        return None
    key = fold(word).replace(" ", "")
    options = index().bare.get(key)
    if options is None or key in index().generic:
        return None
    return min(tier(option.code) for option in options)
