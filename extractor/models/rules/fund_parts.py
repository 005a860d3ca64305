"""Sums that go on from one told before: a part of it, what was paid out of it, more of the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.firms import PART
from extractor.models.rules.fund_nouns import Noun
from extractor.models.rules.phrases import LIST_GAP, tidy
from extractor.values import Count, Mention, Money

_PART = re.compile(
    r"^[^;；。]*(?:including|among (?:them|which|these)|of which|in which|of this|of it|"
    r"first phase|first batch|其中|包括|首期)[^;；。]*$|"
    r"^[^。]{0,60},\s*with\s*$",
    re.IGNORECASE,
)
_PART_NEXT = re.compile(
    r"\s*(?:among (?:them|these)|of (?:this|these|it|them)|其中)", re.IGNORECASE
)
# "6 million yuan of it", 从中拨付: of the sum told just before.
_OF_IT = re.compile(
    r"\s+of (?:it|that|this|them|which|these|the (?:total|sum|money|amount))\b", re.IGNORECASE
)
# "1.2 billion yuan has been disbursed": out of the sum that the sentence told.
_PAID_OUT = re.compile(
    r"\s+(?:has|have|had|was|were)\s+(?:already\s+|actually\s+)?(?:been\s+)?"
    r"(?:disbursed|cashed|paid|drawn|used|allocated)\b",
    re.IGNORECASE,
)
_FROM_IT = re.compile(
    r"(?:\bof (?:it|this|that),?\s+|从中|其中)[^,;.，；。\d]{0,12}$", re.IGNORECASE
)
# "the highest one got 5 million yuan", 葛仙镇4家企业拿走了740万元: a share of the sum told.
_TAKES = re.compile(
    r"\b(?:got|gets|took|takes|received|enjoyed|obtained)\s+"
    r"(?:away\s+|home\s+)?$|(?:拿走|分得|分到|领走|拿到)了?$",
    re.IGNORECASE,
)
# "last year it was 180 million", "another 6 million".
_SAME = re.compile(
    r"\bit (?:was|is)\s*$|"
    r"\b(?:another|a further|an additional)\s+$|(?:再|又|另)(?:拿出|配套|追加|增加|安排|配)$",
    re.IGNORECASE,
)
# "was raised from 30 million to 50 million yuan", 由2000万元增至3500万元.
_RAISED = re.compile(r"\s*to\s*|(?:增加?|提高|扩大|增长|上升|提升)[到至]", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:total\w*|amount\w*|worth|got|gets|took|takes|received|enjoyed|saved|subscribed|"
    r"contributed|put|paid|has|have|had|was|were|will|used|"
    r"for|to|with|it|they|he|she)\b|[用给为投]|拿|获|已|从中",
    re.IGNORECASE,
)
_MOST_WORDS, _LONGEST, _SHORTEST = 8, 60, {"en": 6, "zh": 3}  # of the name of an item
_NEAR = 200  # characters between two sums of one money


@dataclass(frozen=True, slots=True)
class Told:
    """A sum, the money that it is, and where it was told.

    Attributes:
        mention: its number.
        noun: the word that says what money it is.
        name: what the article calls it.
        sentence: where it stands.
        rule: the rule that found it.
        is_same: whether it is named by the sum told before.
    """

    mention: Mention
    noun: Noun
    name: str
    sentence: Sentence
    rule: str
    is_same: bool = False


def whole_of(doc: Document, sentence: Sentence, mention: Mention, told: Told | None) -> Told | None:
    """The sum told before that an amount is a stated part of."""
    if told is None or sentence.index - told.sentence.index > 1:
        return None
    if told.sentence.paragraph != sentence.paragraph:
        return None
    is_here = told.sentence is sentence
    is_paid = is_here and _PAID_OUT.match(doc.text, mention.end)
    if is_paid or _OF_IT.match(doc.text, mention.end):
        return told
    low = max(sentence.span.start, told.mention.end)
    if _FROM_IT.search(doc.text, low, mention.start):
        return told
    if _TAKES.search(doc.text, low, mention.start) and _is_less(mention, told.mention):
        return told
    if is_here:
        return told if _PART.search(doc.text[told.mention.end : mention.start]) else None
    is_next = _PART_NEXT.match(doc.text, sentence.span.start, mention.start)
    return told if is_next and _is_less(mention, told.mention) else None


def same_as(doc: Document, sentence: Sentence, mention: Mention, told: Told | None) -> Told | None:
    """The money told before, if the amount is of it too."""
    if told is None or mention.start - told.mention.end > _NEAR:
        return None
    between = doc.text[told.mention.end : mention.start]
    if _SAME.search(between):
        return told
    is_here = told.sentence is sentence
    is_raised = is_here and _RAISED.fullmatch(between)
    is_listed = is_here and LIST_GAP.fullmatch(between)
    return told if is_raised or is_listed else None


def item_name(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    """What a part is called by the words right before its number: "the VAT cut 618 million"."""
    low = max(sentence.before(mention.start), sentence.clause_at(mention.start).start)
    parts = [m.end() for m in PART.finditer(doc.text, low, mention.start)]
    low = max([low, *parts])
    is_said = doc.cues.within("level_verbs", low, mention.start)
    if low == mention.start or is_said or _VERB.search(doc.text, low, mention.start):
        return None
    is_receiver = doc.cues.within("enterprise_nouns", low, mention.start)
    if is_receiver or any(low <= p.start < mention.start for p in sentence.places):
        return None
    name = tidy(doc, sentence, low, mention.start)
    is_short = len(name.split()) <= _MOST_WORDS and len(name) <= _LONGEST
    return name if is_short and len(name) >= _SHORTEST[doc.lang] else None


def _is_less(part: Mention, whole: Mention) -> bool:
    """Whether a sum can be a part of another."""
    assert isinstance(part.value, Money | Count)
    assert isinstance(whole.value, Money | Count)
    return part.value.value < whole.value.value
