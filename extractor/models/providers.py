"""Providers of OpenAI-compatible endpoints: a table, and what the environment adds to it."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractor.errors import UsageError
from extractor.models.address import Address
from extractor.models.azure import VERSION_VARIABLE, on_azure


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenAI-compatible endpoint.

    Attributes:
        name: the part of a model string before the slash.
        base_url: its address; empty if the environment must say.
        url_variable: the environment variable that holds another one.
        key_variable: the environment variable that holds the key.
        needs_key: whether it refuses requests without one.
        length_parameter: its name for the most tokens of an answer.
    """

    name: str
    base_url: str
    url_variable: str
    key_variable: str
    needs_key: bool
    length_parameter: str


@cache
def providers() -> Mapping[str, Provider]:
    """The table, by name."""
    with (files("extractor.models") / "data" / "providers.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader((line for line in file if line[0] != "#"), delimiter="\t")
        return {
            row["name"]: Provider(
                row["name"],
                row["base_url"],
                row["url_variable"],
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
    known = providers().get(provider_name)
    url = url_of(provider_name, base_url, environment)
    variable = known.key_variable if known else f"{_prefix(provider_name)}_API_KEY"
    if not url:
        raise UsageError(
            f"the address of {provider_name!r} is not known: set {_url_variable(provider_name)} or "
            f"give --base-url (known providers: {', '.join(providers())})"
        )
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url!r} is no address: it begins with http:// or https://")
    key = environment.get(variable, "").strip()
    is_own = known is not None and known.base_url in ("", url)
    if not key and known is not None and known.needs_key and is_own:
        raise UsageError(f"{variable} is not set: {provider_name} asks for a key")
    length_parameter = known.length_parameter if known and is_own else "max_tokens"
    address = Address(url, key or "none", variable, length_parameter)
    if provider_name == "azure":
        return on_azure(address, environment.get(VERSION_VARIABLE, "").strip())
    return address


def url_of(
    provider_name: str, base_url: str | None, environment: Mapping[str, str] = os.environ
) -> str:
    """The address, without a slash at its end; empty where it is not known."""
    known = providers().get(provider_name)
    url = base_url or environment.get(_url_variable(provider_name), "").strip()
    return (url or (known.base_url if known else "")).rstrip("/")


def _url_variable(provider_name: str) -> str:
    known = providers().get(provider_name)
    return known.url_variable if known else f"{_prefix(provider_name)}_BASE_URL"


def _prefix(provider_name: str) -> str:
    return provider_name.upper().replace("-", "_").replace(".", "_")
