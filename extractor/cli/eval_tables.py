"""The tables of an evaluation for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from extractor.evaluation.runs import EvalRun
from extractor.evaluation.scores import FieldTally, MatchKind
from extractor.evaluation.slices import THIN, Operations, Slice
from extractor.evaluation.statistics import Estimate
from extractor.evaluation.summary import FieldRow, TypeRow

_PIPED_WIDTH = 130
_SHOWN_SLICES = 8


def console() -> Console:
    """Where tables go; a pipe has room for all columns."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


def percent(value: float | None) -> str:
    """A share in percent with one digit, or n/a."""
    return "n/a" if value is None else f"{100 * value:.1f}"


def interval(estimate: Estimate) -> str:
    """A share in percent with its interval."""
    if estimate.low is None or estimate.high is None:
        return percent(estimate.value)
    return f"{percent(estimate.value)} ({percent(estimate.low)}–{percent(estimate.high)})"


def show_run(run: EvalRun) -> None:
    """Print all tables of a run."""
    out = console()
    summary = run.summary
    for maker in run.made_by:
        out.print(f"{maker.model} ({maker.run}), extractor {maker.version}")
    out.print(f"{run.gold.articles} gold articles, split {run.gold.split}, hash {run.gold.hash}")
    out.print(_type_table(summary.types))
    out.print(kind_table(summary.types))
    out.print(_field_table(summary.fields))
    if summary.errors:
        out.print(_error_table(summary.errors))
    out.print(_slice_table(summary.slices))
    for line in operation_lines(summary.operations):
        out.print(line, soft_wrap=True)
    if any(row.scores["usable"].f1.small for row in summary.types.values()):
        out.print("small sample: fewer than 30 stories, intervals are linear approximations")
    if summary.noise is not None:
        out.print(
            f"{len(summary.noise.usable)} repeats: up to {summary.noise.largest:.2f} points apart"
        )


def new_table(title: str, left: Iterable[str], right: Iterable[str]) -> Table:
    """An empty table with left-aligned and right-aligned columns."""
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 1, 0, 0))
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def _type_table(rows: Mapping[str, TypeRow]) -> Table:
    table = new_table(
        "usable records by type: percent, 95 % interval",
        ["type"],
        ["gold", "predicted", "pairs", "precision", "recall", "F1"],
    )
    for name, row in rows.items():
        found = row.scores["usable"]
        shares = (found.precision, found.recall, found.f1)
        counts = (row.gold, row.predicted, row.matched)
        table.add_row(name, *(f"{n:,}" for n in counts), *(interval(share) for share in shares))
    return table


def kind_table(rows: Mapping[str, TypeRow]) -> Table:
    """F1 by type and kind of match."""
    table = new_table(
        "F1 by kind of match, and overlap of the evidence in pairs",
        ["type"],
        ["usable", "lenient", "strict", "soft", "evidence"],
    )
    for name, row in rows.items():
        kinds: tuple[MatchKind, ...] = ("usable", "lenient", "strict", "soft")
        shares = [row.scores[kind].f1 for kind in kinds]
        table.add_row(name, *(interval(share) for share in (*shares, row.evidence)))
    return table


def _field_table(fields: Mapping[str, Mapping[str, FieldRow]]) -> Table:
    outcomes = [name.replace("_", " ") for name in FieldTally._fields]
    table = new_table(
        "fields: outcomes; precision and recall end to end, accuracy in pairs (percent)",
        ["field"],
        [*outcomes, "precision", "recall", "accuracy"],
    )
    for type_, rows in fields.items():
        for field, row in rows.items():
            shares = (row.precision, row.recall, row.accuracy)
            table.add_row(
                f"{type_}.{field}", *map(str, row.outcomes), *(percent(s.value) for s in shares)
            )
    return table


def _error_table(errors: Mapping[str, Mapping[str, int]]) -> Table:
    types = sorted({type_ for counts in errors.values() for type_ in counts})
    table = new_table("records without a partner", ["class"], types)
    for name, counts in errors.items():
        table.add_row(name, *(str(counts.get(type_, 0)) for type_ in types))
    return table


def _slice_table(slices: Mapping[str, Mapping[str, Slice]]) -> Table:
    table = new_table("usable F1 by slice", ["slice", ""], ["articles", "gold", "usable F1"])
    for name, parts in slices.items():
        largest = sorted(parts.items(), key=lambda item: -item[1].articles)[:_SHOWN_SLICES]
        for value, part in largest:
            style = "dim" if part.articles < THIN else None
            counts = (f"{part.articles:,}", f"{part.gold:,}")
            table.add_row(name, value, *counts, interval(part.usable), style=style)
    return table


def operation_lines(operations: Operations) -> list[str]:
    """How the run went, in a few lines."""
    failed = sum(operations.failures.values())
    lines = [
        f"macro F1 (usable): {percent(operations.macro_types)} over types, "
        f"{percent(operations.macro_articles)} over articles",
        f"{failed} of {operations.articles} articles failed",
        *(f"  {count} × {reason}" for reason, count in operations.failures.items()),
        f"articles without a record: {operations.empty}, with a false alarm: "
        f"{percent(operations.false_alarms.value)} %",
        f"drafts that do not stand in the article: {percent(operations.ungrounded.value)} %",
    ]
    if operations.rejected:
        counts = ", ".join(f"{n} {code}" for code, n in sorted(operations.rejected.items()))
        lines.append(f"rejected drafts: {counts}")
    cost = "unknown" if operations.cost_usd is None else f"${operations.cost_usd:,.4f}"
    lines.append(f"cost: {cost}")
    if operations.median_seconds is not None and operations.p95_seconds is not None:
        lines.append(
            f"seconds an article: median {operations.median_seconds:.3f}, "
            f"95th percentile {operations.p95_seconds:.3f}"
        )
    return lines
