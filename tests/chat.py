"""Chat models against the scripted server: one run, and what tests read from it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Sequence
from typing import Any
from unittest import mock

from extractor.article import Article
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction, Failure
from tests.articles import ARTICLE
from tests.fake_llm.api import FakeLLM
from tests.fake_llm.scripts import Scripted

NAME = "openai/gpt-5-mini"
KEY = "sk-canary-0123456789"
_CONTEXT = ssl.create_default_context()


def run(
    script: Scripted,
    *articles: Article,
    model: str = NAME,
    settings: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[list[Extraction | Failure], FakeLLM]:
    """The outcomes of a run against a server with this script, and the server.

    Args:
        script: what the server answers.
        articles: what is asked about; `ARTICLE` if there is none.
        model: the model string.
        settings: keywords of `AsyncExtractor`.
        options: fields of `ModelOptions`.
    """
    with FakeLLM(script) as server:
        chosen = ModelOptions(**{"base_url": server.base_url, "wait": 0.0, **options})

        async def extracted() -> list[Extraction | Failure]:
            async with AsyncExtractor(model, options=chosen, **(settings or {})) as extractor:
                return [o async for o in extractor.extract_many(articles or (ARTICLE,))]

        # No test speaks TLS, and a context takes longer to build than a run takes.
        with mock.patch("ssl.create_default_context", return_value=_CONTEXT):
            return asyncio.run(extracted()), server


def one(script: Scripted, **chosen: Any) -> tuple[Extraction, FakeLLM]:
    """The extraction of `ARTICLE`, which must succeed."""
    (outcome,), server = run(script, **chosen)
    assert isinstance(outcome, Extraction), outcome
    return outcome, server


def failed(script: Scripted, *articles: Article, **chosen: Any) -> tuple[Failure, FakeLLM]:
    """The failure of an article, which must not succeed."""
    (outcome,), server = run(script, *articles, **chosen)
    assert isinstance(outcome, Failure), outcome
    return outcome, server


def numbered(count: int, text: str = "{} firms were named pioneers in Wucheng.") -> list[Article]:
    """Articles that differ in a number."""
    return [Article(id=f"a{n}", text=text.format(1000 + n)) for n in range(count)]


def sent(server: FakeLLM) -> str:
    """Everything that went over the wire, as text."""
    return "\n".join(request.raw.decode() for request in server.requests)


def article_in(message: str) -> dict[str, Any]:
    """The article at the beginning of a user's message; one mode adds words after it."""
    fields: dict[str, Any] = json.JSONDecoder().raw_decode(message)[0]
    return fields


def rejected_codes(outcome: Extraction) -> Sequence[str]:
    """The codes of all errors of rejected drafts."""
    return [error.code for rejected in outcome.rejected for error in rejected.errors]
