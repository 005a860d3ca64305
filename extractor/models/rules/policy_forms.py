"""Policies that are named in running English without quotation marks.

"Harbour Lift, a programme that …"; "a strategy called Open Yards"; "the Seed to Shelf programme";
"a 12-point relief package for yards".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.grounding import Span

if TYPE_CHECKING:
    from extractor.models.rules.document import Document, Sentence

_KINDS = {
    "programme": "programme", "program": "programme", "scheme": "programme", "pilot": "programme",
    "initiative": "programme", "campaign": "programme", "action": "programme",
    "mechanism": "mechanism", "plan": "plan", "strategy": "plan", "policy": "measure",
    "package": "measure", "ordinance": "regulation",
}  # fmt: skip
_INSTRUMENTS = (
    "Loan", "Voucher", "Pass", "Guarantee", "Programme", "Program", "Initiative", "Pilot",
    "Scheme",
)  # fmt: skip
_HEAD = "|".join(_KINDS)
_WORD = r"[A-Z][\w’'-]+"
_NEXT = rf"\s(?:(?:to|of|for|and|on)\s)?{_WORD}"
# "Harbour Lift, a programme that": the name stands before what it is.
_APPOSED = re.compile(
    rf"(?P<name>{_WORD}(?:{_NEXT})*),\s+an?\s+(?:[\w-]+\s){{0,3}}?(?P<head>{_HEAD})\b"
)
# "a ten-year strategy called Open Yards".
_CALLED = re.compile(
    rf"(?P<name>(?:(?!(?:[Aa]n?|[Tt]he)\s)[\w-]+\s)?(?P<head>{_HEAD})\s"
    rf"(?:called|named|dubbed|known as|by the name of)\s{_WORD}(?:\s{_WORD})*)"
)
# "the Seed to Shelf matchmaking programme".
_HEADED = re.compile(
    rf"\b(?:the|its|their|under|a|this)\s(?P<name>(?:federal\s|national\s|provincial\s|state\s)?"
    rf"{_WORD}(?:{_NEXT})+\s(?:[a-z-]+\s){{0,2}}?(?P<head>{_HEAD}))\b",
)
# "a 12-point relief package for yards".
_POINTS = re.compile(
    r"\b(?P<name>\d{1,3}-(?:point|article|item|step)\s+(?:[a-z-]+\s+){0,4}?"
    r"(?P<head>package|plan|policy|programme|program|Opinions|Guidelines)\b"
    r"(?:\s+(?:for|to|on)\s+[\w’' -]{4,60}?(?=\s+(?:and|which|that)\b|[^\w’' -]|$))?)"
)
# "its Tideover Loans have put …": an instrument with a name of its own.
_INSTRUMENT = re.compile(
    r"\b(?:[Tt]he|[Ii]ts|[Tt]heir|[Uu]nder|[Aa])\s"
    rf"(?P<name>{_WORD}(?:{_NEXT})*\s(?P<head>(?:{'|'.join(_INSTRUMENTS)})s?))\b"
    r"(?!\s[A-Z])"
)
# Each pattern with strings of which it needs one: to look for these first is much faster.
_FORMS = (
    (_APPOSED, (",",)),
    (_CALLED, ("called", "named", "dubbed", "known as", "by the name of")),
    (_HEADED, tuple(_KINDS)),
    (_POINTS, ("-point", "-article", "-item", "-step")),
    (_INSTRUMENT, _INSTRUMENTS),
)
# Bodies, firms and events, whose plans and programmes are no policies of this kind.
_BODY = re.compile(
    r"\b(?:Institute|Centre|Center|Zone|Company|Group|Co|Ltd|University|School|Bank|Conference|"
    r"Fair|Expo|Games|Olympics?|Festival|Belt|Road|Five-Year)\b"
)


def heads_in(text: str) -> list[int]:
    """Where the head nouns of all forms stand in a text, in order."""
    found: list[int] = []
    for head in (*_KINDS, *_INSTRUMENTS):
        at = text.find(head)
        while at >= 0:
            found.append(at)
            at = text.find(head, at + 1)
    return sorted(found)


def forms(doc: Document, sentence: Sentence) -> Iterator[tuple[str, Span, str]]:
    """The name, the stretch and the kind of each policy that a sentence names so."""
    if not doc.has_form_head(sentence):
        return
    text = doc.text[sentence.span.start : sentence.span.end]
    for pattern, needed in _FORMS:
        if not any(word in text for word in needed):
            continue
        for match in pattern.finditer(doc.text, *sentence.span):
            span = Span(*match.span("name"))
            if doc.quotes.at(*span) is None and not _BODY.search(match["name"]):
                yield match["name"], span, _KINDS.get(match["head"].lower(), "programme")
