"""Azure OpenAI: what a user sets, and where requests then go."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.models.providers import address_of

RESOURCE = "https://name.openai.azure.com"
KEY = {"AZURE_OPENAI_API_KEY": "key"}


def reached(endpoint: str, version: str | None = None, **more: str) -> Any:
    environment = {"AZURE_OPENAI_ENDPOINT": endpoint, **KEY, **more}
    if version is not None:
        environment["AZURE_OPENAI_API_VERSION"] = version
    return address_of("azure", None, environment)


@pytest.mark.parametrize(
    "endpoint",
    [RESOURCE, f"{RESOURCE}/", f"{RESOURCE}/openai", f"{RESOURCE}/openai/v1/", f" {RESOURCE}\n"],
)
def test_without_a_version_the_v1_api_is_asked(endpoint: str) -> None:
    address = reached(endpoint)

    assert (address.base_url, address.path) == (f"{RESOURCE}/openai/v1", "/chat/completions")
    assert (address.query, address.key_header) == ({}, "api-key")
    assert address.length_parameter == "max_completion_tokens"


@pytest.mark.parametrize("version", ["2024-10-21", "2025-04-01-preview", " 2024-10-21 "])
@pytest.mark.parametrize("endpoint", [RESOURCE, f"{RESOURCE}/openai/"])
def test_dated_version_asks_the_deployment_by_its_path(endpoint: str, version: str) -> None:
    address = reached(endpoint, version)

    assert address.base_url == f"{RESOURCE}/openai"
    assert address.path == "/deployments/{model}/chat/completions"
    assert address.query == {"api-version": version.strip()}


@pytest.mark.parametrize("version", ["preview", "v1", "latest"])
def test_version_of_the_v1_api_goes_along(version: str) -> None:
    address = reached(f"{RESOURCE}/openai/v1", version)

    assert (address.base_url, address.query) == (f"{RESOURCE}/openai/v1", {"api-version": version})


def test_gateway_may_stand_below_a_path_and_a_given_address_wins() -> None:
    assert reached("https://gate.example/llm").base_url == "https://gate.example/llm/openai/v1"
    given = address_of("azure", "https://given.example", {**KEY, "AZURE_OPENAI_ENDPOINT": RESOURCE})
    assert given.base_url == "https://given.example/openai/v1"


def test_what_is_missing_is_named() -> None:
    with pytest.raises(UsageError, match="AZURE_OPENAI_ENDPOINT"):
        address_of("azure", None, KEY)
    with pytest.raises(UsageError, match="AZURE_OPENAI_API_KEY is not set"):
        address_of("azure", None, {"AZURE_OPENAI_ENDPOINT": RESOURCE})
    with pytest.raises(UsageError, match="AZURE_OPENAI_API_KEY is not set"):
        reached(RESOURCE, AZURE_OPENAI_API_KEY=" ")


@pytest.mark.parametrize(
    "endpoint",
    [
        f"{RESOURCE}/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
        f"{RESOURCE}/openai/deployments/gpt",
        f"{RESOURCE}/openai/v1/chat/completions",
        f"{RESOURCE}/?api-version=2024-10-21",
    ],
)
def test_address_of_one_deployment_says_where_its_parts_belong(endpoint: str) -> None:
    with pytest.raises(UsageError, match=r"azure/DEPLOYMENT.*AZURE_OPENAI_API_VERSION"):
        reached(endpoint, "2024-10-21")


@pytest.mark.parametrize(
    ("endpoint", "version", "words"),
    [
        (RESOURCE, "21.10.2024", "2024-10-21"),
        (RESOURCE, "2024-10", "2024-10-21"),
        (RESOURCE, '"2024-10-21"', "2024-10-21"),
        (f"{RESOURCE}/openai/v1", "2024-10-21", "unset AZURE_OPENAI_API_VERSION"),
        ("name.openai.azure.com", "", "https://"),
    ],
)
def test_version_or_address_that_does_not_fit_is_a_usage_error(
    endpoint: str, version: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        reached(endpoint, version)


def test_key_is_not_shown() -> None:
    assert "secret" not in repr(reached(RESOURCE, AZURE_OPENAI_API_KEY="secret"))
