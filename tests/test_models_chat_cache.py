"""The response cache, through real HTTP: what is replayed, what is not, who waits for whom."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.errors import ModelError, RunStoppedError, UsageError
from extractor.models.address import Address
from extractor.models.chat.cache import AnswerCache, answer_key
from extractor.models.chat.endpoint import Reply
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.records import Fund
from extractor.results import NO_USAGE, Extraction, Failure
from tests.articles import ARTICLE, fund
from tests.chat import KEY, NAME, numbered
from tests.fake_llm.api import (
    NOTHING,
    FakeLLM,
    Gate,
    answer,
    answer_by_rules,
    empty,
    invalid_json,
    invalid_schema,
    only_modes,
    records,
    refusal,
    status,
    truncated,
    with_headers,
)
from tests.fake_llm.api import Reply as FakeReply
from tests.fake_llm.received import Mode

PROMPTS = Path(__file__).parents[1] / "prompts"
REPLY = Reply({"choices": []}, "req-1")
ELSEWHERE = Address("http://user:password@localhost:1/v1?secret=1", "key", "KEY", "max_tokens")


def run(
    server: FakeLLM,
    cache: Path,
    *articles: Article,
    model: str = NAME,
    settings: dict[str, Any] | None = None,
    **options: Any,
) -> list[Extraction | Failure]:
    """The outcomes of one run with a cache."""
    chosen = ModelOptions(
        **{"base_url": server.base_url, "wait": 0.0, "tries": 1, "cache": cache, **options}
    )

    async def extracted() -> list[Extraction | Failure]:
        async with AsyncExtractor(model, options=chosen, **(settings or {})) as extractor:
            return [o async for o in extractor.extract_many(articles or (ARTICLE,))]

    return asyncio.run(extracted())


def claim(folder: Path, key: str, expiry: float) -> sqlite3.Connection:
    """A claim that another process has put there; closing its connection is the caller's."""
    other = sqlite3.connect(folder / "answers.sqlite", isolation_level=None)
    other.execute("INSERT INTO claims VALUES (?, 'another', ?)", (key, expiry))
    return other


# Replay


def test_replay_of_a_batch_makes_no_request_and_gives_equal_records(tmp_path: Path) -> None:
    articles = [ARTICLE, *numbered(12)]
    with FakeLLM(answer_by_rules()) as server:
        first = run(server, tmp_path, *articles)
        asked = server.count
        second = run(server, tmp_path, *articles)
        assert server.count == asked >= 13
    assert all(isinstance(o, Extraction) for o in first)
    assert [o.records for o in first if isinstance(o, Extraction)] == [
        o.records for o in second if isinstance(o, Extraction)
    ]


def test_replayed_answer_costs_nothing_and_says_who_gave_it(tmp_path: Path) -> None:
    script = with_headers(answer(records(), model="gpt-5-mini-2025"), x_request_id="req-7")
    with FakeLLM(script) as server:
        (first,), (second,) = run(server, tmp_path), run(server, tmp_path)
    assert isinstance(first, Extraction)
    assert isinstance(second, Extraction)
    assert first.usage.requests == 1
    assert first.usage.input_tokens > 0
    assert second.usage == NO_USAGE
    assert second.provenance.request_ids == first.provenance.request_ids
    assert second.provenance.served_model == first.provenance.served_model == "gpt-5-mini-2025"


def test_mode_that_was_found_is_not_looked_for_again(tmp_path: Path) -> None:
    with FakeLLM(only_modes(["tools"], answer_by_rules())) as server:
        (first,) = run(server, tmp_path)
        asked = server.count
        (second,) = run(server, tmp_path)
        assert server.count == asked
    assert first.provenance.mode == second.provenance.mode == "tools"


def test_cached_mode_that_the_endpoint_has_given_up_is_found_anew(tmp_path: Path) -> None:
    modes: list[Mode] = ["tools"]
    with FakeLLM(lambda request: only_modes(modes, NOTHING)(request)) as server:
        run(server, tmp_path)
        modes[:] = ["json_schema"]
        outcomes = run(server, tmp_path, ARTICLE, *numbered(2))
    assert all(isinstance(o, Extraction) for o in outcomes)


