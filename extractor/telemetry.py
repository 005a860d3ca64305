"""Spans and metrics for OpenTelemetry; nothing of an article is in them, not even its id.

They are made if the process has loaded the OpenTelemetry API by the time an extractor is made: a
program that sets up its SDK has, and so has a command under ``opentelemetry-instrument``, which
the usual ``OTEL_*`` variables direct. Names are those of the semantic conventions for generative
AI. Messages of errors may quote what must not get out: only their class is told.
"""

from __future__ import annotations

import importlib.metadata
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from opentelemetry.trace import SpanKind

Attributes: TypeAlias = dict[str, str | int]

_NAME = "extractor"
_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = tuple(4**power for power in range(14))
_PROVIDERS = {"azure": "azure.ai.openai", "mistral": "mistral_ai"}


class _Instruments:
    """The tracer and the metrics, as the process has set them up."""

    def __init__(self) -> None:
        from opentelemetry import metrics, trace

        version = importlib.metadata.version(_NAME)
        meter = metrics.get_meter(_NAME, version)
        self._failed = trace.StatusCode.ERROR
        self._tracer = trace.get_tracer(_NAME, version)
        self.kinds = trace.SpanKind
        self.articles = meter.create_counter(
            "extractor.articles", "{article}", "Articles that ended, by status."
        )
        self.duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            "s",
            "GenAI operation duration.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self.tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=_TOKENS,
        )

    @contextmanager
    def span(self, name: str, kind: SpanKind, attributes: Attributes) -> Iterator[Attributes]:
        """A span with the attributes that the block leaves; an exception is told by its class."""
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield attributes
            except BaseException as error:
                attributes["error.type"] = type(error).__name__
                raise
            finally:
                span.set_attributes(attributes)
                if "error.type" in attributes:
                    span.set_status(self._failed)


def _instruments() -> _Instruments | None:
    """What to tell, if anybody listens."""
    return _Instruments() if "opentelemetry.trace" in sys.modules else None


class Articles:
    """Tells of the articles that one model is asked about."""

    def __init__(self, model: str) -> None:
        """Call the model `model`."""
        self._instruments = _instruments()
        self._model = model

    @contextmanager
    def article(self) -> Iterator[Callable[[str, str | None], None]]:
        """While an article is worked on; takes its status, and the class of its failure."""
        if (instruments := self._instruments) is None:
            yield _ignore
            return
        with instruments.span(
            "extract", instruments.kinds.INTERNAL, {"extractor.model": self._model}
        ) as attributes:

            def ended(status: str, error: str | None) -> None:
                attributes["extractor.article.status"] = status
                if error is not None:
                    attributes["error.type"] = error
                instruments.articles.add(1, attributes)

            yield ended


class Requests:
    """Tells of the requests that one chat model is sent."""

    def __init__(self, provider: str, model: str) -> None:
        """Name provider and model, as a model string does."""
        self._instruments = _instruments()
        self._name = f"chat {model}"
        self._asked: Attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": _PROVIDERS.get(provider, provider),
            "gen_ai.request.model": model,
        }

    @contextmanager
    def request(self) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        """While a request is out; takes the JSON of its reply."""
        if (instruments := self._instruments) is None:
            yield _ignore
            return
        measured = dict(self._asked)  # metrics have no numbers among their attributes

        def answered(reply: Mapping[str, Any]) -> None:
            if isinstance(served := reply.get("model"), str):
                measured["gen_ai.response.model"] = attributes["gen_ai.response.model"] = served
            for kind, count in _usage(reply).items():
                attributes[f"gen_ai.usage.{kind}_tokens"] = count
                instruments.tokens.record(count, measured | {"gen_ai.token.type": kind})

        began = time.perf_counter()
        try:
            with instruments.span(
                self._name, instruments.kinds.CLIENT, dict(self._asked)
            ) as attributes:
                yield answered
        finally:
            if "error.type" in attributes:
                measured["error.type"] = attributes["error.type"]
            instruments.duration.record(time.perf_counter() - began, measured)


def _ignore(*told: object) -> None:
    """Nobody listens."""


def _usage(reply: Mapping[str, Any]) -> dict[str, int]:
    """Input and output tokens, where a reply states them."""
    usage = reply.get("usage")
    stated = usage if isinstance(usage, Mapping) else {}
    counts = {"input": stated.get("prompt_tokens"), "output": stated.get("completion_tokens")}
    return {kind: n for kind, n in counts.items() if isinstance(n, int) and n >= 0}
