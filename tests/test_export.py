import csv
import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from pyarrow import parquet

from extractor.errors import UsageError
from extractor.export import Request, export
from extractor.export.columns import holds
from extractor.export.frequency import frequency
from extractor.export.layout import ARTICLES, cells, columns_of
from extractor.export.layout import Row as LayoutRow
from extractor.export.long import long_columns
from extractor.records import RECORD_TYPES, Fund
from extractor.values import Period
from tests.articles import ARTICLE, fund
from tests.exports import (
    EVERYTHING,
    SUFFIXES,
    exported,
    industry,
    loan,
    output,
    rows,
    sheet,
    to,
    wucheng,
)
from tests.outputs import extraction, line


def test_each_record_type_is_a_table_and_so_are_the_articles(tmp_path: Path) -> None:
    database = exported(tmp_path, wucheng())
    found = dict(rows(database, "SELECT table_name, estimated_size FROM duckdb_tables()"))
    assert found == {
        "policies": 1, "funds": 2, "enterprise_counts": 1, "growth_metrics": 1, "articles": 1,
    }  # fmt: skip


def test_a_record_keeps_its_values_and_says_where_it_is_from(tmp_path: Path) -> None:
    own = wucheng()
    ((amount, currency, quote, start, end, article, date, sha, model, recipients),) = rows(
        exported(tmp_path, own),
        "SELECT amount, amount_currency, quote, quote_start, quote_end, article_id, date, "
        "text_sha256, model, recipient_count FROM funds WHERE part_of_id IS NULL",
    )
    assert (amount, currency, recipients) == (Decimal(64_500_000), "CNY", 53)
    assert ARTICLE.text[start:end] == quote
    assert (article, date, sha) == ("wucheng", dt.date(2023, 7, 3), own.text_sha256)
    assert model == own.provenance.model


def test_a_part_names_the_record_of_its_total(tmp_path: Path) -> None:
    ((amount, total),) = rows(
        exported(tmp_path, wucheng()),
        "SELECT part.amount, total.amount FROM funds part JOIN funds total "
        "ON total.record_id = part.part_of_id",
    )
    assert (amount, total) == (Decimal(20_500_000), Decimal(64_500_000))


@pytest.mark.parametrize(
    ("direction", "text", "signed"),
    [("increase", "rose", "12.3"), ("decrease", "fell", "-12.3")],
)
def test_a_decrease_has_a_negative_change_signed(
    tmp_path: Path, direction: str, text: str, signed: str
) -> None:
    found = industry("Wuhan", "12.3%", id_="a", direction=direction)
    query = "SELECT change_signed, freq, flags FROM growth_metrics"
    ((value, freq, flags),) = rows(exported(tmp_path, found), query)
    assert (value, freq, flags) == (Decimal(signed), "ytd", ["year_from_date"])


def test_findings_of_the_checks_are_flags(tmp_path: Path) -> None:
    text = "Banks lent 2 million yuan to firms in Wuhan, including 3 million yuan to mills."
    parts = [
        fund(name="lent", amount="2 million yuan", recipient="firms", evidence=text,
             provider=None, region="Wuhan"),
        fund(name="lent", amount="3 million yuan", recipient="mills", evidence=text,
             provider=None, region="Wuhan", part_of="2 million yuan"),
    ]  # fmt: skip
    found = rows(exported(tmp_path, extraction(text, funds=parts)), "SELECT flags FROM funds")
    assert found == [([],), (["part_above_total"],)]


def test_an_article_without_records_and_one_that_failed_are_told_apart(tmp_path: Path) -> None:
    nothing = extraction("Nothing is said here about anything.", id_="nothing")
    own = output(tmp_path, nothing)
    failed = json.loads(line(nothing)) | {
        "id": "failed",
        "status": "failed",
        "error": {"type": "timeout", "message": "too late", "retryable": True},
    }
    for key in ("records", "rejected", "audit"):
        del failed[key]
    with Path(own).open("a", encoding="utf-8") as file:
        file.write(json.dumps(failed) + "\n")
    summary = export([own], str(tmp_path / "facts.duckdb"), Request())
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        found = database.execute("SELECT article_id, status, records, error FROM articles")
        assert found.fetchall() == [
            ("nothing", "ok", 0, None),
            ("failed", "failed", None, "timeout: too late"),
        ]
    assert (summary.articles, summary.failed) == (1, 1)


