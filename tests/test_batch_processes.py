from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from extractor.batch import FailureLimit, Monitor, Reader, Settings, Summary, expand, run
from extractor.batch.budget import CostLimit
from extractor.batch.processes import Processes
from extractor.batch.sharing import shares
from extractor.errors import RunStoppedError
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from tests.batch_runs import batch, ids, lines, numbered, revisions, write_articles
from tests.chat import KEY, NAME
from tests.fake_llm.api import FakeLLM, answer_by_rules, invalid_api_key
from tests.test_cli import extractor
from tests.worker_models import Dying, Making, Nothing, Obedient, Pausing

ROOT = Path(__file__).parent.parent
Make = Callable[..., AsyncExtractor]
RULES = partial(AsyncExtractor, "rules")


def spread(
    source: Path,
    output: Path | str,
    make: Make = RULES,
    *,
    count: int = 2,
    monitor: Monitor | None = None,
    options: ModelOptions | None = None,
    settings: Settings | None = None,
) -> Summary:
    """One run in so many worker processes, or in this one; its summary."""
    monitor = monitor or Monitor()
    options = options or ModelOptions()

    async def running() -> None:
        several = Processes(make, shares("any/model", options, count))
        async with several if count > 1 else make(options=options) as workers:
            await run(
                Reader(expand([str(source)])),
                str(output),
                workers,
                settings=settings,
                monitor=monitor,
            )

    asyncio.run(running())
    return monitor.summary


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_articles(tmp_path / "in.jsonl", numbered(30), "broken\n")
    return tmp_path / "in.jsonl"


def asked_of(tmp_path: Path, *named: str) -> tuple[Path, Make]:
    """An input of articles with these ids, and a model that does what they say."""
    write_articles(tmp_path / "in.jsonl", {id_: f"text {id_}" for id_ in named})
    return tmp_path / "in.jsonl", partial(AsyncExtractor, Obedient(folder=tmp_path))


def totals(summary: Summary) -> dict[str, Any]:
    found = summary.as_dict()
    for rate in ("seconds", "articles_per_second"):
        del found[rate]
    return found


def test_the_output_is_that_of_one_process(source: Path, tmp_path: Path) -> None:
    alone = batch(source, tmp_path / "one.jsonl")
    together = spread(source, tmp_path / "two.jsonl")
    assert lines(tmp_path / "two.jsonl") == lines(tmp_path / "one.jsonl")
    assert totals(together) == totals(alone)


def test_a_run_of_one_process_goes_on_in_several(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    batch(source, output)
    write_articles(source, numbered(40) | {"a0": "It was reworded: 12 firms."})
    summary = spread(source, output)
    assert (summary.done_before, summary.articles) == (29, 11)
    assert revisions(output) == {f"a{n}": 2 if n == 0 else 1 for n in range(40)}


def test_a_stream_has_its_lines_in_input_order(source: Path, tmp_path: Path) -> None:
    read, write = os.pipe()
    summary = spread(source, f"/dev/fd/{write}")
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        assert [json.loads(row)["id"] for row in stream] == [f"a{n}" for n in range(30)]
    assert summary.invalid == 1


def test_a_chat_model_gives_the_same_lines_and_equal_requests_are_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    write_articles(tmp_path / "in.jsonl", dict.fromkeys("abcdef", "11 firms were named."))
    make = partial(AsyncExtractor, NAME)
    found = []
    for count in (1, 2):
        output = tmp_path / f"{count}.jsonl"
        with FakeLLM(answer_by_rules()) as server:
            options = ModelOptions(base_url=server.base_url, cache=tmp_path / f"cache{count}")
            spread(tmp_path / "in.jsonl", output, make, count=count, options=options)
            assert len(server.requests) == 1
        found.append([row["records"] for row in lines(output)])
    assert found[0] == found[1]
    assert found[0][0]["enterprise_counts"]


@pytest.mark.parametrize("named", [("deadly", "x", "y", "z"), ("beside-1", "deadly", "beside-2")])
def test_an_article_that_kills_its_process_fails_alone(
    named: tuple[str, ...], tmp_path: Path
) -> None:
    source, make = asked_of(tmp_path, *named)
    summary = spread(source, tmp_path / "out.jsonl", make)
    found = {row["id"]: row for row in lines(tmp_path / "out.jsonl")}
    assert list(found) == list(named)
    assert {id_ for id_, row in found.items() if row["status"] == "failed"} == {"deadly"}
    error = found["deadly"]["error"]
    assert (error["type"], error["retryable"]) == ("WorkerDied", True)
    assert "3 times of 3 (killed by SIGKILL)" in error["message"]
    assert summary.failures == {"WorkerDied": 1}


def test_an_article_whose_process_died_is_done_again(tmp_path: Path) -> None:
    source, make = asked_of(tmp_path, "once", "a", "b")
    assert spread(source, tmp_path / "out.jsonl", make).ok
    assert ids(tmp_path / "out.jsonl") == ["once", "a", "b"]


@pytest.mark.parametrize(("first", "spent"), [("once", 1), ("deadly", 3)])
def test_what_a_process_that_died_had_sent_counts_as_spent(
    first: str, spent: int, tmp_path: Path
) -> None:
    source, make = asked_of(tmp_path, first, "next")
    limit = Settings(max_cost=CostLimit(spent + 0.5, lambda article: 1.0))
    options = ModelOptions(connections=1)
    with pytest.raises(RunStoppedError, match=rf"\${spent}\.0000 of \${spent}\.5000 was spent"):
        spread(source, tmp_path / "out.jsonl", make, options=options, settings=limit)
    assert ids(tmp_path / "out.jsonl") == [first]


def test_a_worker_leaves_signals_to_the_run(tmp_path: Path) -> None:
    source, make = asked_of(tmp_path, "interrupted-1", "interrupted-2")
    monitor = Monitor()
    assert spread(source, tmp_path / "out.jsonl", make, monitor=monitor).ok
    assert not monitor.stop.requested


def test_what_stops_one_worker_stops_the_run_and_keeps_what_was_done(tmp_path: Path) -> None:
    source, make = asked_of(tmp_path, "a", *(f"stopping-{n}" for n in range(50)))
    options = ModelOptions(connections=2)
    with pytest.raises(RunStoppedError, match=r"^the quota is used up$"):
        spread(source, tmp_path / "out.jsonl", make, options=options)
    assert ids(tmp_path / "out.jsonl") == ["a"]


def test_a_refused_key_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    write_articles(tmp_path / "in.jsonl", numbered(20))
    with FakeLLM(invalid_api_key()) as server:
        options = ModelOptions(base_url=server.base_url)
        with pytest.raises(RunStoppedError, match=r"refused the key in OPENAI_API_KEY \(401\)"):
            spread(
                tmp_path / "in.jsonl",
                tmp_path / "out.jsonl",
                partial(AsyncExtractor, NAME),
                options=options,
            )
        assert KEY not in (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_the_run_counts_the_failures_of_all_workers(tmp_path: Path) -> None:
    source, make = asked_of(tmp_path, *(f"failing-{n}" for n in range(60)))
    limit = Settings(max_failures=FailureLimit.parse("5"))
    with pytest.raises(RunStoppedError, match="articles failed, more than 5"):
        spread(source, tmp_path / "out.jsonl", make, settings=limit)
    assert 6 <= len(ids(tmp_path / "out.jsonl")) < 60


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Making(), "there is no such model"),
        (Making(ValueError), "ValueError"),
        (Dying(), r"it ended at once \(killed by SIGKILL\)"),
    ],
)
def test_a_worker_that_cannot_start_says_why(
    source: Path, tmp_path: Path, make: Make, reason: str
) -> None:
    with pytest.raises(RunStoppedError, match=f"^a worker process cannot start: {reason}$"):
        spread(source, tmp_path / "out.jsonl", make)
    assert ids(tmp_path / "out.jsonl") == []


