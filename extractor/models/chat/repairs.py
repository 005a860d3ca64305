"""What a further request says: drafts to be mended with their sentences, figures left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from extractor.article import Article
from extractor.grounding import Span, sentences
from extractor.models.base import RepairRequest, SweepRequest

_NEIGHBOURS = 1


def repair_message(article: Article, requests: Sequence[RepairRequest]) -> str:
    """One JSON object a draft: its type, the draft, its errors, its sentences."""
    spans = list(sentences(article.text))
    return json.dumps(
        [
            {
                "list": request.type.key,
                "record": request.draft,
                "errors": {error.field: error.message for error in request.errors},
                "sentences": _nearest(request.draft, spans, article.text),
            }
            for request in requests
        ],
        ensure_ascii=False,
        default=str,
    )


def sweep_message(requests: Sequence[SweepRequest]) -> str:
    """One JSON object a figure, with the passage it stands in."""
    return json.dumps(
        [{"figure": request.phrase, "passage": request.passage} for request in requests],
        ensure_ascii=False,
    )


def _nearest(draft: Any, spans: Sequence[Span], text: str) -> str:
    """The sentence most like the draft's evidence, with the one before and the one after it."""
    evidence = draft.get("evidence") if isinstance(draft, Mapping) else None
    if not isinstance(evidence, str) or not spans:
        return ""
    found = process.extractOne(
        evidence, [text[s.start : s.end] for s in spans], scorer=fuzz.partial_ratio
    )
    at = found[2] if found else 0
    first, last = spans[max(0, at - _NEIGHBOURS)], spans[min(len(spans) - 1, at + _NEIGHBOURS)]
    return text[first.start : last.end]
