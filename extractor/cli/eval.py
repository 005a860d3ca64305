"""`extractor eval`: score a model or stored predictions against gold, and compare runs.

The commands that need no run file are in `eval_outputs`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import JsonOption, with_chat_options
from extractor.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.evaluation.gold import GoldArticle
    from extractor.evaluation.runs import EvalRun
    from extractor.models.options import ModelOptions

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, invoke_without_command=True, no_args_is_help=True
)


class SplitChoice(StrEnum):
    """Which gold articles are scored."""

    dev = "dev"
    test = "test"
    all = "all"


class OnInconclusiveChoice(StrEnum):
    """What an unclear comparison ends with."""

    fail = "fail"
    warn = "warn"


GoldOption = Annotated[
    list[Path] | None,
    typer.Option("--gold", metavar="DIR", help="A folder of gold files; may be repeated."),
]
ModelChoice = Annotated[
    str | None, typer.Option("--model", "-m", metavar="MODEL", help="The model to run and score.")
]
PredictionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--predictions", metavar="OUT.jsonl", help="Score this output; once for each repeat."
    ),
]
SplitOption = Annotated[SplitChoice, typer.Option(help="Which gold articles are scored.")]
OnInconclusiveOption = Annotated[
    OnInconclusiveChoice,
    typer.Option(help="fail: end with 3 where the articles cannot tell; warn: with 0."),
]


def need_statistics() -> None:
    """Say how to install what the evaluation needs.

    Raises:
        MissingExtraError: numpy or scipy is not installed.
    """
    from importlib.util import find_spec

    if find_spec("numpy") is None or find_spec("scipy") is None:
        raise MissingExtraError("the evaluation", "eval")


@app.callback()
@with_chat_options
def evaluate(
    context: typer.Context,
    gold: GoldOption = None,
    model: ModelChoice = None,
    predictions: PredictionsOption = None,
    split: SplitOption = SplitChoice.all,
    repeats: Annotated[int, typer.Option(min=1, help="How often the model is run.")] = 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would cost and could show.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="RUN.json", help="Write a run file."),
    ] = None,
    as_json: JsonOption = False,
    *,
    options: ModelOptions,
) -> None:
    """Score a model, or stored predictions, against gold."""
    if context.invoked_subcommand is not None:
        return
    if not gold:
        raise UsageError("name the gold: --gold evals/gold")
    if bool(model) == bool(predictions):
        raise UsageError("name either a model (--model) or stored predictions (--predictions)")
    if repeats > 1 and options.cache is not None:
        raise UsageError("--repeats with --cache would repeat one stored answer: leave out one")
    need_statistics()
    from extractor.evaluation.gold import load_gold

    articles = load_gold(gold, split.value)
    if dry_run:
        _show_plan(articles, model or "", repeats)
        return
    if model:
        run = _run_model(articles, (gold, split), (model, options), repeats, output)
    else:
        run = _score_stored(articles, (gold, split), predictions or [], output)
    if output is not None:
        from extractor.evaluation.runs import write_run

        write_run(run, output)
    show(run, as_json)


def show(run: EvalRun, as_json: bool) -> None:
    """Print a run, as tables or as JSON."""
    if as_json:
        typer.echo(run.model_dump_json(indent=1))
        return
    from extractor.cli.eval_tables import show_run

    show_run(run)


def _show_plan(articles: Sequence[GoldArticle], model: str, repeats: int) -> None:
    from extractor.evaluation.planning import plan

    found = plan(articles, model, repeats)
    cost = "unknown: no price is known" if found.cost_usd is None else f"${found.cost_usd:.2f}"
    times = "once" if repeats == 1 else f"{repeats} times"
    typer.echo(f"{found.articles} articles with {found.records} records, {times}")
    typer.echo(f"calls: {found.requests}, about {found.input_tokens:,} tokens of articles")
    typer.echo(f"cost: {cost}")
    shown = "none" if found.detectable is None else f"{found.detectable:.1f} points of F1"
    typer.echo(f"smallest drop that a comparison could show: {shown}")


def _run_model(
    articles: Sequence[GoldArticle],
    where: tuple[list[Path], SplitChoice],
    asked: tuple[str, ModelOptions],
    repeats: int,
    output: Path | None,
) -> EvalRun:
    from extractor.evaluation.predicting import Predictions, predict
    from extractor.evaluation.runs import eval_run, write_predictions

    found, stored = [], []
    for repeat in range(repeats):
        predictions = Predictions({o.id: o for o in predict(articles, *asked)})
        found.append(predictions)
        place = None
        if output is not None:
            number = f".{repeat + 1}" if repeats > 1 else ""
            path = output.with_name(f"{output.stem}.predictions{number}.jsonl")
            place = write_predictions(predictions.by_id, path, output)
        stored.append(place)
    return eval_run(articles, where[0], where[1].value, found, stored)


def _score_stored(
    articles: Sequence[GoldArticle],
    where: tuple[list[Path], SplitChoice],
    predictions: Sequence[Path],
    output: Path | None,
) -> EvalRun:
    from extractor.evaluation.predicting import read_predictions
    from extractor.evaluation.runs import eval_run, prediction_file

    wanted = [g.article.id for g in articles]
    found = [read_predictions(str(path), wanted) for path in predictions]
    stored = [prediction_file(path, output) for path in predictions]
    return eval_run(articles, where[0], where[1].value, found, stored)


@app.command("rescore")
def rescore_command(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN.json...", help="Stored runs.")],
    gold: GoldOption = None,
    write: Annotated[bool, typer.Option("--write", help="Replace the stored scores.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Score stored runs again, without a call, and list verdicts that flip."""
    need_statistics()
    from extractor.cli.eval_reports import show_rescored
    from extractor.evaluation.rescoring import rescore, verdict_flips
    from extractor.evaluation.runs import read_run, write_run

    before = [read_run(path) for path in runs]
    after = [
        rescore(run, path, gold or [Path(folder) for folder in run.gold.folders])
        for run, path in zip(before, runs, strict=True)
    ]
    if write:
        for run, path in zip(after, runs, strict=True):
            write_run(run, path)
    show_rescored(runs, before, after, verdict_flips(before, after), as_json=as_json)


