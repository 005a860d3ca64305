"""Providers of OpenAI-compatible endpoints: a table, and what the environment adds to it."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from extractor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenAI-compatible endpoint.

    Attributes:
        name: the part of a model string before the slash.
        base_url: its address; empty if the environment must say.
        key_variable: the environment variable that holds the key.
        needs_key: whether it refuses requests without one.
        length_parameter: its name for the most tokens of an answer.
    """

    name: str
    base_url: str
    key_variable: str
    needs_key: bool
    length_parameter: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go, and with which key.

    Attributes:
        base_url: the address, ending before ``/chat/completions``.
        key: the key, or a placeholder where none is needed.
        key_name: what to call the key in a message.
        length_parameter: the endpoint's name for the most tokens of an answer.
        engine: what answers there, where the address does not say it.
    """

    base_url: str
    key: str = field(repr=False)
    key_name: str
    length_parameter: str
    engine: str | None = None


@cache
def providers() -> Mapping[str, Provider]:
    """The table, by name."""
    with (files("extractor.models") / "data" / "providers.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if line[0] != "#"), delimiter="\t")
        return {
            row["name"]: Provider(
                row["name"],
                row["base_url"],
                row["key_variable"],
                row["needs_key"] == "yes",
                row["length_parameter"],
            )
            for row in rows
        }


def address_of(
    provider_name: str, base_url: str | None, environment: Mapping[str, str] = os.environ
) -> Address:
    """Where the provider is reached: `base_url`, else the environment, else the table.

    Any other name is a provider through ``<NAME>_BASE_URL`` and ``<NAME>_API_KEY``.

    Raises:
        UsageError: the address or the key is missing; the message names the variable.
    """
    prefix = provider_name.upper().replace("-", "_").replace(".", "_")
    known = providers().get(provider_name)
    url = base_url or environment.get(f"{prefix}_BASE_URL") or (known.base_url if known else "")
    variable = known.key_variable if known else f"{prefix}_API_KEY"
    if not url:
        raise UsageError(
            f"the address of {provider_name!r} is not known: set {prefix}_BASE_URL or give "
            f"--base-url (known providers: {', '.join(providers())})"
        )
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url!r} is no address: it begins with http:// or https://")
    key = environment.get(variable, "").strip()
    is_own = known is not None and known.base_url in ("", url.rstrip("/"))
    if not key and known is not None and known.needs_key and is_own:
        raise UsageError(f"{variable} is not set: {provider_name} asks for a key")
    return Address(
        url.rstrip("/"),
        key or "none",
        variable,
        known.length_parameter if known and is_own else "max_tokens",
    )
