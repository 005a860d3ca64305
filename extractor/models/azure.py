"""Where Azure OpenAI is reached: the v1 API, or a deployment under a dated API version."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from extractor.errors import UsageError
from extractor.models.address import Address

VERSION_VARIABLE = "AZURE_OPENAI_API_VERSION"
_EXAMPLE = "https://NAME.openai.azure.com"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?:-preview)?")
_OF_V1 = ("v1", "preview", "latest")


def on_azure(address: Address, version: str) -> Address:
    """The address of the chat completions of a resource.

    Args:
        address: the resource's, with or without ``/openai`` or ``/openai/v1``.
        version: a dated one asks a deployment by its own path; without one, or with a name such
            as ``preview``, the v1 API is asked.

    Raises:
        UsageError: the address is that of one deployment, or the version does not fit.
    """
    parts = urlsplit(address.base_url)
    if parts.query or "/deployments" in parts.path or parts.path.endswith("/chat/completions"):
        raise UsageError(
            f"the address of azure is that of the resource alone, such as {_EXAMPLE}: the "
            f"deployment is the model, azure/DEPLOYMENT, and api-version is {VERSION_VARIABLE}"
        )
    is_v1 = parts.path.endswith("/openai/v1")
    root = address.base_url.removesuffix("/v1") if is_v1 else address.base_url
    root = root.removesuffix("/openai") + "/openai"
    azure = replace(
        address,
        base_url=f"{root}/v1",
        key_header="api-key",
        query={"api-version": version} if version else {},
    )
    if not version or version in _OF_V1:
        return azure
    if not _DATED.fullmatch(version):
        raise UsageError(
            f"{VERSION_VARIABLE}={version!r} is no API version: write one such as 2024-10-21, or "
            "unset it for the v1 API"
        )
    if is_v1:
        raise UsageError(
            f"the v1 API of azure has no version {version}: unset {VERSION_VARIABLE}, or give the "
            f"address as {_EXAMPLE}"
        )
    return replace(azure, base_url=root, path="/deployments/{model}/chat/completions")
