"""A local model without a server: llama.cpp in a process of its own, for as long as a run."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

from extractor.errors import MissingExtraError, UsageError
from extractor.models.local_cores import physical_cores
from extractor.models.local_file import ModelFile

_EXTRA = "local"
_PACKAGE = "xllamacpp"
_SERVER = "extractor.models.local_server"
_CONTEXT = 16_384
_MOST_SLOTS = 4
_KEPT_LINES = 50
_SHOWN_LINES = 2
_ERROR_LINE = re.compile(r"\d[\d.]* E (?:srv|cmn)?\s*(.+)")


@dataclass(frozen=True, slots=True)
class Engine:
    """A running local model: an OpenAI-compatible endpoint on loopback.

    Attributes:
        base_url: its address, ending in ``/v1``.
        api_key: the key it asks for, made for this run.
        model: the model's name, which its answers state.
        slots: requests that it works on at a time; more wait their turn.
        context: tokens of one request, prompt and answer together.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    slots: int
    context: int
    _process: subprocess.Popen[str] = field(repr=False)

    @property
    def pid(self) -> int:
        """The process it runs in."""
        return self._process.pid

    def ended(self) -> str | None:
        """How it ended, in words, if it has: then no request can succeed any more."""
        return None if self._process.poll() is None else _ending(self._process.returncode)


def default_slots() -> int:
    """How many requests at a time suit this machine: half its cores, from 1 to 4."""
    cores = physical_cores()
    return max(1, min(_MOST_SLOTS, (cores if cores > 0 else os.cpu_count() or 1) // 2))


@contextmanager
def serve(
    model: ModelFile,
    *,
    slots: int | None = None,
    context: int = _CONTEXT,
    threads: int | None = None,
) -> Iterator[Engine]:
    """Run `model` on this machine for as long as the block.

    However the block ends, and even if this process is killed in it, the engine ends too.

    Args:
        model: the model file.
        slots: requests at a time; by default what suits the machine. Each has a context of its
            own, which costs memory.
        context: tokens of one request, prompt and answer; the engine caps it at what the model
            was trained on.
        threads: that compute; by default the cores that this process may use.

    Yields:
        The engine, ready to answer.

    Raises:
        MissingExtraError: the engine is not installed.
        UsageError: it does not come up; the message has its last words.
    """
    if importlib.util.find_spec(_PACKAGE) is None:
        raise MissingExtraError(f"the model {model.path.name}", _EXTRA)
    api_key = secrets.token_urlsafe(32)
    settings = {
        "path": str(model.path),
        "name": model.name,
        "api_key": api_key,
        "slots": slots or default_slots(),
        "context": context,
        "threads": threads or physical_cores(),
        "parent": os.getpid(),
    }
    with _running() as (process, output):
        served = _start(process, output, settings)
        if served is None:
            words = _last_words(output.said) or _ending(process.wait())
            raise UsageError(f"{model.path.name} could not be loaded: {words}")
        yield Engine(api_key=api_key, model=model.name, _process=process, **served)


class _Output:
    """All that the engine prints, taken in by a thread so that it never waits for a reader.

    Attributes:
        ready: the line that says it is ready, or None if it ended before.
        said: its other lines, the last of them.
    """

    def __init__(self, stream: IO[str]) -> None:
        self.ready: Future[dict[str, Any] | None] = Future()
        self.said: deque[str] = deque(maxlen=_KEPT_LINES)
        self.thread = threading.Thread(target=self._listen, args=(stream,), daemon=True)
        self.thread.start()

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            if line.startswith('{"base_url"') and not self.ready.done():
                self.ready.set_result(json.loads(line))
            else:
                self.said.append(line.strip())
        if not self.ready.done():
            self.ready.set_result(None)


@contextmanager
def _running() -> Iterator[tuple[subprocess.Popen[str], _Output]]:
    """The engine's process, killed at the end: it has nothing to save."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # It imports what this process imports, from wherever this process has it.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        process_group=0,
    ) as process:
        assert process.stdout is not None
        output = _Output(process.stdout)
        try:
            yield process, output
        finally:
            process.kill()
            output.thread.join()


def _start(
    process: subprocess.Popen[str], output: _Output, settings: dict[str, Any]
) -> dict[str, Any] | None:
    """Give the engine its settings and wait until it is ready, or has given up (None)."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it ended at once
        os.write(process.stdin.fileno(), f"{json.dumps(settings)}\n".encode())
    return output.ready.result()


def _last_words(said: deque[str]) -> str:
    """The first of the engine's error lines, each once: the rest follows from them."""
    errors = [found[1] for line in said if (found := _ERROR_LINE.fullmatch(line))]
    return "; ".join(list(dict.fromkeys(errors))[:_SHOWN_LINES])


def _ending(code: int) -> str:
    if code >= 0:
        return f"the engine ended with exit code {code}"
    name = signal.Signals(-code).name
    hint = " (it needs a processor with AVX2)" if name == "SIGILL" else ""
    return f"the engine was ended by {name}{hint}"
