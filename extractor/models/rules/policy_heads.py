"""What all names of policies have: a head noun, and nothing that is no policy."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.grounding import Span
from extractor.models.rules.document import Document
from extractor.models.rules.lexicon import Cue

NOT_A_POLICY = re.compile(
    r"\b(?:award|prize|forum|fair|exhibition|conference|meeting|daily|list|title|effect|brand|"
    r"contract|agreement|institute|school|no\.|base|laborator\w*|center|centre|expo)\b|"
    r"大会|论坛|奖|博览会|日报|名单|合同|协议|报告|会议|称号",
    re.IGNORECASE,
)
"""Words in names of other things."""
_HEAD_END = re.compile(r"\s*(?:$|for|to|of|on|[”\"’(,.])")


class Named(NamedTuple):
    """A policy's name, its stretch, and the kind that its head noun says."""

    name: str
    span: Span
    kind: str
    rule: str = "policy.title"


def head_of(doc: Document, start: int, end: int) -> Cue | None:
    """The head noun of a name: the first before "for", "of", "on"; in Chinese the last."""
    nouns = doc.cues.within("policy_nouns", start, end)
    if not nouns:
        return None
    if doc.lang == "zh":
        return nouns[-1]
    headed = [n for n in nouns if _HEAD_END.match(doc.text[n.end : min(end, n.end + 6)])]
    return (headed or nouns)[0]
