"""The reader of funds: an amount, the money it is, who gives and who gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue, word_list
from extractor.models.rules.parties import provider_of, recipient_of
from extractor.models.rules.periods import Carry, period_of, status_of
from extractor.models.rules.phrases import tidy_en, tidy_zh
from extractor.models.rules.regions import region_of
from extractor.models.rules.repeats import Stated, unrepeated
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
_BARE_SCALE = re.compile(r"(?:million|billion|trillion|亿|万)$", re.IGNORECASE)
_PART = re.compile(
    r"^[^;；。]*(?:including|among (?:them|which|these)|of which|in which|of this|of it|"
    r"first phase|first batch|其中|包括|首期)[^;；。]*$|"
    r"^[^;；。]{0,40},\s*with\s*$",
    re.IGNORECASE,
)
_OF_PLANT = re.compile(r"\s+(?:of|from|by|in)\s+[^,;.]{0,30}")
_VERB = re.compile(
    r"\b(?:was|were|is|are|has|have|had|to|which|that|and|by|will|been|with|against|up|down)\b|了",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([\w+’'‘\-“”\"]+)\s+$")
_WORD_BEHIND = re.compile(r"\s+(?P<word>[A-Za-z][\w-]*)")
_AND_FEES = re.compile(
    r"(?:,\s*\w+)*\s+(?:and|or)\s+(?:fee|tax|interest|fees|deferrals|refunds|exemptions|"
    r"subsidies)\b(?:\s+(?:cuts|reductions?))?"
)
# Words that stand before the name of money and are none of it.
_NOT_NAME = word_list("not_fund_name")
_TAIL_NOUNS = word_list("fund_tail")
_ZH_BEFORE = re.compile(r"[^，。；：、\d]{0,12}$")
_ZH_TAIL = re.compile(r"(?:资金池|资金|总额|金额|贷款|基金|奖补|补贴)?")
_ZH_VERB = re.compile(
    r"安排|发放|拨付|下达|落实|兑现|投入|设立|拿出|办理|提供|给予|注入|减免|发行|争取|签约|"
    r"筹集|撬动|获得|规模|各类|累计"
)
_LEAST = 10_000  # in the currency's unit; less is paid to a person
_FARTHEST = {"en": 170.0, "zh": 60.0}
_COMMA, _SEMICOLON, _VERBAL = 25, 60, 30  # what they add to a distance, in characters
_GENERAL = ("other", "investment")
# Whole sums without a date: an earlier phrase for "when" is not theirs.
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
_SAME_MONEY = re.compile(r"\bit (?:was|is)\s*$", re.IGNORECASE)  # "last year it was 180 million"


class _Noun(NamedTuple):
    """A word that may say what money an amount is, and how far from it it stands."""

    distance: float
    is_given: bool
    cue: Cue


def read(doc: Document) -> list[dict[str, Any]]:
    """Draft funds of the article; a repeated amount once."""
    return unrepeated(item for sentence in doc.sentences for item in _sentence(doc, sentence))


def _sentence(doc: Document, sentence: Sentence) -> Iterator[Stated]:
    whole: tuple[Mention, Cue] | None = None
    for mention in _sums(doc, sentence):
        noun = _money_noun(doc, sentence, mention)
        part_of = None
        if whole and _PART.search(doc.text[whole[0].end : mention.start]):
            part_of = whole[0].value.text
            noun = noun or whole[1]
        if whole and _SAME_MONEY.search(doc.text[whole[0].end : mention.start]):
            noun = whole[1]
        if noun is None:
            continue
        money = [m for m in sentence.mentions if isinstance(m.value, Money)]
        named = min(money, key=lambda m: abs(m.start - mention.start))
        draft = _draft(doc, sentence, mention, noun, part_of)
        # "of which 1.1 billion": the currency stands with the whole.
        draft["evidence"] = _evidence(doc, sentence, mention, noun, named)
        assert isinstance(mention.value, Money | Count)
        number = (mention.value.value, mention.value.upper)
        yield Stated(sentence, number, (*number, noun.value), draft)
        if part_of is None:
            whole = (mention, noun)


def _sums(doc: Document, sentence: Sentence) -> list[Mention]:
    """The amounts of a sentence; "of which 1.1 billion" leaves out the currency named before."""
    if not any(isinstance(m.value, Money) for m in sentence.mentions):
        return []
    return [
        m
        for m in sentence.mentions
        if isinstance(m.value, Money) or _is_bare(m)
        if not doc.in_name(m.start, m.end) and not _is_no_sum(doc, m)
    ]


def _is_bare(mention: Mention) -> bool:
    return isinstance(mention.value, Count) and bool(_BARE_SCALE.search(mention.value.text))


def _is_no_sum(doc: Document, mention: Mention) -> bool:
    """Whether the amount is a size threshold, a price or what one person gets."""
    value = mention.value
    if isinstance(value, Money | Count) and value.value < _LEAST:
        return True
    if _THRESHOLD_AFTER.match(doc.text, mention.end) or _UNIT_PRICE.match(doc.text, mention.end):
        return True
    low = max(0, mention.start - 40)
    cuts = [m.end() for m in re.finditer(r"[,;.，；。]\s", doc.text[low : mention.start])]
    low += cuts[-1] if cuts else 0
    caps = [c for c in doc.cues.within("not_fund", low, mention.end + 20) if c.value == "cap"]
    if caps or getattr(value, "bound", None) == "at_most" or _OVER_PROJECTS.search(value.text):
        return True
    is_bounded = getattr(value, "bound", None) == "at_least"
    before = doc.text[max(0, mention.start - 60) : mention.start]
    return bool(is_bounded and _THRESHOLD_BEFORE.search(before))


def _money_noun(doc: Document, sentence: Sentence, mention: Mention) -> Cue | None:
    """The noun that says what money the amount is; None if it is money that nobody gives."""
    nouns = sorted(_nouns(doc, sentence, mention), key=lambda n: (n.distance, -len_of(n.cue)))
    if not nouns:
        return None
    best = nouns[0]
    # The last noun of a compound is its head: "loan risk compensation fund pool".
    for other in sorted(nouns, key=lambda n: n.cue.start):
        if best.is_given and other.is_given and 0 <= other.cue.start - best.cue.end <= 1:
            best = best._replace(cue=other.cue)
    if not best.is_given or best.distance > _FARTHEST[doc.lang]:
        return None
    if best.cue.value in _GENERAL:
        # "the revenue of the plant": the result is what the amount is of.
        results = [n.cue.end for n in nouns if not n.is_given and n.cue.end <= best.cue.start]
        if any(_OF_PLANT.fullmatch(doc.text, end, best.cue.start) for end in results):
            return None
        closest = [
            n.cue for n in nouns
            if n.is_given and n.cue.value not in _GENERAL and n.distance < best.distance + 30
        ]  # fmt: skip
        return closest[0] if closest else best.cue
    return best.cue


def len_of(cue: Cue) -> int:
    """How many characters a cue has."""
    return cue.end - cue.start


def _nouns(doc: Document, sentence: Sentence, mention: Mention) -> Iterator[_Noun]:
    """Words for money given and for results, behind the amount in its clause and before it."""
    text = doc.text
    amounts = [m for m in sentence.mentions if m.kind == "money"]
    left = max((m.end for m in amounts if m.end <= mention.start), default=sentence.span.start)
    right = min((m.start for m in amounts if m.start >= mention.end), default=sentence.span.end)
    right = min(right, sentence.clause_at(mention.end - 1).end)
    for lexicon in ("fund_kinds", "fund_verbs", "not_fund"):
        is_given, extra = lexicon != "not_fund", _VERBAL if lexicon == "fund_verbs" else 0
        for cue in doc.cues.within(lexicon, mention.end, right):
            gap = text[mention.end : cue.start]
            if len(gap) < 60 and not _VERB.search(gap):
                yield _Noun(len(gap) * 0.8 + extra, is_given, cue)
        for cue in doc.cues.within(lexicon, left, mention.start):
            gap = text[cue.end : mention.start]
            commas = sum(gap.count(mark) for mark in ",，、")
            cuts = sum(gap.count(mark) for mark in ";；")
            distance = len(gap) + extra + _COMMA * commas + _SEMICOLON * cuts
            yield _Noun(float(distance), is_given, cue)


def _draft(
    doc: Document, sentence: Sentence, mention: Mention, noun: Cue, part_of: str | None
) -> dict[str, Any]:
    low, high = min(noun.start, mention.start), max(noun.end, mention.end)
    carry = _CARRY.get(noun.value, "paragraph")
    name = _name(doc, sentence, noun)
    kind = next((k for k, words in _BY_NAME if words.search(name)), noun.value)
    return {
        "name": name,
        "kind": kind if noun.value == "other" else noun.value,
        "amount": mention.value.text,
        "provider": provider_of(doc, sentence, max(low, sentence.span.start)),
        "recipient": recipient_of(doc, sentence, max(low, sentence.span.start), high),
        "part_of": part_of,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, sentence, mention.start, carry),
        "status": status_of(doc, sentence, max(low, sentence.span.start), high),
    }


def _evidence(
    doc: Document, sentence: Sentence, mention: Mention, noun: Cue, named: Mention
) -> str:
    is_here = sentence.span.start <= noun.start < sentence.span.end
    needed = [(mention.start, mention.end), (named.start, named.end)]
    return doc.passage(sentence, *needed, *([(noun.start, noun.end)] if is_here else []))


def _name(doc: Document, sentence: Sentence, noun: Cue) -> str:
    """The noun with the words before and behind it that are of its name."""
    text = doc.text
    quote = doc.quote_at(noun.start, noun.end)
    if quote and doc.in_name(noun.start, noun.end):
        return text[quote.start : quote.end]
    if doc.lang == "zh":
        match = _ZH_BEFORE.search(text, sentence.span.start, noun.start)
        start = match.start() if match else noun.start
        start = max([start, *(m.end() for m in _ZH_VERB.finditer(text, start, noun.start))])
        tail = _ZH_TAIL.match(text, noun.end)
        return (
            tidy_zh(text[start : tail.end() if tail else noun.end]) or text[noun.start : noun.end]
        )
    start, end = _name_start(doc, sentence, noun), _name_end(text, sentence, noun)
    return tidy_en(text[start:end]) or text[noun.start : noun.end]


def _name_start(doc: Document, sentence: Sentence, noun: Cue) -> int:
    start = noun.start
    low = max(sentence.span.start, start - 60)
    low = max([low, *(m.end for m in sentence.mentions if m.end <= start)])
    while match := _WORD_BEFORE.search(doc.text, low, start):
        if match[1].lower().strip('“”"') in _NOT_NAME:
            break
        start = match.start()
    return start


def _name_end(text: str, sentence: Sentence, noun: Cue) -> int:
    end = noun.end
    while match := _WORD_BEHIND.match(text, end, sentence.span.end):
        if match["word"].lower() not in _TAIL_NOUNS:
            break
        end = match.end()
    joined = _AND_FEES.match(text, end, sentence.span.end)
    return joined.end() if joined else end
