"""`extractor batch`: JSONL in, JSONL out."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.invalid_lines import InvalidLines
from extractor.cli.options import (
    JsonOption,
    ModelOption,
    TypeOption,
    record_types,
    with_chat_options,
)
from extractor.errors import RunStoppedError, UsageError

if TYPE_CHECKING:
    from extractor.batch import Monitor, Reader, Summary
    from extractor.batch.processes import Processes
    from extractor.batch.running import Beside
    from extractor.cli.stopping import Signals
    from extractor.models.base import Model
    from extractor.models.options import ModelOptions
    from extractor.pipeline import AsyncExtractor


class DateFrom(StrEnum):
    """Where an article's date comes from when its field gives none."""

    field = "field"
    text = "text"


class Via(StrEnum):
    """How requests reach a model."""

    online = "online"
    batch_api = "batch-api"


@with_chat_options
def command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="IN...", help="JSONL files or globs (.gz, .zst), or - for stdin."),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="JSONL file (.gz, .zst), or - for stdout.")
    ] = None,
    model: ModelOption = "rules",
    via: Annotated[
        Via,
        typer.Option(help="batch-api: OpenAI's Batch API, half the price, an answer in a day."),
    ] = Via.online,
    types: TypeOption = None,
    id_field: Annotated[str, typer.Option(help="The field that holds the id.")] = "id",
    text_field: Annotated[str, typer.Option(help="The field that holds the text.")] = "text",
    date_field: Annotated[str, typer.Option(help="The field that holds the date.")] = "date",
    date_from: Annotated[
        DateFrom,
        typer.Option(help="text: take the first full date of the text's head where none is given."),
    ] = DateFrom.field,
    max_line: Annotated[int, typer.Option(min=1, help="Longest input line, in bytes.")] = 16
    * 1024
    * 1024,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Ask once more about figures that were left out.")
    ] = False,
    audit: Annotated[
        bool, typer.Option("--audit", help="List figures that no record covers on each line.")
    ] = False,
    repairs: Annotated[
        int, typer.Option(min=0, help="How often drafts that failed go back to the model.")
    ] = 1,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run the articles once more that failed.")
    ] = False,
    max_failures: Annotated[
        str | None, typer.Option(metavar="N|P%", help="Stop when more articles than this fail.")
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="DOLLARS", help="Stop before the output, all runs together, costs more."
        ),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Move the old output aside and begin anew.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only so many articles, drawn by --seed: a pilot."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would take and cost.")
    ] = False,
    processes: Annotated[
        str,
        typer.Option(
            metavar="N|auto",
            help="Worker processes, or one for each core; --concurrency, --rpm and --tpm are "
            "divided among them.",
        ),
    ] = "1",
    as_json: JsonOption = False,
    *,
    options: ModelOptions,
) -> None:
    """Extract the records of many articles, one output line each, in input order.

    The same command again goes on where a run ended, however it ended. Under
    opentelemetry-instrument (the extra telemetry) it makes spans and metrics, without any content.
    """
    from extractor.batch import FailureLimit, Fields, Reader, Sample, Settings, expand, run
    from extractor.batch.working import Interrupted
    from extractor.cli.costs import cost_limit, planned, show_forecast
    from extractor.cli.stopping import Signals
    from extractor.pipeline import AsyncExtractor

    count = _count(processes, via)
    chosen = record_types(types)
    priced = _priced(via, model, options)
    fields = Fields(id_field, text_field, date_field, date_from.value, max_line)
    drawn = None if sample is None else Sample(sample, options.seed or 0)
    reader = Reader(expand(inputs), fields, sample=drawn)
    settings = Settings(
        restart=restart,
        retry_failed=retry_failed,
        max_failures=None if max_failures is None else FailureLimit.parse(max_failures),
        max_cost=None if max_cost is None else cost_limit(max_cost, model, chosen, priced),
    )
    if dry_run:
        plan = planned(model, chosen, priced, further=(repairs > 0) + sweep, settings=settings)
        show_forecast(reader, output, plan, as_json=as_json)
        return
    if output is None:
        raise UsageError("name the output: -o OUT.jsonl, or -o - for standard output")
    monitor = _monitor()
    asked, reached, beside = _way(via, model, options, monitor)
    make = partial(AsyncExtractor, asked, types=chosen, repairs=repairs, sweep=sweep, audit=audit)
    extractor = make(options=reached) if count == 1 else _shared(make, model, reached, count)
    signals = Signals(monitor.stop, leaves=beside is not None)
    stopped = None
    try:
        running = partial(
            run, reader, output, extractor, settings=settings, monitor=monitor, beside=beside
        )
        asyncio.run(_run(running, reader, extractor, monitor, signals))
    except (KeyboardInterrupt, asyncio.CancelledError, Interrupted):
        signals.received = signals.received or signal.SIGINT
    except RunStoppedError as error:
        stopped = error
    monitor.summary.interrupted = signals.received is not None
    _end(monitor.summary, output, stopped, signals.received, as_json=as_json)


