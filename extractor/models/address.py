"""Where requests to a chat model go, and with which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go, and with which key.

    Attributes:
        base_url: the address, ending before `path`.
        key: the key, or a placeholder where none is needed.
        key_name: what to call the key in a message.
        length_parameter: the endpoint's name for the most tokens of an answer.
        engine: what answers there, where the address does not say it.
        path: that of chat completions; it may hold ``{model}``.
        query: what follows it.
        key_header: the header that carries the key.
    """

    base_url: str
    key: str = field(repr=False)
    key_name: str
    length_parameter: str
    engine: str | None = None
    path: str = "/chat/completions"
    query: Mapping[str, str] = field(default_factory=dict)
    key_header: str = "Authorization"
