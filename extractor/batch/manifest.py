"""The manifest of an output: what ran, when, with what identity, and checksums."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """One run in the manifest.

    Attributes:
        run: identity of what was asked.
        version: of the package, which computed the values.
        parsers: fingerprint of the value parsers.
        started: when it began, UTC.
        finished: when its output was made, UTC.
        ended: ``complete``; ``interrupted``; or why it stopped.
        inputs: each with its name, and its SHA-256 if it was read to its end.
        totals: the run's summary.
    """

    run: str
    version: str
    parsers: str
    started: dt.datetime
    finished: dt.datetime
    ended: str
    inputs: tuple[Mapping[str, str | None], ...]
    totals: Mapping[str, Any]


def add_to_manifest(path: Path, entry: RunEntry, output: Mapping[str, Any]) -> None:
    """Add a run to a manifest, and say what the output is now.

    Args:
        path: the manifest; one that cannot be read is begun anew.
        entry: the run.
        output: its name, SHA-256, number of articles, and what all runs cost.
    """
    runs: list[Any] = []
    with suppress(TypeError, KeyError):
        runs = list(_read(path)["runs"])
    manifest = {"output": dict(output), "runs": [*runs, asdict(entry)]}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=dt.datetime.isoformat)
    partial = Path(f"{path}.partial")
    partial.write_text(text + "\n", encoding="utf-8", errors="replace")
    partial.replace(path)


def recorded_cost(path: Path, sha256: str, otherwise: float | None) -> float | None:
    """What all runs of the output with this checksum cost, by its manifest; None if not known.

    Args:
        path: the manifest.
        sha256: of the output.
        otherwise: if the manifest does not tell.
    """
    output = _read(path).get("output")
    if not isinstance(output, dict) or output.get("sha256") != sha256:
        return otherwise
    cost = output.get("cost_usd", otherwise)
    return cost if cost is None or isinstance(cost, int | float) else otherwise


def _read(path: Path) -> dict[str, Any]:
    """A manifest; empty if it cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return manifest if isinstance(manifest, dict) else {}
    return {}