def test_a_result_in_a_later_output_stands_for_an_earlier_failure(tmp_path: Path) -> None:
    found = wucheng("a")
    failed = json.loads(line(found)) | {
        "status": "failed",
        "error": {"type": "timeout", "message": "too late", "retryable": True},
    }
    for key in ("records", "rejected", "audit"):
        del failed[key]
    (tmp_path / "one.jsonl").write_text(json.dumps(failed) + "\n", encoding="utf-8")
    both = [str(tmp_path / "one.jsonl"), output(tmp_path, found, name="two.jsonl")]
    summary = export(both, str(tmp_path / "facts.duckdb"), Request())
    assert (summary.articles, summary.failed, summary.tables["funds"]) == (1, 0, 2)


def test_an_article_in_two_outputs_counts_once_from_the_first(tmp_path: Path) -> None:
    one = output(tmp_path, loan("5.5 billion yuan", id_="a"), name="one.jsonl")
    two = output(tmp_path, loan("7.7 billion yuan", id_="a"), wucheng("b"), name="two.jsonl")
    summary = export([one, two], str(tmp_path / "facts.duckdb"), Request())
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        amounts = database.execute("SELECT amount FROM funds WHERE article_id = 'a'").fetchall()
    assert amounts == [(Decimal(5_500_000_000),)]
    assert (summary.repeated, summary.articles) == (1, 2)


def read_parquet(folder: Path) -> list[Any]:
    return list(parquet.read_table(folder / "facts.funds.parquet").column("amount").to_pylist())


def read_csv(folder: Path) -> list[Any]:
    with (folder / "facts.funds.csv").open(encoding="utf-8-sig", newline="") as file:
        return [Decimal(row["amount"]) for row in csv.DictReader(file)]


def read_duckdb(folder: Path) -> list[Any]:
    with duckdb.connect(str(folder / "facts.duckdb"), read_only=True) as database:
        return [cell for (cell,) in database.execute("SELECT amount FROM funds").fetchall()]


def read_sqlite(folder: Path) -> list[Any]:
    database = sqlite3.connect(folder / "facts.sqlite")
    found = [cell for (cell,) in database.execute("SELECT amount FROM funds")]
    database.close()
    return found


def read_dta(folder: Path) -> list[Any]:
    return list(pd.read_stata(folder / "facts.funds.dta")["amount"])


def read_xlsx(folder: Path) -> list[Any]:
    return [float(row["amount"][1]) for row in sheet(folder / "facts.xlsx", 2)]


READERS: dict[str, Callable[[Path], list[Any]]] = {
    "parquet": read_parquet,
    "csv": read_csv,
    "xlsx": read_xlsx,
    "duckdb": read_duckdb,
    "sqlite": read_sqlite,
    "dta": read_dta,
}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_keeps_the_numbers(tmp_path: Path, suffix: str) -> None:
    to(tmp_path / f"facts.{suffix}", wucheng())
    assert READERS[suffix](tmp_path) == [64_500_000, 20_500_000]


@pytest.mark.parametrize("suffix", ["parquet", "csv", "dta"])
def test_a_format_of_one_table_gets_a_file_for_each(tmp_path: Path, suffix: str) -> None:
    to(tmp_path / f"facts.{suffix}", wucheng())
    tables = ("policies", "funds", "enterprise_counts", "growth_metrics", "articles")
    assert {path.name for path in tmp_path.glob(f"facts*.{suffix}")} == {
        f"facts.{table}.{suffix}" for table in tables
    }


def test_one_type_alone_goes_into_the_file_that_was_named(tmp_path: Path) -> None:
    to(tmp_path / "facts.csv", wucheng(), types=(Fund,))
    assert {path.name for path in tmp_path.glob("facts*.csv")} == {
        "facts.csv", "facts.articles.csv",
    }  # fmt: skip


