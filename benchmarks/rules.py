"""Speed and memory of the built-in model, over the whole of `extractor batch`.

    python benchmarks/rules.py [IN.jsonl] [--repeat N]

Prints a table: articles a second on one core, the pipeline with all its validation included, and
in the same run what else is offline, if it can be imported: recognizers-text-suite, which finds
numbers, dates and currencies, and a blank spaCy pipeline with an entity ruler. Neither gives
records; they are what one would build an extractor upon. Without an input it runs on the examples.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from extractor.batch import Monitor, Reader, Settings, Summary, expand, run
from extractor.models.rules.lexicon import entries
from extractor.pipeline import AsyncExtractor

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles.jsonl"
HAN_FROM = "\u3400"
UNDATED = datetime.fromisoformat("2020-01-01")  # what a peer takes for a text without a date


class Row(NamedTuple):
    """A tool, what it gives, and its CPU seconds over the articles."""

    tool: str
    gives: str
    seconds: float


class Pass(NamedTuple):
    """What a pass gave, its CPU seconds, and the peak memory of its process in MB."""

    articles: int
    records: int
    seconds: float
    peak: float


class Article(NamedTuple):
    """What a peer is given."""

    text: str
    lang: str
    on: datetime


def once(path: str, output: str) -> tuple[Summary, float]:
    """One run over `path`; its summary and its CPU seconds."""
    monitor = Monitor()
    reader = Reader(expand([path]))
    settings = Settings(restart=True)  # each run is to do all of the work
    before = time.process_time()
    asyncio.run(run(reader, output, AsyncExtractor("rules"), settings=settings, monitor=monitor))
    return monitor.summary, time.process_time() - before


def first_pass(path: str) -> Pass:
    """A pass over articles that this process has not seen, with tables and automata built."""
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "out.jsonl")
        once(str(EXAMPLES), output)
        summary, seconds = once(path, output)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Pass(summary.articles, sum(summary.records.values()), seconds, peak)


def articles(path: str) -> Iterator[Article]:
    """The articles of a JSONL file, for the peers."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        text = data["text"]
        han = sum(character >= HAN_FROM for character in text)
        day = data.get("date")
        on = datetime.fromisoformat(day[:10]) if day else UNDATED
        yield Article(text, "zh" if han * 4 > len(text) else "en", on)


def recognizers() -> Callable[[Article], int]:
    """Numbers, percentages, currencies and dates of a text, by recognizers-text-suite."""
    numbers = importlib.import_module("recognizers_number").NumberRecognizer
    units = importlib.import_module("recognizers_number_with_unit").NumberWithUnitRecognizer
    times = importlib.import_module("recognizers_date_time").DateTimeRecognizer
    models: dict[str, tuple[Any, ...]] = {}
    for lang, culture in (("en", "en-us"), ("zh", "zh-cn")):
        models[lang] = (
            numbers(culture).get_number_model(culture, True),
            numbers(culture).get_percentage_model(culture, True),
            units(culture).get_currency_model(culture, True),
            times(culture).get_datetime_model(culture, True),
        )

    def find(article: Article) -> int:
        *undated, dated = models[article.lang]
        found = [result for model in undated for result in model.parse(article.text)]
        return len(found) + len(dated.parse(article.text, article.on))

    return find


def spacy_ruler() -> Callable[[Article], int]:
    """Numbers and the terms of the lexicons, by a blank spaCy pipeline with an entity ruler."""
    spacy = importlib.import_module("spacy")
    pipelines: dict[str, Any] = {}
    for lang in ("en", "zh"):
        pipeline = spacy.blank(lang)
        ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        terms = [e for e in entries() if e.lang == lang and not e.term.endswith("*")]
        patterns = [{"label": e.lexicon.upper(), "pattern": e.term} for e in terms]
        ruler.add_patterns([*patterns, {"label": "NUMBER", "pattern": [{"LIKE_NUM": True}]}])
        pipelines[lang] = pipeline
    return lambda article: len(pipelines[article.lang](article.text).ents)


PEERS: tuple[tuple[str, str, Callable[[], Callable[[Article], int]]], ...] = (
    ("recognizers-text-suite", "numbers, dates, currencies", recognizers),
    ("spaCy, entity ruler", "numbers, terms", spacy_ruler),
)


def peer_rows(path: str) -> Iterator[Row]:
    """A row for each peer that can be imported: one pass after one article of each language."""
    read = list(articles(path))
    for name, gives, build in PEERS:
        try:
            find = build()
        except ImportError:
            continue
        for lang in ("en", "zh"):
            for article in [a for a in read if a.lang == lang][:1]:
                find(article)
        before = time.process_time()
        number = sum(map(find, read))
        yield Row(name, f"{number:,} {gives}", time.process_time() - before)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("input", nargs="?", default=str(EXAMPLES))
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        passes = pool.map(first_pass, [arguments.input] * arguments.repeat, chunksize=1)
    best = min(passes, key=lambda found: found.seconds)
    megabytes = sum(len(a.text.encode()) for a in articles(arguments.input)) / 1e6
    gives = f"{best.records:,} records"
    print(f"{best.articles} articles, {megabytes:.2f} MB; rules: {best.peak:,.0f} MB peak")
    print("| tool | gives | articles/s | MB/s |\n| --- | --- | ---: | ---: |")
    for row in (Row("extractor, rules", gives, best.seconds), *peer_rows(arguments.input)):
        per_second = best.articles / row.seconds
        print(f"| {row.tool} | {row.gives} | {per_second:,.1f} | {megabytes / row.seconds:.3g} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
