"""The code of a Markdown page, run as one session, and what it prints held against the page.

- ``console`` blocks hold commands after ``$ ``, each with the output that the page shows; no
  output shown is any output. A line ``...`` stands for any lines, ``...`` in a line for any words.
- ``python`` blocks are run; one with a title is a file of that name, and so is any other block.
- ``<!-- before: COMMAND -->`` runs a command that the page does not show.
- ``<!-- figures move with the rules -->`` before a block: a page is right as long as each figure of
  its output is within a tenth, or two, of what is printed; writing anew makes them exact.
- ``<!-- not run: REASON -->`` before a block leaves it out. Commands that install are left out too.

``python -m tests.doc_pages [PAGE...]`` writes anew what the pages show.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.models.providers import providers
from tests.fake_llm.api import FakeLLM, answer_by_rules

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SERVER = "http://gpu:8000/v1"
"""An address in a page that stands for the scripted server."""

_FENCE = re.compile(r"```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?$")
_BEFORE = re.compile(r"<!-- before: (.+) -->$")
_NOT_RUN = re.compile(r"<!-- not run: .+ -->$")
_ELSEWHERE = (
    "$ git clone ",
    "$ pip ",
    "$ make ",
    "$ python3 -m venv ",
    "$ . .venv",
    "$ cd extractor",
)
_MOVES = "<!-- figures move with the rules -->"
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
_WIDTH = "88"
_MARK = "@@ step {} @@"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        line: index of its first line of code in the page.
        language: the word after the fence.
        title: a file name, if it has one.
        code: its lines.
        before: the line before it.
    """

    line: int
    language: str
    title: str | None
    code: tuple[str, ...]
    before: str

    @property
    def runs(self) -> bool:
        """Whether it may be run."""
        return not _NOT_RUN.match(self.before)


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and the output that the page shows.

    Attributes:
        command: what a shell runs.
        line: index of the first line of output in the page.
        shown: the output; empty if none is shown.
        moves: whether its figures may be a little off.
    """

    command: str
    line: int = 0
    shown: tuple[str, ...] = ()
    moves: bool = False


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The fenced blocks of a page."""
    start: int | None = None
    for number, line in enumerate(lines):
        if start is None and (fence := _FENCE.match(line)):
            start, opened = number + 1, fence
        elif start is not None and line == "```":
            before = lines[start - 2] if start > 1 else ""
            code = tuple(lines[start:number])
            yield Block(start, opened["language"], opened["title"], code, before)
            start = None


def steps(lines: Sequence[str]) -> list[Step]:
    """What a page runs, in its order."""
    found = [(number, Step(match[1])) for number, line in enumerate(lines)
             if (match := _BEFORE.match(line))]  # fmt: skip
    for block in blocks(lines):
        code = "\n".join(block.code)
        if not block.runs:
            continue
        if block.title:
            found.append(
                (block.line, Step(f"cat > {block.title} <<'END-OF-FILE'\n{code}\nEND-OF-FILE"))
            )
        elif block.language == "python":
            found.append((block.line, Step(f"python - <<'END-OF-FILE'\n{code}\nEND-OF-FILE")))
        elif block.language == "console":
            found += [(step.line, step) for step in _commands(block)]
    return [step for _, step in sorted(found, key=lambda item: item[0])]


def _commands(block: Block) -> Iterator[Step]:
    starts = [n for n, line in enumerate(block.code) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(block.code)], strict=True):
        if block.code[start].startswith(_ELSEWHERE):
            continue
        shown = start + 1
        while block.code[shown - 1].endswith("\\"):
            shown += 1
        command = "\n".join(block.code[start:shown]).removeprefix("$ ")
        yield Step(command, block.line + shown, block.code[shown:end], block.before == _MOVES)


