"""The frozen input: one article and the dates that articles carry."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from extractor.errors import ArticleError

DateSource = Literal["field", "text"]

_NUMERIC_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*(?P<sep>[-./年])\s*(?P<m>\d{1,2})\s*(?:(?P=sep)|月)\s*"
    r"(?P<d>\d{1,2})(?!\d)\s*日?"
)
_COMPACT_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<y>\d{{4}})\b"
)
_DAY_FIRST = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}{_MONTH},?\s{{1,3}}(?P<y>\d{{4}})\b"
)
_DATE_FORMS = (_NUMERIC_DATE, _MONTH_FIRST, _DAY_FIRST, _COMPACT_DATE)
_TIME = re.compile(
    r"[T\s,]*(?:\d{1,2}[:时]\d{2}(?:[:分]\d{2}(?:[.,]\d+)?秒?)?分?\s*(?:[AaPp][Mm])?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*"
)


def _date_of(match: re.Match[str]) -> dt.date | None:
    parts = match.groupdict()
    month = parts.get("m") or _MONTHS.get((parts.get("month") or "").lower())
    if month is None:
        return None
    try:
        return dt.date(int(parts["y"]), int(month), int(parts["d"]))
    except ValueError:
        return None


def parse_date(text: str) -> dt.date | None:
    """Read a date in one of the notations that real files have.

    ISO 8601, ``2022.09.27``, ``2022/9/27``, ``20220927``, ``2022年9月27日``,
    ``July 03, 2023`` and ``3 July 2023``, each with or without a time.

    Returns:
        The calendar day as written (a time zone does not move it), or None if `text` is
        in no such notation or names a day that does not exist.
    """
    stripped = text.strip()
    for form in _DATE_FORMS:
        match = form.match(stripped)
        if match and _TIME.fullmatch(stripped, match.end()):
            return _date_of(match)
    return None


def find_date(text: str) -> dt.date | None:
    """The first full date (day, month and year) that stands in `text`, or None."""
    found = [
        (match.start(), day)
        for form in _DATE_FORMS
        for match in form.finditer(text)
        if (day := _date_of(match)) is not None
    ]
    return min(found)[1] if found else None


@dataclass(frozen=True)
class Article:
    """One article as it was read; offsets everywhere are code points into `text`.

    Attributes:
        text: the article itself, unchanged.
        id: the caller's id; without one, ``sha256:`` and 16 hex digits of the text's hash.
        title: the headline, if it is known apart from the text.
        date: the day of publication; relative periods are resolved against it.
        date_source: whether the date came with the article (``field``) or was read from
            its head (``text``); None without a date.
        source: the publisher.
        url: where it was found.
        lang: BCP 47 language tag, if known.
        extra: whatever else came with it; carried to the output, never sent anywhere.

    Raises:
        ArticleError: no text, a text that cannot be UTF-8 (a lone surrogate), or a date in
            no known notation.
    """

    text: str
    id: str = ""
    title: str | None = None
    date: dt.date | None = None
    date_source: DateSource | None = None
    source: str | None = None
    url: str | None = None
    lang: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse what is no article; fill in the id."""
        object.__setattr__(self, "extra", dict(self.extra))
        if not isinstance(self.text, str):
            raise ArticleError(f"text is {type(self.text).__name__}, not a string")
        if not self.text.strip():
            raise ArticleError("text is empty")
        for name in ("text", "id", "title", "source", "url", "lang"):
            _check_utf8(name, getattr(self, name))
        if isinstance(self.date, dt.datetime) or not isinstance(self.date, dt.date | None):
            raise ArticleError(f"date is {type(self.date).__name__}, not a datetime.date")
        if self.date is None:
            object.__setattr__(self, "date_source", None)
        elif self.date_source is None:
            object.__setattr__(self, "date_source", "field")
        if not self.id:
            object.__setattr__(self, "id", f"sha256:{self.text_sha256[:16]}")

    @cached_property
    def text_sha256(self) -> str:
        """SHA-256 of the text's UTF-8 bytes, 64 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def from_mapping(cls, fields: Mapping[str, Any]) -> Article:
        """Build an article from a JSON object, the shape of an input line.

        Keys that are no field of an article go to `extra`. A numeric id is written out. A
        date may be in any notation of `parse_date`.

        Raises:
            ArticleError: as the class; also for a field of a wrong type or an unknown date.
        """
        known = {name: fields[name] for name in INPUT_FIELDS if fields.get(name) is not None}
        for name, value in known.items():
            if name == "id" and isinstance(value, int) and not isinstance(value, bool):
                known[name] = str(value)
            elif name == "date" and isinstance(value, dt.date):
                known[name] = value.date() if isinstance(value, dt.datetime) else value
            elif not isinstance(value, str):
                raise ArticleError(f"{name} is {type(value).__name__}, not a string")
        if isinstance(known.get("date"), str):
            known["date"] = _required_date(known["date"])
        extra = {name: value for name, value in fields.items() if name not in INPUT_FIELDS}
        if "text" not in known:
            raise ArticleError("no text")
        if extra:
            _check_utf8("extra", json.dumps(extra, ensure_ascii=False, default=str))
        return cls(**known, extra=extra)


INPUT_FIELDS = ("text", "id", "title", "date", "source", "url", "lang")
"""The keys of an input line that are an article's own."""


def _required_date(text: str) -> dt.date | None:
    if not text.strip():
        return None
    day = parse_date(text)
    if day is None:
        raise ArticleError("date is in no known notation: write it as 2023-07-03, or leave it out")
    return day


def _check_utf8(name: str, value: str | None) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        raise ArticleError(f"{name} is {type(value).__name__}, not a string")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{name} has a lone surrogate at character {error.start}: it is not valid Unicode"
        ) from None


ArticleLike: TypeAlias = Article | str | Mapping[str, Any]
"""What a caller has: an article, its text, or a mapping like an input line."""


def as_article(article: ArticleLike) -> Article:
    """The article that a caller means.

    Raises:
        ArticleError: it is none.
    """
    if isinstance(article, Article):
        return article
    if isinstance(article, str):
        return Article(text=article)
    if isinstance(article, Mapping):
        return Article.from_mapping(article)
    raise ArticleError(
        f"{type(article).__name__} is no article: give an Article, a text or a mapping"
    )
