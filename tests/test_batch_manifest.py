import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.batch import Monitor
from extractor.errors import RunStoppedError
from tests.batch_runs import batch, numbered, write_articles
from tests.models import ScriptedModel


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    write_articles(path, numbered(5))
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def manifest(output: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"{output}.manifest.json").read_text(encoding="utf-8"))
    return found


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_the_manifest_says_what_ran_with_the_checksums_of_what_is_there(
    source: Path, tmp_path: Path, suffix: str
) -> None:
    output = tmp_path / f"out.jsonl{suffix}"
    batch(source, output, ScriptedModel())
    found = manifest(output)
    assert found["output"] == {
        "name": str(output), "sha256": sha256(output), "articles": 5, "cost_usd": 2.5,
    }  # fmt: skip
    (run,) = found["runs"]
    assert (run["run"], run["ended"]) == ("scripted@1", "complete")
    assert run["inputs"] == [{"name": str(source), "sha256": sha256(source)}]
    assert run["totals"]["articles"] == 5
    assert run["started"] <= run["finished"]


def test_every_run_of_an_output_is_in_its_manifest(source: Path, output: Path) -> None:
    def stop(article: Article) -> None:
        if article.id == "a3":
            raise RunStoppedError("the quota is used up")

    with pytest.raises(RunStoppedError):
        batch(source, output, ScriptedModel(on_article=stop))
    monitor = Monitor()
    monitor.stop.request()
    batch(source, output, ScriptedModel(), monitor=monitor)
    batch(source, output, ScriptedModel())
    batch(source, output, ScriptedModel())
    found = manifest(output)
    ends = [run["ended"] for run in found["runs"]]
    assert ends == ["stopped: the quota is used up", "interrupted", "complete", "complete"]
    assert found["runs"][1]["inputs"][0]["sha256"] is None
    assert found["output"]["sha256"] == sha256(output)
    done = [run["totals"]["articles"] for run in found["runs"]]
    assert done[3] == 0
    assert sum(done) == 5


def test_what_replaced_revisions_cost_is_not_forgotten(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    write_articles(source, {"a0": "It was reworded."})
    batch(source, output, ScriptedModel())
    assert manifest(output)["output"]["cost_usd"] == 3.0
    batch(source, output, ScriptedModel(), settings={"restart": True})
    assert manifest(output)["output"]["cost_usd"] == 0.5


def test_an_output_that_somebody_changed_costs_what_its_lines_say(
    source: Path, output: Path
) -> None:
    batch(source, output, ScriptedModel())
    output.write_bytes(b"".join(output.read_bytes().splitlines(keepends=True)[:2]))
    batch(source, output, ScriptedModel())
    assert manifest(output)["output"]["cost_usd"] == 2.5


def test_what_a_run_that_was_killed_at_its_end_left_twice_is_paid_once(
    source: Path, output: Path
) -> None:
    batch(source, output, ScriptedModel())
    shutil.copy(output, f"{output}.journal")
    batch(source, output, ScriptedModel())
    assert manifest(output)["output"]["cost_usd"] == 2.5


def test_a_manifest_that_is_none_is_begun_anew(source: Path, output: Path) -> None:
    Path(f"{output}.manifest.json").write_text("[]", encoding="utf-8")
    batch(source, output, ScriptedModel())
    assert len(manifest(output)["runs"]) == 1
