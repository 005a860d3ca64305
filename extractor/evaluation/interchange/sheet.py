"""A spreadsheet: a CSV with a row for each record, and one for each article.

No cell can become a formula. The column `id` ties a row to its record and is not to be
changed; a new row leaves it empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from extractor.article import Article
from extractor.errors import GoldError, UsageError
from extractor.evaluation.interchange.labels import (
    TYPES,
    Imported,
    Label,
    Labelled,
    cells_of,
    more_text,
    read_more,
)
from extractor.evaluation.interchange.offsets import mend

ARTICLE = "article"
_CELLS = tuple(dict.fromkeys(cell.name for type_ in TYPES for cell in cells_of(type_)))
COLUMNS = ("id", ARTICLE, "type", "complete", *_CELLS, "evidence", "evidence_start", "more")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before it."""
    quoted = text.startswith("'") and text[1:2] in ("'", *_FORMULA) and len(text) > 1
    return f"'{text}" if text.startswith(_FORMULA) or quoted else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(("'", *_FORMULA)) else text


def write(labelled: Sequence[Labelled], articles: Mapping[str, Article]) -> str:
    """The sheet as CSV; a byte order mark tells spreadsheets that it is UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for own in labelled:
        for row in _rows(own, articles[own.article].text):
            writer.writerow({name: guarded(value) for name, value in row.items()})
    return f"\ufeff{stream.getvalue()}"


def _rows(own: Labelled, text: str) -> Iterable[dict[str, str]]:
    yield {
        "id": own.article,
        ARTICLE: own.article,
        "type": ARTICLE,
        "more": more_text(own.about),
    }
    for label in own.labels:
        yield {
            "id": f"{own.article}/{label.id}",
            ARTICLE: own.article,
            "type": label.type,
            **label.cells,
            "evidence": text[label.span.start : label.span.end],
            "evidence_start": str(label.span.start),
            "more": more_text(label.more),
        }


def read(content: str, articles: Mapping[str, Article]) -> Imported:
    """Read a sheet, comma, semicolon or tab separated.

    An article counts as labelled if the cell `complete` of its own row says so ("yes").

    Args:
        content: the CSV.
        articles: the articles by id, the authority on the text.

    Raises:
        UsageError: a column is missing.
    """
    found = Imported([], [], [])
    heads: dict[str, dict[str, str]] = {}
    labels: dict[str, list[Label]] = {}
    seen: set[str] = set()
    wrong: set[str] = set()
    for number, row in enumerate(_table(content), start=2):
        article = row[ARTICLE].strip()
        try:
            _check_id(row, seen, articles)
            if row["type"] == ARTICLE:
                heads[article] = row
            else:
                labels.setdefault(article, []).append(_label(row, articles[article], number))
        except GoldError as error:
            wrong.add(article)
            found.complaints.append(f"{article or 'sheet'}: row {number}: {error}")
    for article in dict.fromkeys((*heads, *labels)):
        head = heads.get(article)
        if head is None or head["complete"].strip().casefold() not in ("yes", "true", "1", "x"):
            found.unlabelled.append(article)
        elif article not in wrong:
            try:
                about = read_more(head["more"])
                found.labelled.append(Labelled(article, labels.get(article, []), about))
            except GoldError as error:
                found.complaints.append(f"{article}: {error}")
    return found


def _table(content: str) -> Iterable[dict[str, str]]:
    text = content.removeprefix("\ufeff")
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"the sheet has no column {missing[0]!r}")
    for row in reader:
        if any(row.values()):
            yield {name: unguarded(row[name] or "") for name in COLUMNS}


def _check_id(row: Mapping[str, str], seen: set[str], articles: Mapping[str, Article]) -> None:
    """Refuse a row whose id was changed or copied.

    Raises:
        GoldError: which of the two, or no such article or type.
    """
    id_, article, type_ = row["id"], row[ARTICLE].strip(), row["type"]
    if article not in articles:
        raise GoldError("there is no such article in what was given")
    if type_ not in (*TYPES, ARTICLE):
        raise GoldError(f"there is no record type {type_!r}")
    if id_ in seen:
        raise GoldError(f"the id {id_!r} is there twice: a copied row leaves it empty")
    expected = article if type_ == ARTICLE else f"{article}/{type_}-"
    if id_ and not id_.startswith(expected):
        raise GoldError(f"the id {id_!r} does not belong here: a changed type leaves it empty")
    if id_:
        seen.add(id_)


def _label(row: Mapping[str, str], article: Article, number: int) -> Label:
    quote = row["evidence"]
    start = int(row["evidence_start"]) if row["evidence_start"].strip().isdecimal() else 0
    span = mend(article.text, start, start + len(quote), quote)
    if span is None:
        raise GoldError("its evidence is not in the article")
    cells = {cell.name: row[cell.name] for cell in cells_of(row["type"]) if row[cell.name]}
    id_ = row["id"].removeprefix(f"{row[ARTICLE].strip()}/") or f"row {number}"
    return Label(id_, row["type"], span, cells, read_more(row["more"]))
