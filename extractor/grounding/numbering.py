"""Sentences by number: the other way to point at a passage."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, TypeAlias

from extractor.grounding.sentences import sentences
from extractor.grounding.spans import Span

EvidenceForm: TypeAlias = Literal["quote", "sentences"]
"""How a model points at evidence: the passage itself, or the numbers of its sentences."""


def numbered(text: str, part: Span) -> dict[int, str]:
    """The sentences in a part of a text by their numbers, which count from 1 in the whole text.

    Each keeps the white space behind it, and is cut where the part is: joined they are the part.
    """
    starts = [0, *(span.start for span in sentences(text)[1:]), len(text)]
    return {
        number: text[max(start, part.start) : min(end, part.end)]
        for number, (start, end) in enumerate(pairwise(starts), 1)
        if start < part.end and part.start < end
    }


def numbers_of(span: Span, text: str) -> list[int]:
    """The numbers of the sentences of `text` in which `span` lies, from 1."""
    return [
        number
        for number, sentence in enumerate(sentences(text), 1)
        if sentence.start < span.end and span.start < sentence.end
    ]
