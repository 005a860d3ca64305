"""Where an export goes: the names of its files, and what may be replaced."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.batch.files import STANDARD
from extractor.errors import UsageError
from extractor.export.formats import FORMATS, Format

TOOL = "extractor"
"""The key under which `datapackage.json` says how an export was made."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Target:
    """The files of an export.

    Attributes:
        path: as it was named; links are followed.
        format: by its suffix.
        files: the name of the file of each table.
    """

    path: Path
    format: Format
    files: Mapping[str, str]

    @property
    def codebook(self) -> str:
        """Name of the codebook."""
        return f"{self.path.name}.codebook.md"

    @property
    def package(self) -> str:
        """Name of the description for machines."""
        return f"{self.path.name}.datapackage.json"

    @property
    def names(self) -> list[str]:
        """Every file, the description last: where it is, the export is complete."""
        return [*dict.fromkeys(self.files.values()), self.codebook, self.package]


def target_of(name: str, tables: Mapping[str, bool]) -> Target:
    """The target of a name; `tables` are those of the export, each with whether it is a main one.

    A database or a workbook holds them all. Of the other formats the one main table gets the
    name itself; further ones, and several main ones, get theirs put before the suffix.

    Raises:
        UsageError: the suffix is of no format, or the name is no place for a file.
    """
    path = Path(name).resolve()
    format_ = FORMATS.get(path.suffix.lower())
    if format_ is None:
        known = ", ".join(FORMATS)
        raise UsageError(f"{name}: the last argument names the format by its suffix: {known}")
    if path.is_dir():
        raise UsageError(f"{name} is a folder: name a file to write to")
    if not path.parent.is_dir():
        raise UsageError(f"{name}: the folder {path.parent} is missing: make it first")
    is_alone = sum(tables.values()) == 1
    files = {
        table: path.name
        if format_.is_database or (is_main and is_alone)
        else f"{path.stem}.{table}{path.suffix}"
        for table, is_main in tables.items()
    }
    return Target(path, format_, files)


def check_target(target: Target, inputs: Sequence[str]) -> None:
    """Make sure that nothing is lost that is not an earlier export.

    Raises:
        UsageError: a file of the target is an input, is another's, was changed, or is open.
    """
    package = target.path.parent / target.package
    earlier = _described(package)
    for name in target.names:
        path = target.path.parent / name
        if not path.exists():
            continue
        if any(given != STANDARD and _is_same(path, given) for given in inputs):
            raise UsageError(f"{path} is an input: name another file to write to")
        if earlier is None:
            raise UsageError(
                f"{path} is there and {package.name} does not say that it is an export: move it, "
                "or name another"
            )
        if name in target.files.values():
            _check_data(path, earlier.get(name), target.format.open_marks)


def _check_data(path: Path, digest: str | None, open_marks: Sequence[str]) -> None:
    """Make sure that a file is as it was exported."""
    if any(Path(f"{path}{mark}").exists() for mark in open_marks):
        raise UsageError(f"{path} is open in another program: close it first")
    if not path.is_file() or _digest(path) != digest:
        raise UsageError(
            f"{path} is not as it was exported, so it may hold work of yours: move it, or name "
            "another"
        )


@contextmanager
def workshop(target: Target) -> Iterator[Path]:
    """A folder beside the target in which an export is made; it is gone afterwards.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder = tempfile.mkdtemp(prefix=f".{target.path.name}.", dir=target.path.parent)
    except OSError as error:
        raise UsageError(f"{target.path} cannot be written: {error.strerror}") from None
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(target: Target, folder: Path) -> None:
    """Give the files in `folder` their names.

    What an earlier export had and this one has not is removed if it is as it was exported.
    """
    package = target.path.parent / target.package
    earlier = _described(package) or {}
    for name in target.names:
        (folder / name).replace(target.path.parent / name)
    for name in earlier.keys() - set(target.names):
        left = target.path.parent / name
        if left.is_file() and _digest(left) == earlier[name]:
            left.unlink()


def file_digest(path: Path) -> dict[str, Any]:
    """Size and hash of a file, as Frictionless writes them."""
    return {"bytes": path.stat().st_size, "hash": _digest(path)}


def _described(package: Path) -> dict[str, str] | None:
    """The hash of each file that an earlier export described; None if it is no description."""
    try:
        described = json.loads(package.read_bytes())
        if TOOL not in described:
            return None
        return {
            Path(str(resource["path"])).name: str(resource["hash"])
            for resource in described["resources"]
        }
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_same(path: Path, given: str) -> bool:
    return Path(given).exists() and path.samefile(given)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
