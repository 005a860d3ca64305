"""Batch runs for tests: an input, a model that costs nothing, and what came out."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zstandard

from extractor import Article, AsyncExtractor
from extractor.batch import Monitor, Reader, Settings, Summary, expand, run
from extractor.batch.reading import Fields
from extractor.errors import ModelError, RunStoppedError
from tests.models import ScriptedModel


def write_articles(path: Path, texts: dict[str, str], *more: str) -> None:
    """An input of articles by id, and `more` lines as they are."""
    rows = [json.dumps({"id": id_, "text": text}) + "\n" for id_, text in texts.items()]
    path.write_text("".join([*rows, *more]), encoding="utf-8")


def numbered(count: int) -> dict[str, str]:
    """Texts by id that differ in a number."""
    return {f"a{n}": f"{n + 10} firms were named pioneers in Wucheng." for n in range(count)}


def failing(*failed: str, stop_at: str | None = None) -> ScriptedModel:
    """A model that fails on some articles, and stops the run at one."""

    def fail(article: Article) -> None:
        if article.id == stop_at:
            raise RunStoppedError("quota")
        if article.id in failed:
            raise ModelError("no answer", retryable=True)

    return ScriptedModel(on_article=fail)


def as_if_killed(output: Path, *, done: int, tail: bytes = b"") -> None:
    """Make a finished output look like what a killed run left: a journal of its lines."""
    rows = output.read_bytes().splitlines(keepends=True)
    Path(f"{output}.journal").write_bytes(b"".join(rows[:done]) + tail)
    output.unlink()


def batch(
    source: Path,
    output: Path | str,
    model: Any = "rules",
    *,
    monitor: Monitor | None = None,
    fields: Fields | None = None,
    settings: dict[str, Any] | None = None,
    **extractor: Any,
) -> Summary:
    """One run; its summary."""
    monitor = monitor or Monitor()
    reader = Reader(expand([str(source)]), fields or Fields())
    chosen = Settings(**(settings or {}))
    core = AsyncExtractor(model, **extractor)
    asyncio.run(run(reader, str(output), core, settings=chosen, monitor=monitor))
    return monitor.summary


def notes(source: Path, output: Path, model: Any = "rules", **chosen: Any) -> list[str]:
    """What a run has to say."""
    said: list[str] = []
    batch(source, output, model, monitor=Monitor(on_note=said.append), **chosen)
    return said


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of an output without what may differ between two runs."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    found = [json.loads(row) for row in data.decode().splitlines()]
    for row in found:
        del row["timing"]
    return found


def ids(path: Path) -> list[str]:
    """The ids of an output, in its order."""
    return [row["id"] for row in lines(path)]


def revisions(path: Path) -> dict[str, int]:
    """The revision of each article of an output."""
    return {row["id"]: row["revision"] for row in lines(path)}


def objects(path: Path) -> Sequence[dict[str, Any]]:
    """The lines of a JSONL file; none if it is not there."""
    if not path.exists():
        return []
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
