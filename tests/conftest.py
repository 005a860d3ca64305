"""What every test gets: a clean environment, no network, the same hypothesis examples."""

from __future__ import annotations

import os
import socket
from typing import Any

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_network_and_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine, and forget provider settings."""
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_BASE_URL", "_ENDPOINT", "_API_VERSION")):
            monkeypatch.delenv(name)
    connect = socket.socket.connect

    def guarded(own: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(own, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real engine takes a core for itself: its tests belong to `make test-all`."""
    for item in items:
        if "engine" in item.path.parent.parts[-1:]:
            item.add_marker(pytest.mark.slow)
