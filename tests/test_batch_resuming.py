import json
import shutil
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.batch import FailureLimit, Monitor
from extractor.batch.paths import Paths
from extractor.batch.resuming import hold
from extractor.errors import RunStoppedError, UsageError
from tests.batch_runs import (
    as_if_killed,
    batch,
    failing,
    ids,
    lines,
    notes,
    numbered,
    revisions,
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


def test_the_same_command_again_asks_for_nothing(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    before = output.stat()
    model = ScriptedModel()
    summary = batch(source, output, model)
    assert model.asked == []
    assert (summary.articles, summary.done_before) == (0, 10)
    assert output.stat().st_mtime_ns == before.st_mtime_ns


def test_only_what_a_killed_run_left_undone_is_asked_for(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    whole = lines(output)
    as_if_killed(output, done=6)
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == ["a6", "a7", "a8", "a9"]
    assert lines(output) == whole


@pytest.mark.parametrize("tail", [b"{", b'{"id":"a6","text_sha256":"', b'{"id":"a6"}', b"\0\0\0"])
def test_a_torn_last_line_is_repaired(source: Path, output: Path, tail: bytes) -> None:
    batch(source, output, ScriptedModel())
    whole = lines(output)
    as_if_killed(output, done=6, tail=tail)
    journal = Path(f"{output}.journal")
    kept = journal.read_bytes().removesuffix(tail)
    with hold(Paths(output)) as held:
        assert f"{len(tail)} bytes were cut off" in held.notes[0]
        assert journal.read_bytes() == kept
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == ["a6", "a7", "a8", "a9"]
    assert lines(output) == whole


def test_a_journal_cut_at_any_byte_gives_the_same_output(source: Path, output: Path) -> None:
    write_articles(source, numbered(2))
    batch(source, output, ScriptedModel())
    whole, journal = lines(output), output.read_bytes()
    for size in range(0, len(journal), 7):
        output.unlink()
        Path(f"{output}.journal").write_bytes(journal[:size])
        batch(source, output, ScriptedModel())
        assert lines(output) == whole


def test_damaged_lines_of_a_journal_are_left_out_and_done_again(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    whole = lines(output)
    as_if_killed(output, done=10)
    journal = Path(f"{output}.journal")
    rows = journal.read_bytes().splitlines(keepends=True)
    zeros = rows[4][:40] + b"\0" * 40 + rows[4][80:]
    no_end = rows[5][:-300] + b"}\n"
    journal.write_bytes(b"".join([*rows[:3], b"nonsense\n", zeros, no_end, *rows[6:]]))
    model = ScriptedModel()
    assert "3 damaged lines" in notes(source, output, model)[0]
    assert model.asked == ["a3", "a4", "a5"]
    assert lines(output) == whole


def test_new_lines_of_an_input_are_all_that_is_done(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    write_articles(source, {"first": "One more.", **numbered(12)})
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == ["first", "a10", "a11"]
    assert ids(output) == ["first", *numbered(12)]


def test_another_input_is_added_to_what_is_there(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    write_articles(source, {"x": "Next day.", "a3": numbered(10)["a3"], "y": "The day after."})
    batch(source, output, ScriptedModel())
    assert ids(output) == ["a0", "a1", "a2", "x", *(f"a{n}" for n in range(3, 10)), "y"]


def test_a_changed_text_is_a_new_revision_in_its_place(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    write_articles(source, {**numbered(10), "a4": "It was reworded."})
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == ["a4"]
    assert ids(output) == list(numbered(10))
    assert revisions(output) == {**dict.fromkeys(numbered(10), 1), "a4": 2}


def test_the_latest_revision_stands_wherever_its_line_is(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    older = output.read_bytes()
    write_articles(source, {**numbered(10), "a4": "It was reworded."})
    batch(source, output, ScriptedModel())
    newer = output.read_bytes()
    for content in (newer + older, older + newer):
        output.write_bytes(content)
        model = ScriptedModel()
        batch(source, output, model)
        assert model.asked == []
        assert revisions(output)["a4"] == 2


def test_a_date_that_came_to_be_known_is_a_change_too(source: Path, output: Path) -> None:
    batch(source, output, ScriptedModel())
    dated = source.read_text(encoding="utf-8").replace('"a4"', '"a4", "date": "2023-07-03"')
    source.write_text(dated, encoding="utf-8")
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == ["a4"]


def test_failures_stay_unless_they_are_to_be_tried_once_more(source: Path, output: Path) -> None:
    batch(source, output, failing("a2", "a5"))
    again = failing("a5")
    summary = batch(source, output, again)
    assert again.asked == []
    assert (summary.failed_before, summary.ok) == (2, False)
    summary = batch(source, output, again, settings={"retry_failed": True})
    assert again.asked == ["a2", "a5"]
    assert (summary.done_before, summary.failed) == (8, 1)
    assert {k: r for k, r in revisions(output).items() if r > 1} == {"a2": 2, "a5": 2}
    batch(source, output, again, settings={"retry_failed": True})
    assert again.asked == ["a2", "a5", "a5"]


def test_a_retry_that_was_killed_does_not_try_the_same_articles_twice(
    source: Path, output: Path
) -> None:
    batch(source, output, failing("a2", "a5"))
    first = output.read_bytes()
    batch(source, output, failing("a2", "a5"), settings={"retry_failed": True})
    retried = [row for row in output.read_bytes().splitlines(True) if b'"revision":2' in row]
    output.write_bytes(first)
    Path(f"{output}.journal").write_bytes(retried[0])
    model = failing("a2", "a5")
    batch(source, output, model, settings={"retry_failed": True})
    assert model.asked == ["a5"]
    batch(source, output, model, settings={"retry_failed": True})
    assert model.asked == ["a5", "a2", "a5"]


def test_what_failed_in_a_killed_run_is_retried_by_the_run_after_the_next(
    source: Path, output: Path
) -> None:
    batch(source, output, failing("a2"))
    as_if_killed(output, done=10)
    model = ScriptedModel()
    batch(source, output, model, settings={"retry_failed": True})
    assert model.asked == []
    batch(source, output, model, settings={"retry_failed": True})
    assert model.asked == ["a2"]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_run_goes_on_in_any_compression(source: Path, tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"out.jsonl{suffix}"
    write_articles(source, numbered(3))
    batch(source, output, ScriptedModel())
    write_articles(source, {"new": "In front.", **numbered(6)})
    batch(source, output, ScriptedModel())
    assert ids(output) == ["new", *numbered(6)]


# What cannot be gone on from


@pytest.mark.parametrize(
    "content", ["the result of last week", '{"id": "a", "text": "an input"}\n', "[]\n", "\n{}\n"]
)
def test_a_file_that_is_no_output_is_never_written_over(
    source: Path, output: Path, content: str
) -> None:
    output.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no output line.*--restart"):
        batch(source, output, ScriptedModel())
    assert output.read_text(encoding="utf-8") == content
    batch(source, output, ScriptedModel(), settings={"restart": True})
    assert Path(f"{output}.1").read_text(encoding="utf-8") == content


@pytest.mark.parametrize("cut", [2, 30])
def test_an_output_that_was_copied_in_part_is_completed(
    source: Path, output: Path, cut: int
) -> None:
    batch(source, output, ScriptedModel())
    whole = lines(output)
    output.write_bytes(output.read_bytes()[:-cut])
    model = ScriptedModel()
    assert "is torn" in notes(source, output, model)[0]
    assert model.asked == ["a9"]
    assert lines(output) == whole


def test_a_damaged_archive_is_refused(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl.gz"
    batch(source, output, ScriptedModel())
    output.write_bytes(output.read_bytes()[:-20])
    with pytest.raises(UsageError, match="cannot be read to its end"):
        batch(source, output, ScriptedModel())


def test_lines_that_another_program_wrote_anew_are_known(source: Path, output: Path) -> None:
    write_articles(source, {"上半年": "全市工业投资增长15%。", **numbered(2)})
    batch(source, output, ScriptedModel())
    rows = [json.loads(row) for row in output.read_text(encoding="utf-8").splitlines()]
    output.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == []


# How a run ends


def test_too_many_failures_stop_the_run_with_what_was_done(source: Path, output: Path) -> None:
    write_articles(source, numbered(60))
    everything = failing(*numbered(60))
    limit = {"max_failures": FailureLimit.parse("3")}
    with pytest.raises(RunStoppedError, match="articles failed, more than 3"):
        batch(source, output, everything, settings=limit)
    assert 3 < len(lines(output)) <= 3 + 8
    assert ids(output) == everything.asked


def test_a_stop_from_outside_writes_what_is_in_flight(source: Path, output: Path) -> None:
    monitor = Monitor()

    def stop(article: Article) -> None:
        if article.id == "a4":
            monitor.stop.request()

    model = ScriptedModel(on_article=stop)
    batch(source, output, model, monitor=monitor)
    assert ids(output) == model.asked
    assert monitor.summary.interrupted
    assert not monitor.summary.ok


def test_a_link_keeps_its_journal_beside_the_file_it_points_to(
    source: Path, tmp_path: Path
) -> None:
    (tmp_path / "far").mkdir()
    real, link = tmp_path / "far" / "real.jsonl", tmp_path / "link.jsonl"
    batch(source, real, ScriptedModel())
    link.symlink_to(real)
    as_if_killed(real, done=5)
    shutil.copy(f"{real}.journal", tmp_path / "kept")
    model = ScriptedModel()
    batch(source, link, model)
    assert len(model.asked) == 5
    assert link.is_symlink()
    assert len(lines(real)) == 10
