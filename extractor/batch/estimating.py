"""What articles will cost before any is sent: tokens by characters, answers by the rules.

Tokens by characters are right to within about a third. What a model thinks before it answers is
in no estimate: only answers that were measured tell.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from statistics import fmean, stdev
from typing import Any, TypeAlias

from extractor.article import Article
from extractor.models.base import Meter, RecordType
from extractor.models.prices import Price
from extractor.models.rules import RulesModel
from extractor.models.wire import wire_schema
from extractor.prompting import (
    Prompt,
    article_message,
    estimated_tokens,
    opening,
    with_numbers,
)
from extractor.records.base import COMPUTED
from extractor.results import Usage

ERROR = 1 / 3
"""Of an estimate of tokens by characters, as a share."""
_LONG_ANSWER = 8192  # tokens, thoughts included, where the user sets no limit
FRAME = "(frame)"
"""The name of what stands around the fields of an answer."""

Answer: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records as a model writes them, by the key of their list."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one article, or of many.

    Attributes:
        input: of the requests.
        cached: those of them that the endpoint has from before.
        output: of the answers.
    """

    input: float
    cached: float
    output: float

    def cost(self, price: Price) -> float:
        """US dollars."""
        return price(round(self.input), round(self.cached), round(self.output))


@dataclass(frozen=True)
class Asked:
    """What is asked about every article.

    Attributes:
        prompt: what the model is told, evidence in its form.
        types: the record types that are wanted.
    """

    prompt: Prompt
    types: Sequence[RecordType]

    @cached_property
    def schema_tokens(self) -> int:
        """Tokens of the schema, which goes with each request."""
        return estimated_tokens(json.dumps(wire_schema(self.types, self.prompt.evidence)))

    @cached_property
    def fixed_tokens(self) -> int:
        """Tokens that are the same in every first request: rules, examples, schema."""
        told = opening(self.prompt, [record_type.key for record_type in self.types])
        return self.schema_tokens + sum(estimated_tokens(m["content"]) for m in told)

    @cached_property
    def repair_tokens(self) -> int:
        """Tokens that are the same in every request that asks for records again."""
        return self.schema_tokens + estimated_tokens(self.prompt.repair)

    def article_tokens(self, article: Article) -> int:
        """Tokens of an article as it is sent."""
        return estimated_tokens(article_message(article, self.prompt.evidence))


@dataclass(frozen=True, slots=True)
class Parts:
    """Tokens by part of a request and of its answer; means over some articles.

    Attributes:
        articles: how many they are.
        fixed: what is the same in every request.
        article: title, date and text.
        answer: by field of the records; `FRAME` for what stands around them.
        records: how many an answer has.
    """

    articles: int
    fixed: int
    article: float
    answer: Mapping[str, float]
    records: float

    def per_article(self, *, is_cached: bool = False) -> Tokens:
        """Tokens of one article, answered at once; `is_cached`: the fixed part is known."""
        written = sum(self.answer.values())
        return Tokens(self.fixed + self.article, self.fixed if is_cached else 0, written)


async def answers_by_rules(
    articles: Iterable[Article], types: Sequence[RecordType]
) -> list[Answer]:
    """The rules' drafts as a chat model would write them: every key, null where unset."""
    answers: list[Answer] = []
    for article in articles:
        drafts = (await RulesModel().draft(article, types, Meter())).by_type
        answers.append({t.key: [_written(t, d) for d in found] for t, found in drafts.items()})
    return answers


def _written(record_type: RecordType, draft: Mapping[str, Any]) -> dict[str, Any]:
    fields = record_type.model_fields
    return {name: draft.get(name) for name in fields if name not in COMPUTED}


