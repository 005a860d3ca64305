"""Phrases to values: amounts of money, counts, changes and periods, English and Chinese."""

from extractor.errors import PhraseError
from extractor.values.finding import Mention, find
from extractor.values.models import Change, Count, Money, Period
from extractor.values.numerals import numerals
from extractor.values.quantity_words import Bound

__all__ = [
    "Bound", "Change", "Count", "Mention", "Money", "Period", "PhraseError", "find", "numerals",
]  # fmt: skip
