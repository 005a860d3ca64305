"""Progress on a terminal; nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from extractor.batch import InputFile


@contextmanager
def bytes_bar(inputs: Sequence[InputFile]) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of the inputs, on standard error if that is a terminal.

    Yields:
        A function that is told how many bytes have been read.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    sizes = [source.size for source in inputs]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("extracting", total=total)
        yield lambda position: progress.update(task, completed=position)
