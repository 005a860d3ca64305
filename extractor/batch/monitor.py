"""How a run is to go, and what its caller sees of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extractor.batch.budget import CostLimit
from extractor.batch.limits import FailureLimit
from extractor.batch.reading import InvalidLine
from extractor.batch.summary import Summary
from extractor.batch.working import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a run deals with what its output holds, and with failures.

    Attributes:
        restart: move the old output aside and begin anew.
        retry_failed: run the articles once more that failed.
        max_failures: stop when more articles than this fail.
        max_cost: stop before the output, all its runs together, costs more than this.
    """

    restart: bool = False
    retry_failed: bool = False
    max_failures: FailureLimit | None = None
    max_cost: CostLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """What a caller sees of a run as it goes, and its way to stop it.

    Attributes:
        summary: what was done; it holds even if the run ends early.
        stop: ends the run after what is in flight.
        on_invalid: is told of each invalid line.
        on_note: is told in words what was repaired or is worth knowing.
    """

    summary: Summary = field(default_factory=Summary)
    stop: Stop = field(default_factory=Stop)
    on_invalid: Callable[[InvalidLine], None] = lambda line: None
    on_note: Callable[[str], None] = lambda note: None
