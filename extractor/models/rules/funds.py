"""The reader of funds: an amount, the money it is, who gives and who gets it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.fund_names import name_of
from extractor.models.rules.fund_nouns import Noun, money_noun, sums
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.parties import provider_of, recipient_of
from extractor.models.rules.periods import Carry, period_of
from extractor.models.rules.regions import region_of
from extractor.models.rules.repeats import Stated, unrepeated
from extractor.models.rules.ruled import Ruled
from extractor.models.rules.statuses import status_of
from extractor.values import Count, Mention, Money

_PART = re.compile(
    r"^[^;；。]*(?:including|among (?:them|which|these)|of which|in which|of this|of it|"
    r"first phase|first batch|其中|包括|首期)[^;；。]*$|"
    r"^[^。]{0,60},\s*with\s*$",
    re.IGNORECASE,
)
# "6 million yuan of it", 从中拨付: of the sum told just before.
_OF_IT = re.compile(r"\s+of (?:it|that|this|them|which|these)\b", re.IGNORECASE)
# "1.2 billion yuan has been disbursed": out of the sum that the sentence told.
_PAID_OUT = re.compile(
    r"\s+(?:has|have|had|was|were)\s+(?:already\s+|actually\s+)?(?:been\s+)?"
    r"(?:disbursed|cashed|paid|drawn|used|allocated)\b",
    re.IGNORECASE,
)
_FROM_IT = re.compile(
    r"(?:\bof (?:it|this|that),?\s+|从中|其中)[^,;.，；。\d]{0,12}$", re.IGNORECASE
)
# Whole sums without a date: an earlier phrase for "when" is not theirs.
_PERFECT = re.compile(r"\b(?:has|have) (?!to\b)|已", re.IGNORECASE)
_CARRY: dict[str, Carry] = {"government_fund": "clause", "investment": "sentence"}
# What "fund" and "funds" are, by the words before them.
_BY_NAME = (
    (
        "government_fund",
        re.compile(
            r"(?:industr|guid|venture|innovation|mother)\w*\s(?:\w+\s)*fund$", re.IGNORECASE
        ),
    ),
    (
        "grant",
        re.compile(
            r"\b(?:special|relief|incentive|support\w*|award|reward)\b.*\bfund", re.IGNORECASE
        ),
    ),
)
_NEAR = 200  # characters between two sums of one money
_OWN = 45  # how far its own noun may stand from a part of a sum
_SAME_MONEY = re.compile(r"\bit (?:was|is)\s*$", re.IGNORECASE)  # "last year it was 180 million"


class _Told(NamedTuple):
    """A sum, the money that it is, and where it was told."""

    mention: Mention
    noun: Noun
    name: str
    sentence: Sentence
    rule: str


def read(doc: Document) -> list[Ruled]:
    """Draft funds of the article; a repeated amount once."""
    stated: list[Stated] = []
    told: _Told | None = None
    for sentence in doc.sentences:
        for mention in sums(doc, sentence):
            whole = _whole(doc, sentence, mention, told)
            found = _told(doc, sentence, mention, whole or _same(doc, mention, told))
            if found is not None:
                stated.append(_stated(doc, found, whole))
                told = whole or found
    return unrepeated(stated)


def _whole(doc: Document, sentence: Sentence, mention: Mention, told: _Told | None) -> _Told | None:
    """The sum told before that an amount is a stated part of."""
    if told is None or sentence.index - told.sentence.index > 1:
        return None
    if told.sentence.paragraph != sentence.paragraph:
        return None
    is_paid = told.sentence is sentence and _PAID_OUT.match(doc.text, mention.end)
    if is_paid or _OF_IT.match(doc.text, mention.end):
        return told
    is_from = _FROM_IT.search(doc.text, max(sentence.span.start, told.mention.end), mention.start)
    if is_from:
        return told
    is_here = told.sentence is sentence
    return told if is_here and _PART.search(doc.text[told.mention.end : mention.start]) else None


def _same(doc: Document, mention: Mention, told: _Told | None) -> _Told | None:
    """The money told before, if the amount is of it too: "last year it was 180 million"."""
    if told is None or mention.start - told.mention.end > _NEAR:
        return None
    is_same = _SAME_MONEY.search(doc.text[told.mention.end : mention.start])
    return told if is_same else None


def _told(
    doc: Document, sentence: Sentence, mention: Mention, before: _Told | None
) -> _Told | None:
    """What money an amount is, by its own noun, else by that of the sum told before."""
    noun = money_noun(doc, sentence, mention)
    is_own = noun is not None and (before is None or (noun.distance < _OWN and not noun.is_verb))
    if noun is not None and is_own:
        name = name_of(doc, sentence, mention, noun)
        return _Told(mention, noun, name, sentence, "fund.verb" if noun.is_verb else "fund.noun")
    if before is None:
        return None
    return _Told(mention, before.noun, before.name, sentence, "fund.same")


def _stated(doc: Document, found: _Told, whole: _Told | None) -> Stated:
    mention, sentence = found.mention, found.sentence
    money = [m for m in sentence.mentions if isinstance(m.value, Money)]
    # "of which 1.1 billion": the currency stands with the whole.
    named = min(money, key=lambda m: abs(m.start - mention.start))
    draft = _draft(doc, found, whole.mention.value.text if whole else None)
    draft["evidence"] = _evidence(doc, sentence, mention, found.noun.cue, named)
    assert isinstance(mention.value, Money | Count)
    number = (mention.value.value, mention.value.upper)
    rule = "fund.part" if whole else found.rule
    return Stated(sentence, number, (*number, found.noun.cue.value), Ruled(rule, draft))


def _draft(doc: Document, found: _Told, part_of: str | None) -> dict[str, Any]:
    mention, sentence, name = found.mention, found.sentence, found.name
    noun = found.noun.cue
    low, high = min(noun.start, mention.start), max(noun.end, mention.end)
    low = max(low, sentence.span.start)
    clause = sentence.clause_at(mention.start)
    is_perfect = _PERFECT.search(doc.text, clause.start, mention.start)
    carry = "segment" if is_perfect else _CARRY.get(noun.value, "paragraph")
    kind = next((k for k, words in _BY_NAME if words.search(name)), noun.value)
    return {
        "name": name,
        "kind": kind if noun.value == "other" else noun.value,
        "amount": mention.value.text,
        "provider": provider_of(doc, sentence, low),
        "recipient": recipient_of(doc, sentence, low, high),
        "part_of": part_of,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, sentence, mention.start, carry),
        "status": status_of(doc, sentence, mention.start, high),
    }


def _evidence(
    doc: Document, sentence: Sentence, mention: Mention, noun: Cue, named: Mention
) -> str:
    is_here = sentence.span.start <= noun.start < sentence.span.end
    needed = [(mention.start, mention.end), (named.start, named.end)]
    return doc.passage(sentence, *needed, *([(noun.start, noun.end)] if is_here else []))