def run(page: Sequence[Step], folder: Path) -> list[list[str]]:
    """What each step prints, by lines.

    Raises:
        AssertionError: a step fails; the message has its command and what it said.
    """
    for name in ("examples", "evals"):
        shutil.copytree(ROOT / name, folder / name)
    with FakeLLM(answer_by_rules()) as server:
        script = "set -e\n" + "\n".join(
            f"echo; echo '{_MARK.format(n)}'\n{step.command.replace(SERVER, server.base_url)}"
            for n, step in enumerate(page)
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=_environment(server.base_url),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        output = done.stdout.replace(server.base_url, SERVER)
    printed = [text.strip("\n") for text in re.split(r"\n?@@ step \d+ @@\n", output)[1:]]
    last = page[len(printed) - 1].command if printed else script
    assert done.returncode == 0, f"exit code {done.returncode} of:\n{last}\n{printed[-1:]}"
    return [[line.rstrip() for line in text.split("\n")] for text in printed]


def _environment(server: str) -> dict[str, str]:
    """Every provider's address is the scripted server's; a page names its keys itself."""
    addresses = {p.url_variable: server for p in providers().values()}
    return {
        **os.environ,
        **addresses,
        "AZURE_OPENAI_ENDPOINT": server.removesuffix("/v1"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": _WIDTH,
        "MPLBACKEND": "Agg",
        "PYTHONUNBUFFERED": "1",
    }


def as_shown(shown: Sequence[str], printed: Sequence[str], *, moves: bool = False) -> list[str]:
    """What was printed, in the form of what is shown: with its omissions.

    The same lines come back if, and only if, the page is right.
    """
    wanted = [line.rstrip() for line in _trimmed(shown)]
    if "..." not in wanted:
        return _kept(wanted, printed, moves)
    cut = wanted.index("...")
    behind = len(wanted) - cut - 1
    tail = printed[len(printed) - behind :]
    head = _kept(wanted[:cut], printed[:cut], moves)
    return [*head, "...", *_kept(wanted[cut + 1 :], tail, moves)]


def _kept(shown: Sequence[str], printed: Sequence[str], moves: bool) -> list[str]:
    padded = [*shown, *[""] * (len(printed) - len(shown))]
    return [
        old if _alike(old, new) or (moves and _is_near(old, new)) else new
        for old, new in zip(padded, printed, strict=False)
    ]


def _alike(shown: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.split("..."))
    return re.fullmatch(pattern, printed) is not None


def _is_near(shown: str, printed: str) -> bool:
    """Whether two lines have the same words, and figures that are a little apart."""
    (words, old), (others, new) = (_words_and_figures(line) for line in (shown, printed))
    return words == others and all(
        abs(a - b) <= max(2, abs(a) / 10) for a, b in zip(old, new, strict=True)
    )


def _words_and_figures(line: str) -> tuple[list[str], list[float]]:
    words = _FIGURE.sub(" # ", line.replace("─", "")).split()
    return words, [float(figure.replace(",", "")) for figure in _FIGURE.findall(line)]


def _trimmed(shown: Sequence[str]) -> Sequence[str]:
    """Without the blank lines at the end, which only part two commands."""
    end = len(shown)
    while end and not shown[end - 1].strip():
        end -= 1
    return shown[:end]


def differences(page: Path, folder: Path) -> str:
    """What a page shows against what its code prints, as a diff; empty if they agree."""
    lines = page.read_text(encoding="utf-8").split("\n")
    return "\n".join(
        difflib.unified_diff(
            lines, rewritten(lines, folder, exact=False), "page", "run", "", "", 1, ""
        )
    )


def rewritten(lines: Sequence[str], folder: Path, *, exact: bool = True) -> list[str]:
    """The page with what its code prints; if not `exact`, figures that may move stay."""
    page = steps(lines)
    new = list(lines)
    if page:
        for step, printed in reversed([*zip(page, run(page, folder), strict=True)]):
            shown = _trimmed(step.shown)
            if shown:
                moves = step.moves and not exact
                new[step.line : step.line + len(shown)] = as_shown(shown, printed, moves=moves)
    return new


def write_anew(page: Path, folder: Path) -> None:
    """Write what a page shows; if that has changed, also the pictures that its code draws."""
    lines = page.read_text(encoding="utf-8").split("\n")
    new = rewritten(lines, folder)
    if new == lines:
        return
    page.write_text("\n".join(new), encoding="utf-8")
    for name in _PICTURE.findall("\n".join(new)):
        if (folder / name).exists():
            shutil.copy(folder / name, page.parent / name)


def main(names: Sequence[str]) -> int:
    """Write pages anew, all if none is named; 1 if the code of one fails."""
    failed = 0
    for page in [ROOT / name for name in names] or PAGES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                write_anew(page, Path(folder))
            except AssertionError as error:
                print(f"{page.relative_to(ROOT)}: {error}")
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
