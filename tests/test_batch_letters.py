import json
from pathlib import Path

import pytest

from extractor.batch import Fields, Monitor
from extractor.errors import RunStoppedError, UsageError
from extractor.models.options import ModelOptions
from tests.batch_runs import batch, failing, numbered, objects, write_articles
from tests.models import ScriptedModel


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write_articles(path, numbered(6))
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def failed(output: Path) -> list[str]:
    return [line["id"] for line in objects(Path(f"{output}.failed.jsonl"))]


def invalid(output: Path) -> list[tuple[int, str]]:
    lines = objects(Path(f"{output}.invalid.jsonl"))
    return [(line["line"], line["code"]) for line in lines]


def test_articles_that_failed_are_there_to_be_run_again(source: Path, output: Path) -> None:
    batch(source, output, failing("a1", "a4"))
    letters = Path(f"{output}.failed.jsonl")
    assert objects(letters) == [
        {"id": id_, "text": text} for id_, text in numbered(6).items() if id_ in ("a1", "a4")
    ]
    model = ScriptedModel()
    batch(letters, output.with_name("again.jsonl"), model)
    assert model.asked == ["a1", "a4"]


def test_failures_of_an_earlier_run_are_there_until_they_succeed(
    source: Path, output: Path
) -> None:
    batch(source, output, failing("a1", "a4"))
    batch(source, output, ScriptedModel())
    assert failed(output) == ["a1", "a4"]
    batch(source, output, failing("a4"), settings={"retry_failed": True})
    assert failed(output) == ["a4"]
    batch(source, output, ScriptedModel(), settings={"retry_failed": True})
    assert not Path(f"{output}.failed.jsonl").exists()


def test_articles_that_failed_come_in_the_order_of_the_output(source: Path, output: Path) -> None:
    batch(source, output, failing("a1", "a4"))
    write_articles(source, {"new": "In front.", **numbered(6)})
    batch(source, output, failing("new"))
    assert failed(output) == ["new", "a1", "a4"]


def test_a_run_that_ends_early_keeps_the_letters_of_what_it_did_not_read(
    source: Path, output: Path
) -> None:
    write_articles(source, numbered(20), "broken\n")
    batch(source, output, failing("a1", "a19"))
    assert invalid(output) == [(21, "not_json")]
    write_articles(source, {"new": "In front.", **numbered(20)}, "broken\n")
    with pytest.raises(RunStoppedError):
        batch(source, output, failing(stop_at="new"), options=ModelOptions(connections=1))
    assert failed(output) == ["a1", "a19"]
    assert invalid(output) == [(21, "not_json")]


def test_a_failure_that_has_another_text_since_is_run_as_it_is_now(
    source: Path, output: Path
) -> None:
    batch(source, output, failing("a1"))
    write_articles(source, {**numbered(6), "a1": "It was reworded."})
    batch(source, output, failing("a1"))
    assert objects(Path(f"{output}.failed.jsonl")) == [{"id": "a1", "text": "It was reworded."}]


def test_the_letters_have_the_fields_by_the_names_that_were_given(
    tmp_path: Path, output: Path
) -> None:
    source = tmp_path / "own.jsonl"
    line = {
        "key": 7,
        "body": "Exports rose.",
        "day": "3 July 2023",
        "title": "T",
        "topic": {"a": 1},
    }
    source.write_text(json.dumps(line), encoding="utf-8")
    fields = Fields("key", "body", "day")
    batch(source, output, failing("7"), fields=fields)
    (letter,) = objects(Path(f"{output}.failed.jsonl"))
    assert letter == {**line, "key": "7", "day": "2023-07-03"}
    again = ScriptedModel()
    batch(Path(f"{output}.failed.jsonl"), output.with_name("again.jsonl"), again, fields=fields)
    assert again.asked == ["7"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"broken\n", "not_json"),
        (b'{"text": NaN}\n', "not_json"),
        (b"[1]\n", "no_object"),
        (b'{"text": "\xff"}\n', "not_utf8"),
        (b'{"id": "x"}\n', "no_article"),
        (b'{"text": " "}\n', "no_article"),
        (b'{"id": "a0", "text": "another"}\n', "reused_id"),
        (b'{"text": "' + b"x" * 2000 + b'"}\n', "too_long"),
    ],
)
def test_each_invalid_line_has_the_class_of_its_fault(
    source: Path, output: Path, line: bytes, code: str
) -> None:
    source.write_bytes(source.read_bytes() + line)
    batch(source, output, ScriptedModel(), fields=Fields(max_line=1000))
    assert invalid(output) == [(7, code)]


def test_invalid_lines_are_there_once_however_often_the_run_goes_on(
    source: Path, output: Path
) -> None:
    source.write_text("broken\n" + source.read_text(encoding="utf-8") + "also\n", encoding="utf-8")
    with pytest.raises(RunStoppedError):
        batch(source, output, failing(stop_at="a3"))
    batch(source, output, ScriptedModel())
    batch(source, output, ScriptedModel())
    assert invalid(output) == [(1, "not_json"), (8, "not_json")]


@pytest.mark.parametrize("suffix", [".failed.jsonl", ".invalid.jsonl"])
def test_a_folder_in_the_place_of_letters_is_said_before_anything_is_done(
    source: Path, output: Path, suffix: str
) -> None:
    Path(f"{output}{suffix}").mkdir()
    model = ScriptedModel()
    with pytest.raises(UsageError, match="is a folder"):
        batch(source, output, model)
    assert model.asked == []


def test_a_file_of_letters_that_somebody_edited_does_not_stop_a_run(
    source: Path, output: Path
) -> None:
    batch(source, output, failing("a1"))
    letters = Path(f"{output}.failed.jsonl")
    letters.write_bytes(b"\xff\n[]\n{}\n" + letters.read_bytes() + b'{"id": 5}\n{"id": "a2"')
    monitor = Monitor()
    batch(source, output, ScriptedModel(), monitor=monitor)
    assert failed(output) == ["a1"]
