"""What a run keeps of an article that is finished, and who finishes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.summary import Counts
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction, Failure


@dataclass(frozen=True, slots=True)
class Finished:
    """An article that is a result or a failure.

    Attributes:
        line: its output line, with the newline.
        counts: what is counted of it.
        lost: how many processes died while they worked on it; what they had sent is in no count.
    """

    line: bytes
    counts: Counts
    lost: int = 0

    @classmethod
    def of(cls, outcome: Extraction | Failure) -> Finished:
        """What is kept of an outcome."""
        return cls(to_json(outcome) + b"\n", Counts.of(outcome))


class Workers(Protocol):
    """Whoever does the articles of a run."""

    @property
    def identity(self) -> str:
        """What is asked, as one string."""
        ...

    @property
    def concurrency(self) -> int:
        """How many articles it does at a time."""
        ...

    async def finish(self, article: Article, revision: int) -> Finished:
        """Do one article.

        Raises:
            RunStoppedError: no article can succeed.
        """
        ...


class OneProcess:
    """The process of the run itself."""

    def __init__(self, extractor: AsyncExtractor) -> None:
        """Do articles with `extractor`."""
        self._extractor = extractor

    @property
    def identity(self) -> str:
        """As the extractor's."""
        return self._extractor.identity

    @property
    def concurrency(self) -> int:
        """As the extractor's."""
        return self._extractor.concurrency

    async def finish(self, article: Article, revision: int) -> Finished:
        """Do one article.

        Raises:
            RunStoppedError: no article can succeed.
        """
        return Finished.of(await self._extractor.outcome(article, revision=revision))
