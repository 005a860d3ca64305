"""Chat models: what becomes of each fault, in how many calls, and what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.article import Article
from extractor.results import Failure
from tests.articles import ARTICLE, fund, policy
from tests.chat import numbered, one, rejected_codes, run
from tests.fake_llm.api import (
    NOTHING,
    Reply,
    answer,
    by_article,
    content_filter,
    context_length_exceeded,
    dropped,
    duplicate_keys,
    empty,
    gzipped,
    hanging_up,
    in_order,
    invalid_json,
    invalid_schema,
    labelled,
    lying_usage,
    markdown_fence,
    no_choices,
    padded,
    prompt_filtered,
    prose_around,
    raw,
    records,
    refusal,
    rules_answer,
    several_tool_calls,
    slow,
    status,
    thinking,
)

FOUND = records(funds=[fund()], policies=[policy()])
GOOD = answer(FOUND)


def fenced(reply: Reply) -> Reply:
    """The reply's answer in a Markdown code block."""
    assert reply.completion is not None
    return answer(f"```json\n{reply.completion.texts[0]}\n```")


BAD = fund(amount="9 yuan")


# Answers that are kept


@pytest.mark.parametrize(
    "reply",
    [
        prose_around(FOUND),
        markdown_fence(FOUND),
        markdown_fence(FOUND, language=""),
        thinking(FOUND),
        duplicate_keys(FOUND),
        fenced(duplicate_keys(FOUND)),
        several_tool_calls(records(policies=[policy()]), records(funds=[fund()])),
        answer(FOUND, finish_reason="length"),
        answer(FOUND, finish_reason="eos"),
        lying_usage(FOUND),
        gzipped(GOOD),
        padded(GOOD),
        labelled(GOOD, "text/html"),
        hanging_up(GOOD),
        slow(GOOD, pieces=7),
        raw({"choices": [{"message": {"content": [{"type": "text", "text": json.dumps(FOUND)}]}}]}),
        raw(
            {"usage": "none", "model": 3, "choices": [{"message": {"content": json.dumps(FOUND)}}]}
        ),
    ],
)
def test_whole_answer_is_read_in_one_call_however_it_comes(reply: Any) -> None:
    outcome, server = one(reply)

    assert server.count == 1
    assert len(outcome.records.policies) == len(outcome.records.funds) == 1
    assert outcome.rejected == []


# Answers that are asked for again


WRONG = [
    empty(),
    empty(" \n"),
    invalid_json(),
    invalid_schema(),
    invalid_schema("[]"),
    invalid_schema('{"policies": {}}'),
    answer("I found two funds.", form="content"),
    several_tool_calls(FOUND, {"items": []}),
    no_choices(),
    raw({"choices": ["none"]}),
    raw({"choices": [{"message": "none"}]}),
    raw({"choices": [{"message": {"tool_calls": ["none", {"function": "none"}]}}]}),
    answer('{"half a character": "\\ud800"}'),
]


@pytest.mark.parametrize("reply", WRONG)
def test_answer_of_a_wrong_shape_is_asked_for_again(reply: Any) -> None:
    outcome, server = one(in_order(reply, reply, GOOD), mode="json_schema")

    assert (server.count, len(outcome.records)) == (3, 2)


@pytest.mark.parametrize("mode", ["json_schema", "tools", "md_json"])
def test_answers_of_a_wrong_shape_cost_at_most_three_calls_in_each_mode(mode: Any) -> None:
    titles = {f"{1000 + n}": reply for n, reply in enumerate(WRONG)}
    outcomes, server = run(by_article(titles, NOTHING), *numbered(len(WRONG)), mode=mode)

    assert server.count == 3 * len(WRONG)
    for outcome in outcomes:
        assert isinstance(outcome, Failure)
        assert (outcome.error.type, outcome.error.retryable) == ("ModelError", True)
        assert outcome.error.message.endswith("3 times")


def test_thirty_articles_with_invalid_answers_cost_ninety_calls() -> None:
    outcomes, server = run(invalid_schema(), *numbered(30))

    assert server.count == 90
    assert {outcome.status for outcome in outcomes} == {"failed"}


