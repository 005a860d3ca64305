import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.batch import compacting
from extractor.batch.compacting import final_order
from extractor.errors import RunStoppedError
from tests.batch_runs import batch, ids, numbered, write_articles
from tests.models import ScriptedModel


def order(rows: int, *read: int) -> list[int]:
    return list(final_order(rows, read))


@given(st.integers(0, 30), st.data())
def test_every_row_comes_once_and_those_that_were_read_in_that_order(
    rows: int, data: st.DataObject
) -> None:
    read = data.draw(st.permutations(range(rows)))[: data.draw(st.integers(0, rows))]
    found = order(rows, *read)
    assert sorted(found) == list(range(rows))
    assert [row for row in found if row in set(read)] == read


def test_a_row_that_was_not_read_stays_behind_the_one_it_follows() -> None:
    assert order(5) == [0, 1, 2, 3, 4]
    assert order(5, 0, 2, 1) == [0, 2, 3, 4, 1]
    assert order(6, 5, 4) == [0, 1, 2, 3, 5, 4]
    assert order(4, 1, 1, 0) == [1, 2, 3, 0]


def test_an_output_follows_its_input_when_that_grows_or_is_put_in_another_order(
    tmp_path: Path,
) -> None:
    texts = numbered(2)
    for wanted in (["a0"], ["a0", "a1"], ["a1", "a0"]):
        write_articles(tmp_path / "in.jsonl", {id_: texts[id_] for id_ in wanted})
        batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", ScriptedModel())
        assert ids(tmp_path / "out.jsonl") == wanted
        with (tmp_path / "out.jsonl").open("rb+") as file:  # an editor may leave no last newline
            file.truncate(file.seek(-1, os.SEEK_END))


def test_an_output_lasts_before_it_gets_its_name_and_that_before_the_journal_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, numbered(3))
    sync, replace, unlink = os.fsync, Path.replace, Path.unlink
    done: list[int | str] = []

    def synced(file: int) -> None:
        done.append(os.fstat(file).st_ino)
        sync(file)

    def replaced(path: Path, target: Path) -> None:
        done.append(target.name)
        replace(path, target)

    def unlinked(path: Path, **options: bool) -> None:
        done.append(path.name)
        unlink(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", synced)
        patch.setattr(Path, "replace", replaced)
        patch.setattr(Path, "unlink", unlinked)
        batch(source, output, ScriptedModel())
    named = done.index("out.jsonl")
    assert done[named - 1] == output.stat().st_ino
    assert done[named + 1] == tmp_path.stat().st_ino
    assert done.index("out.jsonl.journal") > named + 1


def test_an_output_that_cannot_be_made_leaves_what_was_done_to_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, numbered(3))
    batch(source, output, ScriptedModel())
    before = output.read_bytes()
    write_articles(source, numbered(5))

    def fail(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(compacting, "sync_folder", fail)
        patch.setattr(Path, "replace", lambda self, target: fail(target))
        with pytest.raises(RunStoppedError, match=r"No space left.*out\.jsonl\.journal"):
            batch(source, output, ScriptedModel())
    assert output.read_bytes() == before
    assert not Path(f"{output}.partial").exists()
    model = ScriptedModel()
    batch(source, output, model)
    assert model.asked == []
    assert ids(output) == list(numbered(5))
