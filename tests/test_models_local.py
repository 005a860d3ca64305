"""Model files, the machine's cores, and what is said when there is no engine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from extractor.errors import MissingExtraError, UsageError
from extractor.models import local, local_cores
from extractor.models.local import default_slots, serve
from extractor.models.local_file import open_model


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(b"GGUF\x03\x00\x00\x00" + content)
    return path


def test_missing_file_is_a_usage_error_naming_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.gguf cannot be read: No such file"):
        open_model(tmp_path / "absent.gguf")


def test_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        open_model(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 weights", b"FUGG\x00\x00"])
def test_file_that_is_no_gguf_is_a_usage_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    with pytest.raises(UsageError, match="is no GGUF file"):
        open_model(tmp_path / "model.gguf")


def test_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    _write(tmp_path / "model.gguf", b"weights")
    assert open_model("~/model.gguf").path == tmp_path / "model.gguf"


def test_copy_under_another_name_has_the_same_fingerprint(tmp_path: Path) -> None:
    one = open_model(_write(tmp_path / "one.gguf", b"weights" * 50_000))
    copy = open_model(_write(tmp_path / "copy.gguf", b"weights" * 50_000))
    assert one.fingerprint == copy.fingerprint
    assert (one.name, copy.name) == ("one", "copy")


@pytest.mark.parametrize("at", [0, 100_000, 299_999])
def test_one_changed_byte_of_a_small_model_changes_the_fingerprint(tmp_path: Path, at: int) -> None:
    content = bytearray(300_000)
    before = open_model(_write(tmp_path / "model.gguf", bytes(content))).fingerprint
    content[at] = 1
    assert open_model(_write(tmp_path / "model.gguf", bytes(content))).fingerprint != before


def test_model_in_parts_is_one_model_and_all_parts_count(tmp_path: Path) -> None:
    first = _write(tmp_path / "large-00001-of-00002.gguf", b"first")
    second = _write(tmp_path / "large-00002-of-00002.gguf", b"second")
    before = open_model(first)
    _write(second, b"changed")
    assert before.name == "large"
    assert open_model(first).fingerprint != before.fingerprint


def test_missing_extra_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    model = open_model(_write(tmp_path / "model.gguf", b""))
    with pytest.raises(MissingExtraError, match=r"pip install 'extractor\[local\]'"):
        serve(model).__enter__()


@pytest.mark.parametrize(("cores", "slots"), [(1, 1), (2, 1), (4, 2), (8, 4), (64, 4)])
def test_slots_are_half_the_cores_within_bounds(
    monkeypatch: pytest.MonkeyPatch, cores: int, slots: int
) -> None:
    monkeypatch.setattr(local, "physical_cores", lambda: cores)
    assert default_slots() == slots


def test_slots_where_the_engine_counts_cores_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "physical_cores", lambda: -1)
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    assert default_slots() == 3


@pytest.mark.parametrize(
    ("content", "cores"),
    [("200000 100000\n", 2), ("150000 100000\n", 2), ("10000 100000\n", 1), ("max 100000\n", None)],
)
def test_control_group_grants_whole_processors(
    tmp_path: Path, content: str, cores: int | None
) -> None:
    (tmp_path / "cpu.max").write_text(content, encoding="ascii")
    assert local_cores._quota(tmp_path / "cpu.max") == cores


def test_no_control_group_is_no_limit(tmp_path: Path) -> None:
    assert local_cores._quota(tmp_path / "cpu.max") is None
