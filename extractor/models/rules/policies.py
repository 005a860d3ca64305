"""The reader of policies: titles, named programmes, counted measures."""

from __future__ import annotations

import re
from typing import Any

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.issuers import issuer_of, owner_of
from extractor.models.rules.launches import launch_of
from extractor.models.rules.phrases import unquoted
from extractor.models.rules.place_names import PlaceName, lies_in
from extractor.models.rules.policy_heads import Named
from extractor.models.rules.policy_names import names
from extractor.models.rules.regions import region_of
from extractor.models.rules.ruled import Ruled
from extractor.models.rules.statuses import in_plan
from extractor.values import Count

_WHOLLY_QUOTED = re.compile(r"[“\"《「][^“”\"《》「」]*[”\"》」]")
# American quotation marks take the sentence's comma in: “Swift Kiln,”.
_SPEECH_COMMA = re.compile(r"[,.](?=[”\"]$)")
_MEASURES_BEHIND = re.compile(
    r"\s*(?:[a-z]+\s+){0,3}(?:measures|policies|articles|政策|措施|举措)|\s+items\b|条|项",
    re.IGNORECASE,
)
_OWN_NUMBER = re.compile(
    r"[“\"《]?\s*(?P<number>\d+|[A-Z][a-z]+)\s+(?:[A-Z][a-z]+\s)?(?:Measures|Policies|Articles|"
    r"Rules)\b|[“\"《]?[^“”\"《》]*?(?P<zh>[一二三四五六七八九十\d]+条)"
)
_POINTS = re.compile(r"(?P<number>\d{1,3})-(?:point|article|item|step)\b")
_BASED_ON = re.compile(
    r"\b(?:according to|in accordance with|under|based on|with)\b|根据|按照", re.IGNORECASE
)
_TO_COME = re.compile(
    r"\bwill be (?:issued|introduced|released|launched|implemented)|soliciting|asking for opinions|"
    r"being (?:\w+ )?(?:drafted|revised|prepared|amended)|under revision|is due\b|"
    r"征求意见|将出台|拟于|拟提|正在修订",
    re.IGNORECASE,
)
_DRAFT = re.compile(r"\bdraft\s+$|草案", re.IGNORECASE)
_DRAFTING = re.compile(
    r"\b(?:drafting|preparing|working on)\b|\bdraft\s+$|起草|研究制定", re.IGNORECASE
)
_REACH = 60  # characters behind a title in which its measures are counted


def read(doc: Document) -> list[Ruled]:
    """Draft policies of the article; one that is named several times once, by its longest name."""
    drafts: dict[str, Ruled] = {}
    for sentence in doc.sentences:
        for named in names(doc, sentence):
            key = re.sub(r"\W+", " ", named.name.lower()).strip()
            known = next((k for k in drafts if key in k or k in key), None)
            if known is None:
                drafts[key] = Ruled(named.rule, _draft(doc, sentence, named))
            elif len(key) > len(known):
                drafts[known] = Ruled(named.rule, _draft(doc, sentence, named))
    return list(drafts.values())


def _draft(doc: Document, sentence: Sentence, named: Named) -> dict[str, Any]:
    span = named.span
    owner, issuer = owner_of(doc, sentence, span), issuer_of(doc, sentence, span)
    own = [c.value for c in doc.cues.within("levels", span.start, span.end)]
    count, end = _measure_count(doc, sentence, named)
    name = unquoted(named.name) if _WHOLLY_QUOTED.fullmatch(named.name) else named.name
    name = _SPEECH_COMMA.sub("", name)
    return {
        "name": name,
        "kind": named.kind,
        "issuer": issuer.name,
        "level": own[0] if own else issuer.level,
        "measure_count": count,
        "region": _region(doc, sentence, span, owner),
        "period": launch_of(doc, sentence, span, basis=_basis(doc, sentence, span)),
        "status": _status(doc, sentence, named),
        "evidence": doc.passage(sentence, span, (span.start, max(end, span.end))),
    }


def _region(doc: Document, sentence: Sentence, span: Span, owner: PlaceName | None) -> str | None:
    """Another place's own policy has that place; one from above, the place that draws on it."""
    main = doc.main_place
    is_above = owner and main and (owner.key == main.key or lies_in(main, owner))
    return owner.name if owner and not is_above else region_of(doc, sentence, span.start)


def _status(doc: Document, sentence: Sentence, named: Named) -> str:
    """``planned`` if a policy is still to be issued; what it aims at is ahead in any case."""
    low = max(sentence.clause_at(named.span.start).start, named.span.start - _REACH)
    if _basis(doc, sentence, named.span) is not None:
        return "planned" if _DRAFT.search(doc.text, low, named.span.start) else "actual"
    high = min(sentence.clause_at(named.span.end - 1).end, named.span.end + _REACH)
    is_ahead = doc.cues.within("planned", low, named.span.start)
    is_draft = _TO_COME.search(doc.text, named.span.end, high) or _DRAFTING.search(
        doc.text, low, named.span.start
    )
    return "planned" if is_ahead or is_draft or in_plan(doc, sentence) else "actual"


def _basis(doc: Document, sentence: Sentence, span: Span) -> int | None:
    """Where the words end that say that something else is done under a policy."""
    low = max(sentence.clause_at(span.start).start, span.start - _REACH)
    match = _BASED_ON.search(doc.text, low, span.start)
    return match.end() if match else None


def _measure_count(doc: Document, sentence: Sentence, named: Named) -> tuple[str | None, int]:
    """How many measures a set has, and where the words end that say so."""
    span = named.span
    for mention in sentence.mentions:
        if not isinstance(mention.value, Count):
            continue
        if mention.start == span.start:
            return mention.value.text, mention.end
        if not span.end <= mention.start < span.end + _REACH:
            continue
        behind = _MEASURES_BEHIND.match(doc.text, mention.end)
        if behind or mention.value.text.endswith(("条", "项")):
            return mention.value.text, behind.end() if behind else mention.end
    own = _POINTS.match(doc.text, span.start, span.end)
    if own:
        return own["number"], span.end
    own = _OWN_NUMBER.match(doc.text, span.start, span.end)
    number = (own["number"] or own["zh"]) if own else None
    return (number if number and _is_number(number) else None), span.end


def _is_number(word: str) -> bool:
    try:
        Count.parse(word)
    except ValueError:
        return False
    return True
