"""Records and summaries as tables for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractor.batch import Summary, paths_of
from extractor.batch.files import STANDARD
from extractor.cli.bill import bill_rows
from extractor.records import RECORD_TYPES, Record
from extractor.results import Extraction
from extractor.values import Change, Count, Money, Period

_BOUNDS = {"exact": "", "at_least": "≥ ", "at_most": "≤ ", "about": "≈ ", "range": ""}
_UNITS = {"percent": " %", "percentage_points": " points", "times": " ×", "absolute": ""}
_SIGNS = {"increase": "+", "decrease": "−", "flat": ""}


def _number(value: Any, upper: Any) -> str:
    shown = f"{value.normalize():,f}" if hasattr(value, "normalize") else f"{value:,}"
    if upper is None:
        return shown
    return f"{shown}–{_number(upper, None)}"


def money(value: Money | Count | None) -> str:
    """An amount with its currency, or a count."""
    if value is None:
        return ""
    currency = f" {value.currency or '?'}" if isinstance(value, Money) else ""
    return f"{_BOUNDS[value.bound]}{_number(value.value, value.upper)}{currency}"


def change(value: Change, direction: str) -> str:
    """A change with its sign and unit."""
    shown = _number(value.value, value.upper)
    return f"{_SIGNS[direction]}{_BOUNDS[value.bound]}{shown}{_UNITS[value.unit]}"


def period(value: Period | None) -> str:
    """A period as ISO dates, or its words where it has none."""
    if value is None:
        return ""
    if value.start is None and value.end is None:
        return f"“{value.text}”"
    if value.start == value.end:
        return str(value.start)
    return f"{value.start or '…'} – {value.end or '…'}"


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _way(record: Any) -> str:
    """From whom to whom money goes."""
    if record.recipient:
        return f"{record.provider or '…'} → {record.recipient}"
    return record.provider or ""


_COLUMNS: dict[str, tuple[tuple[str, Callable[[Any], str]], ...]] = {
    "policy": (
        ("policy", lambda r: r.name),
        ("measures", lambda r: money(r.measure_count)),
        ("kind, level, issuer", lambda r: _joined(r.kind, r.level, r.issuer)),
    ),
    "fund": (
        ("fund", lambda r: r.name),
        ("amount", lambda r: money(r.amount)),
        ("kind, from → to", lambda r: _joined(r.kind, _way(r))),
    ),
    "enterprise_count": (
        ("enterprises", lambda r: r.category),
        ("count", lambda r: money(r.count)),
        ("measure, designation, level", lambda r: _joined(r.measure, r.designation, r.level)),
    ),
    "growth_metric": (
        ("indicator, subject", lambda r: _joined(r.indicator, r.subject)),
        ("change", lambda r: change(r.change, r.direction)),
        ("basis, against, level", lambda r: _joined(r.basis, r.benchmark, money(r.amount))),
    ),
}


def _where_and_when(record: Any) -> str:
    planned = "planned" if record.status == "planned" else ""
    return _joined(record.region, period(record.period), planned)


def show_extraction(extraction: Extraction) -> None:
    """Print the records of one article, each with its quote beneath it."""
    console = Console(highlight=False)
    info = extraction.article
    head = " · ".join(filter(None, (extraction.id, str(info.date or ""), info.title)))
    console.print(Text(head, style="bold"), soft_wrap=True)
    for record_type in RECORD_TYPES:
        records = getattr(extraction.records, record_type.key)
        if records:
            _show_records(console, record_type, records)
    if not len(extraction.records):
        console.print("nothing to record")
    if extraction.rejected:
        console.print(f"drafts rejected: {len(extraction.rejected)}; --json shows why")


def _show_records(console: Console, record_type: type[Record], records: list[Record]) -> None:
    columns = (*_COLUMNS[record_type.type], ("where, when", _where_and_when))
    title = record_type.key.replace("_", " ")
    table = Table(box=SIMPLE_HEAD, title=f"{title} ({len(records)})", title_justify="left")
    table.add_column("#", justify="right")
    for name, _ in columns:
        # Numbers are never broken; the words around them may be.
        table.add_column(name, overflow="fold", no_wrap=name in ("amount", "count", "change"))
    for number, record in enumerate(records, start=1):
        table.add_row(str(number), *(Text(render(record)) for _, render in columns))
    console.print(table)
    for number, record in enumerate(records, start=1):
        quote = " ".join(record.evidence.quote.split())
        console.print(Text(f"  {number:>2} “{quote}”", style="dim"), soft_wrap=True)
    console.print()


def _passed_over(summary: Summary, output: str) -> Iterator[tuple[str, str]]:
    """Rows on the input lines that this run did not extract from."""
    if summary.done_before:
        failed = f", {summary.failed_before:,} of them failed  (--retry-failed)"
        yield "done before", f"{summary.done_before:,}{failed if summary.failed_before else ''}"
    if summary.invalid:
        paths = paths_of(output)
        where = f", see {paths.invalid}" if paths else ""
        yield "invalid lines", f"{summary.invalid:,}{where}"
    if summary.repeated:
        yield "repeated lines", f"{summary.repeated:,}, skipped"


def show_summary(summary: Summary, output: str) -> None:
    """Print the totals of a run on standard error."""
    console = Console(stderr=True, highlight=False)
    totals = summary.as_dict()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    rate = totals["articles_per_second"]
    table.add_row("articles", f"{summary.articles:,}" + (f"  ({rate:,}/s)" if rate else ""))
    for key, count in totals["records"].items():
        table.add_row(key.replace("_", " "), f"{count:,}")
    if totals["rejected"]:
        table.add_row("rejected", _counts(totals["rejected"]))
    if summary.failed:
        table.add_row("failed", _counts(totals["failures"]))
    for name, said in _passed_over(summary, output):
        table.add_row(name, Text(said))
    rows = [*bill_rows(summary.usage), *_served(summary), *_quality(totals["quality"])]
    for name, text in rows:
        table.add_row(name, Text(text))
    console.print(table)
    if summary.interrupted:
        where = "" if output == STANDARD else ": what was done is kept, the same command goes on"
        console.print(f"interrupted{where}")


def _served(summary: Summary) -> list[tuple[str, str]]:
    """A row where one output has the answers of several models."""
    if len(summary.served) < 2:
        return []
    return [("warning", f"several models answered: {', '.join(summary.served)}")]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _quality(quality: dict[str, Any]) -> list[tuple[str, str]]:
    """Rows on how usable the result is, each with what would mend it."""
    rows = []
    for name, key, mend in (
        ("with period", "records_with_period", "give articles a date: --date-field, --date-from"),
        ("with place code", "records_with_place_code", None),
        ("with indicator code", "growth_with_indicator_code", None),
    ):
        share = quality[key]
        if share is not None:
            hint = f"  ({mend})" if mend and quality["articles_without_date"] else ""
            rows.append((name, f"{share:.0%}{hint}"))
    undated = quality["articles_without_date"]
    if undated:
        unknown = quality["dates_in_unknown_notation"]
        noted = f", {unknown:,} of them in an unknown notation" if unknown else ""
        rows.append(("without a date", f"{undated:,} articles{noted}  (--date-from text)"))
    if quality["flags"]:
        rows.append(("flags", _counts(quality["flags"])))
    return rows
