import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from extractor import Extraction
from extractor.cli import unmatched as cli
from extractor.records import gazetteer, indicators, places
from extractor.records.indicators import indicator_code
from extractor.records.places import resolve
from extractor.unmatched import CODE, TABLES, Unmatched, unmatched
from tests.articles import fund, growth
from tests.outputs import extraction, line

TEXT = (
    "In Zhoubei Town, sales of glass lamps grew by 4.5%. Sales of Glass Lamps in Wuhan rose by "
    "5.5%. Suzhou arranged funds of 20 million yuan. Exports of Wuhan grew by 6.5%."
)


def lamps(change: str, region: str | None, indicator: str, evidence: str) -> dict[str, Any]:
    return growth(
        indicator=indicator,
        change=change,
        region=region,
        basis="unspecified",
        period=None,
        evidence=evidence,
    )


@pytest.fixture(scope="module")
def found() -> Extraction:
    return extraction(
        TEXT,
        growth=[
            lamps("4.5%", "Zhoubei", "sales of glass lamps", "sales of glass lamps grew by 4.5%"),
            lamps("5.5%", "Wuhan", "Sales of Glass Lamps", "Sales of Glass Lamps in Wuhan rose by "
                  "5.5%"),
            lamps("6.5%", None, "Exports", "Exports of Wuhan grew by 6.5%"),
        ],
        funds=[
            fund(
                name="funds",
                amount="20 million yuan",
                provider=None,
                recipient=None,
                region="Suzhou",
                evidence="Suzhou arranged funds of 20 million yuan",
            )
        ],
    )  # fmt: skip


def of_kind(entries: list[Unmatched], kind: str) -> list[Unmatched]:
    return [entry for entry in entries if entry.kind == kind]


def test_an_indicator_without_a_code_is_counted_in_any_case_with_an_example(
    found: Extraction,
) -> None:
    (entry,) = of_kind(unmatched([found]), "indicator")
    assert (entry.spelling, entry.records, entry.articles) == ("Sales of Glass Lamps", 2, 1)
    assert (entry.id, entry.quote) == ("a", "sales of glass lamps grew by 4.5%")


def test_a_region_that_may_be_several_divisions_has_them_and_no_row(found: Extraction) -> None:
    (entry,) = of_kind(unmatched([found]), "ambiguous_region")
    assert entry.spelling == "Suzhou"
    assert len(entry.candidates) >= 2
    assert entry.row is None


def test_a_region_that_no_division_is_found_for_is_listed(found: Extraction) -> None:
    assert [e.spelling for e in of_kind(unmatched([found]), "region")] == ["Zhoubei"]


def test_the_most_frequent_of_a_kind_comes_first(found: Extraction) -> None:
    other = extraction(
        "Lamp orders rose by 7.5%.",
        id_="b",
        growth=[lamps("7.5%", None, "Lamp orders", "Lamp orders rose by 7.5%")],
    )
    entries = of_kind(unmatched([other, found, found.model_copy(update={"id": "c"})]), "indicator")
    assert [(e.spelling, e.records, e.articles) for e in entries] == [
        ("Sales of Glass Lamps", 4, 2),
        ("Lamp orders", 1, 1),
    ]


def test_nothing_is_listed_of_an_output_with_nothing_in_it() -> None:
    assert unmatched([]) == []
    assert unmatched([extraction("Nothing of note happened.")]) == []


def test_the_tables_that_are_named_are_there() -> None:
    root = Path(__file__).parent.parent
    assert all((root / table).is_file() for table in TABLES.values())


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """Rows to add to tables, by file name."""
    rows: dict[str, list[str]] = {}
    read_table = gazetteer.read_table

    def reading(name: str) -> Iterator[list[str]]:
        yield from read_table(name)
        if name in rows:
            yield rows[name]

    caches = (gazetteer.spellings, gazetteer.index, indicators._codes, places._resolve)
    monkeypatch.setattr(gazetteer, "read_table", reading)
    monkeypatch.setattr(indicators, "read_table", reading)
    for cache in caches:
        cache.cache_clear()
    yield rows
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize(("kind", "code"), [("indicator", "exports"), ("region", "420100")])
def test_a_row_with_its_code_filled_in_gives_the_wording_that_code(
    found: Extraction, added: dict[str, list[str]], kind: str, code: str
) -> None:
    (entry,) = of_kind(unmatched([found]), kind)
    assert entry.row is not None
    added[Path(TABLES[entry.kind]).name] = entry.row.replace(CODE, code).split("\t")
    if kind == "indicator":
        assert indicator_code(entry.spelling) == code
    else:
        place = resolve(entry.spelling)
        assert place is not None
        assert place.code == code


app = typer.Typer()
app.command()(cli.command)


def test_the_command_says_what_to_edit(found: Extraction, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_bytes(line(found))
    done = CliRunner().invoke(app, [str(tmp_path / "out.jsonl")], env={"COLUMNS": "150"})
    assert done.exit_code == 0
    assert "Sales of Glass Lamps" in done.stdout
    for table in TABLES.values():
        assert table in done.stdout
    assert "1 articles, 3 wordings without a code" in done.stderr


def test_the_command_gives_a_json_line_for_each_wording(found: Extraction, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_bytes(line(found))
    done = CliRunner().invoke(app, [str(tmp_path / "out.jsonl"), "--json", "--limit", "1"])
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["region", "ambiguous_region", "indicator"]
    assert rows[2]["row"].endswith("\tCODE")


def test_an_invalid_line_is_said_and_ends_the_command_with_1(
    found: Extraction, tmp_path: Path
) -> None:
    (tmp_path / "out.jsonl").write_bytes(line(found) + line(found, id="b")[:100])
    done = CliRunner().invoke(app, [str(tmp_path / "out.jsonl")])
    assert done.exit_code == 1
    assert "out.jsonl, line 2" in done.stderr
    assert "1 invalid lines" in done.stderr
