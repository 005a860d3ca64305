"""Evidence by sentence numbers: what a model writes, and where it points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from extractor.grounding import Span

MOST_SENTENCES = 2

NUMBERS_SCHEMA = {
    "type": "array",
    "items": {"type": "integer"},
    "description": "The number of the sentence that states the whole fact, such as [4]; of two "
    "neighbouring sentences where it takes both, such as [4, 5].",
}
"""What a model writes in place of a quote."""

_DIGITS = re.compile(r"\s*\d{1,9}\s*", re.ASCII)


def pointed_at(value: Any, sentences: Sequence[Span]) -> Span:
    """The stretch of the sentences whose numbers a model wrote.

    Raises:
        PydanticCustomError: they are no numbers, no neighbours in their order, too many, or
            there are no such sentences.
    """
    numbers = numbers_in(value)
    read = [number for number in numbers if number is not None]
    if not read or len(read) < len(numbers):
        raise PydanticCustomError(
            "not_sentence_numbers",
            "expected the number of the sentence that states the fact, such as [4]",
        )
    first, last = read[0], read[-1]
    if len(read) > MOST_SENTENCES:
        raise PydanticCustomError(
            "evidence_too_long",
            f"more than {MOST_SENTENCES} sentences: give the number of the one that states the "
            "whole fact",
        )
    if read != [first + offset for offset in range(len(read))]:
        raise PydanticCustomError(
            "sentences_apart",
            "two sentences must be neighbours, in the order of the article, such as [4, 5]",
        )
    if first < 1 or last > len(sentences):
        raise PydanticCustomError(
            "evidence_not_found",
            f"there is no such sentence: they are numbered from 1 to {len(sentences)}",
        )
    return Span(sentences[first - 1].start, sentences[last - 1].end)


def numbers_in(value: Any) -> list[int | None]:
    """The numbers that a model wrote, alone or in a list; None for what is none."""
    return [_number(item) for item in (value if isinstance(value, list) else [value])]


def _number(item: Any) -> int | None:
    if isinstance(item, str) and _DIGITS.fullmatch(item):
        return int(item)
    return item if isinstance(item, int) and not isinstance(item, bool) else None
