"""What every labelling tool shows of a record: a span with a type, and cells of text.

A labeller writes what a model writes, by the same schema: phrases and choices. Code reads
the values from the phrases. Gold that deliberately says something else than its phrase
carries the exact value along; it holds as long as nobody changes the cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from extractor.article import INPUT_FIELDS, Article
from extractor.errors import GoldError, PhraseError
from extractor.evaluation.drafting import SCHEMA
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.gold_face import gold_record
from extractor.grounding import Span
from extractor.records import RECORD_TYPES, Draft, Record
from extractor.records.faces import currency_of
from extractor.values import Change, Count, Money, Period

TYPES: Mapping[str, type[Record]] = {record_type.type: record_type for record_type in RECORD_TYPES}
_NUMBERED = re.compile(r"(?P<type>[a-z_]+)-(?P<place>\d+)")
_ABOUT_DEFAULTS: Mapping[str, Any] = {
    "split": "dev",
    "labelled_by": "hand",
    "origin": None,
    "story": None,
    "weight": 1.0,
    "notes": "",
}


class Cell(NamedTuple):
    """A field as a labeller fills it in.

    Attributes:
        name: the field.
        choices: the values to choose from; empty for free text.
        optional: it may stay empty.
        description: what belongs in it.
    """

    name: str
    choices: tuple[str, ...]
    optional: bool
    description: str


@dataclass(frozen=True, slots=True)
class Label:
    """A record as a labelling tool has it.

    Attributes:
        id: the tool's name for it; `<type>-<place>` for one that came from gold.
        type: the record's type.
        span: its evidence, in code points of the article.
        cells: its fields but the evidence; what is null is left out.
        more: what no cell shows: `exact` values, `exceptions`, `optional`.
    """

    id: str
    type: str
    span: Span
    cells: Mapping[str, str]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article as a labelling tool has it.

    Attributes:
        article: the article's id.
        labels: all its records.
        about: what its gold file says beside the records, where that is not the default.
    """

    article: str
    labels: Sequence[Label]
    about: Mapping[str, Any] = field(default_factory=dict)


class Imported(NamedTuple):
    """What a tool's file holds.

    Attributes:
        labelled: the articles that are labelled completely.
        complaints: what is wrong, a line each that names article and region; an article that
            has one is not among `labelled`.
        unlabelled: ids of articles that nobody has finished.
    """

    labelled: list[Labelled]
    complaints: list[str]
    unlabelled: list[str]


@cache
def cells_of(type_: str) -> tuple[Cell, ...]:
    """The cells of a record type, from the schema of what a model writes."""
    found = []
    for name, schema in TYPES[type_].model_json_schema()["properties"].items():
        if name == "evidence":
            continue
        options = schema.get("anyOf", [schema])
        choices = tuple(value for option in options for value in option.get("enum", ()))
        described = next((o["description"] for o in options if "description" in o), "")
        optional = any(option.get("type") == "null" for option in options)
        found.append(Cell(name, choices, optional, schema.get("description", described)))
    return tuple(found)


@cache
def _adapter(type_: str, name: str) -> TypeAdapter[Any]:
    info = TYPES[type_].model_fields[name]
    kind: Any = info.annotation
    if info.metadata:
        kind = Annotated[(kind, *info.metadata)]
    return TypeAdapter(kind)


def labelled(gold: GoldArticle) -> Labelled:
    """A gold article as labelling tools show it."""
    reading = Draft(gold.article)
    exceptions: dict[tuple[str, int], dict[str, str]] = {}
    for exception in gold.exceptions:
        own = exceptions.setdefault((exception.type, exception.index), {})
        own[exception.field] = exception.reason
    labels = []
    for _, records in gold.records.by_type():
        for place, record in enumerate(records):
            more: dict[str, Any] = {}
            if reasons := exceptions.get((record.type, place)):
                more["exceptions"] = reasons
            if (record.type, place) in gold.optional:
                more["optional"] = True
            labels.append(_label(record, place, reading, more))
    about = {
        name: value
        for name, default in _ABOUT_DEFAULTS.items()
        if (value := getattr(gold, name)) != default
    }
    return Labelled(gold.article.id, labels, about)


def _label(record: Record, place: int, reading: Draft, more: dict[str, Any]) -> Label:
    face = gold_record(record, reading.article.text)
    cells = {}
    for cell in cells_of(record.type):
        value = face[cell.name]
        if value is not None:
            cells[cell.name] = value["text"] if isinstance(value, dict) else value
    exact = {}
    quote = record.evidence.quote
    for cell in cells_of(record.type):
        shown = cells.get(cell.name, "")
        try:
            same = _read(record.type, cell.name, shown, cells, (quote, reading)) == face[cell.name]
        except (ValidationError, PhraseError):
            same = False
        if not same:
            exact[cell.name] = {"cell": shown, "value": face[cell.name]}
    if exact:
        more = {**more, "exact": exact}
    return Label(f"{record.type}-{place}", record.type, record.evidence.span, cells, more)