def _end(
    summary: Summary,
    output: str,
    stopped: RunStoppedError | None,
    number: int | None,
    *,
    as_json: bool,
) -> None:
    """Show the summary, and end with what became of the run.

    Args:
        summary: of the run.
        output: where its lines are.
        stopped: what ended it early.
        number: of the signal that ended it.
        as_json: whether the summary is for machines.
    """
    from extractor.cli.tables import show_summary

    if as_json:
        typer.echo(json.dumps(summary.as_dict(), ensure_ascii=False, indent=2), err=output == "-")
    else:
        show_summary(summary, output)
    if stopped is not None:
        raise stopped
    if number is not None:
        raise typer.Exit(128 + number)
    if not summary.ok:
        raise typer.Exit(1)


def _monitor() -> Monitor:
    """A monitor that says on standard error what a user should know."""
    from extractor.batch import Monitor

    return Monitor(
        on_invalid=InvalidLines(),
        on_note=lambda note: typer.echo(f"note: {note}", err=True),
    )


def _count(processes: str, via: Via) -> int:
    """How many processes are wanted.

    Raises:
        UsageError: it is no number, or does not go with the way that is chosen.
    """
    from extractor.batch.sharing import cores

    if processes != "auto" and not re.fullmatch(r"[1-9]\d{0,2}", processes):
        raise UsageError(f"--processes {processes!r} is neither a number from 1 to 999 nor auto")
    if processes != "1" and via is Via.batch_api:
        raise UsageError("--processes does not go with --via batch-api: leave one of them out")
    return cores() if processes == "auto" else int(processes)


def _shared(
    make: Callable[..., AsyncExtractor], model: str, options: ModelOptions, count: int
) -> Processes:
    from extractor.batch.processes import Processes
    from extractor.batch.sharing import shares

    return Processes(make, shares(model, options, count))


def _priced(via: Via, model: str, options: ModelOptions) -> ModelOptions:
    """The options with the price of the way that is chosen."""
    from extractor.models.prices import at_batch_price

    return options if via is Via.online else at_batch_price(model, options)


def _way(
    via: Via, model: str, options: ModelOptions, monitor: Monitor
) -> tuple[str | Model, ModelOptions, Beside | None]:
    """What is asked, how many articles at a time, and what goes on beside the run."""
    if via is Via.online:
        return model, options, None
    from extractor.models.loading import need_clients

    need_clients(model)
    from extractor.batch.batch_api import BatchApi

    api = BatchApi(model, options, monitor)
    return api.model, replace(options, connections=api.window), api.attached


async def _run(
    running: Callable[[], Awaitable[None]],
    reader: Reader,
    extractor: AsyncExtractor | Processes,
    monitor: Monitor,
    signals: Signals,
) -> None:
    """Do the run, and show how far it is."""
    from extractor.batch.processes import Processes
    from extractor.batch.worker import spare_the_collector
    from extractor.cli.progress import shown_progress

    spare_the_collector()
    asked = extractor if isinstance(extractor, Processes) else extractor.model
    with signals.handled():
        async with extractor, shown_progress(reader, monitor, asked):
            await running()
