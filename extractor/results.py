"""What comes out: one line per article, a result or a failure, and what made it.

Found, nothing there, and failed cannot be confused: an `Extraction` with empty lists says
that the article holds nothing, a `Failure` says that nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.article import Article, DateSource
from extractor.grounding import Evidence
from extractor.records import EnterpriseCount, Fund, GrowthMetric, Policy, Record


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class FieldError(_Value):
    """What was wrong with one field of a draft."""

    field: str = Field(description="The field, or empty for the record as a whole.")
    code: str = Field(
        description="The class of error, such as evidence_not_found, phrase or ungrounded."
    )
    message: str = Field(description="What was wrong and how to mend it.")

    @classmethod
    def all_of(cls, error: ValidationError) -> list[FieldError]:
        """A validation error as values, one for each field; the input is not quoted."""
        return [
            cls(
                field=".".join(str(part) for part in item["loc"]),
                code=item["type"],
                message=item["msg"],
            )
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]


class Rejected(_Value):
    """A draft that did not become a record; it never enters `records`."""

    type: str = Field(description="The record type the draft was written as.")
    draft: Any = Field(description="The draft as the model wrote it.")
    errors: list[FieldError]


class Audited(_Value):
    """A figure of the article that the rules read as a fact and no record's evidence covers."""

    type: str = Field(description="The record type that the rules read it as.")
    phrase: str = Field(description="The figure, verbatim from the article.")
    at: tuple[int, int] = Field(
        description="Start and end of the figure in the article's text, in characters, the end "
        "excluded."
    )
    evidence: Evidence = Field(description="The passage that states the fact, by the rules.")


class Records(_Value):
    """The records of one article by type."""

    policies: list[Policy]
    funds: list[Fund]
    enterprise_counts: list[EnterpriseCount]
    growth_metrics: list[GrowthMetric]

    def __len__(self) -> int:
        """How many records there are in all."""
        return sum(len(found) for _, found in self.by_type())

    def by_type(self) -> Iterator[tuple[str, list[Record]]]:
        """Each list with its key, in the order of the output."""
        for key in type(self).model_fields:
            yield key, getattr(self, key)

    def all(self) -> Iterator[Record]:
        """Every record, type by type."""
        for _, found in self.by_type():
            yield from found


class ArticleInfo(_Value):
    """What the output says of the article itself; its text stays with the publisher."""

    title: str | None
    date: dt.date | None
    date_source: DateSource | None = Field(
        description="field: the date came with the article; text: it was read from its head."
    )
    source: str | None
    url: str | None
    lang: str | None
    chars: int = Field(description="Length of the text in Unicode code points.")


class Provenance(_Value):
    """What made the result."""

    model: str = Field(description="The model string that was asked for.")
    served_model: str | None = Field(description="The model that the endpoint says answered.")
    system_fingerprint: str | None = Field(
        description="What the endpoint says of its own configuration."
    )
    service_tier: str | None = Field(description="The tier that the endpoint says it served.")
    request_ids: list[str] = Field(description="The endpoint's ids of the requests, in order.")
    mode: str | None = Field(description="How the schema was sent, if one was.")
    prompt: str | None = Field(description="Prompt name and version, if a prompt was used.")
    version: str = Field(description="Version of this package, which computed the values.")
    parsers: str = Field(description="Fingerprint of the value parsers that read the phrases.")


Step: TypeAlias = Literal["answer", "reask", "continuation", "repair", "sweep"]
"""What a request to a model was for."""


class Spent(_Value):
    """What some requests cost."""

    requests: int = Field(description="Requests to the endpoint, those that failed included.")
    input_tokens: int
    cached_input_tokens: int = Field(
        description="Of the input tokens, those the endpoint had from before."
    )
    output_tokens: int
    cost_usd: float | None = Field(description="US dollars; null where the price is not known.")


class StepSpent(Spent):
    """What the requests of one step cost, and what they gave."""

    records: int = Field(description="Records of the result that these requests brought.")


class Usage(Spent):
    """What the article cost, all tries together."""

    steps: dict[Step, StepSpent] = Field(description="The same by what the requests were for.")

    def __add__(self, other: Usage) -> Usage:
        """The sum; its cost is unknown if either is."""
        steps = dict(self.steps)
        for step, spent in other.steps.items():
            steps[step] = _step_sum(steps[step], spent) if step in steps else spent
        return Usage(steps=steps, **_sum(self, other))


def _step_sum(one: StepSpent, other: StepSpent) -> StepSpent:
    return StepSpent(records=one.records + other.records, **_sum(one, other))


def _sum(one: Spent, other: Spent) -> dict[str, Any]:
    known = one.cost_usd is not None and other.cost_usd is not None
    return {
        "requests": one.requests + other.requests,
        "input_tokens": one.input_tokens + other.input_tokens,
        "cached_input_tokens": one.cached_input_tokens + other.cached_input_tokens,
        "output_tokens": one.output_tokens + other.output_tokens,
        "cost_usd": (one.cost_usd or 0) + (other.cost_usd or 0) if known else None,
    }


_NOTHING: dict[str, Any] = {
    "requests": 0,
    "input_tokens": 0,
    "cached_input_tokens": 0,
    "output_tokens": 0,
    "cost_usd": 0,
}
NO_USAGE = Usage(steps={}, **_NOTHING)


def brought(records: Mapping[Step, int]) -> Usage:
    """How many records came of each step, to be added to what the steps cost."""
    steps = {step: StepSpent(records=count, **_NOTHING) for step, count in records.items()}
    return Usage(steps=steps, **_NOTHING)


class Timing(_Value):
    """All that may differ between two runs of one identity."""

    started: dt.datetime = Field(description="When work on the article began, UTC.")
    seconds: float = Field(description="Wall time of the article, in seconds.")


class ErrorInfo(_Value):
    """Why an article failed."""

    type: str = Field(description="The class of failure.")
    message: str
    retryable: bool = Field(description="Whether the same article may succeed later.")


class _Line(_Value):
    id: str
    text_sha256: str = Field(description="SHA-256 of the text's UTF-8 bytes, 64 hex digits.")
    revision: int = Field(
        ge=1, description="Counts the results that were written for this id, from 1."
    )


class Extraction(_Line):
    """The result of one article; empty lists say that it holds nothing to record."""

    status: Literal["ok"]
    run: str = Field(description="Identity of what was asked: model, parameters, prompt, schema.")
    article: ArticleInfo
    records: Records
    rejected: list[Rejected]
    audit: list[Audited] | None = Field(
        description="Figures that the rules read as facts and no record's evidence covers; null "
        "unless asked for."
    )
    provenance: Provenance
    usage: Usage
    timing: Timing
    extra: dict[str, Any] = Field(description="Fields of the input line that are not ours.")


class Failure(_Line):
    """An article that gave no result, and why."""

    status: Literal["failed"]
    run: str = Field(description="Identity of what was asked: model, parameters, prompt, schema.")
    article: ArticleInfo
    error: ErrorInfo
    provenance: Provenance
    usage: Usage
    timing: Timing
    extra: dict[str, Any] = Field(description="Fields of the input line that are not ours.")


Outcome: TypeAlias = Annotated[Extraction | Failure, Field(discriminator="status")]
"""An output line."""


def describe(article: Article) -> ArticleInfo:
    """What the output says of `article`."""
    return ArticleInfo(
        title=article.title,
        date=article.date,
        date_source=article.date_source,
        source=article.source,
        url=article.url,
        lang=article.lang,
        chars=len(article.text),
    )
