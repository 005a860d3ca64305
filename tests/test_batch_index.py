import os
from pathlib import Path

import pytest

from extractor.batch import paths_of, resuming
from extractor.batch.resuming import hold
from tests.batch_runs import batch, numbered, write_articles
from tests.models import ScriptedModel


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write_articles(path, numbered(5))
    return path


@pytest.fixture
def output(source: Path, tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    batch(source, path, ScriptedModel())
    return path


def asked(source: Path, output: Path) -> list[str]:
    model = ScriptedModel()
    batch(source, output, model)
    return model.asked


def test_a_resume_with_an_index_does_not_read_the_output(
    source: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise AssertionError("the output was read")

    monkeypatch.setattr(resuming, "scan_output", fail)
    assert asked(source, output) == []


def test_the_index_says_what_reading_the_output_says(output: Path) -> None:
    paths = paths_of(str(output))
    assert paths is not None
    found = []
    for _ in range(2):
        with hold(paths) as held:
            ledger = held.ledger
            columns = (ledger.rows.keys, ledger.contents, ledger.states, ledger.places)
            told = (ledger.runs, ledger.computed, ledger.cost_usd, held.sha256)
            found.append((*map(list, columns), told))
        paths.index.unlink(missing_ok=True)
    assert found[0] == found[1]


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"nonsense", b'{"format": 1}\n', b"\0" * 500])
def test_a_damaged_index_is_made_anew(source: Path, output: Path, damage: bytes) -> None:
    index = Path(f"{output}.index")
    good = index.read_bytes()
    for content in (damage, good[:-1], good + b"x", good[:-9] + b"\1" + good[-8:]):
        index.write_bytes(content)
        assert asked(source, output) == []
        assert index.read_bytes() == good


def test_an_index_that_is_older_than_its_output_is_made_anew(source: Path, output: Path) -> None:
    rows = output.read_bytes().splitlines(keepends=True)
    output.write_bytes(b"".join(rows[:3]))
    assert asked(source, output) == ["a3", "a4"]


def test_an_index_of_an_output_of_equal_size_or_time_is_made_anew(
    source: Path, output: Path
) -> None:
    index = Path(f"{output}.index")
    old, written = index.read_bytes(), output.stat().st_mtime_ns
    rows = output.read_bytes().splitlines(keepends=True)
    output.write_bytes(b"".join(reversed(rows)))
    assert asked(source, output) == []
    assert output.read_bytes() == b"".join(rows)
    index.write_bytes(old)
    output.write_bytes(b"".join(rows[:3]))
    os.utime(output, ns=(written, written))
    assert asked(source, output) == ["a3", "a4"]


def test_an_index_that_cannot_be_written_stops_nothing(source: Path, output: Path) -> None:
    index = Path(f"{output}.index")
    index.unlink()
    index.mkdir()
    assert asked(source, output) == []
