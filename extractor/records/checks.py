"""Do a record's phrases and words stand in the article? Pure functions; problems are values."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from functools import lru_cache
from typing import Any, TypeAlias

import snowballstemmer

from extractor.grounding import Evidence, Span
from extractor.grounding.locate import fold, splits
from extractor.records.faces import Reading, currency_of
from extractor.values import Change, Count, Mention, Money, Period, find, numerals

Problem: TypeAlias = tuple[str, str, str]
"""Field, code, and what is wrong and how to mend it."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|(?:(?![{_UNSPACED}\d_])\w)+(?:'[a-z]+)?")
_RUN = re.compile(rf"[{_UNSPACED}]+")
_FUNCTION_WORDS = frozenset(
    "a an the of in on at to for from by with and or as that which who whom whose is are was were "
    "be been being has have had having its their his her this these those it they under into "
    "through during between among other various new such not".split()
)
_FUNCTION_CHARS = frozenset("的和与及或等在于对为之中上下了并向由从以其各")
_stemmer = snowballstemmer.stemmer("english")


def find_phrase(phrase: str, text: str, span: Span) -> Span | None:
    """Where `phrase` stands in ``text[span]``, never inside a longer number or word."""
    start = text.find(phrase, span.start, span.end)
    while start >= 0:
        found = Span(start, start + len(phrase))
        if not splits(text, found.start) and not splits(text, found.end):
            return found
        start = text.find(phrase, start + 1, span.end)
    for match in _loosely(phrase).finditer(text, span.start, span.end):
        if not splits(text, match.start()) and not splits(text, match.end()):
            return Span(*match.span())
    return None


@lru_cache(maxsize=4096)
def _loosely(phrase: str) -> re.Pattern[str]:
    """`phrase` in any case and with any white space between its words."""
    words = (re.escape(word) for word in phrase.split())
    return re.compile(r"\s+".join(words) or r"(?!)", re.IGNORECASE)


def place_quantities(
    values: dict[str, Any], reading: Reading
) -> tuple[dict[str, Any], list[Problem]]:
    """Give each quantity its place and its currency.

    A quantity stands in the evidence as a whole, not as a part of a longer one; only a unit
    that a list shares may stand apart from its number there.
    """
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    evidence = values["evidence"]
    for name, value in values.items():
        if not isinstance(value, Money | Count | Change):
            continue
        at = _quantity_place(value, evidence, reading)
        if at is None and not _shares_its_unit(value, evidence.quote):
            problems.append(
                (
                    name,
                    "number_not_in_evidence",
                    "the phrase does not stand in the quote: copy it whole from there, or quote "
                    "the passage that states it",
                )
            )
        if isinstance(value, Money) and value.currency is None and not _SCALED.search(value.text):
            problems.append((name, "phrase", "is no amount of money: copy it with its currency"))
        update: dict[str, Any] = {"at": at and tuple(at)}
        if at is not None:
            update["text"] = reading.article.text[at.start : at.end]
        if isinstance(value, Money) and value.currency is None:
            update["currency"] = currency_of(evidence.quote) or reading.stated_currency
        changes[name] = value.model_copy(update=update)
    return changes, problems


def _quantity_place(
    value: Money | Count | Change, evidence: Evidence, reading: Reading
) -> Span | None:
    """Where the phrase of a quantity stands in the evidence as a quantity of its own."""
    text = reading.article.text
    start = evidence.start
    while found := find_phrase(value.text, text, Span(start, evidence.end)):
        if not _is_part(
            value, Span(found.start - evidence.start, found.end - evidence.start), evidence
        ):
            return found
        start = found.end
    return None


def _is_part(value: Money | Count | Change, at: Span, evidence: Evidence) -> bool:
    """Whether a stretch of the quote is only a part of a longer phrase with another value.

    "100 million yuan" of "3.55 billion 100 million yuan", 24 of "July 24".
    """
    for mention in _mentions(evidence.quote):
        holds = mention.start <= at.start and at.end <= mention.end
        if holds and mention.end - mention.start > at.end - at.start:
            return not _is_same(mention.value, value)
    return False


