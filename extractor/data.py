"""The data files that ship with the package: published schemas and prompts."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from extractor.errors import UsageError

_SUFFIX = ".schema.json"


def folder(name: str) -> Traversable:
    """The folder `prompts` or `schemas`: inside the wheel, or beside the package in a checkout."""
    packaged = files("extractor") / "_data"
    if packaged.is_dir():
        return packaged / name
    return files("extractor") / ".." / name


def schema_names() -> list[str]:
    """Names of the published schemas."""
    names = (entry.name for entry in folder("schemas").iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def schema_text(name: str) -> str:
    """A published schema, as it is in its file.

    Raises:
        UsageError: there is no schema of that name.
    """
    if name not in schema_names():
        raise UsageError(f"there is no schema {name!r}: there are {', '.join(schema_names())}")
    return (folder("schemas") / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
