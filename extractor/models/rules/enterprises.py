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
    r"organizations|organisations|leaders|cadres|employees|clusters|industries|chains|experts|associations|farmers|growers|visits)\b|[;:.]|，|。|；",
    re.IGNORECASE,
)
_ZH_GAP_STOP = re.compile(r"[，。；：、\d]|银行|机构|项目|问题|个品牌|人次|医院|学校|协会|车间|平台|基金|担保|专家")
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
    noun_end: int
    measure: str | None = None


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
    done: list[tuple[Mention, _Counted]] = []
    whole: Mention | None = None
    before: _Counted | None = None
    for mention in counts:
        limit = min((m.start for m in sentence.mentions if m.start >= mention.end), default=sentence.span.end)
        left = max((m.end for m in sentence.mentions if m.end <= mention.start), default=sentence.span.start)
        if re.match(r"次|-times|\s+times", doc.text[mention.end : mention.end + 6]):
            continue
        paired = _respective(doc, mention, counts, done, sentence.span.start)
        counted = (
            (paired[1] if paired else None)
            or _behind(doc, mention, limit)
            or _in_front(doc, sentence, mention, left)
            or _elliptical(doc, mention, limit, left, before)
        )
        if counted is None:
            continue
        between = doc.text[whole.end : mention.start + 12] if whole else ""
        part_of = whole.value.text if whole and _INCLUDING.search(between) else None
        if paired:
            part_of = paired[0].value.text if counted.measure == "added" else None
        drafts.append(_draft(doc, index, sentence, mention, counted, part_of, limit, left))
        done.append((mention, counted))
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


_SINGULAR = frozenset(("enterprise", "company", "firm", "factory"))


def _noun(doc: Document, start: int, end: int) -> Cue | None:
    """The first enterprise noun in a stretch that is not part of another noun."""
    for cue in doc.cues.within("enterprise_nouns", start, end):
        if cue.value == "weak" and not _is_firm(doc, cue):
            continue
        singular = doc.text[cue.start : cue.end].lower() in _SINGULAR
        if singular and re.match(r"[ -][a-z]", doc.text[cue.end : cue.end + 2]):
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
    return _Counted(category, mention.start, end, True, noun.end)


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
    if re.match(r"次", text[mention.end : mention.end + 1]):
        return None
    if noun is not None and not _ZH_GAP_STOP.search(text[mention.end : noun.start]):
        end = noun.end
        tail = re.match(r"[”」]?(?:企业)?", text[end : end + 3])
        end += tail.end() if tail else 0
        category = tidy(doc, mention.end, end)
        if category:
            return _Counted(category, mention.start, end, True, end)
    if _ZH_FIRM.search(phrase):
        match = re.match(r"[^，。；、：\d]{2,14}", text[mention.end : reach])
        if match and not _ZH_GAP_STOP.search(match.group()) and re.search(r"业|厂|商|公司", match.group()):
            category = tidy(doc, mention.end, mention.end + match.end())
            if category:
                end = mention.end + match.end()
                return _Counted(category, mention.start, end, True, end)
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
    return _Counted(category, clause, noun.end, False, noun.end) if category else None


