"""Speed of the chat path against a scripted endpoint in a process of its own.

python benchmarks/chat.py [--articles N] [--concurrency C] [--latency SECONDS]

Prints articles a second, the share of the ideal (concurrency / latency), and CPU milliseconds of
this process for an article, validation and grounding included. The articles are those of
examples/, the answers ten of the built-in model's drafts of one of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractor import AsyncExtractor
from extractor.article import Article
from extractor.models.options import ModelOptions
from tests.fake_llm.api import rules_records

ROOT = Path(__file__).parent.parent
RECORDS = 10


def main() -> None:
    """Measure once and print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.5)
    asked = parser.parse_args()
    line = (ROOT / "examples" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[0]
    article = Article.from_mapping(json.loads(line))
    content = json.dumps(first_of(rules_records(article)), ensure_ascii=False)
    with endpoint(content, asked.latency) as url:
        wall, cpu, failed = asyncio.run(measure(article, url, asked.articles, asked.concurrency))
    rate = asked.articles / wall
    ideal = asked.concurrency / asked.latency if asked.latency else None
    share = f", {rate / ideal:.0%} of the ideal" if ideal else ""
    print(
        f"{asked.articles} articles, {asked.concurrency} in flight, {asked.latency} s: "
        f"{rate:.0f}/s{share}, {1000 * cpu / asked.articles:.2f} ms CPU each, {failed} failed"
    )


def first_of(lists: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The first `RECORDS` of an answer, taken from its lists in turn."""
    places = sorted((n, key) for key, drafts in lists.items() for n in range(len(drafts)))
    return {key: [lists[key][n] for n, of in places[:RECORDS] if of == key] for key in lists}


@contextmanager
def endpoint(content: str, latency: float) -> Iterator[str]:
    """A scripted endpoint that always gives this answer, in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        command = [sys.executable, "-m", "tests.fake_llm", "--answer", "fixed", "--port", "0"]
        command += ["--content", file.name, "--latency", str(latency), "--json-ready-line"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield str(json.loads(process.stdout.readline())["base_url"])
            finally:
                process.terminate()


async def measure(
    article: Article, url: str, articles: int, concurrency: int
) -> tuple[float, float, int]:
    """Wall and CPU seconds of the run after a first article, and how many failed."""
    options = ModelOptions(base_url=url, connections=concurrency)
    async with AsyncExtractor("openai/bench", options=options) as extractor:
        await extractor.extract(article)
        wall, cpu, failed = time.perf_counter(), time.process_time(), 0
        async for outcome in extractor.extract_many(article for _ in range(articles)):
            failed += outcome.status == "failed"
        return time.perf_counter() - wall, time.process_time() - cpu, failed


if __name__ == "__main__":
    main()
