"""The engine lives as long as its run and no longer, and is nobody else's."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.models.local import Engine, serve
from extractor.models.local_file import ModelFile, open_model

_PATIENCE = 30
_RUN = """
import signal, sys
from extractor.models.local import serve
from extractor.models.local_file import open_model
with serve(open_model(sys.argv[1]), slots=1, context=512) as engine:
    print(engine.pid, flush=True)
    signal.pause()
"""


@contextmanager
def _run(model: ModelFile) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A run in a process of its own that has an engine; and a handle that tells of its end."""
    with subprocess.Popen(
        [sys.executable, "-c", _RUN, str(model.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout is not None
        handle = os.pidfd_open(int(run.stdout.readline()))
        try:
            yield run, handle
        finally:
            run.kill()
            os.close(handle)


def _has_ended(handle: int) -> bool:
    return bool(select.select([handle], [], [], _PATIENCE)[0])


def _get(engine: Engine, path: str, key: str) -> Any:
    request = urllib.request.Request(
        engine.base_url + path, headers={"Authorization": f"Bearer {key}"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request) as answer:
        return json.load(answer)


def test_slots_and_context_of_each_are_as_asked(tiny_model: ModelFile) -> None:
    with serve(tiny_model, slots=3, context=1024) as engine:
        assert (engine.slots, engine.context) == (3, 1024)


def test_context_is_capped_at_what_the_model_was_trained_on(tiny_model: ModelFile) -> None:
    with serve(tiny_model, slots=1, context=1_000_000) as engine:
        assert engine.context == 32_768


def test_engine_answers_under_the_models_name_on_loopback(engine: Engine) -> None:
    models = _get(engine, "/models", engine.api_key)
    assert [model["id"] for model in models["data"]] == [engine.model] == ["tiny-random"]
    assert engine.base_url.startswith("http://127.0.0.1:")
    assert engine.ended() is None


def test_wrong_key_is_refused(engine: Engine) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(engine, "/models", "guessed")
    refused.value.close()
    assert refused.value.code == 401


def test_key_shows_neither_in_repr_nor_in_the_process_list(engine: Engine) -> None:
    assert engine.api_key not in repr(engine)
    commands = Path(f"/proc/{engine.pid}/cmdline")
    if commands.exists():
        assert engine.api_key not in commands.read_text(encoding="utf-8")


def test_engine_ends_with_the_block(tiny_model: ModelFile) -> None:
    with serve(tiny_model, slots=1, context=512) as engine:
        assert engine.ended() is None
    assert engine.ended() is not None


def test_engine_ends_when_the_block_raises(tiny_model: ModelFile) -> None:
    with pytest.raises(ZeroDivisionError), serve(tiny_model, slots=1, context=512) as engine:
        raise ZeroDivisionError
    assert engine.ended() is not None


def test_engine_that_dies_in_the_run_says_so(tiny_model: ModelFile) -> None:
    with serve(tiny_model, slots=1, context=512) as engine:
        os.kill(engine.pid, signal.SIGTERM)
        os.waitid(os.P_PID, engine.pid, os.WEXITED | os.WNOWAIT)
        assert engine.ended() == "the engine was ended by SIGTERM"


def test_engine_outlives_the_thread_that_started_it(tiny_model: ModelFile) -> None:
    with ExitStack() as run:
        with ThreadPoolExecutor(1) as thread:
            engine = thread.submit(
                run.enter_context, serve(tiny_model, slots=1, context=512)
            ).result()
        assert _get(engine, "/models", engine.api_key)


def test_broken_model_is_a_usage_error_with_the_engines_words(
    tiny_model: ModelFile, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(tiny_model.path.read_bytes()[:800_000])
    with pytest.raises(UsageError, match=r"broken\.gguf could not be loaded: .*incomplete") as e:
        serve(open_model(broken)).__enter__()
    assert "Traceback" not in str(e.value)


def test_engine_of_another_folder_is_not_taken(
    tiny_model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with serve(tiny_model, slots=1, context=512) as engine:
        assert engine.ended() is None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_engine_ends_however_the_run_ends(tiny_model: ModelFile, how: str) -> None:
    with _run(tiny_model) as (run, engine):
        run.send_signal(signal.Signals[how])
        assert _has_ended(engine)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_ctrl_c_reaches_the_run_and_not_the_engine(tiny_model: ModelFile) -> None:
    with serve(tiny_model, slots=1, context=512) as engine:
        assert os.getpgid(engine.pid) != os.getpgid(0)
        os.kill(engine.pid, signal.SIGINT)
        assert _get(engine, "/models", engine.api_key)
