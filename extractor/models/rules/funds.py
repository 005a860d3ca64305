"""The reader of funds: an amount, the money it is, who gives and who gets it."""

from __future__ import annotations

import re
from typing import Any

from extractor.grounding import Span
from extractor.models.rules.absolutes import absolutes, numbers_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.fund_names import name_of
from extractor.models.rules.fund_nouns import money_noun, sums
from extractor.models.rules.fund_parts import Told, item_name, same_as, whole_of
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.pairs import paired_with
from extractor.models.rules.parties import provider_of, recipient_of
from extractor.models.rules.periods import Carry, period_of
from extractor.models.rules.regions import region_of
from extractor.models.rules.repeats import Stated, unrepeated
from extractor.models.rules.ruled import Ruled
from extractor.models.rules.statuses import status_of
from extractor.values import Count, Mention, Money

# Whole sums without a date: an earlier phrase for "when" is not theirs.
_PERFECT = re.compile(r"\b(?:has|have) (?!to\b)|已", re.IGNORECASE)
_CARRY: dict[str, Carry] = {"government_fund": "clause", "investment": "sentence"}
# What is put into a pool is a stock.
_POOL = re.compile(r"\bpool$|补偿|资金池")
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
_OWN = 45  # how far its own noun may stand from a part of a sum
# Money that other money brought along is not what later sums are of.
_LEVERAGED = re.compile(r"\b(?:leverag|driv|attract)\w*\b|撬动|带动|拉动", re.IGNORECASE)


def read(doc: Document) -> list[Ruled]:
    """Draft funds of the article; a repeated amount once."""
    stated: list[Stated] = []
    told: Told | None = None
    for sentence in doc.sentences:
        amounts = sums(doc, sentence)
        changed = numbers_of(absolutes(doc, sentence), sentence) if amounts else set()
        for mention in amounts:
            if mention.start in changed:
                continue
            whole = whole_of(doc, sentence, mention, told)
            before = whole or same_as(doc, sentence, mention, told)
            found = _told(doc, sentence, mention, before, is_part=whole is not None)
            if found is not None:
                stated.append(_stated(doc, found, whole))
                told = whole or (told if told and _is_leveraged(doc, found) else found)
    return unrepeated(stated)


def _is_leveraged(doc: Document, found: Told) -> bool:
    clause = found.sentence.clause_at(found.mention.start)
    return _LEVERAGED.search(doc.text, clause.start, found.mention.start) is not None


def _told(
    doc: Document, sentence: Sentence, mention: Mention, before: Told | None, *, is_part: bool
) -> Told | None:
    """What money an amount is, by its own noun, else by that of the sum told before."""
    noun = money_noun(doc, sentence, mention)
    is_own = noun is not None and (before is None or (noun.distance < _OWN and not noun.is_verb))
    if noun is not None and is_own:
        name = name_of(doc, sentence, mention, noun)
        return Told(mention, noun, name, sentence, "fund.verb" if noun.is_verb else "fund.noun")
    if before is None:
        return None
    own = item_name(doc, sentence, mention) if is_part else None
    return Told(
        mention, before.noun, own or before.name, sentence, "fund.same", is_same=own is None
    )


def _stated(doc: Document, found: Told, whole: Told | None) -> Stated:
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


def _draft(doc: Document, found: Told, part_of: str | None) -> dict[str, Any]:
    mention, sentence, name = found.mention, found.sentence, found.name
    noun = found.noun.cue
    low, high = min(noun.start, mention.start), max(noun.end, mention.end)
    low = max(low, sentence.span.start)
    clause = sentence.clause_at(mention.start)
    paired = paired_with(doc, sentence, mention)
    giver = Span(mention.start if found.noun.is_verb else low, high)
    is_perfect = _PERFECT.search(doc.text, clause.start, mention.start)
    carry = "segment" if is_perfect else _CARRY.get(noun.value, "paragraph")
    carry = "segment" if _POOL.search(name) else carry
    kind = next((k for k, words in _BY_NAME if words.search(name)), noun.value)
    return {
        "name": name,
        "kind": kind if noun.value == "other" else noun.value,
        "amount": mention.value.text,
        "provider": provider_of(doc, sentence, giver),
        "recipient": recipient_of(doc, sentence, mention.start, high),
        "part_of": part_of,
        "region": paired.place or region_of(doc, sentence, mention.start),
        "period": paired.time or period_of(doc, sentence, mention.start, carry),
        "status": status_of(doc, sentence, mention.start, high),
    }


def _evidence(
    doc: Document, sentence: Sentence, mention: Mention, noun: Cue, named: Mention
) -> str:
    is_here = sentence.span.start <= noun.start < sentence.span.end
    needed = [(mention.start, mention.end), (named.start, named.end)]
    return doc.passage(sentence, *needed, *([(noun.start, noun.end)] if is_here else []))
