"""What the commands of `extractor eval` print beside the tables of a run."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import TypeAdapter
from rich.markup import escape

from extractor.cli.eval_tables import console, kind_table, new_table, percent
from extractor.evaluation.agreement import Agreement
from extractor.evaluation.compare import RunComparison, points
from extractor.evaluation.disagreements import Disagreement
from extractor.evaluation.drift import Drift
from extractor.evaluation.gate import Gate
from extractor.evaluation.pairing import Difference
from extractor.evaluation.rescoring import VerdictFlip
from extractor.evaluation.runs import EvalRun
from extractor.evaluation.selftest import MEASURES, Finding
from extractor.evaluation.summary import ALL

_SHOWN = 20


def echo_json(value: Any) -> None:
    """Print dataclasses as JSON; a number that is none becomes null."""
    plain = _finite(TypeAdapter(Any).dump_python(value, mode="json"))
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def show_comparison(comparison: RunComparison, gate: Gate | None, *, as_json: bool) -> None:
    """Print a comparison, the verdict first."""
    if as_json:
        echo_json({"comparison": comparison, "gate": gate})
        return
    out = console()
    if gate is not None:
        out.print(f"{gate.verdict.replace('_', ' ')}: {gate.reason}", soft_wrap=True)
    out.print(comparison.verdict, soft_wrap=True)
    heads = ["base", "candidate", "difference", "95 % interval", "p"]
    table = new_table("F1 by kind of match, usable F1 by type", [""], heads)
    rows: list[tuple[str, Difference, float]] = [
        (kind, found, found.p) for kind, found in comparison.kinds.items()
    ]
    rows += [(t, found.difference, found.p_worse_holm) for t, found in comparison.types.items()]
    for name, found, p in rows:
        low, high = found.interval95
        shares = (percent(found.base), percent(found.candidate), points(found.delta))
        table.add_row(name, *shares, f"{points(low)} to {points(high)}", f"{p:.4f}")
    out.print(table)
    out.print("p by type: one-sided (worse), adjusted by Holm")
    for check in gate.checks if gate else ():
        kept = "kept" if check.kept else "broken"
        out.print(f"floor {check.floor.name}: {check.value} against {check.floor.limit:g}: {kept}")
    for flip in comparison.flips[:_SHOWN]:
        where = f"{flip.article} {flip.type} {flip.gold}"
        out.print(f"{flip.change}: {escape(where)}: {', '.join(flip.fields)}")
    if len(comparison.flips) > _SHOWN:
        out.print(f"and {len(comparison.flips) - _SHOWN} more; --json has them all")


def show_rescored(
    paths: Sequence[Path],
    before: Sequence[EvalRun],
    after: Sequence[EvalRun],
    flips: Sequence[VerdictFlip],
    *,
    as_json: bool,
) -> None:
    """Print usable F1 before and after, and which verdicts flip."""
    if as_json:
        f1 = {
            str(path): [_usable(old), _usable(new)]
            for path, old, new in zip(paths, before, after, strict=True)
        }
        echo_json({"usable": f1, "flips": flips})
        return
    out = console()
    table = new_table("usable F1", ["run"], ["before", "after"])
    for path, old, new in zip(paths, before, after, strict=True):
        table.add_row(escape(str(path)), percent(_usable(old)), percent(_usable(new)))
    out.print(table)
    for flip in flips:
        pair = f"{paths[flip.base]} → {paths[flip.candidate]}"
        out.print(f"verdict flips: {escape(pair)}: {flip.before} → {flip.after}")
    if not flips and len(paths) > 1:
        out.print("no verdict flips")


def _usable(run: EvalRun) -> float | None:
    return run.summary.types[ALL].scores["usable"].f1.value


def show_selftest(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print what each fault did to the scores."""
    if as_json:
        echo_json(findings)
        return
    table = new_table("drop of each score in points", ["fault"], [*MEASURES, "caught by"])
    for finding in findings:
        drops = (finding.drops[measure] for measure in MEASURES)
        shown = ("n/a" if drop is None else f"{drop:.1f}" for drop in drops)
        table.add_row(finding.fault, *shown, ", ".join(finding.caught_by) or "nothing")
    console().print(table)


def show_drift(drift: Drift, *, as_json: bool) -> None:
    """Print how two outputs differ."""
    if as_json:
        echo_json(drift)
        return
    out = console()
    out.print(f"{drift.articles} articles in both, {drift.only_one} in one only or changed")
    out.print(f"agreement: {drift.agreement}")
    out.print(kind_table(drift.types))
    heads = ["old", "new", "difference", "90 % interval", ""]
    table = new_table("rates", ["rate"], heads)
    for name, shift in drift.rates.items():
        found = shift.difference
        low, high = found.interval90
        values = (f"{value:.3f}" for value in (found.base, found.candidate, found.delta))
        table.add_row(name, *values, f"{low:+.3f} to {high:+.3f}", shift.state)
    out.print(table)
    _show_disagreements(drift.disagreements)


def show_agreement(agreement: Agreement, *, as_json: bool) -> None:
    """Print how well two annotators agree."""
    if as_json:
        echo_json(agreement)
        return
    out = console()
    out.print(f"{agreement.articles} articles, {len(agreement.only_one)} labelled by one only")
    out.print(kind_table(agreement.types))
    table = new_table("closed fields in pairs", ["field"], ["pairs", "agreed", "kappa"])
    for name, kappa in agreement.kappas.items():
        shown = "n/a" if kappa.kappa is None else f"{kappa.kappa:.3f}"
        table.add_row(name, str(kappa.pairs), percent(kappa.agreed), shown)
    out.print(table)
    _show_disagreements(agreement.disagreements)


def _show_disagreements(found: Sequence[Disagreement]) -> None:
    out = console()
    for d in found:
        sides = f"{d.first or '—'} | {d.second or '—'}"
        out.print(escape(f"{d.article} {d.type}: {d.what}: {sides}"), soft_wrap=True)
