"""Records and articles as rows, with columns generated from the records' own classes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from extractor.export.columns import Column, Kind, holds
from extractor.export.frequency import Frequency, frequency
from extractor.grounding import Evidence
from extractor.records import Record
from extractor.records.gazetteer import divisions
from extractor.records.places import Place
from extractor.results import ArticleInfo, Extraction, Failure, Provenance
from extractor.values import Change, Count, Money, Period

OUT_OF_RANGE = "out_of_range"

PUBLISHERS_TEXT = ("quote", "extra")
"""Columns that hold, or may hold, passages of an article."""


class Row(NamedTuple):
    """A record with what its row says beside it.

    Attributes:
        record: the record.
        extraction: the result it is of.
        flags: of its values, its period and the checks.
        review: what a reviewer did with it.
    """

    record: Record
    extraction: Extraction
    flags: frozenset[str]
    review: str | None


_Reader: TypeAlias = Callable[[Row], Any]
_Layout: TypeAlias = tuple[tuple[Column, _Reader], ...]

_NUMBER: tuple[tuple[str, Kind, str], ...] = (
    ("", "decimal", "value"), ("_upper", "decimal", "upper"), ("_bound", "text", "bound"),
    ("_text", "text", "text"),
)  # fmt: skip
_WHOLE: tuple[tuple[str, Kind, str], ...] = (
    ("", "integer", "value"), ("_upper", "integer", "upper"), *_NUMBER[2:],
)  # fmt: skip
_PARTS: Mapping[type[BaseModel], tuple[tuple[str, Kind, str], ...]] = {
    Money: (*_NUMBER[:2], ("_currency", "text", "currency"), *_NUMBER[2:]),
    Change: (*_NUMBER[:2], ("_unit", "text", "unit"), *_NUMBER[2:]),
    Count: _WHOLE,
    Period: (("_start", "date", "start"), ("_end", "date", "end"), ("_text", "text", "text")),
    Place: tuple(
        (f"_{name}", "text", name) for name in ("code", "name", "level", "province_code", "match")
    ),
    Evidence: (
        ("quote", "text", "quote"), ("quote_start", "integer", "start"),
        ("quote_end", "integer", "end"),
    ),
}  # fmt: skip
"""The columns of a value: what is added to the field's name, and where it stands in the value."""

_UNITS: Mapping[tuple[type[BaseModel], Kind], str] = {
    (Money, "decimal"): "base unit of the currency (yuan, dollars)",
    (Change, "decimal"): "as change_unit says",
    (Count, "integer"): "things counted",
    (Evidence, "integer"): "Unicode code points",
}
_PLACE_MEANINGS = {
    "code": "Code of the place in GB/T 2260, six digits; null where none is certain.",
    "name": "The division's official Chinese name; the region as written where it has no code.",
    "level": "Tier of the division.",
    "province_code": "Code of the division's province.",
    "match": "How the region led to the place: exact (full official name), alias (short, old or "
    "other spelling), parent (the region is something inside the division, such as a park), "
    "ambiguous (several divisions or none that is certain), none (no division found).",
}
_AFTER: Mapping[str, tuple[tuple[Column, _Reader], ...]] = {
    "period": (
        (
            Column(
                "freq", "text",
                "Length of the period: day, month, quarter, half_year, year (calendar ones), ytd "
                "(from 1 January to another day of the year), years (several calendar years), "
                "as_of (only the end is known), since (only the start), other.",
                values=get_args(Frequency),
            ),
            lambda row: frequency(row.record.period),
        ),
    ),
    "change": (
        (
            Column(
                "change_signed", "decimal",
                "The change, negative for a decrease, 0 where direction is flat.",
                "as change_unit says",
            ),
            lambda row: _signed(row.record),
        ),
    ),
    "place": (
        (
            Column("place_province", "text", "Official Chinese name of that province."),
            lambda row: _province(row.record.place),
        ),
    ),
}  # fmt: skip
"""What code adds behind the columns of a field."""

_REMARKS: _Layout = (
    (
        Column(
            "flags", "list",
            "Remarks and doubts: flags of the number (ambiguous_unit) and of the period "
            "(year_from_date, from_date, runs_on, carried); names of the checks that flag the "
            "record (see `extractor check`); out_of_range: a number that its column does not hold "
            "and that is null here.",
        ),
        lambda row: sorted(row.flags),
    ),
    (
        Column(
            "review", "text", "What a reviewer did with the record; null if nothing.",
            values=("accepted", "corrected"),
        ),
        lambda row: row.review,
    ),
)  # fmt: skip
_ABOUT = {
    "title": Column("title", "text", "Title of the article."),
    "date": Column("date", "date", "Date of the article."),
    "source": Column("source", "text", "Who published the article."),
    "url": Column("url", "text", "Address of the article."),
    "date_source": Column(
        "date_source", "text", ArticleInfo.model_fields["date_source"].description or "",
        values=("field", "text"),
    ),
    "lang": Column("lang", "text", "Language of the article."),
    "chars": Column("chars", "integer", "Length of the article's text.", "Unicode code points"),
}  # fmt: skip
_ID = Column("article_id", "text", "Id of the article.")
_HASH = Column("text_sha256", "text", "SHA-256 of the article's text in UTF-8, 64 hex digits.")
_RUN = Column("run", "text", "Identity of what was asked: model, parameters, prompt, schema.")


