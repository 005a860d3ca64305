"""`gguf:PATH`: a model file, run by whoever extracts with it."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from extractor import Extractor
from extractor.errors import RunStoppedError, UsageError
from extractor.models.local_file import ModelFile
from extractor.models.local_model import LocalModel
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction
from tests.articles import ARTICLE
from tests.engine.chat import PROMPT, numbered


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(PROMPT, encoding="utf-8")
    return path


@pytest.fixture
def options(prompt: Path) -> ModelOptions:
    return ModelOptions(prompt=str(prompt), connections=1, tries=1)


def _extractor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"COLUMNS": "160", "NO_COLOR": "1"},
    )


def test_batch_runs_a_model_file(tiny_model: ModelFile, prompt: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": a.id, "text": a.text}) + "\n" for a in numbered(2)),
        encoding="utf-8",
    )
    model = f"gguf:{tiny_model.path}"
    done = _extractor(
        *("batch", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl"),
        *("--model", model, "--prompt", prompt, "--concurrency", "1"),
    )
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    results = [json.loads(line) for line in lines]
    assert [(r["id"], r["status"]) for r in results] == [("0", "ok"), ("1", "ok")]
    assert {r["provenance"]["served_model"] for r in results} == {tiny_model.name}
    assert {r["provenance"]["mode"] for r in results} == {"json_schema"}
    assert str(tiny_model.path.parent) not in "".join(lines)


def test_missing_model_file_is_exit_2_and_one_sentence(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(ARTICLE.text, encoding="utf-8")
    done = _extractor("extract", article, "--model", f"gguf:{tmp_path / 'no.gguf'}")
    assert done.returncode == 2
    assert "no.gguf cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_library_runs_a_model_file_and_gives_the_same_answer_again(
    tiny_model: ModelFile, options: ModelOptions
) -> None:
    with Extractor(f"gguf:{tiny_model.path}", options=options) as extractor:
        first, again = extractor.extract(ARTICLE), extractor.extract(ARTICLE)
    assert first.rejected == again.rejected
    assert first.provenance.model == "gguf:tiny-random.gguf"


def test_closing_the_model_ends_its_engine(tiny_model: ModelFile, options: ModelOptions) -> None:
    model = LocalModel(tiny_model.path, options)
    assert model.engine.ended() is None
    asyncio.run(model.aclose())
    assert model.engine.ended() is not None


def test_engine_ends_with_a_model_that_was_never_closed(
    tiny_model: ModelFile, options: ModelOptions
) -> None:
    model = LocalModel(tiny_model.path, options)
    engine = model.engine
    del model
    gc.collect()
    assert engine.ended() is not None


def test_engine_does_not_outlive_a_model_that_cannot_be_asked(
    tiny_model: ModelFile, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="prompt"):
        LocalModel(tiny_model.path, ModelOptions(prompt=str(tmp_path / "no.toml")))


def test_identity_names_the_file_by_content_and_neither_folder_nor_port(
    tiny_model: ModelFile, options: ModelOptions, tmp_path: Path
) -> None:
    copy = shutil.copy(tiny_model.path, tmp_path / tiny_model.path.name)
    models = [LocalModel(path, options) for path in (tiny_model.path, copy)]
    for model in models:
        asyncio.run(model.aclose())
    assert models[0].identity == models[1].identity
    assert tiny_model.fingerprint in models[0].identity
    assert "127.0.0.1" not in models[0].identity


def test_engine_that_dies_stops_the_run_with_its_ending(
    tiny_model: ModelFile, options: ModelOptions
) -> None:
    async def run() -> list[object]:
        model = LocalModel(tiny_model.path, options)
        async with AsyncExtractor(model) as extractor:
            done: list[object] = [await extractor.outcome(ARTICLE)]
            os.kill(model.engine.pid, signal.SIGTERM)
            os.waitid(os.P_PID, model.engine.pid, os.WEXITED | os.WNOWAIT)
            with pytest.raises(RunStoppedError, match="the engine was ended by SIGTERM"):
                await extractor.outcome(ARTICLE)
            return done

    [first] = asyncio.run(run())
    assert isinstance(first, Extraction)
