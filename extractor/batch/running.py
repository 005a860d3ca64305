"""The run itself: articles in, one line each into the journal, and the output made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    ExitStack,
    aclosing,
    nullcontext,
)
from pathlib import Path
from typing import TypeAlias

from extractor.article import Article
from extractor.batch.durable import DurableRun
from extractor.batch.files import STANDARD, InputFile, open_output
from extractor.batch.finished import Finished, OneProcess, Workers
from extractor.batch.monitor import Monitor, Settings
from extractor.batch.paths import Paths, paths_of
from extractor.batch.reading import Reader
from extractor.batch.resuming import check_identity, hold, move_aside
from extractor.errors import UsageError
from extractor.pipeline import AsyncExtractor, in_order

Beside: TypeAlias = Callable[[Paths, str], AbstractAsyncContextManager[None]]


def check_output(output: str, inputs: list[InputFile]) -> None:
    """Refuse an output that would destroy an input.

    Raises:
        UsageError: the output, or a file that goes with it, is one of the inputs.
    """
    paths = paths_of(output)
    for source in inputs:
        if source.name == STANDARD or output == STANDARD:
            continue
        own = paths.all() if paths else (Path(output),)
        if any(_is_same_file(Path(source.name), path) for path in own):
            raise UsageError(f"{source.name} is both input and output: name another output")


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by links of any kind too."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


async def run(
    reader: Reader,
    output: str,
    extractor: AsyncExtractor | Workers,
    *,
    settings: Settings | None = None,
    monitor: Monitor | None = None,
    beside: Beside | None = None,
) -> None:
    """Extract from every article of `reader` and write one line each to `output`.

    What the output holds already is not done again; each line is in ``<output>.journal`` as
    soon as it is there, and the output is made of that in input order when the run ends. A
    stream, a device or a pipe is written directly.

    Args:
        reader: the articles.
        output: where the lines go.
        extractor: what is done to each article, here or by workers.
        settings: how the run goes.
        monitor: what its caller sees of it.
        beside: what goes on beside it while the output is held, by its files and the identity.

    Raises:
        UsageError: an input cannot be opened, the output cannot be created or is another run's,
            or its cost cannot be limited.
        RunStoppedError: the run ended early; what is done is kept, and the same command goes on.
    """
    settings, monitor = settings or Settings(), monitor or Monitor()
    workers = OneProcess(extractor) if isinstance(extractor, AsyncExtractor) else extractor
    check_output(output, list(reader.inputs))
    paths = paths_of(output)
    if paths is None:
        if settings.max_cost is not None:
            raise UsageError(f"the cost of {output} cannot be limited: name a file to write to")
        if beside is not None:
            raise UsageError(f"{output} cannot be gone on with: name a file to write to")
        await _stream(reader, output, workers, monitor)
        return
    if settings.restart and (aside := move_aside(paths)) is not None:
        monitor.on_note(f"the old output is {aside.output} now")
    with ExitStack() as stack:
        with monitor.stop.busy():
            held = stack.enter_context(hold(paths))
        check_identity(held, workers.identity)
        if beside is None and paths.batches.exists():
            raise UsageError(
                f"{paths.batches} knows of batches that are paid for: go on with --via batch-api, "
                "or remove it to give them up"
            )
        durable = DurableRun(reader, held, workers, settings, monitor)
        async with beside(paths, workers.identity) if beside else nullcontext():
            await durable.finish()


async def _stream(reader: Reader, output: str, workers: Workers, monitor: Monitor) -> None:
    """Write each line to a stream, a device or a pipe, in input order."""
    summary = monitor.summary
    async with AsyncExitStack() as stack:
        stream = stack.enter_context(open_output(output))

        def articles() -> Iterator[Article]:
            for item in reader:
                if isinstance(item, Article):
                    yield item
                    continue
                summary.invalid += 1
                monitor.on_invalid(item)

        async def finish(article: Article) -> Finished:
            return await workers.finish(article, 1)

        in_turn = in_order(articles(), finish, workers.concurrency)
        async for finished in await stack.enter_async_context(aclosing(in_turn)):
            stream.write(finished.line)
            summary.add(finished.counts)
            summary.repeated, summary.unknown_dates = reader.repeated, reader.unknown_dates
