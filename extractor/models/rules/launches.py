"""When a policy was issued or begun."""

from __future__ import annotations

import re

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.times import is_fronted, is_until, is_vague, period_in, usable
from extractor.values import Mention

EVENT = re.compile(
    r"\b(?:came|open(?:ed|s)|(?:in|into) (?:force|effect)|t(?:akes|ook) effect|gazetted|passed|"
    r"began|start(?:ed|s))\b|提交|审议|生效|通过",
    re.IGNORECASE,
)
"""What happens to a policy, beside the verbs of issuing."""
_NEAR = 90  # characters behind a name in which its date may stand
_AFTER = {"en": 40, "zh": 12}  # behind a date, in which the verb of its event may stand
_APART = {"en": 30, "zh": 6}  # between the names of a list that one date governs


def launch_of(
    doc: Document, sentence: Sentence, span: Span, *, basis: int | None = None
) -> str | None:
    """The phrase of the period in which what stands in `span` was issued or begun.

    Args:
        doc: the article.
        sentence: the sentence that names the policy.
        span: its name.
        basis: where the words end that make it only the basis of something else ("under the
            plan"): what stands before them tells the time of that.
    """
    times = [m for m in usable(doc, sentence) if _is_launch(doc, m)]
    segment = doc.segment_start(sentence, span.start)
    clause = sentence.clause_at(span.start)
    before = [m for m in times if (basis or 0) <= m.start < span.start]
    fronted = [m for m in before if is_fronted(doc, sentence, m)]
    near = [m for m in before if m.start >= segment and (m in fronted or m.start >= clause.start)]
    near = [m for m in near if not _is_of_other(doc, m.end, span.start)]
    behind = [m for m in times if _tells_event(doc, sentence, span, m)]
    if near or behind:
        chosen = near[-1] if near else behind[0]
    elif fronted and sentence.clause_at(fronted[0].start).start == sentence.span.start:
        chosen = fronted[0]
    else:
        return None
    return doc.text[chosen.start : chosen.end]


def _is_launch(doc: Document, mention: Mention) -> bool:
    """Whether something may have begun then; "as of May" tells how it stood."""
    is_term = period_in(mention).start is None and doc.article.date is not None
    return not (is_term or is_vague(doc, mention) or is_until(doc, mention))


def _is_of_other(doc: Document, start: int, end: int) -> bool:
    """Whether another policy stands between a date and this one, and the two are no list."""
    others = [q.end for q in doc.quotes if start <= q.start and q.end <= end]
    return bool(others) and end - others[-1] > _APART[doc.lang]


def _tells_event(doc: Document, sentence: Sentence, span: Span, mention: Mention) -> bool:
    """Whether a date behind a name is that of its launch: "…, which came out in May"."""
    if not span.end <= mention.start < span.end + _NEAR:
        return False
    if any(span.end <= q.start < mention.start for q in doc.quotes):
        return False
    clause = sentence.clause_at(mention.start)
    if doc.lang == "en" and clause.start < span.end:
        return True
    stop = min(mention.end + _AFTER[doc.lang], clause.end)
    low = min(clause.start, span.end)
    is_said = doc.cues.within("policy_verbs", low, stop)
    return bool(is_said or EVENT.search(doc.text, span.end, stop))
