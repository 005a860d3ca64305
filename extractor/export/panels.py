"""Panels: one value for each place, series and period, and the statements that contradict it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.export.columns import Column
from extractor.export.layout import columns_of
from extractor.records import EnterpriseCount, GrowthMetric, Record

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Panel:
    """How a panel is made of the records of one type.

    Attributes:
        record_type: the type.
        series: the columns that, with place and period, say what a value is of.
        value: the column of the number.
        condition: which records can stand in the panel, beside those with a certain place.
        meaning: what a row is.
    """

    record_type: type[Record]
    series: tuple[str, ...]
    value: str
    condition: str
    meaning: str


_PLACE = ("place_code", "place_name", "place_level", "place_province_code")
_SHOWN = ("record_id", "article_id", "title", "date", "source", "url", "quote")
_TIME = ("period_start", "period_end", "freq", "status")

PANELS: Mapping[str, Panel] = {
    "growth": Panel(
        GrowthMetric,
        ("indicator_code", "subject", "basis", "change_unit"),
        "change_signed",
        "indicator_code IS NOT NULL AND basis <> 'versus_benchmark' "
        "AND period_start IS NOT NULL AND period_end IS NOT NULL",
        "The growth of one indicator in one place and period.",
    ),
    "counts": Panel(
        EnterpriseCount,
        ("designation", "level", "measure"),
        "count",
        "designation <> 'other' AND period_end IS NOT NULL",
        "How many enterprises of one title one place has at a time.",
    ),
}

CONFLICTS = "panel_conflicts"


def panel_columns(panel: Panel) -> tuple[Column, ...]:
    """The columns of a panel."""
    own = {column.name: column for column in columns_of(panel.record_type)}
    number = own[panel.value]
    bound = own[_bound(panel)]
    return (
        *(own[name] for name in (*_PLACE, *panel.series, *_TIME)),
        Column(
            "value", number.kind,
            "The value that most articles state; null where no value is stated by more articles "
            "than any other. Where some state an exact value, the others do not count.",
            number.unit,
        ),
        Column("bound", "text", f"Of the value. {bound.meaning}", values=bound.values),
        Column("sources", "integer", "Articles that state the figure, at whatever value.",
               "articles"),
        Column("sources_of_value", "integer", "Articles that state this very value.", "articles"),
        Column("distinct_values", "integer",
               "Values that compete; more than 1 is a conflict.", "values"),
        Column("spread", number.kind, "The largest of these values less the smallest.",
               number.unit),
        Column("record_ids", "list", "The records that state the figure."),
    )  # fmt: skip


def conflict_columns(panel: Panel) -> tuple[Column, ...]:
    """The columns of the statements that a panel cannot all be right about."""
    own = {column.name: column for column in columns_of(panel.record_type)}
    names = (*_PLACE, *panel.series, *_TIME, panel.value, _bound(panel), *_SHOWN)
    return tuple(own[name] for name in names)


def make_panel(connection: duckdb.DuckDBPyConnection, panel: Panel, records: str) -> None:
    """Make the tables `panel` and `panel_conflicts` of the records in the table `records`.

    A park's figures are not its division's, so only exact and alias matches of a place count.
    """
    # A subject is a phrase: its case does not make another series.
    key = ("place_code", *(f"lower({name})" for name in panel.series), "period_start",
           "period_end", "status")  # fmt: skip
    names = (*_PLACE, *panel.series, *_TIME)
    connection.execute(
        f"""
        CREATE TABLE panel_records AS
        SELECT *, "{panel.value}" AS _value, {_bound(panel)} AS _bound,
            dense_rank() OVER (ORDER BY {", ".join(key)}) AS _series, row_number() OVER () AS _order
        FROM {records}
        WHERE place_code IS NOT NULL AND place_match IN ('exact', 'alias')
            AND _value IS NOT NULL AND {panel.condition}
        """
    )
    connection.execute(
        """
        CREATE TABLE panel_values AS
        SELECT _series, _value, arg_min(_bound, _order) AS _bound,
            count(DISTINCT article_id) AS articles
        FROM (
            SELECT *, bool_or(_bound = 'exact') OVER (PARTITION BY _series) AS has_exact
            FROM panel_records
        )
        WHERE _bound = 'exact' OR NOT has_exact
        GROUP BY _series, _value
        """
    )
    first = ", ".join(f"first({name} ORDER BY _order) AS {name}" for name in names)
    connection.execute(
        f"""
        CREATE TABLE panel AS
        WITH competing AS (
            SELECT _series, count(*) AS distinct_values, max(_value) - min(_value) AS spread
            FROM panel_values GROUP BY _series
        ), most AS (
            SELECT _series, any_value(_value) AS value, any_value(_bound) AS bound,
                any_value(articles) AS sources_of_value
            FROM (
                SELECT *, rank() OVER (PARTITION BY _series ORDER BY articles DESC) AS place
                FROM panel_values
            )
            WHERE place = 1 GROUP BY _series HAVING count(*) = 1
        ), series AS (
            SELECT _series, {first}, count(DISTINCT article_id) AS sources,
                list(record_id ORDER BY _order) AS record_ids
            FROM panel_records GROUP BY _series
        )
        SELECT {", ".join(names)}, value, bound, sources, sources_of_value, distinct_values, spread,
            record_ids
        FROM series JOIN competing USING (_series) LEFT JOIN most USING (_series)
        ORDER BY _series
        """
    )
    connection.execute(
        f"""
        CREATE VIEW {CONFLICTS} AS
        SELECT * FROM panel_records
        WHERE _series IN (
            SELECT _series FROM panel_values GROUP BY _series HAVING count(*) > 1
        )
        ORDER BY _series, _order
        """
    )


def _bound(panel: Panel) -> str:
    return "change_bound" if panel.value == "change_signed" else f"{panel.value}_bound"