def _shares_its_unit(value: Money | Count | Change, quote: str) -> bool:
    """Whether `quote` lists the number with a unit that it shares with its neighbours."""
    if is_negative(value.text):
        return False
    stated = Counter(numerals(quote))
    if Counter(numerals(value.text)) - stated or _missing_words(value.text, quote):
        return False
    return any(
        isinstance(mention.value, Money | Count | Change)
        and mention.value.text != quote[mention.start : mention.end]
        and _is_same(mention.value, value)
        and mention.value.bound == value.bound
        for mention in _mentions(quote)
    )


def _is_same(stated: object, value: Money | Count | Change) -> bool:
    """Whether a quantity of the text has the value that was read, in the same unit."""
    if isinstance(value, Change) and value.unit == "absolute":
        return isinstance(stated, Money | Count | Change) and stated.value == value.value
    if not isinstance(stated, type(value)) or stated.value != value.value:
        return False
    unit = "unit" if isinstance(value, Change) else "currency"
    return stated.upper == value.upper and getattr(stated, unit, None) == getattr(value, unit, None)


@lru_cache(maxsize=64)
def _mentions(quote: str) -> list[Mention]:
    return find(quote)


_SCALED = re.compile(r"\d{4}|illion|\bbn\b|\bmln\b|thousand|crore|lakh|[万亿]", re.IGNORECASE)
_MINUS = re.compile(r"\s*(?:[-−–－]\s*[\d.]|minus\b|negative\b|负)", re.IGNORECASE)


def is_negative(phrase: str) -> bool:
    """Whether `phrase` has a minus sign: the value has none, the direction says it."""
    return _MINUS.match(phrase) is not None


def number_place(value: Money | Count | Change, evidence: Span, reading: Reading) -> Span:
    """Where the number of a record stands; a composed phrase by its first numeral."""
    if value.at is not None:
        return Span(*value.at)
    found = (find_phrase(part, reading.article.text, evidence) for part in value.text.split())
    return next((span for span in found if span is not None), evidence)


def name_place(name: str, evidence: Span, reading: Reading) -> Span:
    """Where the name stands in the evidence; one of joined words has the evidence's place."""
    return find_phrase(name, reading.article.text, evidence) or evidence


def record_id(type_: str, place: Span, reading: Reading) -> str:
    """16 hex digits over article, text, record type and the place of its number or name."""
    article = reading.article
    key = "\n".join((article.id, article.text_sha256, type_, str(place.start), str(place.end)))
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def place_period(
    period: Period, status: str, evidence: Span, reading: Reading
) -> tuple[Period, list[Problem]]:
    """Give a period its place, and the flags that depend on the record."""
    article = reading.article
    text = article.text
    inside = find_phrase(period.text, text, evidence)
    at = inside or _nearest(period.text, text, evidence)
    if at is None:
        problem = (
            "period",
            "period_not_in_article",
            "the phrase does not stand in the article: copy it from there, or write null",
        )
        return period, [problem]
    flags = list(period.flags)
    if status == "actual" and article.date and period.end and period.end > article.date:
        flags.append("runs_on")
    if inside is None:
        flags.append("carried")
    return period.model_copy(update={"at": tuple(at), "flags": tuple(flags)}), []


def _nearest(phrase: str, text: str, evidence: Span) -> Span | None:
    """The nearest occurrence before the evidence, else the first one after."""
    before = None
    start = 0
    while found := find_phrase(phrase, text, Span(start, evidence.start)):
        before, start = found, found.end
    return before or find_phrase(phrase, text, Span(evidence.start, len(text)))


def words_problems(
    values: dict[str, Any], fields: tuple[str, ...], reading: Reading
) -> list[Problem]:
    """Fields whose words are not those of the evidence or its paragraph."""
    paragraph = reading.paragraph(values["evidence"].span)
    stated = set(numerals(values["evidence"].quote))
    return [
        (
            field,
            "ungrounded",
            "has words that stand neither in the quote nor in its paragraph: use the article's own",
        )
        for field in fields
        if values[field] is not None
        and (
            _is_empty(values[field])
            or not (
                set(numerals(values[field])) <= stated or _counts_alike(values[field], paragraph)
            )
            or _missing_words(values[field], paragraph)
        )
    ]


