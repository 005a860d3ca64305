import json
import re
from collections import Counter
from pathlib import Path

from extractor.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_extra_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.split("[project.optional-dependencies]\n")[1].split("\n\n")[0]
    extras = re.findall(r"^(\w+) =", block, re.MULTILINE)
    assert extras
    for extra in extras:
        assert f"| `{extra}` |" in README, extra


def test_the_readme_counts_the_gold_articles() -> None:
    files = (ROOT / "evals" / "gold").glob("*.json")
    splits = Counter(json.loads(path.read_text(encoding="utf-8"))["split"] for path in files)
    told = re.search(r"The (\d+) articles in `evals/gold`.* the (\d+) that.* the (\d+) others",
                     README, re.DOTALL)  # fmt: skip
    assert told is not None
    assert [*map(int, told.groups())] == [splits.total(), splits["dev"], splits["test"]]


def test_every_target_of_the_makefile_that_the_docs_name_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for target in set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_has_a_help_line() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
