from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from extractor.evaluation.gold import load_gold
from extractor.records import Record
from tests.scored import extraction, gold_file, records


def extractor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"COLUMNS": "160", "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stderr
    return done


def labelled(id_: str, **more: Any) -> dict[str, Any]:
    file = gold_file(**more)
    file["article"]["id"] = id_
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Gold of three articles, a perfect output, and one without growth metrics."""
    (tmp_path / "gold").mkdir()
    for number, split in enumerate(("dev", "dev", "test")):
        content = json.dumps(labelled(f"a{number}", split=split))
        (tmp_path / "gold" / f"{number}.json").write_text(content, encoding="utf-8")
    articles = load_gold([tmp_path / "gold"])
    good, bad = [], []
    for own in articles:
        kept: list[Record] = [r for r in own.records.all() if r.type != "growth_metric"]
        good.append(extraction(own.article, own.records).model_dump_json())
        bad.append(extraction(own.article, records(*kept)).model_dump_json())
    (tmp_path / "good.jsonl").write_text("\n".join(good) + "\n", encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text("\n".join(bad) + "\n", encoding="utf-8")
    return tmp_path


def scored(folder: Path, name: str) -> Path:
    run = folder / f"{name}.json"
    done = extractor(
        "eval", "--gold", folder / "gold", "--predictions", folder / f"{name}.jsonl", "-o", run
    )
    assert done.returncode == 0, done.stderr
    return run


def test_stored_predictions_are_scored_as_tables_and_as_json(folder: Path) -> None:
    options = ("eval", "--gold", folder / "gold", "--predictions", folder / "good.jsonl")
    table = extractor(*options)
    assert table.returncode == 0
    assert "growth_metric" in table.stdout
    run = json.loads(extractor(*options, "--json", "--split", "dev").stdout)
    assert run["gold"]["articles"] == 2
    assert run["summary"]["types"]["all"]["scores"]["usable"]["f1"]["value"] == 1


def test_a_model_is_run_and_its_predictions_are_kept(folder: Path) -> None:
    run = folder / "rules.json"
    done = extractor(
        "eval", "--gold", folder / "gold", "--model", "rules", "--repeats", "2", "-o", run
    )
    assert done.returncode == 0, done.stderr
    stored = json.loads(run.read_text(encoding="utf-8"))
    paths = [repeat["predictions"]["path"] for repeat in stored["repeats"]]
    assert paths == ["rules.predictions.1.jsonl", "rules.predictions.2.jsonl"]
    assert all((folder / path).exists() for path in paths)
    assert stored["summary"]["noise"]["largest"] == 0


def test_a_dry_run_calls_nothing_and_says_what_could_be_shown(folder: Path) -> None:
    done = extractor("eval", "--gold", folder / "gold", "--model", "rules", "--dry-run")
    assert done.returncode == 0
    assert "smallest drop" in done.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("eval", "--model", "rules"),
        ("eval", "--gold", "nowhere", "--model", "rules"),
        ("eval", "--gold", "nowhere"),
        ("eval", "compare", "a.json", "b.json", "--gate"),
        ("eval", "sample", "nowhere.jsonl", "--n", "3"),
        ("eval", "selftest"),
    ],
)
def test_a_wrong_request_ends_with_2_and_a_sentence(options: tuple[str, ...]) -> None:
    done = extractor(*options)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")


def test_the_gate_passes_an_equal_run_and_writes_its_reports(folder: Path) -> None:
    run = scored(folder, "good")
    files = ("--markdown", folder / "gate.md", "--junit", folder / "gate.xml")
    done = extractor("eval", "compare", run, run, "--gate", *files)
    assert done.returncode == 0
    assert done.stdout.startswith("pass: ")
    assert (folder / "gate.md").read_text(encoding="utf-8").startswith("## Pass")
    assert ET.parse(folder / "gate.xml").getroot().get("failures") == "0"


def test_the_gate_fails_or_cannot_tell_where_a_type_is_gone(folder: Path) -> None:
    base, candidate = scored(folder, "good"), scored(folder, "bad")
    done = extractor("eval", "compare", base, candidate, "--gate", "--json")
    found = json.loads(done.stdout)
    assert found["gate"]["verdict"] == "cannot_tell"
    assert done.returncode == found["gate"]["exit_code"] == 3
    floor = ("--floor", "usable=0.9", "--on-inconclusive", "warn")
    assert extractor("eval", "compare", base, candidate, "--gate", *floor).returncode == 1
    assert extractor("eval", "compare", base, candidate).returncode == 0


def test_runs_on_other_articles_are_not_comparable(folder: Path) -> None:
    base, candidate = scored(folder, "good"), scored(folder, "bad")
    stored = json.loads(candidate.read_text(encoding="utf-8"))
    stored["repeats"][0]["articles"].pop()
    candidate.write_text(json.dumps(stored), encoding="utf-8")
    assert extractor("eval", "compare", base, candidate, "--gate").returncode == 4


def test_stored_runs_are_scored_again_in_place(folder: Path) -> None:
    run = scored(folder, "good")
    file = labelled("a0")
    file["records"]["funds"][0]["status"] = "planned"
    (folder / "gold" / "0.json").write_text(json.dumps(file), encoding="utf-8")
    done = extractor("eval", "rescore", run, "--write", "--json")
    assert done.returncode == 0, done.stderr
    ((before, after),) = json.loads(done.stdout)["usable"].values()
    assert (before, after) == (1, pytest.approx(8 / 9))
    assert json.loads(run.read_text(encoding="utf-8"))["gold"]["articles"] == 3


def test_outputs_are_compared_without_gold(folder: Path) -> None:
    assert extractor("eval", "drift", folder / "good.jsonl", folder / "good.jsonl").returncode == 0
    done = extractor("eval", "drift", folder / "good.jsonl", folder / "bad.jsonl", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["disagreements"]


def test_a_sample_becomes_draft_gold(folder: Path) -> None:
    articles = [json.loads(p.read_text())["article"] for p in (folder / "gold").glob("*.json")]
    lines = "".join(f"{json.dumps(article)}\n" for article in articles)
    (folder / "in.jsonl").write_text(lines, encoding="utf-8")
    sample = folder / "sample.jsonl"
    options = ("--n", "2", "--by", "lang,year", "--seed", "1", "-o", sample)
    assert extractor("eval", "sample", folder / "good.jsonl", *options).returncode == 0
    draft = ("gold", "from", folder / "good.jsonl", "--articles", folder / "in.jsonl")
    done = extractor(*draft, "-o", folder / "draft", "--sample", sample)
    assert done.returncode == 0, done.stderr
    assert {own.weight for own in load_gold([folder / "draft"])} == {1.5}
    again = extractor(*draft, "-o", folder / "draft", "--sample", sample)
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_gold_is_validated_and_every_complaint_is_a_line(folder: Path) -> None:
    assert extractor("gold", "validate", folder / "gold").returncode == 0
    file = labelled("a0")
    file["records"]["funds"][0]["evidence"] = "a sentence that nobody wrote"
    (folder / "gold" / "0.json").write_text(json.dumps(file), encoding="utf-8")
    done = extractor("gold", "validate", folder / "gold")
    assert done.returncode == 1
    assert "funds[0].evidence" in done.stdout
    assert extractor("eval", "--gold", folder / "gold", "--model", "rules").returncode == 2


def test_two_annotators_are_compared(folder: Path) -> None:
    done = extractor("eval", "agreement", folder / "gold", folder / "gold", "--json")
    assert json.loads(done.stdout)["types"]["all"]["scores"]["strict"]["f1"]["value"] == 1


def test_the_selftest_lists_every_fault(folder: Path) -> None:
    done = extractor("eval", "selftest", "--gold", folder / "gold")
    assert done.returncode == 0
    assert "5 % of records dropped" in done.stdout


def test_evaluating_stored_runs_loads_no_client() -> None:
    code = (
        "import sys, extractor.cli.app, extractor.evaluation.rescoring, extractor.evaluation.drift;"
        "print(sorted({'openai', 'instructor', 'aiohttp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_repeats_of_one_stored_answer_are_refused(folder: Path) -> None:
    done = extractor(
        "eval", "--gold", folder / "gold", "--model", "rules", "--repeats", "2", "--cache", folder
    )
    assert done.returncode == 2
    assert "--cache" in done.stderr
