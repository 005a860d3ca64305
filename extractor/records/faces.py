"""The faces in which a record is read, chosen by the validation context.

- ``Draft(article)``: what a model wrote. Quantities, periods and evidence are phrases of
  the article; an object in their place is an error, else a model could write parsed values
  past the parsers. Evidence may also be the numbers of sentences (`pointing`).
- ``Gold(article)``: what a person labelled. Quantities and periods are objects without
  offsets, evidence is the bare quote.
- no context: what a user gets, as published in ``schemas/``.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from extractor.article import Article
from extractor.errors import PhraseError
from extractor.grounding import Evidence, EvidenceForm, Locator, Span, is_within
from extractor.records.places import context_divisions
from extractor.records.pointing import MOST_SENTENCES, pointed_at
from extractor.values import Change, Count, Money, Period, find

MIN_QUOTE = 12
MIN_QUOTE_CJK = 6
MAX_QUOTE = 600

_CJK = re.compile(r"[\u3400-\u9fff]")
_SAME_BELOW = re.compile(
    r"[(（][^()（）]{0,40}"
    r"(?:the same (?:applies )?below|same hereinafter|same hereafter|下同)[)）]",
    re.IGNORECASE,
)


divisions_of = lru_cache(maxsize=8)(context_divisions)
"""`context_divisions`, remembered while an article is drafted and checked."""

mentions_of = lru_cache(maxsize=64)(find)
"""`find` without a date, remembered while a quote is checked against several records."""


class Reading:
    """An article as the context of reading its records; shared work is done once.

    Attributes:
        article: the article.
        evidence: the form in which a draft points at its evidence.
    """

    evidence: EvidenceForm = "quote"

    def __init__(self, article: Article) -> None:
        """Read records of `article`."""
        self.article = article
        self.locator = Locator(article.text)

    @cached_property
    def divisions(self) -> frozenset[str]:
        """Codes of the divisions that the article names: they settle ambiguous names."""
        return divisions_of(f"{self.article.title or ''}\n{self.article.text}")

    @cached_property
    def stated_currency(self) -> str | None:
        """The currency that the article states for all its amounts ("RMB, the same below")."""
        match = _SAME_BELOW.search(self.article.text)
        return currency_of(match.group()) if match else None

    def paragraph(self, span: Span) -> str:
        """The lines of the article in which `span` lies."""
        text = self.article.text
        start = text.rfind("\n", 0, span.start) + 1
        end = text.find("\n", span.end)
        return text[start : end if end >= 0 else len(text)]


class Draft(Reading):
    """Context: read what a model wrote, against the article it wrote about."""

    def __init__(self, article: Article, evidence: EvidenceForm = "quote") -> None:
        """Read drafts about `article` that point at their evidence in this form."""
        super().__init__(article)
        self.evidence = evidence


class Gold(Reading):
    """Context: read what a person labelled."""


_CURRENCY_NAMES = {
    "CNY": ("rmb", "yuan", "cny", "renminbi", "人民币"),
    "USD": ("us dollar", "usd", "美元"),
}


def currency_of(text: str) -> str | None:
    """The one currency that `text` names in its amounts or by its name, or None."""
    found = {m.value.currency for m in mentions_of(text) if isinstance(m.value, Money)} - {None}
    if not found:
        lowered = text.casefold()
        found = {
            code
            for code, names in _CURRENCY_NAMES.items()
            if any(name in lowered for name in names)
        }
    return found.pop() if len(found) == 1 else None


def _read_value(
    parse: Callable[[str, Reading], object],
    what: str,
    example: str,
    computed: Callable[[str, Reading], dict[str, Any]] = lambda text, reading: {"at": None},
) -> BeforeValidator:
    """A validator for one kind of value, in the face that the context asks for.

    `computed` gives what code computes and a gold file therefore leaves out.
    """

    def read(value: Any, info: ValidationInfo) -> Any:
        if isinstance(info.context, Draft):
            if not isinstance(value, str):
                raise PydanticCustomError(
                    "not_a_phrase",
                    f"expected the {what} as the article words it, a string such as {example!r}",
                )
            try:
                return parse(value, info.context)
            except PhraseError as error:
                raise PydanticCustomError("phrase", "{reason}", {"reason": str(error)}) from None
        if isinstance(info.context, Gold) and isinstance(value, dict):
            added = computed(str(value.get("text")), info.context)
            if written := sorted(added.keys() & value.keys()):
                raise PydanticCustomError(
                    "computed", f"{', '.join(written)} is computed by code: leave it out"
                )
            return {**value, **added}
        return value

    return BeforeValidator(read)


def _wire(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description}, mode="validation")


# The same phrases come again and again: "10%", "this year".
_money = lru_cache(maxsize=4096)(Money.parse)
_count = lru_cache(maxsize=4096)(Count.parse)
_change = lru_cache(maxsize=4096)(Change.parse)
_period = lru_cache(maxsize=4096)(Period.parse)


@lru_cache(maxsize=4096)
def _parse_level(text: str) -> Money | Count:
    """An amount of money if the phrase names a currency, else a count."""
    try:
        amount = Money.parse(text)
    except PhraseError:
        return Count.parse(text)
    return amount if amount.currency else Count.parse(text)


def _period_flags(text: str, on: dt.date | None) -> tuple[str, ...]:
    try:
        return Period.parse(text, on).flags
    except PhraseError:
        return ()


MoneyPhrase: TypeAlias = Annotated[
    Money,
    _read_value(lambda text, _: _money(text), "amount", "over 60 million yuan"),
    _wire(
        "The amount exactly as the article words it, with its bound word, scale and currency, "
        'such as "over 60 million yuan" or "122.59亿元".'
    ),
]
AmountPhrase: TypeAlias = Annotated[
    Money | Count,
    _read_value(lambda text, _: _parse_level(text), "level", "120 billion yuan"),
    _wire('The level exactly as the article words it: "120 billion yuan", "1.2 million".'),
]
CountPhrase: TypeAlias = Annotated[
    Count,
    _read_value(lambda text, _: _count(text), "number", "more than 300"),
    _wire('The number exactly as the article words it, with its bound word: "more than 300".'),
]
ChangePhrase: TypeAlias = Annotated[
    Change,
    _read_value(lambda text, _: _change(text), "change", "19.2%"),
    _wire(
        "The change exactly as the article words it, with its unit and without the verb, such "
        'as "19.2%", "15.3 percentage points", "doubled" or "double-digit".'
    ),
]
PeriodPhrase: TypeAlias = Annotated[
    Period,
    _read_value(
        lambda text, reading: _period(text, reading.article.date),
        "period",
        "the first half of this year",
        lambda text, reading: {"at": None, "flags": _period_flags(text, reading.article.date)},
    ),
    _wire(
        "The phrase of the article that says when, wherever in the article it stands, such as "
        '"January to April" or "截至5月底".'
    ),
]


def _read_evidence(value: Any, info: ValidationInfo) -> Any:
    context = info.context
    if isinstance(context, Draft):
        if context.evidence == "sentences":
            return _passage(pointed_at(value, context.locator.sentences), context)
        if not isinstance(value, str):
            raise PydanticCustomError(
                "not_a_phrase", "expected the passage of the article that states the fact, a string"
            )
        return _grounded_quote(value, context)
    if isinstance(context, Gold):
        quote, start = value if isinstance(value, tuple) else (value, None)
        return _gold_quote(quote, start, context.article.text)
    return value


def _gold_quote(quote: Any, start: int | None, text: str) -> Evidence:
    if not isinstance(quote, str) or not quote:
        raise PydanticCustomError("string_type", "the evidence of a gold record is its bare quote")
    if start is None:
        start = text.find(quote)
    if start < 0 or not text.startswith(quote, start):
        raise PydanticCustomError("evidence_not_found", "the quote does not stand in the article")
    return Evidence(quote=quote, start=start, end=start + len(quote))


def _grounded_quote(quote: str, reading: Reading) -> Evidence:
    stripped = quote.strip()
    least = MIN_QUOTE_CJK if _CJK.search(stripped) else MIN_QUOTE
    if len(stripped) < least:
        raise PydanticCustomError(
            "evidence_too_short",
            f"the quote is shorter than {least} characters: quote the whole passage",
        )
    if len(stripped) > 2 * MAX_QUOTE:
        raise _too_long()
    span = reading.locator.locate(stripped)
    if span is None:
        raise PydanticCustomError(
            "evidence_not_found",
            "the quote does not stand in the article: copy the passage word for word",
        )
    if span.end - span.start > MAX_QUOTE or _touched(span, reading) > MOST_SENTENCES:
        raise _too_long()
    return _passage(span, reading)


def _touched(span: Span, reading: Reading) -> int:
    """How many sentences a stretch of the article touches; at most that where they are few."""
    if is_within(reading.article.text, span, MOST_SENTENCES):
        return MOST_SENTENCES
    sentences = reading.locator.sentences
    first = bisect_right(sentences, span.start, key=lambda sentence: sentence.end)
    last = bisect_left(sentences, span.end, key=lambda sentence: sentence.start)
    return last - first


def _passage(span: Span, reading: Reading) -> Evidence:
    return Evidence(
        quote=reading.article.text[span.start : span.end], start=span.start, end=span.end
    )


def _too_long() -> PydanticCustomError:
    return PydanticCustomError(
        "evidence_too_long",
        f"the quote is longer than {MOST_SENTENCES} sentences or {MAX_QUOTE} characters: "
        "quote the shortest passage that states the whole fact",
    )


Quote: TypeAlias = Annotated[
    Evidence,
    BeforeValidator(_read_evidence),
    WithJsonSchema(
        {
            "type": "string",
            "description": "The shortest passage that states the whole fact, copied word for word "
            "from the article: at most two sentences.",
        },
        mode="validation",
    ),
]
