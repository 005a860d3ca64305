"""What `extractor batch` will cost: the forecast of --dry-run, and the limit of --max-cost."""

from __future__ import annotations

import asyncio
import json
import math
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from extractor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractor.batch.budget import CostLimit
    from extractor.batch.estimating import Asked, Estimate
    from extractor.batch.forecasting import Forecast, Planned
    from extractor.batch.monitor import Settings
    from extractor.batch.reading import Reader
    from extractor.models.options import ModelOptions
    from extractor.records import Record

_BY_CHARACTERS = (
    "by characters, to within a third, and the answers of the rules model; what a model thinks "
    "before it answers comes on top: a pilot (--sample 50) measures it"
)


def cost_limit(
    dollars: float, model: str, types: Sequence[type[Record]], options: ModelOptions
) -> CostLimit:
    """The limit of --max-cost.

    Raises:
        UsageError: it is none, or the price of the model is not known.
    """
    from extractor.batch.budget import CostLimit
    from extractor.batch.estimating import most_cost
    from extractor.models.prices import price_of

    if not math.isfinite(dollars):
        raise UsageError(f"--max-cost {dollars} is no limit: give dollars, such as 5.00")
    price = price_of(model, options)
    if price is None:
        raise UsageError(
            f"--max-cost needs a price, and that of {model} is not known: give it with --price "
            "IN,OUT in dollars per million tokens"
        )
    asked = _asked(types, options)
    longest = options.max_output_tokens
    return CostLimit(dollars, partial(most_cost, asked=asked, price=price, longest_answer=longest))


def planned(
    model: str,
    types: Sequence[type[Record]],
    options: ModelOptions,
    *,
    further: int,
    settings: Settings,
) -> Planned:
    """What a run of these options would do; it needs no key.

    Raises:
        UsageError: there is no such model or prompt.
    """
    from extractor.batch.forecasting import Planned
    from extractor.models.loading import shown_name
    from extractor.models.prices import price_of

    return Planned(
        asked=None if model == "rules" else _asked(types, options),
        model=shown_name(model),
        further=further,
        price=price_of(model, options),
        retry_failed=settings.retry_failed,
        restart=settings.restart,
    )


def _asked(types: Sequence[type[Record]], options: ModelOptions) -> Asked:
    from extractor.batch.estimating import Asked
    from extractor.prompting import load_prompt

    return Asked(load_prompt(options.prompt, options.evidence), types)


def show_forecast(reader: Reader, output: str | None, planned: Planned, *, as_json: bool) -> None:
    """Print what a run would take; nothing is sent and nothing is written.

    Raises:
        UsageError: an input or the output cannot be read.
    """
    from extractor.batch.forecasting import forecast

    found = asyncio.run(forecast(reader, output, planned))
    if as_json:
        typer.echo(json.dumps(_as_dict(found), indent=2))
        return
    for name, text in _rows(found):
        typer.echo(f"{name:<10} {text}")


def _as_dict(found: Forecast) -> dict[str, Any]:
    estimate = found.estimate
    return {
        "articles": estimate.articles,
        "done_before": found.done_before,
        "invalid_lines": found.invalid,
        "spent_usd": found.spent,
        "measured_articles": estimate.measured,
        "input_tokens": _ends(estimate, "input"),
        "cached_input_tokens": _ends(estimate, "cached"),
        "output_tokens": _ends(estimate, "output"),
        "cost_usd": estimate.cost_usd and [round(usd, 6) for usd in estimate.cost_usd],
    }


def _ends(estimate: Estimate, name: str) -> list[int]:
    """The lower and the upper number of tokens."""
    return sorted(round(getattr(tokens, name)) for tokens in (estimate.low, estimate.high))


def _rows(found: Forecast) -> list[tuple[str, str]]:
    from extractor.cli.bill import dollars

    estimate = found.estimate
    passed = [
        f"{count:,} {what}"
        for count, what in ((found.done_before, "done before"), (found.invalid, "invalid lines"))
        if count
    ]
    rows = [("articles", f"{estimate.articles:,}" + (f"  ({', '.join(passed)})" if passed else ""))]
    if found.spent != 0:
        rows.append(("spent", dollars(found.spent)))
    for name, part in (("tokens in", "input"), ("tokens out", "output")):
        low, high = _ends(estimate, part)
        rows.append((name, f"{low:,} to {high:,}"))
    if estimate.cost_usd is None:
        rows.append(("cost", dollars(None)))
    else:
        low_usd, high_usd = estimate.cost_usd
        rows.append(("cost", f"{dollars(low_usd)} to {dollars(high_usd)}"))
    if any(_ends(estimate, "input")):
        measured = f"by {estimate.measured:,} articles that were asked about before"
        rows.append(("estimated", measured if estimate.measured else _BY_CHARACTERS))
    return rows