def _made(name: str) -> Column:
    return Column(name, "text", Provenance.model_fields[name].description or "")


_PROVENANCE: _Layout = (
    (_ID, attrgetter("extraction.id")),
    *(
        (_ABOUT[name], attrgetter(f"extraction.article.{name}"))
        for name in ("title", "date", "source", "url")
    ),
    (_HASH, attrgetter("extraction.text_sha256")),
    (_made("model"), attrgetter("extraction.provenance.model")),
    (_RUN, attrgetter("extraction.run")),
)
_MADE = ("model", "served_model", "prompt", "version")

ARTICLES = (
    _ID,
    *_ABOUT.values(),
    _HASH,
    _RUN,
    *map(_made, _MADE),
    Column(
        "status", "text",
        "ok: the article was read, and no records means that it holds none; failed: nobody knows.",
        values=("ok", "failed"),
    ),
    Column("error", "text", "Why the article failed."),
    Column(
        "records", "integer", "Records of the article, of the exported types, before --where.",
        "records",
    ),
    Column("extra", "text", "Fields of the input line that are not ours, as a JSON object."),
)  # fmt: skip
"""Columns of the articles."""


@cache
def columns_of(record_type: type[Record]) -> tuple[Column, ...]:
    """The columns of a record type, in order."""
    return tuple(column for column, _ in _layout(record_type))


def cells(row: Row) -> list[Any]:
    """The cells of a record, in the order of `columns_of` its type.

    A number that its column cannot keep becomes null, with the flag `out_of_range`.
    """
    layout = _layout(type(row.record))
    values = [read(row) for _, read in layout]
    lost = [
        i
        for i, (column, _) in enumerate(layout)
        if values[i] is not None and not holds(column.kind, values[i])
    ]
    if lost:
        for i in lost:
            values[i] = None
        flags = [column.name for column, _ in layout].index("flags")
        values[flags] = sorted({*values[flags], OUT_OF_RANGE})
    return values


def article_cells(outcome: Extraction | Failure, records: int | None) -> list[Any]:
    """The cells of an article, in the order of `ARTICLES`; `records` is null for a failure."""
    error = outcome.error if isinstance(outcome, Failure) else None
    return [
        outcome.id,
        *(getattr(outcome.article, name) for name in _ABOUT),
        outcome.text_sha256,
        outcome.run,
        *(getattr(outcome.provenance, name) for name in _MADE),
        outcome.status,
        f"{error.type}: {error.message}" if error else None,
        records,
        json.dumps(outcome.extra, ensure_ascii=False),
    ]


@cache
def _layout(record_type: type[Record]) -> _Layout:
    """Each column with what takes its cell from a row; the evidence goes behind the remarks."""
    fields = [name for name in record_type.model_fields if name != "evidence"]
    found: list[tuple[Column, _Reader]] = []
    for name in fields:
        found += _of_field(record_type, name)
        found += _AFTER.get(name, ())
    return (*found, *_REMARKS, *_of_field(record_type, "evidence"), *_PROVENANCE)


def _of_field(record_type: type[Record], name: str) -> Iterator[tuple[Column, _Reader]]:
    """The columns of one field: one for a text, several for a value."""
    field = record_type.model_fields[name]
    own = (field.description or "").strip()
    classes = [c for c in _leaves(field.annotation) if isinstance(c, type)]
    value_class = next((c for c in _PARTS if c in classes), None)
    if value_class is None:
        values = tuple(v for v in _leaves(field.annotation) if isinstance(v, str))
        yield Column(name, "text", own, values=values), attrgetter(f"record.{name}")
        return
    prefix = "" if value_class is Evidence else name
    for suffix, kind, part in _PARTS[value_class]:
        described = value_class.model_fields[part]
        meaning = _PLACE_MEANINGS[part] if value_class is Place else described.description or ""
        column = Column(
            f"{prefix}{suffix}",
            kind,
            f"{own} {meaning}".strip() if part == "value" else meaning,
            _UNITS.get((value_class, kind)),
            tuple(v for v in _leaves(described.annotation) if isinstance(v, str)),
        )
        yield column, _part(name, part, kind)


def _part(name: str, part: str, kind: Kind) -> _Reader:
    """What takes a part of a value that may be null; a count has no currency."""

    def read(row: Row) -> Any:
        value = getattr(getattr(row.record, name), part, None)
        return Decimal(value) if kind == "decimal" and value is not None else value

    return read


def _leaves(annotation: Any) -> Iterator[Any]:
    """The classes and the literal values that an annotation is made of."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif arguments := get_args(annotation):
        for argument in arguments:
            yield from _leaves(argument)
    else:
        yield annotation


def _signed(record: Any) -> Any:
    sign = {"increase": 1, "decrease": -1, "flat": 0}[record.direction]
    return sign * record.change.value


def _province(place: Place | None) -> str | None:
    return divisions()[place.province_code].name if place and place.province_code else None
