"""Changes in plain numbers: "up by 36", "an increase of 9,806", 多了19家."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.values import Change, Count, Mention, PhraseError

# The words before the number that make it a change, and are part of the phrase.
_BEFORE = {
    "en": re.compile(
        r"(?P<phrase>(?:\b(?:up|down)\s+)?\bby\s+|\b(?:increase|decrease|rise|drop|fall|gain)\s+of\s+)$",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(?:比|较)[^，。；]{2,10}?(?P<phrase>(?:增加|减少|多|少)了?)$"),
}
# "increased by 74 over the last year"; "by 74 firms" names what is counted.
_BEHIND = {
    "en": re.compile(
        r"\s*(?:$|[,.;)]|(?:over|from|compared|than|against|since|on|in|this|last|year)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"\s*(?:$|[，。；、])"),
}
_COUNTED = re.compile(r"(?P<count>\d[\d,]*)\s+(?P<name>.{3,})$")
_LAST_WORDS = {"en": ("by", "of"), "zh": ("加", "少", "多", "了")}  # of `_BEFORE`
_REACH = 40


def absolutes(doc: Document, sentence: Sentence) -> list[Mention]:
    """The plain numbers of a sentence that say by how much something changed, as changes."""
    found = []
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count):
            continue
        low = max(sentence.span.start, mention.start - _REACH)
        if not doc.text[low : mention.start].rstrip().lower().endswith(_LAST_WORDS[doc.lang]):
            continue
        before = _BEFORE[doc.lang].search(doc.text, low, mention.start)
        if before and _BEHIND[doc.lang].match(doc.text, mention.end, sentence.span.end):
            change = _read(doc, before.start("phrase"), mention.end)
            found += [change] if change else []
    return found


def counted_name(name: str) -> tuple[str | None, str]:
    """The number and the firms of "1,913 households newly registered"; None without a number."""
    match = _COUNTED.match(name)
    return (match["count"], match["name"]) if match else (None, name)


def _read(doc: Document, start: int, end: int) -> Mention | None:
    try:
        value = Change.parse(doc.text[start:end])
    except PhraseError:
        return None
    return Mention(start, end, "change", value)
