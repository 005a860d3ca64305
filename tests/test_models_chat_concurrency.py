import asyncio
import random
from collections.abc import Callable

import pytest

pytest.importorskip("openai")

from extractor.models.chat.concurrency import Concurrency
from tests.chat import numbered, run
from tests.fake_llm.api import answer_by_rules, at_most_in_flight
from tests.virtual_time import VirtualLoop

Endpoint = Callable[[int], float | None]
"""Seconds that an answer takes with so many requests in flight; None refuses the last of them."""


def requests(endpoint: Endpoint, number: int, most: int = 256) -> tuple[Concurrency, float, int]:
    """So many requests, one after another as there is room: the seconds, the most in flight."""
    concurrency = Concurrency(most)
    in_flight = 0
    seen: list[int] = []

    async def one() -> None:
        nonlocal in_flight
        while True:
            await concurrency.acquire()
            in_flight += 1
            seen.append(in_flight)
            seconds = endpoint(in_flight)
            await asyncio.sleep(0.01 if seconds is None else seconds)
            in_flight -= 1
            if seconds is None:
                concurrency.refused()
                continue
            concurrency.answered(seconds)
            return

    async def every() -> float:
        await asyncio.gather(*(one() for _ in range(number)))
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return concurrency, runner.run(every()), max(seen)


def test_a_quick_endpoint_is_soon_asked_by_as_many_as_are_allowed() -> None:
    concurrency, seconds, most = requests(lambda n: 0.5, 10_000, most=128)
    assert (most, concurrency.limit) == (128, 128)
    assert seconds < 1.1 * 10_000 * 0.5 / 128


def test_few_answers_of_a_tail_do_not_slow_the_rest_down() -> None:
    tail = random.Random(3)
    concurrency, _, _ = requests(lambda n: 10.0 if tail.random() < 0.01 else 0.5, 10_000, most=64)
    assert concurrency.limit > 55


@pytest.mark.parametrize("allowed", [1, 10, 40])
def test_an_endpoint_that_refuses_is_asked_about_as_often_as_it_allows(allowed: int) -> None:
    concurrency, seconds, most = requests(lambda n: 0.5 if n <= allowed else None, 4000)
    assert most <= max(4, 2 * allowed)
    assert concurrency.limit <= allowed + 2
    assert seconds < 1.6 * 4000 * 0.5 / allowed


def test_an_endpoint_that_gets_slower_under_load_is_not_pushed_on() -> None:
    def shared(in_flight: int) -> float:
        return 0.5 * max(1.0, in_flight / 20)  # twenty at a time is all it does

    concurrency, seconds, _ = requests(shared, 6000)
    assert 15 < concurrency.limit < 80
    assert seconds < 1.3 * 6000 * 0.5 / 20


def test_an_endpoint_that_is_slower_for_good_is_asked_by_as_many_as_before() -> None:
    answered = iter(range(100_000))
    concurrency, _, _ = requests(lambda n: 0.5 if next(answered) < 2000 else 2.0, 8000, most=64)
    assert concurrency.limit > 45


def test_requests_that_broke_off_leave_their_places() -> None:
    concurrency = Concurrency(4)

    async def many() -> None:
        for _ in range(100):
            await concurrency.acquire()
            concurrency.broken_off()

    asyncio.run(many())
    assert concurrency.limit == 4


def test_a_run_finds_out_what_an_endpoint_allows() -> None:
    script = at_most_in_flight(6, answer_by_rules())
    outcomes, server = run(script, *numbered(60), connections=64, adaptive=True)
    assert [o.status for o in outcomes] == ["ok"] * 60
    assert server.max_in_flight <= 16
