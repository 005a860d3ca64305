"""The run itself: a bounded window of articles, lines in input order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import jsonlines
from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.files import STANDARD, InputFile, open_output
from extractor.batch.invalid import InvalidLines, invalid_path
from extractor.batch.reading import InvalidLine, Reader
from extractor.batch.summary import Summary
from extractor.errors import UsageError
from extractor.pipeline import AsyncExtractor


def check_output(output: str, inputs: list[InputFile]) -> None:
    """Refuse an output that would destroy an input.

    Raises:
        UsageError: the output, or a file that goes with it, is one of the inputs.
    """
    if output == STANDARD:
        return
    own = [Path(f"{output}{suffix}") for suffix in ("", ".partial", ".invalid.jsonl")]
    for source in inputs:
        if source.name != STANDARD and any(_is_same_file(Path(source.name), p) for p in own):
            raise UsageError(f"{source.name} is both input and output: name another output")


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by links of any kind too."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


async def run(
    reader: Reader,
    output: str,
    extractor: AsyncExtractor,
    *,
    summary: Summary,
    on_progress: Callable[[int], None],
    on_invalid: Callable[[InvalidLine], None],
) -> None:
    """Extract from every article of `reader` and write one line each to `output`.

    `summary` is filled as the run goes and holds what was done even if the run ends early.

    Raises:
        UsageError: an input cannot be opened or the output cannot be created.
        RunStoppedError: the run ended early; what is done stays in ``<output>.partial``.
    """
    check_output(output, list(reader.inputs))
    async with AsyncExitStack() as stack:
        invalid = stack.enter_context(InvalidLines(invalid_path(output)))
        writer = jsonlines.Writer(stack.enter_context(open_output(output)), dumps=to_json)

        def articles() -> Iterator[Article]:
            for item in reader:
                if isinstance(item, Article):
                    yield item
                    continue
                summary.invalid += 1
                invalid.write(item)
                on_invalid(item)

        outcomes = await stack.enter_async_context(aclosing(extractor.extract_many(articles())))
        async for outcome in outcomes:
            writer.write(outcome)
            summary.add(outcome)
            on_progress(reader.position)
            summary.repeated, summary.unknown_dates = reader.repeated, reader.unknown_dates