# Answers that are none


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (refusal(), "refused"),
        (content_filter(), "content filter"),
        (content_filter('{"policies": ['), "content filter"),
        (prompt_filtered(), "content filter"),
    ],
)
def test_refused_article_fails_alone_in_one_call(mode: Any, reply: Any, words: str) -> None:
    script = by_article({"1001": reply}, NOTHING)
    outcomes, server = run(script, *numbered(3), mode=mode)

    assert [outcome.status for outcome in outcomes] == ["ok", "failed", "ok"]
    lost = outcomes[1]
    assert isinstance(lost, Failure)
    assert words in lost.error.message
    assert not lost.error.retryable
    assert server.count == 3


def test_answer_for_another_article_becomes_no_record() -> None:
    other = Article(
        text="Luhe District arranged a fund of 3.2 million yuan and has 71 science enterprises. "
        "Its exports grew by 8.1% year-on-year."
    )
    outcome, _ = one(rules_answer(other), settings={"repairs": 0})

    assert list(outcome.records.all()) == []
    assert len(outcome.rejected) >= 3
    assert set(rejected_codes(outcome)) == {"evidence_not_found"}


def test_record_that_quotes_an_example_is_rejected_as_leaked() -> None:
    quote = "discount loans of 260 million yuan to 47 foundries"
    leaked = fund(name="discount loans", amount="260 million yuan", evidence=quote)
    outcome, server = one(answer(records(funds=[fund(), leaked])))

    assert len(outcome.records) == 1
    assert rejected_codes(outcome) == ["leaked"]
    assert server.count == 1


# Repair


def test_failed_repair_keeps_the_good_records() -> None:
    for reply in (status(500), refusal(), invalid_schema(), context_length_exceeded(), dropped()):
        outcome, _ = one(in_order(answer(records(funds=[fund(), BAD])), then=reply))

        assert len(outcome.records.funds) == 1
        assert len(outcome.rejected) == 1


def test_repair_mends_the_record_in_one_more_call() -> None:
    script = in_order(
        answer(records(funds=[fund(), fund(amount="20.5 million yuans")])),
        answer(records(funds=[fund(amount="20.5 million yuan", part_of="64.5 million yuan")])),
    )
    outcome, server = one(script)

    assert (len(outcome.records.funds), len(outcome.rejected), server.count) == (2, 0, 2)


def test_repair_that_is_asked_for_again_rejects_nothing_that_it_mended() -> None:
    script = in_order(
        answer(records(funds=[fund(), BAD])),
        invalid_schema(),
        answer(records(funds=[fund(amount="20.5 million yuan")])),
    )
    outcome, server = one(script)

    assert (len(outcome.records.funds), outcome.rejected, server.count) == (2, [], 3)


def test_repair_sends_neither_the_article_nor_the_history() -> None:
    head = "The mayor visited a lamp factory on Monday. It was built in 1987. "
    article = Article(title=ARTICLE.title, text=head + ARTICLE.text)
    _, server = run(in_order(answer(records(funds=[BAD])), then=NOTHING), article)
    system, user = server.requests[1].json["messages"]
    (asked,) = json.loads(user["content"])

    assert system["role"] == "system"
    assert asked["list"] == "funds"
    assert asked["record"] == BAD
    assert asked["errors"].keys() == {"amount"}
    assert BAD["evidence"] in asked["sentences"]
    assert "lamp factory" not in user["content"]
    assert str(ARTICLE.title) not in user["content"]


def test_half_a_character_costs_no_other_record() -> None:
    broken = json.dumps(records(funds=[fund(), fund(name="HALF")])).replace("HALF", "\\ud800")
    outcome, server = one(in_order(answer(broken), then=NOTHING))

    assert (len(outcome.records.funds), len(outcome.rejected), server.count) == (1, 1, 2)


def test_items_that_are_no_objects_are_rejected_one_by_one() -> None:
    lists: dict[str, list[Any]] = {**records(), "funds": [fund(), "fund", None, 3, [fund()], {}]}
    outcome, _ = one(answer(lists), settings={"repairs": 0})

    assert (len(outcome.records.funds), len(outcome.rejected)) == (1, 5)


def test_an_empty_first_answer_is_asked_for_again_in_the_same_mode() -> None:
    outcome, server = one(in_order(empty(), then=GOOD))
    assert outcome.provenance.mode == "json_schema"
    assert server.count == 2
