"""Prodigy: JSONL for `rel.manual`, spans that may overlap, and relations.

An accepted example is labelled completely; a rejected or ignored one is not labelled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from extractor.article import Article
from extractor.errors import GoldError
from extractor.evaluation.interchange.jsonl import located, read_lines
from extractor.evaluation.interchange.labels import Imported, Labelled
from extractor.evaluation.interchange.spans import FIELD, Spot, as_spans, from_spans, is_type
from extractor.grounding import Span

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|[^\w\s]")


def write(labelled: Sequence[Labelled], articles: Mapping[str, Article]) -> str:
    """A line for each article."""
    return "".join(_line(own, articles[own.article]) for own in labelled)


def _line(own: Labelled, article: Article) -> str:
    found = as_spans(own, article.text)
    spots: list[Spot] = [*found.heads, *found.fields]
    tokens = _tokens(article.text, [spot.span for spot in spots])
    starts = {token["start"]: token["id"] for token in tokens}
    ends = {token["end"]: token["id"] for token in tokens}
    spans = [
        {
            **_place(spot.span),
            "label": spot.label,
            "token_start": starts.get(spot.span.start),
            "token_end": ends.get(spot.span.end),
            "record": spot.record,
        }
        for spot in spots
    ]
    relations = []
    for number, spot in enumerate(found.fields, start=len(found.heads)):
        child, head = spans[number], spans[spot.record]
        relation = {"head": head["token_end"], "child": child["token_end"], "label": FIELD}
        relations.append({**relation, "head_span": head, "child_span": child})
    meta = {"article_id": article.id, "about": dict(own.about), "rest": found.rest}
    line = {"text": article.text, "tokens": tokens, "spans": spans, "relations": relations}
    return json.dumps({**line, "meta": meta}, ensure_ascii=False) + "\n"


def _place(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _tokens(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Words and marks, cut further wherever a span begins or ends."""
    cuts = {end for span in spans for end in span}
    pieces: list[Span] = []
    for match in _TOKEN.finditer(text):
        inner = [i for i in range(match.start() + 1, match.end()) if i in cuts]
        ends = [match.start(), *inner, match.end()]
        pieces += [Span(a, b) for a, b in pairwise(ends)]
    return [
        {
            "text": text[a:b],
            "start": a,
            "end": b,
            "id": number,
            "ws": text[b : b + 1].isspace(),
        }
        for number, (a, b) in enumerate(pieces)
    ]


def read(content: str, articles: Mapping[str, Article]) -> Imported:
    """Read what `prodigy db-out` gives.

    Args:
        content: the lines.
        articles: the articles by id, the authority on the text.

    Raises:
        UsageError: a line is no JSON object.
    """
    return read_lines(content, articles, _labelled)


def _labelled(line: Mapping[str, Any], article: Article) -> Labelled | None:
    if line.get("answer") != "accept":
        return None
    complaints: list[str] = []
    heads = []
    for span in line.get("spans") or ():
        if is_type(span["label"]):
            place = (span["start"], span["end"])
            region = f"{place[0]}–{place[1]}"
            found = located(place, region, line, article, complaints)
            if found is not None:
                heads.append((_name(span), span["label"], found))
    if complaints:
        raise GoldError("\n".join(complaints))
    text = str(line.get("text", ""))
    fields = []
    for relation in line.get("relations") or ():
        head, child = relation["head_span"], relation["child_span"]
        shown = text[child["start"] : child["end"]]
        fields.append((_name(head), child["label"], shown))
    meta = line.get("meta") or {}
    labels = from_spans(heads, fields, meta.get("rest") or ())
    return Labelled(article.id, labels, meta.get("about") or {})


def _name(span: Mapping[str, Any]) -> str:
    """A span's name: the record it came from, else its label and place."""
    place = f"{span['label']} {span['start']}–{span['end']}"
    return f"{place} {span['record']}" if span.get("record") is not None else place
