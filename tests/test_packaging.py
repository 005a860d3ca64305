import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", ["prompts", "schemas", "evals"])
def test_data_folders_hold_no_python(folder: str) -> None:
    # A .py there would make the folder importable and break the editable install.
    assert (ROOT / folder).is_dir()
    assert list((ROOT / folder).rglob("*.py")) == []


def test_no_lock_file_holds_download_addresses() -> None:
    for name in ("uv.lock", "pylock.toml", "poetry.lock"):
        assert not (ROOT / name).exists()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock


def test_the_lock_pins_every_direct_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += extra
    own = PROJECT["project"]["name"]
    for requirement in wanted:
        if requirement.startswith(f"{own}["):
            continue  # an extra that brings another one
        name = requirement.split(">")[0].split("<")[0].split("[")[0].strip().lower()
        assert f"\n{name}==" in f"\n{lock}", name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index"),
            *("--no-build-isolation", "-w", str(folder), str(ROOT)),
        ],
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_one_package_with_its_data_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"extractor"}
    assert "extractor/py.typed" in names
    assert "extractor/_data/schemas/output.schema.json" in names
    assert any(name.startswith("extractor/_data/prompts/") for name in names)
    assert any(name.startswith("extractor/models/rules/data/") for name in names)


def test_the_main_job_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = next((tmp_path / "venv").rglob("site-packages"))
    # The environment sees the dependencies that are installed here, but not this checkout.
    own = [p for p in sys.path if p.endswith("site-packages")]
    (site / "dependencies.pth").write_text(
        "".join(f"{path}\n" for path in own),
        encoding="utf-8",
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "-q", "--python", str(python), "install"),
            *("--no-deps", "--no-index", "--force-reinstall", str(wheel)),
        ],
        check=True,
    )
    done = subprocess.run(
        [
            python,
            "-m",
            "extractor",
            "batch",
            ROOT / "examples" / "articles.jsonl",
            "-o",
            "out.jsonl",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    where = subprocess.run(
        [python, "-c", "import extractor; print(extractor.__file__)"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert str(tmp_path) in where.stdout
    rows = [
        json.loads(row) for row in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["status"] for row in rows] == ["ok"] * 6, done.stderr
    schema = subprocess.run(
        [python, "-m", "extractor", "schema", "fund"], cwd=tmp_path, check=True, capture_output=True
    )
    assert json.loads(schema.stdout)["title"] == "Fund"
