"""Runs by batches: limits, refusals, and what is in no log."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.batch import FailureLimit
from extractor.batch.batch_api import service_of
from extractor.batch.budget import CostLimit
from extractor.errors import RunStoppedError, UsageError
from extractor.models.options import ModelOptions
from extractor.models.prices import parse_price
from tests.batch_api_runs import Endpoint, write_numbered
from tests.batch_runs import lines
from tests.fake_llm.api import (
    NOTHING,
    BatchRules,
    Tokens,
    answer,
    error,
    invalid_api_key,
    records,
    refusal,
    status,
)


def test_cost_is_set_aside_for_all_that_is_submitted(tmp_path: Path) -> None:
    script = answer(records(), usage=Tokens(1_000_000, 0))
    limit = CostLimit(2.6, lambda article: 1.0)
    with Endpoint(tmp_path, script) as endpoint:
        write_numbered(endpoint, 5)
        with pytest.raises(RunStoppedError, match="limit on cost"):
            endpoint.batched(options={"price": parse_price("2,2")}, settings={"max_cost": limit})

    assert len(lines(endpoint.output)) == 2
    assert sum(endpoint.rows().values()) == 2


def test_too_many_failures_leave_the_rest(tmp_path: Path) -> None:
    with Endpoint(tmp_path, refusal()) as endpoint:
        write_numbered(endpoint, 8)
        with pytest.raises(RunStoppedError, match="more than 1"):
            endpoint.batched(settings={"max_failures": FailureLimit.parse("1")})


def test_endpoint_without_batches_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    missing = BatchRules(faults=lambda *call: status(404, error("no such route")))
    with Endpoint(tmp_path, NOTHING, missing) as endpoint:
        write_numbered(endpoint, 1)
        with pytest.raises(UsageError, match=r"has no batches \(404\): leave out --via batch-api"):
            endpoint.batched()
    assert not endpoint.output.exists()


def test_key_that_is_refused_stops_the_run(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(faults=lambda *c: invalid_api_key())) as endpoint:
        write_numbered(endpoint, 1)
        with pytest.raises(RunStoppedError, match="refused the key in OPENAI_API_KEY"):
            endpoint.batched()


def test_model_without_an_endpoint_has_no_batches(tmp_path: Path) -> None:
    with Endpoint(tmp_path) as endpoint:
        for name in ("rules", "gguf:model.gguf"):
            with pytest.raises(UsageError, match="no model behind an endpoint"):
                endpoint.batched(model=name)


@pytest.mark.parametrize(
    ("option", "chosen"),
    [
        ("--cache", {"cache": "answers"}),
        ("--rpm", {"rpm": 10.0}),
        ("--tpm", {"tpm": 10.0}),
        ("--concurrency auto", {"adaptive": True}),
    ],
)
def test_option_of_requests_online_is_refused(
    option: str, chosen: dict[str, Any], tmp_path: Path
) -> None:
    with Endpoint(tmp_path) as endpoint, pytest.raises(UsageError, match=f"^{option} does not go"):
        endpoint.batched(options=chosen)


def test_no_article_and_no_key_is_in_the_logs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    caplog.set_level(logging.DEBUG)
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 2)
        endpoint.batched()

    assert "/batches" in caplog.text
    assert "firms were named" not in caplog.text
    assert "sk-canary" not in caplog.text
    assert b"sk-canary" not in endpoint.output.read_bytes()


def test_azure_names_its_path_as_its_version_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "key")
    options = ModelOptions(base_url="https://x.openai.azure.com")
    assert service_of("azure/mini", options)[0].path == "/v1/chat/completions"
    monkeypatch.setenv("AZURE_OPENAI_API_VERSION", "2024-10-21")
    assert service_of("azure/mini", options)[0].path == "/chat/completions"
