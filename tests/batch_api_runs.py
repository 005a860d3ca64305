"""Runs by batches against the scripted server, for tests."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from extractor import AsyncExtractor
from extractor.batch import Monitor, Reader, Settings, Summary, expand, run
from extractor.batch.batch_api import BatchApi, Pace
from extractor.models.options import ModelOptions
from tests.batch_runs import lines, numbered, write_articles
from tests.fake_llm.api import NOTHING, BatchRules, FakeLLM
from tests.fake_llm.batches import ENDED
from tests.fake_llm.scripts import Scripted

NAME = "openai/gpt-5-mini"
CONTEXT = ssl.create_default_context()


@dataclass
class Endpoint(ExitStack):
    """A scripted server, and runs against it, online and by batches."""

    folder: Path
    script: Scripted = NOTHING
    rules: BatchRules | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __enter__(self) -> Endpoint:
        self.server = self.enter_context(FakeLLM(self.script, batch_rules=self.rules))
        self.base_url = self.server.base_url
        # No test speaks TLS, and a context takes longer to build than a run takes.
        self.enter_context(mock.patch("ssl.create_default_context", return_value=CONTEXT))
        return self

    @property
    def source(self) -> Path:
        return self.folder / "in.jsonl"

    @property
    def output(self) -> Path:
        return self.folder / "out.jsonl"

    def batched(
        self,
        *,
        model: str = NAME,
        options: dict[str, Any] | None = None,
        settings: dict[str, Any] | None = None,
        on_note: Callable[[Monitor, str], None] = lambda monitor, note: None,
        most: int | None = None,
        **extractor: Any,
    ) -> Summary:
        """A run by batches; its summary.

        Args:
            model: the model string.
            options: fields of `ModelOptions`.
            settings: fields of `Settings`.
            on_note: is told of each note, and may stop the run by its monitor.
            most: the most requests of a batch.
            extractor: arguments of `AsyncExtractor`.
        """
        monitor = Monitor()

        def noted(note: str) -> None:
            self.notes.append(note)
            on_note(monitor, note)

        monitor = replace(monitor, on_note=noted)
        chosen = self._options(options)
        api = BatchApi(model, chosen, monitor, Pace(tick=0.01, first=0.0, longest=0.0))
        if most is not None:
            api.window = 4 * most
        return self._run(api.model, chosen, monitor, settings, extractor, beside=api.attached)

    def online(self, *, options: dict[str, Any] | None = None, **extractor: Any) -> Path:
        """The output of an online run of the same articles."""
        output = self.folder / "online.jsonl"
        self._run(NAME, self._options(options), Monitor(), None, extractor, output=output)
        return output

    def _options(self, chosen: dict[str, Any] | None) -> ModelOptions:
        return ModelOptions(
            **{"base_url": self.base_url, "wait": 0.0, "connections": 1000, **(chosen or {})}
        )

    def _run(
        self,
        model: Any,
        options: ModelOptions,
        monitor: Monitor,
        settings: dict[str, Any] | None,
        extractor: dict[str, Any],
        *,
        output: Path | None = None,
        beside: Any = None,
    ) -> Summary:
        reader = Reader(expand([str(self.source)]))
        to = str(output or self.output)

        async def running() -> None:
            async with AsyncExtractor(model, options=options, **extractor) as core:
                await run(
                    reader,
                    to,
                    core,
                    settings=Settings(**(settings or {})),
                    monitor=monitor,
                    beside=beside,
                )

        asyncio.run(running())
        return monitor.summary

    def rows(self) -> Counter[str]:
        """How often each request was answered in a batch."""
        return Counter(str(row.custom_id) for row in self.server.log.rows)

    def created(self) -> int:
        """How many batches were begun."""
        return len(self.server.batches.list(1000)["data"])


def comparable(output: Path) -> list[dict[str, Any]]:
    """Lines without what differs between a run online and one by batches."""
    found = lines(output)
    for row in found:
        for name in ("service_tier", "request_ids"):
            del row["provenance"][name]
    return found


def write_numbered(endpoint: Endpoint, count: int) -> None:
    """An input of so many articles."""
    write_articles(endpoint.source, numbered(count))


def end_batches(endpoint: Endpoint) -> None:
    """Let all batches come to their ends, also those that nobody asks about."""
    batches = endpoint.server.batches
    for info in batches.list(1000)["data"]:
        while batches.advance(info["id"])["status"] not in ENDED:
            pass


def each_row_once(endpoint: Endpoint) -> bool:
    """Whether nothing was paid for twice, batches that a run forgot included."""
    end_batches(endpoint)
    return set(endpoint.rows().values()) == {1}
