"""The reader of funds: an amount, the money it is, who gives and who gets it."""

from __future__ import annotations

import re
from typing import Any

from extractor.models.rules.context import period_of, region_of, status_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy_en, tidy_zh
from extractor.values import Mention, Money

_RIGHT_GAP = re.compile(
    r"\s*(?:worth\s+)?(?:in|of|for|as|from)?\s*(?:the\s+|a\s+|an\s+)?[^,.;，。；、]{0,60}", re.IGNORECASE
)
_RIGHT_VERB = re.compile(
    r"\b(?:was|were|is|are|has|have|had|to|which|that|and|by|will|been|with|against|up|down)\b|[了]", re.IGNORECASE
)
_THRESHOLD_AFTER = re.compile(
    r"\s*(?:or more|and above|or above)?\s*(?:(?:in|of)\s+(?:annual\s+)?(?:sales|revenue|output|income)|-?level\b)|以上的?(?:项目|企业|工业|重大)|以下的?",
    re.IGNORECASE,
)
_THRESHOLD_BEFORE = re.compile(
    r"(?:projects?|enterprises?|companies|firms|income|revenue|sales|value)\s+(?:each\s+)?(?:with|of|worth|exceeding|over|under|above|below)\s*(?:an?\s+)?(?:\w+\s+){0,4}(?:of\s+)?$",
    re.IGNORECASE,
)
_UNIT_PRICE = re.compile(r"\s*(?:/|per\b|a (?:ton|month|year|day|person|mu|jin)|each\b|一[吨亩人]|每)", re.IGNORECASE)
_INCLUDING = re.compile(r"^[^;；。]*(?:,\s*with\s*$|including|among (?:them|which|these)|of which|in which|of this|其中|包括)[^;；。]*$", re.IGNORECASE)
_PROVIDER = re.compile(
    r"(?:bureau|department|government|finance|treasury|banks?|ministry|committee|commission|office|authority|"
    r"union|group|fund|administration|city|province|county|district|park|zone|集团|局|厅|委|部|政府|财政|银行|信用社|公司|市|省|县|区)$",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\b(?:allocat|provid|issu|releas|grant|arrang|distribut|cash|lend|lent|extend|invest|set aside|took out|taken out|takes out|"
    r"inject|implement|handl|put|utiliz|enjoy|sign|offer|award|approv|pay|paid|reduc|exempt|earmark|disburs|reward|honou?r|launch|receiv|obtain|secur|raised?)\w*",
    re.IGNORECASE,
)
_ZH_GIVES = re.compile(r"安排|发放|拨付|下达|落实|兑现|投入|设立|拿出|办理|提供|给予|注入|授信|减免|发行|争取|投资|签约|奖励|补贴|筹集|支持")
_RECIPIENT = re.compile(
    r"\b(?:for|to|with|among|benefiting|benefitting|supporting|helping)\s+(?:support\s+|the\s+construction\s+of\s+|a total of\s+)?(?P<np>(?:the\s+|more than\s+|over\s+|some\s+)?[^,;.。，]{0,60}?"
    r"(?:enterprises|companies|firms|projects|households|smes|businesses|farmers|growers|people|workers|entities|residents|factories|manufacturers|counties|cities|clusters))\b",
    re.IGNORECASE,
)
_ZH_RECIPIENT = re.compile(r"(?:为|向|给|惠及|支持|帮助|奖励|补贴|与)(?P<np>[^，。；]{0,14}?(?:企业|项目|农户|商户|个体工商户|主体|群众))")
_STOP_LEFT = frozenset(
    "the a an of in for by to from with at on has have had was were is are been being will be that which who "
    "its their our this these those and or as more than over about nearly total amount worth cumulative "
    "accumulated cumulatively successfully also actively both some another year first half up also down through "
    "into under per received receive obtained obtain secured signed signing sign issued issue issuing provided provide "
    "providing allocated allocate allocating invested granted grant arranged released raised put set took out taken "
    "handled cashed implemented paid reached exceeded totaled totalled amounting totaling including among said "
    "utilized used using enjoy enjoyed enjoying added new launched launch increased lent distributed offered awarded approved "
    "exempted reduced realized completed attracted attract planned plans plan driving drive leveraged leverage "
    "invest prepared established establish created create offer offers extend extended it he she they city province".split()
)
_STOP_RIGHT = re.compile(r"\s+(?P<w>[A-Za-z][\w-]*)")
_RIGHT_NOUNS = frozenset("fund funds pool loan loans bonds bond subsidies subsidy rewards reward policy quota group program reductions reduction fees refunds deferrals guarantee".split())
_ZH_NAME = re.compile(r"[^，。；：、\d]{0,12}$")


def read(doc: Document) -> list[dict[str, Any]]:
    """Draft funds of the article."""
    drafts: list[dict[str, Any]] = []
    seen: set[tuple[object, ...]] = set()
    for index, sentence in enumerate(doc.sentences):
        for draft in _sentence(doc, index, sentence):
            value = Money.parse(draft["amount"])
            key = (value.value, value.upper, draft["kind"])
            if key not in seen:
                seen.add(key)
                drafts.append(draft)
    return drafts


def _sentence(doc: Document, index: int, sentence: Sentence) -> list[dict[str, Any]]:
    drafts: list[dict[str, Any]] = []
    whole: tuple[Mention, Cue] | None = None
    for mention in sentence.mentions:
        if not isinstance(mention.value, Money) or doc.is_quoted(mention.start, mention.end):
            continue
        if _is_no_sum(doc, mention):
            continue
        noun = _noun(doc, sentence, mention)
        part_of = None
        if whole and _INCLUDING.search(doc.text[whole[0].end : mention.start]):
            part_of = whole[0].value.text
            noun = noun or whole[1]
        if noun is None:
            continue
        drafts.append(_draft(doc, index, sentence, mention, noun, part_of))
        if part_of is None:
            whole = (mention, noun)
    return drafts


def _is_no_sum(doc: Document, mention: Mention) -> bool:
    """Whether the amount is a size threshold, a price or a cap."""
    text = doc.text
    after, before = text[mention.end : mention.end + 40], text[max(0, mention.start - 60) : mention.start]
    if _THRESHOLD_AFTER.match(after) or _UNIT_PRICE.match(after):
        return True
    over = mention.value.bound in ("at_least", "at_most")  # type: ignore[union-attr]
    return bool(over and _THRESHOLD_BEFORE.search(before))


def _noun(doc: Document, sentence: Sentence, mention: Mention) -> Cue | None:
    """The noun that says what money the amount is; None if it is money that nobody gives."""
    left = max((m.end for m in sentence.mentions if m.end <= mention.start and m.kind == "money"), default=sentence.span.start)
    right = min((m.start for m in sentence.mentions if m.start >= mention.end and m.kind == "money"), default=sentence.span.end)
    clause_end = min((c.end for c in doc.clauses(sentence.span) if c.end >= mention.end), default=right)
    candidates: list[tuple[float, bool, Cue]] = []
    reach = min(right, clause_end)
    for lexicon in ("fund_kinds", "not_fund"):
        for cue in doc.cues.within(lexicon, mention.end, reach):
            gap = doc.text[mention.end : cue.start]
            if len(gap) < 60 and not _RIGHT_VERB.search(gap):
                candidates.append((len(gap) * 0.8, lexicon == "fund_kinds", cue))
        for cue in doc.cues.within(lexicon, left, mention.start):
            gap = doc.text[cue.end : mention.start]
            cost = len(gap) + 25 * len(re.findall(r"[,，、]", gap)) + 60 * len(re.findall(r"[;；]", gap))
            candidates.append((float(cost), lexicon == "fund_kinds", cue))
    if not candidates:
        return None
    ranked = sorted(candidates, key=lambda c: (c[0], -(c[2].end - c[2].start)))
    best = ranked[0]
    # The last noun of a compound is its head: "loan risk compensation fund pool".
    for other in sorted(candidates, key=lambda c: c[2].start):
        if best[1] and other[1] and 0 <= other[2].start - best[2].end <= 1:
            best = (best[0], True, other[2])
    if not best[1] or best[0] > (60 if doc.chinese else 170):
        return None
    if best[2].value in ("other", "investment"):
        specific = [c for c in ranked if c[1] and c[2].value not in ("other", "investment") and c[0] < best[0] + 30]
        if specific:
            return specific[0][2]
    return best[2]


def _draft(
    doc: Document, index: int, sentence: Sentence, mention: Mention, noun: Cue, part_of: str | None
) -> dict[str, Any]:
    low, high = min(noun.start, mention.start), max(noun.end, mention.end)
    inside = sentence.span.start <= noun.start < sentence.span.end
    recipient, end = _recipient(doc, sentence, high)
    recipient = _receiver(doc, sentence, low) or recipient
    return {
        "name": _name(doc, sentence, noun),
        "kind": noun.value,
        "amount": mention.value.text,
        "provider": _provider(doc, sentence, low),
        "recipient": recipient,
        "part_of": part_of,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, index, mention.start, "fund"),
        "status": status_of(doc, sentence, low, high),
        "evidence": doc.passage(
            sentence.span, (low, high) if inside else (mention.start, mention.end), (mention.start, max(end, mention.end))
        ),
    }


