"""Clients of an LLM endpoint side by side on the same work, each in a process of its own.

    python -m benchmarks.clients [--articles N] [--repeat N] [--only NAME ...]

Articles of 5 KB, ten records in each answer, an endpoint in its own process on another core. A
client's rate is the endpoint's own count: requests between the first and the last tenth of a run,
so that neither start-up nor the last slow answer is in it. Its CPU is that of its process, less
that of a run of one article. The runs of the clients take turns; the table has their medians.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.drivers import DRIVERS, NEEDED
from benchmarks.workload import as_json, works

ROOT = Path(__file__).parent.parent
LATENCY = 0.5
TAIL = 0.01
FEWER = {"instructor": 4, "langextract": 8}
"""What takes most of its time itself is shown by so many times fewer articles."""


class Setting(NamedTuple):
    """One column of the table: requests in flight, seconds of latency, share of slow answers."""

    concurrency: int
    latency: float
    tail: float = 0.0

    @property
    def ideal(self) -> float:
        """Articles a second, if the client cost nothing; 0 without latency."""
        mean = self.latency * (1 - self.tail) + self.latency * 20 * self.tail
        return self.concurrency / mean if mean else 0.0

    def __str__(self) -> str:
        """The head of the column."""
        if not self.latency:
            return f"no latency, {self.concurrency} in flight"
        tail = ", tail" if self.tail else ""
        return f"{1000 * self.latency:.0f} ms{tail}, {self.concurrency} in flight"


SETTINGS = (
    Setting(64, LATENCY),
    Setting(256, LATENCY),
    Setting(64, LATENCY, TAIL),
    Setting(256, LATENCY, TAIL),
    Setting(64, 0.0),
)


ONLY = {"langextract": (SETTINGS[0], SETTINGS[-1])}
"""Settings of a client that more in flight make no faster, and whose runs take minutes."""

Sizes = Callable[[str, Setting], int]
"""How many articles a client is given in a setting."""


class Run(NamedTuple):
    """What one run took: articles a second by the endpoint, CPU seconds, peak MB."""

    rate: float
    cpu: float
    peak: float


@contextmanager
def endpoint(latency: float, tail: float, articles: int) -> Iterator[str]:
    """An endpoint in a process of its own, on the first core if there are several."""
    command = [sys.executable, "-m", "benchmarks.endpoint", "--latency", str(latency)]
    command += ["--tail", str(tail), "--articles", str(articles)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def run(name: str, url: str, source: Path, concurrency: int) -> Run:
    """Run a client on the last core.

    Raises:
        RuntimeError: it failed, or left an article out.
    """
    output = source.with_suffix(".out.jsonl")
    output.unlink(missing_ok=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.drivers", name, "--url", url]
    command += ["--input", str(source), "--output", str(output)]
    command += ["--concurrency", str(concurrency)]
    log = source.with_suffix(".log")
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
        os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    missing = lines(source) - lines(output) if output.exists() else lines(source)
    if process.returncode or missing:
        said = log.read_text(encoding="utf-8")[-2000:]
        raise RuntimeError(f"{name}: {missing} articles are missing\n{said}")
    with urllib.request.urlopen(url) as reply:
        rate = json.load(reply)["rate"]
    return Run(rate, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def lines(path: Path) -> int:
    """How many lines a file has."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def measured(name: str, setting: Setting, url: str, folder: Path, articles: int) -> Run:
    """A run; its CPU in milliseconds an article, without start-up."""
    source = folder / f"{articles}.jsonl"
    if not source.exists():
        source.write_text("".join(as_json(w.article) + "\n" for w in works(articles)))
    return run(name, url, source, setting.concurrency)


def table(found: dict[str, dict[Setting, list[Run]]], ready: dict[str, float], sizes: Sizes) -> str:
    """The medians as a Markdown table."""
    settings = list(next(iter(found.values())))
    heads = "".join(f" {setting} |" for setting in settings)
    rows = [
        f"| client |{heads} CPU ms an article | peak MB |",
        "| --- |" + " ---: |" * (len(settings) + 2),
    ]
    for name, by_setting in found.items():
        cells = []
        for setting, runs in by_setting.items():
            if not runs:
                cells.append("-")
                continue
            rate = median(one.rate for one in runs)
            share = f" ({rate / setting.ideal:.0%})" if setting.ideal else ""
            cells.append(f"{rate:,.0f}/s{share}")
        last = by_setting[settings[-1]]
        spent = median(one.cpu for one in last) - ready[name]
        cells.append(f"{1000 * spent / sizes(name, settings[-1]):.2f}")
        cells.append(f"{max(one.peak for runs in by_setting.values() for one in runs):,.0f}")
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=2_000, help="of a run with 64 in flight")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=DRIVERS, help="these clients alone")
    asked = parser.parse_args()
    names = [
        name
        for name in asked.only or DRIVERS
        if name not in NEEDED or importlib.util.find_spec(NEEDED[name])
    ]

    def sizes(name: str, setting: Setting) -> int:
        """More where more are in flight; see `FEWER` too."""
        wanted = int(asked.articles * max(1, setting.concurrency / 128))
        return wanted // FEWER.get(name, 1)

    found: dict[str, dict[Setting, list[Run]]] = {n: {s: [] for s in SETTINGS} for n in names}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with endpoint(0.0, 0.0, 1) as url:
            started = {
                name: [measured(name, SETTINGS[-1], url, folder, 1).cpu for _ in range(3)]
                for name in names
            }
        for _ in range(asked.repeat):
            for setting in SETTINGS:
                with endpoint(setting.latency, setting.tail, 2 * asked.articles) as url:
                    for name in names:
                        if setting not in ONLY.get(name, SETTINGS):
                            continue
                        articles = sizes(name, setting)
                        one = measured(name, setting, url, folder, articles)
                        found[name][setting].append(one)
                        print(f"{name}, {setting}: {one.rate:,.0f}/s", file=sys.stderr)
        print(table(found, {n: median(cpu) for n, cpu in started.items()}, sizes))


if __name__ == "__main__":
    main()
