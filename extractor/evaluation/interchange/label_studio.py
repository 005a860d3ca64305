"""Label Studio: tasks with pre-annotations, a labelling configuration, the full JSON export.

Other exports of Label Studio lose what joins a region with its fields. Its offsets are
checked against the article, since it does not check them itself.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

from extractor.article import Article
from extractor.errors import GoldError, UsageError
from extractor.evaluation.interchange.labels import (
    TYPES,
    Imported,
    Label,
    Labelled,
    cells_of,
    more_text,
    read_more,
)
from extractor.evaluation.interchange.offsets import mend
from extractor.grounding import Span

COMPLETE = "all records labelled"
SAME_RECORD = "same_record"
_TEXT = "text"
_COLORS = ("#2f5d8c", "#2e7d4f", "#97690c", "#7443a6")


def config() -> str:
    """The labelling configuration, XML, generated from the schemas of the record types."""
    view = ET.Element("View")
    ET.SubElement(view, "Header", value="$title")
    labels = ET.SubElement(view, "Labels", name="type", toName=_TEXT)
    for number, type_ in enumerate(TYPES):
        ET.SubElement(labels, "Label", value=type_, background=_COLORS[number % len(_COLORS)])
    ET.SubElement(
        view, "Text", name=_TEXT, value="$text", saveTextResult="yes", granularity="symbol"
    )
    relations = ET.SubElement(view, "Relations")
    ET.SubElement(relations, "Relation", value=SAME_RECORD)
    for type_ in TYPES:
        _add_fields(view, type_)
    _choices(view, "complete", (COMPLETE,), {"choice": "single"})
    ET.SubElement(
        view,
        "TextArea",
        name="notes",
        toName=_TEXT,
        placeholder="what was hard",
        maxSubmissions="1",
    )
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _add_fields(view: ET.Element, type_: str) -> None:
    own = ET.SubElement(
        view, "View", visibleWhen="region-selected", whenTagName="type", whenLabelValue=type_
    )
    for cell in cells_of(type_):
        name = f"{type_}_{cell.name}"
        if cell.choices:
            shown = {"perRegion": "true", "choice": "single-radio", "showInline": "true"}
            ET.SubElement(own, "Header", value=f"{cell.name}: {cell.description}", size="5")
            _choices(own, name, cell.choices, shown)
            continue
        ET.SubElement(own, "Header", value=cell.name, size="5")
        shown = {"perRegion": "true", "editable": "true", "maxSubmissions": "1"}
        shown["placeholder"] = cell.description
        ET.SubElement(own, "TextArea", {"name": name, "toName": _TEXT, **shown})


def _choices(view: ET.Element, name: str, values: Sequence[str], shown: dict[str, str]) -> None:
    choices = ET.SubElement(view, "Choices", {"name": name, "toName": _TEXT, **shown})
    for value in values:
        ET.SubElement(choices, "Choice", value=value)


def write(labelled: Sequence[Labelled], articles: Mapping[str, Article]) -> str:
    """Tasks as JSON; what is labelled already becomes a prediction, which labellers correct."""
    tasks = [_task(own, articles[own.article]) for own in labelled]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def _task(own: Labelled, article: Article) -> dict[str, Any]:
    results = [result for label in own.labels for result in _results(label, article.text)]
    if notes := own.about.get("notes"):
        results.append(_result("notes", "textarea", "notes", {"text": [notes]}))
    data = {
        "text": article.text,
        "title": article.title or article.id,
        "article_id": article.id,
        "text_sha256": article.text_sha256,
        "about": dict(own.about),
    }
    predictions = [{"model_version": "gold", "result": results}] if own.labels else []
    return {"data": data, "predictions": predictions}


def _results(label: Label, text: str) -> list[dict[str, Any]]:
    """A region's results: its label, then its cells."""
    start, end = label.span
    place = {"start": start, "end": end}
    shown = {**place, "text": text[start:end], "labels": [label.type]}
    region = _result(label.id, "labels", "type", shown)
    if label.more:
        region["meta"] = {"text": [more_text(label.more)]}
    results = [region]
    for cell in cells_of(label.type):
        value = label.cells.get(cell.name)
        if value is None:
            continue
        kind, key = ("choices", "choices") if cell.choices else ("textarea", "text")
        shown = {**place, key: [value]}
        results.append(_result(label.id, kind, f"{label.type}_{cell.name}", shown))
    return results


def _result(id_: str, kind: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "type": kind, "from_name": name, "to_name": _TEXT, "value": value}


def read(content: str, articles: Mapping[str, Article], annotator: str | None = None) -> Imported:
    """Read Label Studio's full JSON export.

    A skipped annotation says nothing. An article counts as labelled only if its annotation
    says that all records are labelled, so that an empty one is not taken for a negative.

    Args:
        content: the export.
        articles: the articles by id, the authority on the text.
        annotator: id or address of the annotator whose annotations are wanted; without one,
            ground truth wins, and several annotations without it are a complaint.

    Raises:
        UsageError: it is no such export.
    """
    found = Imported([], [], [])
    for task in _tasks(content):
        data = task["data"]
        id_ = str(data.get("article_id"))
        if id_ not in articles:
            found.complaints.append(f"{id_}: there is no such article in what was given")
            continue
        try:
            annotation = _chosen(task.get("annotations") or [], id_, annotator)
            if annotation is None:
                found.unlabelled.append(id_)
                continue
            found.labelled.append(_labelled(annotation["result"], data, articles[id_]))
        except GoldError as error:
            found.complaints.extend(str(error).splitlines())
    return found