def _name(doc: Document, sentence: Sentence, noun: Cue) -> str:
    text = doc.text
    if doc.chinese:
        match = _ZH_NAME.search(text[sentence.span.start : noun.start])
        start = noun.start - (len(match.group()) if match else 0)
        verb = [m.end() for m in _ZH_GIVES.finditer(text[start : noun.start])]
        start += verb[-1] if verb else 0
        tail = re.match(r"(?:资金池|资金|总额|金额|贷款|基金)?", text[noun.end : noun.end + 4])
        return tidy_zh(text[start : noun.end + (tail.end() if tail else 0)]) or text[noun.start : noun.end]
    start = noun.start
    spans = [(m.start, m.end) for m in sentence.mentions]
    while True:
        match = re.search(r"([\w+’'‘\-“”\"]+)\s+$", text[max(sentence.span.start, start - 40) : start])
        if not match or match[1].lower().strip("“”\"") in _STOP_LEFT:
            break
        at = start - (len(match.group()))
        if any(s < start and at < e for s, e in spans):
            break
        start = at
    end = noun.end
    while match := _STOP_RIGHT.match(text, end):
        if match["w"].lower() not in _RIGHT_NOUNS or match.end() > sentence.span.end:
            break
        end = match.end()
    joined = re.match(r"\s+and\s+(?:fee|tax|interest|fees)\s+\w+", text[end : end + 40])
    if joined:
        end += joined.end()
    return tidy_en(text[start:end]) or text[noun.start : noun.end]


