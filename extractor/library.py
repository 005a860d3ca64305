"""The synchronous face of the pipeline: one event loop and one model for all calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

import anyio.from_thread

from extractor.article import ArticleLike
from extractor.errors import UsageError
from extractor.models.base import Model, RecordType
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.records import RECORD_TYPES
from extractor.results import Extraction, Failure


class Extractor:
    """The synchronous face: one event loop and one model for all its calls.

    Use it as a context manager::

        with Extractor(model="rules") as extractor:
            extraction = extractor.extract(article)
    """

    def __init__(
        self,
        model: str | Model = "rules",
        *,
        types: Sequence[RecordType] = RECORD_TYPES,
        repairs: int = 1,
        options: ModelOptions | None = None,
    ) -> None:
        """Resolve the model once; see `AsyncExtractor`."""
        self._core = AsyncExtractor(model, types=types, repairs=repairs, options=options)
        self._portals = anyio.from_thread.start_blocking_portal()
        self._portal: anyio.from_thread.BlockingPortal | None = None

    def __enter__(self) -> Self:
        """Start the event loop."""
        self._portal = self._portals.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the model and stop the event loop."""
        portal, self._portal = self._portal, None
        try:
            if portal is not None:
                portal.call(self._core.aclose)
        finally:
            self._portals.__exit__(kind, error, trace)

    def extract(self, article: ArticleLike) -> Extraction:
        """The records of one article; raises as `AsyncExtractor.extract`."""
        return self._running().call(self._core.extract, article)

    def extract_many(self, articles: Iterable[ArticleLike]) -> Iterator[Extraction | Failure]:
        """The outcome of each article, in input order; see `AsyncExtractor.extract_many`."""
        portal = self._running()
        outcomes = self._core.extract_many(articles)

        async def following() -> Extraction | Failure | None:
            return await anext(outcomes, None)

        try:
            while (outcome := portal.call(following)) is not None:
                yield outcome
        finally:
            portal.call(outcomes.aclose)

    def _running(self) -> anyio.from_thread.BlockingPortal:
        if self._portal is None:
            raise UsageError("use the extractor in a with block: with Extractor() as x: ...")
        return self._portal


def extract(
    article: ArticleLike,
    model: str | Model = "rules",
    *,
    types: Sequence[RecordType] = RECORD_TYPES,
    options: ModelOptions | None = None,
) -> Extraction:
    """The records of one article, in one call.

    Args:
        article: an `Article`, its text, or a mapping with the keys of an input line.
        model: a model string or an object with the `Model` protocol.
        types: the record types that are wanted.
        options: how a chat model is reached and asked.

    Raises:
        UsageError: there is no such model.
        ArticleError: it is no article.
        ExtractionFailed: the model failed on it.
        RunStoppedError: no article can succeed.
    """
    with Extractor(model, types=types, options=options) as extractor:
        return extractor.extract(article)
