"""How fast lists of records are scored, beside two peers where they are installed.

    python benchmarks/scoring.py [--articles 1000] [--records 10]

The peers score the same lists: stickler-eval as structured objects with one comparator for
each field, nervaluate the evidence as labelled spans (it pairs spans, not records, so that
its figure is only an orientation). All times are CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import random
import time
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from pydantic import create_model

from extractor.comparing import COMPARATORS, NAME
from extractor.evaluation.scores import ArticleScore
from extractor.evaluation.scoring import score_records
from extractor.evaluation.summary import by_field, by_type, f1_of
from extractor.records import RECORD_TYPES, Record
from extractor.results import Records

PLACES = ("Fenghe", "Liushan City", "Qinglan County", "Shiwan District", "Nanling Park")
WORDS = (
    "supporting", "policies", "industrial", "fund", "relief", "innovation", "pilot", "credit",
    "green", "intelligent", "manufacturing", "special", "subsidy", "upgrade", "enterprises",
)  # fmt: skip
COMMON: dict[str, Any] = {"record_id": "0" * 16, "place": None}


def _quantity(generator: random.Random, **more: Any) -> dict[str, Any]:
    value = generator.randint(2, 5_000)
    return {
        "text": str(value), "value": value, "upper": None, "bound": "exact", "flags": [],
        "at": None, **more,
    }  # fmt: skip


def _record(generator: random.Random, type_: str) -> dict[str, Any]:
    start = generator.randint(0, 4_000)
    name = " ".join(generator.sample(WORDS, 4))
    year = generator.randint(2019, 2024)
    own: dict[str, dict[str, Any]] = {
        "policy": {"name": name, "kind": "measure", "issuer": None, "level": "municipal",
                   "measure_count": None},
        "fund": {"name": name, "kind": "grant", "amount": _quantity(generator, currency="CNY"),
                 "provider": None, "recipient": "enterprises", "part_of": None,
                 "part_of_id": None, "recipient_count": None},
        "enterprise_count": {"category": name, "designation": "other", "level": None,
                             "count": _quantity(generator), "measure": "total", "part_of": None,
                             "part_of_id": None},
        "growth_metric": {"indicator": name, "subject": None, "amount": None,
                          "direction": "increase",
                          "change": _quantity(generator, unit="percent"),
                          "basis": "year_on_year", "benchmark": None, "indicator_code": None},
    }  # fmt: skip
    return {
        **COMMON,
        **own[type_],
        "region": generator.choice(PLACES),
        "period": {
            "text": str(year), "start": f"{year}-01-01", "end": f"{year}-12-31", "flags": [],
            "at": None,
        },
        "status": "actual",
        "evidence": {"quote": "q" * 80, "start": start, "end": start + 80},
    }  # fmt: skip


def _spoiled(generator: random.Random, record: dict[str, Any]) -> dict[str, Any]:
    if generator.random() < 0.15:
        return {**record, "region": generator.choice(PLACES)}
    return record


def corpus(articles: int, records: int, seed: int = 1) -> list[tuple[Records, Records]]:
    """Gold and predictions of some articles: a tenth is missed, some fields are wrong."""
    generator = random.Random(seed)
    found = []
    for _ in range(articles):
        gold: dict[str, list[Any]] = {t.key: [] for t in RECORD_TYPES}
        predicted: dict[str, list[Any]] = {t.key: [] for t in RECORD_TYPES}
        for _ in range(records):
            record_type = generator.choice(RECORD_TYPES)
            record = _record(generator, record_type.type)
            gold[record_type.key].append(record)
            if generator.random() < 0.9:
                predicted[record_type.key].append(_spoiled(generator, record))
        found.append((Records.model_validate(gold), Records.model_validate(predicted)))
    return found


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a call, the best of three, and what it returned.

    The input is no work for the garbage collector.
    """
    best = float("inf")
    for _ in range(3):
        gc.collect()
        gc.freeze()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def ours(pairs: Sequence[tuple[Records, Records]]) -> list[ArticleScore]:
    """Score every article, field results included."""
    return [
        ArticleScore(str(i), str(i), *score_records(gold, predicted))
        for i, (gold, predicted) in enumerate(pairs)
    ]


def stickler(pairs: Sequence[tuple[Records, Records]]) -> Callable[[], Any]:
    """The same lists as stickler's structured models."""
    from stickler import (
        ComparableField,
        ExactComparator,
        FuzzyComparator,
        StructuredModel,
    )

    def model(record_type: type[Record]) -> Any:
        """One field for each of our rows, its comparator the nearest that there is."""
        fields: dict[str, Any] = {}
        for row in COMPARATORS[record_type.type]:
            near = FuzzyComparator() if row.kind is NAME else ExactComparator()
            fields[row.field.replace(".", "_")] = (
                str | None,
                ComparableField(
                    comparator=near,
                    threshold=row.kind.passes or 0.5,
                    weight=row.weight,
                    default=None,
                ),
            )
        return create_model(record_type.__name__, __base__=StructuredModel, **fields)

    models = {record_type: model(record_type) for record_type in RECORD_TYPES}
    lists: dict[str, Any] = {t.key: (list.__class_getitem__(m), ...) for t, m in models.items()}
    page_type: Any = create_model("Page", __base__=StructuredModel, **lists)

    def item(record: Record) -> Any:
        values = {}
        for row in COMPARATORS[record.type]:
            value = attrgetter(row.field)(record)
            text = getattr(value, "text", getattr(value, "quote", value))
            values[row.field.replace(".", "_")] = None if text is None else str(text)
        return models[type(record)](**values)

    def page(records: Records) -> Any:
        return page_type(**{key: [item(r) for r in found] for key, found in records.by_type()})

    pages = [(page(gold), page(predicted)) for gold, predicted in pairs]
    return lambda: [
        gold.compare_with(predicted, include_confusion_matrix=True) for gold, predicted in pages
    ]


def nervaluate(pairs: Sequence[tuple[Records, Records]]) -> Callable[[], Any]:
    """The evidence of the same lists as nervaluate's labelled spans."""
    from nervaluate import Evaluator

    def spans(records: Records) -> list[dict[str, Any]]:
        return [
            {"label": r.type, "start": r.evidence.start, "end": r.evidence.end}
            for r in records.all()
        ]

    gold = [spans(g) for g, _ in pairs]
    predicted = [spans(p) for _, p in pairs]
    tags = [record_type.type for record_type in RECORD_TYPES]
    return lambda: Evaluator(gold, predicted, tags=tags, loader="dict").evaluate()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--records", type=int, default=10)
    chosen = parser.parse_args()
    pairs = corpus(chosen.articles, chosen.records)
    seconds, scores = timed(lambda: ours(pairs))
    rows = [("score all records, with field results", seconds)]
    rows.append(("10,000 bootstrap resamples of F1", timed(lambda: f1_of(scores))[0]))
    rows.append(("table by type, all intervals", timed(lambda: by_type(scores))[0]))
    rows.append(("tables by field, all intervals", timed(lambda: by_field(scores))[0]))
    for name, peer in (("stickler", stickler), ("nervaluate", nervaluate)):
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed: left out")
            continue
        rows.append((name, timed(peer(pairs))[0]))
    print("| what | CPU seconds | against ours |\n|---|---|---|")
    for name, spent in rows:
        print(f"| {name} | {spent:.3f} | {spent / seconds:.1f} |")


if __name__ == "__main__":
    main()
