import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import Article
from extractor.batch import Fields, InvalidLine, Reader, expand
from extractor.errors import UsageError


def read(path: Path, content: bytes, **fields: Any) -> tuple[list[Article | InvalidLine], Reader]:
    path.write_bytes(content)
    reader = Reader(expand([str(path)]), Fields(**fields))
    return list(reader), reader


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in.jsonl"


def line(**fields: Any) -> bytes:
    return json.dumps({"id": "a", "text": "some text", **fields}).encode() + b"\n"


GOOD = line(id="good")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"not json\n", "not JSON"),
        (b'{"text": "cut off', "not JSON"),
        (b'["text"]\n', "not a JSON object"),
        (b"null\n", "not a JSON object"),
        (b'"text"\n', "not a JSON object"),
        (b"{}\n", "no text"),
        (b'{"text": null}\n', "no text"),
        (b'{"text": ""}\n', "text is empty"),
        (b'{"text": 5}\n', "text is int"),
        (b'{"text": "x", "n": NaN}\n', "NaN is not JSON"),
        (b'{"text": "x", "n": -Infinity}\n', "-Infinity is not JSON"),
        (b'{"text": "x", "n": 1e999}\n', "too large"),
        (b'{"text": "\xff\xfe"}\n', "not UTF-8 at byte 11"),
        (b'{"text": "a\x00b"}\n', "not JSON"),
        (b'{"text": "\\ud800"}\n', "lone surrogate"),
        (b'{"text": "x", "topic": "\\ud800"}\n', "lone surrogate"),
        (b'{"text": "' + b"x" * 2000 + b'"}\n', "longer than 1,000 bytes"),
        (b'{"text": ' + b"[" * 900 + b"\n", "not JSON"),
        (b'{"text": "x", "id": 1.5}\n', "id is float"),
        (b'{"text": "another text", "id": "good"}\n', "came before with another text"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_a_bad_line_costs_one_line_and_says_what_is_wrong(
    file: Path, bad: bytes, reason: str
) -> None:
    items, _ = read(file, GOOD + bad.rstrip(b"\n") + b"\n" + line(id="after"), max_line=1000)
    assert len(items) == 3
    assert isinstance(items[1], InvalidLine)
    assert reason in items[1].reason
    assert (items[1].line, items[1].file) == (2, str(file))
    assert isinstance(items[2], Article)


def test_a_line_nested_too_deeply_is_a_bad_line(file: Path) -> None:
    deep = b'{"text": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n"
    items, _ = read(file, deep + GOOD)
    assert isinstance(items[0], InvalidLine)
    assert isinstance(items[1], Article)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\r\n", b"\xef\xbb\xbf", b" \t\n"])
def test_a_file_without_articles_gives_none(file: Path, content: bytes) -> None:
    assert read(file, content)[0] == []


def test_bom_crlf_blank_lines_and_a_missing_last_newline_do_no_harm(file: Path) -> None:
    content = b"\xef\xbb\xbf" + line(id="a").rstrip() + b"\r\n\r\n\n" + line(id="b").rstrip()
    items, reader = read(file, content)
    assert [item.id for item in items if isinstance(item, Article)] == ["a", "b"]
    assert reader.blank == 2


def test_the_same_article_again_is_skipped_and_counted(file: Path) -> None:
    items, reader = read(file, line() + line(id="b") + line())
    assert len(items) == 2
    assert reader.repeated == 1


def test_two_texts_without_ids_are_two_articles(file: Path) -> None:
    items, reader = read(file, b'{"text": "one"}\n{"text": "two"}\n{"text": "one"}\n')
    assert len({item.id for item in items if isinstance(item, Article)}) == 2
    assert reader.repeated == 1


def test_other_names_of_fields_are_mapped_and_the_rest_is_carried(file: Path) -> None:
    content = json.dumps({"nr": 7, "body": "x", "day": "2023.07.03", "text": "other", "topic": 1})
    items, _ = read(file, content.encode(), id="nr", text="body", date="day")
    article = items[0]
    assert isinstance(article, Article)
    assert (article.id, article.text, str(article.date)) == ("7", "x", "2023-07-03")
    assert article.extra == {"topic": 1}


@pytest.mark.parametrize("date", ["soon", "2023", "03/07/2023", 5, 1.5, True, {"year": 2023}])
def test_an_article_with_an_unknown_date_is_processed_without_one_and_counted(
    file: Path, date: object
) -> None:
    items, reader = read(file, line(date=date))
    assert isinstance(items[0], Article)
    assert items[0].date is None
    assert reader.unknown_dates == 1


def test_a_date_may_come_from_the_head_of_the_text(file: Path) -> None:
    content = line(id="a", text="Evening News, July 3, 2023: output rose.") + line(
        id="b", text="x" * 400 + " July 3, 2023"
    )
    content += line(id="c", text="July 3, 2023", date="2024-01-01")
    items, _ = read(file, content, date_from="text")
    found = [(str(i.date), i.date_source) for i in items if isinstance(i, Article)]
    assert found == [("2023-07-03", "text"), ("None", None), ("2024-01-01", "field")]
    first, *_ = read(file, content)[0]
    assert isinstance(first, Article)
    assert first.date is None


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_files_read_like_plain_ones(tmp_path: Path, suffix: str) -> None:
    content = line(id="a") + line(id="b")
    pack = gzip.compress if suffix == ".gz" else zstandard.ZstdCompressor().compress
    items, reader = read(tmp_path / f"in.jsonl{suffix}", pack(content))
    assert [i.id for i in items if isinstance(i, Article)] == ["a", "b"]
    assert reader.position == (tmp_path / f"in.jsonl{suffix}").stat().st_size


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_broken_archive_is_a_bad_line_after_what_could_be_read(
    tmp_path: Path, suffix: str
) -> None:
    items, _ = read(tmp_path / f"in.jsonl{suffix}", b"this is no archive")
    assert len(items) == 1
    assert isinstance(items[0], InvalidLine)
    assert "cannot be read" in items[0].reason


def test_a_cut_archive_keeps_what_came_before_the_cut(tmp_path: Path) -> None:
    content = b"".join(line(id=str(n), text=f"text {n} " * 50) for n in range(2000))
    items, _ = read(tmp_path / "in.jsonl.gz", gzip.compress(content)[:-3000])
    assert isinstance(items[0], Article)
    assert isinstance(items[-1], InvalidLine)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(GOOD)

    monkeypatch.setattr("sys.stdin", Stdin())
    assert [a.id for a in Reader(expand(["-"])) if isinstance(a, Article)] == ["good"]


def test_several_files_and_globs_are_read_in_order(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.jsonl").write_bytes(line(id=name, text=name))
    inputs = expand([str(tmp_path / "c.jsonl"), str(tmp_path / "[ab].jsonl")])
    assert [a.id for a in Reader(inputs) if isinstance(a, Article)] == ["c", "a", "b"]


def test_a_file_whose_name_has_brackets_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "x[1].jsonl").write_bytes(GOOD)
    assert len(expand([str(tmp_path / "x[1].jsonl")])) == 1


def test_a_folder_or_nothing_as_input_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="extractor articles"):
        expand([str(tmp_path)])
    with pytest.raises(UsageError, match="no such file"):
        expand([str(tmp_path / "nothing*.jsonl")])


def test_an_input_that_may_not_be_read_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "gone.jsonl").write_bytes(GOOD)
    inputs = expand([str(tmp_path / "gone.jsonl")])
    (tmp_path / "gone.jsonl").unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        list(Reader(inputs))


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_no_bytes_whatever_break_the_reader(tmp_path: Path, content: bytes) -> None:
    items, _ = read(tmp_path / "any.jsonl", content + b"\n" + GOOD)
    assert isinstance(items[-1], Article)


def test_the_position_is_how_far_the_inputs_were_read(tmp_path: Path) -> None:
    inputs = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in inputs:
        path.write_bytes(line(id=f"{path.stem}1") + line(id=f"{path.stem}2"))
    reader = Reader(expand([str(path) for path in inputs]))
    length = len(line(id="a1"))
    assert [reader.position for _ in reader] == [n * length for n in (1, 2, 3, 4)]
