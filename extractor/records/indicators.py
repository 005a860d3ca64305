"""Indicator codes: the wording of a statistical series becomes its code, or nothing.

The tables in `data` hold the series, their spellings, and the wordings that spellings share. A
wording is looked up whole after normalisation; there is no nearest match.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from extractor.records.gazetteer import read_table

SLOT = re.compile(r"\{(\w+)\}")
EMPTY = "-"
ASIDE = re.compile(r"[(（][^()（）]*[)）]")
PUNCTUATION = re.compile(r"[^\w&\s]+|_")
POSSESSIVE = re.compile(r"['’‘`´]s?(?=\s|$)")
OWNER = re.compile(
    r"^(?:the |whole |entire |our )*(?:city|province|county|district|country|nation|region|"
    r"municipality|prefecture|park|zone|area)['’‘]s "
    r"| of (?:the )?(?:whole |entire )?(?:city|province|county|district|country|nation|region)$"
)
DROPPED = {
    "the", "a", "an", "its", "their", "completed", "realized", "accumulated", "cumulative",
    "accumulative", "annual", "nominal",
}  # fmt: skip
GROWTH = re.compile(
    r"^(?:(?:year on year |average |real |actual )*(?:growth rate|rate of growth|growth|increase|"
    r"rate of increase|decline|decrease) (?:of|in|for) )"
    r"|(?: (?:year on year|growth rate|growth|increase rate|growth speed))+$"
)
CHINESE_GROWTH = re.compile(r"(?:同比|环比|累计|实际|名义|的|增速|增长率|增幅|增长速度|增长)+$")
CHINESE_OWNER = re.compile(
    r"^(?:全|本|该|我)(?:市|省|县|区|州|国)(?:累计|完成|实现)?|^(?:累计|实现)"
)
CHINESE_VERB = re.compile("实现|完成")


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Return the content words of a wording: lower case, singular, single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold().strip(" \"'“”‘’「」《》")
    text = POSSESSIVE.sub("", OWNER.sub("", text))
    text = " ".join(PUNCTUATION.sub(" ", text).split())
    text = GROWTH.sub("", text)
    text = " ".join(_singular(word) for word in text.split() if word not in DROPPED)
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    text = CHINESE_VERB.sub("", CHINESE_GROWTH.sub("", CHINESE_OWNER.sub("", text)))
    replaced, synonyms = _synonyms()
    return replaced.sub(lambda found: synonyms[found[0]], text)


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the wordings to replace, the longest first, and what they stand for."""
    synonyms = {wording: meant for wording, meant in read_table("indicator_synonyms.tsv")}
    kept = {meant: meant for meant in synonyms.values()}
    alternatives = "|".join(
        re.escape(wording) if not wording.isascii() else rf"\b{re.escape(wording)}\b"
        for wording in sorted(synonyms | kept, key=len, reverse=True)
    )
    return re.compile(alternatives), synonyms | kept


@cache
def _wordings() -> dict[str, list[str]]:
    """Return the wordings of each slot."""
    slots: dict[str, list[str]] = {}
    for slot, wording in read_table("indicator_words.tsv"):
        slots.setdefault(slot, []).append("" if wording == EMPTY else wording)
    return slots


def _expand(pattern: str) -> Iterator[str]:
    """Yield a spelling once for each choice of wordings for its slots."""
    slots = SLOT.findall(pattern)
    choices = [
        [text for wording in _wordings()[slot] for text in _expand(wording)] for slot in slots
    ]
    frame = SLOT.sub("{}", pattern)
    for chosen in product(*choices):
        yield frame.format(*chosen)


@cache
def _codes() -> dict[str, str]:
    """Return the code of every spelling; `indicator_spellings.tsv` lists them normalised."""
    codes = {
        normalise(name): code for code, *names, _ in read_table("indicators.tsv") for name in names
    }
    for pattern, code in read_table("indicator_spellings.tsv"):
        codes.update((" ".join(text.split()), code) for text in _expand(pattern))
    return codes


def _lookup(text: str) -> str | None:
    codes = _codes()
    return codes.get(normalise(text)) or codes.get(normalise(ASIDE.sub(" ", text)))


def indicator_code(indicator: str | None, subject: str | None = None) -> str | None:
    """Return the code of a statistical series.

    Args:
        indicator: What is measured, as written, in English or Chinese.
        subject: What part of the economy it is about. It may complete the series ("investment" in
            "manufacturing"); else the code is the indicator's alone, and says nothing of it.

    Returns:
        A code of `data/indicators.tsv`, or None if the wording is not that of one series.
    """
    if not indicator:
        return None
    if subject:
        together = (
            f"{indicator} of {subject}",
            f"{subject} {indicator}",
            f"{indicator} in {subject}",
        )
        for text in together:
            if code := _lookup(text):
                return code
    return _lookup(indicator)
