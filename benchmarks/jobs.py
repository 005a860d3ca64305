"""What every driver is given: its job, the articles, what is sent about them, and what answers.

Everybody sends the same. Packages are imported where they are needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

MODEL = "bench"


class Job(NamedTuple):
    """What a driver is to do.

    Attributes:
        url: the endpoint, without a path.
        source: JSONL of articles.
        output: where the lines go.
        concurrency: how many requests at a time.
    """

    url: str
    source: Path
    output: Path
    concurrency: int


def articles(job: Job) -> Iterator[dict[str, Any]]:
    """The input lines."""
    with job.source.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write(job: Job, answers: Sequence[Any]) -> None:
    """One line an answer."""
    with job.output.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)


def messages(line: dict[str, Any]) -> list[dict[str, str]]:
    """The messages that ours sends: everybody sends the same."""
    from extractor.article import Article
    from extractor.prompting import load_prompt
    from extractor.prompting import messages as of_prompt
    from extractor.records import RECORD_TYPES

    prompt = load_prompt("extract@1", "quote")
    return of_prompt(prompt, Article.from_mapping(line), [t.key for t in RECORD_TYPES])


def response_format() -> dict[str, Any]:
    """The strict schema that ours sends."""
    from extractor.models.wire import wire_schema
    from extractor.records import RECORD_TYPES

    schema = {"name": "records", "strict": True, "schema": wire_schema(RECORD_TYPES, "quote")}
    return {"type": "json_schema", "json_schema": schema}


def answer_model() -> Any:
    """The answer as pydantic models of plain fields, as a user of a peer writes them."""
    from pydantic import BaseModel

    class Policy(BaseModel):
        name: str
        kind: str
        issuer: str | None
        level: str | None
        measure_count: str | None
        region: str | None
        period: str | None
        status: str
        evidence: str

    class Fund(BaseModel):
        name: str
        kind: str
        amount: str
        provider: str | None
        recipient: str | None
        part_of: str | None
        region: str | None
        period: str | None
        status: str
        evidence: str

    class EnterpriseCount(BaseModel):
        category: str
        designation: str
        level: str | None
        count: str
        measure: str
        part_of: str | None
        region: str | None
        period: str | None
        status: str
        evidence: str

    class GrowthMetric(BaseModel):
        indicator: str | None
        subject: str | None
        amount: str | None
        direction: str
        change: str
        basis: str
        benchmark: str | None
        region: str | None
        period: str | None
        status: str
        evidence: str

    class Answer(BaseModel):
        policies: list[Policy]
        funds: list[Fund]
        enterprise_counts: list[EnterpriseCount]
        growth_metrics: list[GrowthMetric]

    Answer.model_rebuild(_types_namespace=dict(locals()))
    return Answer
