"""Models for worker processes: each is pickled, and made again in the process that asks it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.article import Article
from extractor.errors import ModelError, RunStoppedError, UsageError
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.pipeline import AsyncExtractor

_LONG = 60.0
_STDOUT = 1


@dataclass
class Nothing:
    """A model that finds nothing."""

    folder: Path = Path()
    name: str = "scripted"
    identity: str = "scripted@1"
    prompt: str | None = None

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        return Drafts({})

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        return Drafts({})


@dataclass
class Obedient(Nothing):
    """A model that does what an article's id begins with."""

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        what = article.id.partition("-")[0]
        if what == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        elif what == "interrupted":
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
        elif what == "failing":
            raise ModelError("no answer")
        elif what == "stopping":
            raise RunStoppedError("the quota is used up")
        elif what == "once":
            self._die_once()
        elif what == "beside":
            await asyncio.sleep(0)  # it is in flight when another one is deadly
        elif what == "endless":
            os.write(_STDOUT, b"begun\n")
            await asyncio.sleep(_LONG)
        return await super().draft(article, types, meter)

    def _die_once(self) -> None:
        tried = self.folder / "tried"
        if not tried.exists():
            tried.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def _nobody(seconds: float) -> None:
    """Takes note of nothing."""


@dataclass
class Pauses:
    """A pacer that remembers whether it was told to hold requests back."""

    on_pause: Callable[[float], None] = _nobody
    held: asyncio.Event = field(default_factory=asyncio.Event)

    def hold(self, seconds: float) -> None:
        self.held.set()


@dataclass
class Pausing(Nothing):
    """A model whose endpoint asks for pauses until another process has heard of one."""

    pacing: Pauses = field(default_factory=Pauses)

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        async with asyncio.timeout(_LONG):
            if article.id == "hearing":
                await self.pacing.held.wait()
                (self.folder / "heard").touch()
            while not (self.folder / "heard").exists():
                self.pacing.on_pause(0.0)
                await asyncio.sleep(0.01)
        return await super().draft(article, types, meter)


@dataclass
class Making:
    """Makes an extractor in the process that made it, and not in others."""

    error: type[Exception] = UsageError
    here: int = field(default_factory=os.getpid)

    def __call__(self, **chosen: object) -> AsyncExtractor:
        if os.getpid() != self.here:
            raise self.error("there is no such model")
        return AsyncExtractor(Nothing())


@dataclass
class Dying(Making):
    """Ends the process that is to make an extractor."""

    def __call__(self, **chosen: object) -> AsyncExtractor:
        if os.getpid() != self.here:
            os.kill(os.getpid(), signal.SIGKILL)
        return AsyncExtractor(Nothing())