def measure_parts(articles: Sequence[Article], answers: Sequence[Answer], asked: Asked) -> Parts:
    """The parts of asking about these articles, and of these answers with quotes as evidence."""
    pieces: dict[str, list[str]] = {}
    for article, quoted in zip(articles, answers, strict=True):
        by_number = asked.prompt.evidence == "sentences"
        answer = with_numbers(quoted, article.text) if by_number else quoted
        pieces.setdefault(FRAME, []).append(json.dumps({key: [] for key in answer}))
        for record in chain.from_iterable(answer.values()):
            for name, value in record.items():
                field = f'"{name}": {json.dumps(value, ensure_ascii=False)}, '
                pieces.setdefault(name, []).append(field)
    count = len(articles) or 1
    return Parts(
        articles=len(articles),
        fixed=asked.fixed_tokens,
        article=sum(asked.article_tokens(article) for article in articles) / count,
        answer={name: estimated_tokens("".join(all_)) / count for name, all_ in pieces.items()},
        records=sum(len(found) for answer in answers for found in answer.values()) / count,
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take.

    Attributes:
        articles: how many are to be asked about.
        measured: answers of this output that it rests on; 0 if it rests on characters.
        low: tokens if all goes well.
        high: tokens if it does not.
        cost_usd: dollars at least and at most; None where no price is known.
    """

    articles: int
    measured: int
    low: Tokens
    high: Tokens
    cost_usd: tuple[float, float] | None


def estimate_by_parts(
    articles: int, parts: Parts, asked: Asked, further: int, price: Price | None
) -> Estimate:
    """An estimate by characters.

    At the low end tokens are a third fewer and the fixed part is cached; at the high end they
    are a third more, nothing is cached, and every article is asked about again.

    Args:
        articles: how many will be asked about.
        parts: of those, by a sample.
        asked: what is asked.
        further: how often each article may be asked about again, by repairs and a sweep.
        price: of the model.
    """
    once, cached = parts.per_article(), parts.per_article(is_cached=True)
    again = Tokens(asked.repair_tokens + 2 * once.output, 0, once.output)
    low = _scaled(cached, 1 - ERROR)
    high = _scaled(
        Tokens(once.input + further * again.input, 0, once.output + further * again.output),
        1 + ERROR,
    )
    return _estimate(articles, 0, (low, high), price)


class Measured:
    """Tokens of articles that were really asked about, 24 bytes each."""

    def __init__(self) -> None:
        """None so far."""
        self.input = array("q")
        self.cached = array("q")
        self.output = array("q")

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.input)

    def add(self, usage: Usage) -> None:
        """Take one in, if it was asked about and the endpoint said what that took."""
        if usage.input_tokens:
            self.input.append(usage.input_tokens)
            self.cached.append(usage.cached_input_tokens)
            self.output.append(usage.output_tokens)


def estimate_by_answers(articles: int, measured: Measured, price: Price | None) -> Estimate:
    """An estimate by what articles of the same input took: their mean, two standard errors about.

    Args:
        articles: how many will be asked about.
        measured: two articles or more, drawn at random.
        price: of the model.
    """
    low, high = (
        Tokens(
            _bound(measured.input, errors),
            fmean(measured.cached),
            _bound(measured.output, errors),
        )
        for errors in (-2, 2)
    )
    return _estimate(articles, len(measured), (low, high), price)


def most_cost(article: Article, asked: Asked, price: Price, longest_answer: int | None) -> float:
    """US dollars that an article answered at once will cost at most, as far as one can tell.

    Args:
        article: what is asked about.
        asked: what is asked.
        price: of the model.
        longest_answer: most tokens of an answer; None if there is no limit.
    """
    sent = (1 + ERROR) * (asked.fixed_tokens + asked.article_tokens(article))
    return Tokens(sent, 0, longest_answer or _LONG_ANSWER).cost(price)


def _estimate(
    articles: int, measured: int, per_article: tuple[Tokens, Tokens], price: Price | None
) -> Estimate:
    low, high = (_scaled(tokens, articles) for tokens in per_article)
    cost = None
    if price is not None:
        cost = articles * per_article[0].cost(price), articles * per_article[1].cost(price)
    return Estimate(articles, measured, low, high, cost)


def _scaled(tokens: Tokens, factor: float) -> Tokens:
    return Tokens(tokens.input * factor, tokens.cached * factor, tokens.output * factor)


def _bound(values: array[int], errors: float) -> float:
    """The mean and so many of its standard errors, not below 0."""
    return max(0.0, fmean(values) + errors * stdev(values) / math.sqrt(len(values)))
