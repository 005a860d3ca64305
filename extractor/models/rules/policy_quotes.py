"""Names of policies in quotation marks and book-title marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.phrases import tidy_zh
from extractor.models.rules.policy_heads import NOT_A_POLICY, Named, head_of

_HEADS = (
    r"plans?|campaign|"
    r"actions?|initiative|programme|program|"
    r"policy|policies|measures?|system|mechanism|platform|project|pool|model|activity|activities|"
    r"ordinance|strategy|scheme|businesses|business|fund|loans?|reform|package|window"
)
# "“A” and “B” businesses": the head is of all names of a list.
_ANOTHER = r"[“\"][^“”\"]{2,60}[”\"]"
# "… “one chain, one policy” special work plan", “免申即享”改革试点: the head stands behind.
_HEAD_BEHIND = {
    "en": re.compile(
        rf"(?:\s*(?:,|and|,\s*and)\s*{_ANOTHER})*"
        rf"\s*(?P<head>(?:[a-z-]+\s+){{0,3}}?(?:{_HEADS}))\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?:[、和及与]{_ANOTHER})*"
        r"(?P<head>[\u4e00-\u9fff]{0,12}?(?:专项行动|专项监督|专项整治|行动|计划|工程|政策|机制|"
        r"制度|平台|方案|活动|措施|规划|试点|模式|意见|改革(?:试点)?|(?<![送放信借])贷))"
    ),
}
# "the queuing system “Smart Queue”": the head stands before.
_HEAD_BEFORE = re.compile(
    r"\b(?P<head>(?:[a-z-]+\s+){0,1}(?:system|platform|campaign|programme|program|mechanism|"
    r"action|initiative|policy|scheme|plan|package|method))(?:\s+(?:of|for|on|called|named))?"
    r"\s+(?:the\s+)?$"
)
_ZH_TITLE = re.compile(
    r"(?:措施|政策|意见|通知|举措|计划|规划|方案|纲要|战略|行动|办法|条例|细则|规定|标准|条|"
    r"指引|指南|制|贷|券|公告)[”」]?"
    r"(?:（[^）]*）|\([^)]*\)|20\d\d)?$"
)
_LOWER_TITLE = re.compile(
    r"\b(?:action|campaign|plan|system|programme?|measures|policy|policies|loan|initiative|"
    r"mechanism|vouchers?|pass|method|methods|ordinance)$"
)
_FINANCE = re.compile(r"loan|guarantee|voucher|pass|credit|贷|券", re.IGNORECASE)
_REGULATING = re.compile(
    r"Measures for the (?:Administration|Management|Supervision|Evaluation|Recognition)|"
    r"管理办法|method"
)
_MOST_SMALL = 8  # words
_LEAST = {"en": 3, "zh": 2}  # characters between quotation marks
_REACH = 40  # characters before a quotation in which its head noun may stand
_LONG_TITLE, _LONGEST_ZH = 16, 16  # characters


def quoted(doc: Document, sentence: Sentence) -> Iterator[Named]:
    """The policies that a sentence names in quotation marks."""
    for quote in doc.quotes.within(sentence.span):
        inner = doc.text[quote.start + 1 : quote.end - 1].strip(" ,.，。")
        if len(inner) < _LEAST[doc.lang]:
            continue
        behind = _HEAD_BEHIND[doc.lang].match(doc.text, quote.end)
        if not _has_head(doc, quote, behind) or (not behind and NOT_A_POLICY.search(inner)):
            continue
        if _SPOKEN.match(doc.text, quote.end) and inner.split()[-1:] != [inner]:
            continue
        is_apart = behind is None or _is_title(doc, quote, inner)
        named = _quoted_title(doc, sentence, quote, inner) if is_apart else None
        named = named or _quoted_name(doc, quote, behind)
        if named:
            yield named


def _has_head(doc: Document, quote: Span, behind: re.Match[str] | None) -> bool:
    """Whether a head noun stands in a quotation or near it; a Chinese title may have another."""
    low, high = max(0, quote.start - _REACH), behind.end() if behind else quote.end
    return doc.lang == "zh" or bool(doc.cues.within("policy_nouns", low, high))


def _is_title(doc: Document, quote: Span, inner: str) -> bool:
    """Whether a quotation is a name by itself, though a head noun stands behind it."""
    return doc.text[quote.start] == "《" or (len(inner) > _LONG_TITLE and inner[:1].isupper())


def _quoted_title(doc: Document, sentence: Sentence, quote: Span, inner: str) -> Named | None:
    """A title that has its head noun inside the quotation marks."""
    is_book = doc.text[quote.start] == "《"
    noun = head_of(doc, quote.start + 1, quote.end - 1)
    if doc.lang == "zh":
        is_title = bool(_ZH_TITLE.search(inner)) and (is_book or len(inner) <= _LONGEST_ZH)
    else:
        is_title = noun is not None and bool(
            _is_capitalised(inner) or inner[:1].isdigit() or _is_small_title(inner)
        )
    if not is_title or inner.lower().endswith(("model", "模式")):
        return None
    is_finance = noun and _FINANCE.search(doc.text, noun.start, noun.end)
    if is_finance and not _is_offered(doc, sentence, quote):
        return None
    kind = "regulation" if _REGULATING.search(inner) else noun.value if noun else "measure"
    return Named(inner, quote, kind)


def _is_small_title(inner: str) -> bool:
    """Whether a quotation in small letters ends in a head noun, and is no speech."""
    return len(inner.split()) <= _MOST_SMALL and _LOWER_TITLE.search(inner) is not None


def _is_capitalised(inner: str) -> bool:
    """Whether a quotation is written like a title, and not like a sentence."""
    words = [word for word in inner.split() if len(word) > 3]
    capitals = sum(not word[:1].islower() for word in words)
    return inner[:1].isupper() and capitals * 2 > len(words)


# "“1+N” loan risk compensation": the noun behind the name is no head.
_COMPOUND = re.compile(r"\s(?:risk|guarantee|compensation|interest|balance)\b|余额|利率")
# "“Every plan is a plan,” she said": speech.
# “快”“稳”两种模式: words that tell kinds apart are no names.
_KINDS_OF = re.compile(r"[一二三四五六七八九十两几多]+[种类个]")
_SPOKEN = re.compile(
    r"\s*(?:(?:he|she|they|we)\s)?(?:said|says|told|laughed|added|explained)\b|"
    r"\s*(?:said|says)\s+[A-Z]"
)
_OFFERED = re.compile(
    r"\b(?:launch|introduc|offer|lent|promot|innovat|tried|there is|through|issued|develop|push|"
    r"grant|open|put|provid|gave|give|follow|by way of|set up|creat)\w*|"
    r"推出|发放|创新|上线|试点|发行|开办|合办",
    re.IGNORECASE,
)


def _is_offered(doc: Document, sentence: Sentence, quote: Span) -> bool:
    """Whether a loan product with a name is spoken of as one that is in use."""
    return bool(
        _OFFERED.search(doc.text, max(sentence.span.start, quote.start - 60), quote.start)
        or _OFFERED.search(doc.text, quote.end, min(sentence.span.end, quote.end + 60))
    )


def _quoted_name(doc: Document, quote: Span, behind: re.Match[str] | None) -> Named | None:
    """A name in quotation marks with its head noun behind or before them."""
    text = doc.text
    is_part = behind and _COMPOUND.match(text, behind.end())
    if behind and _KINDS_OF.match(text, behind.start("head")):
        return None
    if behind and not is_part and not NOT_A_POLICY.search(behind["head"]):
        inner = Span(quote.start + 1, quote.end - 1)
        head = head_of(doc, quote.end, behind.end()) or head_of(doc, *inner)
        is_listed = text[quote.end : behind.start("head")].strip() != ""
        end = quote.end if is_listed else behind.end()
        name = text[quote.start : end]
        if head:
            return Named(
                tidy_zh(name) if doc.lang == "zh" else name,
                Span(quote.start, end),
                head.value,
                "policy.quoted",
            )
    before = _HEAD_BEFORE.search(text, max(0, quote.start - _REACH), quote.start)
    head = head_of(doc, before.start(), quote.start) if before else None
    if before is None or head is None or NOT_A_POLICY.search(before["head"]):
        return None
    span = Span(before.start("head"), quote.end)
    return Named(text[span.start : span.end], span, head.value, "policy.quoted")
