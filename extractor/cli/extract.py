"""`extractor extract`: one article, records to read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.options import (
    JsonOption,
    ModelOption,
    TypeOption,
    record_types,
    with_chat_options,
)
from extractor.errors import ArticleError, UsageError

if TYPE_CHECKING:
    from extractor.article import Article
    from extractor.models.options import ModelOptions


@with_chat_options
def command(
    file: Annotated[str, typer.Argument(help="A text file, a JSON article, or - for stdin.")],
    model: ModelOption = "rules",
    date: Annotated[
        str | None,
        typer.Option("--date", help="Day of publication; relative periods refer to it."),
    ] = None,
    types: TypeOption = None,
    as_json: JsonOption = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show for each draft of the rules model what made it."),
    ] = False,
    *,
    options: ModelOptions,
) -> None:
    """Extract the records of one article and show them with their quotes."""
    article = read_article(file, date)
    if explain:
        if model != "rules":
            raise UsageError(f"--explain is of the model rules, not of {model}")
        from extractor.cli.explanations import show

        show(article, record_types(types), as_json=as_json)
        return
    from extractor.library import extract

    extraction = extract(article, model, types=record_types(types), options=options)
    if as_json:
        typer.echo(extraction.model_dump_json(indent=2))
        return
    from extractor.cli.tables import show_extraction

    show_extraction(extraction)


def read_article(file: str, date: str | None) -> Article:
    """The article in a file; a text file is one too.

    Raises:
        UsageError: the file cannot be read, or the date is in no known notation.
        ArticleError: it is no article.
    """
    from extractor.article import Article, parse_date

    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{file} is not UTF-8 at byte {error.start + 1}") from None
    fields = _json_object(text) or {"text": text}
    if date is not None:
        if parse_date(date) is None:
            raise UsageError(f"--date {date!r} is in no known notation: write it as 2023-07-03")
        fields["date"] = date
    try:
        return Article.from_mapping(fields)
    except ArticleError as error:
        raise ArticleError(f"{file}: {error}") from None


def _json_object(text: str) -> dict[str, object] | None:
    """The object, if the file is one JSON object; any other file is the text itself."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
