"""Providers: the table, and what the environment adds to it."""

from __future__ import annotations

import pytest

from extractor.errors import UsageError
from extractor.models.loading import load
from extractor.models.providers import address_of, providers

NAMES = ("openai azure ollama vllm llamacpp deepseek dashscope openrouter mistral together").split()


def test_table_has_the_providers_that_are_promised() -> None:
    assert set(NAMES) <= set(providers())
    for provider in providers().values():
        assert not provider.base_url.endswith("/")
        assert provider.key_variable.endswith("_API_KEY")


def test_openai_needs_its_key_and_names_the_variable() -> None:
    with pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        address_of("openai", None, {})
    with pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        address_of("openai", None, {"OPENAI_API_KEY": " \n"})

    address = address_of("openai", None, {"OPENAI_API_KEY": " key\n"})
    assert (address.base_url, address.key) == ("https://api.openai.com/v1", "key")
    assert address.length_parameter == "max_completion_tokens"


@pytest.mark.parametrize("name", ["ollama", "vllm", "llamacpp"])
def test_local_servers_need_no_key_and_know_max_tokens(name: str) -> None:
    address = address_of(name, None, {})

    assert address.base_url.startswith("http://localhost:")
    assert address.key
    assert address.length_parameter == "max_tokens"


def test_given_address_wins_over_environment_and_table() -> None:
    environment = {"OPENAI_BASE_URL": "http://environment/v1", "OPENAI_API_KEY": "key"}
    given = address_of("openai", "http://given/v1/", environment)

    assert (given.base_url, given.key) == ("http://given/v1", "key")
    assert given.length_parameter == "max_tokens"
    assert address_of("openai", None, environment).base_url == "http://environment/v1"
    assert address_of("openai", "http://given/v1", {}).key


def test_any_other_name_is_a_provider_through_the_environment() -> None:
    environment = {"MY_HOST_BASE_URL": "https://host/v1", "MY_HOST_API_KEY": "key"}
    address = address_of("my-host", None, environment)

    assert (address.base_url, address.key) == ("https://host/v1", "key")
    assert (address.key_name, address.length_parameter) == ("MY_HOST_API_KEY", "max_tokens")


def test_unknown_provider_names_the_variable_and_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"MY_HOST_BASE_URL.*--base-url.*openai"):
        address_of("my-host", None, {})


@pytest.mark.parametrize("url", ["localhost:8000/v1", "ftp://host/v1", "file:///etc/passwd"])
def test_address_is_http(url: str) -> None:
    with pytest.raises(UsageError, match="http"):
        address_of("vllm", url, {})


def test_key_is_not_shown() -> None:
    assert "secret" not in repr(address_of("openai", None, {"OPENAI_API_KEY": "secret"}))


@pytest.mark.parametrize("name", ["gpt-5-mini", "/model", "openai/", "", "Rules"])
def test_name_without_provider_says_what_to_write(name: str) -> None:
    with pytest.raises(UsageError, match="provider/model such as openai/gpt-5-mini"):
        load(name)


def test_model_name_may_have_slashes() -> None:
    pytest.importorskip("openai")
    model = load("ollama/library/qwen3:8b")

    assert model.name == "ollama/library/qwen3:8b"
