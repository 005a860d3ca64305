"""Progress of a run: a line that is kept up to date on a terminal, one a minute elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from extractor.batch import Monitor, Reader
from extractor.batch.progress import Snapshot, progress_line
from extractor.models.base import Limited

_LIVE_SECONDS = 0.25
_LOG_SECONDS = 60.0


@asynccontextmanager
async def shown_progress(reader: Reader, monitor: Monitor, asked: object) -> AsyncIterator[None]:
    """Show on standard error how far the run of the block is, and how often it was `Limited`."""
    console = Console(stderr=True)
    live = Live(console=console, transient=True, auto_refresh=False)
    shown: AbstractContextManager[object] = live if console.is_terminal else nullcontext()

    def show(line: str) -> None:
        if console.is_terminal:
            live.update(Text(line), refresh=True)
        else:
            typer.echo(line, err=True)

    seconds = _LIVE_SECONDS if console.is_terminal else _LOG_SECONDS
    with shown:
        ticking = asyncio.create_task(
            _tick(lambda: snapshot(reader, monitor, asked), show, seconds)
        )
        try:
            yield
        finally:
            ticking.cancel()


async def _tick(look: Callable[[], Snapshot], show: Callable[[str], None], seconds: float) -> None:
    """Show a line again and again; rates count from when the first article was done."""
    start = look()
    while True:
        await asyncio.sleep(seconds)
        now = look()
        show(progress_line(now, start))
        if not start.articles:
            start = now


def snapshot(reader: Reader, monitor: Monitor, asked: object) -> Snapshot:
    """A run as it is now."""
    summary = monitor.summary
    # A sample is drawn when everything was read: how far that is says nothing of the run.
    sizes = [source.size for source in reader.inputs] if reader.sample is None else [None]
    usage = summary.usage
    return Snapshot(
        seconds=time.monotonic(),
        position=reader.position,
        size=None if None in sizes else sum(size or 0 for size in sizes),
        articles=summary.articles,
        done_before=summary.done_before,
        failed=summary.failed,
        tokens=usage.input_tokens + usage.output_tokens,
        cost_usd=usage.cost_usd,
        refused=asked.refused if isinstance(asked, Limited) else 0,
    )
