"""All record types in one table: what they share under one name, what only some have beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractor.export.columns import Column
from extractor.records import EnterpriseCount, Fund, GrowthMetric, Policy, Record

_SIGNED_UPPER = (
    "CASE direction WHEN 'decrease' THEN -change_upper WHEN 'flat' THEN NULL ELSE change_upper END"
)
_SHARED: Mapping[str, Mapping[type[Record], str]] = {
    "name": {
        Policy: "name", Fund: "name", EnterpriseCount: "category", GrowthMetric: "indicator",
    },
    "value": {Fund: "amount", EnterpriseCount: '"count"', GrowthMetric: "change_signed"},
    "value_upper": {
        Fund: "amount_upper", EnterpriseCount: "count_upper", GrowthMetric: _SIGNED_UPPER,
    },
    "unit": {
        Fund: "amount_currency", EnterpriseCount: "'enterprises'", GrowthMetric: "change_unit",
    },
    "bound": {Fund: "amount_bound", EnterpriseCount: "count_bound", GrowthMetric: "change_bound"},
    "value_text": {Fund: "amount_text", EnterpriseCount: "count_text", GrowthMetric: "change_text"},
}  # fmt: skip
"""What stands in a shared column for each type; null for the others."""

_REPLACED: Mapping[type[Record], tuple[str, ...]] = {
    Policy: ("name",),
    Fund: ("name", "amount", "amount_upper", "amount_currency", "amount_bound", "amount_text"),
    EnterpriseCount: ("category", "count", "count_upper", "count_bound", "count_text"),
    GrowthMetric: (
        "indicator", "change", "change_signed", "change_upper", "change_unit", "change_bound",
        "change_text",
    ),
}  # fmt: skip
"""Columns of a type that the shared ones stand for."""

_HEAD = (
    Column("type", "text", "Record type."),
    Column(
        "name", "text",
        "What the record is about, as written: the name of a policy or of a fund, the category "
        "of enterprises, the indicator.",
    ),
    Column(
        "value", "decimal",
        "The number of the record: the amount of a fund, the count of enterprises, the change of "
        "an indicator, negative for a decrease; null for a policy. Of a range the lower end.",
        "as the unit column says",
    ),
    Column("value_upper", "decimal", "The upper end of a range.", "as the unit column says"),
    Column(
        "unit", "text",
        "Of the value: a currency (ISO 4217), enterprises, percent, percentage_points, times or "
        "absolute.",
    ),
    Column("bound", "text", "How the value limits the truth.",
           values=("exact", "at_least", "at_most", "about", "range")),
    Column("value_text", "text", "The phrase of the value, verbatim from the article."),
)  # fmt: skip


def long_columns(tables: Mapping[type[Record], Sequence[Column]]) -> tuple[Column, ...]:
    """The columns of the one table, given those of each type: first what every type has."""
    rest: dict[str, Column] = {}
    for type_, columns in tables.items():
        for column in columns:
            if column.name in _REPLACED[type_]:
                continue
            known = rest.setdefault(column.name, column)
            if known != column:
                rest[column.name] = _joined(known, column)
    everywhere = {
        name
        for name in rest
        if all(name in {column.name for column in columns} for columns in tables.values())
    }
    ordered = sorted(rest.values(), key=lambda column: column.name not in everywhere)
    return (*_HEAD, *ordered)


def long_query(
    tables: Mapping[type[Record], Sequence[Column]], relations: Mapping[type[Record], str]
) -> str:
    """The query of the one table, given the relation that holds the rows of each type."""
    parts = []
    for type_, columns in tables.items():
        shared = [
            f"{of[type_]} AS {name}" if type_ in of else f"NULL AS {name}"
            for name, of in _SHARED.items()
        ]
        own = [f'"{c.name}"' for c in columns if c.name not in _REPLACED[type_]]
        parts.append(
            f"SELECT '{type_.type}' AS type, {', '.join((*shared, *own))} FROM {relations[type_]}"
        )
    return " UNION ALL BY NAME ".join(parts)


def _joined(one: Column, other: Column) -> Column:
    """A column that two types have, each with values of its own."""
    values = tuple(dict.fromkeys((*one.values, *other.values)))
    meaning = one.meaning if other.meaning in one.meaning else f"{one.meaning} {other.meaning}"
    return Column(one.name, one.kind, meaning, one.unit, values)
