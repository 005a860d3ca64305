"""The reader of growth metrics: a change, what it is of, and what it is measured against."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from extractor.grounding import Span
from extractor.models.rules.context import period_of, region_of, status_of
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.phrases import tidy
from extractor.records.indicators import indicator_code
from extractor.values import Change, Count, Mention, Money

_LIST_GAP = re.compile(r"\s*(?:,|，|、|and|和|,\s*and|percent|%|\s)*\s*", re.IGNORECASE)
_COMPARISON = re.compile(
    r"\s*(?:points?\s*)?(?:year[- ]on[- ]year\s*)?(?P<cue>higher|lower|faster|slower|quicker|above|below|"
    r"more|less|ahead)\s*(?:than|of)?\s*(?P<rest>[^,;，；。]*)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"same (?:period|month|quarter)|last year|previous|first quarter|first half|year[- ]ago|"
    r"a year|last month|second quarter|third quarter|month|beginning of",
    re.IGNORECASE,
)
_ZH_COMPARED = re.compile(
    r"(?:高于|高出|快于|低于|慢于|超过|领先)(?P<a>[^，。；、\d]{1,20})$|(?:比|较)(?P<b>[^，。；\d]{2,20}?)(?:高|低|快|慢)(?:出|了)?$"
)
_ZH_SELF = re.compile(r"去年|上年|季度|上半年|上月|同期|前\S?月|年初|年底")
_EN_SURPASS = re.compile(
    r"\b(?:surpass\w*|exceed\w*|outpac\w*|outperform\w*|beat\w*|ahead of|higher than|lower than|"
    r"(?:above|below)(?= (?:the|average)))\s+"
    r"(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$",
    re.IGNORECASE,
)
_AND_BENCHMARK = re.compile(r"^\s*(?:and|, and|,)\s+(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$", re.IGNORECASE)
_UNIVERSE = re.compile(
    r"regulated industr|regulation|designated size|above[- ]?scale|above the scale|certain size|"
    r"industr(?:y|ial|ies)$|whole society|per capita|全社会|规模以上|规上",
    re.IGNORECASE,
)
_SECTOR = re.compile(
    r"(?:industr(?:y|ies)|sector|manufacturing|enterprises|equipment|products?|vehicles?|materials?|"
    r"economy|companies|group|cluster|chain|service|services)$",
    re.IGNORECASE,
)
_GENERIC_SUBJECT = re.compile(
    r"^(?:it|this|he|they|we|which|growth rate|growth|rate|increase|decrease|the figure|city|province|"
    r"county|district|park|zone|region|area|country|figure|total|number)?$",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"double|tripl|quadrupl|halv|翻|倍")


_GROWTH_OF = re.compile(
    r"(?:growth(?: rate)?|increase|decline|rise|drop)\s+(?:of|in)\s+(?P<np>(?!\d)[^,;\d]{3,70}?)\s+"
    r"(?:at|to|of|by|was|is|reached|stood at|around|remained|will be|hit|reaching)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Fact:
    """What the text before a change says it is of."""

    indicator: str | None
    subject: str | None
    amount: str | None
    basis: str
    start: int


def read(doc: Document) -> list[dict[str, Any]]:
    """Draft growth metrics of the article."""
    drafts: list[dict[str, Any]] = []
    last: _Fact | None = None
    for index, sentence in enumerate(doc.sentences):
        found, last = _sentence(doc, index, sentence, last)
        drafts += found
    return drafts


def _is_share(doc: Document, mention: Mention, left: int) -> bool:
    window = doc.cues.within("not_growth", max(left, mention.start - 40), mention.end + 14)
    if any(cue.start < mention.start for cue in window):
        last = max(cue.end for cue in window if cue.start < mention.start)
        if not doc.cues.within("directions", last, mention.start):
            return True
    return bool(re.match(r"\s*(?:of (?!the same)|以上的)", doc.text[mention.end : mention.end + 16]))


def _changes(doc: Document, sentence: Sentence) -> list[Mention]:
    result = []
    for mention in sentence.mentions:
        if isinstance(mention.value, Change) and not doc.is_quoted(mention.start, mention.end):
            result.append(mention)
    return result


def _direction(doc: Document, left: int, mention: Mention, right: int) -> tuple[str, int] | None:
    """The direction of a change, and where the word that says so begins."""
    text = doc.text
    inside = doc.cues.within("directions", mention.start, mention.end)
    if inside:
        return inside[0].value, mention.start
    comparison = None if doc.chinese else _COMPARISON.match(text, mention.end, right)
    if comparison:
        down = comparison["cue"].lower() in ("lower", "slower", "below", "less")
        return ("decrease" if down else "increase"), mention.start
    reach = 14 if doc.chinese else 60
    before = [
        cue
        for cue in doc.cues.within("directions", max(left, mention.start - reach), mention.start)
        if not re.match(r"\s*to\b", text[cue.end : cue.end + 4]) or text[cue.start : cue.end] != "up"
    ]
    if before:
        return before[-1].value, before[-1].start
    after = doc.cues.within("directions", mention.end, min(right, mention.end + (6 if doc.chinese else 28)))
    if after:
        return after[0].value, mention.start
    if re.search(r"\bby\s*$", text[left : mention.start]) or _DOUBLE.search(text[mention.start : mention.end]):
        return ("decrease" if "halv" in text[mention.start : mention.end].lower() else "increase"), mention.start
    return None


def _sentence(
    doc: Document, index: int, sentence: Sentence, last: _Fact | None
) -> tuple[list[dict[str, Any]], _Fact | None]:
    text = doc.text
    changes = _changes(doc, sentence)
    drafts: list[dict[str, Any]] = []
    left = sentence.span.start
    fact: _Fact | None = None
    position = 0
    linked = bool(re.match(r"\s*(?:among|of which|of these|其中|in terms|from|分)", text[left : left + 20].lower()))
    while position < len(changes):
        run = [changes[position]]
        while position + len(run) < len(changes) and _LIST_GAP.fullmatch(
            text[run[-1].end : changes[position + len(run)].start]
        ):
            run.append(changes[position + len(run)])
        position += len(run)
        right = changes[position].start if position < len(changes) else sentence.span.end
        found = _direction(doc, left, run[0], right)
        if found is None or _is_share(doc, run[0], left):
            left = run[-1].end
            continue
        direction, cue = found
        inherited = fact or (last if linked else None)
        benchmark, named_at = _benchmark(doc, left, run[0], run[-1].end, right)
        stop = min(cue, run[0].start, named_at)
        facts = _facts(doc, sentence, left, stop, len(run), inherited, run)
        basis = "versus_benchmark" if benchmark else _basis(doc, sentence, left, run, right, fact or (last if linked else None))
        benchmarks = _split_benchmarks(benchmark, len(run))
        for i, mention in enumerate(run):
            own = facts[i] if i < len(facts) else None
            if own is None:
                continue
            own_direction = _direction(doc, run[i - 1].end if i else left, mention, mention.end) if i else None
            drafts.append(
                _draft(
                    doc, index, sentence, mention, own,
                    own_direction[0] if own_direction else direction,
                    basis, benchmarks[i], left,
                )
            )
            fact = replace(own, basis=basis if basis != "versus_benchmark" else (fact.basis if fact else "unspecified"))
        left = run[-1].end
    return drafts, fact or (last if linked else None) or last


def _draft(
    doc: Document,
    index: int,
    sentence: Sentence,
    mention: Mention,
    fact: _Fact,
    direction: str,
    basis: str,
    benchmark: str | None,
    left: int,
) -> dict[str, Any]:
    start = fact.start if sentence.span.start <= fact.start < mention.start else left
    return {
        "indicator": fact.indicator,
        "subject": fact.subject,
        "amount": fact.amount,
        "direction": direction,
        "change": mention.value.text,
        "basis": basis,
        "benchmark": benchmark,
        "region": region_of(doc, sentence, mention.start),
        "period": period_of(doc, index, mention.start, "growth_metric"),
        "status": status_of(doc, sentence, start, mention.end),
        "evidence": doc.passage(sentence.span, (start, start + 1), (mention.start, mention.end)),
    }


def _split_benchmarks(benchmark: str | None, count: int) -> list[str | None]:
    if benchmark is None:
        return [None] * count
    parts = re.split(r"\s+and\s+|和|、|,\s*", benchmark)
    return list(parts) if len(parts) == count else [benchmark] * count


def _basis(
    doc: Document,
    sentence: Sentence,
    left: int,
    run: list[Mention],
    right: int,
    inherited: _Fact | None,
) -> str:
    """What a change is measured against, where no benchmark is named."""
    text = doc.text
    first, end = run[0], run[-1].end
    cues = doc.cues.within("basis", left, right)
    after = [c for c in cues if c.start >= end and not re.search(r"[;；。]", text[end : c.start])]
    before = [c for c in cues if c.end <= first.start]
    if before:
        return before[-1].value
    if after and (right == sentence.span.end or after[0].start - end < 40):
        return after[0].value
    if re.search(r"consecutive|连续", text[first.end : min(right, first.end + 40)]):
        return "year_on_year"
    if inherited and inherited.basis == "year_on_year" and first.value.unit != "percentage_points":  # type: ignore[union-attr]
        return "year_on_year"
    return "unspecified"


def _benchmark(doc: Document, left: int, first: Mention, end: int, right: int) -> tuple[str | None, int]:
    """What a gap is to, and where the words that name it begin."""
    text = doc.text
    nothing = (None, first.start)
    scope = text[left : first.start]
    if doc.chinese:
        match = _ZH_COMPARED.search(scope)
        if match is None:
            return nothing
        named = match["a"] or match["b"]
        return nothing if _ZH_SELF.search(named) else (named, left + match.start())
    before = _EN_SURPASS.search(scope) or _AND_BENCHMARK.search(scope)
    if before and not _SELF.search(before["rest"]):
        return _trim(before["rest"]), left + before.start()
    after = _COMPARISON.match(text, end, right)
    if after is None or not after["rest"].strip() or _SELF.search(after["rest"]):
        return nothing
    return _trim(after["rest"]), first.start


def _trim(phrase: str) -> str | None:
    phrase = re.sub(r"^(?:the|that of|those of|that in)\s+", "", phrase.strip(" .。")).strip()
    phrase = re.split(r"\s+(?:by|ranking|and ranked|respectively|in the same period)\b", phrase)[0]
    phrase = re.sub(r"[’'‘]s$", "", phrase)
    return phrase if 2 < len(phrase) < 90 else None


def _facts(
    doc: Document,
    sentence: Sentence,
    left: int,
    end: int,
    count: int,
    inherited: _Fact | None,
    run: list[Mention],
) -> list[_Fact | None]:
    """What each of `count` changes in a row is of: a list of equal length, or one for all."""
    grown = _GROWTH_OF.search(doc.text[left : run[0].start])
    if grown:
        name = tidy(doc, left + grown.start("np"), left + grown.end("np"))
        indicator, subject = _split(doc, name, inherited)
        if indicator or subject:
            return [_Fact(indicator, subject, None, "unspecified", left + grown.start())] * count
    cuts = _cut(doc, left, end, count)
    if cuts is None:
        return [replace(inherited, start=inherited.start)] * count if inherited else _after(doc, sentence, run)
    start, stop, amount = cuts
    names = _names(doc, start, stop, count)
    if names is None:
        return []
    facts: list[_Fact | None] = []
    for name in names:
        indicator, subject = _split(doc, name, inherited)
        if indicator is None and subject is None:
            facts.append(inherited)
            continue
        facts.append(_Fact(indicator, subject, amount if count == 1 else None, "unspecified", start))
    return facts if len(facts) == count else facts * count


def _after(doc: Document, sentence: Sentence, run: list[Mention]) -> list[_Fact | None]:
    """"a 5 % increase in exports": the name stands behind the change."""
    text = doc.text
    match = re.match(
        r"\s*(?:year[- ]on[- ]year\s*)?(?:increase|growth|rise|decline|drop|decrease|fall|gain)\s+(?:in|of)\s+(?P<np>[^,;.]{3,80})",
        text[run[-1].end : sentence.span.end],
    )
    if not match:
        return []
    start = run[-1].end + match.start("np")
    name = tidy(doc, start, run[-1].end + match.end("np"))
    indicator, subject = _split(doc, name, None)
    return [_Fact(indicator, subject, None, "unspecified", run[0].start)] if indicator or subject else []


def _cut(doc: Document, left: int, end: int, count: int) -> tuple[int, int, str | None] | None:
    """The stretch between `left` and `end` that names what is measured, and its level."""
    clauses = doc.clauses(Span(left, end)) if left < end else []
    numbers = [m for m in doc.mentions if left <= m.start < end and not m.kind == "period"]
    levels = [m for m in numbers if isinstance(m.value, Money | Count)]
    for position in range(len(clauses) - 1, -1, -1):
        clause = clauses[position]
        stops = [c.start for c in doc.cues.within("level_verbs", clause.start, clause.end)]
        stops += [c.start for c in doc.cues.within("directions", clause.start, clause.end)]
        stops += [m.start for m in numbers if clause.start <= m.start < clause.end]
        usable = sorted(s for s in stops if tidy(doc, clause.start, s)) or sorted(stops)
        stop = usable[0] if usable else clause.end
        start = clause.start
        # A list before the verb ("A, B and C rose") reaches back over its commas.
        while count > 1 and position and _is_list_tail(doc, clauses[position - 1]) and usable:
            position -= 1
            start = clauses[position].start
        name = tidy(doc, start, stop)
        achieved = _achieved(doc, stop, clause.end, numbers)
        if achieved:
            start, stop = (clause.start, achieved)
            name = tidy(doc, start, stop)
        if not name or _GENERIC_SUBJECT.match(name):
            continue
        inside = [m for m in levels if m.start >= stop]
        return start, stop, inside[-1].value.text if inside else None
    return None


def _is_list_tail(doc: Document, clause: Span) -> bool:
    if doc.cues.within("level_verbs", clause.start, clause.end):
        return False
    if doc.cues.within("directions", clause.start, clause.end):
        return False
    if any(clause.start <= m.start < clause.end for m in doc.mentions):
        return False
    return len(doc.text[clause.start : clause.end].split()) <= 7


def _achieved(doc: Document, verb: int, end: int, numbers: list[Mention]) -> int | None:
    """"The park achieved output value of …": where the object of such a verb ends."""
    match = re.match(
        r"(?:achiev\w*|realiz\w*|realis\w*|complet\w*|record\w*|had|saw|实现|完成)\s*", doc.text[verb : verb + 14]
    )
    first = next((m.start for m in numbers if m.start >= verb), None)
    if not match or first is None or first > end:
        return None
    heads = doc.cues.within("indicator_heads", verb + match.end(), first)
    return first if any(h.value == "head" for h in heads) else None


def _names(doc: Document, start: int, stop: int, count: int) -> list[str] | None:
    """The names in a stretch: one, or exactly `count`; a broken list gives none."""
    whole = tidy(doc, start, stop)
    if count == 1:
        return [whole]
    text = doc.text[start:stop]
    parts = [p for p in re.split(r"[,，、]\s*(?:and\s+)?", text) if p.strip()]
    if len(parts) != count:
        parts = [q for p in parts for q in re.split(r"\s+and\s+|和|及|与", p) if q.strip()]
    if len(parts) == count:
        offset, names = start, []
        for part in parts:
            at = doc.text.index(part, offset)
            names.append(tidy(doc, at, at + len(part)))
            offset = at + len(part)
        return names
    return [whole] if len(parts) == 1 else None


def _split(doc: Document, name: str, inherited: _Fact | None) -> tuple[str | None, str | None]:
    """Indicator and subject of a name."""
    if _GENERIC_SUBJECT.match(name):
        return (inherited.indicator, inherited.subject) if inherited else (None, None)
    if indicator_code(name):
        return name, None
    achieved = re.match(
        r"(?P<s>.*?)\s*\b(?:achieved|realized|realised|completed|recorded|had|saw)\b\s*(?P<i>.+)$|(?P<zs>.*?)(?:实现|完成)(?P<zi>.+)$",
        name,
    )
    if achieved:
        indicator = (achieved["i"] or achieved["zi"] or "").strip()
        subject = (achieved["s"] or achieved["zs"] or "").strip()
        indicator = re.sub(r"\s+(?:of|worth)$|^(?:an?|the|了)\s*", "", indicator)
        own, inner = _split(doc, indicator, inherited)
        subject = re.sub(r"^(?:the|its)\s+", "", subject)
        return own or indicator, inner or (None if _GENERIC_SUBJECT.match(subject) else subject)
    return _split_zh(name, inherited) if doc.chinese else _split_en(doc, name, inherited)


_EN_HEAD = re.compile(
    r"\b(?:(?:total|gross|main|operating|business|sales|tax|retail|export|import|industrial|fixed[- ]asset|"
    r"foreign|trade|general|public|budget|per|capita|disposable|power|electricity)\s+)*"
    r"(?:added value|value added|output value|output|income|revenues?|sales(?: volume)?|profits?|tax(?:es)?|investment|"
    r"exports?(?: value| volume)?|imports?(?: value| volume)?|imports? and exports?|consumption|volume|balance|deposits|loans|"
    r"orders|turnover|production|prices?|throughput)\b",
    re.IGNORECASE,
)


def _split_en(doc: Document, name: str, inherited: _Fact | None) -> tuple[str | None, str | None]:
    matches = list(_EN_HEAD.finditer(name))
    if not matches:
        return (inherited.indicator if inherited else None), name
    head = matches[0]
    of = re.match(r"\s*(?:of|in|for|from)\s+(?:the\s+)?(?P<s>.+)$", name[head.end() :], re.IGNORECASE)
    before = name[: head.start()].strip()
    if of:
        subject = of["s"].strip()
        if _UNIVERSE.search(subject) or before:
            return name, None
        return name[head.start() : head.end()], subject
    last = matches[-1]
    before = re.sub(r"[’'‘]\s?s?$", "", name[: last.start()].strip()).strip()
    if not before or _UNIVERSE.search(before):
        return name, None
    if _SECTOR.search(before) or re.search(r"[’'‘]\s?s?\s*$", name[: last.start()]):
        return name[last.start() :], before
    return name, None


_ZH_HEAD = re.compile(
    r"(?:工业|规上工业|规模以上工业|主营业务|营业|销售|固定资产|技改|民间|制造业|基础设施|房地产开发|货物|社会消费品|限上|一般公共预算)?"
    r"(?:增加值|总产值|产值|收入|销售额|利润总额|利润|税收|利税|投资额|投资|出口额|出口值|进出口总额|进出口总值|进出口额|进出口|出口|进口|"
    r"零售总额|零售额|用电量|产量|销量|余额|订单|成交额|交易额|户数|总值|总额)$"
)


def _split_zh(name: str, inherited: _Fact | None) -> tuple[str | None, str | None]:
    name = re.sub(r"(?:增速|增幅)$", "", name) or name
    if indicator_code(name):
        return name, None
    match = _ZH_HEAD.search(name)
    if match is None:
        return (inherited.indicator if inherited else None), name
    subject = name[: match.start()].rstrip("的")
    if not subject or _UNIVERSE.search(subject):
        return name, None
    return match.group(), subject
