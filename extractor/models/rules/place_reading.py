"""What the spotters of places read, and what is in what in the gazetteer."""

from __future__ import annotations

from typing import NamedTuple

from extractor.models.rules.lexicon import Cues
from extractor.records.gazetteer import fold, index, prefecture, province


class Reading(NamedTuple):
    """A text in which places are looked for, and what the article says about them."""

    text: str
    cues: Cues
    title: str
    divisions: frozenset[str]


def is_inside(name: str, divisions: frozenset[str]) -> bool:
    """Whether a bare name may be a county of a prefecture that the article names."""
    options = index().bare.get(fold(name).replace(" ", ""), [])
    return any(_outer(option.code) in divisions for option in options)


def _outer(code: str) -> str | None:
    """The prefecture of a county, or the province that governs it directly."""
    return prefecture(code) or (province(code) if code[2:4] in ("01", "02", "90") else None)
