import asyncio
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.journal import GroupCommit, Journal
from extractor.errors import RunStoppedError, UsageError
from tests.batch_runs import batch, ids, numbered, write_articles
from tests.models import ScriptedModel


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl.journal"


def opened(path: Path) -> Journal:
    return Journal(path, Path("out.jsonl"))


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[int]:
    """The results of a function of `os`, as they come."""
    original: Callable[..., Any] = getattr(os, name)
    results: list[int] = []

    def called(*arguments: Any) -> Any:
        results.append(original(*arguments))
        return results[-1]

    monkeypatch.setattr(os, name, called)
    return results


async def append(path: Path, lines: list[bytes]) -> list[tuple[int, int]]:
    """Append from as many tasks; what was said to be durable, with its offset."""
    durable: list[tuple[int, int]] = []
    with opened(path) as journal:
        async with GroupCommit[int](journal, lambda *item: durable.append(item)) as commits:
            appending = (commits.append(line, number) for number, line in enumerate(lines))
            await asyncio.gather(*appending)
    return durable


def test_lines_of_many_tasks_are_written_in_groups_and_each_is_told_of(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b"%d\n" % number for number in range(3000)]
    syncs = counted(monkeypatch, "fsync")
    durable = asyncio.run(append(path, lines))
    content = path.read_bytes()
    assert content == b"".join(lines)
    assert sorted(number for number, _ in durable) == list(range(3000))
    assert all(content[offset:].startswith(lines[number]) for number, offset in durable[:50])
    assert 0 < len(syncs) < 300


def test_a_journal_that_stays_empty_is_removed(path: Path) -> None:
    asyncio.run(append(path, []))
    assert not path.exists()


def test_a_journal_is_held_by_one_process_at_a_time(path: Path) -> None:
    with opened(path), pytest.raises(UsageError, match="another run is writing"):
        opened(path)
    with opened(path):
        pass


def test_a_journal_that_was_removed_while_it_was_opened_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    lock, ended = fcntl.flock, [path]

    def locked(*arguments: Any) -> None:
        lock(*arguments)
        if ended:  # the run that had it has come to its end
            ended.pop().unlink()

    monkeypatch.setattr(fcntl, "flock", locked)
    with opened(path) as journal:
        journal.append([b"first\n"])
        assert path.read_bytes() == b"first\n"


class FullDisk:
    """`os.write` on a disk with so much room, which takes what still fits."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.write

    def __call__(self, file: int, data: bytes) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._write(file, bytes(data)[: self.room])
        self.room -= written
        return written


def test_a_full_disk_leaves_whole_lines_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path) as journal:
        journal.append([b"first\n"])
        monkeypatch.setattr(os, "write", FullDisk(17))
        with pytest.raises(RunStoppedError, match=r"journal could not be written: No space left"):
            journal.append([b"second\n", b"third\n", b"fourth\n"])
    assert path.read_bytes() == b"first\nsecond\nthird\n"


def test_a_write_that_takes_a_part_goes_on_with_the_rest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data)[:3]))
    with opened(path) as journal:
        journal.append([b"first\n", b"second\n"])
    assert path.read_bytes() == b"first\nsecond\n"


def test_a_run_on_a_full_disk_stops_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, numbered(40))
    first, second = ScriptedModel(), ScriptedModel()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", FullDisk(5000))
        with pytest.raises(RunStoppedError, match="No space left"):
            batch(source, output, first)
    kept = Path(f"{output}.journal").read_bytes()
    assert kept.endswith(b"}\n")
    assert len(kept) <= 5000
    batch(source, output, second)
    assert len(second.asked) == 40 - kept.count(b"\n")
    assert ids(output) == list(numbered(40))


def test_a_slow_disk_makes_tasks_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []

    async def race() -> None:
        with opened(path) as journal:
            async with GroupCommit[int](journal, lambda *item: None) as commits:
                monkeypatch.setattr(journal, "append", lambda lines: waiting.append(len(lines)))
                for number in range(2000):
                    await commits.append(b"x\n", number)

    asyncio.run(race())
    assert sum(waiting) == 2000
    assert max(waiting) <= 256


def test_what_goes_wrong_after_a_line_is_durable_ends_the_run(path: Path) -> None:
    def fail(item: int, offset: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def appending() -> None:
        with opened(path) as journal:
            async with GroupCommit[int](journal, fail) as commits:
                for number in range(1000):
                    await commits.append(b"x\n", number)

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(appending())
    assert path.read_bytes().startswith(b"x\n")
