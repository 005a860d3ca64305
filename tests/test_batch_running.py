import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.batch.journal import Journal
from extractor.batch.paths import Paths
from extractor.errors import ModelError, RunStoppedError, UsageError
from tests.articles import ARTICLE
from tests.batch_runs import batch, lines
from tests.models import ScriptedModel

TEXTS = {"a": ARTICLE.text, "b": "Nothing of note happened.", "c": "Exports rose by 3% in May."}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(
        "".join(
            json.dumps({"id": i, "text": t, "date": "2023-07-03"}) + "\n" for i, t in TEXTS.items()
        ),
        encoding="utf-8",
    )
    return path


def test_every_article_is_a_line_in_input_order(source: Path, tmp_path: Path) -> None:
    summary = batch(source, tmp_path / "out.jsonl")
    found = lines(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert all(row["status"] == "ok" for row in found)
    assert found[1]["records"] == {
        "policies": [],
        "funds": [],
        "enterprise_counts": [],
        "growth_metrics": [],
    }
    assert summary.articles == 3
    assert summary.ok
    assert summary.as_dict()["records"]["growth_metrics"] >= 2


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_outputs_hold_the_same_lines(source: Path, tmp_path: Path, suffix: str) -> None:
    batch(source, tmp_path / "out.jsonl")
    batch(source, tmp_path / f"out.jsonl{suffix}")
    assert lines(tmp_path / f"out.jsonl{suffix}") == lines(tmp_path / "out.jsonl")


def test_an_empty_input_gives_an_empty_output(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    summary = batch(tmp_path / "empty.jsonl", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert summary.as_dict()["articles"] == 0


def test_invalid_lines_go_to_a_file_of_their_own_and_leave_with_the_fault(
    source: Path, tmp_path: Path
) -> None:
    output, invalid = tmp_path / "out.jsonl", tmp_path / "out.jsonl.invalid.jsonl"
    good = source.read_text(encoding="utf-8")
    source.write_text("broken\n" + good, encoding="utf-8")
    assert batch(source, output).invalid == 1
    row = json.loads(invalid.read_text(encoding="utf-8"))
    assert (row["file"], row["line"]) == (str(source), 1)
    source.write_text(good, encoding="utf-8")
    assert batch(source, output).ok
    assert not invalid.exists()


def test_a_failed_article_is_a_line_that_says_why(source: Path, tmp_path: Path) -> None:
    def fail(article: Article) -> None:
        if article.id == "b":
            raise ModelError("no answer", retryable=True)

    summary = batch(source, tmp_path / "out.jsonl", ScriptedModel(on_article=fail))
    failed = lines(tmp_path / "out.jsonl")[1]
    assert failed["status"] == "failed"
    assert "records" not in failed
    assert failed["error"] == {"type": "ModelError", "message": "no answer", "retryable": True}
    assert not summary.ok
    assert summary.as_dict()["failures"] == {"ModelError": 1}


def stopping(at: str, error: BaseException) -> ScriptedModel:
    def stop(article: Article) -> None:
        if article.id == at:
            raise error

    return ScriptedModel(on_article=stop)


@pytest.mark.parametrize("error", [RunStoppedError("quota"), KeyboardInterrupt()])
def test_a_run_that_ends_early_keeps_what_was_done_and_goes_on_from_it(
    source: Path, tmp_path: Path, error: BaseException
) -> None:
    output = tmp_path / "out.jsonl"
    rows = [json.dumps({"id": str(n), "text": f"text {n}"}) + "\n" for n in range(40)]
    source.write_text("".join(rows), encoding="utf-8")
    with pytest.raises(type(error)):
        batch(source, output, stopping("30", error))
    again = ScriptedModel()
    summary = batch(source, output, again)
    assert summary.done_before >= 20
    assert summary.articles == len(again.asked) == 40 - summary.done_before
    assert [row["id"] for row in lines(output)] == [str(n) for n in range(40)]
    assert not (tmp_path / "out.jsonl.journal").exists()


def test_an_output_that_cannot_be_created_is_a_usage_error(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        batch(source, tmp_path / "no" / "such" / "folder.jsonl")
    with pytest.raises(UsageError, match="is a folder"):
        batch(source, tmp_path)


def test_a_second_run_on_one_output_is_refused_and_the_first_goes_on(
    source: Path, tmp_path: Path
) -> None:
    paths = Paths(tmp_path / "out.jsonl")
    with Journal(paths.journal, paths.output):
        for settings in ({}, {"restart": True}):
            with pytest.raises(UsageError, match="another run is writing"):
                batch(source, tmp_path / "out.jsonl", settings=settings)
    assert batch(source, tmp_path / "out.jsonl").ok


def test_a_device_or_a_pipe_is_written_to_and_a_link_keeps_pointing(
    source: Path, tmp_path: Path
) -> None:
    pipe, real, link = tmp_path / "pipe", tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        received = pool.submit(pipe.read_bytes)
        batch(source, pipe)
        assert received.result().count(b"\n") == 3
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    link.symlink_to(real)
    batch(source, link)
    assert link.is_symlink()
    assert len(lines(real)) == 3


def test_what_a_killed_run_left_of_its_output_does_not_stop_the_next(
    source: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl.partial").write_bytes(b"half a line")
    assert batch(source, tmp_path / "out.jsonl").ok
    assert len(lines(tmp_path / "out.jsonl")) == 3


@pytest.mark.parametrize("suffix", ["", ".partial", ".journal", ".invalid.jsonl"])
def test_no_input_is_ever_written_over(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"x.jsonl{suffix}"
    source.write_text('{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="both input and output"):
        batch(source, tmp_path / "sub" / ".." / "x.jsonl")
    assert source.read_text(encoding="utf-8") == '{"text": "x"}\n'


def test_the_quality_block_counts_what_an_analyst_misses(source: Path, tmp_path: Path) -> None:
    with source.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "d", "text": "Imports fell by 2% in June."}) + "\n")
    quality = batch(source, tmp_path / "out.jsonl").as_dict()["quality"]
    found = lines(tmp_path / "out.jsonl")
    records = [record for row in found for list_ in row["records"].values() for record in list_]
    placed = sum(bool(record["place"] and record["place"]["code"]) for record in records)
    assert quality["records_with_place_code"] == round(placed / len(records), 3) < 1
    assert quality["articles_without_date"] == 1
    assert 0 < quality["records_with_period"] < 1
    assert quality["flags"]["year_from_date"] >= 1


def test_figures_that_no_record_covers_are_counted(source: Path, tmp_path: Path) -> None:
    summary = batch(source, tmp_path / "out.jsonl", ScriptedModel(), audit=True)
    figures = sum(len(row["audit"]) for row in lines(tmp_path / "out.jsonl"))
    assert summary.as_dict()["audited_figures"] == figures > 0