def _provider(doc: Document, sentence: Sentence, before: int) -> str | None:
    text = doc.text
    verbs = list((_ZH_GIVES if doc.chinese else _GIVES).finditer(text, sentence.span.start, max(before, sentence.span.start)))
    if not verbs:
        return None
    verb = verbs[-1].start()
    if _RECEIVES.match(verbs[-1].group()):
        return _giver(doc, sentence, verbs[-1].end())
    start = max((c.start for c in doc.clauses(sentence.span) if c.start <= verb), default=sentence.span.start)
    phrase = text[start:verb]
    if doc.chinese:
        name = tidy_zh(phrase)
        return name if _PROVIDER.search(name) and len(name) < 20 else None
    phrase = re.sub(r"\s+(?:has|have|had|also|successfully|will|was|were|is|newly)\b.*$", "", phrase.strip())
    phrase = re.sub(r"^.*\b(?:and|that|said)\s+(?=the\b|[A-Z\d])", "", phrase)
    phrase = re.sub(r"^(?:(?:the|while|and|but|meanwhile)\s+)+", "", phrase.strip(" ,"), flags=re.IGNORECASE)
    return phrase if _PROVIDER.search(phrase) and len(phrase) < 70 else None


_RECEIVES = re.compile(r"receiv|obtain|secur|utiliz|enjoy|争取", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?(?P<np>[^,;.]{3,50})", re.IGNORECASE)


def _giver(doc: Document, sentence: Sentence, start: int) -> str | None:
    match = _FROM.search(doc.text, start, sentence.span.end)
    return match["np"].strip() if match else None


def _receiver(doc: Document, sentence: Sentence, before: int) -> str | None:
    """The subject of a verb of receiving: "113 enterprises received …"."""
    verbs = [m for m in _GIVES.finditer(doc.text, sentence.span.start, before) if _RECEIVES.match(m.group())]
    if not verbs or doc.chinese:
        return None
    start = max(c.start for c in doc.clauses(sentence.span) if c.start <= verbs[-1].start())
    phrase = re.sub(r"\s+(?:has|have|had|also|successfully|who|that)\b.*$", "", doc.text[start : verbs[-1].start()].strip())
    phrase = re.sub(r"^(?:(?:the|while|and|but)\s+)+", "", phrase, flags=re.IGNORECASE)
    phrase = re.sub(r"\s+in\s+[A-Z].*$", "", phrase)
    return phrase if 3 < len(phrase) < 60 and re.search(r"\w", phrase) else None


def _recipient(doc: Document, sentence: Sentence, start: int) -> tuple[str | None, int]:
    text = doc.text
    pattern = _ZH_RECIPIENT if doc.chinese else _RECIPIENT
    limit = min(sentence.span.end, start + (40 if doc.chinese else 130))
    stop = re.search(r"[;；]", text[start:limit])
    match = pattern.search(text, start, start + stop.start() if stop else limit)
    if match is None:
        return None, start
    phrase = re.sub(r"^the\s+", "", match["np"].strip(), flags=re.IGNORECASE)
    return (phrase or None), match.end()
