"""Speed and accuracy of `extractor.values.find`, alone or beside two peers.

    python benchmarks/values.py CORPUS.jsonl [--peers] [--misses] [--json]

CORPUS.jsonl has the articles that `phrases.tsv` was cut from. Speed is CPU time on one core.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from extractor.values import Change, Count, Money, Period, find

PHRASES = Path(__file__).with_name("phrases.tsv")
KINDS = ("money", "count", "change", "period", "none")
HOSTILE = ("1", "1,", "1 ", "亿", "January to ", "about about ", "hundred hundred ")
MEGABYTE = 1_000_000
# Currencies that a peer names without a code.
CODES = {"Rupee": "INR", "Ruble": "RUB", "Dollar": "USD", "Tenge": "KZT"}


class Article(NamedTuple):
    """What a finder is given: a text, its language ("en", "zh") and its date."""

    text: str
    lang: str
    on: date | None


class Found(NamedTuple):
    """A phrase of a text and its value; of a label, `kind` may be "none".

    `unit` is a currency, a change's unit or "". `days` are the readings of a period, each as
    first and last day, None where it is open or not resolved.
    """

    start: int
    end: int
    kind: str
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    bound: str = ""
    days: frozenset[tuple[date | None, date | None]] = frozenset()


class Label(NamedTuple):
    """A labelled phrase of the article with this id."""

    article: str
    text: str
    wanted: Found


Finder = Callable[[Article], list[Found]]
Judge = Callable[[Found, Found], bool]


def articles(path: Path) -> dict[str, Article]:
    """The corpus by article id."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: Article(row["text"], row["lang"], _day(row["date"])) for row in rows}


def labels(corpus: dict[str, Article]) -> list[Label]:
    """The labelled phrases.

    Raises:
        ValueError: a phrase does not stand in the corpus where its label says.
    """
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    read = [_label(row) for row in rows]
    for article, text, wanted in read:
        if article not in corpus or corpus[article].text[wanted.start : wanted.end] != text:
            raise ValueError(f"{article} has no {text!r} at {wanted.start}: another corpus?")
    return read


def _label(row: dict[str, str]) -> Label:
    days = [(_day(row["from"]), _day(row["to"]))] if row["kind"] == "period" else []
    wanted = Found(
        int(row["start"]), int(row["end"]), row["kind"], _number(row["value"]),
        _number(row["upper"]), row["unit"], row["bound"], frozenset(days),
    )  # fmt: skip
    return Label(row["article"], row["text"], wanted)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def ours(article: Article) -> list[Found]:
    """The mentions of `extractor.values.find`."""
    found = []
    for start, end, kind, value in find(article.text, article.on):
        if isinstance(value, Period):
            days = frozenset([(value.start, value.end)])
            found.append(Found(start, end, kind, days=days))
            continue
        unit = "" if isinstance(value, Count) else _unit(value)
        upper = None if value.upper is None else Decimal(value.upper)
        found.append(Found(start, end, kind, Decimal(value.value), upper, unit, value.bound))
    return found


def _unit(value: Money | Change) -> str:
    return (value.currency or "") if isinstance(value, Money) else value.unit


def peers() -> dict[str, Finder]:
    """The peers by name; their packages are imported here and nowhere else."""
    quantulum = importlib.import_module("quantulum3.parser")
    numbers = importlib.import_module("recognizers_number").NumberRecognizer
    units = importlib.import_module("recognizers_number_with_unit").NumberWithUnitRecognizer
    times = importlib.import_module("recognizers_date_time").DateTimeRecognizer
    models = {}
    for lang, culture in (("en", "en-us"), ("zh", "zh-cn")):
        models[lang] = (
            numbers(culture).get_number_model(culture, True),
            numbers(culture).get_percentage_model(culture, True),
            units(culture).get_currency_model(culture, True),
            times(culture).get_datetime_model(culture, True),
        )

    def quantulum3(article: Article) -> list[Found]:
        return [_of_quantulum(found) for found in quantulum.parse(article.text)]

    def recognizers(article: Article) -> list[Found]:
        *undated, dated = models[article.lang]
        on = datetime.combine(article.on or date(2020, 1, 1), datetime.min.time())
        results = [result for model in undated for result in model.parse(article.text)]
        results += dated.parse(article.text, on)
        return [_of_recognizers(result) for result in results]

    return {"quantulum3": quantulum3, "recognizers-text-suite": recognizers}


