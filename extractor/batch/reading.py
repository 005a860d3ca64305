"""Input lines to articles; a line that is none is a value, and the run goes on."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import jsonlines

from extractor.article import INPUT_FIELDS, Article, find_date, parse_date
from extractor.batch.files import InputFile, checksum_of, open_input
from extractor.batch.hashing import Rows
from extractor.batch.heads import id_key
from extractor.batch.lines import MAX_LINE, Lines, TooLongError, UnreadableError
from extractor.batch.sampling import Sample
from extractor.errors import ArticleError

_HEAD = 300


@dataclass(frozen=True, slots=True)
class InvalidLine:
    """An input line that is no article.

    Attributes:
        file: the input it stands in.
        line: its number there, from 1.
        reason: what is wrong with it.
        code: the class of the fault, such as ``not_json`` or ``reused_id``.
    """

    file: str
    line: int
    reason: str
    code: str = "invalid"


class ReusedIdError(ArticleError):
    """An id came before with another text."""


@dataclass(frozen=True, slots=True)
class Fields:
    """How input lines are read.

    Attributes:
        id: the field that holds the id.
        text: the field that holds the text.
        date: the field that holds the date.
        date_from: ``text`` takes the first full date of an article's head where the field
            gives none.
        max_line: longest line in bytes.
    """

    id: str = "id"
    text: str = "text"
    date: str = "date"
    date_from: Literal["field", "text"] = "field"
    max_line: int = MAX_LINE


@dataclass
class Reader:
    """Reads articles out of inputs, lazily, and counts what it passed over.

    Attributes:
        blank: blank lines, which are skipped.
        repeated: lines whose id and text came before, which are skipped.
        unknown_dates: articles whose date is in no known notation and was left out.
        position: bytes of the inputs that were read.
        ids: keys of the articles' ids, in input order.
        checksums: SHA-256 of the inputs that were read to their end, by name.
        sample: which articles are drawn; None for all of them.
    """

    inputs: Sequence[InputFile]
    fields: Fields = field(default_factory=Fields)
    blank: int = 0
    repeated: int = 0
    unknown_dates: int = 0
    position: int = 0
    ids: Rows = field(default_factory=Rows)
    checksums: dict[str, str] = field(default_factory=dict)
    sample: Sample | None = None
    _texts: array[int] = field(default_factory=lambda: array("Q"))

    def __iter__(self) -> Iterator[Article | InvalidLine]:
        """Every article, or those of the sample, and every invalid line, in input order.

        Raises:
            UsageError: an input cannot be opened.
        """
        return self._items() if self.sample is None else self.sample.of(self._items())

    def _items(self) -> Iterator[Article | InvalidLine]:
        before = 0
        for source in self.inputs:
            with open_input(source.name) as (stream, raw):
                lines = Lines(stream, self.fields.max_line)
                for item in self._articles(lines, source.name):
                    if source.size is not None:
                        self.position = before + raw.tell()
                    yield item
                if (checksum := checksum_of(raw)) is not None:
                    self.checksums[source.name] = checksum
            before += source.size or 0
            self.position = before

    def _articles(self, lines: Lines, name: str) -> Iterator[Article | InvalidLine]:
        reader = jsonlines.Reader(lines, loads=_loads)
        while True:
            try:
                article = self._article(reader.read(type=dict))
            except EOFError:
                return
            except UnreadableError as error:
                yield InvalidLine(name, lines.number + 1, str(error), "unreadable")
                return
            except (ArticleError, jsonlines.InvalidLineError) as error:
                if _is_blank(error):
                    self.blank += 1
                    continue
                yield InvalidLine(name, lines.number, _reason(error), _code(error))
            else:
                if article is not None:
                    yield article

    def _article(self, line: dict[str, Any]) -> Article | None:
        """The article of a line, or None if it came before.

        Raises:
            ArticleError: the line is no article.
        """
        values = dict(line)
        for own, given in (
            ("id", self.fields.id),
            ("text", self.fields.text),
            ("date", self.fields.date),
        ):
            if given != own:
                values[own] = values.pop(given, None)
        if values.get("text") is None:
            raise ArticleError(f"no text: the line has no field {self.fields.text!r}")
        values["date"] = self._date(values.get("date"))
        article = Article.from_mapping(values)
        if article.date is None and self.fields.date_from == "text":
            article = _dated_by_text(article)
        return article if self._is_new(article) else None

    def _date(self, value: Any) -> Any:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        day = parse_date(str(value)) if isinstance(value, str | int) else None
        if day is None:
            self.unknown_dates += 1
        return day

    def _is_new(self, article: Article) -> bool:
        """Whether the article did not come before.

        Raises:
            ReusedIdError: its id came with another text.
        """
        row = self.ids.add(id_key(article.id))
        text = int(article.text_sha256[:16], 16)
        if row == len(self._texts):
            self._texts.append(text)
            return True
        if self._texts[row] != text:
            raise ReusedIdError(
                f"the id {article.id[:200]!r} came before with another text: ids must be unique"
            )
        self.repeated += 1
        return False


def _dated_by_text(article: Article) -> Article:
    day = find_date(article.text[:_HEAD])
    if day is None:
        return article
    return Article(
        text=article.text,
        id=article.id,
        title=article.title,
        date=day,
        date_source="text",
        source=article.source,
        url=article.url,
        lang=article.lang,
        extra=article.extra,
    )


def _loads(line: str | bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no infinity, whatever library is installed.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(line, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise ValueError("a number is too large for JSON")
    return number


def _is_blank(error: Exception) -> bool:
    return isinstance(error, jsonlines.InvalidLineError) and not error.line.strip()


def input_line(article: Article, fields: Fields) -> dict[str, Any]:
    """The article as an input line that the same `fields` read again."""
    values = {name: getattr(article, name) for name in INPUT_FIELDS}
    if article.date_source == "text":
        del values["date"]
    names = {"id": fields.id, "text": fields.text, "date": fields.date}
    own = {names.get(name, name): value for name, value in values.items() if value is not None}
    return own | dict(article.extra)


_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (TooLongError, "too_long"),
    (ReusedIdError, "reused_id"),
    (ArticleError, "no_article"),
    (UnicodeDecodeError, "not_utf8"),
    (ValueError, "not_json"),
)


def _code(error: Exception) -> str:
    """The class of a fault; what is JSON but no object has no cause."""
    fault = error if isinstance(error, ArticleError) else error.__cause__
    return next((code for kind, code in _CODES if isinstance(fault, kind)), "no_object")


def _reason(error: Exception) -> str:
    if isinstance(error, ArticleError):
        return str(error)
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):
        return f"not UTF-8 at byte {cause.start + 1}"
    if isinstance(cause, json.JSONDecodeError):
        return f"not JSON: {cause.msg} at character {cause.pos + 1}"
    if isinstance(cause, ValueError):
        return f"not JSON: {cause}"
    return "not a JSON object"
