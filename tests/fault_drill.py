"""A run whose endpoint does everything wrong at once: ``python -m tests.fault_drill``.

A storm of 429 with Retry-After, 5 % of 500s, 3 % of answers that are invalid, 1 % of connections
that are dropped; some articles have their fault for good, so that it is known which ones fail, and
of what. The run is a process of its own, which may be killed on its way; then another one goes on.
What went wrong is printed as JSON, with figures.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.batch_runs import objects, write_articles
from tests.chat import KEY, NAME
from tests.fake_llm.api import (
    Cooldowns,
    FakeLLM,
    answer_by_rules,
    by_article,
    content_filter,
    dropped,
    faults,
    invalid_json,
    invalid_schema,
    status,
)

ROOT = Path(__file__).parent.parent
IN_FLIGHT = 32
SHARES = [(0.05, status(500)), (0.02, invalid_json()), (0.01, invalid_schema()), (0.01, dropped())]
LASTING = {
    "Fault A": (status(500), "the endpoint answered 500, 5 times"),
    "Fault B": (invalid_json(), "3 times"),
    "Fault C": (dropped(), "the endpoint broke off, 5 times"),
    "Fault D": (content_filter(), "content filter"),
}
_PATIENCE = 600.0
_FIRST, _EVERY = 10, 50  # the first article of a run is asked about alone


@dataclass(frozen=True)
class Drill:
    """What is run.

    Attributes:
        articles: how many.
        processes: that do them.
        pause: seconds of each pause that the endpoint asks for.
        kill_at: requests after which the run is killed; None: it is not.
    """

    articles: int = 400
    processes: int = 1
    pause: float = 0.2
    kill_at: int | None = None


@dataclass
class Found:
    """What came of it: what went wrong, in sentences, and figures."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


def lasting(number: int) -> str | None:
    """The fault that an article has for good."""
    return dict(enumerate(LASTING, start=_FIRST)).get(number % _EVERY)


def texts(articles: int) -> dict[str, str]:
    """Articles by id, each with a number of its own, no year, and the name of its fault."""
    return {
        f"a{n}": f"{10_000 + n} firms were named pioneers in Wucheng. {lasting(n) or ''}"
        for n in range(articles)
    }


def drilled(drill: Drill) -> Found:
    """Do the run."""
    by_chance = faults(7, SHARES, answer_by_rules(), attempts=3)
    script = by_article({name: reply for name, (reply, _) in LASTING.items()}, by_chance)
    storm = Cooldowns(100, drill.pause, script)
    found = Found()
    with tempfile.TemporaryDirectory() as name, FakeLLM(storm) as server:
        folder = Path(name)
        write_articles(folder / "in.jsonl", texts(drill.articles))
        began = time.perf_counter()
        done: set[str] = set()
        before = 0
        if drill.kill_at is not None:
            with _run(folder, server, drill) as process:
                server.log.wait_for(drill.kill_at, _PATIENCE)
                process.kill()
            done = {row["id"] for row in _journal(folder)}
            before = server.count
        with _run(folder, server, drill) as process:
            pass
        if process.returncode != 1:
            found.faults.append(f"exit code {process.returncode}")
        rows = objects(folder / "out.jsonl")
        found.faults += wrong(rows, drill.articles)
        sent = texts(drill.articles)
        asked = {r.article.text for r in server.requests[before:] if r.article is not None}
        twice = [id_ for id_ in done if sent[id_] in asked]
        found.faults += [f"{id_} was done and asked about again" for id_ in twice]
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.figures = {
            "requests": server.count,
            "refused": storm.refused,
            "pauses": storm.announced,
            "done_before_the_kill": len(done),
            "status": Counter(row["status"] for row in rows),
            "failures": Counter(row["error"]["message"] for row in rows if "error" in row),
            "seconds": round(time.perf_counter() - began, 1),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        }
    return found


def _run(folder: Path, server: FakeLLM, drill: Drill) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "extractor", "batch", str(folder / "in.jsonl")]
    command += ["-o", str(folder / "out.jsonl"), "--processes", str(drill.processes)]
    command += ["--model", NAME, "--base-url", server.base_url, "--concurrency", str(IN_FLIGHT)]
    quiet = subprocess.DEVNULL
    environment = os.environ | {"OPENAI_API_KEY": KEY}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def _journal(folder: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of the journal."""
    rows = (folder / "out.jsonl.journal").read_bytes().splitlines(keepends=True)
    yield from (json.loads(row) for row in rows if row.endswith(b"\n"))


def wrong(rows: Sequence[dict[str, Any]], articles: int) -> Iterator[str]:
    """What is wrong with an output."""
    if [row["id"] for row in rows] != [f"a{n}" for n in range(articles)]:
        yield "articles are missing, there twice, or out of order"
    for row in rows:
        number = int(row["id"][1:])
        fault = lasting(number)
        if fault is None:
            counts = row.get("records", {}).get("enterprise_counts", ())
            if [one["count"]["value"] for one in counts] != [10_000 + number]:
                yield f"{row['id']}: {row.get('error', counts)}"
        elif row["status"] != "failed" or LASTING[fault][1] not in row["error"]["message"]:
            yield f"{row['id']} ({fault}): {row.get('error', row['status'])}"


def main() -> None:
    """Do one drill."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--kill-at", type=int, help="requests")
    found = drilled(Drill(**vars(parser.parse_args())))
    print(json.dumps({"faults": found.faults, **found.figures}, indent=2))


if __name__ == "__main__":
    main()
