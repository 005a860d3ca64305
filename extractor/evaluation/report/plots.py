"""Plots of values with intervals, laid out for inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_LABELS = 140.0
_WIDTH = 520.0
_ROW = 26.0
_AXIS = 28.0
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_MOST_TICKS = 6


class Point(NamedTuple):
    """A value with its interval; None where there is none."""

    label: str
    value: float | None
    low: float | None
    high: float | None


class Line(NamedTuple):
    """A laid-out point: coordinates in the plot's units, and what it says in words."""

    label: str
    y: float
    x: float | None
    low: float | None
    high: float | None
    words: str


class Tick(NamedTuple):
    """A mark on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A laid-out plot.

    Attributes:
        title: what it shows.
        width: of the plot, in its own units.
        height: likewise.
        left: where the labels end and the plane begins.
        lines: the points.
        ticks: of the axis.
        zero: where zero is, in a plot of differences.
    """

    title: str
    width: float
    height: float
    left: float
    lines: list[Line]
    ticks: list[Tick]
    zero: float | None


def plot(title: str, points: Sequence[Point], *, signed: bool = False) -> Plot:
    """Lay out a plot with a line for each point, top to bottom.

    Args:
        title: what it shows.
        points: shares, or differences of shares.
        signed: the points are differences: the axis is symmetric and has a zero.
    """
    low, high = _domain(points, signed)

    def x(value: float | None) -> float | None:
        if value is None:
            return None
        share = (min(max(value, low), high) - low) / (high - low)
        return round(_LABELS + share * (_WIDTH - _LABELS - 24), 1)

    lines = [
        Line(
            point.label,
            _ROW * (number + 0.5),
            x(point.value),
            x(point.low),
            x(point.high),
            _words(point, signed),
        )
        for number, point in enumerate(points)
    ]
    ticks = [Tick(x(value) or 0.0, _percent(value, signed)) for value in _ticks(low, high)]
    height = _ROW * len(points) + _AXIS
    return Plot(title, _WIDTH, height, _LABELS, lines, ticks, x(0.0) if signed else None)


def _domain(points: Sequence[Point], signed: bool) -> tuple[float, float]:
    if not signed:
        return 0.0, 1.0
    ends = [abs(end) for point in points for end in point[1:] if end is not None]
    reach = max([0.02, *ends]) * 1.05
    return -reach, reach


def _ticks(low: float, high: float) -> list[float]:
    step = next((s for s in _STEPS if (high - low) / s <= _MOST_TICKS), 1.0)
    first = round(low / step + 0.5 - 1e-9)
    return [step * i for i in range(first, int(high / step + 1e-9) + 1) if low <= step * i <= high]


def _percent(value: float, signed: bool) -> str:
    return f"{100 * value + 0.0:{'+' if signed and abs(value) > 1e-12 else ''}.0f}"


def _words(point: Point, signed: bool) -> str:
    if point.value is None:
        return f"{point.label}: n/a"
    form = "+.1f" if signed else ".1f"
    text = f"{point.label}: {100 * point.value:{form}}"
    if point.low is None or point.high is None:
        return text
    return f"{text}, 95 % interval {100 * point.low:{form}} to {100 * point.high:{form}}"
