"""Both ends of the range of clients that the project allows, each in its own environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOWEST = {
    found["name"]: found["version"]
    for requirement in PROJECT["optional-dependencies"]["llm"]
    if (found := re.match(r"(?P<name>[\w-]+)(?:\[\w+\])?>=(?P<version>[\d.]+)", requirement))
}
PINS = [f"{name}=={version}" for name, version in LOWEST.items()]
TESTS = [
    f"tests/test_models_chat{part}.py"
    for part in ("", "_azure", "_faults", "_parts", "_sentences", "_transport", "_wire")
]


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def _package_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("wheel")
    wanted = f"openai=={LOWEST['openai']}"
    asked = pip("download", "--no-deps", "--retries", "0", "-d", str(folder), wanted)
    if asked.returncode:
        pytest.skip(f"no package index has {wanted}: {asked.stderr.strip().splitlines()[-1]}")


@pytest.mark.usefixtures("_package_index")
@pytest.mark.parametrize("pins", [PINS, []], ids=["lowest", "newest"])
def test_chat_models_work_with_the_end_of_the_range(pins: list[str], tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = ["-e", ".[llm]", "pytest", "hypothesis", *pins]
    installed = pip("--python", str(python), "install", *wanted)
    assert installed.returncode == 0, installed.stderr

    tested = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *TESTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout[-4000:]
    assert " skipped" not in tested.stdout.splitlines()[-1]
