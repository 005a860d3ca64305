"""May the candidate replace the base? Pass, fail, or cannot tell, with an exit code.

The two-sided 90 % interval of the difference in usable F1 decides, so that each of its ends
is a one-sided 95 % bound. It passes if the lower end is above minus the margin, whatever the
upper end; else it fails if the upper end is below 0 and the randomisation test agrees; else
these articles cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple, TypeAlias

from extractor.errors import UsageError
from extractor.evaluation.compare import RunComparison
from extractor.evaluation.runs import EvalRun
from extractor.evaluation.summary import ALL

Verdict: TypeAlias = Literal["pass", "fail", "cannot_tell"]
OnInconclusive: TypeAlias = Literal["fail", "warn"]

MARGIN = 0.02
"""A drop of so much usable F1 is not worth a red light."""

ALPHA = 0.05
MAX_FAILED = 0.02
"""A run with more failed articles says something of the provider, not of the model."""


class ExitCode(IntEnum):
    """What `eval compare --gate` ends with."""

    PASS = 0
    REGRESSION = 1
    USAGE = 2
    CANNOT_TELL = 3
    NOT_COMPARABLE = 4
    RUN_FAILED = 5


_PRECEDENCE = (
    ExitCode.USAGE,
    ExitCode.RUN_FAILED,
    ExitCode.NOT_COMPARABLE,
    ExitCode.REGRESSION,
    ExitCode.CANNOT_TELL,
    ExitCode.PASS,
)


def most_serious(codes: Sequence[ExitCode]) -> ExitCode:
    """The code to end with when there are several."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.PASS)


class _Measure(NamedTuple):
    """Something that a floor holds: a value of the candidate, and which side is good."""

    value: Callable[[EvalRun, EvalRun], float | None]
    at_least: bool


def _f1(kind: Literal["lenient", "usable", "strict", "soft"]) -> _Measure:
    return _Measure(lambda _, run: run.summary.types[ALL].scores[kind].f1.value, at_least=True)


def _cost_change(base: EvalRun, candidate: EvalRun) -> float | None:
    """Relative change of the cost of an article."""
    before, after = (run.summary.operations.cost_usd for run in (base, candidate))
    if before is None or after is None:
        return None
    if before == 0:
        return 0.0 if after == 0 else float("inf")
    return after / before - 1


def _ungrounded_change(base: EvalRun, candidate: EvalRun) -> float | None:
    before, after = (run.summary.operations.ungrounded.value for run in (base, candidate))
    return None if after is None else after - (before or 0.0)


MEASURES: Mapping[str, _Measure] = {
    "lenient": _f1("lenient"),
    "usable": _f1("usable"),
    "strict": _f1("strict"),
    "soft": _f1("soft"),
    "coverage": _Measure(lambda _, run: run.summary.operations.coverage.value, at_least=True),
    "evidence": _Measure(lambda _, run: run.summary.types[ALL].evidence.value, at_least=True),
    "false-alarms": _Measure(
        lambda _, run: run.summary.operations.false_alarms.value, at_least=False
    ),
    "ungrounded": _Measure(lambda _, run: run.summary.operations.ungrounded.value, at_least=False),
    "ungrounded-change": _Measure(_ungrounded_change, at_least=False),
    "cost-change": _Measure(_cost_change, at_least=False),
    "p95-seconds": _Measure(lambda _, run: run.summary.operations.p95_seconds, at_least=False),
}
"""What a floor can be set for; shares are 0 to 1. The changes are against the base."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A limit that the candidate must keep.

    Attributes:
        name: a key of `MEASURES`.
        limit: the least value, or the largest for what should be small.
    """

    name: str
    limit: float


def parse_floor(text: str) -> Floor:
    """Read `usable=0.80`.

    Raises:
        UsageError: there is no such measure, or no number.
    """
    name, _, limit = text.partition("=")
    if name not in MEASURES:
        raise UsageError(f"--floor {text!r}: there is no {name!r}: there are {', '.join(MEASURES)}")
    try:
        return Floor(name, float(limit))
    except ValueError:
        raise UsageError(f"--floor {text!r}: write it as {name}=0.8") from None


@dataclass(frozen=True, slots=True)
class Check:
    """One floor, checked; `value` is None where the run does not say."""

    floor: Floor
    value: float | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """The outcome.

    Attributes:
        verdict: on the difference alone.
        reason: why, in one sentence.
        checks: the floors.
        failed_share: share of the candidate's articles that failed.
        detectable: smallest drop that these articles show with 80 % power, in F1; None if
            there is no difference to speak of.
        needed: stories needed to show a drop of the margin; None likewise.
        exit_code: what to end with.
    """

    verdict: Verdict
    reason: str
    checks: list[Check]
    failed_share: float
    detectable: float | None
    needed: int | None
    exit_code: ExitCode


def gate(
    base: EvalRun,
    candidate: EvalRun,
    comparison: RunComparison,
    *,
    margin: float = MARGIN,
    floors: Sequence[Floor] = (),
    on_inconclusive: OnInconclusive = "fail",
) -> Gate:
    """Judge the candidate.

    Args:
        base: the run that it would replace.
        candidate: the new run.
        comparison: the two compared.
        margin: the drop in usable F1 that is tolerated.
        floors: limits that the candidate must keep whatever the base does.
        on_inconclusive: whether `cannot_tell` ends with 3 (`fail`) or 0 (`warn`).
    """
    verdict, reason = _judge(comparison, margin)
    checks = [_check(floor, base, candidate) for floor in floors]
    coverage = candidate.summary.operations.coverage.value
    failed_share = 1 - (coverage if coverage is not None else 0.0)
    codes = [_code(verdict, on_inconclusive)]
    if not all(check.kept for check in checks):
        codes.append(ExitCode.REGRESSION)
    if failed_share > MAX_FAILED:
        codes.append(ExitCode.RUN_FAILED)
    found = comparison.headline
    return Gate(
        verdict=verdict,
        reason=reason,
        checks=checks,
        failed_share=failed_share,
        detectable=found.detectable if found else None,
        needed=found.needed(margin) if found else None,
        exit_code=most_serious(codes),
    )


def _code(verdict: Verdict, on_inconclusive: OnInconclusive) -> ExitCode:
    if verdict == "cannot_tell":
        return ExitCode.CANNOT_TELL if on_inconclusive == "fail" else ExitCode.PASS
    return ExitCode.PASS if verdict == "pass" else ExitCode.REGRESSION


def _judge(comparison: RunComparison, margin: float) -> tuple[Verdict, str]:
    found = comparison.headline
    if found is None:
        return "cannot_tell", "there is too little gold to compare the runs"
    low, high = found.interval90
    drop = f"{100 * margin:g} points"
    if low > -margin:
        return "pass", f"the candidate is not worse by {drop} or more"
    if high < 0 and found.p_worse < ALPHA:
        return "fail", f"the candidate is worse (one-sided p = {found.p_worse:.4f})"
    return "cannot_tell", (
        f"{found.clusters} stories cannot tell: they show a drop of "
        f"{100 * found.detectable:.1f} points or more; {drop} need about "
        f"{found.needed(margin):,} stories, {max(0, found.needed(margin) - found.clusters):,} more"
    )


def _check(floor: Floor, base: EvalRun, candidate: EvalRun) -> Check:
    measure = MEASURES[floor.name]
    value = measure.value(base, candidate)
    if value is None:
        return Check(floor, None, kept=False)
    kept = value >= floor.limit if measure.at_least else value <= floor.limit
    return Check(floor, value, kept)
