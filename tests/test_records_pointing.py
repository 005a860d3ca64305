"""Evidence by sentence numbers: what a model may write, and the passage that code finds."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from extractor.article import Article
from extractor.grounding import Evidence, Span
from extractor.records import Draft, EnterpriseCount, Fund, GrowthMetric, Policy, Record
from tests.articles import ARTICLE, count, fund, growth, policy


def read(record_type: type[Record], draft: dict[str, Any], article: Article = ARTICLE) -> Record:
    return record_type.model_validate(draft, context=Draft(article, "sentences"))


def codes(draft: dict[str, Any], article: Article = ARTICLE) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        read(Fund, draft, article)
    return [error["type"] for error in caught.value.errors()]


def about(text: str, **changes: Any) -> tuple[dict[str, Any], Article]:
    """A fund without places, and the article that it is about."""
    draft = fund(provider=None, recipient=None, region=None, **changes)
    return draft, Article(text=text)


# What a model may write


@pytest.mark.parametrize("numbers", [[2], 2, "2", ["2"], " 2 ", [1, 2], ["1", "2"], [2, 3]])
def test_number_of_the_sentence_or_of_two_neighbours_is_evidence(numbers: Any) -> None:
    record = read(Fund, fund(evidence=numbers))

    assert "64.5 million yuan" in record.evidence.quote
    assert ARTICLE.text[record.evidence.start : record.evidence.end] == record.evidence.quote


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([], "not_sentence_numbers"),
        (None, "not_sentence_numbers"),
        ("", "not_sentence_numbers"),
        (True, "not_sentence_numbers"),
        ([2, None], "not_sentence_numbers"),
        ([2.5], "not_sentence_numbers"),
        (["2, 3"], "not_sentence_numbers"),
        ([[2]], "not_sentence_numbers"),
        ({"2": 2}, "not_sentence_numbers"),
        (Evidence(quote="x", start=0, end=1), "not_sentence_numbers"),
        (Span(0, 20), "not_sentence_numbers"),
        ("arranged special funds of 64.5 million yuan", "not_sentence_numbers"),
        ([3, 2], "sentences_apart"),
        ([1, 3], "sentences_apart"),
        ([2, 2], "sentences_apart"),
        ([1, 10**12], "sentences_apart"),
        ([1, 2, 3], "evidence_too_long"),
        ([2] * 10_000, "evidence_too_long"),
        ([0], "evidence_not_found"),
        ([-1], "evidence_not_found"),
        ([4], "evidence_not_found"),
        ([3, 4], "evidence_not_found"),
        ([10**30], "evidence_not_found"),
    ],
)
def test_other_numbers_are_an_error_with_a_code(numbers: Any, code: str) -> None:
    assert codes(fund(evidence=numbers)) == [code]


def test_error_says_which_numbers_there_are_and_quotes_nothing() -> None:
    with pytest.raises(ValidationError, match="numbered from 1 to 3") as caught:
        read(Fund, fund(evidence=[7]))
    assert "64.5" not in str(caught.value)


def test_number_of_another_sentence_is_an_error_of_the_phrase() -> None:
    assert "number_not_in_evidence" in codes(fund(evidence=[1]))


def test_numbers_are_no_evidence_where_quotes_were_asked_for() -> None:
    with pytest.raises(ValidationError) as caught:
        Fund.model_validate(fund(evidence=[2]), context=Draft(ARTICLE))
    assert [error["type"] for error in caught.value.errors()] == ["not_a_phrase"]


# The passage


@pytest.mark.parametrize(
    ("record_type", "draft", "passage"),
    [
        (Policy, policy(evidence=[2]), "The city issued 18 measures"),
        (
            EnterpriseCount,
            count(evidence=[2]),
            "special funds of 64.5 million yuan for 53 enterprises, including",
        ),
        (GrowthMetric, growth(evidence=[1]), "From January to May, the added value"),
    ],
)
def test_passage_is_the_clauses_that_hold_the_phrases(
    record_type: type[Record], draft: dict[str, Any], passage: str
) -> None:
    quote = read(record_type, draft).evidence.quote

    assert passage in quote
    assert "\n" not in quote
    assert "percentage points" not in quote


def test_passage_of_two_sentences_ends_where_the_phrases_do() -> None:
    record = read(Fund, fund(evidence=[2, 3]))

    assert record.evidence.quote.startswith("The city issued 18 measures")
    assert record.evidence.quote.endswith("for 53 enterprises")


def test_same_record_comes_of_a_number_as_of_a_quote() -> None:
    pointed = read(Fund, fund(evidence=[2]))
    quoted = Fund.model_validate(fund(evidence=pointed.evidence.quote), context=Draft(ARTICLE))

    assert pointed == quoted


def test_repeated_sentence_has_the_place_of_its_own_number() -> None:
    line = "Banks lent loans of 5 million yuan."
    for number in (1, 2, 3):
        draft, article = about("\n".join([line] * 3), name="loans", evidence=[number])
        draft["amount"] = "5 million yuan"
        record = read(Fund, draft, article)
        assert record.evidence.start == (len(line) + 1) * (number - 1)


def test_phrase_that_stands_twice_is_taken_where_its_record_is() -> None:
    text = "The output of steel rose by 10%, the price of coal fell by 2%, and paper rose by 10%."
    draft = growth(
        indicator=None, subject="paper", change="10%", region=None, period=None, evidence=[1]
    )
    record = read(GrowthMetric, draft, Article(text=text))

    assert record.evidence.quote == "and paper rose by 10%."


def test_amount_keeps_the_currency_that_its_sentence_states() -> None:
    text = "It put revenue support at 222.03 billion yuan, against tax relief of 214.17 billion."
    draft, article = about(text, name="tax relief", amount="214.17 billion", evidence=[1])
    record = read(Fund, draft, article)

    assert isinstance(record, Fund)
    assert record.amount.currency == "CNY"


def test_number_that_shares_its_unit_keeps_the_whole_sentence() -> None:
    record = read(
        GrowthMetric,
        growth(
            change="4.1 percentage points",
            basis="versus_benchmark",
            benchmark="the country",
            evidence=[1],
        ),
    )
    assert record.evidence.quote == ARTICLE.text.partition("\n")[0]


def test_clause_that_is_no_passage_gives_the_whole_sentence() -> None:
    draft, article = about("去年，贷款5亿元，增长快。", name="贷款", amount="5亿元", evidence=[1])

    assert read(Fund, draft, article).evidence.quote == article.text


def test_comma_inside_a_number_ends_no_clause() -> None:
    draft, article = about("In all, 1,200 firms got grants of 1,300 yuan, a record.", name="grants")
    draft |= {"amount": "1,300 yuan", "evidence": [1]}

    assert read(Fund, draft, article).evidence.quote == "1,200 firms got grants of 1,300 yuan"


# Hostile


def test_sentence_of_twenty_thousand_characters_gives_the_clauses_of_the_fact() -> None:
    filler = "the road goes on and on, " * 400
    text = f"{filler}banks lent special funds of 64.5 million yuan, {filler}"
    draft, article = about(text, evidence=[1])

    assert read(Fund, draft, article).evidence.quote == (
        "banks lent special funds of 64.5 million yuan"
    )


def test_clause_of_twenty_thousand_characters_is_too_long() -> None:
    filler = "the road goes on and on " * 400
    draft, article = about(f"{filler}special funds of 64.5 million yuan {filler}", evidence=[1])

    assert codes(draft, article) == ["evidence_too_long"]


def test_phrase_that_stands_ten_thousand_times_is_placed() -> None:
    draft, article = about("a 5 yuan " * 5_000, name="a", amount="5 yuan", evidence=[1])

    assert "evidence_too_long" in codes(draft, article)
