"""What a further request says: drafts to be mended with their sentences, figures left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from extractor.article import Article
from extractor.grounding import EvidenceForm, Span, numbered, numbers_of, sentences
from extractor.grounding.locate import find_phrase
from extractor.models.base import RepairRequest, SweepRequest
from extractor.records.pointing import MOST_SENTENCES, numbers_in

_NEIGHBOURS = 1


def repair_message(
    article: Article, requests: Sequence[RepairRequest], evidence: EvidenceForm
) -> str:
    """One JSON object a draft: its type, the draft, its errors, its sentences."""
    near = _quoted if evidence == "quote" else _pointed
    return json.dumps(
        [
            {
                "list": request.type.key,
                "record": request.draft,
                "errors": {error.field: error.message for error in request.errors},
                "sentences": near(request, article.text),
            }
            for request in requests
        ],
        ensure_ascii=False,
        default=str,
    )


def sweep_message(
    article: Article, requests: Sequence[SweepRequest], evidence: EvidenceForm
) -> str:
    """One JSON object a figure, with the passage it stands in, or the sentences by number."""
    return json.dumps(
        [
            {"figure": request.phrase, "passage": request.passage.quote}
            if evidence == "quote"
            else {
                "figure": request.phrase,
                "sentences": _by_number(
                    numbers_of(request.passage.span, article.text), article.text
                ),
            }
            for request in requests
        ],
        ensure_ascii=False,
    )


def _quoted(request: RepairRequest, text: str) -> str:
    """The sentence most like the draft's evidence, with the one before and the one after it."""
    evidence = request.draft.get("evidence") if isinstance(request.draft, Mapping) else None
    spans = sentences(text)
    if not isinstance(evidence, str) or not spans:
        return ""
    found = process.extractOne(
        evidence, [text[s.start : s.end] for s in spans], scorer=fuzz.partial_ratio
    )
    at = found[2] if found else 0
    first, last = spans[max(0, at - _NEIGHBOURS)], spans[min(len(spans) - 1, at + _NEIGHBOURS)]
    return text[first.start : last.end]


def _pointed(request: RepairRequest, text: str) -> Mapping[int, str]:
    """The sentences that the draft points at, their neighbours, and those of its phrases."""
    if not isinstance(request.draft, Mapping):
        return {}
    given = numbers_in(request.draft.get("evidence"))[:MOST_SENTENCES]
    near = [n + by for n in given if n for by in range(-_NEIGHBOURS, _NEIGHBOURS + 1)]
    return _by_number([*near, *_holding(request, text)], text)


def _holding(request: RepairRequest, text: str) -> Iterator[int]:
    """The numbers of the first sentences that hold the draft's number and its name."""
    for field in (request.type.number, request.type.named):
        phrase = request.draft.get(field)
        if isinstance(phrase, str) and (at := find_phrase(phrase, text, Span(0, len(text)))):
            yield from numbers_of(at, text)


def _by_number(numbers: Iterable[int], text: str) -> Mapping[int, str]:
    """Those of the numbered sentences that there are."""
    wanted = set(numbers)
    return {n: s for n, s in numbered(text, Span(0, len(text))).items() if n in wanted}
