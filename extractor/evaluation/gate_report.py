"""The gate's outcome for others: Markdown for a pull request, JUnit XML for a CI."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from extractor.evaluation.compare import RunComparison, points
from extractor.evaluation.gate import Check, Gate
from extractor.evaluation.pairing import Difference

_HEADINGS = {"pass": "Pass", "fail": "Fail", "cannot_tell": "Cannot tell"}
_SHOWN_FLIPS = 20


def markdown(comparison: RunComparison, gate: Gate | None = None) -> str:
    """A summary for a pull request; the verdict comes first."""
    lines = []
    if gate is not None:
        lines += [f"## {_HEADINGS[gate.verdict]}: {gate.reason}", ""]
    lines += [comparison.verdict[:1].upper() + comparison.verdict[1:] + ".", ""]
    lines += [
        "| F1 | base | candidate | difference | 95 % interval | p |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(kind, found, found.p) for kind, found in comparison.kinds.items()]
    lines += ["", "| usable F1 | base | candidate | difference | 95 % interval | p (worse, Holm) |"]
    lines += ["|---|---|---|---|---|---|"]
    lines += [
        _row(t, found.difference, found.p_worse_holm) for t, found in comparison.types.items()
    ]
    if gate is not None and gate.checks:
        lines += ["", "| floor | value | limit | |", "|---|---|---|---|"]
        lines += [_check_row(check) for check in gate.checks]
    if comparison.flips:
        lines += ["", "| article | record | change | fields |", "|---|---|---|---|"]
        lines += [
            f"| {_cell(f.article)} | {f.type} {f.gold} | {f.change} | {', '.join(f.fields)} |"
            for f in comparison.flips[:_SHOWN_FLIPS]
        ]
        left = len(comparison.flips) - _SHOWN_FLIPS
        lines += [f"\n{left} more records changed."] if left > 0 else []
    return "\n".join(lines) + "\n"


def _row(name: str, found: Difference, p: float) -> str:
    low, high = found.interval95
    shares = f"{100 * found.base:.1f} | {100 * found.candidate:.1f}"
    interval = f"{points(low)} to {points(high)}"
    return f"| {name} | {shares} | {points(found.delta)} | {interval} | {p:.4f} |"


def _check_row(check: Check) -> str:
    value = "unknown" if check.value is None else f"{check.value:.4g}"
    kept = "kept" if check.kept else "broken"
    return f"| {check.floor.name} | {value} | {check.floor.limit:g} | {kept} |"


def _cell(text: str) -> str:
    """Text that cannot break out of a table cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def junit(comparison: RunComparison, gate: Gate) -> str:
    """JUnit XML: a test case for the difference, one for each floor, one for the failures."""
    cases = [("usable F1 is not worse", gate.verdict != "fail", gate.reason)]
    cases += [
        (f"floor {check.floor.name}", check.kept, f"{check.value} against {check.floor.limit:g}")
        for check in gate.checks
    ]
    failed = f"{100 * gate.failed_share:.1f} % of the articles failed"
    cases.append(("articles were read", gate.exit_code != 5, failed))
    suite = ET.Element(
        "testsuite",
        name="extractor eval compare",
        tests=str(len(cases)),
        failures=str(sum(not good for _, good, _ in cases)),
        skipped=str(int(gate.verdict == "cannot_tell")),
    )
    for name, good, reason in cases:
        case = ET.SubElement(suite, "testcase", classname="extractor.eval", name=name)
        if not good:
            ET.SubElement(case, "failure", message=reason).text = comparison.verdict
        elif name == cases[0][0] and gate.verdict == "cannot_tell":
            ET.SubElement(case, "skipped", message=reason)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
