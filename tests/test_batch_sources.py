import csv
import datetime as dt
from pathlib import Path

import pytest

from extractor.batch.reading import InvalidLine
from extractor.batch.sources import Columns, collect, read_text
from extractor.errors import UsageError

TEXT = """Wucheng's lamps light up the world

Source: Lantern Evening Post
Author: Lin Xi
Time: 2023-07-03 08:15

Output rose by 5%.
"""


def test_header_lines_become_fields_and_the_text_stays_whole() -> None:
    line = read_text(TEXT)
    assert line == {
        "title": "Wucheng's lamps light up the world",
        "source": "Lantern Evening Post",
        "author": "Lin Xi",
        "date": "2023-07-03",
        "text": TEXT,
    }


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("date 2023-07-03 Lamps light up", {"date": "2023-07-03", "title": "Lamps light up"}),
        (
            "Lamps\n\nJuly 03, 2023\n\nSource: X",
            {"title": "Lamps", "date": "2023-07-03", "source": "X"},
        ),
        (
            "灯饰之都\n来源：灯城晚报\n时间：2023年7月3日",
            {"title": "灯饰之都", "source": "灯城晚报", "date": "2023-07-03"},
        ),
        ("Lamps\n2023-07-03 08:21 Editor: Hu", {"title": "Lamps", "date": "2023-07-03"}),
        ("Time flies when output rises.\nIt rose.", {"title": "Time flies when output rises."}),
        ("Time: soon\nMore", {"title": "Time: soon"}),
    ],
)
def test_the_head_of_a_file_is_understood(head: str, fields: dict[str, str]) -> None:
    text = f"{head}\n\nOutput rose by 5%."
    assert read_text(text) == {**fields, "text": text}


def test_a_header_word_further_down_is_text() -> None:
    text = "Title\n" + "line\n" * 10 + "Source: nobody\n"
    assert "source" not in read_text(text)


def test_a_folder_gives_its_files_sorted_with_ids_from_their_paths(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).write_text(f"Head\n\n{name}", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    lines = list(collect([str(tmp_path)], Columns()))
    assert [line["id"] for line in lines if isinstance(line, dict)] == ["a", "b", "sub/c"]


@pytest.mark.parametrize(("content", "reason"), [(b"\xff\xfe\xff", "not UTF-8"), (b" \n", "empty")])
def test_a_bad_text_file_is_left_out_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "x.txt").write_bytes(content)
    (item,) = collect([str(tmp_path)], Columns())
    assert isinstance(item, InvalidLine)
    assert reason in item.reason


def test_csv_rows_become_lines_under_mapped_names(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nr", "body", "day", "topic"])
        writer.writerow(["1", "line one\nline two", "2023-07-03", "steel"])
        writer.writerow(["2", "", "", ""])
    lines = list(collect([str(path)], Columns("nr", "body", "day")))
    assert lines[0] == {
        "id": "1",
        "text": "line one\nline two",
        "date": "2023-07-03",
        "topic": "steel",
    }
    assert isinstance(lines[1], InvalidLine)


def test_a_table_without_the_text_column_is_left_out_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "one.txt").write_text("Head\n\nBody", encoding="utf-8")
    bad, good = collect([str(tmp_path)], Columns())
    assert isinstance(bad, InvalidLine)
    assert "--text-field" in bad.reason
    assert isinstance(good, dict)


def test_a_csv_that_is_not_utf8_is_left_out_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"id,text\xff\n1,x\n")
    (item,) = collect([str(tmp_path)], Columns())
    assert isinstance(item, InvalidLine)
    assert "cannot be read" in item.reason


def test_parquet_rows_become_lines(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table(
        {
            "id": [1, 2],
            "text": ["one", None],
            "date": [dt.date(2023, 7, 3), None],
            "n": [float("nan"), 2.5],
        }
    )
    parquet.write_table(table, tmp_path / "in.parquet")
    lines = list(collect([str(tmp_path / "in.parquet")], Columns()))
    assert lines[0] == {"id": 1, "text": "one", "date": dt.date(2023, 7, 3)}
    assert isinstance(lines[1], InvalidLine)


def test_a_broken_parquet_file_is_reported(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "in.parquet").write_bytes(b"PAR1 no parquet PAR1")
    (item,) = collect([str(tmp_path / "in.parquet")], Columns())
    assert isinstance(item, InvalidLine)


@pytest.mark.parametrize("name", ["missing", "notes.docx"])
def test_what_is_not_understood_is_a_usage_error(tmp_path: Path, name: str) -> None:
    if name.endswith("docx"):
        (tmp_path / name).touch()
    with pytest.raises(UsageError):
        list(collect([str(tmp_path / name)], Columns()))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no \.txt"):
        list(collect([str(tmp_path / "empty")], Columns()))
