"""What a number counts, if it counts enterprises: the noun phrase behind or before it."""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.ellipses import elliptical
from extractor.models.rules.firms import ENDS_PHRASE, ZH_UNIT, Counted, is_count
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy
from extractor.values import Count, Mention

# Words that end the noun phrase behind a number before an enterprise noun is reached.
_BREAK = {
    "en": re.compile(
        r"\b(?:of|for|by|in|with|to|was|were|have|has|had|is|are|from|that|which|who|at|on|"
        r"projects?|problems?|people|persons|jobs|products|patents|activities|banks|institutions|"
        r"platforms|workshops|bases|parks|items|measures|policies|talents|workers|villages|towns|"
        r"counties|cities|times|days|hours|sets|brands|organi[sz]ations|leaders|cadres|employees|"
        r"clusters|industries|chains|experts|associations|farmers|growers|visits|officials|"
        r"teams|groups|provinces|tons|tonnes|mu|acres|kinds|types|batch|batches)\b|"
        r"[;:.，。；]|,(?!\s*(?:small|medium|micro|special|refined|unique|new|foreign|private)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"[，。；：、（\d]|其中|银行|机构|项目|问题|个品牌|人次|医院|学校|协会|车间|平台|基金|担保|"
        r"专家|园区|开发区|产业园|亿|平方|专利|方面|领域|行业|产业链|大类"
    ),
}
_REACH = {"en": 120, "zh": 34}
_TIMES = re.compile(r"次|[- ]times\b", re.IGNORECASE)
_RANK = re.compile(
    r"\b(?:top|no\.?|fortune|first|each|every|one of|per)\s*$|[每前首第]$", re.IGNORECASE
)
# "households" are firms only where something near says so.
_FIRM_NEAR = re.compile(
    r"enterprise|tax|firm|compan|promoted|subsid|reward|\bloans?\b|企业|工商|market entit",
    re.IGNORECASE,
)
_TOO_MANY = 100_000_000  # "of which 1.1 billion": money whose currency stands elsewhere
_NEARBY = 240  # characters before "households" in which firms are spoken of
_FARMERS = re.compile(r"\s+of (?:farm|grow|resid|famil)", re.IGNORECASE)
_NEW_PHRASE = re.compile(r"[,;:，；。(]|\.(?!\d)|\b(?:and|have|has|were|to|in)\b")
_SINGULAR = frozenset(("enterprise", "company", "firm", "factory"))
_BARE = frozenset(
    ["enterprises", "companies", "firms", "households", "factories", "businesses", "manufacturers"]
)
# "enterprises with a tax record and helped …": the second verb is not about them.
_QUALIFIER = re.compile(r"(?:(?!\sand\s\w+(?:ed|ing)\b)[^,;.:，；。]){0,90}")
_ZH_BARE = ("企业", "公司", "工厂", "商户")
_ZH_SAID = re.compile(r"[^，。；：、\d]{2,12}")
_RISEN = ("升规", "入规")  # firms that grew above the designated size
_ZH_SUFFIX = re.compile(r"[”」]?(?:企业)?")
_ZH_FIRMS = re.compile(r"[^，。；、：\d]{1,14}?(?:业|厂|商|企|公司|车间)(?![\u4e00-\u9fff]?[资务])")
# What may stand between firms and their number: "little giants in the city reached 26".
_EQUALS = re.compile(
    r"\b(?:reach\w*|total\w*|numbers?|numbered|stood|stand|exceed\w*|amount\w*|were|was|are|is|"
    r"hit|be|will|shall|put at|from|accumulat\w*|(?:grew|grown|rose|risen|increased|"
    r"expanded) (?:from|to))\b",
    re.IGNORECASE,
)
_ZH_EQUALS = re.compile(r"[”」]?(?:企业)?(?!\S*[为给向]其中)[^，。；、]{0,10}")
# "enterprises of the province 118;": a number set behind its firms, as in a table.
_LISTED = re.compile(
    r"[”\"]?\s*(?:of (?:the )?(?:province|state|nation|city|county|district|(?:national|provincial|"
    r"municipal) level)\s*)?(?::\s*)?",
    re.IGNORECASE,
)
_OF_OWN = re.compile(
    r"\s+of (?:(?:the (?:city|county|district|province|park|zone|town)|[A-Z]\w+)[’'‘]s|its|our)"
    r"(?=\s)"
)
_NEWLY = re.compile(r"\s+(?:newly )?registered\b")
_AND = re.compile(r"\s+and\s+the\b")
_ENDS_ITEM = re.compile(r"[ \t]*\n|\s*(?:$|[,;)]|\.(?!\d)|at the [a-z ]{4,20} level)")
_OF_THE = re.compile(r"\s+of (?:(?:the|these|those|its|all|our)|(?:the [a-z]+|[A-Z]\w+)[’'‘]s)\s+$")
_ENDED = re.compile(
    r"\s*(?:(?:were|was|are|have been|has been|had been|have|had)\s+)?(?:cancell?ed|deregistered|"
    r"revoked|closed down|shut down|gone bankrupt|went bankrupt|moved out)\b|注销|吊销|倒闭|关停",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"^.*\b(?:number of|total of)\s+", re.IGNORECASE)
