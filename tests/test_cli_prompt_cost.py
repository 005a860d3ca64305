import json
from pathlib import Path

import pytest

from tests.articles import ARTICLE
from tests.test_cli import extractor


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"a{n}", "text": f"{n}. {ARTICLE.text}"} for n in range(8)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_both_forms_are_shown_by_part_and_by_price_and_no_key_is_needed(source: Path) -> None:
    done = extractor("prompt", "cost", source, "--model", "openai/gpt-5-mini")
    assert done.returncode == 0
    for row in ("prompt and schema", "article", "answer", "  evidence", "  change"):
        assert f"\n  {row}" in done.stdout
    prices = [row for row in done.stdout.splitlines() if "1,000 articles" in row]
    assert len(prices) == 3
    assert all(row.count("$") == 2 for row in prices)
    assert "within a third" in done.stdout


def test_prices_are_of_the_tokens_shown(source: Path) -> None:
    done = extractor("prompt", "cost", source, "--price", "2,8,0.5", "--sample", "3", "--json")
    result = json.loads(done.stdout)
    assert result["articles"] == 3
    for form in ("quote", "sentences"):
        found = result["evidence"][form]
        tokens, dollars = found["tokens_per_article"], found["usd_per_1000_articles"]
        online = (2 * (tokens["prompt"] + tokens["article"]) + 8 * tokens["answer"]) / 1000
        assert dollars["online"] == pytest.approx(online, rel=0.002)
        saved = (2 - 0.5) * tokens["prompt"] / 1000
        assert dollars["online_prompt_cached"] == pytest.approx(online - saved, rel=0.002)
        assert dollars["batch"] == pytest.approx(online / 2, rel=0.002)
        assert sum(tokens["answer_by_field"].values()) == pytest.approx(tokens["answer"], abs=2)


def test_without_a_price_tokens_are_shown_and_the_price_is_said_to_be_unknown(
    source: Path,
) -> None:
    done = extractor("prompt", "cost", source)
    assert done.returncode == 0
    assert "--price" in done.stdout
    assert "$" not in done.stdout
    told = json.loads(extractor("prompt", "cost", source, "--json").stdout)
    assert told["evidence"]["quote"]["usd_per_1000_articles"]["batch"] is None


def test_the_same_seed_shows_the_same(source: Path) -> None:
    shown = [
        extractor("prompt", "cost", source, "--sample", "2", "--seed", seed, "--json").stdout
        for seed in ("1", "1")
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--price", "cheap"), "IN,OUT,CACHED"),
        (("--model", "gpt-5-mini"), "provider/model"),
        (("--prompt", "nope@9"), "there is no prompt"),
    ],
)
def test_what_cannot_be_costed_is_a_usage_error(
    source: Path, arguments: tuple[str, str], words: str
) -> None:
    done = extractor("prompt", "cost", source, *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_an_input_without_an_article_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("broken\n\n", encoding="utf-8")
    done = extractor("prompt", "cost", tmp_path / "in.jsonl")
    assert done.returncode == 2
    assert "no article in" in done.stderr
