"""Invented records, gold articles and outcomes for the tests of the evaluation."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from extractor.article import Article
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.runs import EvalRun, eval_run
from extractor.records import RECORD_TYPES, EnterpriseCount, Fund, GrowthMetric, Policy, Record
from extractor.results import (
    NO_USAGE,
    ErrorInfo,
    Extraction,
    Failure,
    Provenance,
    Records,
    Rejected,
    Timing,
    describe,
)

TEXT = "".join(f"Sentence {i} of an invented article. " for i in range(200))
GOLD_TEXT = (
    "In 2023, Fenghe City paid 30 million yuan of stabilisation subsidies. "
    "By the end of May 2023 the city had 120 high-tech enterprises. "
    "Industrial exports rose by 7.5% year-on-year in 2023."
)


def quantity(value: float, **more: Any) -> dict[str, Any]:
    """A quantity in the stored face."""
    own = {"text": f"{value}", "value": value, "upper": None, "bound": "exact", "flags": []}
    return {**own, "at": None, **more}


def year(number: int | None) -> dict[str, Any] | None:
    """A whole year as a period."""
    if number is None:
        return None
    ends = {"start": f"{number}-01-01", "end": f"{number}-12-31"}
    return {"text": f"in {number}", **ends, "flags": [], "at": None}


def _common(**fields: Any) -> dict[str, Any]:
    at = fields.pop("at", 0)
    return {
        "record_id": "0" * 16,
        "region": "Fenghe City",
        "period": year(2023),
        "status": "actual",
        "evidence": {"quote": TEXT[at : at + 60], "start": at, "end": at + 60},
        "place": None,
        **fields,
    }


def policy(**fields: Any) -> Policy:
    own = {"name": "Ten Measures for Steady Growth", "kind": "measure", "issuer": "city government",
           "level": "municipal", "measure_count": None}  # fmt: skip
    return Policy.model_validate(_common(**{**own, **fields}))


def fund(value: float = 30_000_000, *, currency: str | None = "CNY", **fields: Any) -> Fund:
    amount = quantity(value, currency=currency, **fields.pop("amount", {}))
    own = {"name": "stabilisation subsidies", "kind": "grant", "amount": amount, "provider": None,
           "recipient": "53 enterprises", "part_of": None, "part_of_id": None,
           "recipient_count": None}  # fmt: skip
    return Fund.model_validate(_common(**{**own, **fields}))


def count(value: int = 120, **fields: Any) -> EnterpriseCount:
    own = {"category": "high-tech enterprises", "designation": "high_tech", "level": None,
           "count": quantity(value, **fields.pop("count", {})), "measure": "total",
           "part_of": None, "part_of_id": None}  # fmt: skip
    return EnterpriseCount.model_validate(_common(**{**own, **fields}))


def growth(value: float = 7.5, *, unit: str = "percent", **fields: Any) -> GrowthMetric:
    own = {"indicator": "industrial exports", "subject": None, "amount": None,
           "direction": "increase", "change": quantity(value, unit=unit,
           **fields.pop("change", {})), "basis": "year_on_year", "benchmark": None,
           "indicator_code": None}  # fmt: skip
    return GrowthMetric.model_validate(_common(**{**own, **fields}))


def records(*found: Record) -> Records:
    """Records sorted into their lists, in the order given."""
    return Records.model_validate({t.key: [r for r in found if type(r) is t] for t in RECORD_TYPES})


def gold(id_: str, *found: Record, **more: Any) -> GoldArticle:
    """A gold article of its own story."""
    article = Article(text=f"{id_}: {TEXT}", id=id_, date=dt.date(2023, 7, 3), lang="en")
    return GoldArticle(article=article, records=records(*found), **more)


def extraction(article: Article, found: Records, rejected: Sequence[Rejected] = ()) -> Extraction:
    return Extraction(status="ok", records=found, rejected=list(rejected), audit=None,
                      **_line(article))  # fmt: skip


def failure(article: Article) -> Failure:
    error = ErrorInfo(type="ModelError", message="timed out", retryable=True)
    return Failure(status="failed", error=error, **_line(article))


def _line(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "text_sha256": article.text_sha256,
        "revision": 1,
        "run": "scripted@1",
        "article": describe(article),
        "provenance": Provenance(
            model="scripted",
            served_model=None,
            system_fingerprint=None,
            service_tier=None,
            request_ids=[],
            mode=None,
            prompt=None,
            version="0.1.0",
            parsers="p",
        ),
        "usage": NO_USAGE,
        "timing": Timing(started=dt.datetime(2024, 1, 1, tzinfo=dt.UTC), seconds=0.5),
        "extra": {},
    }


def perfect(articles: Iterable[GoldArticle]) -> Predictions:
    """Predictions that are the gold itself."""
    return Predictions({g.article.id: extraction(g.article, g.records) for g in articles})


def run_of(articles: Sequence[GoldArticle], *predictions: Predictions) -> EvalRun:
    """A run of one repeat for each set of predictions."""
    stored = [None] * len(predictions)
    return eval_run(articles, [Path("gold")], "all", predictions, stored)


def gold_file(**more: Any) -> dict[str, Any]:
    """A gold file of `GOLD_TEXT` with a fund, a count and a growth metric."""

    def face(record: Record, quote: str, **changed: Any) -> dict[str, Any]:
        data = json.loads(record.model_dump_json())
        computed = ("record_id", "place", "part_of_id", "recipient_count", "indicator_code")
        for name in computed:
            data.pop(name, None)
        for value in data.values():
            if isinstance(value, dict):
                value.pop("at", None)
        data["period"] = {k: v for k, v in data["period"].items() if k != "flags"}
        return {**data, "evidence": quote, **changed}

    first, second, third = (f"{s.strip('.')}." for s in GOLD_TEXT.split(". "))
    money = fund(amount={"text": "30 million yuan"}, recipient=None, provider="Fenghe City")
    firms = count(count={"text": "120"})
    change = growth(change={"text": "7.5%"})
    in_2023 = {"text": "In 2023", "start": "2023-01-01", "end": "2023-12-31"}
    may = {"text": "By the end of May 2023", "start": None, "end": "2023-05-31"}
    return {
        "article": {"id": "fenghe-1", "date": "2024-01-10", "text": GOLD_TEXT, "lang": "en"},
        "records": {
            "policies": [],
            "funds": [face(money, first, period=in_2023)],
            "enterprise_counts": [face(firms, second, period=may)],
            "growth_metrics": [face(change, third, period={**in_2023, "text": "in 2023"})],
        },
        **more,
    }


_REGIONS = st.sampled_from(["Fenghe City", "Fenghe", "Qinglan County", None])
_PERIODS = st.sampled_from([year(2022), year(2023), None])
_STATUS = st.sampled_from(["actual", "planned"])
_AT = st.sampled_from([0, 30, 300])
_SHARED = {"region": _REGIONS, "period": _PERIODS, "status": _STATUS, "at": _AT}
_NAMES = st.sampled_from(["stabilisation subsidies", "subsidies", "credit line for exporters"])

any_record: st.SearchStrategy[Record] = st.one_of(
    st.builds(
        policy,
        name=st.sampled_from(["Ten Measures for Growth", "Growth Measures", "Export Credit Plan"]),
        issuer=st.sampled_from(["city government", None]),
        **_SHARED,
    ),
    st.builds(fund, st.sampled_from([10, 20]), name=_NAMES, **_SHARED),
    st.builds(count, st.sampled_from([10, 20]), measure=st.sampled_from(["total", "added"]),
              **_SHARED),
    st.builds(growth, st.sampled_from([10, 20]), indicator=st.sampled_from(["exports", None]),
              subject=st.sampled_from(["steel", "cars"]),
              direction=st.sampled_from(["increase", "decrease"]), **_SHARED),
)  # fmt: skip
"""Records from a small world, so that lists of them compete for each other."""

record_lists = st.lists(any_record, max_size=8)


@st.composite
def scored_articles(draw: st.DrawFn, most: int = 5) -> tuple[list[GoldArticle], Predictions]:
    """Some gold articles, and predictions of them."""
    articles, outcomes = [], {}
    for i in range(draw(st.integers(1, most))):
        own = gold(f"a{i}", *draw(record_lists))
        articles.append(own)
        outcomes[own.article.id] = extraction(own.article, records(*draw(record_lists)))
    return articles, Predictions(outcomes)
