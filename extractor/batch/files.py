"""Files by name: plain, gzip, Zstandard, and `-` for the standard streams."""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import zstandard

from extractor.errors import RunStoppedError, UsageError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

STANDARD = "-"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One input.

    Attributes:
        name: its path as it was given, or ``-``.
        size: its bytes on disk; None where that is not known.
    """

    name: str
    size: int | None


def _matching(pattern: str) -> list[str]:
    return sorted(glob.glob(pattern, recursive=True))


def expand(patterns: Sequence[str]) -> list[InputFile]:
    """The files that paths and globs name, in the order given, sorted within a glob.

    Raises:
        UsageError: a pattern matches nothing, or names a folder.
    """
    inputs: list[InputFile] = []
    for pattern in patterns:
        if pattern == STANDARD:
            inputs.append(InputFile(STANDARD, None))
            continue
        # A file whose name has brackets is that file, not a pattern.
        exists = Path(pattern).exists()
        names = [pattern] if exists else _matching(pattern)
        if not names:
            raise UsageError(f"{pattern}: no such file")
        inputs += [_input(name) for name in names]
    return inputs


def _input(name: str) -> InputFile:
    path = Path(name)
    if path.is_dir():
        raise UsageError(
            f"{name} is a folder: turn it into input with `extractor articles {name} -o in.jsonl`"
        )
    return InputFile(name, path.stat().st_size if path.is_file() else None)


class HashedFile(io.FileIO):
    """A file that is hashed as it is read, or written, from its beginning to its end.

    Attributes:
        digest: SHA-256 of what went through.
    """

    def __init__(self, path: str | Path, mode: str = "rb") -> None:
        """Open the file."""
        super().__init__(path, mode)
        self.digest = hashlib.sha256()

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read, and hash what was read."""
        number = super().readinto(buffer) or 0
        self.digest.update(memoryview(buffer)[:number])
        return number

    def write(self, data: ReadableBuffer) -> int:
        """Write, and hash what was written."""
        number = super().write(data)
        self.digest.update(memoryview(data)[:number])
        return number


@contextmanager
def open_input(name: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open an input for reading.

    Yields:
        The stream of its content, and the raw one, whose `tell` says how far it was read.

    Raises:
        UsageError: it cannot be opened.
    """
    if name == STANDARD:
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        yield sys.stdin.buffer, sys.stdin.buffer
        return
    try:
        raw = io.BufferedReader(HashedFile(name))
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None
    with raw:
        yield decompressed(name, raw), raw


def checksum_of(raw: IO[bytes]) -> str | None:
    """SHA-256 of an input whose raw stream was read to its end; None for any other."""
    file = getattr(raw, "raw", None)
    try:
        return file.digest.hexdigest() if isinstance(file, HashedFile) and not raw.read(1) else None
    except OSError:
        return None


def decompressed(name: str, raw: IO[bytes]) -> IO[bytes]:
    """The content of `raw`, which is compressed if the name says so."""
    if name.endswith(".gz"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if name.endswith(".zst"):
        reader = zstandard.ZstdDecompressor().stream_reader(
            raw, read_across_frames=True, closefd=False
        )
        return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, reader)))
    return raw


@contextmanager
def open_output(name: str) -> Iterator[IO[bytes]]:
    """Open an output for writing; it takes its name when it is complete.

    Until then it is ``<name>.partial`` (a device or a pipe is written directly), which stays
    behind when the run ends early, so that nothing that was done is lost and nothing unfinished
    has the final name.

    Raises:
        UsageError: it cannot be created.
        RunStoppedError: it cannot be written to its end (a full disk).
    """
    if name == STANDARD:
        if sys.stdout is None:
            raise UsageError("standard output is closed")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # A link keeps pointing to its file; a device or a pipe is written to, never replaced.
    final = Path(name).resolve()
    if final.is_dir():
        raise UsageError(f"{name} is a folder: name a file to write to")
    is_special = Path(name).exists() and not Path(name).is_file()
    partial = Path(name) if is_special else Path(f"{final}.partial")
    try:
        raw = partial.open("wb") if is_special else _empty(partial)
    except BlockingIOError:
        raise UsageError(f"another run is writing {name}: wait for it, or name another") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be written: {error.strerror}") from None
    stream = compressed(name, raw)
    try:
        yield stream
        stream.close()
        raw.close()
        if not is_special:
            partial.replace(final)
    except OSError as error:
        raise RunStoppedError(
            f"{name} could not be written: {error.strerror}; what was done is in {partial}"
        ) from None
    finally:
        # A disk that is full refuses the last bytes too; the file must be closed all the same.
        with suppress(OSError):
            stream.close()
        with suppress(OSError):
            raw.close()


def _empty(path: Path) -> IO[bytes]:
    file = open_alone(path)
    file.truncate(0)
    return file


def open_alone(path: Path) -> IO[bytes]:
    """Open a file to append to that no other run writes; the lock dies with its process.

    Raises:
        BlockingIOError: another run has it open.
    """
    if sys.platform == "win32":  # which refuses to open the file twice by itself
        return path.open("ab")
    while True:
        file = path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The run that had the lock may have renamed or removed the file meanwhile.
            if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        except BaseException:
            file.close()
            raise
        file.close()


def sync_folder(path: Path) -> None:
    """Make renames in a folder last through a power cut, where the system can."""
    if sys.platform == "win32":  # a folder cannot be opened there
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def compressed(name: str, raw: IO[bytes]) -> IO[bytes]:
    """A stream that compresses into `raw` if the name asks for it; closing it leaves `raw` open."""
    if name.endswith(".gz"):
        # No name and no time in the header: equal results are equal files.
        return cast(IO[bytes], gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
    if name.endswith(".zst"):
        return cast(IO[bytes], zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
    return raw
