import asyncio
import json

import pytest

pytest.importorskip("openai")

from extractor.models.chat.pacing import Pacing
from extractor.models.chat.throttle import Throttle
from extractor.models.options import ModelOptions
from tests.chat import numbered, run
from tests.fake_llm.api import answer_by_rules
from tests.virtual_time import VirtualLoop

BODY = json.dumps({"text": "x" * 4000}).encode()  # about 1000 tokens


def admitted(throttle: Throttle, bodies: list[bytes], total: int | None = None) -> list[float]:
    """When each of the requests went out, all of which came at once, in seconds."""
    moments: dict[int, float] = {}

    async def one(number: int, body: bytes) -> None:
        tokens = await throttle.admit(body)
        moments[number] = asyncio.get_running_loop().time()
        throttle.learn(tokens, {} if total is None else {"usage": {"total_tokens": total}})

    async def every() -> None:
        await asyncio.gather(*(one(n, body) for n, body in enumerate(bodies)))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(every())
    return [moments[number] for number in range(len(bodies))]


@pytest.mark.parametrize("rpm", [10, 60, 600, 6000])
def test_requests_go_out_evenly_as_often_as_is_allowed(rpm: float) -> None:
    moments = admitted(Throttle(rpm, None), [b"{}"] * 200)
    assert moments == sorted(moments)
    at_once = max(1, rpm / 60)
    for number, moment in enumerate(moments):
        assert number <= at_once + moment * rpm / 60 + 0.001
    assert moments[-1] == pytest.approx((200 - at_once) * 60 / rpm, rel=0.05, abs=0.1)


def test_tokens_of_requests_and_answers_keep_to_the_limit() -> None:
    moments = admitted(Throttle(None, 60_000), [BODY] * 100, total=1500)
    minute = sum(moment < 60 for moment in moments)
    assert 36 <= minute <= 42  # 40 of 1500 tokens each
    assert moments[-1] == pytest.approx(150, rel=0.05)


def test_without_usage_in_the_replies_the_first_guess_stands() -> None:
    moments = admitted(Throttle(None, 60_000), [BODY] * 50)
    assert moments[-1] == pytest.approx(50 * 1.25, rel=0.05)


def test_a_long_request_is_not_passed_by_short_ones() -> None:
    moments = admitted(Throttle(None, 6000), [BODY * 3, *[b"{}"] * 20])
    assert moments[0] == min(moments)


def test_without_limits_nothing_is_held_back() -> None:
    throttle = Throttle(None, None)
    assert throttle.is_open
    assert admitted(throttle, [BODY] * 50) == [pytest.approx(0, abs=0.001)] * 50


def test_limits_that_are_wide_change_nothing_about_a_run() -> None:
    articles = numbered(5)
    free, _ = run(answer_by_rules(), *articles)
    held, server = run(answer_by_rules(), *articles, rpm=60_000, tpm=1e9)
    assert [o.id for o in held] == [o.id for o in free]
    assert all(o.status == "ok" for o in held)
    assert server.count == 5


def test_a_pause_is_told_to_others_and_theirs_holds_requests_back() -> None:
    told: list[float] = []

    async def held() -> list[float]:
        pacing = Pacing("here", ModelOptions())
        pacing.on_pause = told.append
        moments = []
        for hold in (pacing.pause, pacing.hold):
            hold(30)
            async with asyncio.timeout(1) as timer:  # it stands still
                await pacing.admit(b"{}", timer)
            moments.append(asyncio.get_running_loop().time())
        return moments

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(held()) == [pytest.approx(30), pytest.approx(60)]
    assert told == [30]