@app.command("compare")
def compare_command(
    base: Annotated[Path, typer.Argument(metavar="BASE.json")],
    candidate: Annotated[Path, typer.Argument(metavar="CANDIDATE.json")],
    use_gate: Annotated[
        bool, typer.Option("--gate", help="Judge, and end with the verdict's exit code.")
    ] = False,
    gold: GoldOption = None,
    margin: Annotated[
        float, typer.Option(min=0, help="Tolerated drop of usable F1, in points.")
    ] = 2.0,
    floor: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A limit to keep, such as usable=0.8."),
    ] = None,
    on_inconclusive: OnInconclusiveOption = OnInconclusiveChoice.fail,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write a summary.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two runs on the same articles; the verdict comes first.

    With --gate, exit codes are 0 pass, 1 regression or floor broken, 2 usage, 3 cannot tell,
    4 not comparable, 5 too many failed articles.
    """
    need_statistics()
    from extractor.cli.eval_reports import show_comparison
    from extractor.cli.writing import write_text
    from extractor.evaluation.compare import NotComparableError, compare_runs
    from extractor.evaluation.gate import ExitCode, gate, parse_floor
    from extractor.evaluation.gate_report import junit, markdown
    from extractor.evaluation.rescoring import comparable_runs

    floors = [parse_floor(text) for text in floor or ()]
    try:
        runs = comparable_runs(base, candidate, gold)
        comparison = compare_runs(*runs)
    except NotComparableError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(ExitCode.NOT_COMPARABLE) from None
    judged = gate(
        *runs,
        comparison,
        margin=margin / 100,
        floors=floors,
        on_inconclusive=on_inconclusive.value,
    )
    shown = judged if use_gate else None
    if markdown_file is not None:
        write_text(markdown_file, markdown(comparison, shown))
    if junit_file is not None:
        write_text(junit_file, junit(comparison, judged))
    show_comparison(comparison, shown, as_json=as_json)
    if use_gate:
        raise typer.Exit(judged.exit_code)
