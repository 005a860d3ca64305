"""`extractor eval`: score a model or stored predictions against gold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.options import JsonOption
from extractor.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, invoke_without_command=True, no_args_is_help=True
)


class SplitChoice(StrEnum):
    """Which gold articles are scored."""

    dev = "dev"
    test = "test"
    all = "all"


GoldOption = Annotated[
    list[Path] | None,
    typer.Option("--gold", metavar="DIR", help="A folder of gold files; may be repeated."),
]
SplitOption = Annotated[SplitChoice, typer.Option(help="Which gold articles are scored.")]


@app.callback()
def command(
    context: typer.Context,
    gold: GoldOption = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model to run and to score.")
    ] = None,
    predictions: Annotated[
        str | None, typer.Option(metavar="OUT.jsonl", help="Score this output instead.")
    ] = None,
    split: SplitOption = SplitChoice.all,
    as_json: JsonOption = False,
) -> None:
    """Score a model, or stored predictions, against gold."""
    if context.invoked_subcommand is not None:
        return
    if not gold:
        raise UsageError("name the gold: --gold evals/gold")
    if (model is None) == (predictions is None):
        raise UsageError("name either a model (--model) or stored predictions (--predictions)")
    from extractor.cli.eval_tables import show_run
    from extractor.evaluation.gold import load_gold
    from extractor.evaluation.predicting import Predictions, predict, read_predictions
    from extractor.evaluation.runs import eval_run, prediction_file

    articles = load_gold(gold, split.value)
    if predictions is not None:
        found = read_predictions(predictions, [g.article.id for g in articles])
        stored = prediction_file(Path(predictions), None)
    else:
        found = Predictions({o.id: o for o in predict(articles, model or "rules")})
        stored = None
    run = eval_run(articles, gold, split.value, [found], [stored])
    if as_json:
        typer.echo(run.model_dump_json(indent=1))
        return
    show_run(run)
