"""Going on where an output stands: its ledger, held by one run at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from extractor.batch.identity import difference
from extractor.batch.index import Indexed, load_index, save_index
from extractor.batch.journal import Journal
from extractor.batch.ledger import Ledger
from extractor.batch.manifest import recorded_cost
from extractor.batch.paths import Paths
from extractor.batch.scanning import scan_journal, scan_output
from extractor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Held:
    """An output that one run holds.

    Attributes:
        paths: its files.
        journal: what this run appends to.
        ledger: what output and journal hold.
        sha256: of the output's bytes; None if there is no output yet.
        notes: what was repaired or passed over, in words.
    """

    paths: Paths
    journal: Journal
    ledger: Ledger
    sha256: str | None
    notes: tuple[str, ...]


@contextmanager
def hold(paths: Paths) -> Iterator[Held]:
    """Hold an output, with all that it and its journal hold.

    Raises:
        UsageError: another run holds it, it cannot be written, or it is no output of a run.
    """
    if paths.output.is_dir():
        raise UsageError(f"{paths.output} is a folder: name a file to write to")
    with Journal(paths.journal, paths.output) as journal:
        indexed, notes = _output(paths)
        notes += scan_journal(journal, indexed.ledger)
        sha256 = indexed.sha256 or None
        yield Held(paths, journal, indexed.ledger, sha256, tuple(notes))


def _output(paths: Paths) -> tuple[Indexed, list[str]]:
    if not paths.output.exists():
        return Indexed(Ledger(), ""), []
    indexed = load_index(paths.index, paths.output)
    if indexed is not None:
        return indexed, []
    scanned, notes = scan_output(paths.output)
    # Lines that were replaced have cost something too; only the manifest still says how much.
    cost = recorded_cost(paths.manifest, scanned.sha256, scanned.ledger.cost_usd)
    scanned.ledger.cost_usd = cost
    save_index(paths.index, paths.output, scanned)
    return scanned, notes


def check_identity(held: Held, identity: str) -> None:
    """Refuse to mix results of two things that were asked.

    Raises:
        UsageError: the output holds results of another identity.
    """
    others = held.ledger.runs - {identity}
    if others:
        what = difference(min(others), identity)
        raise UsageError(
            f"{held.paths.output} holds results of another run ({what}): name another output, or "
            "move this one aside with --restart"
        )


def move_aside(paths: Paths) -> Paths | None:
    """Give an output and all that goes with it another name, the next that is free.

    Returns:
        Its new names; None if there is nothing to move.

    Raises:
        UsageError: another run holds it, or it cannot be moved.
    """
    if paths.output.is_dir():
        raise UsageError(f"{paths.output} is a folder: name a file to write to")
    with Journal(paths.journal, paths.output) as journal:
        files = [path for path in paths.all() if path.exists()]
        if not journal.size:
            files.remove(paths.journal)
        if not files:
            return None
        aside = next(new for n in count(1) if not _any(new := paths.aside(n)))
        for old, name in zip(paths.all(), aside.all(), strict=True):
            if old in files:
                _rename(old, name)
    return aside


def _any(paths: Paths) -> bool:
    return any(path.exists() for path in paths.all())


def _rename(old: Path, new: Path) -> None:
    try:
        old.rename(new)
    except OSError as error:
        raise UsageError(f"{old} cannot be moved to {new}: {error.strerror}") from None
