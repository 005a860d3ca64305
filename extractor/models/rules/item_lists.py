"""Lists of names before their verb: "A, B and C rose by 1%, 2% and 3%"."""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.phrases import tidy
from extractor.values import Mention

# "From the perspective of the trade, A, B and C rose": no item of the list.
_FRAME = re.compile(
    r"\s*(?:from the perspective|in terms|with regard|with respect|as for|as to|by (?:\w+ )?\w+$|"
    r"分\S{1,6}看|从\S{1,8}看)",
    re.IGNORECASE,
)
# "The fastest branches are A, B and C, with rates of": the list begins behind the verb.
_ARE = re.compile(r"\b(?:are|were|namely|including|such as)\s+(?!one\b)(?=[^,;:]{3,60}$)")
_MOST_WORDS = 10  # of an item of a list before its verb


def list_start(doc: Document, sentence: Sentence, clauses: list[Span]) -> int:
    """Where a list before its verb ("A, B and C rose") begins: it reaches over commas.

    Args:
        doc: the article.
        sentence: the sentence of the list.
        clauses: its clauses up to the one that the list ends in.
    """
    position = len(clauses) - 1
    while position and _is_item(doc, sentence, clauses[position - 1]):
        position -= 1
    are = _ARE.search(doc.text, *clauses[position - 1]) if position else None
    return are.end() if are else clauses[position].start


def _is_item(doc: Document, sentence: Sentence, clause: Span) -> bool:
    if doc.cues.within("level_verbs", *clause) or doc.cues.within("directions", *clause):
        return False
    # "the ten branches of the trade": a number in words is part of a name.
    figures = [m for m in sentence.mentions if m.kind != "period" and not _in_words(m)]
    if any(clause.start <= m.start < clause.end for m in figures):
        return False
    if _FRAME.match(doc.text, *clause):
        return False
    is_short = len(doc.text[clause.start : clause.end].split()) <= _MOST_WORDS
    return is_short and bool(tidy(doc, sentence, *clause))


def _in_words(mention: Mention) -> bool:
    """Whether a number is written out; "one up and one down" is no name."""
    return mention.value.text.isalpha() and mention.value.text.lower() != "one"
