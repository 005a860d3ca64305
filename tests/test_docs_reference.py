"""The reference pages say what the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import extractor
from extractor.batch import reading
from extractor.checking import CHECKS
from extractor.export.layout import OUT_OF_RANGE
from extractor.triage import Reason
from extractor.values.calendar import PeriodFlag
from scripts import make_reference

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
_OF_PYDANTIC = {
    "missing",
    "extra_forbidden",
    "literal_error",
    "string_type",
    "string_too_short",
}


def listed(heading: str) -> set[str]:
    """The codes of the first column of a table."""
    text = (FOLDER / "codes.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {code for row in rows for code in re.findall(r"`(\w+)`", row)}


def rejection_codes() -> Iterator[str]:
    """The codes in the source: of custom errors, of field errors, and of problems."""
    files = [*(ROOT / "extractor" / "records").glob("*.py"), ROOT / "extractor" / "attempt.py"]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("PydanticCustomError"), args=[ast.Constant(code), *_]):
                    yield str(code)
                case ast.Call(func=ast.Name("FieldError"), keywords=keywords):
                    yield from (
                        str(k.value.value)
                        for k in keywords
                        if k.arg == "code" and isinstance(k.value, ast.Constant)
                    )
                case ast.Tuple([_, ast.Constant(str(code)), ast.Constant(str(reason))]):
                    if re.fullmatch(r"[a-z_]+", code) and reason.count(" ") > 2:
                        yield code


def test_generated_pages_are_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert make_reference.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_that_is_not_what_the_code_says_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make_reference, "FOLDER", tmp_path)
    make_reference.main([])
    assert make_reference.main(["--check"]) == 0
    (tmp_path / "cli.md").write_text("old", encoding="utf-8")
    assert make_reference.main(["--check"]) == 1
    assert "run `make reference`" in capsys.readouterr().out


def test_every_rejection_code_is_explained() -> None:
    found = set(rejection_codes())
    assert {"evidence_not_found", "ungrounded", "duplicate", "sign"} <= found
    assert listed("Rejected drafts") - _OF_PYDANTIC == found - _OF_PYDANTIC


def test_every_class_of_an_invalid_line_is_explained() -> None:
    codes = {code for _, code in reading._CODES} | {"no_object", "unreadable"}
    assert listed("Invalid input lines") == codes


def test_every_flag_check_and_reason_is_explained() -> None:
    flags = {"ambiguous_unit", *get_args(PeriodFlag), OUT_OF_RANGE}
    assert listed("Flags of values") == flags
    assert listed("Findings of `extractor check`") == {check.name for check in CHECKS}
    assert listed("Reasons of `extractor triage`") == set(get_args(Reason))


def test_every_public_name_is_in_the_python_reference() -> None:
    text = (FOLDER / "python.md").read_text(encoding="utf-8")
    for name in extractor.__all__:
        assert f"\n::: extractor.{name}\n" in text, name
