"""A place in a text, its tier, and what lies in what."""

from __future__ import annotations

from typing import NamedTuple

from extractor.records.gazetteer import divisions

PROVINCE, CITY, COUNTY, PARK = 1, 2, 3, 4
TIERS = {"province": PROVINCE, "city": CITY, "county": COUNTY, "park": PARK}
"""Tiers of place words; a smaller one may hold a larger one."""


class PlaceName(NamedTuple):
    """A place in a text: ``text[start:end]``.

    `key` is equal for two names of one place and begins with the division's code, if it has
    one; `tier` is 1 to 4, from the province to the park.
    """

    start: int
    end: int
    name: str
    key: str
    tier: int


def called(place: PlaceName) -> int:
    """The tier by which a place speaks of itself: cities of any rank are "the city"."""
    division = divisions().get(place.key) if place.tier < PARK else None
    return CITY if division and division.name.endswith("市") else place.tier


def is_country(place: PlaceName) -> bool:
    """Whether a place is another country."""
    return place.tier == PROVINCE and not place.key[:1].isdigit()


def lies_in(inner: PlaceName, outer: PlaceName) -> bool:
    """Whether one place lies in another; one without a code lies in what is about it."""
    if outer.tier >= inner.tier:
        return False
    if not inner.key[:1].isdigit():
        return inner.tier >= COUNTY
    digits = 2 * min(outer.tier, COUNTY)
    return outer.key[:1].isdigit() and inner.key[:digits] == outer.key[:digits]
