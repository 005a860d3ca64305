"""The option --evidence: what is shown, what is sent, what comes out."""

import json
from pathlib import Path

import pytest

from extractor.grounding import sentences
from tests.articles import ARTICLE
from tests.test_cli import extractor


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.json"
    fields = {"id": "a", "title": ARTICLE.title, "date": "2023-07-03", "text": ARTICLE.text}
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("chosen", "shown", "kind"), [("quote", "text", "string"), ("sentences", "sentences", "array")]
)
def test_prompt_shows_the_messages_and_the_schema_of_a_form(
    source: Path, chosen: str, shown: str, kind: str
) -> None:
    done = extractor("prompt", "show", source, "--evidence", chosen, "--json")
    said = json.loads(done.stdout)
    articles = [json.loads(m["content"]) for m in said["messages"] if m["role"] == "user"]
    evidence = said["schema"]["properties"]["funds"]["items"]["properties"]["evidence"]

    assert done.returncode == 0
    assert all(list(article) == ["title", "date", shown] for article in articles)
    assert len(articles[-1][shown]) == (
        len(ARTICLE.text) if chosen == "quote" else len(sentences(ARTICLE.text))
    )
    assert evidence["type"] == kind


def test_quotes_are_the_default(source: Path) -> None:
    quoted = extractor("prompt", "show", source, "--evidence", "quote").stdout

    assert extractor("prompt", "show", source).stdout == quoted


@pytest.mark.parametrize("command", [("prompt", "show"), ("extract",)])
def test_unknown_form_says_which_there_are(source: Path, command: tuple[str, ...]) -> None:
    done = extractor(*command, source, "--evidence", "numbers")

    assert done.returncode == 2
    assert "quote" in done.stderr
    assert "sentences" in done.stderr


def test_batch_over_http_gives_the_same_articles_in_both_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai")
    from tests.fake_llm.api import FakeLLM, answer_by_rules

    examples = Path(__file__).parent.parent / "examples" / "articles.jsonl"
    counts = []
    with FakeLLM(answer_by_rules()) as server:
        monkeypatch.setenv("VLLM_BASE_URL", server.base_url)
        for form in ("quote", "sentences"):
            out = tmp_path / f"{form}.jsonl"
            options = ("-o", out, "--model", "vllm/fake", "--evidence", form)
            assert extractor("batch", examples, *options).returncode == 0
            rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
            counts.append([(r["id"], [len(rs) for rs in r["records"].values()]) for r in rows])

    assert counts[0] == counts[1]
    assert [request.sentences is None for request in server.requests] == [True] * 6 + [False] * 6
