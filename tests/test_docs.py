import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", fences("python"))
def test_the_readmes_python_runs(code: str) -> None:
    exec(compile(code, "README.md", "exec"), {})


def test_the_readmes_commands_run_in_their_order(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = [
        line.removeprefix("$ ")
        for block in fences("console")
        for line in block.splitlines()
        if not line.startswith("$ pip ")
    ]
    assert len(commands) >= 4
    for command in commands:
        done = subprocess.run(
            command.split(),
            cwd=tmp_path,
            env=os.environ | {"PATH": path},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8").count("\n") == 1


def test_every_extra_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.split("[project.optional-dependencies]\n")[1].split("\n\n")[0]
    extras = re.findall(r"^(\w+) =", block, re.MULTILINE)
    assert extras
    for extra in extras:
        assert f"| `{extra}` |" in README, extra


def test_every_target_of_the_makefile_that_the_docs_name_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_has_a_help_line() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