def test_parquet_has_exact_decimals_dates_and_lists(tmp_path: Path) -> None:
    to(tmp_path / "facts.parquet", wucheng(), types=(Fund,))
    schema = parquet.read_schema(tmp_path / "facts.parquet")
    types = {field.name: str(field.type) for field in schema}
    assert types["amount"] == "decimal128(38, 6)"
    assert (types["date"], types["quote_start"]) == ("date32[day]", "int64")
    assert types["flags"].startswith("list<")
    assert schema.field("amount").metadata[b"description"].startswith(b"The amount")


def test_duckdb_has_the_codebook_as_comments(tmp_path: Path) -> None:
    query = (
        "SELECT data_type, comment FROM duckdb_columns() "
        "WHERE table_name = 'funds' AND column_name = 'amount'"
    )
    ((type_, comment),) = rows(exported(tmp_path, wucheng()), query)
    assert type_ == "DECIMAL(38,6)"
    assert comment.startswith("The amount in the currency's base unit")


def test_sqlite_has_whole_numbers_floats_and_iso_dates(tmp_path: Path) -> None:
    to(tmp_path / "facts.sqlite", wucheng())
    database = sqlite3.connect(tmp_path / "facts.sqlite")
    assert database.execute(
        "SELECT typeof(amount), typeof(quote_start), date FROM funds"
    ).fetchone() == ("integer", "integer", "2023-07-03")
    assert database.execute("SELECT typeof(change), change FROM growth_metrics").fetchone() == (
        "real",
        12.3,
    )
    database.close()


def test_stata_has_labels_dates_and_long_texts(tmp_path: Path) -> None:
    found = loan("5.5 billion yuan", id_="i" * 3000)
    to(tmp_path / "facts.dta", found, types=(Fund,))
    with pd.io.stata.StataReader(tmp_path / "facts.dta") as reader:
        labels = reader.variable_labels()
        frame = reader.read()
    assert labels["name"].startswith("What the money is")
    assert frame["date"][0] == pd.Timestamp("2023-07-03")
    assert (frame["article_id"][0], frame["part_of"][0]) == ("i" * 3000, "")


def test_a_workbook_has_a_sheet_for_each_table_with_numbers_and_dates(tmp_path: Path) -> None:
    to(tmp_path / "facts.xlsx", wucheng())
    first, *_ = sheet(tmp_path / "facts.xlsx", 2)
    assert first["amount"] == ("n", "64500000")
    assert first["date"] == ("n", "45110")
    assert first["name"] == ("inlineStr", "special funds")


def test_condition_keeps_the_rows_for_which_it_is_true(tmp_path: Path) -> None:
    database = exported(tmp_path, wucheng(), types=(Fund,), where="amount > 5e7 -- the large ones")
    assert rows(database, "SELECT amount FROM funds") == [(Decimal(64_500_000),)]


def test_condition_may_look_at_the_other_tables(tmp_path: Path) -> None:
    where = "record_id IN (SELECT part_of_id FROM funds)"
    database = exported(tmp_path, wucheng(), types=(Fund,), where=where)
    assert rows(database, "SELECT amount FROM funds") == [(Decimal(64_500_000),)]


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("amount >", "syntax error"),
        ("nothing = 1", "nothing"),
        ("", "SELECT clause"),
        ("1 = 1; DROP TABLE funds", "Cannot have any modifiers"),
        ("1 = 1) OR (1 = 1", "syntax error"),
        ("amount IN (SELECT 1 FROM read_text('/etc/passwd'))", "disabled by configuration"),
        ("kind::INTEGER = 1", "Could not convert"),
        ("count(*) > 1", "aggregates"),
    ],
)
def test_a_wrong_condition_is_a_usage_error_and_writes_nothing(
    tmp_path: Path, where: str, reason: str
) -> None:
    with pytest.raises(UsageError, match=r"--where .* the table funds") as caught:
        exported(tmp_path, wucheng(), types=(Fund,), where=where)
    assert reason in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_column_that_one_type_lacks_is_said_with_the_option_that_helps(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="table policies") as caught:
        exported(tmp_path, wucheng(), where="amount > 1")
    assert "--type" in str(caught.value)


