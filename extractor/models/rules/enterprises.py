"""The reader of enterprise counts: a number, the firms it counts, and what happened to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from extractor.models.rules.absolutes import absolutes, numbers_of
from extractor.models.rules.counted import counted
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.firms import Counted, is_count, is_part
from extractor.models.rules.measures import measure_of
from extractor.models.rules.periods import Carry, period_of
from extractor.models.rules.regions import region_of
from extractor.models.rules.respective import respective
from extractor.models.rules.ruled import Ruled
from extractor.models.rules.statuses import status_of
from extractor.values import Count, Mention

_LIST_GAP = re.compile(r"[”」\"]?\s*(?:[,，、]|and|和|及|与)?\s*(?:and|和|及)?\s*")
# How many there are is a stock: what was said of another time does not date it.
_CARRY: dict[str, Carry] = {"total": "sentence", "added": "paragraph", "supported": "paragraph"}
_TITLE_FIRST = ("little_giant", "single_champion")  # they hold "specialized and new" themselves


@dataclass(frozen=True, slots=True)
class _Found:
    """A count, the firms it counts, and what is said of them."""

    mention: Mention
    counted: Counted
    measure: str
    designation: str
    level: str | None
    part_of: str | None = None


def read(doc: Document) -> list[Ruled]:
    """Draft enterprise counts of the article; a repeated one once."""
    drafts: list[Ruled] = []
    seen: set[tuple[object, ...]] = set()
    last: tuple[Sentence, _Found] | None = None
    for sentence in doc.sentences:
        is_next = last and last[0].paragraph == sentence.paragraph
        told = last[1] if last and is_next and last[0].index + 1 == sentence.index else None
        if not (told or _may_count(doc, sentence)):
            continue
        stated = _sentence(doc, sentence, told)
        last = (sentence, stated[-1]) if stated else None
        for found in stated:
            key = _identity(found)
            if key not in seen:
                seen.add(key)
                drafts.append(Ruled(found.counted.rule, _draft(doc, sentence, found)))
    return drafts


def _identity(found: _Found) -> tuple[object, ...]:
    value = found.mention.value
    assert isinstance(value, Count)
    head = found.counted.category[-12:].lower()
    return value.value, value.upper, found.designation, head, found.measure


def _may_count(doc: Document, sentence: Sentence) -> bool:
    """Whether a sentence has a number and a word for firms; in Chinese 家 after it will do."""
    if "count" not in sentence.kinds:
        return False
    lexicons = ("enterprise_nouns", "designations")
    return doc.lang == "zh" or any(doc.cues.within(name, *sentence.span) for name in lexicons)


def _sentence(doc: Document, sentence: Sentence, told: _Found | None) -> list[_Found]:
    """The counts of a sentence; `told` is the last of the one before, in the paragraph."""
    changed = numbers_of(absolutes(doc, sentence), sentence)
    counts = [m for m in sentence.mentions if is_count(m) and m.start not in changed]
    found: list[_Found] = []
    whole: _Found | None = None
    for run in _runs(doc, counts):
        done = [(f.mention, f.counted) for f in found]
        pairs = respective(doc, sentence, run, done)
        for position, mention in enumerate(run):
            before = found[-1] if found else told
            if pairs:
                of, firms = pairs[position]
                part_of = of.value.text if firms.measure == "added" else None
            else:
                own = counted(doc, sentence, mention, before.counted if before else None)
                if own is None:
                    continue
                firms = own
                is_portion = whole is not None and is_part(doc, whole.mention, mention)
                part_of = whole.mention.value.text if whole and is_portion else firms.whole
            of_whole = whole if part_of else None
            described = _describe(doc, sentence, mention, firms, before, of_whole)
            found.append(replace(described, part_of=part_of))
            whole = found[-1] if part_of is None else whole
    return found


def _runs(doc: Document, counts: list[Mention]) -> list[list[Mention]]:
    """The counts of a sentence, those together that only a comma or "and" parts."""
    runs: list[list[Mention]] = []
    for mention in counts:
        is_next = runs and _LIST_GAP.fullmatch(doc.text, runs[-1][-1].end, mention.start)
        if is_next:
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _describe(
    doc: Document,
    sentence: Sentence,
    mention: Mention,
    firms: Counted,
    before: _Found | None,
    whole: _Found | None,
) -> _Found:
    is_listed = before is not None and _is_next_item(doc, before, mention, firms)
    listed = before if is_listed else None
    measure = firms.measure or measure_of(doc, sentence, mention, firms)
    if measure is None:
        pattern = listed or whole
        is_paid = firms.category.lower().startswith("households") and _has_money(sentence)
        measure = pattern.measure if pattern else "supported" if is_paid else "total"
    level = _level(doc, firms) or (listed.level if listed and doc.lang == "zh" else None)
    designation = _designation(doc, sentence, mention, firms)
    is_same = before is not None and (
        firms.rule == "count.of-level" or firms.category == before.counted.category
    )
    if designation == "other" and before and is_same:
        designation, level = before.designation, level or before.level
    return _Found(mention, firms, measure, designation, level)


def _has_money(sentence: Sentence) -> bool:
    """Whether a sentence tells of money: the households in it got some."""
    return any(mention.kind == "money" for mention in sentence.mentions)


def _is_next_item(doc: Document, before: _Found, mention: Mention, firms: Counted) -> bool:
    end = max(before.mention.end, before.counted.noun_end)
    start = min(mention.start, firms.span.start)
    return start >= end and bool(_LIST_GAP.fullmatch(doc.text, end, start))


def _designation(doc: Document, sentence: Sentence, mention: Mention, firms: Counted) -> str:
    """The official title of the firms: in their name, else in what is said of them."""
    low = min(firms.span.start, mention.start)
    high = max(firms.span.end, firms.noun_end)
    own = [c.value for c in doc.cues.within("designations", low, high)]
    clause = sentence.clause_at(low)
    if not own:
        own = [c.value for c in doc.cues.within("designations", clause.start, low)]
        own = own[-1:] if _has_pool(doc, clause.start, low) else []
    if not own and firms.is_behind:
        clause_end = sentence.clause_at(max(firms.noun_end - 1, sentence.span.start)).end
        stop = min(sentence.after(high), clause_end)
        own = [c.value for c in doc.cues.within("designations", high, stop)]
    return next((title for title in _TITLE_FIRST if title in own), own[0] if own else "other")


def _has_pool(doc: Document, start: int, end: int) -> bool:
    """Whether the words before a number say what its firms are candidates for."""
    return any(c.value == "candidate" for c in doc.cues.within("measures", start, end))


def _level(doc: Document, firms: Counted) -> str | None:
    levels = {c.value for c in doc.cues.within("levels", firms.span.start, firms.span.end)}
    return levels.pop() if len(levels) == 1 else None


def _draft(doc: Document, sentence: Sentence, found: _Found) -> dict[str, Any]:
    mention, firms = found.mention, found.counted
    low, high = min(firms.span.start, mention.start), max(firms.span.end, mention.end)
    return {
        "category": firms.category,
        "designation": found.designation,
        "level": found.level,
        "count": mention.value.text,
        "measure": found.measure,
        "part_of": found.part_of,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, sentence, mention.start, _CARRY[found.measure]),
        "status": status_of(doc, sentence, mention.start, max(high, mention.end)),
        "evidence": doc.passage(sentence, (low, high), (mention.start, mention.end)),
    }