def _tasks(content: str) -> list[dict[str, Any]]:
    try:
        tasks = json.loads(content)
    except ValueError as error:
        raise UsageError(f"the export is not JSON: {error}") from None
    if not isinstance(tasks, list) or not all(
        isinstance(task, dict) and isinstance(task.get("data"), dict) for task in tasks
    ):
        raise UsageError("this is not Label Studio's full JSON export: choose JSON, not JSON-MIN")
    return tasks


def _chosen(
    annotations: Sequence[Mapping[str, Any]], id_: str, annotator: str | None
) -> Mapping[str, Any] | None:
    """The one annotation that counts; None if nobody has finished the article.

    Raises:
        GoldError: several people labelled it, and none of them is ground truth.
    """
    done = [
        a
        for a in annotations
        if not a.get("was_cancelled")
        and _is_complete(a["result"])
        and annotator in (None, *_names(a.get("completed_by")))
    ]
    best = [a for a in done if a.get("ground_truth")] or done
    if len(best) > 1:
        names = ", ".join("/".join(_names(a.get("completed_by"))) for a in best)
        raise GoldError(f"{id_}: several annotations ({names}) and no one ground truth: name one")
    return best[0] if best else None


def _names(completed_by: Any) -> list[str]:
    if isinstance(completed_by, dict):
        return [str(completed_by[key]) for key in ("id", "email") if key in completed_by]
    return [str(completed_by)]


def _is_complete(results: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        result.get("from_name") == "complete" and COMPLETE in result["value"]["choices"]
        for result in results
    )


def _labelled(
    results: Sequence[Mapping[str, Any]], data: Mapping[str, Any], article: Article
) -> Labelled:
    """What one annotation says.

    Raises:
        GoldError: regions that are not in the article, a line each.
    """
    about = {name: value for name, value in (data.get("about") or {}).items() if name != "notes"}
    cells: dict[str, dict[str, str]] = {}
    heads: list[Mapping[str, Any]] = []
    for result in results:
        if result.get("type") == "labels":
            heads.append(result)
        elif result.get("from_name") == "notes":
            about["notes"] = _first(result["value"])
        elif "id" in result:
            cells.setdefault(str(result["id"]), {})[result["from_name"]] = _first(result["value"])
    complaints: list[str] = []
    spans = _spans(heads, str(data.get("text", "")), article, complaints)
    extra = _extra_spans(results, cells, spans)
    if complaints:
        raise GoldError("\n".join(complaints))
    kept = [head for head in heads if str(head["id"]) not in extra]
    labels = [_label(h, cells.get(str(h["id"]), {}), spans[str(h["id"])]) for h in kept]
    return Labelled(article.id, labels, about)


def _spans(
    heads: Sequence[Mapping[str, Any]], shown: str, article: Article, complaints: list[str]
) -> dict[str, Span]:
    """Where the regions stand in the article, by id."""
    spans: dict[str, Span] = {}
    for head in heads:
        value, id_ = head["value"], str(head["id"])
        quote = value.get("text") or shown[value["start"] : value["end"]]
        span = mend(article.text, value["start"], value["end"], quote)
        if span is None:
            complaints.append(f"{article.id}: region {id_}: its text is not in the article")
        elif value["labels"][0] not in TYPES:
            complaints.append(f"{article.id}: region {id_}: no record type {value['labels'][0]!r}")
        else:
            spans[id_] = span
    return spans


def _extra_spans(
    results: Sequence[Mapping[str, Any]],
    cells: Mapping[str, Mapping[str, str]],
    spans: dict[str, Span],
) -> set[str]:
    """Regions that only add evidence to another, which grows to hold them."""
    extra: set[str] = set()
    for result in results:
        if result.get("type") != "relation" or SAME_RECORD not in (result.get("labels") or ()):
            continue
        ends = sorted((str(result["from_id"]), str(result["to_id"])), key=lambda id_: id_ in cells)
        part, whole = ends
        if part in spans and whole in spans and part not in cells:
            a, b = spans[part], spans[whole]
            spans[whole] = Span(min(a.start, b.start), max(a.end, b.end))
            extra.add(part)
    return extra


def _label(head: Mapping[str, Any], cells: Mapping[str, str], span: Span) -> Label:
    type_ = head["value"]["labels"][0]
    own = {
        cell.name: cells[name]
        for cell in cells_of(type_)
        if (name := f"{type_}_{cell.name}") in cells
    }
    more = read_more("".join((head.get("meta") or {}).get("text") or ()))
    return Label(str(head["id"]), type_, span, own, more)


def _first(value: Mapping[str, Any]) -> str:
    """The first entry of a text area or of choices."""
    found = value.get("text", value.get("choices"))
    return found if isinstance(found, str) else str((found or [""])[0])
