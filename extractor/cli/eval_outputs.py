"""Commands of `extractor eval` that work on outputs and gold, not on run files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.eval import (
    GoldOption,
    OnInconclusiveChoice,
    OnInconclusiveOption,
    SplitChoice,
    SplitOption,
    need_statistics,
)
from extractor.cli.options import JsonOption
from extractor.errors import UsageError


def selftest_command(
    predictions: Annotated[
        Path | None, typer.Argument(metavar="[OUT.jsonl]", help="Predictions; gold by default.")
    ] = None,
    gold: GoldOption = None,
    split: SplitOption = SplitChoice.all,
    seed: Annotated[int, typer.Option(help="Of the faults that strike at random.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Put known faults into predictions and say which of them the gold would catch."""
    if not gold:
        raise UsageError("name the gold: --gold evals/gold")
    need_statistics()
    from extractor.cli.eval_reports import show_selftest
    from extractor.evaluation.gold import load_gold
    from extractor.evaluation.selftest import selftest, stored_or_perfect

    articles = load_gold(gold, split.value)
    found = selftest(articles, stored_or_perfect(articles, predictions), seed=seed)
    show_selftest(found, as_json=as_json)


def drift_command(
    old: Annotated[str, typer.Argument(metavar="OLD.jsonl")],
    new: Annotated[str, typer.Argument(metavar="NEW.jsonl")],
    min_agreement: Annotated[
        float, typer.Option(min=0, max=1, help="Least F1 between the two outputs.")
    ] = 0.9,
    on_inconclusive: OnInconclusiveOption = OnInconclusiveChoice.fail,
    as_json: JsonOption = False,
) -> None:
    """Compare two outputs on the same articles without gold; exit codes as compare --gate."""
    need_statistics()
    from extractor.cli.eval_reports import show_drift
    from extractor.evaluation.drift import drift
    from extractor.evaluation.predicting import read_predictions

    found = drift(
        read_predictions(old).by_id,
        read_predictions(new).by_id,
        min_agreement=min_agreement,
        on_inconclusive=on_inconclusive.value,
    )
    show_drift(found, as_json=as_json)
    raise typer.Exit(found.exit_code)


def sample_command(
    predictions: Annotated[str, typer.Argument(metavar="OUT.jsonl")],
    n: Annotated[int, typer.Option("--n", min=1, help="How many articles.")],
    by: Annotated[
        str, typer.Option(help="Strata, comma-separated: lang, source, year, status, records.")
    ] = "lang",
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="SAMPLE.jsonl", help="Where to.")
    ] = None,
) -> None:
    """Draw a stratified sample of an output to label, with inclusion probabilities."""
    from extractor.cli.writing import write_text
    from extractor.evaluation.sampling import draw, list_articles, sample_lines

    fields = [field.strip() for field in by.split(",") if field.strip()]
    lines = sample_lines(draw(list_articles(predictions, fields), fields, n, seed))
    if output is None:
        typer.echo(lines, nl=False)
    else:
        write_text(output, lines)


def agreement_command(
    first: Annotated[Path, typer.Argument(metavar="A", help="A folder of gold files.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same articles.")],
    as_json: JsonOption = False,
) -> None:
    """Say how well two annotators agree, by the scorer, and list where they do not."""
    need_statistics()
    from extractor.cli.eval_reports import show_agreement
    from extractor.evaluation.agreement import agreement
    from extractor.evaluation.gold import load_gold

    show_agreement(agreement(load_gold([first]), load_gold([second])), as_json=as_json)
