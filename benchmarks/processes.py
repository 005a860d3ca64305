"""What more worker processes give: `extractor batch --processes N` on every core of the machine.

    python -m benchmarks.processes CORPUS.jsonl [--times N] [--articles N] [--processes N ...]

Prints a table: articles a second and CPU milliseconds an article, those of the workers included,
of the built-in model on the corpus N times over, and of a chat model with 256 requests in flight
against a fake endpoint, which needs a core as well. Start-up counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.batch import ROOT, write_input
from benchmarks.clients import LATENCY, lines

IN_FLIGHT = 256


def measured(source: Path, processes: int, *more: str) -> tuple[float, float]:
    """Wall and CPU seconds of a run.

    Raises:
        RuntimeError: it left an article out.
    """
    output = source.with_suffix(f".{processes}.out.jsonl")
    command = [sys.executable, "-m", "extractor", "batch", str(source), "-o", str(output)]
    command += ["--restart", "--json", "--processes", str(processes), *more]
    environment = os.environ | {"OPENAI_API_KEY": "benchmark"}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or lines(output) != lines(source):
        raise RuntimeError(f"articles are missing of {output}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime


def write_corpus(corpus: Path, path: Path, times: int) -> None:
    """The corpus so many times over, each article with an id of its own."""
    found = [json.loads(row) for row in corpus.read_text(encoding="utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for turn in range(times):
            for number, article in enumerate(found):
                line = article | {"id": f"{turn}-{number}"}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def show(name: str, source: Path, numbers: Sequence[int], *more: str) -> None:
    """A row for each number of processes."""
    articles = lines(source)
    for processes in numbers:
        wall, cpu = measured(source, processes, *more)
        print(
            f"| {name} | {processes} | {articles / wall:,.0f} | {1000 * cpu / articles:.2f} |",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--times", type=int, default=20, help="the corpus over and over")
    parser.add_argument("--articles", type=int, default=4_000, help="of the chat model")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_corpus(asked.corpus, folder / "corpus.jsonl", asked.times)
        write_input(folder / "chat.jsonl", asked.articles)
        print("| model | processes | articles/s | CPU ms an article |")
        print("| --- | ---: | ---: | ---: |")
        show("rules", folder / "corpus.jsonl", asked.processes)
        for latency in (LATENCY, 0.0):
            command = [sys.executable, "-m", "benchmarks.endpoint", "--latency", str(latency)]
            command += ["--articles", str(asked.articles)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
                assert server.stdout is not None
                url = server.stdout.readline().strip()
                chat = ["--model", "openai/bench", "--base-url", url, "--mode", "json_schema"]
                chat += ["--concurrency", str(IN_FLIGHT)]
                name = f"chat, {IN_FLIGHT} in flight, {1000 * latency:.0f} ms"
                show(name, folder / "chat.jsonl", asked.processes, *chat)
                server.terminate()


if __name__ == "__main__":
    main()
