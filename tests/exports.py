"""Exports for tests: outputs of invented articles, and the tables that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import duckdb

from extractor import Extraction
from extractor.export import Request, Summary, export
from tests.articles import ARTICLE, count, fund, growth, policy
from tests.outputs import extraction, line

SUFFIXES = ("parquet", "csv", "xlsx", "duckdb", "sqlite", "dta")

EVERYTHING: dict[str, Any] = {
    "growth": [growth()],
    "funds": [
        fund(),
        fund(
            name="special funds", amount="20.5 million yuan", recipient="12 little giants",
            part_of="64.5 million yuan",
        ),
    ],
    "counts": [count()],
    "policies": [policy()],
}  # fmt: skip


def wucheng(id_: str = "wucheng") -> Extraction:
    """An article with records of every type."""
    return extraction(ARTICLE.text, id_=id_, date="2023-07-03", **EVERYTHING)


def output(folder: Path, *extractions: Extraction, name: str = "out.jsonl") -> str:
    """An output file that holds the extractions."""
    path = folder / name
    path.write_bytes(b"".join(line(found) for found in extractions))
    return str(path)


def exported(
    folder: Path, *extractions: Extraction, decisions: str | None = None, **request: Any
) -> duckdb.DuckDBPyConnection:
    """The extractions as a DuckDB database."""
    source, target = output(folder, *extractions), str(folder / "facts.duckdb")
    export([source], target, Request(**request), decisions=decisions)
    return duckdb.connect(target, read_only=True)


def to(target: Path, *extractions: Extraction, **request: Any) -> Summary:
    """The extractions in another format."""
    return export([output(target.parent, *extractions)], str(target), Request(**request))


def rows(database: duckdb.DuckDBPyConnection, query: str) -> Sequence[tuple[Any, ...]]:
    """The rows of a query."""
    with database:
        return database.execute(query).fetchall()


def industry(
    place: str, change: str, *, id_: str, period: str = "From January to May", **changes: Any
) -> Extraction:
    """An article that states how fast the industry of a place grows."""
    text = (
        f"{period}, the added value of industries above designated size in {place} increased by "
        f"{change} year-on-year."
    )
    drafted = growth(region=place, change=change, period=period, evidence=text[:-1], **changes)
    return extraction(text, id_=id_, growth=[drafted])


def loan(amount: str, *, id_: str, bank: str = "Banks", **changes: Any) -> Extraction:
    """An article on a loan in Wuhan."""
    text = f"In 2022, {bank} of Wuhan lent {amount} in green loans to firms."
    drafted = fund(
        **{
            "name": "green loans", "kind": "loan", "amount": amount, "provider": bank,
            "recipient": "firms", "region": "Wuhan", "period": "In 2022", "evidence": text[:-1],
            **changes,
        }
    )  # fmt: skip
    return extraction(text, id_=id_, funds=[drafted])


def sheet(path: Path, number: int) -> list[dict[str, tuple[str, str]]]:
    """The rows of a sheet: the type and the text of each cell that is not empty, by column."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with ZipFile(path) as book:
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    lines = [
        {
            cell.attrib["r"].rstrip("0123456789"): (
                cell.get("t", "n"),
                "".join(part.text or "" for part in cell.iter()),
            )
            for cell in row
        }
        for row in tree.iter(f"{space}row")
    ]
    header = {letters: text for letters, (_, text) in lines[0].items()}
    return [{header[letters]: cell for letters, cell in row.items()} for row in lines[1:]]
