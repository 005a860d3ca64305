"""The scripted server: answers by the rules model, and its own process."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys

import pytest

pytest.importorskip("aiohttp")

from tests.articles import ARTICLE, fund
from tests.fake_llm.api import (
    answer_by_rules,
    records,
    rules_records,
)
from tests.fake_llm.probe import NAMED, TOOL, about, body, served

# Rules


def test_rules_model_answers_about_the_article_in_the_request() -> None:
    with served(answer_by_rules()) as (_, client):
        content = json.loads(client.message(about(ARTICLE))["content"])

    assert content == rules_records(ARTICLE)
    assert len(content["funds"]) == 2
    assert all(list(f) == list(fund()) for f in content["funds"])


def test_rules_model_answers_with_the_lists_that_the_schema_has() -> None:
    schema = {"type": "object", "properties": {"funds": {}}}
    asked = about(ARTICLE)
    asked["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
    with served(answer_by_rules()) as (_, client):
        assert json.loads(client.message(asked)["content"]).keys() == {"funds"}


def test_rules_model_finds_nothing_where_there_is_no_article() -> None:
    asked = body() | {"messages": [{"role": "user", "content": "Mend these records."}]}
    with served(answer_by_rules()) as (_, client):
        assert json.loads(client.message(asked)["content"]) == records()


def test_unknown_list_is_no_answer() -> None:
    with pytest.raises(ValueError, match="grants"):
        records(grants=[])


# Its own process


@pytest.mark.parametrize("kind", ["fixed", "rules"])
def test_process_serves_until_it_is_told_to_stop(kind: str) -> None:
    command = [sys.executable, "-m", "tests.fake_llm", "--answer", kind, "--json-ready-line"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = json.loads(process.stdout.readline())["port"]
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for asked in (body(), body(tools=[TOOL], tool_choice=NAMED)):
                connection.request("POST", "/v1/chat/completions", json.dumps(asked).encode())
                got = json.loads(connection.getresponse().read())
            assert got["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "records"
            connection.request("GET", "/stats")
            assert json.loads(connection.getresponse().read())["requests"] == 2
            connection.close()
        finally:
            process.terminate()
    assert process.returncode == 0
