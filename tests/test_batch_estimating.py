import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from extractor.article import Article
from extractor.batch.estimating import (
    ERROR,
    Asked,
    Measured,
    Parts,
    answers_by_rules,
    estimate_by_answers,
    estimate_by_parts,
    measure_parts,
    most_cost,
)
from extractor.grounding import EvidenceForm
from extractor.models.prices import parse_price
from extractor.prompting import article_message, estimated_tokens, load_prompt
from extractor.records import RECORD_TYPES, Fund
from extractor.results import NO_USAGE, Usage
from tests.articles import ARTICLE

PRICE = parse_price("1,10,0.1")
CHINESE = Article(id="zh", text="2023年上半年，武汉化工产值比去年同期上升12.3%。" * 5)


def asked(evidence: EvidenceForm = "quote", types: Any = RECORD_TYPES) -> Asked:
    return Asked(load_prompt("extract@1", evidence), types)


def parts(articles: Sequence[Article], each: Asked) -> Parts:
    return measure_parts(articles, asyncio.run(answers_by_rules(articles, each.types)), each)


def usage(input_tokens: int, output_tokens: int, cached: int = 0) -> Usage:
    spent = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    return NO_USAGE.model_copy(update={**spent, "cached_input_tokens": cached, "requests": 1})


def measured(*usages: Usage) -> Measured:
    found = Measured()
    for each in usages:
        found.add(each)
    return found


def test_fields_of_an_answer_add_up_to_the_answer() -> None:
    found = parts([ARTICLE], asked())
    (answer,) = asyncio.run(answers_by_rules([ARTICLE], RECORD_TYPES))
    whole = estimated_tokens(json.dumps(answer, ensure_ascii=False))
    assert sum(found.answer.values()) == pytest.approx(whole, rel=0.06)
    assert found.records == sum(len(records) for records in answer.values()) > 3
    assert found.article == estimated_tokens(article_message(ARTICLE, "quote"))


def test_sentence_numbers_shorten_the_evidence_and_nothing_else_of_the_answer() -> None:
    quote, sentences = parts([ARTICLE], asked()), parts([ARTICLE], asked("sentences"))
    assert sentences.answer["evidence"] < quote.answer["evidence"] / 3
    others = quote.answer.keys() - {"evidence"}
    assert all(sentences.answer[name] == quote.answer[name] for name in others)
    assert sentences.article > quote.article


def test_unwanted_types_cost_nothing() -> None:
    one, every = parts([ARTICLE], asked(types=(Fund,))), parts([ARTICLE], asked())
    assert one.fixed < every.fixed
    assert sum(one.answer.values()) < sum(every.answer.values())
    assert "indicator" not in one.answer


def test_chinese_counts_a_token_for_each_character() -> None:
    assert parts([CHINESE], asked()).article > 0.7 * len(CHINESE.text)


def test_an_article_without_records_has_an_empty_answer_and_an_input_none() -> None:
    found = parts([Article(text="Nothing of note happened.")], asked())
    assert list(found.answer) == ["(frame)"]
    assert found.records == 0
    assert parts([], asked()).per_article().output == 0


def test_cached_prefix_is_the_fixed_part() -> None:
    found = parts([ARTICLE], asked())
    plain, cached = found.per_article(), found.per_article(is_cached=True)
    assert (cached.input, cached.cached, plain.cached) == (plain.input, found.fixed, 0)
    assert plain.cost(PRICE) - cached.cost(PRICE) == pytest.approx(found.fixed * 0.9 / 1e6, 1e-3)


def test_estimate_by_characters_spans_its_error_and_further_requests() -> None:
    found, each = parts([ARTICLE], asked()), asked()
    once = estimate_by_parts(10, found, each, 0, PRICE)
    again = estimate_by_parts(10, found, each, 1, PRICE)
    assert once.low.input == pytest.approx(10 * found.per_article().input * (1 - ERROR))
    assert once.high.input == pytest.approx(10 * found.per_article().input * (1 + ERROR))
    assert once.low == again.low
    assert again.high.input > once.high.input
    assert again.high.output == pytest.approx(2 * once.high.output)
    assert once.cost_usd is not None
    assert again.cost_usd is not None
    assert 0 < once.cost_usd[0] < once.cost_usd[1] < again.cost_usd[1]
    assert once.measured == 0


def test_estimate_without_a_price_has_tokens_and_no_cost() -> None:
    found = estimate_by_parts(10, parts([ARTICLE], asked()), asked(), 1, None)
    assert found.cost_usd is None
    assert found.high.input > 0


def test_measured_answers_narrow_the_estimate_to_two_standard_errors() -> None:
    pilot = measured(*[usage(1000, 90), usage(1200, 110)] * 50)
    found = estimate_by_answers(1000, pilot, PRICE)
    assert (found.articles, found.measured) == (1000, 100)
    assert found.low.input == pytest.approx(1000 * (1100 - 2 * 10.05), rel=1e-3)
    assert found.high.output == pytest.approx(1000 * (100 + 2 * 1.005), rel=1e-3)
    assert found.cost_usd is not None
    truth = 1000 * PRICE(1100, 0, 100)
    assert found.cost_usd[0] < truth < found.cost_usd[1]
    assert found.cost_usd[1] < 1.03 * truth


def test_measured_cached_tokens_cost_what_cached_tokens_cost() -> None:
    plain = estimate_by_answers(10, measured(*[usage(1000, 100)] * 3), PRICE)
    cached = estimate_by_answers(10, measured(*[usage(1000, 100, cached=800)] * 3), PRICE)
    assert plain.cost_usd is not None
    assert cached.cost_usd is not None
    assert cached.cost_usd[0] == pytest.approx(plain.cost_usd[0] - 10 * 800 * 0.9 / 1e6)


def test_answers_from_a_cache_and_answers_without_token_counts_are_not_measured() -> None:
    found = measured(NO_USAGE, usage(5, 1), usage(0, 0))
    assert (len(found), list(found.output)) == (1, [1])


def test_most_that_an_article_costs_has_the_error_of_its_tokens_and_the_longest_answer() -> None:
    each = asked()
    sent = each.fixed_tokens + each.article_tokens(ARTICLE)
    assert most_cost(ARTICLE, each, PRICE, 500) == pytest.approx(PRICE(sent * 4 // 3, 0, 500), 1e-3)
    assert most_cost(ARTICLE, each, PRICE, None) > most_cost(ARTICLE, each, PRICE, 4000)
