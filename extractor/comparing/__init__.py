"""How alike two records of one type are: the field comparators and their table."""

from extractor.comparing.fields import EQUAL, NAME, fold
from extractor.comparing.table import (
    COMPARATORS,
    Comparable,
    Comparator,
    Comparison,
    Role,
    close_names,
    comparable,
    compare,
    could_pair,
    overlap,
    same_number,
)

__all__ = [
    "COMPARATORS",
    "EQUAL",
    "NAME",
    "Comparable",
    "Comparator",
    "Comparison",
    "Role",
    "close_names",
    "comparable",
    "compare",
    "could_pair",
    "fold",
    "overlap",
    "same_number",
]
