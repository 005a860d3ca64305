"""A model file on this machine: is it there, is it GGUF, and which one is it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import UsageError

_MAGIC = b"GGUF"
_SHARD = re.compile(r"(.+)-\d{5}-of-(\d{5})")
_BLOCK = 64 * 1024
_SAMPLES = 64


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A GGUF file.

    Attributes:
        path: where it is; the first part of a model in several.
        name: what the model is called: the file's name without part number and suffix.
        fingerprint: 16 hex digits that tell it from other models; the same for a copy of it.
    """

    path: Path
    name: str
    fingerprint: str


def open_model(path: str | Path) -> ModelFile:
    """The model at `path`; ``~`` is the home folder.

    Raises:
        UsageError: it is not there, cannot be read, or is no GGUF file.
    """
    file = Path(path).expanduser()
    shard = _SHARD.fullmatch(file.stem)
    parts = sorted(file.parent.glob(f"{shard[1]}-*-of-{shard[2]}.gguf")) if shard else [file]
    try:
        with file.open("rb") as stream:
            if stream.read(len(_MAGIC)) != _MAGIC:
                raise UsageError(f"{file} is no GGUF file: give the path of a .gguf model")
        fingerprint = _fingerprint(parts)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    return ModelFile(file, shard[1] if shard else file.stem, fingerprint)


def _fingerprint(parts: list[Path]) -> str:
    """A hash of sizes and of blocks spread over each file: all of it would take minutes."""
    digest = hashlib.sha256()
    for part in parts:
        size = part.stat().st_size
        digest.update(f"{size}\n".encode())
        with part.open("rb") as stream:
            for sample in range(_SAMPLES):
                stream.seek(max(0, size - _BLOCK) * sample // (_SAMPLES - 1))
                digest.update(stream.read(_BLOCK))
    return digest.hexdigest()[:16]