def _elliptical(
    doc: Document, mention: Mention, limit: int, left: int, before: _Counted | None
) -> _Counted | None:
    """"… including 12 national-level and 41 provincial-level": the firms were named before."""
    if before is None:
        return None
    text = doc.text
    lead, tail = text[left : mention.start], text[mention.end : limit]
    end = min(limit, mention.end + 30)
    levels = doc.cues.within("levels", mention.end, min(limit, mention.end + 24))
    if levels and not re.search(r"[,;，；]", text[mention.end : levels[0].start]):
        if re.match(r"\s*(?:$|[,.;)，。；]|and|on|个|家)", text[levels[0].end : levels[0].end + 4]):
            head = before.category if doc.chinese else before.category.split()[-1]
            category = f"{text[levels[0].start : levels[0].end]} {head}".strip()
            return _Counted(category, mention.start, levels[0].end, True, levels[0].end)
    titles = doc.cues.within("designations", mention.end, min(limit, mention.end + 60))
    if re.match(r"\s+of (?:them|which|these)\b", tail):
        if titles:
            return _Counted(tidy(doc, titles[0].start, titles[0].end), mention.start, titles[0].end, True, titles[0].end)
        return _Counted(before.category, mention.start, end, True, mention.end)
    if _INCLUDING.search(lead) and re.match(r"\s+(?:are|were|is)\b", tail):
        return _Counted(before.category, mention.start, end, True, mention.end)
    if re.search(r"\bnow there are\s*$", lead):
        return _Counted(before.category, mention.start, mention.end, True, mention.end, "total")
    added = re.search(r"新增|净增|新认定|新入规|新升规", lead)
    if doc.chinese and _ZH_FIRM.search(mention.value.text) and added and re.match(r"\s*(?:$|[，。；、])", tail or "。"):
        return _Counted(before.category, mention.start, mention.end, True, mention.end, "added")
    return None


_RESPECTIVE = re.compile(r"respective totals?\b|totals? (?:of the two|respectively)|分别(?:达到?|为|增至)$|分别", re.IGNORECASE)


def _respective(
    doc: Document, mention: Mention, counts: list[Mention], done: list[tuple[Mention, _Counted]], start: int
) -> tuple[Mention, _Counted] | None:
    """"… bringing the respective totals to 45 and 63": the same firms again, in order."""
    text = doc.text
    marks = list(_RESPECTIVE.finditer(text, start, mention.start))
    if not marks or mention.start - marks[-1].end() > 30:
        return None
    run = [m for m in counts if m.start > marks[-1].start() and m.start - marks[-1].end() < 40]
    named = [pair for pair in done if pair[0].end < marks[-1].start()][-len(run) :]
    if len(named) != len(run) or len(run) < 2:
        return None
    whole, counted = named[run.index(mention)]
    between = text[named[-1][0].end : marks[-1].start()]
    added = bool(re.search(r"新增|新认定|newly|new ", between))
    again = _Counted(counted.category, counted.start, counted.end, True, counted.noun_end, "added" if added else "total")
    return whole, again


def _measure(
    doc: Document, sentence: Sentence, mention: Mention, counted: _Counted, limit: int, left: int
) -> str:
    """What happened to the firms, by the words around the number."""
    if counted.measure:
        return counted.measure
    text = doc.text
    start = max(sentence.span.start, left, mention.start - (16 if doc.chinese else 60))
    marks = [m.end() for m in re.finditer(r"[,;，；]", text[start : mention.start])]
    start += marks[-1] if marks else 0
    before = doc.cues.within("measures", start, mention.start)
    if not counted.after:
        added = [c for c in before if c.value == "added" and c.start > counted.end]
        return "added" if added else "total"
    titles = doc.cues.within("designations", mention.end, counted.noun_end)
    modifiers = doc.cues.within("measures", mention.end, counted.noun_end)
    if any(c.value == "added" and not any(t.start <= c.start < t.end for t in titles) for c in modifiers):
        return "added"
    end = max(counted.end, min(limit, counted.noun_end + (12 if doc.chinese else 55)))
    after = [c for c in doc.cues.within("measures", counted.noun_end, end) if _is_verb(doc, c)]
    after = [c for c in after if not re.search(r"[,;；。]", text[counted.noun_end : c.start])]
    if after and after[0].value == "added":
        return "added"
    strong = [c for c in before if _is_verb(doc, c) or c.value == "added"]
    if strong:
        return strong[-1].value
    if _NEAR_PREPOSITION.search(text[max(0, mention.start - 40) : mention.start]):
        return "supported"
    return after[0].value if after else "total"


def _is_verb(doc: Document, cue: Cue) -> bool:
    """Whether a cue is more than a preposition."""
    return doc.chinese or cue.end - cue.start > 4