@pytest.mark.parametrize("quotes", [True, False])
def test_only_without_quotes_no_passage_of_the_article_goes_along(
    tmp_path: Path, quotes: bool
) -> None:
    own = wucheng().model_copy(update={"extra": {"teaser": ARTICLE.text[:90]}})
    to(tmp_path / "facts.csv", own, quotes=quotes, merge=True)
    for table in ("growth_metrics", "sources", "articles"):
        content = (tmp_path / f"facts.{table}.csv").read_text(encoding="utf-8")
        assert ("the added value of industries above designated size in" in content) is quotes
        assert ("quote_start" in content) is (table != "articles")


def test_long_is_one_table_with_a_value_and_a_unit(tmp_path: Path) -> None:
    query = "SELECT type, name, value, unit FROM records ORDER BY type, value"
    assert rows(exported(tmp_path, wucheng(), long=True), query) == [
        ("enterprise_count", "little giants", Decimal(12), "enterprises"),
        ("fund", "special funds", Decimal(20_500_000), "CNY"),
        ("fund", "special funds", Decimal(64_500_000), "CNY"),
        (
            "growth_metric",
            "added value of industries above designated size",
            Decimal("12.3"),
            "percent",
        ),
        ("policy", "18 measures to stabilize growth", None, None),
    ]


def test_long_loses_no_column() -> None:
    columns = {type_: columns_of(type_) for type_ in RECORD_TYPES}
    names = {column.name for column in long_columns(columns)}
    renamed = {"category", "indicator"} | {
        f"{field}{part}"
        for field in ("count", "change")
        for part in ("", "_upper", "_bound", "_text", "_unit", "_signed")
    }
    for own in columns.values():
        assert {column.name for column in own} - renamed <= names


def test_panel_has_one_value_for_a_place_series_and_period(tmp_path: Path) -> None:
    found = [
        industry("Wuhan", "5.5%", id_="a"),
        industry("Wuhan", "5.5%", id_="b"),
        industry("Wuhan", "6.1%", id_="c"),
        industry("Hefei", "7.3%", id_="d"),
    ]
    database = exported(tmp_path, *found, panel="growth")
    assert rows(
        database,
        "SELECT place_code, value, sources, sources_of_value, distinct_values, spread, "
        "len(record_ids) FROM panel ORDER BY place_code",
    ) == [
        ("340100", Decimal("7.3"), 1, 1, 1, 0, 1),
        ("420100", Decimal("5.5"), 3, 2, 2, Decimal("0.6"), 3),
    ]


def test_a_conflict_without_a_majority_is_not_resolved(tmp_path: Path) -> None:
    found = [industry("Wuhan", "5.5%", id_="a"), industry("Wuhan", "6.1%", id_="b")]
    with exported(tmp_path, *found, panel="growth") as database:
        panel = database.execute("SELECT value, sources, distinct_values FROM panel").fetchall()
        conflicts = database.execute(
            "SELECT article_id, change_signed, record_id FROM conflicts ORDER BY article_id"
        ).fetchall()
    assert panel == [(None, 2, 2)]
    assert [(article, change) for article, change, _ in conflicts] == [
        ("a", Decimal("5.5")),
        ("b", Decimal("6.1")),
    ]
    assert {record_id for *_, record_id in conflicts} == {
        own.records.growth_metrics[0].record_id for own in found
    }


def test_an_exact_value_stands_before_a_bound(tmp_path: Path) -> None:
    found = [industry("Wuhan", "over 5%", id_=id_) for id_ in "ab"]
    found.append(industry("Wuhan", "5.2%", id_="c"))
    database = exported(tmp_path, *found, panel="growth")
    query = "SELECT value, bound, sources, distinct_values FROM panel"
    assert rows(database, query) == [(Decimal("5.2"), "exact", 3, 1)]


def test_a_park_is_not_its_city_in_a_panel(tmp_path: Path) -> None:
    found = industry("Wuhan Economic Development Zone", "5.5%", id_="a")
    assert found.records.growth_metrics[0].place
    assert rows(exported(tmp_path, found, panel="growth"), "SELECT * FROM panel") == []


