"""Chat models: the key and the text are where they belong and nowhere else."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("openai")

from extractor.article import Article
from extractor.cli import main
from extractor.errors import RunStoppedError
from extractor.pipeline import AsyncExtractor
from extractor.results import Failure
from tests.articles import ARTICLE, fund
from tests.chat import KEY, NAME, one, run, sent
from tests.fake_llm.api import (
    NOTHING,
    answer,
    content_filter,
    error,
    invalid_api_key,
    invalid_schema,
    records,
    requires_key,
    status,
    thinking,
)
from tests.fake_llm.scripts import Scripted

TEXT = "CANARYTEXT"


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Everything that any logger says, at every level."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler, root = Kept(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    levels = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    for logger, level in levels:
        logger.setLevel(level)


@pytest.mark.parametrize("mode", ["json_schema", "tools", "md_json"])
def test_key_and_text_are_in_no_log_error_or_output(
    mode: Any,
    logged: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    quoted = f"{TEXT} {KEY}"
    replies: list[Scripted] = [
        requires_key(KEY, invalid_schema(json.dumps({TEXT: KEY}))),
        answer(records(funds=[fund(amount=TEXT), fund(evidence=TEXT)])),
        answer(quoted),
        thinking({TEXT: KEY}),
        content_filter(quoted),
        status(500, quoted),
        status(400, error(quoted, param=quoted, code=quoted)),
        status(400, error(f"Unsupported parameter: 'temperature' {quoted}")),
        invalid_api_key(),
        status(429, error(quoted, code="insufficient_quota")),
    ]
    shown = []
    for reply in replies:
        try:
            (outcome,), server = run(reply, Article(text=f"{TEXT} {ARTICLE.text}"), mode=mode)
            assert TEXT in sent(server)
            shown.append(outcome.provenance.model_dump_json())
            if isinstance(outcome, Failure):
                shown.append(outcome.error.model_dump_json())
        except RunStoppedError as stopped:
            shown.append(str(stopped))
    everything = "\n".join([*logged, *shown, *capsys.readouterr()])

    assert logged
    assert TEXT not in everything
    assert KEY not in everything
    assert KEY not in repr(AsyncExtractor(NAME).model.identity)


def test_rules_model_never_imports_the_clients() -> None:
    program = (
        "import sys, extractor\n"
        "extractor.extract('The city issued 18 measures.')\n"
        "print([n for n in ('openai', 'instructor', 'tenacity', 'httpx2') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_key_goes_out_as_bearer_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    _, server = one(requires_key(KEY, NOTHING))

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in server.requests[0].raw
    assert server.requests[0].path == "/v1/chat/completions"


@pytest.mark.parametrize("command", [["extract", "-"], ["batch", "-", "-o", "-"]])
def test_missing_clients_end_a_command_with_2_and_say_what_to_install(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("sys.argv", ["extractor", *command, "--model", NAME])
    text = io.BytesIO(b"The city issued 18 measures.")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(text, encoding="utf-8"))
    with pytest.raises(SystemExit) as caught:
        main()

    assert caught.value.code == 2
    assert "pip install 'extractor[llm]'" in capsys.readouterr().err
