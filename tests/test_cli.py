import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.articles import ARTICLE


def extractor(
    *arguments: str | Path, stdin: str | bytes | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        input=data,
        capture_output=True,
        check=False,
        env=os.environ | {"COLUMNS": "160", "NO_COLOR": "1"},
        **options,
    )
    result = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
    assert "Traceback" not in result.stderr
    return result


LINE = json.dumps({"id": "a", "text": ARTICLE.text, "date": "2023-07-03"}) + "\n"


def test_an_article_becomes_a_readable_table_with_quotes(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(ARTICLE.text, encoding="utf-8")
    done = extractor("extract", tmp_path / "article.txt", "--date", "2023-07-03")
    assert done.returncode == 0
    assert "+12.3 %" in done.stdout
    assert "2023-01-01 – 2023-05-31" in done.stdout
    assert "increased by 12.3% year-on-year”" in done.stdout
    assert "64,500,000 CNY" in done.stdout


def test_a_json_article_from_standard_input_becomes_json() -> None:
    done = extractor("extract", "-", "--json", stdin=LINE)
    result = json.loads(done.stdout)
    assert (result["id"], result["status"]) == ("a", "ok")
    assert result["records"]["growth_metrics"][0]["change"]["value"] == 12.3


def test_an_article_with_nothing_in_it_says_so() -> None:
    done = extractor("extract", "-", stdin="Nothing of note happened today.")
    assert done.returncode == 0
    assert "nothing to record" in done.stdout


def test_only_wanted_types_are_shown() -> None:
    done = extractor("extract", "-", "--json", "--type", "policy", stdin=LINE)
    records = json.loads(done.stdout)["records"]
    assert records["policies"]
    assert not records["growth_metrics"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "says"),
    [
        (("extract", "missing.txt"), None, 2, "missing.txt cannot be read"),
        (("extract", "-"), b"", 1, "text is empty"),
        (("extract", "-"), b"\xff\xfe", 1, "not UTF-8"),
        (("extract", "-", "--model", "nonsense"), b"x", 2, "there is no model 'nonsense'"),
        (("extract", "-", "--type", "nonsense"), b"x", 2, "policy, fund"),
        (("extract", "-", "--date", "soon"), b"x", 2, "write it as 2023-07-03"),
        (("batch", "missing.jsonl", "-o", "out.jsonl"), None, 2, "no such file"),
        (("batch", ".", "-o", "out.jsonl"), None, 2, "extractor articles"),
        (("batch", "-", "-o", "no/folder/out.jsonl"), b"", 2, "cannot be written"),
        (("batch", "-"), b"", 2, "name the output"),
        (("batch", "-", "-o", "-", "--concurrency", "some"), b"", 2, "nor auto"),
        (("batch", "-", "-o", "x", "--max-failures", "some"), b"", 2, "write 20 or 5%"),
        (("rebuild", "no.jsonl", "--articles", "in.jsonl", "-o", "x"), b"", 2, "no such file"),
        (("compact", "no/out.jsonl"), b"", 2, "no such output"),
        (("schema", "nonsense"), None, 2, "there is no schema 'nonsense'"),
        (("articles", "missing", "-o", "-"), None, 2, "no such file"),
        (("nonsense",), None, 2, "No such command"),
    ],
)
def test_a_wrong_request_is_one_clear_sentence_and_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], stdin: bytes | None, code: int, says: str
) -> None:
    done = extractor(*arguments, stdin=stdin, cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.splitlines()) <= 4
    assert done.stdout == ""


def test_batch_reads_and_writes_standard_streams_with_its_summary_apart() -> None:
    done = extractor("batch", "-", "-o", "-", stdin=LINE + LINE)
    assert done.returncode == 0
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ["a"]
    assert "1, skipped" in done.stderr


