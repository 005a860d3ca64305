"""What is counted of some enterprises: how many there are, were added, or were supported."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.firms import Counted
from extractor.models.rules.lexicon import Cue
from extractor.values import Mention

# What may stand between firms and the verb that says what they did or what was done to them.
_TO_VERB = {
    "en": re.compile(
        r"[”\"]?\s*(?:(?:in|such as|including) [\w’' -]{1,40}?\s)?"
        r"(?:(?:that|which|who|have|has|had|were|was|been|being|are|is|will|be|successfully|also|"
        r"newly|already|directly|jointly)\s+)*[“\"]?",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[”」]?[^，。；、\d]{0,14}"),
}
_MORE = re.compile(r"\s+more\b(?! than)", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:another|further)\s+$", re.IGNORECASE)
# "41 firms have drawn loans": they took part in what the verb says.
_TAKES_PART = re.compile(
    r"[”\"]?(?:\s*\([^)]*\))?\s+(?:of [^,;.]{3,50}?\s)?"
    r"(?:(?:will|shall|should|can|be|that|which|who|have|has|had|were|was|been|being|also|all|"
    r"successfully|jointly|already|directly|themselves)\s+)*"
    r"(?!(?:located|based|concentrated|gathered|engaged|related|specialized|achieved|realized|"
    r"realised|completed|reached|totaled|totalled|accounted|employed|increased|remained|closed|"
    r"named|called|invested|registered|needed|listed|owned|led|exported|produced|recorded|"
    r"specialised|contributed|exceeded|united|involved|ranked|rated|classed|known|been|when|then|"
    r"men|open|often|even)\b)"
    r"(?:[a-z]+ed|[a-z]{2,}en|took|got|drew|drawn|shown|bought|sent|met|gave|won|participating|"
    r"taking part)\b"
)
# "38 firms have completed a diagnosis": what is done to firms, and not what they produce.
_UNDERGONE = re.compile(
    r"[”\"]?\s+(?:in [^,;.]{3,40}?\s)?(?:(?:have|has|had|also|already)\s+)*completed\s+"
    r"(?:[a-z]+\s){0,4}?(?:transformations?|upgrad\w+|renovations?|diagnos[ei]s|training|"
    r"restructuring|assessments?|certification)\b"
)
_REACH = {"en": 90, "zh": 24}
_CUMULATIVE = re.compile(
    r"\b(?:a total of|in total|cumulative\w*|altogether)\b|累计|共", re.IGNORECASE
)
_AT_ONCE = re.compile(r"\s*(?:a total of|some|another|about|the)?\s*", re.IGNORECASE)
# 与46家企业签约, 为3家企业: a preposition right before the number.
_ZH_PREPOSITION = re.compile(r"[为给向与同对]$")


# 帮助46家企业引进设备: they are helped, whatever they get; but 推动12家企业上规.
_ZH_HELPED = re.compile(r"(?:帮助|支持|助力|扶持|指导|推动|引导|协助)了?$")
_ZH_RISEN = re.compile(r"\S{0,2}?(?:升规|入规|上规|上市)")


def measure_of(doc: Document, sentence: Sentence, mention: Mention, firms: Counted) -> str | None:
    """What happened to the firms, by the words in, behind and before their name; None if unsaid.

    The name itself decides first ("12 newly recognised firms"), then the verb behind it ("12
    firms received …"), then the nearest word before it ("attracted 12 firms", "for 12 firms").
    """
    clause = sentence.clause_at(firms.span.start)
    high = max(firms.noun_end, mention.start)
    if any(c.value == "candidate" for c in doc.cues.within("measures", clause.start, high)):
        return "supported"
    if doc.lang == "zh" and _ZH_HELPED.search(doc.text, clause.start, mention.start):
        is_risen = _ZH_RISEN.match(doc.text, firms.noun_end)
        return "added" if is_risen else "supported"
    if not firms.is_behind:
        return _of_front(doc, clause.start, mention, firms)
    return (
        _in_name(doc, mention.end, firms.noun_end)
        or _behind(doc, sentence, firms)
        or _taking_part(doc, firms)
        or _further(doc, mention)
        or _before(doc, sentence, mention)
    )


def _further(doc: Document, mention: Mention) -> str | None:
    """As in "another 50 firms", "five more listed companies": they come on top."""
    low = max(0, mention.start - 10)
    is_more = _MORE.match(doc.text, mention.end) or _ANOTHER.search(doc.text, low, mention.start)
    return "added" if is_more else None


def _taking_part(doc: Document, firms: Counted) -> str | None:
    is_event = doc.lang == "en" and (
        _TAKES_PART.match(doc.text, firms.noun_end) or _UNDERGONE.match(doc.text, firms.noun_end)
    )
    return "supported" if is_event else None


def _in_name(doc: Document, start: int, end: int) -> str | None:
    titles = doc.cues.within("designations", start, end)
    for cue in doc.cues.within("measures", start, end):
        in_title = any(t.start <= cue.start < t.end for t in titles)
        if not in_title and cue.value in ("added", "supported") and not _is_preposition(doc, cue):
            return cue.value
    return None


def _behind(doc: Document, sentence: Sentence, firms: Counted) -> str | None:
    stop = sentence.after(firms.noun_end)
    for cue in doc.cues.within("measures", firms.noun_end, stop)[:2]:
        if _TO_VERB[doc.lang].fullmatch(doc.text, firms.noun_end, cue.start):
            return None if _is_preposition(doc, cue) else _said_by(cue)
    return None


def _before(doc: Document, sentence: Sentence, mention: Mention) -> str | None:
    text = doc.text
    low = max(sentence.clause_at(mention.start).start, mention.start - _REACH[doc.lang])
    if doc.lang == "zh" and _ZH_PREPOSITION.search(text, low, mention.start):
        return "supported"
    cues = [c for c in doc.cues.within("measures", low, mention.start) if _governs(doc, c, mention)]
    if not cues:
        return None
    is_sum = cues[-1].value == "added" and _CUMULATIVE.search(text, low, mention.start)
    is_new = "新" in text[low : mention.start] or "new" in text[low : mention.start].lower()
    return "total" if is_sum and not is_new else _said_by(cues[-1])


def _said_by(cue: Cue) -> str:
    return "supported" if cue.value == "candidate" else cue.value


def _governs(doc: Document, cue: Cue, mention: Mention) -> bool:
    """A preposition governs only the number that follows it at once."""
    if not _is_preposition(doc, cue):
        return True
    gap = doc.text[cue.end : mention.start]
    is_verb = mention.value.text.lower().startswith(("exceed", "reach", "surpass"))
    return not is_verb and bool(_AT_ONCE.fullmatch(gap))


def _is_preposition(doc: Document, cue: Cue) -> bool:
    return doc.text[cue.start : cue.end].lower() in ("for", "to")


def _of_front(doc: Document, clause: int, mention: Mention, firms: Counted) -> str:
    """Of firms named before their number, new or served only if the words say so."""
    # In Chinese the verb of a list stands once before it: 新培育数字化车间20个、智能工厂5家.
    low = clause if doc.lang == "zh" else firms.span.start
    named = _in_name(doc, low, firms.noun_end)
    if named == "added" and _CUMULATIVE.search(doc.text, low, firms.noun_end):
        named = None
    between = doc.cues.within("measures", firms.noun_end, mention.start)
    said = [c.value for c in between if c.value != "total" and not _is_preposition(doc, c)]
    return named or (said[-1] if said else "total")
