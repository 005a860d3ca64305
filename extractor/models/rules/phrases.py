"""Noun phrases as the article words them: what a figure is of."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence

LIST_GAP = re.compile(r"\s*(?:,|，|、|and|和|及|与)\s*(?:and\s*)?")
"""What stands between two items of a list."""
# Words before a name that are none of it: conjunctions, determiners, adverbs.
_LEADING = re.compile(
    r"(?:and|but|while|meanwhile|also|then|with|of which|in which|among (?:them|which|these)|"
    r"in particular|specifically|the|a|an|its|their|our|this|these|those|all|both|whole|entire|"
    r"of|in|for|by|to|from|as|that|which|where|it|is|was|were|are|there|at|on|other|said|however|"
    r"in addition|besides|furthermore|moreover|in terms of|so far|now|currently|he|she|said that|"
    r"because|since|expected that|it is expected that|including|new|newly|some|more|than|about|"
    r"over|nearly|year-on-year|year on year|yoy|y-o-y|has|have|had|only|another|up|first|second|"
    r"third|fourth|finally|although|though|despite|when|but|still|equal to)\b[\s,]*",
    re.IGNORECASE,
)
_LAST_WORDS = (
    *"and or of in for by to from as that which with at on the a an has have had is was were are "
    "will be been also both its their this year respectively all cumulatively worth received "
    "obtained got directly successfully actively now but still not would should can could".split(),
    "a total",
)
_TRAILING = re.compile(rf"[\s,]*\b(?:{'|'.join(_LAST_WORDS)})$", re.IGNORECASE)
# "the city's", "of the whole province", "in the park": the place that every figure is about.
_LOCAL = re.compile(
    r"\b(?:(?:of|in|across|within|throughout) )?(?:the |this |our )?(?:whole |entire )?"
    r"(?:city|province|county|district|region|park|country|zone|prefecture|town|state|area)"
    r"(?:[’'‘]\s?s\b|(?=$|\s*[,;]))|\b(?:of|in|across|throughout) the (?:whole |entire )?"
    r"(?:city|province|county|district|region|country|zone)\b|\bcitywide\b",
    re.IGNORECASE,
)
_LOCAL_NOUN = re.compile(
    "city|province|county|district|region|park|country|zone|prefecture|town|state|area",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"[’'‘]\s?s\b\s*")
_AND_YEAR = re.compile(r",?\s+and\s+(?=(?:19|20)\d\d\b)")
_LEFT_POSSESSIVE = re.compile(r"^[’'‘]\s?s\s+")
_LEFT_PREPOSITION = re.compile(r"\s+(?:of|in|for)(?=\s+(?:of|in|for|and)\b|\s*$)")
_ZH_LEADING = re.compile(
    r"^(?:（?其中|但?[与和同]相?比|相比|对比|但|同时|此外|另外|目前|截至目前|全国|全省|全市|全县|全区|全镇|该市|该省|该县|该区|"
    r"我市|我省|我县|我区|"
    r"分\S{1,4}看|共|已|累计|新增|的|和|及|与|并|而|则|更是|还|又|也|均|，|、|由|对|在|从|达|"
    r"为|向(?!上)|有(?![色机限关线])|拥有|现有|"
    r"共有|惠及|帮助|支持|一批|各类|各项|力争|预计)+"
)
_ZH_TRAILING = re.compile(
    r"(?:年均|的|只|总|则|已|共|也|均|更是|还|又|分别|累计|约|近|超|逾|达|为|了|比|较|与|同期|并|和|"
    r"将|有|实现|完成)+$"
)
_DIGIT = re.compile(r"\d")
_ZH_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff])\d.*$")
_EN_NUMBER = re.compile(r"\s(?:of|at|to)?\s*\d[\d,.]*(?:\s.*)?$")
_QUOTES = "“”\"'‘’「」"
_EDGE = " ,;:.-—()（）"


def tidy(doc: Document, sentence: Sentence, start: int, end: int) -> str:
    """``text[start:end]`` without determiners, places and periods around what it names."""
    text = doc.text
    kept = list(text[start:end])
    blanks = [
        (m.start, _past_period(text, m.end))
        for m in sentence.mentions
        if m.kind == "period" and m.start < end
    ]
    for place in sentence.places:
        if place.start < end and doc.quotes.at(place.start, place.end) is None:
            blanks.append((place.start, _past_possessive(text, place.end)))
    for low, high in blanks:
        low, high = max(low, start), min(high, end)
        if low < high:
            kept[low - start : high - start] = " " * (high - low)
    phrase = "".join(kept)
    return tidy_zh(phrase) if doc.lang == "zh" else tidy_en(phrase)


def _past_period(text: str, end: int) -> int:
    """Where "this year's" ends, and "1986 and" before "1985"."""
    tail = _AND_YEAR.match(text, end)
    return tail.end() if tail else _past_possessive(text, end)


def _past_possessive(text: str, end: int) -> int:
    """Where "Linhe's" and "this year's" end."""
    tail = _POSSESSIVE.match(text, end)
    return tail.end() if tail else end


def tidy_en(phrase: str) -> str:
    """An English phrase without what is not its name."""
    if _LOCAL_NOUN.search(phrase):
        phrase = _LOCAL.sub(" ", phrase)
    phrase = " ".join(phrase.split()).strip(_EDGE)
    before = None
    while before != phrase:
        before = phrase
        match = _LEADING.match(phrase)
        phrase = phrase[match.end() :] if match else phrase
        if phrase.lower().endswith(_LAST_WORDS):
            phrase = _TRAILING.sub("", phrase)
        phrase = phrase.strip(_EDGE + "’'")
        phrase = _LEFT_POSSESSIVE.sub("", phrase)
    return _closed(_LEFT_PREPOSITION.sub("", phrase), "(", ")")


def tidy_zh(phrase: str) -> str:
    """A Chinese phrase without what is not its name."""
    phrase = "".join(phrase.split()).strip("，。、；：:,.")
    before = None
    while before != phrase:
        before = phrase
        phrase = _ZH_LEADING.sub("", phrase)
        phrase = _ZH_TRAILING.sub("", phrase).strip("，。、；：:,. ")
    return _closed(phrase, "（", "）")


def before_number(phrase: str) -> str:
    """A phrase up to a number that is no mention, such as tonnes: "steel output of 3.1 million"."""
    if _DIGIT.search(phrase) is None:
        return phrase
    return _ZH_NUMBER.sub("", _EN_NUMBER.sub("", phrase))


def _closed(phrase: str, opening: str, closing: str) -> str:
    """A phrase with the bracket that stripping its edge took."""
    return phrase + closing if phrase.count(opening) > phrase.count(closing) else phrase


def unquoted(phrase: str) -> str:
    """A phrase without quotation marks around it."""
    return phrase.strip(_QUOTES + "《》 ,.，。")