@pytest.mark.parametrize(
    "request_",
    [
        Request(panel="growth", merge=True),
        Request(panel="growth", long=True),
        Request(panel="nothing"),
        Request(panel="growth", types=(Fund,)),
    ],
)
def test_a_panel_that_cannot_be_is_a_usage_error(tmp_path: Path, request_: Request) -> None:
    with pytest.raises(UsageError, match="panel"):
        export([output(tmp_path, wucheng())], str(tmp_path / "facts.csv"), request_)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("2022-05-09", "day"), ("May 2022", "month"), ("the second quarter of 2022", "quarter"),
        ("the first half of 2022", "half_year"), ("2022", "year"),
        ("from January to May 2022", "ytd"), ("the 14th Five-Year Plan period", "years"),
        ("as of the end of May 2022", "as_of"), ("since 2022", "since"),
        ("from March to May 2022", "other"), ("in recent years", None),
    ],
)  # fmt: skip
def test_length_of_a_period_is_classed(phrase: str, expected: str | None) -> None:
    assert frequency(Period.parse(phrase, dt.date(2022, 12, 31))) == expected


def test_no_period_has_no_length() -> None:
    assert frequency(None) is None


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (Decimal("1.123456"), True), (Decimal("1.1234567"), False), (Decimal("9e31"), True),
        (Decimal("1e32"), False), (Decimal(0), True), (Decimal("1.10000000"), True),
    ],
)  # fmt: skip
def test_a_decimal_column_says_what_it_keeps(number: Decimal, kept: bool) -> None:
    assert holds("decimal", number) is kept


def test_a_number_that_no_column_keeps_is_null_and_flagged(tmp_path: Path) -> None:
    own = loan("5.5 billion yuan", id_="a")
    (record,) = own.records.funds
    tiny = record.amount.model_copy(update={"value": Decimal("1e-9")})
    row = LayoutRow(record.model_copy(update={"amount": tiny}), own, frozenset({"carried"}), None)
    found = dict(zip([c.name for c in columns_of(Fund)], cells(row), strict=True))
    assert (found["amount"], found["flags"]) == (None, ["carried", "out_of_range"])
    assert found["amount_text"] == "5.5 billion yuan"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_package_describes_every_table_and_its_files(tmp_path: Path, suffix: str) -> None:
    to(tmp_path / f"facts.{suffix}", wucheng(), where="status = 'actual'")
    package = json.loads((tmp_path / f"facts.{suffix}.datapackage.json").read_bytes())
    assert package["extractor"]["where"] == "status = 'actual'"
    assert [resource["name"] for resource in package["resources"]] == [
        "policies", "funds", "enterprise-counts", "growth-metrics", "articles",
    ]  # fmt: skip
    for resource in package["resources"]:
        path = tmp_path / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert set(resource["schema"]["primaryKey"]) <= {
            field["name"] for field in resource["schema"]["fields"]
        }


def test_codebook_explains_every_column(tmp_path: Path) -> None:
    to(tmp_path / "facts.csv", wucheng(), merge=True)
    text = (tmp_path / "facts.csv.codebook.md").read_text(encoding="utf-8")
    with (tmp_path / "facts.funds.csv").open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    for name in header:
        described = [row for row in text.splitlines() if row.startswith(f"| `{name}` |")]
        assert described, name
        assert all(len(row.split(" | ")[3]) > 10 for row in described), name


def test_every_column_has_a_meaning_and_a_name_for_every_format() -> None:
    for columns in (ARTICLES, *map(columns_of, RECORD_TYPES)):
        names = [column.name for column in columns]
        assert len(set(names)) == len(names)
        for column in columns:
            assert column.meaning, column.name
            assert column.name.isidentifier()
            assert len(column.name) <= 32


def test_two_exports_of_one_output_are_equal(tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        to(tmp_path / "facts.parquet", wucheng(), merge=True)
        contents.append({p.name: p.read_bytes() for p in tmp_path.glob("facts*")})
    assert contents[0] == contents[1]


def test_rows_come_in_the_order_of_the_output(tmp_path: Path) -> None:
    found = [loan(f"{n}.5 billion yuan", id_=f"a{n}") for n in (3, 1, 2)]
    query = "SELECT article_id FROM funds"
    assert rows(exported(tmp_path, *found), query) == [("a3",), ("a1",), ("a2",)]


def test_everything_drafted_is_there() -> None:
    assert len(wucheng().records) == sum(len(drafts) for drafts in EVERYTHING.values())
