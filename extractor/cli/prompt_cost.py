"""`extractor prompt cost`: tokens by part and dollars, for each form of evidence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.options import (
    EVIDENCE_FORMS,
    JsonOption,
    PriceOption,
    TypeOption,
    record_types,
)
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.batch.estimating import Parts
    from extractor.grounding import EvidenceForm
    from extractor.models.prices import Price

_THOUSAND = 1000
_NOTE = (
    "Tokens are estimated by characters, to within a third; answers are those of the rules model; "
    "what a model thinks before it answers is not in them."
)


def command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="IN...", help="JSONL files or globs (.gz, .zst), or - for stdin."),
    ],
    size: Annotated[
        int, typer.Option("--sample", min=1, metavar="N", help="How many articles are drawn.")
    ] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 0,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="MODEL", help="Whose prices count.")
    ] = None,
    price: PriceOption = None,
    prompt: Annotated[
        str, typer.Option(metavar="NAME@VERSION", help="A prompt that ships, or a file.")
    ] = "extract@1",
    types: TypeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an article costs by part, and a thousand by price, for each form of evidence.

    Nothing is sent. Tokens are estimated by characters: a quarter of one for each, one for each
    Chinese character; a provider's own count may differ by a third. Answers are those of the
    rules model, without what a model thinks before it answers. A batch costs half.
    """
    from extractor.article import Article
    from extractor.batch import Reader, expand
    from extractor.batch.estimating import Asked, answers_by_rules, measure_parts
    from extractor.batch.sampling import Sample
    from extractor.prompting import load_prompt

    price_each = _price(model, price)
    chosen = record_types(types)
    asked = [Asked(load_prompt(prompt, form), chosen) for form in EVIDENCE_FORMS.values()]
    reader = Reader(expand(inputs), sample=Sample(size, seed))
    drawn = [item for item in reader if isinstance(item, Article)]
    if not drawn:
        raise UsageError(f"there is no article in {', '.join(inputs)}")
    answers = asyncio.run(answers_by_rules(drawn, chosen))
    forms = {each.prompt.evidence: measure_parts(drawn, answers, each) for each in asked}
    if as_json:
        found = {form: _as_dict(parts, price_each) for form, parts in forms.items()}
        typer.echo(json.dumps({"articles": len(drawn), "evidence": found}, indent=2))
        return
    _show(forms, price_each)


def _price(model: str | None, given: str | None) -> Price | None:
    """The price of a thousand articles is by this; None where neither option says it."""
    from extractor.models.options import ModelOptions
    from extractor.models.prices import parse_price, price_of

    price = None if given is None else parse_price(given)
    return price if model is None else price_of(model, ModelOptions(price=price))


def _dollars(parts: Parts, price: Price | None) -> dict[str, float | None]:
    """Dollars for a thousand articles, by the way in which they are sent."""
    from extractor.models.prices import batch_price

    if price is None:
        return dict.fromkeys(("online", "online, prompt cached", "batch"))
    online = _THOUSAND * parts.per_article().cost(price)
    return {
        "online": online,
        "online, prompt cached": _THOUSAND * parts.per_article(is_cached=True).cost(price),
        "batch": _THOUSAND * parts.per_article().cost(batch_price(price)),
    }


def _as_dict(parts: Parts, price: Price | None) -> dict[str, Any]:
    from extractor.batch.estimating import ERROR

    return {
        "records_per_article": round(parts.records, 2),
        "tokens_per_article": {
            "prompt": parts.fixed,
            "article": round(parts.article, 1),
            "answer": round(sum(parts.answer.values()), 1),
            "answer_by_field": {name: round(n, 1) for name, n in _by_size(parts)},
        },
        "token_error": round(ERROR, 2),
        "usd_per_1000_articles": {
            name.replace(", ", "_").replace(" ", "_"): amount and round(amount, 4)
            for name, amount in _dollars(parts, price).items()
        },
    }


def _by_size(parts: Parts) -> list[tuple[str, float]]:
    return sorted(parts.answer.items(), key=lambda item: -item[1])


def _show(forms: Mapping[EvidenceForm, Parts], price: Price | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from extractor.cli.bill import dollars

    first = next(iter(forms.values()))
    table = Table(
        box=SIMPLE_HEAD,
        title=f"{first.articles:,} articles, {first.records:.1f} records each",
        title_justify="left",
    )
    table.add_column("tokens an article, evidence by")
    for form in forms:
        table.add_column(form, justify="right")
    columns = list(forms.values())
    table.add_row("prompt and schema", *(f"{parts.fixed:,}" for parts in columns))
    table.add_row("article", *(f"{parts.article:,.0f}" for parts in columns))
    table.add_row("answer", *(f"{sum(parts.answer.values()):,.0f}" for parts in columns))
    for name, _ in _by_size(first):
        table.add_row(f"  {name}", *(f"{parts.answer[name]:,.1f}" for parts in columns))
    if price is not None:
        table.add_section()
        by_form = [_dollars(parts, price) for parts in columns]
        for way in by_form[0]:
            table.add_row(f"1,000 articles {way}", *(dollars(found[way]) for found in by_form))
    console = Console(highlight=False)
    console.print(table)
    console.print(_NOTE)
    if price is None:
        console.print("no price is known: name a model with --model, or give --price")
