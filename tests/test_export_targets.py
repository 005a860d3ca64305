"""What an export must not lose, and what hostile content must not do to it."""

import csv
import errno
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import zstandard
from typer.testing import CliRunner

from extractor.cli.app import app
from extractor.errors import MissingExtraError, RunStoppedError, UsageError
from extractor.export import Request, export, running
from extractor.export.formats import FORMATS, excel
from extractor.export.formats.texts import plain, printable
from extractor.records import Fund
from tests.articles import ARTICLE
from tests.exports import SUFFIXES, industry, loan, output, sheet, to, wucheng
from tests.outputs import line

RUNNER = CliRunner()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_output_gives_tables_without_rows(tmp_path: Path, suffix: str) -> None:
    summary = to(tmp_path / f"facts.{suffix}", merge=True)
    assert set(summary.tables.values()) == {0}
    assert f"facts.{suffix}.datapackage.json" in names(tmp_path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_earlier_export_is_replaced(tmp_path: Path, suffix: str) -> None:
    to(tmp_path / f"facts.{suffix}", wucheng())
    before = names(tmp_path)
    to(tmp_path / f"facts.{suffix}", loan("5.5 billion yuan", id_="a"))
    assert names(tmp_path) == before


def test_files_that_a_new_export_does_not_write_are_removed(tmp_path: Path) -> None:
    to(tmp_path / "facts.csv", wucheng())
    (tmp_path / "facts.policies.csv").write_text("mine", encoding="utf-8")
    to(tmp_path / "facts.csv", wucheng(), types=(Fund,))
    assert {name for name in names(tmp_path) if name.endswith(".csv")} == {
        "facts.csv", "facts.articles.csv", "facts.policies.csv",
    }  # fmt: skip


def test_a_file_that_is_no_export_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "facts.duckdb"
    with duckdb.connect(str(target)) as database:
        database.execute("CREATE TABLE mine AS SELECT 1 AS a")
    before = target.read_bytes()
    with pytest.raises(UsageError, match="does not say that it is an export"):
        to(target, wucheng())
    assert target.read_bytes() == before


def test_an_export_to_which_a_table_was_added_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "facts.duckdb"
    to(target, wucheng())
    with duckdb.connect(str(target)) as database:
        database.execute("CREATE TABLE mine AS SELECT 1 AS a")
    with pytest.raises(UsageError, match="not as it was exported"):
        to(target, wucheng())


def test_a_description_by_another_program_is_not_replaced(tmp_path: Path) -> None:
    own = tmp_path / "facts.csv.datapackage.json"
    own.write_text('{"resources": []}', encoding="utf-8")
    with pytest.raises(UsageError, match="export"):
        to(tmp_path / "facts.csv", wucheng())
    assert own.read_text(encoding="utf-8") == '{"resources": []}'


def test_a_database_that_is_open_elsewhere_is_not_replaced(tmp_path: Path) -> None:
    to(tmp_path / "facts.duckdb", wucheng())
    (tmp_path / "facts.duckdb.wal").write_bytes(b"")
    with pytest.raises(UsageError, match="open in another program"):
        to(tmp_path / "facts.duckdb", wucheng())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("facts", "suffix"), ("facts.json", ".parquet, .csv"), (".csv", "suffix"), ("", "suffix"),
        ("missing/facts.csv", "folder"), ("folder.csv", "is a folder"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_is_a_usage_error(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    own = output(tmp_path, wucheng())
    with pytest.raises(UsageError, match=reason):
        export([own], str(tmp_path / name) if name else "", Request())


@pytest.mark.parametrize("name", ["out.csv", "link.csv"])
def test_an_input_is_not_overwritten(tmp_path: Path, name: str) -> None:
    own = output(tmp_path, wucheng(), name="out.csv")
    (tmp_path / "link.csv").symlink_to(own)
    before = Path(own).read_bytes()
    with pytest.raises(UsageError, match="is an input"):
        export([own], str(tmp_path / name), Request(types=(Fund,)))
    assert Path(own).read_bytes() == before


def test_a_link_keeps_pointing_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "facts.csv").symlink_to(tmp_path / "deep" / "real.csv")
    to(tmp_path / "facts.csv", wucheng(), types=(Fund,))
    assert (tmp_path / "facts.csv").is_symlink()
    assert (tmp_path / "deep" / "real.csv").is_file()


def test_a_folder_that_may_not_be_written_is_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("extractor.export.targets.tempfile.mkdtemp", refuse)
    own = output(tmp_path, wucheng())
    with pytest.raises(UsageError, match=r"facts\.csv cannot be written: Permission denied"):
        export([own], str(tmp_path / "facts.csv"), Request())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"facts.{suffix}"
    to(target, wucheng())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(path: Path, tables: Any) -> dict[str, int]:
        path.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    formats = {f".{suffix}": FORMATS[f".{suffix}"]._replace(write=full)}
    monkeypatch.setattr("extractor.export.targets.FORMATS", formats)
    with pytest.raises(RunStoppedError, match="No space left on device"):
        export([str(tmp_path / "out.jsonl")], str(target), Request())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "refusal",
    [sqlite3.OperationalError("database or disk is full"), duckdb.IOException("No space left")],
)
def test_what_a_database_says_of_a_full_disk_is_one_error(
    tmp_path: Path, refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(running, "_write", refuse)
    with pytest.raises(RunStoppedError, match="could not be written"):
        to(tmp_path / "facts.sqlite", wucheng())
    assert names(tmp_path) == {"out.jsonl"}


@pytest.mark.parametrize(("suffix", "package"), [(".xlsx", "xlsxwriter"), (".dta", "pandas")])
def test_a_missing_package_is_one_sentence(
    tmp_path: Path, suffix: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "extractor.export.running.find_spec",
        lambda name: None if name == package else find_spec(name),
    )
    with pytest.raises(MissingExtraError, match=r"pip install 'extractor\[export\]'"):
        to(tmp_path / f"facts{suffix}", wucheng())
    to(tmp_path / "facts.csv", wucheng())


def test_the_command_starts_without_the_packages_of_the_extra() -> None:
    code = (
        "import sys; from extractor.cli.app import app\n"
        "loaded = {'duckdb', 'pyarrow', 'pandas', 'xlsxwriter', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def hostile(text: str) -> Any:
    """A record whose texts are `text`."""
    own = loan("5.5 billion yuan", id_="a")
    (record,) = own.records.funds
    record = record.model_copy(update={"name": text, "provider": text})
    records = own.records.model_copy(update={"funds": [record]})
    about = own.article.model_copy(update={"title": text})
    return own.model_copy(update={"records": records, "article": about, "id": f"{text}\n\"'"})


FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_in_a_csv_is_a_formula(tmp_path: Path, text: str) -> None:
    to(tmp_path / "facts.csv", hostile(text), types=(Fund,))
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"] == row["title"] == f"'{text}"
    assert row["article_id"] == f"'{text}\n\"'"
    assert row["amount"] == "5500000000"


def test_a_negative_number_in_a_csv_stays_a_number(tmp_path: Path) -> None:
    to(tmp_path / "facts.csv", industry("Wuhan", "5.5%", id_="a", direction="decrease"), long=True)
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["value"] == "-5.5"


@pytest.mark.parametrize("text", [*FORMULAS, "http://example.org", "{=1}", "12"])
def test_no_text_in_a_workbook_is_a_formula_a_link_or_a_number(tmp_path: Path, text: str) -> None:
    to(tmp_path / "facts.xlsx", hostile(text), types=(Fund,))
    (first,) = sheet(tmp_path / "facts.xlsx", 1)
    found = first["name"]
    assert found[0] == "inlineStr"
    assert found[1].replace("_x000D_", "\r") == text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_control_characters_and_other_scripts_go_through_every_format(
    tmp_path: Path, suffix: str
) -> None:
    to(tmp_path / f"facts.{suffix}", hostile("a\x00b\x1b\ufffe\U0001f3ed\u202e\u2028产业"))


def test_parquet_and_duckdb_keep_every_character(tmp_path: Path) -> None:
    text = "a\x00b\x1b\ufffe\U0001f3ed\u202e产业"
    to(tmp_path / "facts.duckdb", hostile(text))
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        assert database.execute("SELECT name FROM funds").fetchone() == (text,)


def test_other_formats_have_a_mark_for_each_control_character() -> None:
    assert printable("a\x00b\x1b\n\t产") == "a\ufffdb\ufffd\n\t产"


def test_numbers_are_written_without_an_exponent() -> None:
    assert [plain(Decimal(text)) for text in ("1E+20", "12.300000", "0.000000", "-5.5")] == [
        "100000000000000000000", "12.3", "0", "-5.5",
    ]  # fmt: skip


def test_a_sheet_that_is_too_long_is_a_usage_error_that_names_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "ROWS", 3)
    to(tmp_path / "facts.xlsx", wucheng())
    with pytest.raises(UsageError, match=r"records has 5 rows.*\.parquet"):
        to(tmp_path / "long.xlsx", wucheng(), long=True)
    assert not list(tmp_path.glob("long*"))


def test_a_sheet_holds_as_many_rows_as_excel() -> None:
    assert excel.ROWS == 2**20


@pytest.mark.parametrize("letter", ["x", "产", "\U0001f3ed"])
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_said(tmp_path: Path, letter: str) -> None:
    own = hostile(letter * 40_000)
    summary = to(tmp_path / "facts.xlsx", own, types=(Fund,))
    (first,) = sheet(tmp_path / "facts.xlsx", 1)
    found = first["name"][1]
    assert len(found.encode("utf-16-le")) // 2 in (32_766, 32_767)
    # name, provider, title and id of the record; title and id of the article
    assert summary.notes == {"texts were cut to Excel's 32,767 characters": 6}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("year", ["0001", "1850", "1900", "9999"])
def test_dates_far_away_go_through_every_format(tmp_path: Path, suffix: str, year: str) -> None:
    found = json.loads(line(loan("5.5 billion yuan", id_="a")))
    found["article"]["date"] = f"{year}-01-02"
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps(found) + "\n", encoding="utf-8")
    summary = export([str(path)], str(tmp_path / f"facts.{suffix}"), Request(types=(Fund,)))
    if suffix == "dta":
        day = pd.read_stata(tmp_path / "facts.dta")["date"][0]
        assert pd.isna(day) if year == "0001" else str(day).startswith(f"{year}-01-02")
        assert bool(summary.notes) is (year == "0001")
    if suffix == "xlsx":
        (first,) = sheet(tmp_path / "facts.xlsx", 1)
        expected = ("n", "2958102") if year == "9999" else ("inlineStr", f"{year}-01-02")
        assert first["date"] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"value":5500000000', '"value":1e30'),
        ('"value":5500000000', '"value":NaN'),
        ('"extra":{}', r'"extra":{"a":"\ud800"}'),
        ('"revision":1', '"revision":0'),
        ('"kind":"loan"', '"kind":"gift"'),
    ],
)
def test_a_line_that_is_no_output_line_is_told_and_left_out(
    tmp_path: Path, old: str, new: str
) -> None:
    good, bad = (line(loan("5.5 billion yuan", id_=id_)).decode() for id_ in "ab")
    assert old in bad
    (tmp_path / "out.jsonl").write_text(good + bad.replace(old, new), encoding="utf-8")
    done = RUNNER.invoke(
        app, ["export", str(tmp_path / "out.jsonl"), str(tmp_path / "facts.duckdb")]
    )
    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert "1 invalid lines" in done.stderr
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM funds").fetchone() == (1,)


