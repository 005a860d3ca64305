"""Making the output: each article's latest line out of the old output and the journal, in order."""

from __future__ import annotations

import io
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from extractor.batch.files import HashedFile, compressed, decompressed, sync_folder
from extractor.batch.hashing import Rows
from extractor.batch.index import Indexed, save_index
from extractor.batch.ledger import Ledger
from extractor.batch.paths import Paths
from extractor.batch.resuming import Held
from extractor.errors import RunStoppedError

_BUFFER = 1 << 20


def final_order(rows: int, read: Iterable[int]) -> Iterator[int]:
    """Rows in the order of the output.

    Those of `read` come in its order. A row that was not read (its article left the input, or
    the run did not get that far) keeps its place behind the row that it follows.
    """
    taken = bytearray(rows)
    order = array("Q")
    for row in read:
        if not taken[row]:
            taken[row] = 1
            order.append(row)
    yield from _unread_from(0, taken)
    for row in order:
        yield row
        yield from _unread_from(row + 1, taken)


def _unread_from(row: int, taken: bytearray) -> Iterator[int]:
    end = taken.find(1, row)
    return iter(range(row, end if end >= 0 else len(taken)))


def settle(held: Held, read: Iterable[int]) -> Indexed:
    """Make the output of all that is held, if it is not that already; `read` as `final_order`.

    The journal stays; the output holds what is in it.

    Raises:
        RunStoppedError: it cannot be written; the old output and the journal are as they were.
    """
    ledger = held.ledger
    order = array("Q", final_order(len(ledger), read))
    if held.sha256 is not None and is_settled(ledger, order):
        return Indexed(ledger, held.sha256)
    made = compact(held.paths, ledger, order)
    save_index(held.paths.index, held.paths.output, made)
    return made


def is_settled(ledger: Ledger, order: Iterable[int]) -> bool:
    """Whether an output that holds all of `ledger` is in this order already."""
    last = -1
    for row in order:
        place = ledger.places[row]
        if place & 1 or place < last:
            return False
        last = place
    return True


def compact(paths: Paths, ledger: Ledger, order: Iterable[int]) -> Indexed:
    """Make the output of the old one and the journal, and give it its name.

    Returns:
        The new output's ledger and hash.

    Raises:
        RunStoppedError: it cannot be written; the old output and the journal are as they were.
    """
    try:
        with lines_of(paths) as (old, journal), _Output(paths) as output:
            result = _copied(ledger, order, (old, journal), output)
            digest = output.finish()
        return Indexed(result, digest)
    except OSError as error:
        raise RunStoppedError(
            f"{paths.output} could not be written: {error.strerror}; what was done is in "
            f"{paths.journal}: make room and give the same command again"
        ) from None


def _copied(
    ledger: Ledger, order: Iterable[int], sources: tuple[Source, Source], output: _Output
) -> Ledger:
    """Copy the line of each row; the ledger of what was written."""
    written = Ledger()
    keys = array("Q")
    for row in order:
        place = ledger.places[row]
        keys.append(ledger.rows.keys[row])
        written.contents.append(ledger.contents[row])
        written.states.append(ledger.states[row])
        written.places.append(output.size << 1)
        output.write(sources[place & 1].line_at(place >> 1))
    written.rows = Rows(keys)
    written.runs, written.computed = ledger.runs, ledger.computed
    written.cost_usd = ledger.cost_usd
    return written


class Source:
    """Lines of a plain file by their offsets; neighbours are read without seeking."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read a file from where it stands."""
        self._file = file
        self._at = file.tell()

    def line_at(self, offset: int) -> bytes:
        """The whole line at an offset."""
        if offset != self._at:
            self._file.seek(offset)
        line = self._file.readline()
        self._at = offset + len(line)
        return line if line.endswith(b"\n") else line + b"\n"


@contextmanager
def lines_of(paths: Paths) -> Iterator[tuple[Source, Source]]:
    """The lines of the old output and of the journal; what is not there has none."""
    with ExitStack() as stack:

        def opened(path: Path) -> IO[bytes]:
            if not path.exists():
                return io.BytesIO()
            return stack.enter_context(path.open("rb", buffering=_BUFFER))

        old = opened(paths.output)
        plain = decompressed(paths.output.name, old)
        if plain is not old and paths.output.exists():
            # A compressed file has no offsets to go to.
            unpacked = stack.enter_context(tempfile.TemporaryFile(dir=paths.output.parent))
            copyfileobj(plain, unpacked, _BUFFER)
            unpacked.seek(0)
            old = unpacked
        yield Source(old), Source(opened(paths.journal))


class _Output:
    """The output while it is being made; it takes its name when it is complete."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.size = 0

    def __enter__(self) -> _Output:
        self._raw = HashedFile(self._paths.partial, "wb")
        self._buffered = io.BufferedWriter(self._raw, _BUFFER)
        self._stream = compressed(self._paths.output.name, self._buffered)
        return self

    def write(self, line: bytes) -> None:
        self._stream.write(line)
        self.size += len(line)

    def finish(self) -> str:
        """Give the output its name, for good; the hash of its bytes."""
        if self._stream is not self._buffered:
            self._stream.close()
        self._buffered.flush()
        os.fsync(self._raw.fileno())
        self._buffered.close()
        self._paths.partial.replace(self._paths.output)
        sync_folder(self._paths.output.parent)
        return self._raw.digest.hexdigest()

    def __exit__(self, *exception: object) -> None:
        # A disk that is full refuses the last bytes too; the file must be closed all the same.
        for file in (self._stream, self._buffered, self._raw):
            with suppress(OSError, ValueError):
                file.close()
        with suppress(OSError):
            self._paths.partial.unlink(missing_ok=True)
