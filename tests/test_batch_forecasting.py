"""Pilots, and forecasts by what they took, through real HTTP."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("openai")

from extractor.batch import Sample
from extractor.errors import UsageError
from tests.chat import NAME
from tests.fake_llm.api import FakeLLM, invalid_schema
from tests.test_batch_costs import batch, forecast_of, honest, lines, output, spent, written


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return written(tmp_path / "in.jsonl")


def test_a_pilot_writes_its_sample_only_and_the_run_goes_on_from_it(source: Path) -> None:
    with FakeLLM(honest) as server:
        batch(server, source, sample=Sample(10, 3))
        drawn = [line["id"] for line in lines(source)]
        assert server.count == len(drawn) == 10
        assert drawn == sorted(drawn, key=lambda id_: int(id_[1:]))
        batch(server, source, sample=Sample(15, 3))
        assert set(drawn) < {line["id"] for line in lines(source)}
        assert server.count == 15
        summary = batch(server, source)
    assert (summary.done_before, server.count) == (15, 80)
    assert [line["id"] for line in lines(source)] == [f"a{n}" for n in range(80)]


def test_a_forecast_after_a_pilot_is_by_what_was_measured_and_holds(source: Path) -> None:
    before = forecast_of(source)
    assert (before.estimate.articles, before.estimate.measured, before.spent) == (80, 0, 0)
    with FakeLLM(honest) as server:
        batch(server, source, sample=Sample(20, 0))
        paid = spent(source)
        after = forecast_of(source)
        batch(server, source)
    assert (after.estimate.articles, after.done_before, after.estimate.measured) == (60, 20, 20)
    assert after.spent == pytest.approx(paid)
    assert before.estimate.cost_usd is not None
    assert after.estimate.cost_usd is not None
    (lowest, highest), (low, high) = before.estimate.cost_usd, after.estimate.cost_usd
    assert low < spent(source) - paid < high
    assert high - low < (highest - lowest) / 5


def test_a_forecast_reads_the_journal_of_a_run_that_was_killed(source: Path) -> None:
    with FakeLLM(honest) as server:
        batch(server, source, sample=Sample(4, 0))
    journal = Path(f"{output(source)}.journal")
    output(source).rename(journal)
    with journal.open("ab") as file:
        file.write(b'{"id":"torn')
    found = forecast_of(source)
    assert (found.done_before, found.estimate.measured) == (4, 4)
    shutil.copy(journal, output(source))  # killed at its very end, it has its lines in both
    again = forecast_of(source)
    assert (again.estimate.measured, again.spent) == (4, found.spent)


def test_a_new_beginning_has_nothing_done_and_keeps_what_was_measured(source: Path) -> None:
    with FakeLLM(honest) as server:
        batch(server, source, sample=Sample(4, 0))
    with pytest.raises(UsageError, match=rf"holds results of {NAME}: .*--restart"):
        forecast_of(source, "openai/gpt-5")
    assert forecast_of(source, "openai/gpt-5", restart=True).estimate.measured == 0
    anew = forecast_of(source, restart=True)
    assert (anew.done_before, anew.spent, anew.estimate.articles) == (0, 0, 80)
    assert anew.estimate.measured == 4


def test_failures_are_to_be_done_where_they_are_run_again(source: Path) -> None:
    with FakeLLM(invalid_schema()) as server:
        batch(server, source, sample=Sample(4, 0))
    assert forecast_of(source).done_before == 4
    assert forecast_of(source, retry_failed=True).done_before == 0


def test_an_output_that_is_none_is_passed_over(source: Path) -> None:
    output(source).write_text('{"no": "output line"}\n{"id": "a0"\n', encoding="utf-8")
    found = forecast_of(source)
    assert (found.done_before, found.estimate.measured) == (0, 0)
