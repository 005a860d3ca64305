"""The process that holds a local model: llama.cpp's server, on loopback only.

Started by `extractor.models.local` as ``python -m extractor.models.local_server``. It reads its
settings, one JSON line, from standard input (a command line could be read by other users), prints
``{"base_url", "slots", "context"}`` when it answers requests, and ends when standard input does:
then whoever started it is gone, however that happened.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import signal
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = "127.0.0.1"
# Each open connection holds one, and the server stalls for seconds when they run out.
_HTTP_THREADS = 128
# Room for the states of some prompts: repairs between articles do not cost their shared opening.
_PROMPT_CACHE = 2048
_ERRORS_ONLY = 1
_PR_SET_PDEATHSIG = 1


def _server(settings: dict[str, Any]) -> Any:
    """The engine, ready to answer; it prints why if it raises RuntimeError."""
    import xllamacpp

    p = xllamacpp.CommonParams()
    p.model.path = settings["path"]
    p.model_alias = {settings["name"]}
    p.hostnames, p.port = [_LOOPBACK], 0
    p.api_keys = [settings["api_key"]]
    p.n_parallel = settings["slots"]
    p.n_ctx = settings["slots"] * settings["context"]
    p.cpuparams.n_threads = p.cpuparams_batch.n_threads = settings["threads"]
    p.n_threads_http = _HTTP_THREADS
    p.sampling.temp = 0.0  # unless a request says otherwise: the same article, the same answer
    p.cache_ram_mib = _PROMPT_CACHE
    p.offline, p.ui, p.endpoint_slots = True, False, False
    p.verbosity = _ERRORS_ONLY
    return xllamacpp.Server(p)


def _served(address: str, api_key: str) -> dict[str, Any]:
    """What the engine says it really has; it caps the context at what the model was trained on."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", "/props", headers={"Authorization": f"Bearer {api_key}"})
    props = json.load(connection.getresponse())
    connection.close()
    return {
        "base_url": f"{address}/v1",
        "slots": props["total_slots"],
        "context": props["default_generation_settings"]["n_ctx"],
    }


def _die_with_parent(is_wanted: bool) -> None:
    """Have the kernel kill this process when the thread that started it ends, or no longer."""
    if sys.platform == "linux":
        signum = signal.SIGKILL if is_wanted else 0
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)


def _wait_for_parent(parent: int) -> None:
    """Return when standard input ends, or when the parent is another process than `parent`."""
    ended = threading.Event()

    def read_to_the_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=read_to_the_end, daemon=True).start()
    # A fork of the parent may hold the other end of standard input open.
    while not ended.wait(1) and not _orphaned(parent):
        pass


def _orphaned(parent: int) -> bool:
    return os.name == "posix" and os.getppid() != parent


def main() -> None:
    """Serve until whoever started this process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which then ends this
    settings = json.loads(sys.stdin.readline())
    # Loading holds the interpreter lock, so nothing else would notice; the thread waits meanwhile.
    _die_with_parent(True)
    if _orphaned(settings["parent"]):
        return
    try:
        server = _server(settings)
    except RuntimeError:
        sys.exit(1)
    _die_with_parent(False)
    print(json.dumps(_served(server.listening_address, settings["api_key"])), flush=True)
    _wait_for_parent(settings["parent"])
    os._exit(0)  # no answer is waited for any more


if __name__ == "__main__":
    main()
