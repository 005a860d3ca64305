"""`extractor gold export` and `import`: gold to and from labelling tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.errors import GoldError, UsageError

if TYPE_CHECKING:
    from extractor.article import Article
    from extractor.evaluation.interchange.labels import Imported, Labelled


class Tool(StrEnum):
    """The formats."""

    label_studio = "label-studio"
    doccano = "doccano"
    prodigy = "prodigy"
    csv = "csv"


FormatOption = Annotated[Tool, typer.Option("--format", "-f", help="The tool's format.")]


def export_command(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Gold folders or files.")],
    tool: FormatOption,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to.")],
    without_records: Annotated[
        bool, typer.Option("--blank", help="Leave the records out, to label by hand.")
    ] = False,
) -> None:
    """Write gold for a labelling tool; for Label Studio its configuration (.xml) as well."""
    from extractor.cli.writing import write_text
    from extractor.evaluation.gold import load_gold
    from extractor.evaluation.interchange.labels import blank, labelled

    gold = load_gold(folders)
    articles = {g.article.id: g.article for g in gold}
    found = [labelled(g) for g in gold]
    write_text(
        output, _write(tool, [blank(own) for own in found] if without_records else found, articles)
    )
    if tool is Tool.label_studio:
        from extractor.evaluation.interchange.label_studio import config

        write_text(output.with_suffix(".xml"), config())
    typer.echo(f"{output}: {len(found)} articles", err=True)


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the tool exported.")],
    tool: FormatOption,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to.")],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--articles", metavar="IN.jsonl", help="The articles behind it."),
    ] = None,
    folders: Annotated[
        list[Path] | None,
        typer.Option("--gold", metavar="DIR", help="Gold that has the articles."),
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Label Studio: whose annotations, by id or address.")
    ] = None,
) -> None:
    """Make gold files of what a labelling tool exported.

    Offsets are checked against the articles and mended. An article with anything wrong in it
    is not written, and the exit code is 1.
    """
    from extractor.evaluation.drafting import file_name, file_text
    from extractor.evaluation.gold import parse_gold
    from extractor.evaluation.interchange.labels import gold_file

    articles = _articles(inputs or [], folders or [])
    try:
        content = file.read_bytes().decode()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 at byte {error.start + 1}") from None
    found = _read(tool, content, articles, annotator)
    complaints = list(found.complaints)
    files: dict[Path, str] = {}
    for own in found.labelled:
        try:
            made = file_text(gold_file(own, articles[own.article]))
            parse_gold(made, own.article)
            files[output / file_name(own.article)] = made
        except GoldError as error:
            complaints += str(error).splitlines()
    _save(files, output)
    for line in complaints:
        typer.echo(line)
    typer.echo(
        f"{len(files)} files in {output}, {len(found.unlabelled)} articles not labelled, "
        f"{len(complaints)} complaints",
        err=True,
    )
    if complaints:
        raise typer.Exit(1)


def _articles(inputs: Sequence[str], folders: Iterable[Path]) -> dict[str, Article]:
    from extractor.article import Article
    from extractor.batch import Reader, expand
    from extractor.evaluation.gold import gold_paths, read_gold

    found = {a.id: a for a in Reader(expand(inputs)) if isinstance(a, Article)} if inputs else {}
    for path in gold_paths(folders):
        article = read_gold(path).article
        found[article.id] = article
    if not found:
        raise UsageError("name the articles: --articles IN.jsonl, or --gold DIR")
    return found


def _save(files: Mapping[Path, str], folder: Path) -> None:
    if there := [path for path in files if path.exists()]:
        raise UsageError(f"{there[0]} is there already: name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")


def _write(tool: Tool, found: Sequence[Labelled], articles: Mapping[str, Article]) -> str:
    from extractor.evaluation.interchange import doccano, label_studio, prodigy, sheet

    writers = {
        Tool.label_studio: label_studio.write,
        Tool.doccano: doccano.write,
        Tool.prodigy: prodigy.write,
        Tool.csv: sheet.write,
    }
    return writers[tool](found, articles)


def _read(
    tool: Tool, content: str, articles: Mapping[str, Article], annotator: str | None
) -> Imported:
    from extractor.evaluation.interchange import doccano, label_studio, prodigy, sheet

    if tool is Tool.label_studio:
        return label_studio.read(content, articles, annotator)
    readers = {Tool.doccano: doccano.read, Tool.prodigy: prodigy.read, Tool.csv: sheet.read}
    return readers[tool](content, articles)
