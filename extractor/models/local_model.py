"""The chat model whose endpoint is a model file, run on this machine for as long as the model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from extractor.article import Article
from extractor.errors import ModelError, RunStoppedError, UsageError
from extractor.models.address import Address
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.models.chat import ChatModel
from extractor.models.local import default_slots, serve
from extractor.models.local_file import open_model
from extractor.models.options import ModelOptions
from extractor.prompting import load_prompt

_PROVIDER = "gguf"
_ANSWER_SHARE = 4


class LocalModel:
    """A model file and the engine that runs it, from here to `aclose`.

    Args:
        path: a GGUF file.
        options: how it is asked; without a limit of its own an answer gets a quarter of the
            context, since small models do not always come to an end.

    Attributes:
        engine: the engine, running until `aclose`.

    Raises:
        MissingExtraError: the engine is not installed.
        UsageError: the file cannot be read or loaded, or there is no such prompt.
    """

    def __init__(self, path: str | Path, options: ModelOptions) -> None:
        """Start the engine and wait until it answers."""
        file = open_model(path)
        self.name = f"{_PROVIDER}:{file.path.name}"
        self._fingerprint = file.fingerprint
        # what is wrong is said before a large file is loaded
        load_prompt(options.prompt, options.evidence)
        self._run = ExitStack()
        slots = min(default_slots(), options.connections)
        self.engine = self._run.enter_context(serve(file, slots=slots))
        self._free = asyncio.Semaphore(self.engine.slots)
        limit = options.max_output_tokens or self.engine.context // _ANSWER_SHARE
        address = Address(
            self.engine.base_url,
            self.engine.api_key,
            "this run",
            "max_tokens",
            f"{_PROVIDER}:{file.fingerprint}",
        )
        try:
            self._chat = ChatModel(
                _PROVIDER, file.name, replace(options, max_output_tokens=limit), address=address
            )
        except UsageError:
            self._run.close()
            raise

    @property
    def prompt(self) -> str:
        """Name and version of the prompt."""
        return self._chat.prompt

    @property
    def identity(self) -> str:
        """That of the chat model, and which file it is."""
        return f"{self._chat.identity} {self._fingerprint}"

    async def aclose(self) -> None:
        """Close the connections and stop the engine."""
        try:
            await self._chat.aclose()
        finally:
            self._run.close()

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """As `ChatModel.draft`; an article waits here for a free slot, so that no time runs out.

        Raises:
            ModelError: as `ChatModel.draft`.
            RunStoppedError: the engine has ended, or as `ChatModel.draft`.
        """
        async with self._slot():
            return await self._chat.draft(article, types, meter)

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        """As `ChatModel.redraft`, when a slot is free.

        Raises:
            ModelError: as `draft`.
            RunStoppedError: as `draft`.
        """
        async with self._slot():
            return await self._chat.redraft(article, requests, meter)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Wait for a free slot; what fails in it is the engine's fault if that has ended."""
        async with self._free:
            try:
                yield
            except ModelError:
                if (ending := self.engine.ended()) is not None:
                    raise RunStoppedError(f"{self.name}: {ending}") from None
                raise
