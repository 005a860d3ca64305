"""Noun phrases as the article words them: what a figure is of."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document

_LEADING = re.compile(
    r"(?:and|but|while|meanwhile|also|then|with|of which|in which|among (?:them|which|these)|"
    r"in particular|specifically|the|a|an|its|their|our|this|these|those|all|both|whole|entire|"
    r"of|in|for|by|to|from|as|that|which|where|it|is|was|were|are|there|at|on|other|said|however|"
    r"in addition|besides|furthermore|moreover|in terms of|so far|now|currently|he|she|said that|"
    r"because|since|expected that|including|new|newly|some|more|than|about|over|nearly)\b[\s,]*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"[\s,]*\b(?:and|or|of|in|for|by|to|from|as|that|which|with|at|on|the|a|an|has|have|had|is|was|"
    r"were|are|will|be|been|also|both|its|their|this|year|respectively|all|cumulatively|worth|"
    r"directly|successfully|actively)$",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"\b(?:(?:of|in|across|within|throughout) )?(?:the |this |our )?(?:whole |entire )?"
    r"(?:city|province|county|district|region|park|country|zone|prefecture|town|state|area)"
    r"(?:[’'‘]\s?s\b|(?=$|\s*[,;]))|\b(?:of|in|across|throughout) the (?:whole |entire )?"
    r"(?:city|province|county|district|region|country|zone)\b|\bcitywide\b|\bcity[’'‘]s\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"^[’'‘]\s?s\b\s*")
_ZH_LEADING = re.compile(
    r"^(?:其中|同时|此外|另外|目前|截至目前|全国|全省|全市|全县|全区|全镇|该市|该省|该县|该区|我市|我省|我县|我区|"
    r"共|已|累计|新增|新|的|和|及|与|并|而|则|更是|还|又|也|均|，|、|由|对|在|从|达|为|向)+"
)
_ZH_TRAILING = re.compile(r"(?:的|总|则|已|共|也|均|更是|还|又|分别|累计|约|近|超|逾|达|为|了|比|较|与|同期|并|和)+$")
_QUOTES = "“”\"'‘’「」"


def tidy(doc: Document, start: int, end: int) -> str:
    """``text[start:end]`` without determiners, places and periods around what it names."""
    text = doc.text
    kept = list(text[start:end])
    for mention in doc.mentions:
        if mention.kind == "period" and mention.end > start and mention.start < end:
            _blank(kept, mention.start - start, mention.end - start)
    for place in doc.places:
        if place.start >= start and place.end <= end and not doc.is_quoted(place.start, place.end):
            tail = _POSSESSIVE.match(text, place.end)
            _blank(kept, place.start - start, (tail.end() if tail else place.end) - start)
    phrase = "".join(kept).replace("\x00", " ")
    return tidy_zh(phrase) if doc.chinese else tidy_en(phrase)


def _blank(chars: list[str], start: int, end: int) -> None:
    for i in range(max(0, start), min(end, len(chars))):
        chars[i] = "\x00"


def tidy_en(phrase: str) -> str:
    """An English phrase without what is not its name."""
    phrase = _LOCAL.sub(" ", phrase)
    phrase = re.sub(r"\s+", " ", phrase).strip(" ,;:.-—()")
    changed = True
    while changed:
        before = phrase
        match = _LEADING.match(phrase)
        if match and match.end() <= len(phrase):
            phrase = phrase[match.end() :]
        phrase = _TRAILING.sub("", phrase).strip(" ,;:.-—’'")
        phrase = re.sub(r"^[’'‘]\s?s\s+", "", phrase)
        changed = phrase != before
    return re.sub(r"\s+(?:of|in|for)(?=\s+(?:of|in|for|and)\b|\s*$)", "", phrase)


def tidy_zh(phrase: str) -> str:
    """A Chinese phrase without what is not its name."""
    phrase = re.sub(r"\s+", "", phrase).strip("，。、；：:,.")
    before = None
    while before != phrase:
        before = phrase
        phrase = _ZH_LEADING.sub("", phrase)
        phrase = _ZH_TRAILING.sub("", phrase).strip("，。、；：:,. ")
    return phrase


def unquoted(phrase: str) -> str:
    """A phrase without quotation marks around it."""
    return phrase.strip(_QUOTES + "《》 ,.，。")
