"""Speed and memory of the built-in model, over the whole of `extractor batch`.

    python benchmarks/rules.py [IN.jsonl] [--repeat N]

Prints articles a second on one core and the peak resident memory, the pipeline with all its
validation included. Without an input it runs on the examples.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from extractor.batch import Reader, Summary, expand, run
from extractor.pipeline import AsyncExtractor

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles.jsonl"


def once(path: str, output: str) -> tuple[Summary, float]:
    """One run over `path`; its summary and its CPU seconds."""
    summary = Summary()
    reader = Reader(expand([path]))
    before = time.process_time()
    asyncio.run(
        run(
            reader,
            output,
            AsyncExtractor("rules"),
            summary=summary,
            on_progress=lambda position: None,
            on_invalid=lambda line: None,
        )
    )
    return summary, time.process_time() - before


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("input", nargs="?", default=str(EXAMPLES))
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "out.jsonl")
        once(arguments.input, output)  # tables and automata are built once
        runs = [once(arguments.input, output) for _ in range(arguments.repeat)]
    summary, seconds = min(runs, key=lambda found: found[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{summary.articles} articles, {sum(summary.records.values())} records")
    print(f"{summary.articles / seconds:,.0f} articles/s, {peak:,.0f} MB peak")
    return 0


if __name__ == "__main__":
    sys.exit(main())
