from pathlib import Path

import pytest

from extractor.batch.sharing import cores, shares
from extractor.errors import UsageError
from extractor.models.options import ModelOptions
from tests.batch_runs import numbered, write_articles
from tests.test_cli import extractor


def test_requests_in_flight_add_up_to_what_was_asked_for() -> None:
    options = ModelOptions(connections=10)
    assert [s.connections for s in shares("openai/x", options, 3)] == [4, 3, 3]


def test_there_are_no_more_processes_than_requests_in_flight() -> None:
    assert [s.connections for s in shares("openai/x", ModelOptions(connections=2), 8)] == [1, 1]


def test_requests_and_tokens_a_minute_are_divided() -> None:
    first, second = shares("openai/x", ModelOptions(rpm=90, tpm=1000), 2)
    assert (first.rpm, first.tpm) == (second.rpm, second.tpm) == (45, 500)
    assert {(s.rpm, s.tpm) for s in shares("openai/x", ModelOptions(), 2)} == {(None, None)}


def test_the_built_in_model_has_a_window_in_each_process() -> None:
    assert [s.connections for s in shares("rules", ModelOptions(), 16)] == [8] * 16


def test_a_model_file_is_refused() -> None:
    with pytest.raises(UsageError, match="one engine"):
        shares("gguf:model.gguf", ModelOptions(), 2)


def test_there_is_a_core_at_least() -> None:
    assert cores() >= 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--processes", "0"], "'0' is neither a number from 1 to 999 nor auto"),
        (["--processes", "many"], "'many' is neither"),
        (["--processes", "2", "--via", "batch-api"], "does not go with --via batch-api"),
    ],
)
def test_processes_that_cannot_be_are_said_in_one_sentence(
    more: list[str], said: str, tmp_path: Path
) -> None:
    write_articles(tmp_path / "in.jsonl", numbered(1))
    done = extractor("batch", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", *more)
    assert done.returncode == 2
    assert said in done.stderr
