"""An output made anew from its stored drafts: no model is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.compacting import Source, lines_of
from extractor.batch.files import InputFile, open_output
from extractor.batch.heads import content_of, id_key
from extractor.batch.outputs import outcome_of
from extractor.batch.paths import paths_of
from extractor.batch.reading import InvalidLine, Reader
from extractor.batch.resuming import Held, hold
from extractor.batch.revalidating import Change, changes, rebuilt
from extractor.batch.running import check_output
from extractor.errors import UsageError
from extractor.results import Extraction, Failure


@dataclass
class Rebuilding:
    """What making an output anew changed, counted as it goes.

    Attributes:
        articles: extractions that were made anew.
        changed: those of them that are not what they were.
        fields: how often each field changed, by list and field.
        examples: of each field, the first change with the article's id.
        failed: failures, which stay as they are.
        without_article: lines that stay as they are, because no article with that id, text,
            title and date was given.
        invalid: lines of the articles that are none.
    """

    articles: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, Change]] = field(default_factory=dict)
    failed: int = 0
    without_article: int = 0
    invalid: int = 0

    def add(self, before: Extraction, after: Extraction) -> None:
        """Count what changed in one article."""
        self.articles += 1
        found = list(changes(before, after))
        self.changed += bool(found)
        for change in found:
            self.fields[change.field] += 1
            self.examples.setdefault(change.field, (before.id, change))

    def as_dict(self) -> dict[str, Any]:
        """The totals for machines."""
        return {
            "articles": self.articles,
            "changed": self.changed,
            "failed": self.failed,
            "without_article": self.without_article,
            "invalid_lines": self.invalid,
            "fields": {
                name: {
                    "changes": number,
                    "example": {"id": self.examples[name][0], **self.examples[name][1]._asdict()},
                }
                for name, number in self.fields.most_common()
            },
        }


def rebuild(
    output: str,
    reader: Reader,
    target: str,
    *,
    totals: Rebuilding,
    on_invalid: Callable[[InvalidLine], None],
) -> None:
    """Validate the drafts of an output again and write what they give now to `target`.

    The lines come in the order of the articles; those that no article was given for come last
    and stay as they are, and so do failures.

    Args:
        output: what a run wrote; its journal counts too.
        reader: the articles it was made of.
        target: where the new lines go.
        totals: is filled as it goes.
        on_invalid: is told of each line of the articles that is none.

    Raises:
        UsageError: the output cannot be read, another run holds it, or a file would be
            written over.
        RunStoppedError: the target cannot be written to its end.
    """
    paths = paths_of(output)
    if paths is None or not (paths.output.is_file() or paths.journal.is_file()):
        raise UsageError(f"{output}: there is no such output of a run")
    check_output(target, [*reader.inputs, *(InputFile(str(path), None) for path in paths.all())])
    with hold(paths) as held, lines_of(paths) as sources, open_output(target) as stream:
        for line in _lines(held, reader, sources, totals, on_invalid):
            stream.write(line)


def _lines(
    held: Held,
    reader: Reader,
    sources: tuple[Source, Source],
    totals: Rebuilding,
    on_invalid: Callable[[InvalidLine], None],
) -> Iterator[bytes]:
    ledger = held.ledger
    written = bytearray(len(ledger))
    for item in reader:
        if isinstance(item, InvalidLine):
            totals.invalid += 1
            on_invalid(item)
            continue
        row = ledger.rows.find(id_key(item.id))
        if row is not None and ledger.contents[row] == content_of(item):
            written[row] = 1
            place = ledger.places[row]
            yield _anew(sources[place & 1].line_at(place >> 1), item, totals)
    for row in range(len(ledger)):
        if not written[row]:
            totals.without_article += 1
            place = ledger.places[row]
            yield sources[place & 1].line_at(place >> 1)


def _anew(line: bytes, article: Article, totals: Rebuilding) -> bytes:
    """The line that the drafts of a line give now.

    Raises:
        UsageError: the line is of another schema.
    """
    try:
        outcome = outcome_of(line)
    except ValueError as error:
        raise UsageError(f"the line of {article.id!r} is of another schema: {error}") from None
    if isinstance(outcome, Failure):
        totals.failed += 1
        return line
    after = rebuilt(outcome, article)
    totals.add(outcome, after)
    return to_json(after) + b"\n"
