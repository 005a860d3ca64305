"""Do a record's words stand in the article? Pure functions; problems are values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeAlias

import snowballstemmer

from extractor.grounding import Span
from extractor.grounding.locate import find_phrase, fold, splits
from extractor.records.faces import Reading
from extractor.values import numerals

Problem: TypeAlias = tuple[str, str, str]
"""Field, code, and what is wrong and how to mend it."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|[^\W\d_{_UNSPACED}]+(?:'[a-z]+)?")
_RUN = re.compile(rf"[{_UNSPACED}]+")
_FUNCTION_WORDS = frozenset(
    "a an the of in on at to for from by with and or as that which who whom whose is are was were "
    "be been being has have had having its their his her this these those it they under into "
    "through during between among other various new such not".split()
)
_FUNCTION_CHARS = frozenset("的和与及或等在于对为之中上下了并向由从以其各")
_stemmer = snowballstemmer.stemmer("english")


def words_problems(
    values: dict[str, Any], fields: tuple[str, ...], reading: Reading
) -> list[Problem]:
    """Fields whose words are not those of the evidence or its paragraph."""
    paragraph = reading.paragraph(values["evidence"].span)
    quote = values["evidence"].quote
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
                _numbers_stand(values[field], quote)
                or _counts_alike(values[field], paragraph)
                or _has_whole(_folded(values[field]), _folded(paragraph))
            )
            or missing_words(values[field], paragraph)
        )
    ]


def _numbers_stand(name: str, quote: str) -> bool:
    """Whether the quote states each number of a name; most names have none."""
    own = numerals(name)
    return not own or set(own) <= set(numerals(quote))


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
    return not numerals(phrase) and not missing_words(phrase, reading.paragraph(evidence))


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
def _words(text: str) -> frozenset[str]:
    """The content words of a folded text: else "anded" would be an "and" of it."""
    return frozenset(_WORD.findall(text)) - _FUNCTION_WORDS


@lru_cache(maxsize=64)
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(_stem, _words(text)))


def missing_words(phrase: str, text: str) -> list[str]:
    """Content words of `phrase` that `text` does not have, by their stems.

    Chinese has no word breaks: there a run of characters must be made of stretches of two
    or more that stand in the text, function characters aside.
    """
    folded_phrase, folded_text = _folded(phrase), _folded(text)
    if f" {folded_phrase} " in f" {folded_text} ":
        return []  # most phrases stand there as they are
    words = _words(folded_text)
    # Most words stand there as they are: only for the rest all have to be stemmed.
    missing = [
        word
        for word in _WORD.findall(folded_phrase)
        if word not in _FUNCTION_WORDS
        and word not in words
        and _stem(word) not in _stems(folded_text)
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
