"""Folders of text files, CSV and Parquet to input lines."""

from __future__ import annotations

import csv
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor.article import find_date, parse_date
from extractor.batch.reading import InvalidLine
from extractor.errors import MissingExtraError, UsageError

_HEADERS = {
    "source": "source",
    "来源": "source",
    "author": "author",
    "作者": "author",
    "editor": "editor",
    "编辑": "editor",
    "time": "date",
    "date": "date",
    "published": "date",
    "时间": "date",
    "日期": "date",
    "发布时间": "date",
    "title": "title",
    "标题": "title",
    "url": "url",
    "link": "url",
    "链接": "url",
}
_HEADER = re.compile(
    rf"^\s*(?P<key>{'|'.join(_HEADERS)})\s*(?:[:：]\s*|\s(?=\d{{4}}))(?P<value>.+?)\s*$", re.I
)
_HEAD_LINES = 8
_LONGEST_TITLE = 200
_LONGEST_DATELINE = 60

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that hold an article's fields."""

    id: str = "id"
    text: str = "text"
    date: str = "date"


def collect(paths: Sequence[str], columns: Columns) -> Iterator[Line | InvalidLine]:
    """Input lines out of text files, CSV and Parquet, in the order of `paths`.

    A folder gives its files of these kinds, sorted by path; a text file gives one line whose
    id is its path below the folder.

    Raises:
        UsageError: a path does not exist or is of no such kind.
        MissingExtraError: Parquet without pyarrow.
    """
    for file, name in source_files(paths):
        yield from _READERS[file.suffix.lower()](file, name, columns)


def source_files(paths: Sequence[str]) -> list[tuple[Path, str]]:
    """The files that `paths` name, each with the name that its id is made of.

    Raises:
        UsageError: a path does not exist or is of no such kind.
    """
    found: list[tuple[Path, str]] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in _READERS and p.is_file()
            )
            if not inside:
                raise UsageError(f"{given}: no .txt, .csv, .tsv or .parquet file in this folder")
            found += [(file, file.relative_to(path).as_posix()) for file in inside]
        elif not path.is_file():
            raise UsageError(f"{given}: no such file")
        elif path.suffix.lower() not in _READERS:
            raise UsageError(f"{given}: .txt, .csv, .tsv and .parquet files are understood")
        else:
            found.append((path, path.as_posix()))
    return found


def read_text(text: str) -> Line:
    """The fields of a text file: its header lines, its title and date, and its text.

    Header lines ("Source: …", "Time: 2023-07-03", "date 2023-07-03 Title") count among the
    first lines only. The text is the whole file, headers included: they are part of what an
    article says, and a model reads them too.
    """
    lines = [row.strip() for row in text.splitlines() if row.strip()][:_HEAD_LINES]
    line: Line = {}
    plain = []
    for row in lines:
        found = _header(row)
        if found:
            line = found | line
        else:
            plain.append(row)
    if plain and len(plain[0]) <= _LONGEST_TITLE and len(lines) > 1:
        line.setdefault("title", plain[0])
    dates = (find_date(row) for row in plain[:4] if len(row) < _LONGEST_DATELINE)
    day = next(filter(None, dates), None)
    if day is not None:
        line.setdefault("date", day.isoformat())
    return {**line, "text": text}


def _header(row: str) -> Line | None:
    """What a header line says, or None if it is none."""
    match = _HEADER.match(row)
    if match is None or len(row) > 2 * _LONGEST_TITLE:
        return None
    key, value = _HEADERS[match["key"].lower()], match["value"]
    if key != "date":
        return {key: value}
    day = parse_date(value) or find_date(value)
    if day is None:
        return None
    # "date 2023-07-03 Lamps light up the world": a title may follow the date.
    title = re.sub(r"^[\d.\-/年月]+日?\s*(?:[Tt]?\d\d?:[\d:]+)?\s*", "", value)
    return {"date": day.isoformat()} | ({"title": title} if title and title != value else {})


def _text(path: Path, name: str, columns: Columns) -> Iterator[Line | InvalidLine]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        yield InvalidLine(str(path), 1, f"not UTF-8 at byte {error.start + 1}")
        return
    except OSError as error:
        yield InvalidLine(str(path), 1, f"cannot be read: {error.strerror}")
        return
    if not text.strip():
        yield InvalidLine(str(path), 1, "text is empty")
        return
    yield {"id": name[: -len(path.suffix)], **read_text(text)}


def _csv(path: Path, name: str, columns: Columns) -> Iterator[Line | InvalidLine]:
    csv.field_size_limit(sys.maxsize)
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
            if columns.text not in (rows.fieldnames or ()):
                yield _without_text(columns, path)
                return
            for row in rows:
                number = rows.line_num
                yield _row({k: v for k, v in row.items() if k and v}, columns, path, number)
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        yield InvalidLine(str(path), number + 1, f"the rest cannot be read: {error}")


def _parquet(path: Path, name: str, columns: Columns) -> Iterator[Line | InvalidLine]:
    try:
        import pyarrow.lib
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("reading Parquet", "export") from None
    number = 0
    try:
        file = pyarrow.parquet.ParquetFile(path)
        if columns.text not in file.schema_arrow.names:
            yield _without_text(columns, path)
            return
        for batch in file.iter_batches(batch_size=256):
            for row in batch.to_pylist():
                number += 1
                yield _row({k: v for k, v in row.items() if _has(v)}, columns, path, number)
    except (pyarrow.lib.ArrowException, OSError) as error:
        yield InvalidLine(str(path), number + 1, f"the rest cannot be read: {error}")


def _has(value: Any) -> bool:
    """Whether a cell has a value that JSON can hold."""
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def _without_text(columns: Columns, path: Path) -> InvalidLine:
    return InvalidLine(
        str(path),
        1,
        f"there is no column {columns.text!r}: name the one that holds the text with --text-field",
    )


def _row(row: Line, columns: Columns, path: Path, number: int) -> Line | InvalidLine:
    line: Line = {
        own: row.pop(given)
        for own, given in (("id", columns.id), ("text", columns.text), ("date", columns.date))
        if given in row
    }
    if not str(line.get("text", "")).strip():
        return InvalidLine(str(path), number, "text is empty")
    line["text"] = str(line["text"])
    return {**line, **row}


_READERS: dict[str, Callable[[Path, str, Columns], Iterator[Line | InvalidLine]]] = {
    ".txt": _text,
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": _parquet,
}
