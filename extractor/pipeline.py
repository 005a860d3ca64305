"""Articles through one model: each becomes a result or a failure, with what made it."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.metadata
import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from functools import cached_property
from typing import Any, Self, TypeVar

from extractor.article import Article, ArticleLike, as_article
from extractor.attempt import Attempt
from extractor.auditing import audit
from extractor.errors import ExtractionFailed, ModelError, RunStoppedError, UsageError
from extractor.fingerprint import fingerprint
from extractor.models.base import Closable, Meter, Model, RecordType
from extractor.models.loading import load
from extractor.models.options import ModelOptions
from extractor.records import RECORD_TYPES
from extractor.results import (
    ErrorInfo,
    Extraction,
    Failure,
    Provenance,
    Timing,
    describe,
)
from extractor.telemetry import Articles

VERSION = importlib.metadata.version("extractor")
_WINDOW = 8

T = TypeVar("T")
R = TypeVar("R")


class AsyncExtractor:
    """Extracts records with one model; the core of every way in.

    Args:
        model: a model string (``rules``) or any object with the `Model` protocol.
        types: the record types that are wanted; all by default.
        repairs: how often failed drafts go back to the model.
        options: how a chat model is reached and asked; for a model string only.
        sweep: ask once more about figures that the rules read as facts and no record covers.
        audit: list such figures that are left in the end.

    Raises:
        UsageError: there is no such model, or no record type is wanted.
    """

    def __init__(
        self,
        model: str | Model = "rules",
        *,
        types: Sequence[RecordType] = RECORD_TYPES,
        repairs: int = 1,
        options: ModelOptions | None = None,
        sweep: bool = False,
        audit: bool = False,
    ) -> None:
        """Resolve the model once."""
        if not types:
            raise UsageError("no record type is wanted: name at least one")
        if unknown := [t for t in types if t not in RECORD_TYPES]:
            raise UsageError(f"{unknown[0]!r} is no record type: give classes such as Fund")
        self.model = load(model, options) if isinstance(model, str) else model
        self.types = tuple(types)
        self.repairs = repairs
        self.sweep = sweep
        self.audit = audit
        self.concurrency = options.connections if options else _WINDOW
        self._telemetry = Articles(self.model.name)

    async def aclose(self) -> None:
        """Let go of the model's connections."""
        if isinstance(self.model, Closable):
            await self.model.aclose()

    async def __aenter__(self) -> Self:
        """The extractor itself; leaving the block closes it."""
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close."""
        await self.aclose()

    async def extract(self, article: ArticleLike) -> Extraction:
        """The records of one article.

        Raises:
            ArticleError: it is no article.
            ExtractionFailed: the model failed on it (`.failure`).
            RunStoppedError: no article can succeed.
        """
        outcome = await self.outcome(as_article(article))
        if isinstance(outcome, Failure):
            raise ExtractionFailed(outcome)
        return outcome

    def extract_many(
        self, articles: Iterable[ArticleLike], *, concurrency: int | None = None
    ) -> AsyncGenerator[Extraction | Failure]:
        """The outcome of each article, in input order; `concurrency` of them at a time.

        By default as many as the options allow connections. `articles` is read as far as the
        window reaches, never to its end at once.

        Raises:
            ArticleError: an input is no article.
            RunStoppedError: no article can succeed.
        """
        read = (as_article(article) for article in articles)
        return in_order(read, self.outcome, concurrency or self.concurrency)

    @cached_property
    def identity(self) -> str:
        """What is asked of the model and of the pipeline; equal ones give comparable results."""
        wanted = [t.type for t in RECORD_TYPES if t in self.types]
        asked = {
            "types": wanted if len(wanted) < len(RECORD_TYPES) else None,
            "repairs": None if self.repairs == 1 else self.repairs,
            "sweep": self.sweep or None,
            "audit": self.audit or None,
        }
        chosen = {name: value for name, value in asked.items() if value is not None}
        return f"{self.model.identity} {json.dumps(chosen)}" if chosen else self.model.identity

    async def outcome(self, article: Article, *, revision: int = 1) -> Extraction | Failure:
        """The result of one article, or its failure as a value; `revision` counts its results.

        Raises:
            RunStoppedError: no article can succeed.
        """
        with self._telemetry.article() as ended:
            outcome = await self._outcome(article, revision)
            ended(outcome.status, outcome.error.type if isinstance(outcome, Failure) else None)
        return outcome

    async def _outcome(self, article: Article, revision: int) -> Extraction | Failure:
        started = dt.datetime.now(dt.UTC)
        clock = time.perf_counter()
        meter = Meter(f"{article.id}@{revision}")
        attempt = Attempt(self.model, article, meter)
        try:
            records, rejected = await attempt.run(self.types, self.repairs, sweep=self.sweep)
            audited = audit(article, records.all(), self.types) if self.audit else None
            error = None
        except ModelError as caught:
            error = ErrorInfo(
                type=type(caught).__name__, message=str(caught), retryable=caught.retryable
            )
        except RunStoppedError:
            raise
        except Exception as caught:
            # A fault in a model costs one article, never the run; its words may quote the text.
            error = ErrorInfo(
                type=type(caught).__name__, message="the model broke down", retryable=False
            )
        timing = Timing(started=started, seconds=round(time.perf_counter() - clock, 6))
        common = self._common(article, revision, meter, timing)
        if error is not None:
            return Failure(status="failed", error=error, **common)
        return Extraction(status="ok", records=records, rejected=rejected, audit=audited, **common)

    def failure(self, article: Article, error: ErrorInfo, *, revision: int = 1) -> Failure:
        """The failure of an article that never came as far as a model's answer."""
        timing = Timing(started=dt.datetime.now(dt.UTC), seconds=0)
        common = self._common(article, revision, Meter(), timing)
        return Failure(status="failed", error=error, **common)

    def _common(
        self, article: Article, revision: int, meter: Meter, timing: Timing
    ) -> dict[str, Any]:
        """What a line says of an article, whatever became of it."""
        return {
            "id": article.id,
            "text_sha256": article.text_sha256,
            "revision": revision,
            "run": self.identity,
            "article": describe(article),
            "provenance": Provenance(
                model=self.model.name,
                served_model=meter.served_model,
                system_fingerprint=meter.system_fingerprint,
                service_tier=meter.service_tier,
                request_ids=meter.request_ids,
                mode=meter.mode,
                prompt=self.model.prompt,
                version=VERSION,
                parsers=fingerprint("extractor.values"),
            ),
            "usage": meter.usage,
            "timing": timing,
            "extra": dict(article.extra),
        }


async def in_order(
    items: Iterable[T], work: Callable[[T], Coroutine[Any, Any, R]], window: int
) -> AsyncGenerator[R]:
    """What `work` makes of each item, in their order; `window` of them are worked on at a time.

    `items` is read as far as the window reaches.
    """
    tasks: deque[asyncio.Task[R]] = deque()
    try:
        for item in items:
            tasks.append(asyncio.create_task(work(item)))
            if len(tasks) >= window:
                yield await tasks[0]
                tasks.popleft()
        while tasks:
            yield await tasks[0]
            tasks.popleft()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
