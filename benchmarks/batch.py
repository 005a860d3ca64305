"""The ledger of `extractor batch`: what durability, resuming and memory cost.

    python -m benchmarks.batch [--lines N]

Prints a table: lines a second into the journal with every group made durable; megabytes a second
of a resume that reads an output of N lines, and seconds of one that has its index; and the peak
memory of runs of 1,000, 10,000 and 100,000 articles. `clients` measures the whole run.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.workload import as_json, work, works
from extractor.article import Article
from extractor.batch import Reader, expand, run
from extractor.batch.journal import GroupCommit, Journal
from extractor.batch.paths import Paths
from extractor.batch.resuming import hold
from extractor.models.base import Drafts, Meter, RecordType, Request
from extractor.pipeline import AsyncExtractor
from extractor.records import RECORD_TYPES

ROOT = Path(__file__).parent.parent


class Canned:
    """A model that has the answers of `workload`, ten records each, and takes no time."""

    name = identity = "canned"
    prompt = None

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """The answer; another task may run before."""
        await asyncio.sleep(0)
        answer = work(int(article.id.removeprefix("bulletin-"))).answer
        return Drafts({record_type: answer[record_type.key] for record_type in types})

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        """Nothing."""
        return Drafts({})


def write_input(path: Path, articles: int) -> None:
    """So many articles of `workload`."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(as_json(one.article) + "\n" for one in works(articles))


async def journal(folder: Path, lines: int) -> float:
    """Lines of 3 KB a second, from 64 tasks."""
    line = b"x" * 3000 + b"\n"
    numbers = iter(range(lines))
    began = time.perf_counter()
    with Journal(folder / "j.journal", folder / "j") as opened:
        async with GroupCommit[int](opened, lambda *item: None) as commits:

            async def worker() -> None:
                for number in numbers:
                    await commits.append(line, number)
                    await asyncio.sleep(0)

            await asyncio.gather(*(worker() for _ in range(64)))
    (folder / "j.journal").unlink()
    return lines / (time.perf_counter() - began)


def resume(folder: Path, lines: int) -> tuple[float, float]:
    """Megabytes a second of reading an output, and seconds of reading its index."""
    paths = Paths(folder / "big.jsonl")
    write_input(folder / "one.jsonl", 1)
    extractor = AsyncExtractor(Canned(), types=RECORD_TYPES[:1])  # lines of some 2 KB
    whole_run(folder / "one.jsonl", folder / "one.out.jsonl", extractor)
    _, _, rest = (folder / "one.out.jsonl").read_bytes().partition(b'"bulletin-0000000"')
    with paths.output.open("wb") as file:
        for number in range(lines):
            file.write(b'{"id":"a%d"' % number + rest)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        with hold(paths):
            seconds.append(time.perf_counter() - began)
    size = paths.output.stat().st_size
    paths.output.unlink()
    return size / seconds[0] / 1e6, seconds[1]


def whole_run(source: Path, output: Path, extractor: AsyncExtractor) -> tuple[float, float]:
    """Wall and CPU seconds of a run."""

    async def running() -> None:
        async with extractor:
            await run(Reader(expand([str(source)])), str(output), extractor)

    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(running())
    return time.perf_counter() - wall, time.process_time() - cpu


def peak(folder: Path, articles: int) -> float:
    """Megabytes of a run in a process of its own, at its peak."""
    source = folder / f"m{articles}.jsonl"
    write_input(source, articles)
    command = [sys.executable, "-m", "benchmarks.batch", "--memory", str(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def memory(source: Path) -> None:
    """Do one run in this process, and print its peak."""
    whole_run(source, source.with_suffix(".out.jsonl"), AsyncExtractor(Canned()))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=1_000_000, help="of the output to resume")
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        memory(asked.memory)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| what | figure |\n| --- | ---: |")
        print(f"| journal | {asyncio.run(journal(folder, 50_000)):,.0f} lines/s |")
        scanned, indexed = resume(folder, asked.lines)
        print(f"| resume by reading {asked.lines:,} lines | {scanned:,.0f} MB/s |")
        print(f"| resume by index of {asked.lines:,} lines | {indexed:.2f} s |")
        for articles in (1000, 10_000, 100_000):
            print(f"| peak memory, {articles:,} articles | {peak(folder, articles):,.0f} MB |")


if __name__ == "__main__":
    main()