def _of_quantulum(found: Any) -> Found:
    """A range is its middle and an uncertainty; physical dimensions are "other"."""
    name, entity = found.unit.name, found.unit.entity.name
    kind = {"currency": "money", "dimensionless": "number"}.get(entity, "other")
    kind = "change" if name.startswith("percentage") else kind
    unit = str(getattr(found.unit, "currency_code", None) or "") if kind == "money" else ""
    value, spread = Decimal(str(found.value)), Decimal(str(found.uncertainty or 0))
    upper = value + spread if spread else None
    start, end = found.span
    return Found(start, end, kind, value - spread, upper, unit)


def _of_recognizers(result: Any) -> Found:
    """Ends are inclusive; a date range's end is not in it."""
    start, end = result.start, result.end + 1
    if result.type_name.startswith("datetime"):
        values = (result.resolution or {}).get("values", [])
        return Found(start, end, "period", days=frozenset(map(_days, values)))
    kind = {"currency": "money", "percentage": "change"}.get(result.type_name, "number")
    number = str(result.resolution.get("value") or "").removesuffix("%")
    code = result.resolution.get("isoCurrency") or CODES.get(result.resolution.get("unit", ""), "")
    return Found(start, end, kind, _number(number), unit=code)


def _days(value: dict[str, str]) -> tuple[date | None, date | None]:
    try:
        if "value" in value:
            day = date.fromisoformat(value["value"][:10])
            return day, day
        last = value.get("end")
        end = date.fromisoformat(last[:10]) - timedelta(days=1) if last else None
        return _day(value.get("start", "")[:10]), end
    except ValueError:  # a time of day, a duration, "not resolved"
        return None, None


def is_right(found: Found, wanted: Found) -> bool:
    """All of value, upper, unit, bound and days are equal."""
    return found[2:] == wanted[2:]


def is_right_but_for_bound(found: Found, wanted: Found) -> bool:
    """The same, whatever the bound."""
    return is_right(found._replace(bound=wanted.bound), wanted)


def is_about_right(found: Found, wanted: Found) -> bool:
    """What can be asked of any tool: value and currency, or one of a period's readings.

    A number passes for a count, a multiple or an absolute change, a percentage for percentage
    points, a fraction for its percentage; any period passes where none can be resolved.
    """
    if wanted.kind == "period":
        is_open = wanted.days == {(None, None)}
        return found.kind == "period" and (is_open or not found.days.isdisjoint(wanted.days))
    if found.value is None:
        return False
    if wanted.kind == "money":
        return found.value == wanted.value and found.kind == "money" and found.unit == wanted.unit
    if wanted.unit.startswith("percent"):
        value = found.value * 100 if found.kind == "number" else found.value
        return value == wanted.value and found.kind in {"change", "number"}
    return found.value == wanted.value and found.kind in {"number", "other", wanted.kind}


def passed(found: Iterable[Found], wanted: Found, judge: Judge) -> bool:
    """Whether a phrase is got right: by one mention that overlaps, "none" by none of any."""
    over = [one for one in found if one.start < wanted.end and wanted.start < one.end]
    if wanted.kind == "none":
        return all(one.kind == "other" for one in over)
    return any(judge(one, wanted) for one in over)


def score(answers: dict[str, list[Found]], wanted: list[Label], judge: Judge) -> dict[str, int]:
    """Phrases got right by kind, and over all."""
    right = dict.fromkeys(KINDS, 0)
    for label in wanted:
        right[label.wanted.kind] += passed(answers[label.article], label.wanted, judge)
    return {**right, "all": sum(right.values())}


