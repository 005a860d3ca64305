"""Whether an article holds anything to extract, by its figures and the words beside them."""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from extractor.article import Article
from extractor.grounding import Span, sentences
from extractor.models.rules.lexicon import Cues
from extractor.values import Mention, find

Reason: TypeAlias = Literal["no_figure", "no_cue", "near_duplicate"]

BESIDE = {
    "money": ("fund_kinds", "fund_verbs"),
    "count": ("enterprise_nouns", "designations"),
    "change": ("directions",),
}
"""By kind of figure, the lexicons of which a word makes it worth reading."""

_CLOSE = 16  # characters: "exports rose by 2 billion yuan"
_TITLE = re.compile(r"[《“\"「]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_READABLE = 0.8
"""Share of letters that are of the English alphabet or Chinese; Vietnamese has some 0.75."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What an article holds.

    Attributes:
        reason: why there is nothing to extract: ``no_figure``: neither an amount, a count or a
            change nor a policy; ``no_cue``: figures, but none near a word of what they would
            measure; None if there may be something.
        figures: the figures near such a word, as hashes of four bytes.
        others: the other figures.
    """

    reason: Reason | None
    figures: frozenset[int]
    others: frozenset[int]


def screen(article: Article) -> Screening:
    """Say whether an article may hold something to extract.

    It may if an amount, a count or a change stands in a sentence with a cue word for it or in
    the next one, if an amount stands close behind a word of growth, if no word there says that a
    percentage is a share or a rate, or if a sentence names a policy with a title or a verb. What
    is in neither English nor Chinese cannot be judged and may hold something.
    """
    text = article.text
    mentions = [m for m in find(text, article.date) if m.kind != "period"]
    cues = Cues(text)
    near, has_policy = _near_cues(text, mentions, cues)
    figures = frozenset(map(_hash, near))
    others = frozenset(map(_hash, mentions)) - figures
    reason: Reason | None = None
    if not (near or has_policy) and _is_readable(text):
        reason = "no_cue" if mentions else "no_figure"
    return Screening(reason, figures, others)


def _near_cues(text: str, mentions: Sequence[Mention], cues: Cues) -> tuple[list[Mention], bool]:
    """The mentions near a cue word, and whether a policy is named."""
    near: list[Mention] = []
    has_policy = False
    before = Span(0, 0)
    starts = [mention.start for mention in mentions]
    for span in sentences(text):
        here = mentions[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        near += _with_cue(here, cues, Span(before.start, span.end))
        has_policy = has_policy or _names_policy(text, span, cues)
        before = span
    return near, has_policy


def _with_cue(mentions: Sequence[Mention], cues: Cues, span: Span) -> Iterator[Mention]:
    kinds = {
        kind
        for kind in {mention.kind for mention in mentions}
        if any(cues.within(lexicon, *span) for lexicon in BESIDE[kind])
    }
    if not cues.within("not_growth", *span):
        kinds.add("change")
    return (m for m in mentions if m.kind in kinds or _is_growth(m, cues))


def _is_growth(mention: Mention, cues: Cues) -> bool:
    low = max(mention.start - _CLOSE, 0)
    return mention.kind == "money" and bool(cues.within("directions", low, mention.start))


def _names_policy(text: str, span: Span, cues: Cues) -> bool:
    if not cues.within("policy_nouns", *span):
        return False
    return bool(cues.within("policy_verbs", *span) or _TITLE.search(text, *span))


def _is_readable(text: str) -> bool:
    letters: list[str] = _LETTER.findall(text)
    known = sum(letter.isascii() or bool(_HAN.match(letter)) for letter in letters)
    return known >= len(letters) * _LEAST_READABLE


def _hash(mention: Mention) -> int:
    """A figure by its value, however it is worded."""
    value = mention.value.model_dump(exclude={"text", "at", "flags", "bound"})
    parts = [str(v.normalize()) if hasattr(v, "normalize") else str(v) for v in value.values()]
    return zlib.crc32("|".join((mention.kind, *parts)).encode())
