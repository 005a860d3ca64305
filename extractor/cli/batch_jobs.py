"""`extractor batch-status` and `extractor batch-cancel`: the batches of an output."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import JsonOption
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch.batch_api import Chunk
    from extractor.models.chat.batches import BatchService

OutputArgument = Annotated[
    str, typer.Argument(metavar="OUT.jsonl", help="Output of extractor batch --via batch-api.")
]
BaseUrlOption = Annotated[
    str | None, typer.Option(metavar="URL", help="Address, if it holds a user or a query.")
]


def status_command(
    output: OutputArgument, base_url: BaseUrlOption = None, as_json: JsonOption = False
) -> None:
    """Show how the batches of an output stand; a run of it may go on meanwhile."""
    _show(asyncio.run(_looked_at(output, base_url, cancel=False)), as_json=as_json)


def cancel_command(
    output: OutputArgument, base_url: BaseUrlOption = None, as_json: JsonOption = False
) -> None:
    """End the batches of an output; the run's command takes what they have finished."""
    chunks = asyncio.run(_looked_at(output, base_url, cancel=True))
    _show(chunks, as_json=as_json)
    if chunks:
        typer.echo(
            "give the command of the run again, to take what they have finished and submit the "
            "rest",
            err=True,
        )


async def _looked_at(output: str, base_url: str | None, *, cancel: bool) -> list[Chunk]:
    """The chunks of an output as the endpoint says they stand; the file stays as it is.

    Raises:
        UsageError: there are none.
    """
    from extractor.batch import paths_of
    from extractor.models.loading import need_clients
    from extractor.models.options import ModelOptions

    paths = paths_of(output)
    if paths is None or not paths.batches.is_file():
        raise UsageError(f"{output} has no batches: there is no {output}.batches")
    need_clients("behind these batches")
    from extractor.batch.batch_api import State, service_of

    with State(paths.batches) as state:
        if not (about := state.about):
            return []
        options = ModelOptions(base_url=base_url or about["base_url"])
        service, _, _ = service_of(about["model"], options)
        try:
            return [await _as_it_stands(c, service, cancel=cancel) for c in state.chunks()]
        finally:
            await service.aclose()


async def _as_it_stands(chunk: Chunk, service: BatchService, *, cancel: bool) -> Chunk:
    """How a chunk stands; with `cancel`, after its end was asked for."""
    from extractor.errors import RunStoppedError
    from extractor.models.chat.batches import NoSuchBatchError
    from extractor.models.chat.faults import TransientError

    if not chunk.is_open:
        return chunk
    try:
        found = await service.find(chunk.name) if chunk.batch is None else None
        batch_id = found.id if found else chunk.batch
        if batch_id is None:
            return chunk
        batch = await (service.cancel if cancel else service.retrieve)(batch_id)
    except NoSuchBatchError:
        return replace(chunk, status="unknown to the endpoint")
    except TransientError as error:
        raise RunStoppedError(f"the endpoint could not be asked: {error}") from None
    return replace(
        chunk,
        batch=batch.id,
        status=batch.status,
        completed=batch.completed,
        failed=batch.failed,
    )


def _show(chunks: list[Chunk], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(chunk) for chunk in chunks], indent=2))
        return
    for chunk in chunks:
        name = chunk.batch or "(not begun)"
        typer.echo(
            f"{name:<42} {chunk.status:<12} {chunk.completed:>8,} of {chunk.requests:,} answered"
            + (f", {chunk.failed:,} failed" if chunk.failed else "")
        )
    if not chunks:
        typer.echo("nothing was submitted yet")
