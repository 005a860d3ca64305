"""From a model string to a model."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from extractor.errors import MissingExtraError, UsageError
from extractor.models.base import Model
from extractor.models.options import ModelOptions

LOCAL = "gguf:"
"""What the name of a model file begins with."""

_CLIENTS = ("openai", "instructor", "tenacity", "aiohttp", "genai_prices")


def load(name: str, options: ModelOptions | None = None) -> Model:
    """The model that `name` stands for: ``rules``, ``provider/model`` or ``gguf:PATH``.

    Raises:
        MissingExtraError: the clients of chat models are not installed.
        UsageError: there is no such model, or its address or key is missing.
    """
    if name == "rules":
        from extractor.models.rules import RulesModel

        return RulesModel()
    if name.startswith(LOCAL):
        need_clients(name)
        from extractor.models.local_model import LocalModel

        return LocalModel(name.removeprefix(LOCAL), options or ModelOptions())
    provider, model = split_name(name)
    need_clients(name)
    from extractor.models.chat import ChatModel

    return ChatModel(provider, model, options or ModelOptions())


def shown_name(name: str) -> str:
    """The name of a model in results: a model file is named without its folder."""
    return f"{LOCAL}{Path(name).name}" if name.startswith(LOCAL) else name


def split_name(name: str) -> tuple[str, str]:
    """Provider and model of ``provider/model``.

    Raises:
        UsageError: it is no such name.
    """
    provider, slash, model = name.partition("/")
    if not (slash and provider and model):
        raise UsageError(
            f"there is no model {name!r}: write rules, provider/model such as openai/gpt-5-mini, "
            "or gguf:PATH"
        )
    return provider, model


def need_clients(name: str) -> None:
    """Refuse a model whose clients are not there.

    Raises:
        MissingExtraError: they are not installed.
    """
    if any(importlib.util.find_spec(client) is None for client in _CLIENTS):
        raise MissingExtraError(f"the model {name}", "llm")