def run(finder: Finder, corpus: dict[str, Article]) -> tuple[dict[str, list[Found]], float]:
    """One pass over the corpus; what is found, and its CPU seconds."""
    before = time.process_time()
    answers = {name: finder(article) for name, article in corpus.items()}
    return answers, time.process_time() - before


def hostile(seed: str, size: int) -> float:
    """CPU seconds over `size` bytes of a repeated text."""
    text = seed * (size // len(seed.encode()))
    before = time.process_time()
    find(text)
    return time.process_time() - before


def measure(path: Path, with_peers: bool, repeat: int) -> tuple[dict[str, Any], list[str]]:
    """The figures, ready for JSON, and our misses in words."""
    corpus = articles(path)
    wanted = labels(corpus)
    size = sum(len(article.text.encode()) for article in corpus.values()) / MEGABYTE
    run(ours, corpus)  # tables and automata are built once
    passes = [run(ours, corpus) for _ in range(repeat)]
    answers = passes[0][0]
    speed = size / statistics.median(seconds for _, seconds in passes)
    tools = {
        "extractor": {"MB/s": speed, **score(answers, wanted, is_right)},
        "extractor, bounds ignored": {
            "MB/s": speed, **score(answers, wanted, is_right_but_for_bound),
        },
        "extractor, judged as a peer": {"MB/s": speed, **score(answers, wanted, is_about_right)},
    }  # fmt: skip
    few = {article.lang: article for article in corpus.values()}  # one of each language
    for name, finder in (peers() if with_peers else {}).items():
        run(finder, few)
        theirs, seconds = run(finder, corpus)
        tools[name] = {"MB/s": size / seconds, **score(theirs, wanted, is_about_right)}
    totals = {kind: sum(label.wanted.kind == kind for label in wanted) for kind in KINDS}
    times = {seed: [hostile(seed, MEGABYTE // 2), hostile(seed, MEGABYTE)] for seed in HOSTILE}
    figures = {"phrases": {**totals, "all": len(wanted)}, "tools": tools, "hostile": times}
    return figures, list(misses(answers, wanted))


def misses(answers: dict[str, list[Found]], wanted: list[Label]) -> Iterable[str]:
    """A line for each phrase that ours gets wrong, with what it gives there."""
    for name, text, label in wanted:
        if not passed(answers[name], label, is_right):
            over = [f for f in answers[name] if f.start < label.end and label.start < f.end]
            yield f"{name} {label.start} {text!r}\n  wanted {label[2:]}\n" + "".join(
                f"  found  {found}\n" for found in over
            )


def table(figures: dict[str, Any]) -> str:
    """The figures as two Markdown tables."""
    columns = [*KINDS, "all"]
    heads = " | ".join(f"{column} ({figures['phrases'][column]})" for column in columns)
    lines = [f"| tool | MB/s | {heads} |", "| --- |" + " ---: |" * (len(columns) + 1)]
    for name, row in figures["tools"].items():
        cells = " | ".join(str(row[column]) for column in columns)
        lines.append(f"| {name} | {row['MB/s']:.3g} | {cells} |")
    lines += ["", "| hostile text | s for 0.5 MB | s for 1 MB |", "| --- | ---: | ---: |"]
    lines += [f"| `{s}` | {a:.2f} | {b:.2f} |" for s, (a, b) in figures["hostile"].items()]
    return "\n".join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--peers", action="store_true", help="also the peers (see README.md)")
    parser.add_argument("--misses", action="store_true", help="also list what ours gets wrong")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    figures, wrong = measure(arguments.corpus, arguments.peers, arguments.repeat)
    print(json.dumps(figures, ensure_ascii=False) if arguments.json else table(figures))
    if arguments.misses:
        print(*wrong, sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
