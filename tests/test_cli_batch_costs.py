"""`extractor batch` with --price, --max-cost, --sample and --dry-run, as a user runs it."""

import json
from pathlib import Path

import pytest

pytest.importorskip("openai")

from tests.articles import ARTICLE, fund, growth
from tests.fake_llm.api import FakeLLM, Tokens, answer, answer_by_rules, in_order, records
from tests.test_cli import extractor

MODEL = ("--model", "openai/gpt-5-mini")
PRICE = ("--price", "1,10")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"a{n}", "text": f"{1000 + n} firms came to Wucheng."} for n in range(30)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("model", [MODEL, ("--model", "rules"), ("--model", "nobody/anything")])
def test_a_dry_run_needs_no_key_and_no_output_and_writes_nothing(
    source: Path, model: tuple[str, str]
) -> None:
    done = extractor("batch", source, *model, "--dry-run", cwd=source.parent)
    assert done.returncode == 0, done.stderr
    assert "articles   30" in done.stdout
    assert ("unknown" in done.stdout) == (model[1] == "nobody/anything")
    output = ("-o", source.parent / "out.jsonl")
    assert extractor("batch", source, *output, *model, "--dry-run").returncode == 0
    assert list(source.parent.iterdir()) == [source]


def test_a_dry_run_sends_nothing_and_a_pilot_narrows_it(source: Path) -> None:
    output = source.parent / "out.jsonl"
    with FakeLLM(answer_by_rules(usage=Tokens(4000, 200))) as server:
        command = ("batch", source, "-o", output, *MODEL, *PRICE, "--base-url", server.base_url)
        before = json.loads(extractor(*command, "--dry-run", "--json").stdout)
        assert server.count == 0
        assert extractor(*command, "--sample", "5", "--seed", "3").returncode == 0
        assert server.count == 5
        lines = output.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 5
        after = json.loads(extractor(*command, "--dry-run", "--json", "--seed", "3").stdout)
        assert server.count == 5
    assert output.read_text(encoding="utf-8").splitlines() == lines
    assert (before["articles"], before["measured_articles"]) == (30, 0)
    assert (after["articles"], after["done_before"], after["measured_articles"]) == (25, 5, 5)
    assert after["spent_usd"] == pytest.approx(5 * 0.006)
    assert after["cost_usd"] == pytest.approx([25 * 0.006] * 2)
    assert before["cost_usd"][0] < before["cost_usd"][1]


def test_a_limit_on_cost_ends_with_5_and_what_is_done_is_kept(source: Path) -> None:
    output = source.parent / "out.jsonl"
    limit = ("--max-cost", "0.05", "--max-output-tokens", "500")
    with FakeLLM(answer_by_rules(usage=Tokens(4000, 200))) as server:
        command = ("batch", source, "-o", output, *MODEL, "--base-url", server.base_url)
        stopped = extractor(*command, *PRICE, *limit, "--json")
        done = len(output.read_text(encoding="utf-8").splitlines())
        assert (stopped.returncode, server.count) == (5, done)
        unpriced = extractor(*command, *limit)
        assert server.count == done
    assert 3 <= done <= 0.05 / 0.006
    assert "raise --max-cost to go on" in stopped.stderr
    summary = json.loads(stopped.stdout)
    assert summary["usage"]["cost_usd"] == pytest.approx(done * 0.006)
    assert summary["usage"]["steps"]["answer"]["records"] == done
    assert unpriced.returncode == 2
    assert "--price IN,OUT" in unpriced.stderr


def test_the_summary_splits_cost_and_records_by_step(tmp_path: Path) -> None:
    line = {"id": "a", "text": ARTICLE.text, "date": "2023-07-03"}
    (tmp_path / "in.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    wrong = records(funds=[fund()], growth_metrics=[{**growth(), "change": "99.9%"}])
    mended = records(growth_metrics=[growth()])
    usage = Tokens(4000, 200, cached=1000)
    script = in_order(
        answer('{"items": []}', usage=usage),
        answer(wrong, usage=usage),
        answer(mended, usage=usage),
    )
    with FakeLLM(script) as server:
        address = ("--base-url", server.base_url, "--mode", "json_schema")
        files = (tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl")
        done = extractor("batch", *files, *MODEL, *PRICE, *address)
    assert done.returncode == 0
    shown = {" ".join(row.split()) for row in done.stderr.splitlines()}
    tokens = "1 request, 4,000 in (1,000 cached), 200 out"
    assert shown >= {
        "requests 3",
        "tokens 12,000 in (3,000 cached), 600 out",
        "cost $0.0180",
        f"first answers $0.0060, 0 records; {tokens}",
        f"re-asks $0.0060, 1 record; {tokens}",
        f"repairs $0.0060, 1 record; {tokens}",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "-", "--max-cost", "5"), "name a file"),
        (("-o", "out.jsonl", "--max-cost", "inf"), "--max-cost inf"),
        (("-o", "out.jsonl", "--max-cost", "-1"), "--max-cost"),
        (("-o", "out.jsonl", "--price", "cheap"), "IN,OUT,CACHED"),
        (("-o", "out.jsonl", "--sample", "0"), "--sample"),
        ((), "-o OUT.jsonl"),
    ],
)
def test_what_cannot_be_limited_is_a_usage_error(
    source: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = extractor("batch", source, *arguments, cwd=source.parent)
    assert done.returncode == 2
    assert words in done.stderr
    assert list(source.parent.iterdir()) == [source]
