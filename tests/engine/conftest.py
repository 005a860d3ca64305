"""A real inference engine: llama.cpp's server, over a model of noise that is made on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.models.local import Engine, serve
from extractor.models.local_file import ModelFile, open_model
from extractor.models.options import ModelOptions
from tests.engine.chat import PROMPT, Asker


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the tiny model; each worker makes its own."""
    pytest.importorskip("gguf")
    from tests.engine.tiny_model import NAME, write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("engine") / f"{NAME}.gguf")


@pytest.fixture(scope="session")
def tiny_model(tiny_file: Path) -> ModelFile:
    pytest.importorskip("xllamacpp")
    return open_model(tiny_file)


@pytest.fixture(scope="session")
def engine(tiny_model: ModelFile) -> Iterator[Engine]:
    """The engine, with two slots; one thread, since threads that wait for each other spin."""
    with serve(tiny_model, slots=2, threads=1) as running:
        yield running


@pytest.fixture
def asker(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asker:
    """The engine, asked with a short prompt, hot, and with the same noise in every run."""
    monkeypatch.setenv("LLAMACPP_API_KEY", engine.api_key)
    prompt = tmp_path / "short.toml"
    prompt.write_text(PROMPT, encoding="utf-8")
    options = ModelOptions(
        base_url=engine.base_url, prompt=str(prompt), temperature=1.0, seed=7, tries=1
    )
    return Asker(engine.model, options)