def test_repairs_are_replayed_too(tmp_path: Path) -> None:
    wrong = fund(kind="no such kind")
    with FakeLLM([answer(records(funds=[wrong])), answer(records(funds=[fund()]))]) as server:
        (first,) = run(server, tmp_path, mode="json_schema")
        (second,) = run(server, tmp_path, mode="json_schema")
        assert server.count == 2
    assert isinstance(first, Extraction)
    assert isinstance(second, Extraction)
    assert len(second.records.funds) == 1
    assert first.records == second.records


# Misses


@pytest.mark.parametrize(
    "other",
    [
        {"temperature": 0.5},
        {"seed": 7},
        {"max_output_tokens": 500},
        {"reasoning_effort": "low"},
        {"extra": {"top_p": 0.5}},
        {"model": "openai/gpt-5-nano"},
        {"mode": "tools"},
        {"settings": {"types": (Fund,)}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_shapes_an_answer_misses_when_it_differs(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    with FakeLLM(NOTHING) as server:
        run(server, tmp_path, mode="json_schema")
        run(server, tmp_path, **{"mode": "json_schema", **other})
        assert server.count == 2


def test_another_address_misses(tmp_path: Path) -> None:
    with FakeLLM(NOTHING) as one, FakeLLM(NOTHING) as other:
        run(one, tmp_path)
        run(other, tmp_path)
        assert (one.count, other.count) == (1, 1)


def test_another_prompt_misses(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    shipped = (PROMPTS / "extract@1.toml").read_text(encoding="utf-8")
    with FakeLLM(NOTHING) as server:
        for opening in ("", "Write nothing twice.\n"):
            changed = shipped.replace("system = '''", f"system = '''{opening}")
            own.write_text(changed, encoding="utf-8")
            run(server, tmp_path / "cache", mode="json_schema", prompt=str(own))
        assert server.count == 2


def test_another_article_or_date_misses(tmp_path: Path) -> None:
    text = "Wucheng named 12 pioneers."
    dated = Article.from_mapping({"id": "a", "text": text, "date": "2023-01-02"})
    with FakeLLM(NOTHING) as server:
        run(server, tmp_path, Article(id="a", text=text), dated, Article(id="b", text=text))
        assert server.count == 2


def test_key_holds_neither_user_nor_password_nor_query() -> None:
    plain = Address("http://localhost:1/v1", "another key", "KEY", "max_tokens")
    assert answer_key(ELSEWHERE, b"{}") == answer_key(plain, b"{}")


def test_engine_of_this_run_is_known_by_its_file_and_not_by_its_port() -> None:
    def local(port: int, file: str) -> str:
        return answer_key(Address(f"http://127.0.0.1:{port}", "k", "K", "max_tokens", file), b"{}")

    assert local(1, "one") == local(2, "one")
    assert local(1, "one") != local(1, "other")


# What is not stored


@pytest.mark.parametrize(
    ("bad", "calls"),
    [
        (status(500), 1),
        (status(400), 1),
        (invalid_json(), 3),
        (invalid_schema(), 3),
        (empty(), 3),
        (refusal(), 1),
    ],
    ids=["500", "400", "no JSON", "wrong shape", "empty", "refused"],
)
def test_failures_are_never_stored(tmp_path: Path, bad: FakeReply, calls: int) -> None:
    with FakeLLM([*[bad] * calls, NOTHING]) as server:
        (first,) = run(server, tmp_path, mode="json_schema")
        (second,) = run(server, tmp_path, mode="json_schema")
    assert isinstance(first, Failure)
    assert isinstance(second, Extraction)
    assert second.usage.requests == 1


def test_cut_answer_is_asked_for_again_and_its_continuation_is_not(tmp_path: Path) -> None:
    whole = records(funds=[fund(), fund(name="industry fund")])
    cut = truncated(whole, json.dumps(whole).index("industry fund"))
    with FakeLLM([cut, answer(whole), cut]) as server:
        (first,) = run(server, tmp_path, mode="json_schema", settings={"repairs": 0})
        (second,) = run(server, tmp_path, mode="json_schema", settings={"repairs": 0})
        assert server.count == 3
    assert isinstance(first, Extraction)
    assert isinstance(second, Extraction)
    assert second.records == first.records
    assert second.usage.requests == 1


# Sharing


def test_equal_requests_of_one_run_are_sent_once(tmp_path: Path) -> None:
    gate = Gate()

    async def extracted(server: FakeLLM) -> list[Extraction]:
        options = ModelOptions(base_url=server.base_url, mode="json_schema", cache=tmp_path)
        async with AsyncExtractor(NAME, options=options) as extractor:
            tasks = [asyncio.create_task(extractor.extract(ARTICLE)) for _ in range(8)]
            await gate.until(1)
            gate.open()
            return await asyncio.gather(*tasks)

    with FakeLLM(NOTHING, gate=gate) as server:
        outcomes = asyncio.run(extracted(server))
        assert server.count == 1
    assert sum(o.usage.requests for o in outcomes) == 1


def test_two_models_in_one_process_share_a_request_in_flight(tmp_path: Path) -> None:
    gate = Gate()

    async def extracted(server: FakeLLM) -> None:
        options = ModelOptions(base_url=server.base_url, mode="json_schema", cache=tmp_path)
        async with (
            AsyncExtractor(NAME, options=options) as one,
            AsyncExtractor(NAME, options=options) as other,
        ):
            tasks = [asyncio.create_task(x.extract(ARTICLE)) for x in (one, other)]
            await gate.until(1)
            gate.open()
            await asyncio.gather(*tasks)

    with FakeLLM(NOTHING, gate=gate) as server:
        asyncio.run(extracted(server))
        assert server.count == 1


def test_two_processes_at_once_share_every_request(tmp_path: Path) -> None:
    lines = [json.dumps({"id": a.id, "text": a.text}) for a in numbered(10)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with FakeLLM(answer_by_rules()) as server:
        command = [sys.executable, "-m", "extractor", "batch", str(tmp_path / "in.jsonl")]
        command += ["--model", NAME, "--base-url", server.base_url, "--mode", "json_schema"]
        command += ["--cache", str(tmp_path / "cache")]
        both = [
            subprocess.Popen(
                [*command, "-o", str(tmp_path / name)],
                env=os.environ | {"OPENAI_API_KEY": KEY},
                stdout=subprocess.DEVNULL,
            )
            for name in ("one.jsonl", "other.jsonl")
        ]
        assert [process.wait() for process in both] == [0, 0]
        assert server.count == 10
    one, other = (
        [json.loads(line)["records"] for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (tmp_path / "one.jsonl", tmp_path / "other.jsonl")
    )
    assert one == other


def test_claim_of_another_process_is_waited_for(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)

    async def ask() -> Reply:
        raise AssertionError("asked although another process does")

    async def waited() -> Reply:
        waiting = asyncio.create_task(cache.answer("key", ask, lambda reply: True))
        await asyncio.sleep(0)
        assert not waiting.done()
        stored = json.dumps([REPLY.body, REPLY.request_id])
        other.execute("INSERT INTO answers VALUES ('key', ?)", (stored,))
        return await waiting

    with (
        contextlib.closing(cache),
        contextlib.closing(claim(tmp_path, "key", time.time() + 1e6)) as other,
    ):
        assert asyncio.run(waited()) == REPLY


def test_expired_claim_is_taken_over(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)

    async def ask() -> Reply:
        return REPLY

    with contextlib.closing(cache), contextlib.closing(claim(tmp_path, "key", time.time() - 1)):
        assert asyncio.run(cache.answer("key", ask, lambda reply: True)) == REPLY
        assert cache.holds("key")


@pytest.mark.parametrize("ending", ["failed", "incomplete", "cancelled"])
def test_next_one_asks_when_the_first_gets_no_complete_answer(tmp_path: Path, ending: str) -> None:
    cache = AnswerCache(tmp_path)

    async def taken_over() -> Reply:
        asking, go_on = asyncio.Event(), asyncio.Event()

        async def ask_first() -> Reply:
            asking.set()
            await go_on.wait()
            if ending == "failed":
                raise ModelError("no answer")
            return REPLY

        async def ask_next() -> Reply:
            assert first.done()
            return Reply({}, "next")

        first = asyncio.create_task(cache.answer("key", ask_first, lambda reply: False))
        await asking.wait()
        following = asyncio.create_task(cache.answer("key", ask_next, lambda reply: True))
        await asyncio.sleep(0)
        if ending == "cancelled":
            first.cancel()
        go_on.set()
        await asyncio.gather(first, return_exceptions=True)
        return await following

    with contextlib.closing(cache):
        assert asyncio.run(taken_over()).request_id == "next"


def test_claim_of_a_long_request_is_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.models.chat.cache._CLAIMED", 0.03)
    cache = AnswerCache(tmp_path)

    async def asked() -> None:
        async def ask() -> Reply:
            expiries = {expiry()}
            while len(expiries) < 3:
                await asyncio.sleep(0)
                expiries.add(expiry())
            return REPLY

        await cache.answer("key", ask, lambda reply: True)

    def expiry() -> float:
        (found,) = other.execute("SELECT expiry FROM claims WHERE key = 'key'").fetchone()
        return float(found)

    with contextlib.closing(cache), contextlib.closing(claim(tmp_path, "b", 0)) as other:
        asyncio.run(asked())
        assert other.execute("SELECT key FROM claims").fetchall() == [("b",)]


# The file


def test_folder_and_file_are_for_this_user_only(tmp_path: Path) -> None:
    AnswerCache(tmp_path / "deep" / "cache")
    assert stat.S_IMODE((tmp_path / "deep" / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "deep" / "cache" / "answers.sqlite").stat().st_mode) == 0o600


def test_neither_key_nor_prompt_is_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with FakeLLM(NOTHING) as server:
        (outcome,) = run(server, tmp_path)
        assert KEY in server.requests[0].headers["authorization"]
    assert isinstance(outcome, Extraction)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"choices" in kept
    assert KEY.encode() not in kept
    assert b"lighting industry" not in kept


@pytest.mark.parametrize("entry", ["{", "[]", "[1, 2]", "[[], null]", "null", b"\xff", 7])
def test_entry_that_cannot_be_read_is_a_miss_and_written_anew(tmp_path: Path, entry: Any) -> None:
    with FakeLLM(NOTHING) as server:
        run(server, tmp_path, mode="json_schema")
        with contextlib.closing(sqlite3.connect(tmp_path / "answers.sqlite")) as file, file:
            file.execute("UPDATE answers SET reply = ?", (entry,))
        for _ in range(2):
            (outcome,) = run(server, tmp_path, mode="json_schema")
            assert isinstance(outcome, Extraction)
        assert server.count == 2


def test_reply_with_a_lone_surrogate_is_stored(tmp_path: Path) -> None:
    reply = Reply({"id": "\ud800 武城"}, None)

    async def ask() -> Reply:
        return reply

    with contextlib.closing(AnswerCache(tmp_path)) as cache:
        for _ in range(2):
            assert asyncio.run(cache.answer("key", ask, lambda reply: True)) == reply


def test_file_in_the_place_of_the_folder_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(UsageError, match=r"cache.* cannot be used: File exists"):
        AnswerCache(tmp_path / "cache")


def test_file_that_is_no_database_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_text("notes of mine\n" * 100, encoding="utf-8")
    with pytest.raises(UsageError, match=r"answers\.sqlite is no cache of answers: file is not a"):
        AnswerCache(tmp_path)
    assert (tmp_path / "answers.sqlite").read_text(encoding="utf-8").startswith("notes of mine")


def test_database_of_something_else_is_a_usage_error(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "answers.sqlite")) as other, other:
        other.execute("CREATE TABLE answers (question, number)")
    with pytest.raises(UsageError, match="is no cache of answers: no such column: reply"):
        AnswerCache(tmp_path)


def test_full_disk_stops_the_run_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def full(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    big = answer({**records(), "note": "x" * 100_000})
    with FakeLLM(big) as server:
        AnswerCache(tmp_path)
        monkeypatch.setattr(sqlite3, "connect", full)
        with pytest.raises(RunStoppedError, match=r"answers\.sqlite failed: database or disk is"):
            run(server, tmp_path, mode="json_schema")
        assert server.count == 1
