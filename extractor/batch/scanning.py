"""Reading what an output and its journal hold into a ledger, and repairing the journal."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import zstandard

from extractor.batch.files import decompressed
from extractor.batch.heads import head_of, tail_of
from extractor.batch.index import Indexed
from extractor.batch.journal import Journal
from extractor.batch.ledger import Ledger
from extractor.errors import UsageError

_BUFFER = 1 << 20


def scan_output(path: Path) -> tuple[Indexed, list[str]]:
    """What an output holds, by reading it to its end.

    Returns:
        It, and notes on what was passed over.

    Raises:
        UsageError: it cannot be read, or is no output of a run.
    """
    ledger = Ledger()
    notes = []
    try:
        with path.open("rb", buffering=_BUFFER) as raw:
            for number, offset, line in _lines(decompressed(path.name, raw)):
                if _take_in(ledger, line, offset) or not line.strip():
                    continue
                if line.endswith(b"\n") or not line.startswith(b'{"id":'):
                    raise _foreign(path, f"line {number} is no output line")
                notes.append(f"the last line of {path} is torn and was left out")
        with path.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise _foreign(path, f"it cannot be read to its end ({error})") from None
    return Indexed(ledger, digest), notes


def scan_journal(journal: Journal, ledger: Ledger) -> list[str]:
    """Add what a journal holds to `ledger`; a torn last line is cut off.

    Returns:
        Notes on what was repaired.

    Raises:
        UsageError: it cannot be read.
    """
    end, damaged = 0, 0
    try:
        with journal.path.open("rb", buffering=_BUFFER) as stream:
            for _, offset, line in _lines(stream):
                if not line.endswith(b"\n"):
                    break
                end = offset + len(line)
                damaged += not _take_in(ledger, line, offset, in_journal=True)
    except OSError as error:
        raise UsageError(f"{journal.path} cannot be read: {error.strerror}") from None
    notes = []
    if torn := journal.size - end:
        journal.cut(end)
        notes.append(f"the last line of {journal.path} was torn: {torn:,} bytes were cut off")
    if damaged:
        notes.append(f"{damaged:,} damaged lines of {journal.path} are left out")
    return notes


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Each line with its number, from 1, and its offset."""
    offset = 0
    for number, line in enumerate(stream, start=1):
        yield number, offset, line
        offset += len(line)


def _take_in(ledger: Ledger, line: bytes, offset: int, *, in_journal: bool = False) -> bool:
    """Take a line into the ledger; whether it is an output line."""
    head = head_of(line)
    tail = None if head is None else tail_of(line)
    if head is None or tail is None:
        return False
    if ledger.put(head, offset, in_journal=in_journal):
        ledger.add_tail(tail)
    return True


def _foreign(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path}: {why}, so the run cannot go on from it: name another output, or move this one "
        "aside with --restart"
    )
