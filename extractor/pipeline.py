"""One article through one model: draft, validate record by record, repair, ground, link."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.metadata
import json
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, Self, TypeAlias

from pydantic import ValidationError
from pydantic_core import to_json

from extractor.article import Article
from extractor.auditing import audit
from extractor.errors import (
    ArticleError,
    ExtractionFailed,
    ModelError,
    RunStoppedError,
    UsageError,
)
from extractor.fingerprint import fingerprint
from extractor.models.base import (
    Closable,
    Drafts,
    Meter,
    Model,
    RecordType,
    RepairRequest,
    SweepRequest,
)
from extractor.models.loading import load
from extractor.models.options import ModelOptions
from extractor.records import RECORD_TYPES, Draft, Record, link
from extractor.results import (
    ErrorInfo,
    Extraction,
    Failure,
    FieldError,
    Provenance,
    Records,
    Rejected,
    Timing,
    describe,
)

ArticleLike: TypeAlias = Article | str | Mapping[str, Any]

VERSION = importlib.metadata.version("extractor")
_WINDOW = 8
_DUPLICATE = FieldError(
    field="", code="duplicate", message="the same record was already written for this article"
)
_LEAKED = FieldError(
    field="evidence",
    code="leaked",
    message="the quote stands in an example of the prompt, not in the article",
)


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

    async def extract_many(
        self, articles: Iterable[ArticleLike], *, concurrency: int | None = None
    ) -> AsyncGenerator[Extraction | Failure]:
        """The outcome of each article, in input order; `concurrency` of them at a time.

        By default as many as the options allow connections.

        `articles` is read as far as the window reaches, never to its end at once.

        Raises:
            ArticleError: an input is no article.
            RunStoppedError: no article can succeed.
        """
        window: deque[asyncio.Task[Extraction | Failure]] = deque()
        try:
            for article in articles:
                window.append(asyncio.create_task(self.outcome(as_article(article))))
                if len(window) >= (concurrency or self.concurrency):
                    yield await window[0]
                    window.popleft()
            while window:
                yield await window[0]
                window.popleft()
        finally:
            for task in window:
                task.cancel()
            await asyncio.gather(*window, return_exceptions=True)

    async def outcome(self, article: Article) -> Extraction | Failure:
        """The result of one article, or its failure as a value.

        Raises:
            RunStoppedError: no article can succeed.
        """
        started = dt.datetime.now(dt.UTC)
        clock = time.perf_counter()
        meter = Meter()
        attempt = _Attempt(self.model, article, meter)
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
        common: dict[str, Any] = {
            "id": article.id,
            "text_sha256": article.text_sha256,
            "revision": 1,
            "run": self.model.identity,
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
            "timing": Timing(started=started, seconds=round(time.perf_counter() - clock, 6)),
            "extra": dict(article.extra),
        }
        if error is not None:
            return Failure(status="failed", error=error, **common)
        return Extraction(status="ok", records=records, rejected=rejected, audit=audited, **common)


class _Attempt:
    """The work on one article."""

    def __init__(self, model: Model, article: Article, meter: Meter) -> None:
        self.model = model
        self.article = article
        self.meter = meter

    async def run(
        self, types: Sequence[RecordType], repairs: int, *, sweep: bool
    ) -> tuple[Records, list[Rejected]]:
        context = Draft(self.article)
        drafts = await self.model.draft(self.article, types, self.meter)
        found, failed = read_drafts(drafts.by_type, context)
        rejected = _leaked(drafts)
        for _ in range(repairs):
            if not failed:
                break
            try:
                again = await self.model.redraft(self.article, failed, self.meter)
            except ModelError:
                break  # the records that are good stay good
            rejected += _leaked(again)
            if not any(again.by_type.values()):
                break
            mended, failed = read_drafts(again.by_type, context)
            found += mended
        if sweep:
            more, unread = await self._swept(found, types, context)
            found, failed = found + more, failed + unread
        rejected += [
            Rejected(type=f.type.type, draft=_storable(f.draft), errors=list(f.errors))
            for f in failed
        ]
        records, doubled = _arrange(found, types)
        return records, rejected + doubled

    async def _swept(
        self, found: Sequence[Record], types: Sequence[RecordType], context: Draft
    ) -> tuple[list[Record], list[RepairRequest]]:
        """What one more request about the figures that were left out adds."""
        by_name = {record_type.type: record_type for record_type in types}
        left = [
            SweepRequest(by_name[figure.type], figure.phrase, figure.evidence.quote)
            for figure in audit(self.article, found, types)
        ]
        if not left:
            return [], []
        try:
            again = await self.model.redraft(self.article, left, self.meter)
        except ModelError:
            return [], []
        return read_drafts(again.by_type, context)


def _leaked(drafts: Drafts) -> list[Rejected]:
    return [
        Rejected(type=record_type.type, draft=_storable(draft), errors=[_LEAKED])
        for record_type, found in drafts.leaked.items()
        for draft in found
    ]


def read_drafts(
    by_type: Mapping[RecordType, Sequence[Any]], context: Draft
) -> tuple[list[Record], list[RepairRequest]]:
    """Validate each draft alone: a bad one costs its siblings nothing."""
    found: list[Record] = []
    failed: list[RepairRequest] = []
    for record_type, drafts in by_type.items():
        for draft in drafts:
            try:
                found.append(record_type.model_validate(draft, context=context))
            except ValidationError as error:
                failed.append(RepairRequest(record_type, draft, field_errors(error)))
    return found, failed


def _storable(draft: Any) -> Any:
    """A draft as it can be written down: a model may have put anything in it."""
    try:
        text = json.dumps(draft, ensure_ascii=False, default=str)
        written = json.loads(text.encode("utf-8", "replace"))
        to_json(written)  # refuses what is nested more deeply than an output line can be
        return written
    except (TypeError, ValueError, RecursionError):
        return f"a {type(draft).__name__} that is no JSON"


def field_errors(error: ValidationError) -> list[FieldError]:
    """A validation error as values; none of them quotes the article or the draft."""
    return [
        FieldError(
            field=".".join(str(part) for part in item["loc"]),
            code=item["type"],
            message=item["msg"],
        )
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _arrange(
    found: Sequence[Record], types: Sequence[RecordType]
) -> tuple[Records, list[Rejected]]:
    """Sort records into their lists by place in the article; set exact doubles aside."""
    lists: dict[str, list[Record]] = {}
    doubled: list[Rejected] = []
    for record_type in RECORD_TYPES:
        own = [r for r in found if type(r) is record_type] if record_type in types else []
        own.sort(key=lambda r: (r.evidence.start, r.evidence.end))
        unique = {record.model_dump_json(): record for record in own}
        again = Counter(record.model_dump_json() for record in own) - Counter(unique.keys())
        doubled += [
            Rejected(type=record_type.type, draft=json.loads(text), errors=[_DUPLICATE])
            for text in again.elements()
        ]
        lists[record_type.key] = link(list(unique.values()))
    return Records.model_validate(lists), doubled


def as_article(article: ArticleLike) -> Article:
    """An article from what a caller has: itself, a text, or a mapping like an input line."""
    if isinstance(article, Article):
        return article
    if isinstance(article, str):
        return Article(text=article)
    if isinstance(article, Mapping):
        return Article.from_mapping(article)
    raise ArticleError(
        f"{type(article).__name__} is no article: give an Article, a text or a mapping"
    )
