"""Fingerprints of what computes: the bytes of a package's code and data files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def fingerprint(*packages: str) -> str:
    """16 hex digits of a SHA-256 over every file of `packages`, by name and content.

    Equal in an editable checkout, an installed wheel and a zipped one.
    """
    digest = hashlib.sha256()
    for package in packages:
        for name, content in sorted(_files(files(package), package)):
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, name)
        elif not entry.name.endswith(".pyc"):
            yield name, entry.read_bytes()
