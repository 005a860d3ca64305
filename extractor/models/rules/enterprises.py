"""The reader of enterprise counts: a number, the firms it counts, and what happened to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from extractor.models.rules.context import period_of, region_of, status_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.models.rules.phrases import tidy
from extractor.values import Count, Mention

_GAP_STOP = re.compile(
    r"\b(?:of|for|by|in|with|to|was|were|have|has|had|is|are|from|that|which|who|at|on|projects?|problems?|"
    r"people|persons|jobs|products|patents|activities|banks|institutions|platforms|workshops|bases|parks|"
    r"items|measures|policies|talents|workers|villages|towns|counties|cities|times|days|hours|sets|brands|"
    r"leaders|cadres|employees|clusters|industries|chains|experts|associations|farmers|growers|visits)\b|[;:.]|，|。|；",
    re.IGNORECASE,
)
_ZH_GAP_STOP = re.compile(r"[，。；：\d]|银行|机构|项目|问题|个品牌|人次|医院|学校|协会|车间|平台|基金|担保|专家")
_TOTAL_VERB = re.compile(
    r"reach|total|number|stood|stand|exceed|amount|increas\w* to|grew to|grown to|rose to|risen to|were|was|are|"
    r"is|to|has|have|hit|be|had|达|共|有|为|增至|增加到|超|突破|数量|总数|累计|已|户数|是|分别",
    re.IGNORECASE,
)
_INCLUDING = re.compile(
    r"including|among (?:them|which|these)|of which|of them|of these|in which|其中|包括|含", re.IGNORECASE
)
_NEAR_PREPOSITION = re.compile(r"\b(?:for|help(?:ed|ing)?)\s+(?:a total of\s+|some\s+|another\s+)?$|[为给向帮助与]$", re.IGNORECASE)
_FIRM_WORDS = re.compile(r"enterprise|tax|firm|compan|promoted|企业|工商|market entit", re.IGNORECASE)
_ZH_FIRM = re.compile(r"[家户]$")
_RANK = re.compile(r"\b(?:top|no\.?|fortune|first|each|every)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class _Counted:
    """What a count is of, and the stretch that says so."""

    category: str
    start: int
    end: int
    after: bool


def read(doc: Document) -> list[dict[str, Any]]:
    """Draft enterprise counts of the article."""
    drafts: list[dict[str, Any]] = []
    seen: set[tuple[object, ...]] = set()
    for index, sentence in enumerate(doc.sentences):
        for draft in _sentence(doc, index, sentence):
            value = Count.parse(draft["count"])
            key = (value.value, value.upper, draft["designation"], draft["category"][-12:].lower(), draft["measure"])
            if key not in seen:
                seen.add(key)
                drafts.append(draft)
    return drafts


def _sentence(doc: Document, index: int, sentence: Sentence) -> list[dict[str, Any]]:
    counts = [
        m
        for m in sentence.mentions
        if isinstance(m.value, Count) and not doc.is_quoted(m.start, m.end)
    ]
    drafts: list[dict[str, Any]] = []
    whole: Mention | None = None
    before: _Counted | None = None
    for mention in counts:
        limit = min((m.start for m in sentence.mentions if m.start >= mention.end), default=sentence.span.end)
        left = max((m.end for m in sentence.mentions if m.end <= mention.start), default=sentence.span.start)
        counted = (
            _behind(doc, mention, limit)
            or _in_front(doc, sentence, mention, left)
            or _elliptical(doc, mention, limit, left, before)
        )
        if counted is None:
            continue
        between = doc.text[whole.end : mention.start] if whole else ""
        part_of = whole.value.text if whole and _INCLUDING.search(between) else None
        drafts.append(_draft(doc, index, sentence, mention, counted, part_of, limit, left))
        before = counted
        if part_of is None:
            whole = mention
    return drafts


def _draft(
    doc: Document,
    index: int,
    sentence: Sentence,
    mention: Mention,
    counted: _Counted,
    part_of: str | None,
    limit: int,
    left: int,
) -> dict[str, Any]:
    low, high = min(counted.start, mention.start), max(counted.end, mention.end)
    designations = [c.value for c in doc.cues.within("designations", low, min(high + 45, max(limit, high)))]
    designation = next((d for d in ("little_giant", "single_champion") if d in designations), None) or (
        designations[0] if designations else "other"
    )
    levels = {c.value for c in doc.cues.within("levels", low, high)}
    measure = _measure(doc, sentence, mention, counted, limit, left)
    return {
        "category": counted.category,
        "designation": designation,
        "level": levels.pop() if len(levels) == 1 else None,
        "count": mention.value.text,
        "measure": measure,
        "part_of": part_of,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, index, mention.start, "enterprise_count"),
        "status": status_of(doc, sentence, low, mention.end),
        "evidence": doc.passage(sentence.span, (low, high), (mention.start, mention.end)),
    }


def _noun(doc: Document, start: int, end: int) -> Cue | None:
    """The first enterprise noun in a stretch that is not part of another noun."""
    for cue in doc.cues.within("enterprise_nouns", start, end):
        if cue.value == "weak" and not _is_firm(doc, cue):
            continue
        others = doc.cues.within("not_enterprise", cue.end, min(cue.end + 24, len(doc.text)))
        if any(not re.search(r"[,;，。；(]|\b(?:and|have|has|were|to|in)\b", doc.text[cue.end : o.start]) for o in others):
            continue
        return cue
    return None


def _is_firm(doc: Document, cue: Cue) -> bool:
    around = doc.text[max(0, cue.start - 160) : cue.end + 80]
    return bool(_FIRM_WORDS.search(around)) and not re.match(r"\s+of (?:farm|grow|resid|famil)", doc.text[cue.end : cue.end + 12])


def _behind(doc: Document, mention: Mention, limit: int) -> _Counted | None:
    """"41 innovative enterprises", 40家省级专精特新企业: the firms stand behind the number."""
    text = doc.text
    if _RANK.search(text[max(0, mention.start - 12) : mention.start]):
        return None
    reach = min(limit, mention.end + (34 if doc.chinese else 120))
    noun = _noun(doc, mention.end, reach)
    if doc.chinese:
        return _behind_zh(doc, mention, noun, reach)
    if noun is None:
        return None
    gap = text[mention.end : noun.start]
    for cue in doc.cues.within("designations", mention.end, noun.end):
        gap = gap.replace(text[cue.start : cue.end], " ")
    if _GAP_STOP.search(gap) or re.search(r",\s*\w+ing\b", gap):
        return None
    category = tidy(doc, mention.end, noun.end)
    if not category:
        return None
    end = noun.end
    if category.lower() in _BARE:
        end = _qualified(doc, noun, limit)
        category = tidy(doc, noun.start, end)
    return _Counted(category, mention.start, end, True)


_BARE = frozenset("enterprises companies firms households factories businesses".split())


def _qualified(doc: Document, noun: Cue, limit: int) -> int:
    """Where the words end that say which enterprises, behind a bare noun."""
    text = doc.text
    match = re.match(r"[^,;.:，；。]{0,90}", text[noun.end : limit])
    end = noun.end + (match.end() if match else 0)
    while end > noun.end and not text[end - 1].isalnum() and text[end - 1] not in "”\")":
        end -= 1
    return end


def _behind_zh(doc: Document, mention: Mention, noun: Cue | None, reach: int) -> _Counted | None:
    text = doc.text
    phrase = mention.value.text
    if noun is not None and not _ZH_GAP_STOP.search(text[mention.end : noun.start]):
        end = noun.end
        tail = re.match(r"[”」]?(?:企业)?", text[end : end + 3])
        end += tail.end() if tail else 0
        category = tidy(doc, mention.end, end)
        if category:
            return _Counted(category, mention.start, end, True)
    if _ZH_FIRM.search(phrase):
        match = re.match(r"[^，。；、：\d]{2,14}", text[mention.end : reach])
        if match and not _ZH_GAP_STOP.search(match.group()) and re.search(r"业|厂|商|公司", match.group()):
            category = tidy(doc, mention.end, mention.end + match.end())
            if category:
                return _Counted(category, mention.start, mention.end + match.end(), True)
    return None


def _in_front(doc: Document, sentence: Sentence, mention: Mention, left: int) -> _Counted | None:
    """"Little giants reached 26", 企业达188家: the firms stand before the number."""
    text = doc.text
    start = max(left, sentence.span.start)
    nouns = [c for c in doc.cues.within("enterprise_nouns", start, mention.start) if c.value != "weak"]
    if doc.chinese:
        nouns += [c for c in doc.cues.within("designations", start, mention.start) if c.value in ("smart_factory", "green_factory")]
        if not _ZH_FIRM.search(mention.value.text):
            return None
    if not nouns:
        return None
    noun = max(nouns, key=lambda c: c.end)
    gap = text[noun.end : mention.start]
    if len(gap) > (14 if doc.chinese else 70) or re.search(r"[;；。]", gap):
        return None
    if doc.chinese:
        fine = re.fullmatch(r"[”」]?(?:企业)?[^，。；]{0,10}", gap) is not None
    else:
        following = text[mention.end : mention.end + 14]
        fine = _TOTAL_VERB.search(gap) is not None and not re.match(r"\s*(?:%|percent|[a-z]+s\b(?<!s))", following)
        fine = fine and re.match(r"\s*(?:$|[,.;)，。]|and\b|in\b|by\b|at\b|,|respectively|among|including|of which|households)", following) is not None
    if not fine:
        return None
    clause = max((c.start for c in doc.clauses(sentence.span) if c.start <= noun.start), default=start)
    clause = max(clause, start)
    category = tidy(doc, clause, noun.end)
    category = re.sub(r"^.*\b(?:number of|total of)\s+", "", category)
    return _Counted(category, clause, noun.end, False) if category else None


def _elliptical(
    doc: Document, mention: Mention, limit: int, left: int, before: _Counted | None
) -> _Counted | None:
    """"… including 12 national-level and 41 provincial-level": the firms were named before."""
    if before is None:
        return None
    text = doc.text
    levels = doc.cues.within("levels", mention.end, min(limit, mention.end + 24))
    if levels and not re.search(r"[,;，；]", text[mention.end : levels[0].start]):
        following = text[levels[0].end : min(limit, levels[0].end + 3)]
        if re.match(r"\s*(?:$|[,.;)，。；]|an|on|个|家)", following + " "):
            head = before.category.split()[-1] if not doc.chinese else before.category
            category = f"{text[levels[0].start : levels[0].end]} {head}".strip()
            return _Counted(category, mention.start, levels[0].end, True)
    if _INCLUDING.search(text[left : mention.start]) and re.match(r"\s+(?:are|were|is)\b", text[mention.end : mention.end + 6]):
        return _Counted(before.category, mention.start, min(limit, mention.end + 30), True)
    return None


def _measure(
    doc: Document, sentence: Sentence, mention: Mention, counted: _Counted, limit: int, left: int
) -> str:
    text = doc.text
    start = max(sentence.span.start, left, mention.start - (16 if doc.chinese else 60))
    for mark in re.finditer(r"[,;，；]", text[start : mention.start]):
        start = start + mark.end() if start + mark.end() <= mention.start else start
        break
    before = doc.cues.within("measures", start, mention.start)
    titles = doc.cues.within("designations", mention.end, max(counted.end, mention.end))
    inside = [
        c
        for c in doc.cues.within("measures", mention.end, max(counted.end, mention.end))
        if not any(t.start <= c.start < t.end for t in titles)
    ]
    strong = [c for c in before if c.end - c.start > 4 or c.value == "added" or doc.chinese]
    if not counted.after:
        added = [c for c in before if c.value == "added" and c.start > counted.end]
        return "added" if added else "total"
    if any(c.value == "added" for c in inside) and counted.after:
        return "added"
    end = min(limit, counted.end + (12 if doc.chinese else 55))
    after = [c for c in doc.cues.within("measures", counted.end, end) if c.end - c.start > 4 or doc.chinese]
    after = [c for c in after if not re.search(r"[,;；。]", text[counted.end : c.start])]
    if after and after[0].value == "added":
        return "added"
    if strong:
        return strong[-1].value
    if _NEAR_PREPOSITION.search(text[max(0, mention.start - 40) : mention.start]):
        return "supported"
    return after[0].value if after else "total"
