"""The limits of a run, shared among its worker processes. Pure functions but for `cores`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from extractor.errors import UsageError
from extractor.models.loading import LOCAL
from extractor.models.local_cores import physical_cores
from extractor.models.options import ModelOptions


def cores() -> int:
    """Processor cores that this process may use."""
    found = physical_cores()
    return found if found > 0 else os.cpu_count() or 1


def shares(name: str, options: ModelOptions, processes: int) -> list[ModelOptions]:
    """What each worker process may take of the limits of a run; there may be fewer processes.

    Requests in flight, and those and tokens a minute, are divided; the built-in model has no such
    limits, and each process a window of its own.

    Raises:
        UsageError: the model cannot be run in several processes.
    """
    if sys.platform == "win32":
        raise UsageError("there are no worker processes on Windows: leave out --processes")
    if name.startswith(LOCAL):
        raise UsageError(
            "a model file is run by one engine, which uses every core: leave out --processes"
        )
    if name == "rules":
        return [options] * processes
    processes = min(processes, options.connections)
    each, left = divmod(options.connections, processes)
    return [
        replace(
            options,
            connections=each + (number < left),
            rpm=None if options.rpm is None else options.rpm / processes,
            tpm=None if options.tpm is None else options.tpm / processes,
        )
        for number in range(processes)
    ]
