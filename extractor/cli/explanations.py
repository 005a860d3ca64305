"""`extractor extract --explain`: each draft of the rules, what made it and what became of it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.article import Article
    from extractor.models.rules.explaining import Explanation
    from extractor.records import Record

_SHOWN = ("name", "category", "indicator", "subject", "amount", "count", "change", "region",
          "period", "status")  # fmt: skip


def show(article: Article, types: Sequence[type[Record]] | None, *, as_json: bool) -> None:
    """Print the explanations of an article, for a reader or as a JSON list."""
    from extractor.models.rules.explaining import explain

    explanations = explain(article, types)
    if as_json:
        data = [_as_data(explanation) for explanation in explanations]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    if not explanations:
        typer.echo("nothing to record")
    for number, explanation in enumerate(explanations, start=1):
        typer.echo("\n".join(_lines(number, explanation)))


def _lines(number: int, explanation: Explanation) -> list[str]:
    draft = explanation.draft
    said = ", ".join(f"{key} {draft[key]}" for key in _SHOWN if draft.get(key) is not None)
    lines = [
        f"{number}. {explanation.type}: {said}",
        f"   rule      {explanation.rule}  ({explanation.function})",
        f"   quote     “{' '.join(explanation.quote.split())}”",
    ]
    for found in explanation.mentions:
        lines.append(f"   {found.kind:<9} {found.text}  [{found.start}:{found.end}]")
    for error in explanation.errors:
        lines.append(f"   rejected  {error.field or 'record'}: {error.code}: {error.message}")
    return lines


def _as_data(explanation: Explanation) -> dict[str, Any]:
    record = explanation.record
    return {
        "type": explanation.type,
        "rule": explanation.rule,
        "function": explanation.function,
        "quote": explanation.quote,
        "mentions": [dataclasses.asdict(found) for found in explanation.mentions],
        "record": record.model_dump(mode="json") if record else None,
        "draft": explanation.draft,
        "errors": [error.model_dump(mode="json") for error in explanation.errors],
    }