# "the output of enterprises was 7": a figure of firms, not their number.
_OF_FIRMS = re.compile(
    r"\b(?:index|prices?|output|income|value|rate|profits?|revenues?|sales|share|investment|loans?|"
    r"situation|orders|problems?|demand)\b.*\b(?:of|by|for)\b",
    re.IGNORECASE,
)


def counted(
    doc: Document, sentence: Sentence, mention: Mention, before: Counted | None
) -> Counted | None:
    """The enterprises that a count is of, or None if it counts something else."""
    if _TIMES.match(doc.text, mention.end) or doc.quotes.in_name(mention.start, mention.end):
        return None
    if isinstance(mention.value, Count) and mention.value.value >= _TOO_MANY:
        return None
    if portion := _portion(doc, sentence, mention):
        return portion
    behind = _behind(doc, sentence, mention)
    if behind and _OF_THE.search(doc.text, sentence.span.start, mention.start):
        return replace(behind, measure="total")
    if behind and _ENDED.match(doc.text, behind.noun_end):
        return None
    if behind and behind.category.lower() != "households":
        return behind
    # "market entities reached 4,100 households": the measure word says nothing.
    return (
        _in_front(doc, sentence, mention, before)
        or behind
        or elliptical(doc, sentence, mention, before)
    )


def _portion(doc: Document, sentence: Sentence, mention: Mention) -> Counted | None:
    """As in "8 of the 17 coking plants": a part, of firms that stand behind their whole."""
    at = sentence.mentions_before(mention.end)
    if at == len(sentence.mentions):
        return None
    whole = sentence.mentions[at]
    if not (is_count(whole) and _OF_THE.fullmatch(doc.text, mention.end, whole.start)):
        return None
    firms = _behind(doc, sentence, whole)
    if firms is None or _ENDED.match(doc.text, firms.noun_end):
        return None
    span = Span(mention.start, firms.span.end)
    return replace(firms, span=span, rule="count.portion", whole=whole.value.text)


def _behind(doc: Document, sentence: Sentence, mention: Mention) -> Counted | None:
    """As in "41 firms", 40家省级专精特新企业: the firms stand behind the number."""
    text = doc.text
    if _RANK.search(text, max(0, mention.start - 12), mention.start):
        return None
    limit = min(sentence.after(mention.end), mention.end + _REACH[doc.lang])
    start = _past_owner(doc, mention.end)
    noun = _noun(doc, start, limit)
    if doc.lang == "zh":
        return _behind_zh(doc, sentence, mention, noun)
    if noun is None or _BREAK["en"].search(_plain(doc, start, noun.start)):
        return None
    category, end = tidy(doc, sentence, start, noun.end), noun.end
    if category.lower() in _BARE:
        end = _qualified(doc, noun.end, sentence.after(mention.end))
        category = tidy(doc, sentence, start, end)
    return Counted(category, Span(mention.start, end), noun.end, True) if category else None


def _past_owner(doc: Document, end: int) -> int:
    """Where "of the city's" ends, behind a number of firms: "six of the city's firms"."""
    owner = _OF_OWN.match(doc.text, end)
    return owner.end() if owner else end


def _noun(doc: Document, start: int, end: int) -> Cue | None:
    """The first enterprise noun in a stretch that is not part of another noun."""
    for cue in doc.cues.within("enterprise_nouns", start, end):
        # "enterprise centres", "in one enterprise": no number of firms.
        if doc.text[cue.start : cue.end].lower() in _SINGULAR:
            continue
        if (cue.value != "weak" or _are_firms(doc, cue)) and not _is_of_other(doc, cue):
            return cue
    return None


def _are_firms(doc: Document, cue: Cue) -> bool:
    near = _FIRM_NEAR.search(doc.text, max(0, cue.start - _NEARBY), cue.end + 80)
    return bool(near) and not _FARMERS.match(doc.text, cue.end)


def _is_of_other(doc: Document, cue: Cue) -> bool:
    """Whether the noun only qualifies another: "enterprise technology centres"."""
    others = doc.cues.within("not_enterprise", cue.end, min(cue.end + 24, len(doc.text)))
    return any(not _NEW_PHRASE.search(doc.text, cue.end, other.start) for other in others)


def _plain(doc: Document, start: int, end: int) -> str:
    """A stretch without the titles in it: "specialized, special and new" has commas."""
    text = doc.text[start:end]
    for cue in doc.cues.within("designations", start, end + 30):
        text = text.replace(doc.text[cue.start : cue.end], " ")
    return text


