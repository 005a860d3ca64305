"""Runs that are killed, each in a process of its own: ``python -m tests.crash_drill DRILL``.

A drill does a run undisturbed, then kills the same run again and again (at its n-th system call
that matters, or at some moment) and lets another one go on from what was left. What went wrong is
printed as JSON: a list of sentences, and how many runs were killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any

from extractor.article import Article
from extractor.batch import InvalidLine, open_outputs
from extractor.errors import ModelError, UsageError
from extractor.models.base import Drafts, Meter, RecordType
from tests.batch_runs import batch, lines, numbered, objects, write_articles
from tests.models import ScriptedModel

CALLS = ("write", "fsync", "ftruncate", "replace", "rename", "unlink")
Revision = tuple[str, int]


@dataclass(frozen=True)
class Drill:
    """What is run.

    Attributes:
        output: its name.
        articles: how many are in the input.
        before: how many of them an earlier run did; one has another text since.
        retry_failed: whether its failures are tried once more.
        pause: seconds that an article takes.
    """

    output: str = "out.jsonl"
    articles: int = 6
    before: int = 0
    retry_failed: bool = False
    pause: float = 0.0


DRILLS = {
    "fresh": Drill(),
    "compressed": Drill("out.jsonl.zst", 4, before=2),
    "retried": Drill(before=5, retry_failed=True),
    "long": Drill(articles=150, before=40, retry_failed=True, pause=0.01),
}


@dataclass
class Slow(ScriptedModel):
    """A model that answers out of order, and fails on every fifth article."""

    pause: float = 0.0
    log: int = 2

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        write(self.log, f"{article.id}\n".encode())
        number = int(article.id[1:])
        await asyncio.sleep(self.pause * (number % 4))
        if number % 5 == 3:
            raise ModelError("no answer", retryable=True)
        return await super().draft(article, types, meter)


write = os.write  # what is counted below is another function by then


@dataclass
class Folder:
    """A folder with an input, an output, and a log of the articles that were asked about."""

    path: Path
    drill: Drill
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.path / self.drill.output

    def run(self) -> None:
        log = os.open(self.path / "asked", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        settings = {"retry_failed": self.drill.retry_failed}
        model = Slow(pause=self.drill.pause, log=log)
        batch(self.path / "in.jsonl", self.output, model, settings=settings)

    def prepare(self) -> None:
        """What an earlier run left, and the input of the next one."""
        texts = numbered(self.drill.articles)
        if self.drill.before:
            old = dict(list(texts.items())[: self.drill.before])
            write_articles(self.path / "in.jsonl", old | {"a0": "It was reworded."})
            self.run()
        write_articles(self.path / "in.jsonl", texts, "broken\n")

    def take_asked(self) -> list[str]:
        """The articles that were asked about since the last time."""
        log = self.path / "asked"
        asked = log.read_text(encoding="utf-8").split() if log.exists() else []
        log.unlink(missing_ok=True)
        return sorted(asked)

    def done(self) -> set[Revision]:
        """What a reader of the output finds."""
        try:
            with open_outputs(str(self.output)) as outputs:
                found = list(outputs)
        except UsageError:
            return set()
        return {(o.id, o.revision) for o in found if not isinstance(o, InvalidLine)}

    def result(self) -> dict[str, Any]:
        """What a run leaves, but for what says when it was."""
        letters = [objects(Path(f"{self.output}.{x}.jsonl")) for x in ("failed", "invalid")]
        left = sorted(path.name for path in self.path.iterdir() if path.name != "asked")
        return {"lines": lines(self.output), "letters": letters, "files": left}


def run_killed_at(call: int, folder: Folder) -> None:
    """Run, until the n-th system call that matters; a write has half of its effect."""
    calls = count(1)

    def counted(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            if next(calls) == call:
                if name == "write":
                    original(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **options)

        return called

    for name in CALLS:
        setattr(os, name, counted(name, getattr(os, name)))
    folder.run()


def in_a_process(work: Callable[[], None], moment: float | None = None) -> bool:
    """Do something in a process of its own, killed at some moment; whether it was killed."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    end = Timer(moment or 0, os.kill, (child, signal.SIGKILL))
    if moment is not None:
        end.start()
    _, status = os.waitpid(child, 0)
    end.cancel()
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the run broke down")
    return os.WIFSIGNALED(status)


def drilled(drill: Drill, kills: int | None) -> tuple[list[str], int]:
    """What went wrong, and how many runs were killed; at each call, or at random moments."""
    with tempfile.TemporaryDirectory() as name:
        start = Path(name) / "start"
        folder = Folder(Path(name) / "run", drill)
        folder.path.mkdir()
        folder.prepare()
        folder.take_asked()
        shutil.copytree(folder.path, start)
        began = time.perf_counter()
        # In this process: all others know the code as it is now, whoever changes a file meanwhile.
        folder.run()
        seconds = time.perf_counter() - began
        wanted, result = folder.done(), folder.result()
        faults: list[str] = []
        moments = random.Random(7)
        for number in count(1):
            shutil.rmtree(folder.path)
            shutil.copytree(start, folder.path)
            if kills is None:
                was_killed = in_a_process(partial(run_killed_at, number, folder))
            else:
                was_killed = in_a_process(folder.run, moments.uniform(0, seconds))
            if not was_killed and kills is None:
                return faults, number - 1
            faults += [f"kill {number}: {fault}" for fault in gone_on(folder, wanted)]
            if folder.result() != result:
                faults.append(f"kill {number}: the output differs")
            if number == kills:
                return faults, number
    raise AssertionError("a drill ends inside its loop")


def gone_on(folder: Folder, wanted: set[Revision]) -> list[str]:
    """Let a run go on; what is wrong with what it asks for."""
    asked = folder.take_asked()
    if asked and not Path(f"{folder.output}.journal").exists():
        return []  # it had come to its end
    missing = sorted(id_ for id_, _ in wanted - folder.done())
    in_a_process(folder.run)
    asked = folder.take_asked()
    return [] if asked == missing else [f"{asked} were asked about, of {missing} missing"]


def main() -> None:
    """Do one drill."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("drill", choices=DRILLS)
    parser.add_argument("--kills", type=int, help="at random moments; else at each call")
    arguments = parser.parse_args()
    faults, kills = drilled(DRILLS[arguments.drill], arguments.kills)
    print(json.dumps({"faults": faults, "kills": kills}))


if __name__ == "__main__":
    main()
