"""Writing a file that a command was asked for."""

from __future__ import annotations

from pathlib import Path

from extractor.errors import UsageError


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
