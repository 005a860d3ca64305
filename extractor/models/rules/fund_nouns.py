"""Which amounts of money are given, and the word that says what money each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import LIST_GAP
from extractor.values import Count, Mention, Money

# "projects of over 100 million yuan", 亿元以上项目: a size, not a sum.
_THRESHOLD_AFTER = re.compile(
    r"\s*(?:or more|and above|or above)?\s*(?:(?:in|of)\s+(?:annual\s+)?(?:sales|revenue|output|"
    r"income)|-?level\b)|以上的?(?:项目|企业|工业|重大)|以下的?|级",
    re.IGNORECASE,
)
_THRESHOLD_BEFORE = re.compile(
    r"(?:projects?|enterprises?|companies|firms|income|revenue|sales|value)\s+(?:each\s+)?"
    r"(?:with|of|worth|exceeding|over|under|above|below)\s*(?:an?\s+)?(?:\w+\s+){0,4}(?:of\s+)?$",
    re.IGNORECASE,
)
_OVER_PROJECTS = re.compile("以上$")
_UNIT_PRICE = re.compile(
    r"\s*(?:/|per\b|a (?:ton|month|year|day|person|mu|jin)|each\b|一[吨亩人]|每)", re.IGNORECASE
)
# "Each high-tech enterprise gets …", 对首次上规的企业奖励…: what any one of them may get.
_EACH = re.compile(
    r"\b(?:[Ee]ach|[Ee]very)\s(?:[\w-]+\s){0,3}(?:enterprise|firm|company|factory|household|project)\b"
    r"[^,;.]{0,40}$|"
    r"对[^，。；\d]{2,30}(?:企业|的)[^，。；\d]{0,6}(?:奖励|补助|补贴|给予)[^，。；\d]{0,4}$"
)
_EACH_REACH, _CAP_REACH = 80, 20
_BARE_SCALE = re.compile(r"(?:million|billion|trillion|亿|万)$", re.IGNORECASE)
_OF_PLANT = re.compile(r"\s+(?:of|from|by|in)\s+[^,;.]{0,30}")
_VERB = re.compile(
    r"\b(?:was|were|is|are|has|have|had|to|which|that|and|by|will|been|with|against|up|down)\b|了",
    re.IGNORECASE,
)
# "the fund, which rewards enterprises": a verb, and no noun of money.
_AS_VERB = re.compile(r"\b(?:which|that|who|to)\s+$", re.IGNORECASE)
_NOUN_OR_VERB = frozenset(("rewards", "grants", "awards", "aid", "budget", "projects", "reward"))
# "projects of ten billion": a class of projects.
_CLASS = re.compile(r"\bprojects? of\s+$", re.IGNORECASE)
# "Up to 400 million yuan has been invested" is no cap.
_DONE = re.compile(r"\s(?:has|have|had)(?:\salready)?\sbeen\s")
# "saved firms 3 million yuan of costs": what is let off is no result.
_SAVED = re.compile(
    r"\bsav(?:ed|es|ing|e)\s(?:[\w’'-]+\s){0,4}$|为[^，。；\d]{0,8}企业[^，。；\d]{0,4}"
    r"(?:节约|节省|降低|减少)[^，。；\d]{0,12}$"
)
_LET_OFF = re.compile(
    r"\b(?:rents?|rental|electricity|costs?|premiums)\b|租|电费|保费|成本", re.IGNORECASE
)
# Verbs that say less of the money than any noun of it.
_PAYING = frozenset(
    ("were paid", "was paid", "been paid", "arrange", "arranges", "arranged", "arranging",
     "allocate", "allocates", "allocated", "allocating",
     "拿出", "安排")
)  # fmt: skip
_COSTS = frozenset(("cost", "costs", "成本", "节约"))
_LEAST = 10_000  # in the currency's unit; less is paid to a person
_FARTHEST = {"en": 170.0, "zh": 60.0}
_PASSIVE = re.compile(
    r"\s(?:was|were|has been|have been|had been|is|are)(?:\s(?:already|also|first))?\s*$"
)
# What they add to a distance, in characters; a verb right before the amount is near.
_COMMA, _SEMICOLON, _VERBAL, _ADJACENT = 25, 60, 30, 10
# A name in quotation marks is nearer than a plain noun, and what the amount is "of" nearest.
_QUOTED, _AFTER, _OBJECT = 0.5, 0.8, 0.1
_CUT = re.compile(r"[,;.]\s|[，。；]")
_AND = re.compile(r"\sand\b")
_OF = re.compile(r"\s+(?:of|in|for|worth of)\s[\w\s“\"’'-]*$")
# "a special fund for the chemical industry of 186 million yuan".
_PURPOSE = re.compile(r"\s(?:for|to support|on)\s[^,;.，；]{3,80}\sof\s")
_GENERAL, _SPECIAL = ("other", "investment"), 30  # a special noun may stand so much farther
_BEHIND, _FAR = 60, 1e6


class Noun(NamedTuple):
    """A word that may say what money an amount is, and how far from it it stands."""

    distance: float
    is_given: bool
    cue: Cue
    is_verb: bool = False


def sums(doc: Document, sentence: Sentence) -> list[Mention]:
    """The amounts of a sentence; "of which 1.1 billion" leaves out the currency named before."""
    if "money" not in sentence.kinds:
        return []
    return [
        m
        for m in sentence.mentions
        if isinstance(m.value, Money) or _is_bare(m)
        if not doc.quotes.in_name(m.start, m.end) and not _is_no_sum(doc, m)
    ]


def _is_bare(mention: Mention) -> bool:
    return isinstance(mention.value, Count) and bool(_BARE_SCALE.search(mention.value.text))


def _is_no_sum(doc: Document, mention: Mention) -> bool:
    """Whether the amount is a size threshold, a price or what one person gets."""
    value = mention.value
    if isinstance(value, Money | Count) and value.value < _LEAST:
        return True
    if _is_bare(mention) and _CLASS.search(doc.text, max(0, mention.start - 14), mention.start):
        return True
    if _THRESHOLD_AFTER.match(doc.text, mention.end) or _UNIT_PRICE.match(doc.text, mention.end):
        return True
    low = max(0, mention.start - 40)
    cuts = [m.end() for m in _CUT.finditer(doc.text, low, mention.start)]
    low = cuts[-1] if cuts else low
    cut = _CUT.search(doc.text, mention.end, mention.end + _CAP_REACH)
    high = cut.start() if cut else mention.end + _CAP_REACH
    caps = [c for c in doc.cues.within("not_fund", low, high) if c.value == "cap"]
    is_cap = getattr(value, "bound", None) == "at_most" and not _DONE.match(doc.text, mention.end)
    is_each = _EACH.search(doc.text, max(0, mention.start - _EACH_REACH), mention.start)
    if caps or is_cap or is_each or _OVER_PROJECTS.search(value.text):
        return True
    is_bounded = getattr(value, "bound", None) == "at_least"
    before = doc.text[max(0, mention.start - 60) : mention.start]
    return bool(is_bounded and _THRESHOLD_BEFORE.search(before))


def money_noun(doc: Document, sentence: Sentence, mention: Mention) -> Noun | None:
    """The noun that says what money the amount is; None if it is money that nobody gives."""
    nouns = sorted(_nouns(doc, sentence, mention), key=lambda n: (n.distance, -_length(n.cue)))
    if not nouns:
        return None
    best = nouns[0]
    # The last noun of a compound is its head: "loan risk compensation fund pool".
    for other in sorted(nouns, key=lambda n: n.cue.start):
        if best.is_given and other.is_given and 0 <= other.cue.start - best.cue.end <= 1:
            best = best._replace(cue=other.cue)
    if not best.is_given or best.distance > _FARTHEST[doc.lang]:
        return None
    if best.is_verb and doc.text[best.cue.start : best.cue.end].lower() in _PAYING:
        plain = (n for n in nouns if n.is_given and not n.is_verb and n.distance < _BEHIND)
        return next(plain, best)
    if best.cue.value not in _GENERAL or _LET_OFF.search(doc.text, *best.cue[:2]):
        return best
    # "the revenue of the plant": the result is what the amount is of.
    results = [n.cue.end for n in nouns if not n.is_given and n.cue.end <= best.cue.start]
    if any(_OF_PLANT.fullmatch(doc.text, end, best.cue.start) for end in results):
        return None
    special = (n for n in nouns if n.is_given and n.cue.value not in _GENERAL)
    return next((n for n in special if n.distance < best.distance + _SPECIAL), best)


def _length(cue: Cue) -> int:
    return cue.end - cue.start


def _nouns(doc: Document, sentence: Sentence, mention: Mention) -> Iterator[Noun]:
    """Words for money given and for results, behind the amount in its clause and before it."""
    amounts = [m for m in sentence.mentions if m.kind == "money"]
    left = max((m.end for m in amounts if m.end <= mention.start), default=sentence.span.start)
    last = _last_of_list(doc, amounts, mention)
    right = min((m.start for m in amounts if m.start >= last.end), default=sentence.span.end)
    right = min(right, sentence.clause_at(last.end - 1).end)
    is_saved = _SAVED.search(doc.text, left, mention.start) is not None
    for lexicon in ("fund_kinds", "fund_verbs", "not_fund"):
        is_given, is_verb = lexicon != "not_fund", lexicon == "fund_verbs"
        cues = doc.cues.within(lexicon, left, mention.start)
        for cue in cues + doc.cues.within(lexicon, last.end, right):
            span = Span(mention.start, last.end)
            if is_saved and doc.text[cue.start : cue.end].lower() in _COSTS:
                yield Noun(_ADJACENT, True, cue._replace(value="other"))
                continue
            distance = _distance(doc, span, cue, is_verb=is_verb)
            if distance < _FARTHEST["en"] * 2 and not _is_verb(doc, cue):
                yield Noun(distance, is_given, cue, is_verb)


def _last_of_list(doc: Document, amounts: list[Mention], mention: Mention) -> Mention:
    """The last amount of "60 million and 200 million yuan of relief": the noun is of both."""
    last = mention
    for amount in amounts:
        if amount.start >= last.end and LIST_GAP.fullmatch(doc.text, last.end, amount.start):
            last = amount
    return last


def _distance(doc: Document, amount: Span, cue: Cue, *, is_verb: bool) -> float:
    """How far a word is from an amount or a list of them, in characters; commas count more."""
    if cue.start >= amount.end:
        gap = doc.text[amount.end : cue.start]
        # "6 million yuan of interest was discounted": the verb itself.
        is_passive = is_verb and _PASSIVE.search(gap) is not None
        is_object = _OF.match(gap) is not None
        plain = _PASSIVE.sub("", gap) if is_passive else gap
        is_other = _VERB.search(_AND.sub("", plain) if is_object else plain)
        extra = (_ADJACENT if is_passive else _VERBAL) * is_verb
        share = _OBJECT if is_object else _AFTER
        return len(gap) * share + extra if len(gap) < _BEHIND and not is_other else _FAR
    gap = doc.text[cue.end : amount.start]
    if not is_verb and _PURPOSE.fullmatch(gap):
        return 0.0
    commas = sum(gap.count(mark) for mark in ",，、")
    cuts = sum(gap.count(mark) for mark in ";；")
    is_apart = is_verb and len(gap) > 1
    length = len(gap) * (_QUOTED if doc.quotes.in_name(cue.start, cue.end) else 1.0)
    extra = _VERBAL if is_apart else _ADJACENT * is_verb
    return length + extra + _COMMA * commas + _SEMICOLON * cuts


def _is_verb(doc: Document, cue: Cue) -> bool:
    word = doc.text[cue.start : cue.end].lower()
    if word not in _NOUN_OR_VERB:
        return False
    return _AS_VERB.search(doc.text, max(0, cue.start - 8), cue.start) is not None
