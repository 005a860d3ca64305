"""What was asked: the identity of a run, and what becomes of results of another one."""

from pathlib import Path
from typing import Any

import pytest

from extractor import AsyncExtractor
from extractor.batch import paths_of
from extractor.batch.identity import difference
from extractor.batch.resuming import hold
from extractor.errors import UsageError
from extractor.records import Fund
from tests.batch_runs import (
    as_if_killed,
    batch,
    failing,
    ids,
    lines,
    notes,
    numbered,
    write_articles,
)
from tests.models import ScriptedModel


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write_articles(path, numbered(10))
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"model": ScriptedModel(identity="other@2")}, "scripted@1 there and other@2 here"),
        ({"types": [Fund]}, r"types not given there and \[\"fund\"\] here"),
        ({"sweep": True}, "sweep not given there and true here"),
        ({"repairs": 0}, "repairs not given there and 0 here"),
    ],
)
def test_results_of_another_run_are_not_mixed_with(
    source: Path, output: Path, changed: dict[str, Any], says: str
) -> None:
    batch(source, output, ScriptedModel())
    before = output.read_bytes()
    with pytest.raises(UsageError, match=says + ".*--restart"):
        batch(source, output, **{"model": ScriptedModel(), **changed})
    assert output.read_bytes() == before
    assert not Path(f"{output}.journal").exists()


def test_the_parameters_that_differ_are_named() -> None:
    there = 'openai/x {"prompt": "extract@1:ab", "temperature": 0}'
    here = 'openai/x {"prompt": "extract@2:cd", "temperature": 0} {"sweep": true}'
    assert difference(there, here) == (
        "prompt extract@1:ab there and extract@2:cd here, sweep not given there and true here"
    )
    assert difference("a {broken", "b") == "model a {broken there and b here"


def test_all_wanted_types_in_any_order_are_one_identity() -> None:
    core = AsyncExtractor(ScriptedModel())
    turned = AsyncExtractor(ScriptedModel(), types=core.types[::-1])
    assert core.identity == turned.identity == "scripted@1"


def test_what_computed_the_values_may_differ_and_is_said(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    old = output.read_text(encoding="utf-8").replace('"version":"0.1.0"', '"version":"0.0.1"', 3)
    output.write_text(old, encoding="utf-8")
    model = ScriptedModel()
    (said,) = notes(source, output, model)
    assert "0.0.1" in said
    assert "rebuild" in said
    assert model.asked == []


def test_a_restart_moves_everything_aside(source: Path, output: Path) -> None:
    batch(source, output, failing("a1"))
    batch(source, output, ScriptedModel(identity="b"), settings={"restart": True})
    assert notes(source, output, ScriptedModel(identity="c"), settings={"restart": True}) == [
        f"the old output is {output}.2 now"
    ]
    runs = [lines(Path(f"{output}{suffix}"))[0]["run"] for suffix in (".1", ".2", "")]
    assert runs == ["scripted@1", "b", "c"]
    assert Path(f"{output}.1.failed.jsonl").exists()
    assert not Path(f"{output}.failed.jsonl").exists()


def test_a_restart_keeps_what_only_the_journal_has(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    as_if_killed(output, done=4)
    batch(source, output, ScriptedModel(identity="b"), settings={"restart": True})
    paths = paths_of(f"{output}.1")
    assert paths is not None
    with hold(paths) as held:
        assert len(held.ledger) == 4


def test_a_compressed_output_moves_aside_under_a_name_that_says_so(
    source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.jsonl.gz"
    batch(source, output, ScriptedModel())
    batch(source, output, ScriptedModel(identity="b"), settings={"restart": True})
    assert ids(tmp_path / "out.jsonl.1.gz") == ids(output)
