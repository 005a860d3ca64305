"""Why the rules model wrote what it wrote: the way from a record back to its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from extractor.article import Article, ArticleLike, as_article
from extractor.grounding import Span
from extractor.models.base import RecordType
from extractor.models.rules import RULED_READERS
from extractor.models.rules.document import Document
from extractor.models.rules.ruled import RULES, Ruled
from extractor.records import Record
from extractor.records.faces import Draft
from extractor.results import FieldError
from extractor.values import Mention

Kind = Literal["money", "count", "change", "period"]


@dataclass(frozen=True, slots=True)
class Found:
    """A number or a period in the quote: ``article.text[start:end]``."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One draft of the rules model, what made it, and what became of it.

    Attributes:
        type: the record type, such as ``fund``.
        rule: the name of the rule that made the draft, such as ``fund.noun``.
        function: the function that the name leads to, as ``module:function``.
        quote: the passage of the article that the draft quotes.
        mentions: the numbers and periods that stand in the quote, in order.
        record: the record; None if the draft was rejected.
        draft: the draft as the rule wrote it.
        errors: why it was rejected; empty for a record.
    """

    type: str
    rule: str
    function: str
    quote: str
    mentions: tuple[Found, ...]
    record: Record | None
    draft: dict[str, Any]
    errors: tuple[FieldError, ...]


def explain(article: ArticleLike, types: Sequence[RecordType] | None = None) -> list[Explanation]:
    """Every draft of the rules model for an article, with the rule that made it.

    Args:
        article: an article, its text, or a mapping of its fields.
        types: the record types that are wanted; all of them, if None.

    Returns:
        One explanation for each draft, by record type and in the order of the rules. A fact that
        the article states twice is drafted once.

    Raises:
        ArticleError: it is no article.
    """
    read = as_article(article)
    document, context = Document(read), Draft(read)
    return [
        _explained(record_type, ruled, document, context)
        for record_type in types or RULED_READERS
        for ruled in RULED_READERS[record_type](document)
    ]


def _explained(
    record_type: RecordType, ruled: Ruled, document: Document, context: Draft
) -> Explanation:
    record: Record | None = None
    errors: tuple[FieldError, ...] = ()
    try:
        record = record_type.model_validate(ruled.draft, context=context)
    except ValidationError as error:
        errors = tuple(FieldError.all_of(error))
    quote = str(ruled.draft["evidence"])
    return Explanation(
        type=record_type.type,
        rule=ruled.rule,
        function=RULES[ruled.rule],
        quote=quote,
        mentions=_mentions(document, record, quote),
        record=record,
        draft=ruled.draft,
        errors=errors,
    )


def _mentions(document: Document, record: Record | None, quote: str) -> tuple[Found, ...]:
    """The numbers and periods in the quote, where it stands in the article."""
    start = record.evidence.start if record else document.text.find(quote)
    if start < 0:
        return ()
    span = Span(start, start + len(quote))
    inside = (
        mention
        for sentence in document.sentences
        for mention in sentence.mentions
        if span.start <= mention.start and mention.end <= span.end
    )
    return tuple(_found(document.article, mention) for mention in inside)


def _found(article: Article, mention: Mention) -> Found:
    return Found(
        mention.kind, article.text[mention.start : mention.end], mention.start, mention.end
    )
