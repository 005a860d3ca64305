"""Azure OpenAI through real HTTP: path, query, key, and the answers of its filter."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("openai")

from extractor import extract
from extractor.errors import ExtractionFailed, RunStoppedError
from extractor.models.options import ModelOptions
from tests.articles import ARTICLE, fund
from tests.fake_llm.api import (
    FakeLLM,
    Received,
    answer,
    content_filter,
    error,
    invalid_api_key,
    prompt_filtered,
    records,
    status,
)

SECRET = "canary-azure-key"
GOOD = answer(records(funds=[fund()]))


def asked(
    monkeypatch: pytest.MonkeyPatch, script: Any, version: str | None = None, **options: Any
) -> tuple[Any, list[Received]]:
    """The extraction through a resource on loopback, and the requests."""
    with FakeLLM(script) as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.base_url.removesuffix("/v1"))
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", SECRET)
        if version:
            monkeypatch.setenv("AZURE_OPENAI_API_VERSION", version)
        found = extract(ARTICLE, "azure/my gpt/5", options=ModelOptions(wait=0.0, **options))
        return found, list(server.requests)


@pytest.mark.parametrize(
    ("version", "path"),
    [
        (None, "/openai/v1/chat/completions"),
        ("preview", "/openai/v1/chat/completions?api-version=preview"),
        (
            "2024-10-21",
            "/openai/deployments/my%20gpt%2F5/chat/completions?api-version=2024-10-21",
        ),
    ],
)
def test_path_query_and_key_are_those_of_azure(
    monkeypatch: pytest.MonkeyPatch, version: str | None, path: str
) -> None:
    found, (request,) = asked(monkeypatch, GOOD, version, max_output_tokens=900)

    assert len(found.records) == 1
    assert request.path == path
    assert request.headers["api-key"] == SECRET
    assert "authorization" not in request.headers
    assert SECRET.encode() not in request.raw
    assert request.json["model"] == "my gpt/5"
    assert request.json["max_completion_tokens"] == 900
    assert request.strict


def test_filtered_prompt_and_filtered_answer_are_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {"code": "ResponsibleAIPolicyViolation"}
    proxied = status(400, error("filtered", code="400", innererror=inner))
    for reply in (prompt_filtered(), proxied, content_filter()):
        with pytest.raises(ExtractionFailed, match="content filter") as caught:
            asked(monkeypatch, reply, "2024-10-21")
        assert caught.value.failure.error.type == "ModelError"


def test_refused_key_and_missing_deployment_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    body = error("The API deployment for this resource does not exist.", code="DeploymentNotFound")
    with pytest.raises(RunStoppedError, match="no model 'my gpt/5'"):
        asked(monkeypatch, status(404, body), "2024-10-21")
    with pytest.raises(RunStoppedError, match="AZURE_OPENAI_API_KEY") as caught:
        asked(monkeypatch, invalid_api_key())
    assert SECRET not in str(caught.value)


def test_answers_of_two_versions_are_not_mixed_up_in_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    with FakeLLM(GOOD) as server:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", server.base_url.removesuffix("/v1"))
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", SECRET)
        counts = []
        for version in ("2024-10-21", "2025-04-01-preview", "2024-10-21"):
            monkeypatch.setenv("AZURE_OPENAI_API_VERSION", version)
            extract(ARTICLE, "azure/gpt", options=ModelOptions(cache=tmp_path))
            counts.append(server.count)

    assert counts == [1, 2, 2]


def test_filter_of_the_endpoint_is_no_reason_to_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeLLM(prompt_filtered()) as server:
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", SECRET)
        with pytest.raises(ExtractionFailed):
            extract(ARTICLE, "azure/gpt", options=ModelOptions(base_url=server.base_url))
        assert server.count == 1
