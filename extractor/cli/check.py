"""`extractor check`: what may be wrong in an output."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import JsonOption
from extractor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extractor.checking import Check, Finding


def command(
    output: Annotated[
        str, typer.Argument(metavar="OUT.jsonl", help="Output of extractor batch, or - for stdin.")
    ],
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help="A check to make, several times for several."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Flag what may be wrong in an output (sums, gaps, dates, powers of ten); mend nothing."""
    from extractor.batch.outputs import open_outputs
    from extractor.checking import check
    from extractor.cli.outputs import Extractions

    checks = _wanted(only)
    counts: Counter[str] = Counter()
    with open_outputs(output) as outputs:
        extractions = Extractions(outputs)
        found = _counted(check(extractions, checks), counts)
        if as_json:
            for finding in found:
                typer.echo(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            _show(found)
            _show_counts(checks, counts)
    extractions.finish(f"{counts.total():,} findings")


def _wanted(names: Sequence[str] | None) -> Sequence[Check]:
    """The checks of the given names; all without any.

    Raises:
        UsageError: there is no such check.
    """
    from extractor.checking import CHECKS

    known = [check.name for check in CHECKS]
    for name in names or ():
        if name not in known:
            raise UsageError(f"there is no check {name!r}: there are {', '.join(known)}")
    return [check for check in CHECKS if not names or check.name in names]


def _counted(found: Iterable[Finding], counts: Counter[str]) -> Iterable[Finding]:
    for finding in found:
        counts[finding.check] += 1
        yield finding


def _show(found: Iterable[Finding]) -> None:
    for finding in found:
        quote = " ".join(finding.quote.split())
        shown = quote if len(quote) <= 160 else f"{quote[:159]}…"
        typer.echo(f"{finding.id}  {finding.check}: {finding.type} {finding.field}")
        typer.echo(f"  {finding.message}\n  “{shown}”")


def _show_counts(checks: Sequence[Check], counts: Counter[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("findings", justify="right")
    table.add_column("check")
    table.add_column("meaning")
    for check in checks:
        table.add_row(f"{counts[check.name]:,}", check.name, check.meaning)
    Console(highlight=False).print(table)
