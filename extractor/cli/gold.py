"""`extractor gold`: check gold files, and draft them from predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def _gold() -> None:
    """Check gold files, and draft them from predictions."""


@app.command("validate")
def validate_command(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Gold folders or files.")],
) -> None:
    """Check gold files; every complaint names file, record, field and quote."""
    from extractor.errors import GoldError
    from extractor.evaluation.gold import gold_paths, read_gold
    from extractor.evaluation.gold_checks import complaints

    found: list[str] = []
    seen: dict[str, Path] = {}
    paths = gold_paths(folders)
    for path in paths:
        try:
            gold = read_gold(path)
        except GoldError as error:
            found += str(error).splitlines()
            continue
        if gold.article.id in seen:
            found.append(f"{path}: article {gold.article.id!r} is in {seen[gold.article.id]} too")
        seen[gold.article.id] = path
        found += complaints(gold)
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(paths)} files, {len(found)} complaints", err=True)
    if found:
        raise typer.Exit(1)


@app.command("from")
def from_command(
    predictions: Annotated[str, typer.Argument(metavar="OUT.jsonl", help="An output file.")],
    articles: Annotated[
        list[str], typer.Option("--articles", metavar="IN.jsonl", help="The articles behind it.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to.")],
    sample: Annotated[
        Path | None,
        typer.Option(metavar="SAMPLE.jsonl", help="Only these articles, with their weights."),
    ] = None,
) -> None:
    """Make draft gold files from predictions, marked as assisted."""
    from extractor.article import Article
    from extractor.batch import Reader, expand
    from extractor.evaluation.drafting import draft, file_name, file_text
    from extractor.evaluation.predicting import read_predictions
    from extractor.evaluation.sampling import read_sample
    from extractor.results import Extraction

    drawn = read_sample(sample) if sample is not None else None
    outcomes = read_predictions(predictions, drawn).by_id
    texts = {a.id: a for a in Reader(expand(articles)) if isinstance(a, Article)}
    if missing := sorted(outcomes.keys() - texts.keys()):
        raise UsageError(f"{len(missing)} articles have no text, such as {missing[0]!r}")
    files = {
        output / file_name(id_): draft(o, texts[id_], drawn[id_] if drawn else None)
        for id_, o in outcomes.items()
        if isinstance(o, Extraction)
    }
    if there := [path for path in files if path.exists()]:
        raise UsageError(f"{there[0]} is there already: name another folder")
    output.mkdir(parents=True, exist_ok=True)
    for path, file in files.items():
        path.write_text(file_text(file), encoding="utf-8")
    typer.echo(f"{len(files)} files in {output}, {len(outcomes) - len(files)} failed articles")
