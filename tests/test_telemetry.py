from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("openai")
pytest.importorskip("opentelemetry.sdk")

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from extractor import telemetry
from extractor.article import Article
from tests.chat import KEY, NAME, numbered, run
from tests.fake_llm.api import (
    Tokens,
    answer_by_rules,
    by_article,
    by_attempt,
    rate_limited,
    refusal,
)

CANARY = "Canarytown"
ARTICLE = Article(
    text=f"{CANARY} has 11 above-scale enterprises. {CANARY} grew by 4.5% in 2023.",
    id=f"id-{CANARY}",
    title=f"All about {CANARY}",
    source=f"The {CANARY} Post",
    url=f"https://example.org/{CANARY}",
    extra={"note": CANARY},
)


class Heard:
    """What was told to an SDK that keeps it in memory."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self._reader = InMemoryMetricReader()
        self.meters = MeterProvider([self._reader])

    def spans(self, name: str) -> list[ReadableSpan]:
        return [span for span in self._spans.get_finished_spans() if span.name == name]

    def points(self, name: str) -> list[tuple[dict[str, Any], Any]]:
        """The attributes and values of a metric."""
        data = self._reader.get_metrics_data()
        assert data is not None
        return [
            (dict(point.attributes or {}), getattr(point, "sum", getattr(point, "value", None)))
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]

    def everything(self) -> str:
        data = self._reader.get_metrics_data()
        spans = [span.to_json() for span in self._spans.get_finished_spans()]
        return "\n".join([*spans, "" if data is None else data.to_json()])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """An SDK, in place of the one that a process has."""
    found = Heard()
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with (
        mock.patch.object(trace, "get_tracer", found.tracers.get_tracer),
        mock.patch.object(metrics, "get_meter", found.meters.get_meter),
    ):
        yield found
    found.tracers.shutdown()
    found.meters.shutdown()


def test_a_request_and_its_article_are_spans_by_the_conventions(heard: Heard) -> None:
    run(answer_by_rules(usage=Tokens(100, 20)), ARTICLE)
    (request,), (article,) = heard.spans("chat gpt-5-mini"), heard.spans("extract")
    assert request.kind is trace.SpanKind.CLIENT
    attributes = dict(request.attributes or {})
    served = attributes.pop("gen_ai.response.model")
    assert attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
    }
    assert request.parent is not None
    assert request.parent.span_id == article.context.span_id
    assert article.attributes == {"extractor.model": NAME, "extractor.article.status": "ok"}
    tokens = {
        attributes["gen_ai.token.type"]: value
        for attributes, value in heard.points("gen_ai.client.token.usage")
    }
    assert tokens == {"input": 100, "output": 20}
    ((measured, seconds),) = heard.points("gen_ai.client.operation.duration")
    assert measured["gen_ai.response.model"] == served
    assert seconds > 0


def test_each_try_is_a_span_and_one_that_failed_says_how(heard: Heard) -> None:
    run(by_attempt(rate_limited("0"), answer_by_rules()), ARTICLE)
    first, second = heard.spans("chat gpt-5-mini")
    assert first.attributes is not None
    assert first.attributes["error.type"] == "RateLimitedError"
    assert first.status.status_code is trace.StatusCode.ERROR
    assert first.status.description is None
    assert second.status.status_code is trace.StatusCode.UNSET
    measured = heard.points("gen_ai.client.operation.duration")
    assert [told.get("error.type") for told, _ in measured] == ["RateLimitedError", None]


def test_articles_are_counted_by_status(heard: Heard) -> None:
    run(by_article({"1001 firms": refusal()}, answer_by_rules()), *numbered(3))
    counted = {
        (attributes["extractor.article.status"], attributes.get("error.type")): value
        for attributes, value in heard.points("extractor.articles")
    }
    assert counted == {("ok", None): 2, ("failed", "ModelError"): 1}


def test_nothing_of_an_article_and_no_key_is_told(heard: Heard) -> None:
    run(by_attempt(rate_limited("0"), answer_by_rules()), ARTICLE)
    run(refusal(f"I cannot speak of {CANARY}."), ARTICLE)
    assert "extract" in heard.everything()
    assert CANARY not in heard.everything()
    assert KEY not in heard.everything()
    assert "127.0.0.1" not in heard.everything()


def test_a_process_without_the_api_is_told_nothing_and_does_not_load_it() -> None:
    program = (
        "import sys; from extractor import extract; from extractor.article import Article;"
        "extract(Article(text='11 firms'));"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_an_error_in_an_article_leaves_its_class_alone(heard: Heard) -> None:
    with pytest.raises(ValueError, match=CANARY), telemetry.Articles("rules").article():
        raise ValueError(CANARY)
    (span,) = heard.spans("extract")
    assert span.attributes is not None
    assert span.attributes["error.type"] == "ValueError"
    assert CANARY not in heard.everything()
