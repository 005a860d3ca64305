"""Chat models: answers that are cut off, and articles that are too long for the model."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.article import Article
from extractor.grounding import Span
from extractor.models.chat.parts import halves
from extractor.results import Extraction
from tests.articles import fund, policy
from tests.chat import article_in, failed, numbered, one, run
from tests.fake_llm.api import (
    answer,
    answer_by_rules,
    context_length_exceeded,
    error,
    in_order,
    records,
    status,
    truncated,
    when,
)

FOUND = records(funds=[fund()], policies=[policy()])


# Truncation


def cut_after(lists: dict[str, list[dict[str, Any]]], words: str) -> Any:
    text = json.dumps(lists, ensure_ascii=False)
    return truncated(text, text.index(words) + len(words))


def test_cut_answer_keeps_its_leading_records_and_is_continued() -> None:
    whole = records(policies=[policy()], funds=[fund(), fund(amount="20.5 million yuan")])
    rest = answer(records(funds=[fund(amount="20.5 million yuan")]))
    outcome, server = one(in_order(cut_after(whole, '"20.5 mil'), rest))
    messages = server.requests[1].json["messages"]

    assert (len(outcome.records.policies), len(outcome.records.funds), server.count) == (1, 2, 2)
    assert json.loads(messages[-2]["content"])["funds"] == [fund()]
    assert [m["role"] for m in messages[-3:]] == ["user", "assistant", "user"]
    assert outcome.usage.steps["continuation"].requests == 1


def test_continuation_that_repeats_records_adds_them_once() -> None:
    whole = records(policies=[policy()], funds=[fund()])
    outcome, _ = one(in_order(cut_after(whole, '"64.5 mil'), answer(whole)))

    assert (len(outcome.records.policies), len(outcome.records.funds)) == (1, 1)
    assert outcome.rejected == []


def test_answer_that_never_ends_fails() -> None:
    (short,) = numbered(1)
    same, server = failed(cut_after(FOUND, '"64.5 mil'), short)
    assert server.count == 2
    assert "--max-output-tokens" in same.error.message

    growing = [records(policies=[policy(name=f"n{n}")], funds=[fund()]) for n in range(20)]
    _, always = failed(in_order(*(cut_after(lists, '"64.5 mil') for lists in growing)), short)
    assert always.count == 9


def test_long_article_whose_answer_is_cut_before_its_first_record_is_asked_about_in_parts() -> None:
    sentences = [
        f"In year {n}, Wucheng named {100 + n} enterprises little giants." for n in range(30)
    ]
    article = Article(text=" ".join(sentences))

    def is_long(request: Any) -> bool:
        return len(article_in(request.user_texts[-1])["text"]) > 700

    (outcome,), _ = run(when(is_long, truncated("{", 1), answer_by_rules()), article)
    lost, _ = failed(truncated('{"policies": [', 12))

    assert isinstance(outcome, Extraction)
    assert len(outcome.records) == 30
    assert lost.error.type == "ModelError"


# Too long for the model


@pytest.mark.parametrize("flavour", ["openai", "gpt-5", "vllm", "vllm-old", "llamacpp", "ollama"])
def test_article_that_is_too_long_is_asked_about_in_parts(flavour: Any) -> None:
    sentences = [
        f"In year {n}, Wucheng named {100 + n} enterprises little giants." for n in range(30)
    ]
    article = Article(text=" ".join(sentences))

    def is_long(request: Any) -> bool:
        return len(article_in(request.user_texts[-1])["text"]) > 700

    script = when(is_long, context_length_exceeded(flavour), answer_by_rules())
    (outcome,), server = run(script, article)
    (whole,), _ = run(answer_by_rules(), article)

    assert isinstance(outcome, Extraction)
    assert isinstance(whole, Extraction)
    assert outcome.records == whole.records
    assert len(outcome.records) == 30
    assert outcome.rejected == []
    assert server.count > 3


def test_article_that_no_part_of_fits_fails() -> None:
    outcome, server = failed(context_length_exceeded())

    assert "context" in outcome.error.message
    assert server.count == 2


@pytest.mark.parametrize(
    "reply",
    [
        status(413, "<html>"),
        status(429, error("Request too large for fake-model on tokens per min (TPM)"), "300"),
    ],
)
def test_request_that_is_too_large_for_the_endpoint_is_no_reason_to_wait(reply: Any) -> None:
    outcome, server = failed(reply)

    assert "context" in outcome.error.message
    assert server.count == 2


def parts_of(text: str) -> list[str]:
    spans = halves(text, Span(0, len(text)))
    assert spans is not None
    return [text[span.start : span.end] for span in spans]


def test_parts_overlap_and_lose_nothing() -> None:
    text = "".join(f"Sentence {n} of the text stands here. " for n in range(60))
    first, second = parts_of(text)

    assert text.startswith(first)
    assert text.endswith(second)
    assert len(text) < len(first) + len(second) <= len(text) + 300
    assert second.startswith("Sentence")


def test_parts_of_a_text_with_short_sentences_shrink() -> None:
    text = "One two. " * 50
    first, second = parts_of(text)

    assert max(len(first), len(second)) < len(text) * 0.8