def _qualified(doc: Document, start: int, limit: int) -> int:
    """Where the words end that say which enterprises, behind a bare noun."""
    match = _QUALIFIER.match(doc.text, start, limit)
    end = match.end() if match else start
    while end > start and not doc.text[end - 1].isalnum() and doc.text[end - 1] not in '”")':
        end -= 1
    return end


def _behind_zh(
    doc: Document, sentence: Sentence, mention: Mention, noun: Cue | None
) -> Counted | None:
    text, end = doc.text, None
    if noun is not None and not _BREAK["zh"].search(text, mention.end, noun.start):
        suffix = _ZH_SUFFIX.match(text, noun.end)
        end = suffix.end() if suffix else noun.end
    elif mention.value.text.endswith(("家", "户")):
        match = _ZH_FIRMS.match(text, mention.end, sentence.after(mention.end))
        if match and not _BREAK["zh"].search(match.group()):
            end = match.end()
    category = tidy(doc, sentence, mention.end, end) if end else ""
    if end is None or not category:
        return None
    noun_end = end
    if category in _ZH_BARE:
        # 42户企业领到了钱: a bare noun takes what is said of it.
        said = _ZH_SAID.match(text, end, sentence.after(mention.end))
        is_title = said and doc.cues.within("designations", *said.span())
        category = tidy(doc, sentence, mention.end, said.end() if said else end)
        end = said.end() if said and not is_title else end
    return Counted(category, Span(mention.start, end), noun_end, True)


def _in_front(
    doc: Document, sentence: Sentence, mention: Mention, before: Counted | None
) -> Counted | None:
    """As in "Little giants reached 26", 企业达188家: the firms stand before the number."""
    start = _front_start(doc, sentence, mention)
    noun = _front_noun(doc, start, mention)
    if noun is None or (before and before.is_behind and noun.end <= before.span.end):
        return None
    gap = doc.text[noun.end : mention.start]
    if not (_equals_zh if doc.lang == "zh" else _equals_en)(doc, mention, gap):
        return None
    low = max(start, sentence.clause_at(noun.start).start)
    news = doc.cues.within("measures", low, noun.start) if doc.lang == "zh" else []
    said = max((c.start for c in news if c.value == "added"), default=low)
    category = _COUNTING.sub("", tidy(doc, sentence, said, noun.end))
    is_money = any(m.kind == "money" and said <= m.start < noun.start for m in sentence.mentions)
    if not category or is_money or _OF_FIRMS.search(category):
        return None
    risen = "added" if doc.text[noun.start : noun.end] in _RISEN else None
    return Counted(category, Span(low, noun.end), noun.end, False, risen, "count.in-front")


def _front_start(doc: Document, sentence: Sentence, mention: Mention) -> int:
    """Where the words before a number begin: a size threshold among them is no bound."""
    for at in range(sentence.mentions_before(mention.start) - 1, -1, -1):
        before = sentence.mentions[at]
        is_apart = before.kind != "period" and _AND.match(doc.text, before.end)
        if before.kind == "count" or is_apart:
            return before.end
    return sentence.span.start


def _front_noun(doc: Document, start: int, mention: Mention) -> Cue | None:
    titles = doc.cues.within("designations", start, mention.start)
    nouns = [
        c
        for c in doc.cues.within("enterprise_nouns", start, mention.start)
        if c.value != "weak" or any(t.end >= c.end for t in titles) or _NEWLY.match(doc.text, c.end)
        if any(t.end >= c.end for t in titles) or not doc.quotes.in_name(c.start, c.end)
    ]
    nouns += [c for c in titles if _counts_alone(doc, c)]
    nouns = [c for c in nouns if not _is_of_other(doc, c)]
    return max(nouns, key=lambda c: c.end, default=None)


def _counts_alone(doc: Document, title: Cue) -> bool:
    """Whether a title needs no noun: 智能工厂5家, 新升规200家, "single champion reaches 8"."""
    if doc.lang == "en":
        return title.value in ("single_champion", "little_giant")
    is_factory = title.value in ("smart_factory", "green_factory")
    return is_factory or doc.text[title.start : title.end] in _RISEN


def _equals_zh(doc: Document, mention: Mention, gap: str) -> bool:
    return bool(ZH_UNIT.search(mention.value.text) and _ZH_EQUALS.fullmatch(gap))


def _equals_en(doc: Document, mention: Mention, gap: str) -> bool:
    if len(gap) > 90 or re.search(r"[;.]", gap):
        return False
    following = doc.text[mention.end : mention.end + 14]
    if _LISTED.fullmatch(gap):
        # "little giants exceed 30", 'provincial "green factories" 41;'
        is_bounded = mention.value.text[:1].isalpha()
        return bool((ENDS_PHRASE if is_bounded else _ENDS_ITEM).match(following))
    said = f"{gap}{mention.value.text}"
    return bool(_EQUALS.search(said) and ENDS_PHRASE.match(following))
