"""`extractor eval report`: one static page of a run, or of the difference between two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.eval import GoldOption, need_statistics


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN.json", help="The run to report.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="report.html", help="Where to.")
    ],
    base: Annotated[
        Path | None, typer.Argument(metavar="[BASE.json]", help="A run to compare it with.")
    ] = None,
    gold: GoldOption = None,
) -> None:
    """Write a page with verdict, tables, plots and every article with its records."""
    need_statistics()
    from extractor.cli.writing import write_text
    from extractor.evaluation.compare import compare_runs
    from extractor.evaluation.report.page import report
    from extractor.evaluation.report.sources import find_sources
    from extractor.evaluation.rescoring import comparable_runs
    from extractor.evaluation.runs import read_run

    if base is None:
        scored = read_run(run)
        page = report(scored, None, None, find_sources((scored, run), None, gold))
    else:
        before, scored = comparable_runs(base, run, gold)
        sources = find_sources((scored, run), (before, base), gold)
        page = report(scored, before, compare_runs(before, scored), sources)
    write_text(output, page)
    typer.echo(f"{output}: {len(scored.articles)} articles", err=True)
