"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.grounding import EvidenceForm
    from extractor.models.options import Mode, ModelOptions
    from extractor.records import Record


class ModeName(StrEnum):
    """How the schema is sent to a chat model."""

    auto = "auto"
    json_schema = "json_schema"
    tools = "tools"
    md_json = "md_json"


class EvidenceName(StrEnum):
    """How a chat model points at the evidence of a record."""

    quote = "quote"
    sentences = "sentences"


EVIDENCE_FORMS: dict[EvidenceName, EvidenceForm] = {
    EvidenceName.quote: "quote",
    EvidenceName.sentences: "sentences",
}
_MOST_CONNECTIONS = 256
_MODES: dict[ModeName, Mode | None] = {
    ModeName.auto: None,
    ModeName.json_schema: "json_schema",
    ModeName.tools: "tools",
    ModeName.md_json: "md_json",
}

ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        metavar="MODEL",
        help="rules (built in), or provider/model such as openai/gpt-5-mini.",
    ),
]
TypeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="A record type that is wanted, several times for several; all by default.",
    ),
]
PriceOption = Annotated[
    str | None,
    typer.Option(
        metavar="IN,OUT[,CACHED]", help="Dollars per million tokens, in place of the price list."
    ),
]
EvidenceOption = Annotated[
    EvidenceName,
    typer.Option(help="Whether a model quotes its evidence or gives the numbers of sentences."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]


def record_types(names: list[str] | None) -> tuple[type[Record], ...]:
    """The record types of the given names; all without any.

    Raises:
        UsageError: there is no such type.
    """
    from extractor.records import RECORD_TYPES

    by_name = {record_type.type: record_type for record_type in RECORD_TYPES}
    for name in names or ():
        if name not in by_name:
            raise UsageError(f"there is no record type {name!r}: there are {', '.join(by_name)}")
    return tuple(t for t in RECORD_TYPES if not names or t.type in names)


def _chat_options(
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of an OpenAI-compatible endpoint.")
    ] = None,
    mode: Annotated[ModeName, typer.Option(help="How the schema is sent.")] = ModeName.auto,
    prompt: Annotated[
        str, typer.Option(metavar="NAME@VERSION", help="A prompt that ships, or a file.")
    ] = "extract@1",
    evidence: EvidenceOption = EvidenceName.quote,
    temperature: Annotated[float | None, typer.Option(help="Sampling temperature.")] = None,
    max_output_tokens: Annotated[
        int | None, typer.Option(min=1, help="Most tokens of one answer.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the sampling.")] = None,
    reasoning_effort: Annotated[
        str | None, typer.Option(help="As the endpoint names it: low, medium, high ...")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for one try.")] = 600.0,
    deadline: Annotated[
        float, typer.Option(min=1, help="Seconds for one article, all tries together.")
    ] = 1800.0,
    extra: Annotated[
        str | None, typer.Option(metavar="JSON", help="More keys of the request, as an object.")
    ] = None,
    concurrency: Annotated[
        str, typer.Option(metavar="N|auto", help="Requests in flight; auto finds out how many.")
    ] = "8",
    rpm: Annotated[float | None, typer.Option(min=1, help="Most requests a minute.")] = None,
    tpm: Annotated[
        float | None, typer.Option(min=1, help="Most tokens a minute, in and out.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Answers that are not asked for again.")
    ] = None,
    price: PriceOption = None,
) -> ModelOptions:
    """How a chat model is reached and asked."""
    from extractor.models.options import ModelOptions
    from extractor.models.prices import parse_price

    return ModelOptions(
        base_url=base_url,
        mode=_MODES[mode],
        prompt=prompt,
        evidence=EVIDENCE_FORMS[evidence],
        temperature=temperature,
        max_output_tokens=max_output_tokens,
        seed=seed,
        reasoning_effort=reasoning_effort,
        timeout=timeout,
        deadline=deadline,
        connections=_MOST_CONNECTIONS if concurrency == "auto" else _number(concurrency),
        adaptive=concurrency == "auto",
        rpm=rpm,
        tpm=tpm,
        extra=_object(extra),
        cache=cache,
        price=parse_price(price) if price is not None else None,
    )


def with_chat_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of chat models; it gets them as one value, `options`."""
    chosen = inspect.signature(_chat_options).parameters
    later = {"ModelOptions": Any}  # imported only when a model is loaded
    hints = get_type_hints(command, localns=later, include_extras=True)
    hints |= get_type_hints(_chat_options, localns=later, include_extras=True)
    own = [p for n, p in inspect.signature(command).parameters.items() if n != "options"]
    parameters = [
        p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for p in (*own, *chosen.values())
    ]

    @functools.wraps(command)
    def with_options(**values: Any) -> None:
        options = _chat_options(**{name: values.pop(name) for name in chosen})
        command(**values, options=options)

    # `inspect` looks for this attribute, which no function is declared to have.
    vars(with_options)["__signature__"] = inspect.Signature(parameters)
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    return with_options


def _number(concurrency: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", concurrency):
        raise UsageError(f"--concurrency {concurrency!r} is neither a number from 1 nor auto")
    return int(concurrency)


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"--extra {text!r} is no JSON object")
    return value
