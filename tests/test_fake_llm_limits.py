"""The scripted server: what is in flight, and its limits."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("aiohttp")

from tests.fake_llm.api import (
    NOTHING,
    Cooldowns,
    FakeLLM,
    Gate,
    RateLimit,
    Reply,
    at_most_in_flight,
    each,
    held,
    latencies,
    storm,
)
from tests.fake_llm.probe import Client, body, served, status_of


async def _ask_all(server: FakeLLM, count: int) -> list[int]:
    return await asyncio.gather(
        *(asyncio.to_thread(_ask_once, server, f"Article {n}.") for n in range(count))
    )


def _ask_once(server: FakeLLM, text: str) -> int:
    client = Client(server)
    try:
        return status_of(client, body(text))
    finally:
        client.connection.close()


def test_gate_holds_answers_so_that_those_in_flight_can_be_counted() -> None:
    gate = Gate()

    async def run() -> list[int]:
        asking = asyncio.ensure_future(_ask_all(server, 4))
        await gate.until(4)
        assert server.log.in_flight == 4
        gate.release(3)
        gate.open()
        return await asking

    with FakeLLM(gate=gate) as server:
        assert asyncio.run(run()) == [200] * 4
    assert server.max_in_flight == 4
    assert server.log.in_flight == 0


def test_sequential_requests_are_never_two_in_flight() -> None:
    with served() as (server, client):
        for _ in range(50):
            client.ask()

    assert server.max_in_flight == 1


def test_client_that_leaves_is_counted_and_no_longer_in_flight() -> None:
    gate = Gate()
    with served(held(NOTHING, gate)) as (server, client):
        client.send(body())
        gate.wait_for(1)
        client.connection.close()
        assert server.log.wait_until(lambda log: log.disconnected == 1)

    assert server.log.in_flight == 0
    assert gate.waiting == 0


def test_server_ends_while_answers_are_held() -> None:
    gate = Gate()
    with served(held(NOTHING, gate)) as (server, client):
        client.send(body())
        server.log.wait_for(1)
    assert server.log.disconnected == 1


def test_more_than_the_limit_in_flight_gets_429() -> None:
    gate = Gate()

    async def run() -> list[int]:
        asking = asyncio.ensure_future(_ask_all(server, 5))
        await asyncio.to_thread(server.log.wait_for, 5)
        await gate.until(2)
        gate.open()
        return await asking

    def only_good(reply: Reply) -> Reply:
        return held(reply, gate) if reply.status == 200 else reply

    limit = at_most_in_flight(2, NOTHING)
    with FakeLLM(each(limit, only_good)) as server:
        got = asyncio.run(run())
    assert sorted(got) == [200, 200, 429, 429, 429]


def test_storm_refuses_by_count() -> None:
    with served(storm(NOTHING, after=2, refused=3)) as (_, client):
        assert [status_of(client) for _ in range(7)] == [200, 200, 429, 429, 429, 200, 200]
    with served(storm(NOTHING, after=1, refused=1, every=True)) as (_, client):
        assert [status_of(client) for _ in range(4)] == [200, 429, 200, 429]


def test_rate_limit_refuses_beyond_its_tokens() -> None:
    now = [0.0]
    limit = RateLimit(2, NOTHING, burst=2, clock=lambda: now[0])
    with served(limit) as (_, client):
        assert [status_of(client) for _ in range(3)] == [200, 200, 429]
        assert client.response.headers["retry-after-ms"] == "500"
        now[0] = 0.5
        assert [status_of(client) for _ in range(2)] == [200, 429]
    assert limit.refused == 2


def test_cooldown_refuses_until_its_announced_end() -> None:
    now = [0.0]
    limit = Cooldowns(2, 30.0, NOTHING, clock=lambda: now[0])
    with served(limit) as (_, client):
        assert [status_of(client) for _ in range(4)] == [200, 200, 429, 429]
        assert client.response.headers["retry-after"] == "30"
        now[0] = 30.0
        assert status_of(client) == 200
    assert (limit.announced, limit.refused) == (1, 2)


def test_latencies_have_a_tail_and_a_spread() -> None:
    plain = latencies(0.5, tail=0.01)
    assert [plain(n) for n in (99, 100, 101, 200)] == [0.5, 10.0, 0.5, 10.0]
    spread = [latencies(0.5, spread=0.5)(n) for n in range(1, 1001)]
    assert 0.25 <= min(spread) < 0.26
    assert 0.74 < max(spread) <= 0.75
    assert sum(spread) / 1000 == pytest.approx(0.5, rel=0.01)
