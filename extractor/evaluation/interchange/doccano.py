"""doccano: JSONL of sequence labelling with relations, overlapping spans allowed.

Export confirmed documents only: a document of the file counts as labelled completely, one
without a span as an article without a record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.article import Article
from extractor.errors import GoldError
from extractor.evaluation.interchange.jsonl import located, read_lines
from extractor.evaluation.interchange.labels import Imported, Labelled
from extractor.evaluation.interchange.spans import FIELD, Spot, as_spans, from_spans, is_type


def write(labelled: Sequence[Labelled], articles: Mapping[str, Article]) -> str:
    """A line for each article."""
    return "".join(_line(number, own, articles[own.article]) for number, own in enumerate(labelled))


def _line(number: int, own: Labelled, article: Article) -> str:
    found = as_spans(own, article.text)
    spots: list[Spot] = [*found.heads, *found.fields]
    entities = [
        {"id": i, "label": spot.label, "start_offset": spot.span.start, "end_offset": spot.span.end}
        for i, spot in enumerate(spots)
    ]
    first = len(found.heads)
    relations = [
        {"id": i, "from_id": first + i, "to_id": spot.record, "type": FIELD}
        for i, spot in enumerate(found.fields)
    ]
    line = {
        "id": number,
        "text": article.text,
        "entities": entities,
        "relations": relations,
        "Comments": [],
        "article_id": article.id,
        "about": dict(own.about),
        "rest": found.rest,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def read(content: str, articles: Mapping[str, Article]) -> Imported:
    """Read doccano's JSONL with relations.

    Args:
        content: the export.
        articles: the articles by id, the authority on the text.

    Raises:
        UsageError: a line is no JSON object.
    """
    return read_lines(content, articles, _labelled)


def _labelled(line: Mapping[str, Any], article: Article) -> Labelled:
    spans = {}
    complaints: list[str] = []
    for entity in line.get("entities") or ():
        place = (entity["start_offset"], entity["end_offset"])
        span = located(place, f"entity {entity['id']}", line, article, complaints)
        if span is not None:
            spans[entity["id"]] = (entity["label"], span)
    if complaints:
        raise GoldError("\n".join(complaints))
    heads = [(str(id_), label, span) for id_, (label, span) in spans.items() if is_type(label)]
    fields = []
    for relation in line.get("relations") or ():
        ends = [end for end in (relation["from_id"], relation["to_id"]) if end in spans]
        if len(ends) == 2 and is_type(spans[ends[1]][0]):
            label, span = spans[ends[0]]
            fields.append((str(ends[1]), label, article.text[span.start : span.end]))
    labels = from_spans(heads, fields, line.get("rest") or ())
    return Labelled(article.id, labels, line.get("about") or {})
