"""`extractor review`: one static page to look at an output, and to accept or correct it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.invalid_lines import InvalidLines
from extractor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from extractor.article import Article
    from extractor.results import Extraction, Failure

_COMFORTABLE = 5_000
"""Articles that a page carries without a wait."""
_MOST = 50_000
"""Articles that a browser opens at all: some 300 MB."""
_FEWER = "choose some, as in `jq -c 'select(.rejected != [])' OUT.jsonl | extractor review -`"


def command(
    output: Annotated[
        str, typer.Argument(metavar="OUT.jsonl", help="Output of extractor batch, or - for stdin.")
    ],
    page: Annotated[Path, typer.Option("--output", "-o", metavar="review.html", help="Where to.")],
    articles: Annotated[
        list[str] | None,
        typer.Option(metavar="IN.jsonl", help="The articles behind it, to see their text."),
    ] = None,
) -> None:
    """Write a page that shows each record in its article, to accept, reject or correct it.

    Decisions stay in the browser until they are downloaded, as decisions.jsonl or as gold.
    """
    _check_not_an_input(page, [output, *(articles or ())])
    outcomes, invalid = _read(output)
    texts = _texts(articles, {outcome.id for outcome in outcomes}) if articles else None

    from extractor.cli.writing import write_text
    from extractor.review.page import review

    write_text(page, review(_shown_name(output), outcomes, texts))
    typer.echo(f"{page}: {len(outcomes):,} articles", err=True)
    if len(outcomes) > _COMFORTABLE:
        typer.echo(f"a page of that many articles opens slowly: {_FEWER}", err=True)
    if invalid:
        typer.echo(f"{invalid:,} invalid lines", err=True)
        raise typer.Exit(1)


def _shown_name(output: str) -> str:
    return "standard input" if output == "-" else Path(output).name


def _check_not_an_input(page: Path, inputs: Collection[str]) -> None:
    """Refuse to write the page over what it is made of.

    Raises:
        UsageError: the page is one of the inputs.
    """
    for name in inputs:
        if page.exists() and Path(name).exists() and page.samefile(name):
            raise UsageError(f"{page} is an input: name another file for the page, -o review.html")


def _read(name: str) -> tuple[list[Extraction | Failure], int]:
    """The outcomes of an output, and how many of its lines are none.

    Raises:
        UsageError: there are more than a page can hold.
    """
    from extractor.batch import InvalidLine, open_outputs

    outcomes: list[Extraction | Failure] = []
    invalid = InvalidLines()
    with open_outputs(name) as outputs:
        for outcome in outputs:
            if isinstance(outcome, InvalidLine):
                invalid(outcome)
                continue
            outcomes.append(outcome)
            if len(outcomes) > _MOST:
                raise UsageError(f"a page holds at most {_MOST:,} articles: {_FEWER}")
    return outcomes, invalid.count


def _texts(inputs: list[str], wanted: Collection[str]) -> dict[str, Article]:
    """The articles of some inputs whose ids are wanted."""
    from extractor.article import Article
    from extractor.batch import Reader, expand

    read = (a for a in Reader(expand(inputs)) if isinstance(a, Article))
    return {article.id: article for article in read if article.id in wanted}
