"""`extractor batch --via batch-api`, `batch-status` and `batch-cancel`, as a user types them."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.batch.batch_api import Pace, State
from extractor.batch.batch_api.state import CREATING
from extractor.cli import main
from tests.batch_api_runs import NAME, Endpoint, each_row_once
from tests.batch_runs import ids, lines, numbered, write_articles
from tests.fake_llm.api import NOTHING, BatchRules, Tokens, answer, error, records, status

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process; its exit code and what it wrote."""
    quick = Pace(tick=0.002, first=0.0, longest=0.0)
    monkeypatch.setattr("extractor.batch.batch_api.running.Pace", lambda: quick)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["extractor", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return int(ended.value.code or 0), written.out, written.err

    return run


def command(endpoint: Endpoint, *more: str) -> list[str | Path]:
    url = endpoint.base_url
    own: list[str | Path] = ["batch", endpoint.source, "-o", endpoint.output, "--model", NAME]
    return [*own, "--base-url", url, "--via", "batch-api", *more]


def interrupting(endpoint: Endpoint) -> None:
    """Send Ctrl-C when a batch is looked at for the first time."""

    def on_call(method: str, path: str, count: int) -> None:
        if (method, path, count) == ("GET", "/v1/batches/batch_000001", 1):
            os.kill(os.getpid(), signal.SIGINT)

    endpoint.server.batches.watch(on_call)


def test_batch_by_batches_writes_the_output_at_half_the_price(cli: Run, tmp_path: Path) -> None:
    with Endpoint(tmp_path, answer(records(), usage=Tokens(1000, 100))) as endpoint:
        write_articles(endpoint.source, numbered(3))
        code, out, err = cli(*command(endpoint, "--price", "10,100", "--json"))

    assert code == 0
    assert json.loads(out)["usage"]["cost_usd"] == pytest.approx(3 * 0.01)
    assert "submitted" in err
    assert ids(endpoint.output) == list(numbered(3))
    assert {row["provenance"]["service_tier"] for row in lines(endpoint.output)} == {"batch"}


def test_ctrl_c_leaves_the_batches_and_the_same_command_takes_them(
    cli: Run, tmp_path: Path
) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_articles(endpoint.source, numbered(3))
        interrupting(endpoint)
        code, _, err = cli(*command(endpoint))
        assert code == 130
        assert "the same command takes what they bring" in err
        code, _, _ = cli(*command(endpoint))

    assert code == 0
    assert ids(endpoint.output) == list(numbered(3))
    assert each_row_once(endpoint)


def test_status_and_cancel_show_and_end_what_a_run_left(cli: Run, tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(by_polls=False)) as endpoint:
        write_articles(endpoint.source, numbered(3))
        interrupting(endpoint)
        cli(*command(endpoint))
        code, out, _ = cli("batch-status", endpoint.output)
        assert code == 0
        assert out.startswith("batch_000001")
        assert "validating" in out

        _, out, _ = cli("batch-status", endpoint.output, "--json")
        assert sum(chunk["requests"] for chunk in json.loads(out)) <= 3

        code, out, err = cli("batch-cancel", endpoint.output)
        assert code == 0
        assert "cancelling" in out
        assert "give the command of the run again" in err

        for info in endpoint.server.batches.list(99)["data"]:
            endpoint.server.batches.advance(info["id"])
        _, out, _ = cli("batch-cancel", endpoint.output, "--json")
        assert {chunk["status"] for chunk in json.loads(out)} == {"cancelled"}


def test_status_finds_a_batch_whose_beginning_was_not_heard(cli: Run, tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(by_polls=False)) as endpoint:
        with State(Path(f"{endpoint.output}.batches")) as state:
            state.describe({"run": "r", "model": NAME, "base_url": endpoint.base_url})
            state.note(replace(state.plan("ours", ["answer-1"]), status=CREATING))
        file = endpoint.server.batches.files.add("requests.jsonl", b"")
        asked = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
        begun = {**asked, "input_file_id": file["id"], "metadata": {"chunk": "ours"}}
        endpoint.server.batches.create(begun)
        _, out, _ = cli("batch-status", endpoint.output)

    assert out.startswith("batch_000001")
    assert "validating" in out


def test_status_of_an_output_without_batches_says_so(cli: Run, tmp_path: Path) -> None:
    for name in ("batch-status", "batch-cancel"):
        code, _, err = cli(name, tmp_path / "out.jsonl")
        assert code == 2
        assert "has no batches" in err


def test_status_of_a_batch_that_the_endpoint_lost_says_so(cli: Run, tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING, BatchRules(by_polls=False)) as endpoint:
        write_articles(endpoint.source, numbered(1))
        interrupting(endpoint)
        cli(*command(endpoint))
        endpoint.server.batches.watch(lambda *call: status(404, error("no")))
        _, out, _ = cli("batch-status", endpoint.output)

    assert "unknown to the endpoint" in out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--cache", "answers"], "--cache does not go with --via batch-api"),
        (["--model", "rules"], "rules is no model behind an endpoint"),
        (["-o", "-"], "name a file to write to"),
    ],
)
def test_what_does_not_go_by_batches_is_said_in_one_sentence(
    more: list[str], said: str, cli: Run, tmp_path: Path
) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_articles(endpoint.source, numbered(1))
        code, _, err = cli(*command(endpoint, *more))

    assert code == 2
    assert said in err


def test_an_endpoint_without_batches_is_said_in_one_sentence(cli: Run, tmp_path: Path) -> None:
    rules = BatchRules(faults=lambda *call: status(404, error("no such route")))
    with Endpoint(tmp_path, NOTHING, rules) as endpoint:
        write_articles(endpoint.source, numbered(1))
        code, _, err = cli(*command(endpoint))

    assert code == 2
    assert err.count("\n") == 1
    assert "has no batches (404): leave out --via batch-api" in err


def test_forecast_of_a_run_by_batches_is_half_of_that_online(cli: Run, tmp_path: Path) -> None:
    with Endpoint(tmp_path, NOTHING) as endpoint:
        write_articles(endpoint.source, numbered(3))
        asked: list[Any] = ["--price", "1,2", "--dry-run", "--json"]
        _, by_batches, _ = cli(*command(endpoint, *asked))
        _, online, _ = cli(*command(endpoint, *asked, "--via", "online"))

    half = [usd / 2 for usd in json.loads(online)["cost_usd"]]
    assert json.loads(by_batches)["cost_usd"] == pytest.approx(half, abs=1e-6)


def test_missing_clients_are_said_with_the_extra_that_brings_them(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(tmp_path / "in.jsonl", numbered(1))
    (tmp_path / "out.jsonl.batches").touch()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    batch = ["batch", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--model", NAME]
    for arguments in ([*batch, "--via", "batch-api"], ["batch-status", tmp_path / "out.jsonl"]):
        code, _, err = cli(*arguments)
        assert code == 2
        assert "pip install 'extractor[llm]'" in err