_COUNTED = re.compile(r"\d[\d,.]*\s*[^\W\d]+")


def _counts_alike(name: str, paragraph: str) -> bool:
    """Whether each number of a name stands in the paragraph before the same word."""
    folded = _folded(paragraph)
    counted = _COUNTED.findall(_folded(name))
    return bool(counted) and all(stretch in folded for stretch in counted)


def cited_problems(
    values: dict[str, Any], fields: tuple[str, ...], reading: Reading
) -> list[Problem]:
    """Fields that stand nowhere in the article."""
    problems: list[Problem] = []
    for field in fields:
        value = values[field]
        stands = _is_number_of if field == "part_of" else _stands
        if value is None or stands(value, values["evidence"].span, reading):
            continue
        problems.append(
            (
                field,
                "ungrounded",
                "does not stand in the article: copy it from there, or write null",
            )
        )
    return problems


def _stands(phrase: str, evidence: Span, reading: Reading) -> bool:
    folded = _folded(phrase)
    if _is_empty(phrase):
        return False
    title = reading.article.title or ""
    if _has_whole(folded, reading.locator.folded) or _has_whole(folded, _folded(title)):
        return True
    # Words may be left out or joined; a number is never put together with other words.
    return not numerals(phrase) and not _missing_words(phrase, reading.paragraph(evidence))


def _is_number_of(phrase: str, evidence: Span, reading: Reading) -> bool:
    """Whether a phrase is a number that stands in the article."""
    text = reading.article.text
    return bool(numerals(phrase)) and find_phrase(phrase, text, Span(0, len(text))) is not None


def _is_empty(phrase: str) -> bool:
    """Whether a phrase has no content word: "of the" and "53" name nothing."""
    folded = _folded(phrase)
    if any(w not in _FUNCTION_WORDS and not w[0].isdigit() for w in _WORD.findall(folded)):
        return False
    return not any(char not in _FUNCTION_CHARS for run in _RUN.findall(folded) for char in run)


def _has_whole(needle: str, hay: str) -> bool:
    """Whether `needle` stands in `hay` and no Latin word or number is cut."""
    start = hay.find(needle)
    while start >= 0:
        if not splits(hay, start) and not splits(hay, start + len(needle)):
            return True
        start = hay.find(needle, start + 1)
    return False


# The records of an article are checked against the same few paragraphs.
_folded = lru_cache(maxsize=256)(fold)


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=64)
def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text))


def _missing_words(phrase: str, text: str) -> list[str]:
    """Content words of `phrase` that `text` does not have, by their stems.

    Chinese has no word breaks: there a run of characters must be made of stretches of two
    or more that stand in the text, function characters aside.
    """
    folded_phrase, folded_text = _folded(phrase), _folded(text)
    stems = _stems(folded_text)
    missing = [
        word
        for word in _WORD.findall(folded_phrase)
        if word not in _FUNCTION_WORDS and _stem(word) not in stems
    ]
    missing += [run for run in _RUN.findall(folded_phrase) if not _made_of(run, folded_text)]
    return missing


def _made_of(run: str, text: str) -> bool:
    """Whether `run` can be cut into function characters and stretches of `text`."""
    if run in text:
        return True
    reachable = {0}
    for start in range(len(run)):
        if start not in reachable:
            continue
        if run[start] in _FUNCTION_CHARS:
            reachable.add(start + 1)
        end = start + 2
        while end <= len(run) and run[start:end] in text:
            reachable.add(end)
            end += 1
    return len(run) in reachable


def only_count(text: str) -> Count | None:
    """The one count in `text`, or None if it has none or several."""
    counts = [m.value for m in find(text) if isinstance(m.value, Count)]
    return counts[0] if len(counts) == 1 else None
