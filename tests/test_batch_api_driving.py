"""The loop of a run by batches, turn by turn, against an endpoint in memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.batch import Monitor
from extractor.batch.batch_api import Pace, State, service_of
from extractor.batch.batch_api.driving import Driver
from extractor.batch.batch_api.taking import Taker
from extractor.batch.batch_api.waiting import Answer, Waiting
from extractor.models.chat.batch_replies import Batch
from extractor.models.chat.batches import QueueFullError
from extractor.models.chat.faults import TransientError
from extractor.models.options import ModelOptions

_, ADDRESS, MODEL = service_of("openai/m", ModelOptions(base_url="http://localhost/v1"))
ROW = {"response": {"status_code": 200, "body": {"choices": []}}}


@dataclass
class Service:
    """What `BatchService` does, without a transport.

    Attributes:
        on_create: what happens after a batch was begun, and before that is said.
        on_upload: what happens when a file comes.
        behind: how often the list of batches does not have the newest yet.
    """

    on_create: Callable[[], None] = lambda: None
    on_upload: Callable[[], None] = lambda: None
    behind: int = 0
    path: str = "/v1/chat/completions"
    files: list[bytes] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    async def upload(self, content: bytes) -> str:
        self.on_upload()
        self.files.append(content)
        return str(len(self.files) - 1)

    async def create(self, file_id: str, chunk: str) -> Batch:
        id_ = f"batch_{len(self.batches) + 1}"
        batch = Batch(id_, "validating", chunk, (file_id,), 0, 0, 0, ())
        self.batches[id_] = batch
        self.sizes.append(self.files[int(file_id)].count(b"\n"))
        self.on_create()
        return batch

    async def find(self, chunk: str) -> Batch | None:
        self.behind -= 1
        if self.behind >= 0:
            return None
        return next((b for b in self.batches.values() if b.chunk == chunk), None)

    async def retrieve(self, batch_id: str) -> Batch:
        return self.batches[batch_id]

    async def download(self, file_id: str) -> bytes:
        ids = [json.loads(line)["custom_id"] for line in self.files[int(file_id)].splitlines()]
        return b"".join(json.dumps({"custom_id": id_, **ROW}).encode() + b"\n" for id_ in ids)

    def turn(self, batch_id: str, status: str) -> None:
        self.batches[batch_id] = replace(self.batches[batch_id], status=status)


class Run:
    """A run whose every turn does one thing."""

    def __init__(self, path: Path, service: Any) -> None:
        self.service = service
        self.state = State(path / "out.jsonl.batches")
        self.monitor = Monitor()
        self.waiting = Waiting()
        self.answers: list[asyncio.Task[Answer]] = []

    def ask(self, *ids: str) -> None:
        self.answers += [
            asyncio.ensure_future(self.waiting.answer(id_, b"{}", is_fresh=True)) for id_ in ids
        ]

    def drive(self, turns: Sequence[Callable[[], None]], most: int = 100) -> list[str]:
        """The ids that were answered when all turns are done, and the run was stopped."""
        left: Iterator[Callable[[], None]] = iter(turns)

        async def sleep(seconds: float) -> None:
            next(left, self.monitor.stop.request)()
            await asyncio.sleep(0)

        async def driven() -> list[str]:
            taker = Taker(self.service, self.state, self.waiting, ADDRESS, MODEL, 5)
            pace = Pace(first=0.0, longest=0.0, sleep=sleep)
            await Driver(taker, self.monitor, pace, most).drive()
            found = await asyncio.gather(*self.answers, return_exceptions=True)
            return [answer.row for answer in found if isinstance(answer, Answer)]

        with self.state:
            return asyncio.run(driven())


def nothing() -> None:
    """A turn in which nothing happens."""


def test_requests_that_come_one_after_another_share_a_batch(tmp_path: Path) -> None:
    run = Run(tmp_path, Service())
    run.drive([lambda: run.ask("a"), lambda: run.ask("b"), nothing, nothing])
    assert run.service.sizes == [2]


@pytest.mark.parametrize(("most", "most_bytes"), [(2, 1000), (100, 4)])
def test_enough_requests_do_not_wait_for_more(
    most: int, most_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.batch.batch_api.driving.MOST_BYTES", most_bytes)
    run = Run(tmp_path, Service())
    run.drive([lambda: run.ask("a", "b")], most)
    assert run.service.sizes == [2]


def test_one_batch_at_a_time_is_validated(tmp_path: Path) -> None:
    service = Service()
    run = Run(tmp_path, service)
    seen = []
    run.drive(
        [
            lambda: run.ask("a"),
            *[nothing] * 2,
            lambda: run.ask("b"),
            *[nothing] * 3,
            lambda: seen.append(list(service.sizes)),
            lambda: service.turn("batch_1", "in_progress"),
            nothing,
        ]
    )
    assert (seen, service.sizes) == ([[1]], [1, 1])


def test_nothing_begins_once_the_run_is_stopped(tmp_path: Path) -> None:
    service = Service()
    run = Run(tmp_path, service)
    service.on_upload = run.monitor.stop.request
    run.drive([lambda: run.ask("a"), nothing, nothing])
    assert (len(service.files), service.batches) == (1, {})
    with State(run.state.path) as state:
        assert state.chunks() == []


@pytest.mark.parametrize("status", ["validating", "completed"])
def test_batch_that_was_begun_unheard_is_found_in_a_list_that_is_behind(
    status: str, tmp_path: Path
) -> None:
    def lost() -> None:
        service.turn("batch_1", status)
        raise TransientError("the endpoint dropped the connection")

    service = Service(on_create=lost, behind=2)
    run = Run(tmp_path, service)
    ended = partial(service.turn, "batch_1", "completed")
    answered = run.drive([lambda: run.ask("a"), *[nothing] * 6, ended, nothing])
    assert (service.sizes, len(answered)) == ([1], 1)


def test_batches_become_smaller_while_the_queue_is_full_and_larger_again(tmp_path: Path) -> None:
    def full() -> None:
        service.on_create = nothing
        service.sizes.clear()
        service.batches.clear()
        raise QueueFullError

    service = Service(on_create=full)
    run = Run(tmp_path, service)
    run.drive(
        [
            lambda: run.ask(*(f"a{n}" for n in range(16))),
            *[nothing] * 3,
            lambda: service.turn("batch_1", "in_progress"),
            nothing,
        ],
        most=8,
    )
    assert service.sizes == [4, 8]
