import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor import Extraction
from extractor.batch import InvalidLine
from extractor.cli.app import app
from extractor.export import Request, export
from extractor.export.decisions import read_decisions
from tests.exports import exported, loan, output, rows, wucheng


def decisions(folder: Path, *lines: dict[str, Any] | str) -> str:
    path = folder / "decisions.jsonl"
    written = [entry if isinstance(entry, str) else json.dumps(entry) for entry in lines]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return str(path)


def told(folder: Path, own: Extraction, file: str) -> tuple[list[InvalidLine], int]:
    """What is told of while an output is exported, and how many decisions found no record."""
    lines: list[InvalidLine] = []
    summary = export(
        [output(folder, own)], str(folder / "facts.duckdb"), Request(),
        decisions=file, on_invalid=lines.append,
    )  # fmt: skip
    assert summary.invalid == len(lines)
    return lines, summary.unknown


def test_a_rejected_record_is_gone_and_an_accepted_one_is_marked(tmp_path: Path) -> None:
    own = wucheng()
    total, part = own.records.funds
    file = decisions(
        tmp_path,
        {"record_id": part.record_id, "decision": "reject", "by": "li", "at": None, "note": "x"},
        {"record_id": total.record_id, "decision": "accept"},
    )
    query = "SELECT record_id, review FROM funds"
    assert rows(exported(tmp_path, own, decisions=file), query) == [(total.record_id, "accepted")]


def test_a_part_of_a_rejected_total_stands_for_itself(tmp_path: Path) -> None:
    own = wucheng()
    total, _ = own.records.funds
    file = decisions(tmp_path, {"record_id": total.record_id, "decision": "reject"})
    query = "SELECT amount, part_of_id FROM funds"
    assert rows(exported(tmp_path, own, decisions=file), query) == [(Decimal(20_500_000), None)]


def test_a_correction_reaches_the_dataset_with_what_code_computes_of_it(tmp_path: Path) -> None:
    own = loan("5.5 billion yuan", id_="a")
    (record,) = own.records.funds
    amount = record.amount.model_dump(mode="json") | {"value": 55_000_000_000}
    corrected = record.model_dump(mode="json") | {
        "region": "Hefei", "kind": "grant", "amount": amount, "recipient": "53 firms",
        "place": None, "recipient_count": None,
    }  # fmt: skip
    file = decisions(
        tmp_path,
        {"record_id": record.record_id, "decision": "correct", "record": corrected},
    )
    ((id_, *values),) = rows(
        exported(tmp_path, own, decisions=file),
        "SELECT record_id, amount, kind, place_code, recipient_count, review FROM funds",
    )
    assert id_ == record.record_id
    assert values == [Decimal(55_000_000_000), "grant", "340100", 53, "corrected"]


def test_a_correction_may_name_only_what_differs_and_leave_out_what_code_notes(
    tmp_path: Path,
) -> None:
    own = loan("5.5 billion yuan", id_="a")
    (record,) = own.records.funds
    amount = {"text": "7.7", "value": 7.7, "upper": None, "currency": "USD", "bound": "exact"}
    file = decisions(
        tmp_path,
        {"record_id": record.record_id, "decision": "correct", "record": {"amount": amount}},
    )
    query = "SELECT amount, amount_currency, name, place_code FROM funds"
    found = rows(exported(tmp_path, own, decisions=file), query)
    assert found == [(Decimal("7.7"), "USD", "green loans", "420100")]


def test_the_last_decision_on_a_record_counts(tmp_path: Path) -> None:
    own = loan("5.5 billion yuan", id_="a")
    id_ = own.records.funds[0].record_id
    file = decisions(
        tmp_path,
        {"record_id": id_, "decision": "reject"},
        {"record_id": id_, "decision": "accept"},
    )
    found = rows(exported(tmp_path, own, decisions=file), "SELECT review FROM funds")
    assert found == [("accepted",)]


def test_the_command_says_how_many_decisions_were_applied(tmp_path: Path) -> None:
    own = wucheng()
    ids = [record.record_id for record in own.records.funds]
    file = decisions(
        tmp_path,
        {"record_id": ids[0], "decision": "accept"},
        {"record_id": ids[1], "decision": "correct", "record": {"kind": "gift"}},
        {"record_id": "f" * 16, "decision": "reject"},
    )
    target = str(tmp_path / "facts.csv")
    command = ["export", output(tmp_path, own), target, "--decisions", file]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1
    said = done.stderr.splitlines()
    assert "1 decisions applied" in said
    assert "1 decisions on records that are not there" in said
    assert any(f"{file}, line 2: kind: " in line for line in said)


def test_decisions_on_unknown_records_are_counted(tmp_path: Path) -> None:
    file = decisions(tmp_path, {"record_id": "f" * 16, "decision": "reject"})
    assert told(tmp_path, wucheng(), file) == ([], 1)


def test_a_correction_that_makes_no_record_is_told_and_leaves_the_record(tmp_path: Path) -> None:
    own = loan("5.5 billion yuan", id_="a")
    id_ = own.records.funds[0].record_id
    file = decisions(
        tmp_path,
        {"record_id": "0" * 16, "decision": "accept"},
        {"record_id": id_, "decision": "correct", "record": {"kind": "gift"}},
    )
    ((line,), unknown) = told(tmp_path, own, file)
    assert (line.line, unknown) == (2, 1)
    assert line.reason.startswith("kind: ")
    with exported(tmp_path, own, decisions=file) as database:
        assert database.execute("SELECT kind, review FROM funds").fetchall() == [("loan", None)]


@pytest.mark.parametrize(
    "entry",
    [
        "no json",
        '{"record_id": "a"}',
        '{"record_id": "a", "decision": "perhaps"}',
        '{"record_id": "a", "decision": "correct"}',
        r'{"record_id": "\ud800", "decision": "accept"}',
        "[]",
    ],
)
def test_lines_that_are_no_decisions_are_told(tmp_path: Path, entry: str) -> None:
    lines: list[InvalidLine] = []
    file = decisions(tmp_path, entry, "", {"record_id": "b", "decision": "accept"})
    found = read_decisions(file, lines.append)
    assert [line.line for line in lines] == [1]
    assert found.review("b") == "accepted"
