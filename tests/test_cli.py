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
        (("batch", "-"), b"", 2, "Missing option"),
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


def test_an_interrupted_batch_ends_with_130_and_keeps_what_was_done(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "extractor", "batch", "-", "-o", "out.jsonl"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    for number in range(40):
        process.stdin.write(
            json.dumps({"id": str(number), "text": f"text {number}"}).encode() + b"\n"
        )
        process.stdin.flush()
    partial = tmp_path / "out.jsonl.partial"
    while not partial.exists():  # until the run has begun; the input stays open
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.stdin.write(b"\n" * 3)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert not (tmp_path / "out.jsonl").exists()
    assert b"out.jsonl.partial" in errors


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
