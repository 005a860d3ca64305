"""Changes in plain numbers: "up by 36", "an increase of 9,806", "4 more than", 多了19家."""

from __future__ import annotations

import re
from bisect import bisect_left

from extractor.models.rules.document import Document, Sentence
from extractor.values import Change, Count, Mention, Money, PhraseError

# The words before the number that make it a change, and are part of the phrase.
_BEFORE = {
    "en": re.compile(
        r"(?P<phrase>(?:\b(?:up|down)\s+)?\bby\s+|\b(?:up|down)\s+|"
        r"\b(?:increase|decrease|rise|drop|fall|gain)\s+of\s+)$",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:比|较)[^，。；]{2,10}?(?P<phrase>(?:增加|减少|多|少)[\u4e00-\u9fff]{0,2})$"
    ),
}
# "increased by 74 over the last year"; "by 74 firms" names what is counted.
_BEHIND = {
    "en": re.compile(
        r"\s*(?:$|[,.;)]|(?:over|from|compared|than|against|since|on|in|this|last|year|or \d)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"\s*(?:$|[，。；、])"),
}
_COUNTED = re.compile(r"(?P<count>\d[\d,]*)\s+(?P<name>.{3,})$")
# "4 more than last year", "18 fewer than in May".
_MORE = re.compile(r"\s+(?:more|fewer|less)(?=\s+than\b)", re.IGNORECASE)
_OR_RATE = r"(?:,?\s*or\s+[\d.]+\s?(?:%|percent|per cent|pct)\s*,?)?"
_THAN = re.compile(rf"{_OR_RATE}\s*(?:over|from|compared|than|against|since)\b", re.IGNORECASE)
_LAST_WORDS = {
    "en": ("by", "of", " up", " down"),
    "zh": ("加", "少", "多", "了", "放", "入", "收"),
}  # of `_BEFORE`
_REACH = 40


def absolutes(doc: Document, sentence: Sentence) -> list[Mention]:
    """The plain numbers of a sentence that say by how much something changed, as changes."""
    found = []
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count | Money):
            continue
        more = _MORE.match(doc.text, mention.end) if doc.lang == "en" else None
        found += (
            _read(doc, mention.start, more.end()) if more else _by_words(doc, sentence, mention)
        )
    return found


def numbers_of(changes: list[Mention], sentence: Sentence) -> set[int]:
    """Where the numbers of a sentence begin that are changes."""
    first = [bisect_left(sentence.mentions, c.start, key=lambda m: m.start) for c in changes]
    return {sentence.mentions[at].start for at in first}


def _by_words(doc: Document, sentence: Sentence, mention: Mention) -> list[Mention]:
    """The number with the words before it that make it a change."""
    low = max(sentence.span.start, mention.start - _REACH)
    if not doc.text[low : mention.start].rstrip().lower().endswith(_LAST_WORDS[doc.lang]):
        return []
    before = _BEFORE[doc.lang].search(doc.text, low, mention.start)
    if not (before and _BEHIND[doc.lang].match(doc.text, mention.end, sentence.span.end)):
        return []
    is_plain = doc.lang == "en" and before["phrase"].strip().lower() in ("up", "down")
    if is_plain and not _is_compared(doc, mention):
        return []
    # "The tax was cut by 16 million yuan": money given.
    is_given = isinstance(mention.value, Money) and not _is_compared(doc, mention)
    return [] if is_given else _read(doc, before.start("phrase"), mention.end)


def _is_compared(doc: Document, mention: Mention) -> bool:
    """Whether a sum says how much more or less something is than at another time."""
    return doc.lang == "zh" or _THAN.match(doc.text, mention.end) is not None


def counted_name(name: str) -> tuple[str | None, str]:
    """The number and the firms of "1,913 households newly registered"; None without a number."""
    match = _COUNTED.match(name)
    return (match["count"], match["name"]) if match else (None, name)


def _read(doc: Document, start: int, end: int) -> list[Mention]:
    try:
        value = Change.parse(doc.text[start:end])
    except PhraseError:
        return []
    return [Mention(start, end, "change", value)]
