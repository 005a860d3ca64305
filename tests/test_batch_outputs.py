import asyncio
import gzip
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
import zstandard

from extractor import Extraction, Failure
from extractor.batch import InvalidLine
from extractor.batch.outputs import open_outputs
from extractor.errors import ModelError, UsageError
from extractor.pipeline import AsyncExtractor
from tests.articles import ARTICLE
from tests.models import ScriptedModel
from tests.outputs import extraction, line

FOUND = extraction("Nothing of note happened.")


def failure() -> bytes:
    def fail(article: object) -> None:
        raise ModelError("no answer")

    outcome = asyncio.run(AsyncExtractor(ScriptedModel(on_article=fail)).outcome(ARTICLE))
    return outcome.model_dump_json().encode() + b"\n"


def read(path: Path, content: bytes) -> list[Extraction | Failure | InvalidLine]:
    path.write_bytes(content)
    with open_outputs(str(path)) as outputs:
        found = list(outputs)
        assert list(outputs) == found
    return found


def revisions(found: list[Extraction | Failure | InvalidLine]) -> list[tuple[str, int]]:
    return [(f.id, f.revision) for f in found if not isinstance(f, InvalidLine)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


def test_an_empty_file_holds_nothing(file: Path) -> None:
    assert read(file, b"") == []
    assert read(file, b"\n \n") == []


def test_results_and_failures_come_in_file_order(file: Path) -> None:
    found = read(file, line(FOUND) + failure())
    assert [type(outcome) for outcome in found] == [Extraction, Failure]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_the_latest_revision_stands_for_the_others_wherever_it_is(
    file: Path, order: tuple[int, ...]
) -> None:
    lines = [line(FOUND, revision=n) for n in order]
    found = read(file, lines[0] + line(FOUND, id="b") + lines[1] + lines[2])
    assert sorted(revisions(found)) == [("a", 3), ("b", 1)]


def test_of_two_equal_revisions_the_later_line_counts(file: Path) -> None:
    found = read(file, line(FOUND, run="one") + line(FOUND, run="two"))
    assert [f.run for f in found if isinstance(f, Extraction)] == ["two"]


def test_a_failure_after_a_result_replaces_it(file: Path) -> None:
    later = json.loads(failure()) | {"id": "a", "revision": 2}
    (found,) = read(file, line(FOUND) + json.dumps(later).encode() + b"\n")
    assert isinstance(found, Failure)


def test_lines_that_another_program_wrote_anew_have_their_revision_read_too(file: Path) -> None:
    def rewritten(revision: int, **options: Any) -> bytes:
        fields = json.loads(line(FOUND, revision=revision, id="上半年"))
        return json.dumps(fields, **options).encode() + b"\n"

    found = read(file, rewritten(2, sort_keys=True) + line(FOUND, id="上半年") + rewritten(3))
    assert revisions(found) == [("上半年", 3)]


@pytest.mark.parametrize("cut", [20, 150, -2])
def test_a_torn_last_line_is_invalid_and_replaces_nothing(file: Path, cut: int) -> None:
    found = read(file, line(FOUND) + line(FOUND, revision=2)[:cut])
    assert revisions(found) == [("a", 1)]
    assert isinstance(found[1], InvalidLine)
    assert (found[1].file, found[1].line) == (str(file), 2)
    assert "no output line" in found[1].reason


@pytest.mark.parametrize(
    "bad",
    [
        b"{}\n",
        b"null\n",
        b"broken\n",
        b'{"id": "a", "text": "an input line"}\n',
        b"\xff\xfe\n",
        b"[" * 5000 + b"\n",
        line(FOUND, status="done"),
        line(FOUND).replace(b'"records":{', b'"records":{"grants":[],'),
        b'{"id":"\\ud800","text_sha256":"' + b"0" * 64 + b'","revision":1,"status":"ok"}\n',
    ],
)
def test_a_line_of_another_schema_is_invalid_and_the_rest_is_read(file: Path, bad: bytes) -> None:
    found = read(file, bad + line(FOUND, id="b"))
    assert isinstance(found[0], InvalidLine)
    assert revisions(found) == [("b", 1)]


def test_what_is_before_the_end_of_a_damaged_archive_is_read(tmp_path: Path) -> None:
    lines = b"".join(line(FOUND, id=os.urandom(8).hex()) for _ in range(200))
    found = read(tmp_path / "out.jsonl.gz", gzip.compress(lines)[:-2000])
    assert 0 < len(revisions(found)) < 200
    assert isinstance(found[-1], InvalidLine)
    assert "cannot be read" in found[-1].reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_can_be_gone_through_twice_too(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = line(FOUND) + line(FOUND, revision=2)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    with open_outputs(str(pipe)) as outputs:
        assert revisions(list(outputs)) == revisions(list(outputs)) == [("a", 2)]
    writer.join()


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_what_cannot_be_opened_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be read"), open_outputs(name):
        pass


def test_a_journal_beside_an_output_is_read_with_it(file: Path) -> None:
    journal = Path(f"{file}.journal")
    journal.write_bytes(line(FOUND, revision=2) + line(FOUND, id="c"))
    assert revisions(read(file, line(FOUND) + line(FOUND, id="b"))) == [
        ("b", 1),
        ("a", 2),
        ("c", 1),
    ]
    file.unlink()
    with open_outputs(str(file)) as outputs:
        assert revisions(list(outputs)) == [("a", 2), ("c", 1)]


def test_a_run_that_is_under_way_can_be_read(file: Path) -> None:
    journal = Path(f"{file}.journal")
    journal.write_bytes(line(FOUND) + line(FOUND, revision=2)[:100])
    with open_outputs(str(file)) as outputs:
        assert revisions(list(outputs)) == [("a", 1)]
        with journal.open("ab") as more:  # the run goes on while it is read
            more.write(line(FOUND, revision=2)[100:] + line(FOUND, id="b"))
        assert revisions(list(outputs)) == [("a", 1)]
        file.write_bytes(line(FOUND, revision=2))  # and comes to its end
        journal.unlink()
        assert revisions(list(outputs)) == [("a", 1)]


@pytest.mark.parametrize("content", [b"", b"half a li", b"x" * 200_000])
def test_a_journal_without_a_whole_line_holds_nothing(file: Path, content: bytes) -> None:
    Path(f"{file}.journal").write_bytes(content)
    assert revisions(read(file, line(FOUND))) == [("a", 1)]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_compressed_output_can_be_gone_through_twice(tmp_path: Path, suffix: str) -> None:
    content = line(FOUND) + line(FOUND, revision=2)
    packed = gzip.compress(content) if suffix == ".gz" else zstandard.compress(content)
    assert revisions(read(tmp_path / f"out.jsonl{suffix}", packed)) == [("a", 2)]
