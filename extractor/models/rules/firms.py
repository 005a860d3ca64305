"""The enterprises that a number counts, and how one such number is a part of another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.grounding import Span
from extractor.models.rules.document import Document
from extractor.values import Count, Mention

PART = re.compile(
    r"including|among (?:them|which|these)|of which|of whom|of them|of these|in which|其中|包括|含",
    re.IGNORECASE,
)
"""Words that tell a part from its total."""
OF_THEM = re.compile(r"\s+of (?:them|which|whom|these)\b", re.IGNORECASE)
"""As behind the number in "12 of them"."""
ENDS_PHRASE = re.compile(
    r"\s*(?:$|[,.;)，。；]|(?:and|as of|in|by|at|respectively|among|including|of which|households|"
    r"from|to|"
    r"this|last|up|more)\b)",
    re.IGNORECASE,
)
"""What may follow a number that ends its phrase."""
ZH_UNIT = re.compile(r"(?:[家户]|个)(?:以上|左右)?$")
"""The end of a Chinese number of firms."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The enterprises that a number counts.

    Attributes:
        category: which ones, as worded.
        span: the stretch of the text that says so, without the number.
        noun_end: where their head noun ends.
        is_behind: whether they stand behind the number.
        measure: what is counted of them, where the pattern alone decides it.
        rule: the rule that found them.
        whole: the number that they are a part of, where the pattern says so.
    """

    category: str
    span: Span
    noun_end: int
    is_behind: bool
    measure: str | None = None
    rule: str = "count.behind"
    whole: str | None = None


def is_part(doc: Document, whole: Mention, mention: Mention) -> bool:
    """Whether a count is a stated part of one before it: "310 …, including 12 …"."""
    between = doc.text[whole.end : mention.start]
    following = doc.text[mention.end : mention.end + 40]
    return bool(PART.search(between) or OF_THEM.match(following))


def is_count(mention: Mention) -> bool:
    """Whether a mention is a number of things."""
    return isinstance(mention.value, Count)
