"""`extractor prompt`: what a chat model would be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import (
    EVIDENCE_FORMS,
    EvidenceName,
    EvidenceOption,
    JsonOption,
    TypeOption,
    record_types,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """What a chat model would be sent."""


@app.command("show")
def show(
    file: Annotated[str, typer.Argument(help="A text file, a JSON article, or - for stdin.")],
    prompt: Annotated[
        str, typer.Option(metavar="NAME@VERSION", help="A prompt that ships, or a file.")
    ] = "extract@1",
    evidence: EvidenceOption = EvidenceName.quote,
    date: Annotated[str | None, typer.Option("--date", help="Day of publication.")] = None,
    types: TypeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the messages and the schema for one article, with an estimate of their tokens.

    Nothing is sent. Tokens are estimated by characters: a quarter of one for each, one for each
    Chinese character; a provider's own count may differ by a third.
    """
    from extractor.cli.extract import read_article
    from extractor.models.wire import wire_schema
    from extractor.prompting import estimated_tokens, load_prompt, messages

    chosen = record_types(types)
    loaded = load_prompt(prompt, EVIDENCE_FORMS[evidence])
    schema = wire_schema(chosen, loaded.evidence)
    rendered = messages(loaded, read_article(file, date), [t.key for t in chosen])
    tokens = {
        "messages": sum(estimated_tokens(message["content"]) for message in rendered),
        "schema": estimated_tokens(json.dumps(schema)),
        "article": estimated_tokens(rendered[-1]["content"]),
    }
    if as_json:
        whole = {"messages": rendered, "schema": schema, "estimated_tokens": tokens}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    for message in rendered:
        typer.echo(f"--- {message['role']}\n{message['content']}\n")
    typer.echo(f"--- schema\n{json.dumps(schema, ensure_ascii=False, indent=1)}\n")
    typer.echo(_counted(tokens))


def _counted(tokens: Mapping[str, int]) -> str:
    return (
        f"about {tokens['messages'] + tokens['schema']:,} tokens: {tokens['messages']:,} in "
        f"messages ({tokens['article']:,} of them the article), {tokens['schema']:,} in the schema"
    )
