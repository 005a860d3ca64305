"""The index of an output: its ledger in a file, so that a resume need not read every line."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from extractor.batch.hashing import Rows
from extractor.batch.ledger import Ledger

_FORMAT = 1
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class Indexed:
    """An output as its index describes it.

    Attributes:
        ledger: what it holds.
        sha256: of its bytes, as they are on disk.
    """

    ledger: Ledger
    sha256: str


def save_index(path: Path, output: Path, indexed: Indexed) -> None:
    """Write the index of `output`, which has just been made.

    An index that cannot be written is none: the next run reads the output instead.
    """
    ledger = indexed.ledger
    check = 0
    for column in _columns(ledger):
        check = zlib.crc32(column, check)
    header = _identity(output) | {
        "rows": len(ledger),
        "check": check,
        "sha256": indexed.sha256,
        "runs": sorted(ledger.runs),
        "computed": sorted(ledger.computed),
        "cost_usd": ledger.cost_usd,
    }
    draft = Path(f"{path}.partial")
    with suppress(OSError):
        with draft.open("wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            for column in _columns(ledger):
                column.tofile(file)
        draft.replace(path)


def load_index(path: Path, output: Path) -> Indexed | None:
    """The index of `output`; None if there is none, or it is another output's or damaged."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.readline(_LONGEST_HEADER))
            if any(header.get(name) != value for name, value in _identity(output).items()):
                return None
            return Indexed(_ledger(header, file), str(header["sha256"]))
    except (OSError, ValueError, TypeError, KeyError, EOFError, AttributeError):
        return None


def _identity(output: Path) -> dict[str, Any]:
    """What an output and its index have in common."""
    status = output.stat()
    return {
        "format": _FORMAT,
        "byteorder": sys.byteorder,
        "size": status.st_size,
        "mtime_ns": status.st_mtime_ns,
    }


def _columns(ledger: Ledger) -> tuple[array[int], ...]:
    return ledger.rows.keys, ledger.contents, ledger.states, ledger.places


def _ledger(header: dict[str, Any], file: BinaryIO) -> Ledger:
    """The ledger that follows a header.

    Raises:
        ValueError: it is not all there, or damaged.
    """
    ledger = Ledger()
    check = 0
    keys = array("Q")
    for column in (keys, ledger.contents, ledger.states, ledger.places):
        content = file.read(header["rows"] * column.itemsize)
        check = zlib.crc32(content, check)
        column.frombytes(content)
    if check != header["check"] or file.read(1) or len(ledger.places) != header["rows"]:
        raise ValueError("the index is damaged")
    ledger.rows = Rows(keys)
    ledger.runs = set(header["runs"])
    ledger.computed = {(version, parsers) for version, parsers in header["computed"]}
    ledger.cost_usd = header["cost_usd"]
    return ledger
