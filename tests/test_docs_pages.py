"""The pages of docs/ and the README: their code runs and prints what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doc_pages import PAGES, ROOT, as_shown, blocks, differences, rewritten, steps, write_anew

pytest.importorskip("openai")

LANGUAGES = {"", "console", "python", "json", "sql", "text"}
SLOW = {"model-check.md"}
EXTRAS = {
    "extractor (review|eval report) ": "report",
    "extractor export ": "export",
    "extractor triage ": "triage",
    "extractor eval (?!sample|report)": "eval",
    r"extractor batch [^$]*--model \w+/": "llm",
}
"""The extra that a command needs."""
WITH_CODE = [
    pytest.param(
        page,
        id=str(page.relative_to(ROOT)),
        marks=[pytest.mark.slow] if page.name in SLOW else [],
    )
    for page in PAGES
    if steps(page.read_text(encoding="utf-8").split("\n"))
]


def session(text: str, folder: Path) -> str:
    return "\n".join(rewritten(text.split("\n"), folder))


@pytest.mark.parametrize("page", WITH_CODE)
def test_code_of_a_page_runs_and_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    found = differences(page, tmp_path)
    assert not found, f"run `make examples`, and look at what it changes:\n{found}"


def test_every_block_is_of_a_kind_that_is_run_or_that_nobody_runs() -> None:
    for page in PAGES:
        for block in blocks(page.read_text(encoding="utf-8").split("\n")):
            assert block.language in LANGUAGES, (page, block.line)
            assert block.language or page.name == "README.md", (page, block.line)


@pytest.mark.parametrize("page", WITH_CODE)
def test_a_page_names_the_extras_that_its_commands_need(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    commands = "\n$ ".join(step.command for step in steps(text.split("\n")))
    for pattern, extra in EXTRAS.items():
        if re.search(pattern, commands):
            assert re.search(rf"`{extra}`|\[(\w+,)*{extra}(,\w+)*\]'", text), extra


def test_few_blocks_are_left_out() -> None:
    left_out = [
        (page.name, block.line)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8").split("\n"))
        if not block.runs
    ]
    assert len(left_out) <= 6, left_out


def test_a_wrong_output_is_replaced_by_the_right_one(tmp_path: Path) -> None:
    page = "```console\n$ echo one; echo two\nthree\n$ true\n```\n"
    assert session(page, tmp_path) == page.replace("three", "one\ntwo")


def test_a_right_output_stays(tmp_path: Path) -> None:
    page = "```console\n$ echo 12 articles\n... articles\n\n$ seq 9\n1\n...\n9\n```\n"
    assert session(page, tmp_path) == page


@pytest.mark.parametrize(
    "code",
    [
        "```console\n$ false\n```",
        "```python\nassert 1 == 2\n```",
        "<!-- before: false -->",
        "```console\n$ extractor batch missing.jsonl -o out.jsonl\n```",
    ],
)
def test_code_that_fails_fails_the_page(code: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit code"):
        session(code, tmp_path)


def test_a_page_is_one_session_and_its_titled_blocks_are_files(tmp_path: Path) -> None:
    page = (
        '```python title="one.py"\nNAME = "one"\n```\n```python\nimport one\n'
        'open("two", "w").write(one.NAME)\n```\n'
        "```console\n$ export X=$(cat two)\n$ echo $X\n?\n```"
    )
    assert session(page, tmp_path).endswith("$ echo $X\none\n```")


def test_what_is_marked_is_not_run(tmp_path: Path) -> None:
    page = "<!-- not run: it would fail -->\n```console\n$ false\n```\n```console\n$ pip no\n```"
    assert session(page, tmp_path) == page


def test_the_scripted_server_answers_under_its_name_in_the_page(tmp_path: Path) -> None:
    page = (
        "```console\n$ extractor batch examples/articles.jsonl -o out.jsonl --model vllm/any "
        "--base-url http://gpu:8000/v1 2> said\n$ grep requests said\nrequests ... 6\n```"
    )
    assert session(page, tmp_path) == page


@pytest.mark.parametrize(
    ("shown", "printed", "form"),
    [
        (["a", "..."], ["a", "b", "c"], ["a", "..."]),
        (["x", "..."], ["a", "b", "c"], ["a", "..."]),
        (["...", "c"], ["a", "b", "c"], ["...", "c"]),
        (["a ... c"], ["a b c"], ["a ... c"]),
        (["a ... c"], ["a b d"], ["a b d"]),
        (["a", "b"], ["a"], ["a"]),
    ],
)
def test_omissions_are_kept(shown: list[str], printed: list[str], form: list[str]) -> None:
    assert as_shown(shown, printed) == form


def test_a_picture_is_drawn_anew_with_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo new | tee a.svg\nold\n```\n![a](a.svg)", encoding="utf-8")
    (tmp_path / "run").mkdir()
    write_anew(page, tmp_path / "run")
    assert "\nnew\n" in page.read_text(encoding="utf-8")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize(
    ("shown", "printed", "is_right"),
    [
        ("funds   32", "funds  33", True),
        ("all  1,086  60.0 (53.7–65.9)", "all  1,120  61.2 (53.7–64.1)", True),
        ("funds 32", "funds 36", False),
        ("funds 32", "policies 32", False),
        ("funds 32", "funds 32 12", False),
        ("cost $4.6", "cost unknown", False),
    ],
)
def test_figures_may_move_a_little(shown: str, printed: str, is_right: bool) -> None:
    assert (as_shown([shown], [printed], moves=True) == [shown]) is is_right
    assert as_shown([shown], [printed]) == [printed]


def test_figures_move_only_where_the_page_says_so(tmp_path: Path) -> None:
    block = "```console\n$ echo 10\n11\n```"
    page = tmp_path / "page.md"
    for number, (comment, is_right) in enumerate(
        {"<!-- figures move with the rules -->\n": True, "": False}.items()
    ):
        page.write_text(comment + block, encoding="utf-8")
        (tmp_path / str(number)).mkdir()
        assert (not differences(page, tmp_path / str(number))) is is_right


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    listed = set(re.findall(r'"([\w/-]+\.md)"', navigation))
    assert listed == {str(p.relative_to(ROOT / "docs")) for p in (ROOT / "docs").rglob("*.md")}


def test_every_picture_is_there_and_small() -> None:
    for page in PAGES:
        for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / name).stat().st_size < 200_000, name