def test_batch_gives_its_summary_as_json(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")
    done = extractor("batch", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--json")
    summary = json.loads(done.stdout)
    assert (summary["articles"], summary["failed"], summary["invalid_lines"]) == (1, 0, 0)


def test_batch_with_invalid_lines_ends_with_1_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("broken\n" + LINE, encoding="utf-8")
    done = extractor("batch", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert "in.jsonl, line 1: not JSON" in done.stderr
    assert "out.jsonl.invalid.jsonl" in done.stderr
    assert (tmp_path / "out.jsonl").exists()


def test_batch_tells_the_option_that_would_mend_a_poor_result() -> None:
    done = extractor("batch", "-", "-o", "-", stdin='{"text": "Exports rose by 3% in May."}\n')
    assert "--date-from text" in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_batch_writes_what_was_done_and_goes_on_another_time(
    tmp_path: Path, number: int, code: int
) -> None:
    rows = [json.dumps({"id": str(n), "text": f"text {n}"}) + "\n" for n in range(40)]
    process = subprocess.Popen(
        [sys.executable, "-m", "extractor", "batch", "-", "-o", "out.jsonl"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdin is not None
    process.stdin.write("".join(rows[:20]).encode())
    process.stdin.flush()
    journal = tmp_path / "out.jsonl.journal"
    while not (journal.exists() and journal.stat().st_size):
        assert process.poll() is None
    process.send_signal(number)  # while it waits for input
    assert process.wait() == code
    _, errors = process.communicate()
    assert b"Traceback" not in errors
    assert b"the same command goes on" in errors
    assert not journal.exists()
    done = (tmp_path / "out.jsonl").read_bytes().count(b"\n")
    assert 0 < done <= 20
    again = extractor("batch", "-", "-o", "out.jsonl", "--json", cwd=tmp_path, stdin="".join(rows))
    assert json.loads(again.stdout)["done_before"] == done
    ids = [json.loads(row)["id"] for row in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ids == [str(n) for n in range(40)]


def test_a_second_signal_stops_at_once_and_the_journal_keeps_what_was_done(
    tmp_path: Path,
) -> None:
    code = (
        "import asyncio, signal, os, sys\n"
        "from extractor.models.rules import RulesModel\n"
        "draft = RulesModel.draft\n"
        "async def slow(self, article, types, meter):\n"
        "    if article.id == 'b':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        await asyncio.sleep(3600)\n"
        "    return await draft(self, article, types, meter)\n"
        "RulesModel.draft = slow\n"
        "from extractor.cli import main\n"
        "sys.argv = ['extractor', 'batch', 'in.jsonl', '-o', 'out.jsonl']\n"
        "main()\n"
    )
    rows = [json.dumps({"id": id_, "text": f"text {id_}"}) + "\n" for id_ in "abc"]
    (tmp_path / "in.jsonl").write_text("".join(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert "once more stops at once" in done.stderr
    assert "Traceback" not in done.stderr
    again = extractor("batch", "in.jsonl", "-o", "out.jsonl", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["done_before"] == 1


def test_a_run_that_stops_early_shows_its_summary_and_ends_with_5(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LINE + LINE.replace('"a"', '"b"'), encoding="utf-8")
    code = (
        "import sys\n"
        "from extractor.errors import ModelError\n"
        "from extractor.models.rules import RulesModel\n"
        "async def fail(self, article, types, meter):\n"
        "    raise ModelError('no answer')\n"
        "RulesModel.draft = fail\n"
        "from extractor.cli import main\n"
        "sys.argv = ['extractor', 'batch', 'in.jsonl', '-o', 'out.jsonl', '--max-failures', '0']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 5
    assert "1 ModelError" in done.stderr
    assert "error: 1 of 1 articles failed, more than 0" in done.stderr
    assert (tmp_path / "out.jsonl.failed.jsonl").exists()


def test_results_of_another_run_are_refused_until_they_are_moved_aside(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")
    run = ("batch", "in.jsonl", "-o", "out.jsonl")
    assert extractor(*run, cwd=tmp_path).returncode == 0
    done = extractor(*run, "--type", "fund", cwd=tmp_path)
    assert done.returncode == 2
    assert 'types not given there and ["fund"] here' in done.stderr
    done = extractor(*run, "--type", "fund", "--restart", cwd=tmp_path)
    assert done.returncode == 0
    assert "the old output is out.jsonl.1 now" in done.stderr


def test_compact_makes_the_output_of_what_a_killed_run_left(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")
    extractor("batch", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    output, journal = tmp_path / "out.jsonl", tmp_path / "out.jsonl.journal"
    output.rename(journal)
    assert extractor("check", "out.jsonl", cwd=tmp_path).returncode == 0
    done = extractor("compact", "out.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "1 articles in out.jsonl\n")
    assert output.exists()
    assert not journal.exists()
    assert extractor("compact", "none.jsonl", cwd=tmp_path).returncode == 2
    assert not list(tmp_path.glob("none*"))


def test_rebuild_says_what_the_code_of_today_makes_of_stored_drafts(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(LINE, encoding="utf-8")
    extractor("batch", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    output = tmp_path / "out.jsonl"
    fresh = output.read_text(encoding="utf-8")
    output.write_text(fresh.replace('"value":64500000', '"value":6450000'), encoding="utf-8")
    run = ("rebuild", "out.jsonl", "--articles", "in.jsonl", "-o", "new.jsonl")
    done = extractor(*run, cwd=tmp_path)
    assert done.returncode == 0
    assert "1 articles made anew, 1 changed" in done.stderr
    assert "funds.amount.value: 1, such as 6450000 → 64500000 in a" in done.stderr
    assert (tmp_path / "new.jsonl").read_text(encoding="utf-8") == fresh
    (tmp_path / "in.jsonl").write_text(LINE.replace("2023-07-03", "2022-07-03"), encoding="utf-8")
    done = extractor(*run, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["without_article"] == 1


def test_a_reader_that_goes_away_is_no_error_message(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": f"text {n}"}) + "\n" for n in range(3000)),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "extractor", "batch", "in.jsonl", "-o", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() != 0


def test_from_a_folder_of_text_files_to_records(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "lamps.txt").write_text(
        f"Lamps\nSource: Post\nTime: 2023-07-03\n\n{ARTICLE.text}", encoding="utf-8"
    )
    assert extractor("articles", "news", "-o", "in.jsonl", cwd=tmp_path).returncode == 0
    assert extractor("batch", "in.jsonl", "-o", "out.jsonl.gz", cwd=tmp_path).returncode == 0
    done = extractor("batch", "in.jsonl", "-o", "-", cwd=tmp_path)
    result = json.loads(done.stdout)
    assert (result["id"], result["article"]["date"]) == ("lamps", "2023-07-03")
    assert result["article"]["source"] == "Post"
    assert result["extra"] == {}


def test_schemas_are_listed_and_printed() -> None:
    names = extractor("schema").stdout.split()
    assert {
        "policy",
        "fund",
        "enterprise_count",
        "growth_metric",
        "article",
        "output",
        "gold",
    } <= set(names)
    assert json.loads(extractor("schema", "fund").stdout)["$id"] == "urn:extractor:schema:fund:1"


@pytest.mark.parametrize("name", ["in.csv", "in.txt"])
def test_articles_never_writes_over_what_it_reads(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("text\nOutput rose.\n", encoding="utf-8")
    for arguments in ((name, "-o", name), (".", "-o", f"./{name}")):
        done = extractor("articles", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "both input and output" in done.stderr
    assert (tmp_path / name).read_text(encoding="utf-8") == "text\nOutput rose.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments", [("extract", "-"), ("batch", "-", "-o", "-"), ("schema", "fund")]
)
def test_a_full_standard_output_is_one_sentence(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "extractor", *arguments],
            input=LINE.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 5
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_dev_stdout_is_standard_output() -> None:
    done = extractor("batch", "-", "-o", "/dev/stdout", stdin=LINE)
    assert json.loads(done.stdout)["id"] == "a"


def test_closed_standard_input_is_one_sentence() -> None:
    done = subprocess.run(
        f"{sys.executable} -m extractor batch - -o - <&-",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "error: standard input is closed\n"


@pytest.mark.parametrize("arguments", [("extract", "-"), ("extract", "-", "--json")])
def test_chinese_comes_out_as_utf8_whatever_the_locale(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *arguments],
        input="上半年，全市工业投资同比增长15.2%。".encode(),
        capture_output=True,
        check=True,
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert "工业投资" in done.stdout.decode("utf-8")


def test_the_version_is_shown() -> None:
    assert extractor("--version").stdout.startswith("extractor 0.")