def test_a_pause_that_one_is_asked_for_holds_for_all(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", {"asking": "x", "hearing": "y"})
    make = partial(AsyncExtractor, Pausing(folder=tmp_path))
    several = Processes(make, shares("any/model", ModelOptions(connections=2), 2))
    monitor = Monitor()

    async def running() -> None:
        reader = Reader(expand([str(tmp_path / "in.jsonl")]))
        async with several:
            await run(reader, str(tmp_path / "out.jsonl"), several, monitor=monitor)

    asyncio.run(running())
    assert monitor.summary.ok
    assert several.refused > 0


def test_a_run_with_nothing_to_do_starts_no_process(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", {"a": "x"})
    batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Nothing())
    assert spread(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Dying()).done_before == 1


_RUN = """
import sys
from functools import partial
from pathlib import Path
from extractor.pipeline import AsyncExtractor
from tests.test_batch_processes import spread
from tests.worker_models import Obedient

folder = Path(sys.argv[1])
make = partial(AsyncExtractor, Obedient(folder=folder))
spread(folder / "in.jsonl", folder / "out.jsonl", make)
"""


def test_workers_end_with_a_run_that_is_killed_and_the_next_goes_on(tmp_path: Path) -> None:
    source, _ = asked_of(tmp_path, "a", "b", "endless", "c")
    command = [sys.executable, "-c", _RUN, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
        running.kill()
        # The workers have the same standard error: it ends with the last of them.
        _, said = running.communicate(timeout=30)
    assert running.returncode == -signal.SIGKILL
    assert said == b""
    spread(source, tmp_path / "out.jsonl", partial(AsyncExtractor, Nothing()))
    assert ids(tmp_path / "out.jsonl") == ["a", "b", "endless", "c"]


def test_the_command_line_takes_a_number_of_processes(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "one.jsonl")
    done = extractor("batch", source, "-o", tmp_path / "two.jsonl", "--processes", "2")
    assert done.returncode == 1  # a line is broken
    assert lines(tmp_path / "two.jsonl") == lines(tmp_path / "one.jsonl")


def read_until(terminal: int, pattern: bytes) -> bytes:
    """What a terminal shows until it shows something like `pattern`, or closes."""
    shown = b""
    with suppress(OSError):  # the other side closed it
        while not re.search(pattern, shown):
            shown += os.read(terminal, 4096)
    return shown


def test_ctrl_c_of_a_terminal_finishes_what_is_in_flight_in_the_workers(tmp_path: Path) -> None:
    write_articles(tmp_path / "in.jsonl", numbered(5000))
    output = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "extractor", "batch", str(tmp_path / "in.jsonl")]
    command += ["-o", str(output), "--processes", "2"]
    terminal, side = os.openpty()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=side, start_new_session=True
    ) as running:
        os.close(side)
        read_until(terminal, rb"[1-9]\d* of about")
        os.killpg(running.pid, signal.SIGINT)
        said = read_until(terminal, rb"(?!)")
    os.close(terminal)
    assert running.returncode == 130
    assert b"finishing what is in flight" in said
    assert b"Traceback" not in said
    found = lines(output)
    assert 0 < len(found) < 5000
    assert all(row["status"] == "ok" for row in found)
