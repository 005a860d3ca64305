"""Runs by batches: the same lines as online, whatever becomes of the batches."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.batch import Monitor
from extractor.errors import UsageError
from extractor.models.loading import load
from extractor.models.options import ModelOptions
from extractor.models.prices import ListPrice, batch_price, parse_price
from tests.articles import ARTICLE, fund, policy
from tests.batch_api_runs import Endpoint, comparable, each_row_once, end_batches, write_numbered
from tests.batch_runs import batch, ids, lines, numbered, objects, revisions, write_articles
from tests.fake_llm.api import (
    NOTHING,
    BatchRules,
    Received,
    Tokens,
    answer,
    answer_by_rules,
    by_attempt,
    context_length_exceeded,
    invalid_schema,
    only_modes,
    prompt_filtered,
    records,
    refusal,
    truncated,
    when,
)
from tests.fake_llm.scripts import Scripted

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles.jsonl"
BAD = {**fund(), "amount": "9 yuan"}


def is_repair(request: Received) -> bool:
    return request.article is None


def write_one(endpoint: Endpoint) -> None:
    line = {"id": "a", "title": ARTICLE.title, "date": "2023-07-03", "text": ARTICLE.text}
    endpoint.source.write_text(json.dumps(line) + "\n", encoding="utf-8")


# The same as online


def test_examples_by_batches_are_the_lines_of_the_run_online(tmp_path: Path) -> None:
    with Endpoint(tmp_path, answer_by_rules()) as endpoint:
        endpoint.source.write_bytes(EXAMPLES.read_bytes())
        summary = endpoint.batched(sweep=True, audit=True)
        online = endpoint.online(sweep=True, audit=True)

    assert summary.articles == 6
    assert comparable(endpoint.output) == comparable(online)
    assert {row["provenance"]["service_tier"] for row in lines(endpoint.output)} == {"batch"}
    assert endpoint.server.count == 6  # those of the run online


CUT = json.dumps(records(policies=[policy()], funds=[fund()]))
SCRIPTS: dict[str, Callable[[], Scripted]] = {
    "repaired": lambda: when(
        is_repair, answer(records(funds=[fund()])), answer(records(funds=[BAD]))
    ),
    "asked again": lambda: when(
        lambda r: len(r.user_texts) > 1, answer(records(funds=[fund()])), invalid_schema()
    ),
    "malformed": invalid_schema,
    "continued": lambda: when(
        lambda r: r.json["messages"][-2]["role"] == "assistant",
        answer(records(funds=[fund()])),
        truncated(CUT, CUT.index('"64.5 mil')),
    ),
    "in parts": lambda: when(
        lambda r: r.article is not None and len(r.article.text) > 400,
        context_length_exceeded(),
        answer_by_rules(),
    ),
    "refused": refusal,
    "filtered": prompt_filtered,
    "other mode": lambda: only_modes(["tools"], answer(records(funds=[fund()]))),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_further_requests_go_into_further_batches_and_give_the_same_line(
    name: str, tmp_path: Path
) -> None:
    with Endpoint(tmp_path, SCRIPTS[name]()) as endpoint:
        write_one(endpoint)
        endpoint.batched()
        online = endpoint.online()

    assert comparable(endpoint.output) == comparable(online)
    assert sum(endpoint.rows().values()) == endpoint.server.count
    assert each_row_once(endpoint)


def test_batches_cost_half_of_the_price_online(tmp_path: Path) -> None:
    script = answer(records(), usage=Tokens(1000, 100))
    with Endpoint(tmp_path, script) as endpoint:
        write_one(endpoint)
        endpoint.batched(options={"price": parse_price("10,100")})

    usage = lines(endpoint.output)[0]["usage"]
    assert usage["cost_usd"] == pytest.approx((1000 * 10 + 100 * 100) / 1e6 / 2)
    assert (usage["requests"], usage["input_tokens"]) == (1, 1000)


def test_price_of_a_batch_is_the_lists_own_where_it_has_one() -> None:
    pytest.importorskip("genai_prices")
    half = ListPrice("openai", "gpt-5-mini")
    assert batch_price(half)(1000, 0, 100) == pytest.approx(half(1000, 0, 100) / 2)
    # Tokens that are cached cost the same in a batch as fresh ones.
    own = ListPrice("openai", "gpt-4o-mini")
    assert batch_price(own)(1000, 1000, 0) == batch_price(own)(1000, 0, 0) == own(1000, 0, 0) / 2
    assert batch_price(parse_price("2,4"))(1000, 0, 1000) == pytest.approx(0.003)


# Left, and gone on with


def stopping(words: str) -> Callable[[Monitor, str], None]:
    """Stop a run, as Ctrl-C does, when it says this."""

    def on_note(monitor: Monitor, note: str) -> None:
        if words in note:
            monitor.stop.request()

    return on_note


def test_run_that_is_left_goes_on_with_the_same_batches(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 4)
        left = endpoint.batched(on_note=stopping("submitted"))
        said = endpoint.notes[-1]
        gone_on = endpoint.batched()

    assert (left.articles, gone_on.articles) == (0, 4)
    assert "go on at the endpoint" in said
    assert ids(endpoint.output) == list(numbered(4))
    assert each_row_once(endpoint)


def test_run_that_is_left_between_answer_and_repair_pays_no_answer_twice(tmp_path: Path) -> None:
    script = when(is_repair, answer(records(funds=[fund()])), answer(records(funds=[BAD])))
    with Endpoint(tmp_path, script) as endpoint:
        write_one(endpoint)
        endpoint.batched(on_note=stopping("completed"))
        endpoint.batched()

    (line,) = lines(endpoint.output)
    assert len(line["records"]["funds"]) == 1
    assert {step: s["requests"] for step, s in line["usage"]["steps"].items()} == {
        "answer": 1,
        "repair": 1,
    }
    assert each_row_once(endpoint)


def test_batches_of_articles_that_left_the_input_are_not_forgotten(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(by_polls=False)) as endpoint:
        write_numbered(endpoint, 2)
        endpoint.batched(on_note=stopping("submitted"))
        endpoint.source.write_text("", encoding="utf-8")
        endpoint.batched()
        assert "go on at the endpoint" in endpoint.notes[-1]
        assert Path(f"{endpoint.output}.batches").exists()
        end_batches(endpoint)
        endpoint.batched()
        assert not Path(f"{endpoint.output}.batches").exists()


def test_changed_text_is_asked_about_anew_and_what_was_done_is_not(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 3)
        endpoint.batched()
        write_articles(endpoint.source, numbered(4) | {"a1": "It was reworded."})
        summary = endpoint.batched()

    assert (summary.articles, summary.done_before) == (2, 2)
    assert revisions(endpoint.output) == {"a0": 1, "a1": 2, "a2": 1, "a3": 1}
    assert each_row_once(endpoint)


def test_failure_that_is_tried_once_more_is_asked_about_once_more(tmp_path: Path) -> None:
    with Endpoint(tmp_path, by_attempt(refusal(), NOTHING)) as endpoint:
        write_numbered(endpoint, 2)
        assert endpoint.batched().failed == 2
        assert endpoint.batched(settings={"retry_failed": True}).failed == 0
        assert objects(Path(f"{endpoint.output}.failed.jsonl")) == []


def test_batches_of_another_run_are_refused(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 2)
        endpoint.batched(on_note=stopping("submitted"))
        with pytest.raises(UsageError, match=r"batches of another run \(temperature not given"):
            endpoint.batched(options={"temperature": 0.5})
        with pytest.raises(UsageError, match="go on with --via batch-api"):
            batch(endpoint.source, endpoint.output, endpoint_model(endpoint))


def endpoint_model(endpoint: Endpoint) -> Any:
    """The same model, online."""
    return load("openai/gpt-5-mini", ModelOptions(base_url=endpoint.base_url))


def test_restart_moves_the_batches_aside_with_the_output(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 2)
        endpoint.batched(on_note=stopping("submitted"))
        endpoint.batched(settings={"restart": True})

    assert Path(f"{endpoint.output}.1.batches").exists()
    assert not Path(f"{endpoint.output}.batches").exists()
    assert endpoint.created() == sum("submitted" in note for note in endpoint.notes)


def test_batch_that_the_endpoint_does_not_know_stops_the_run(tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_numbered(endpoint, 2)
        endpoint.batched(on_note=stopping("submitted"))
    with Endpoint(tmp_path, NOTHING) as other:
        state = Path(f"{other.output}.batches")
        with pytest.raises(UsageError, match="there and at http"):
            other.batched()
        state.unlink()
        assert other.batched().articles == 2
