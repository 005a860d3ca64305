import asyncio
from pathlib import Path

import pytest

from extractor.batch import Monitor, Reader, Sample, expand
from extractor.cli import progress
from extractor.cli.progress import shown_progress, snapshot
from tests.batch_runs import numbered, write_articles
from tests.models import ScriptedModel


class Refusing(ScriptedModel):
    """A model whose endpoint has answered 429."""

    refused = 3


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    write_articles(tmp_path / "in.jsonl", numbered(4))
    return Reader(expand([str(tmp_path / "in.jsonl")]))


def test_a_snapshot_holds_what_the_summary_counts(reader: Reader) -> None:
    monitor = Monitor()
    monitor.summary.articles, monitor.summary.failed, monitor.summary.done_before = 2, 1, 7
    for _ in reader:
        pass
    now = snapshot(reader, monitor, Refusing())
    assert (now.articles, now.failed, now.done_before, now.refused) == (2, 1, 7, 3)
    assert now.share == 1.0
    assert snapshot(reader, monitor, ScriptedModel()).refused == 0
    assert snapshot(Reader(expand(["-"])), monitor, ScriptedModel()).share is None
    reader.sample = Sample(2, 0)
    assert snapshot(reader, monitor, ScriptedModel()).share is None


def test_off_a_terminal_a_line_comes_now_and_then_while_the_run_goes(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_LOG_SECONDS", 0.0)
    monitor = Monitor()

    async def running() -> None:
        async with shown_progress(reader, monitor, ScriptedModel()):
            for _ in range(20):
                await asyncio.sleep(0)
            monitor.summary.articles = 1234
            for _ in range(20):
                await asyncio.sleep(0)

    asyncio.run(running())
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("0 articles")
    assert shown[-1].startswith("1,234 articles")
