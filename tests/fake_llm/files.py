"""Files that were uploaded, and those that batches wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class NotFoundError(Exception):
    """No such file or batch; the message is the endpoint's."""


class Files:
    """File objects and their contents. Safe between threads.

    Args:
        tick: the Unix time of what happens now.
    """

    def __init__(self, tick: Callable[[], int]) -> None:
        self._tick = tick
        self._lock = threading.RLock()
        self._infos: dict[str, dict[str, Any]] = {}
        self._contents: dict[str, bytes] = {}
        self._made = 0

    def add(self, name: str, content: bytes, purpose: str = "batch") -> dict[str, Any]:
        """Keep a file; its object."""
        with self._lock:
            self._made += 1
            file_id = f"file-{self._made:06}"
            self._infos[file_id] = {
                "id": file_id,
                "object": "file",
                "bytes": len(content),
                "created_at": self._tick(),
                "filename": name,
                "purpose": purpose,
                "status": "processed",
            }
            self._contents[file_id] = content
            return dict(self._infos[file_id])

    def all(self) -> list[dict[str, Any]]:
        """Every file's object, the newest first."""
        with self._lock:
            return [dict(info) for info in reversed(self._infos.values())]

    def info(self, file_id: str) -> dict[str, Any]:
        """A file's object.

        Raises:
            NotFoundError: there is none.
        """
        with self._lock:
            if file_id not in self._infos:
                raise NotFoundError(f"No such File object: {file_id}")
            return dict(self._infos[file_id])

    def content(self, file_id: str) -> bytes:
        """What a file holds; raises as `info`."""
        self.info(file_id)
        return self._contents[file_id]

    def delete(self, file_id: str) -> None:
        """Forget a file; raises as `info`."""
        self.info(file_id)
        with self._lock:
            del self._infos[file_id], self._contents[file_id]