def _read(
    type_: str, name: str, shown: str, cells: Mapping[str, str], where: tuple[str, Draft]
) -> Any:
    """A cell as the field of a gold file.

    Raises:
        ValidationError: it is no such value.
        PhraseError: it is no period.
    """
    quote, reading = where
    text = shown.strip()
    value = _adapter(type_, name).validate_python(text or None, context=reading)
    if isinstance(value, Period):
        planned = cells.get("status") == "planned"
        value = Period.parse(value.text, reading.article.date, planned=planned)
        return value.model_dump(mode="json", exclude={"at", "flags"})
    if isinstance(value, Money) and value.currency is None:
        stated = currency_of(quote) or reading.stated_currency
        value = value.model_copy(update={"currency": stated})
    if isinstance(value, Money | Count | Change):
        return value.model_dump(mode="json", exclude={"at"})
    return value


def gold_file(labelled: Labelled, article: Article) -> dict[str, Any]:
    """What labellers made of an article, as a gold file.

    Records that came from gold keep their order; new ones follow.

    Args:
        labelled: the labels.
        article: the article itself.

    Raises:
        GoldError: everything that is wrong, a line each that names article and region.
    """
    reading = Draft(article)
    complaints: list[str] = []
    records: dict[str, list[dict[str, Any]]] = {t.key: [] for t in RECORD_TYPES}
    optional: list[dict[str, Any]] = []
    exceptions: list[dict[str, Any]] = []
    for label in sorted(labelled.labels, key=_place):
        rows = records[TYPES[label.type].key]
        pointer = {"type": label.type, "index": len(rows)}
        rows.append(_face(label, reading, complaints))
        if label.more.get("optional"):
            optional.append(pointer)
        for name, reason in label.more.get("exceptions", {}).items():
            exceptions.append({**pointer, "field": name, "reason": reason})
    if complaints:
        raise GoldError("\n".join(complaints))
    own = {name: getattr(article, name) for name in INPUT_FIELDS if name != "date"}
    own["date"] = str(article.date) if article.date else None
    known = {name: labelled.about.get(name, value) for name, value in _ABOUT_DEFAULTS.items()}
    file = {"$schema": SCHEMA, "article": own, "records": records, **known}
    return file | {"optional": optional, "exceptions": exceptions}


def _place(label: Label) -> tuple[bool, int]:
    match = _NUMBERED.fullmatch(label.id)
    return (False, int(match["place"])) if match else (True, 0)


def _face(label: Label, reading: Draft, complaints: list[str]) -> dict[str, Any]:
    """A label in the face of a gold file; what cannot be read is added to `complaints`."""
    text = reading.article.text
    quote = text[label.span.start : label.span.end]
    exact = label.more.get("exact", {})
    face: dict[str, Any] = {}
    for cell in cells_of(label.type):
        shown = label.cells.get(cell.name, "")
        kept = exact.get(cell.name)
        if kept is not None and kept["cell"] == shown:
            face[cell.name] = kept["value"]
            continue
        try:
            face[cell.name] = _read(label.type, cell.name, shown, label.cells, (quote, reading))
        except ValidationError as error:
            reason = error.errors(include_url=False, include_input=False)[0]["msg"]
            reason = reason if shown.strip() else "is empty"
        except PhraseError as error:
            reason = str(error)
        if cell.name not in face:
            place = f"{reading.article.id}: region {label.id}: {label.type}.{cell.name}"
            complaints.append(f"{place}: {reason}")
    face["evidence"] = quote
    if text.find(quote) != label.span.start:
        face["evidence_start"] = label.span.start
    return face


def more_text(more: Mapping[str, Any]) -> str:
    """What no cell shows, as one string; empty if there is nothing."""
    return json.dumps(more, ensure_ascii=False, sort_keys=True) if more else ""


def read_more(text: str) -> Mapping[str, Any]:
    """The inverse of `more_text`.

    Raises:
        GoldError: somebody edited it, and it is no JSON object now.
    """
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise GoldError("what is kept for the program is no JSON object any more")
    return found


def blank(article: Labelled) -> Labelled:
    """The same article without its labels, to be labelled by hand."""
    dropped = ("labelled_by", "notes")
    about = {name: value for name, value in article.about.items() if name not in dropped}
    return Labelled(article.article, (), about)
