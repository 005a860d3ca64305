"""Runs by batches that are killed: ``python -m tests.batch_api_drill EVERY``.

The same run is killed again and again, at each EVERY-th step that matters: before and after each
call to the endpoint, each change of what is known of the batches, and each system call of the
journal. Another run goes on from what was left. What went wrong is printed as JSON: a list of
sentences, and how many runs were killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
import urllib.request
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from extractor.batch.batch_api.state import State
from extractor.models.chat.batches import BatchService
from tests.articles import ARTICLE, fund
from tests.batch_api_runs import CONTEXT, Endpoint, comparable
from tests.crash_drill import in_a_process
from tests.fake_llm.api import FakeLLM, answer, records, when
from tests.fake_llm.batches import ENDED

ARTICLES = 2
_CHANGES = ("describe", "plan", "note", "free", "take")
_CALLS = ("write", "fsync", "replace", "unlink")


class Served:
    """A server in a process of its own."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def rows(self) -> tuple[int, int]:
        """How many rows were answered in batches, and how many different ones."""
        self._end_batches()
        stats = self._get(self.base_url.replace("/v1", "/stats"))
        return stats["rows"], stats["distinct_rows"]

    def _end_batches(self) -> None:
        """Let batches end that a run forgot: they are paid for all the same."""
        for info in self._get(f"{self.base_url}/batches?limit=1000")["data"]:
            while info["status"] not in ENDED:
                info = self._get(f"{self.base_url}/batches/{info['id']}")

    def _get(self, url: str) -> Any:
        with urllib.request.urlopen(url) as reply:
            return json.load(reply)


def serve() -> None:
    """Serve until standard input ends: every answer has to be repaired."""
    good, bad = (answer(records(funds=[fund(**more)])) for more in ({}, {"amount": "9 yuan"}))
    with FakeLLM(when(lambda request: request.article is None, good, bad)) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()


def folder_of(path: Path, served: Served, prefix: str) -> Endpoint:
    """A folder with articles that no other one has, by their ids."""
    path.mkdir()
    endpoint = Endpoint(path)
    endpoint.base_url = served.base_url
    line = {"title": ARTICLE.title, "date": "2023-07-03", "text": ARTICLE.text}
    rows = [json.dumps({"id": f"{prefix}-{n}", **line}) + "\n" for n in range(ARTICLES)]
    endpoint.source.write_text("".join(rows), encoding="utf-8")
    return endpoint


class Steps:
    """Counts the steps of a run, and kills it at one of them."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._count = 0

    def step(self) -> None:
        self._count += 1
        if self._count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            self.step()
            result = original(*arguments, **options)
            self.step()
            return result

        return called

    def around_call(self, original: Callable[..., Any]) -> Callable[..., Any]:
        async def called(*arguments: Any, **options: Any) -> Any:
            self.step()
            result = await original(*arguments, **options)
            self.step()
            return result

        return called


def run_killed_at(step: int, endpoint: Endpoint) -> None:
    """Run, until the n-th step that matters."""
    steps = Steps(step)
    for owner, names in ((State, _CHANGES), (os, _CALLS)):
        for name in names:
            setattr(owner, name, steps.around(getattr(owner, name)))
    service: Any = BatchService
    service._send = steps.around_call(service._send)
    run_on(endpoint)


def run_on(endpoint: Endpoint) -> None:
    """Run to the end; a process of its own shows what went wrong in it only if told to."""
    try:
        endpoint.batched()
    except Exception:
        traceback.print_exc()
        raise


def anonymous(endpoint: Endpoint) -> list[dict[str, Any]]:
    """The lines of an output without what the articles' ids give them."""
    lines = comparable(endpoint.output)
    for line in lines:
        del line["id"]
        for fund_ in line["records"]["funds"]:
            del fund_["record_id"]
    return lines


def drilled(folder: Path, served: Served, every: int) -> tuple[list[str], int]:
    """What went wrong, and how many runs were killed; of the steps, `every` so manieth."""
    faults: list[str] = []
    undisturbed = folder_of(folder / "undisturbed", served, "x")
    # In this process: all others know the code as it is now, whoever changes a file meanwhile.
    run_on(undisturbed)
    expected = anonymous(undisturbed)
    if [len(line["records"]["funds"]) for line in expected] != [1] * ARTICLES:
        faults.append("the undisturbed run is not what it should be")
    for step in count(1, every):
        endpoint = folder_of(folder / str(step), served, str(step))
        before = served.rows()
        if not in_a_process(partial(run_killed_at, step, endpoint)):
            return faults, (step - 1) // every
        in_a_process(partial(run_on, endpoint))
        answered, different = (now - then for now, then in zip(served.rows(), before, strict=True))
        if (answered, different) != (2 * ARTICLES, 2 * ARTICLES):
            faults.append(f"step {step}: {answered} rows were paid for, {different} of them once")
        if anonymous(endpoint) != expected:
            faults.append(f"step {step}: the output differs")
        if Path(f"{endpoint.output}.batches").exists():
            faults.append(f"step {step}: what is known of the batches was left")
    raise AssertionError("a drill ends inside its loop")


def main() -> None:
    """Do the drill."""
    every = int(sys.argv[1]) if sys.argv[1:2] != ["serve"] else 1
    if sys.argv[1:] == ["serve"]:
        serve()
        return
    command = [sys.executable, "-m", "tests.batch_api_drill", "serve"]
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server,
    ):
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("a pipe is missing")
        try:
            served = Served(server.stdout.readline().decode().strip())
            with mock.patch("ssl.create_default_context", return_value=CONTEXT):
                faults, kills = drilled(Path(name), served, every)
        finally:
            server.stdin.close()
    print(json.dumps({"faults": faults, "kills": kills}))


if __name__ == "__main__":
    main()