def test_a_count_beyond_every_column_is_null_and_flagged(tmp_path: Path) -> None:
    found = json.loads(line(wucheng()))
    found["records"]["enterprise_counts"][0]["count"]["value"] = 10**30
    (tmp_path / "out.jsonl").write_text(json.dumps(found) + "\n", encoding="utf-8")
    export([str(tmp_path / "out.jsonl")], str(tmp_path / "facts.duckdb"), Request())
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        query = 'SELECT "count", count_text, flags[1] FROM enterprise_counts'
        assert database.execute(query).fetchone() == (None, "12", "out_of_range")


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_outputs_are_read(tmp_path: Path, suffix: str) -> None:
    pack = gzip.compress if suffix == ".gz" else zstandard.ZstdCompressor().compress
    path = tmp_path / f"out.jsonl{suffix}"
    path.write_bytes(pack(line(wucheng())))
    assert export([str(path)], str(tmp_path / "facts.csv"), Request()).tables["funds"] == 2


def test_standard_input_is_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extractor", "export", "-", str(tmp_path / "facts.csv")]
    done = subprocess.run(command, input=line(wucheng()), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2 funds" in done.stderr.decode()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    own = output(tmp_path, wucheng("a"), wucheng("b"))
    target = str(tmp_path / "facts.duckdb")
    options = ["--merge", "--type", "fund", "--where", "amount > 5e7", "--without-quotes"]
    done = RUNNER.invoke(app, ["export", own, target, *options])
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines() == [
        f"{target}: 1 funds, 2 sources, 0 conflicts, 2 articles",
        "2 articles read",
    ]


def test_a_target_alone_is_a_usage_error(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["export", str(tmp_path / "facts.csv")])
    assert done.exit_code == 2


def test_the_text_of_the_articles_is_in_no_file(tmp_path: Path) -> None:
    to(tmp_path / "facts.csv", wucheng())
    for path in tmp_path.glob("facts*"):
        assert ARTICLE.text not in path.read_text(encoding="utf-8")
