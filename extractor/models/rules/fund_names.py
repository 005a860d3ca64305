"""What money is called: the noun with the words of its name around it."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.fund_nouns import Noun
from extractor.models.rules.lexicon import Cue, word_list
from extractor.models.rules.phrases import tidy_en, tidy_zh, unquoted
from extractor.models.rules.policy_names import names
from extractor.values import Mention

_BACK = 2  # sentences before one that says of what scheme it tells
_WORD_BEFORE = re.compile(r"([\w&+’'‘\-“”\"]+)\s+$")
_WORD_BEHIND = re.compile(r"\s+(?P<word>[A-Za-z][\w-]*)")
_AND_FEES = re.compile(
    r"(?:,\s*\w+)*\s+(?:and|or)\s+(?:fee|tax|interest|fees|deferrals|refunds|exemptions|"
    r"subsidies)\b(?:\s+(?:cuts|reductions?))?"
)
# "86 million yuan of electricity charges", "$27 million into a second line".
_OBJECT = re.compile(
    r"\s+(?:of|in|into|on|worth of)\s+(?!(?:it|that|this|these|which|them|total)\b)(?:the |an? )?"
    r"(?P<name>(?:[“\"][^“”\"]{2,40}[”\"]|[A-Za-z][\w’'&-]*)"
    r"(?:\s+(?:[“\"][^“”\"]{2,40}[”\"]|(?!(?:was|were|is|are|has|have|had|to|for|by|in|at|from|with|"
    r"which|that|and|through|on|into|got|will|since|over|under|this|last)\b)[A-Za-z][\w’'&-]*)){0,6})"
)
# "11 million yuan as matching money", "65 million yuan here to build a seed line".
_PURPOSE = re.compile(
    r"[^,;.]{0,60}?\b(?:as|to (?:build|construct|set up|expand|renovate)) (?:the |an? )?"
    r"(?P<name>[A-Za-z][A-Za-z’'“”\" -]{3,60}?)"
    r"(?=\s*(?:[,;.]|$)|\s(?:in|at|by|from|which|that|and|with|of (?=\d))\b)"
)
# "45 million yuan for new kilns", 3200万元用于技术改造.
_AIM = {
    "en": re.compile(
        r"\s+(?:for|towards?|to support)\s+(?:the |an? |their |its )?"
        r"(?P<name>[A-Za-z][\w’'“”\" -]{3,60}?)"
        r"(?=\s*(?:[,;.]|$)|\s(?:in|at|by|from|which|that|and \d)\b)"
    ),
    "zh": re.compile(
        r"(?:用于|支持|推动|投向|补助|奖励)(?:\d+[家户])?(?P<name>[^，。；、\d]{2,16})"
    ),
}
_PROJECT = re.compile(r"\s*(?P<name>[^,;.]{3,80}?\bproject)\b")
# Words that stand before the name of money and are none of it.
_NOT_NAME = word_list("not_fund_name")
_TAIL_NOUNS = word_list("fund_tail")
_ZH_BEFORE = re.compile(r"[^，。；：、\d]{0,12}$")
_ZH_TAIL = re.compile(r"(?:资金池|资金|总额|金额|额|贷款|基金|奖补|补贴)?")
_ZH_VERB = re.compile(
    r"安排|发放|拨付|下达|落实|兑现|投入|设立|拿出|办理|提供|给予|注入|减免|发行|争取|签约|"
    r"筹集|撬动|获得|规模|各类|累计|新增|运用|兑付|省下|收回|到位|降低|节约|节省|局|银行|政府|部门|农商行"
)
# "Porcelain Loan", “橘链贷”; "“Blue River” special fund": an instrument with a name of its own.
_INSTRUMENT = re.compile(
    r"(?:\b(?:loans?|credit|pass|vouchers?|fund|bonds?|guarantee|insurance|line)\b|贷|券|保|基金)",
    re.IGNORECASE,
)
_HEAD_BEHIND = re.compile(
    r"\s(?:[a-z]+\s){0,2}?(?:loans?|fund|credit|vouchers?|bonds?|pool)\b|"
    r"(?:专项)?(?:贷款|基金|债券|资金池|专项资金)"
)
_THROUGH_IT = re.compile(r"\s(?:through|by|under|with|for) (?:it|them|this|that)\b")
# "funds from higher authorities": the giver is no name of the money.
_FUNDS_FROM = re.compile(
    r"\b(?:(?!(?:in|of|as|with|and|the)\s)[a-z-]+\s)?(?:funds?|funding|money|capital)\sfrom\s(?:the\s)?$"
)
_POSSESSIVES = frozenset(("'s", "’s", "‘s"))
# "research and development subsidies": the "and" is the noun's own.
_PAIRED = re.compile(r"\b(?:research|small|import|science|scientific|tax|micro)\s$", re.IGNORECASE)
# 88家企业签下贷款: the firms of a number before are no part of the name.
_ZH_COUNTED = re.compile(
    r"^[家户个项笔]\S*?(?=贷款|放贷|放款|资金|基金|补贴|奖补|授信|融资|投资|退税|债券|担保)"
)


def name_of(doc: Document, sentence: Sentence, mention: Mention, noun: Noun) -> str:
    """The name of the money that an amount is.

    A verb of lending or giving names nothing: then it is the instrument in quotation marks, or
    what stands behind the amount.
    """
    thing = _object(doc, sentence, mention) if noun.is_verb else None
    if thing:
        return thing
    is_named = doc.quotes.in_name(noun.cue.start, noun.cue.end)
    if noun.is_verb or (noun.cue.value == "loan" and not is_named):
        instrument = _instrument(doc, sentence, mention, noun)
        if instrument:
            return instrument
    if not noun.is_verb:
        return _around(doc, sentence, noun.cue)
    return (
        _purpose(doc, sentence, mention)
        or _project(doc, sentence, mention)
        or _scheme(doc, sentence)
        or _aim(doc, sentence, mention)
        or doc.text[noun.cue.start : noun.cue.end]
    )


def _purpose(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    """What money is given as, or to build."""
    stop = sentence.after(mention.end)
    match = _PURPOSE.match(doc.text, mention.end, stop) if doc.lang == "en" else None
    return match["name"].strip() if match else None


def _aim(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    """What money is given for, as behind "45 million yuan for"; 3200万元支持."""
    match = _AIM[doc.lang].match(doc.text, mention.end, sentence.span.end)
    return match["name"].strip() if match else None


def _project(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    """The project that invests, as the subject of its clause."""
    clause = sentence.clause_at(mention.start)
    match = _PROJECT.match(doc.text, clause.start, mention.start) if doc.lang == "en" else None
    return tidy_en(match["name"]) or None if match else None


def _scheme(doc: Document, sentence: Sentence) -> str | None:
    """The policy that the sentence names, or the one just before it in the paragraph."""
    for earlier in reversed(doc.sentences[max(0, sentence.index - _BACK) : sentence.index + 1]):
        named = names(doc, earlier) if earlier.paragraph == sentence.paragraph else []
        if named:
            return unquoted(named[-1].name)
    return None


def _object(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    """What stands behind an amount, if it is no time and no place."""
    behind = _OBJECT.match(doc.text, mention.end, sentence.span.end) if doc.lang == "en" else None
    if behind is None:
        return None
    low, high = behind.span("name")
    others = [(m.start, m.end) for m in sentence.mentions]
    others += [(place.start, place.end) for place in sentence.places]
    is_other = any(start < high and end > low for start, end in others)
    return None if is_other else behind["name"]


def _instrument(doc: Document, sentence: Sentence, mention: Mention, noun: Noun) -> str | None:
    """The loan, voucher or fund with a name in quotation marks that is spoken of."""
    is_meant = _THROUGH_IT.search(doc.text, mention.end, sentence.span.end)
    low = (
        sentence.span.start if noun.is_verb or is_meant else sentence.clause_at(mention.start).start
    )
    if is_meant and sentence.index:
        low = doc.sentences[sentence.index - 1].span.start
    found = []
    for quote in doc.quotes:
        if low <= quote.start < sentence.span.end and doc.quotes.in_name(
            quote.start + 1, quote.end - 1
        ):
            behind = _HEAD_BEHIND.match(doc.text, quote.end)
            if behind:
                found.append((quote.start, behind.end()))
            elif _INSTRUMENT.search(doc.text, quote.start, quote.end):
                found.append((quote.start + 1, quote.end - 1))
    if not found:
        return None
    nearest = min(found, key=lambda span: abs(span[0] - mention.start))
    return doc.text[nearest[0] : nearest[1]].strip(" ,，")


def _around(doc: Document, sentence: Sentence, noun: Cue) -> str:
    """The noun with the words before and behind it that are of its name."""
    text = doc.text
    quote = doc.quotes.at(noun.start, noun.end)
    if quote and doc.quotes.in_name(noun.start, noun.end):
        return text[quote.start : quote.end]
    if doc.lang == "zh":
        match = _ZH_BEFORE.search(text, sentence.span.start, noun.start)
        start = match.start() if match else noun.start
        start = max([start, *(m.end() for m in _ZH_VERB.finditer(text, start, noun.start))])
        at = sentence.mentions_before(noun.start)
        while at and sentence.mentions[at - 1].end > start:
            at -= 1
            if sentence.mentions[at].kind in ("period", "money"):
                start = sentence.mentions[at].end
        tail = _ZH_TAIL.match(text, noun.end)
        found = tidy_zh(_ZH_COUNTED.sub("", text[start : tail.end() if tail else noun.end]))
        return found or text[noun.start : noun.end]
    source = _FUNDS_FROM.search(text, max(sentence.span.start, noun.start - 40), noun.start)
    if source:
        return text[source.start() : noun.end]
    start, end = _name_start(doc, sentence, noun), _name_end(text, sentence, noun)
    return tidy_en(text[start:end]) or text[noun.start : noun.end]


def _name_start(doc: Document, sentence: Sentence, noun: Cue) -> int:
    start = noun.start
    low = max(sentence.span.start, start - 60)
    low = max([low, *(m.end for m in sentence.mentions if m.end <= start)])
    while match := _WORD_BEFORE.search(doc.text, low, start):
        word = match[1].lower().strip('“”"')
        is_pair = word == "and" and _PAIRED.search(doc.text, low, match.start(1))
        if (word in _NOT_NAME and not is_pair) or word in _POSSESSIVES:
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
