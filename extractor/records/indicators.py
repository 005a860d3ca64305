"""Indicator codes: a statistical series' spelling becomes its code."""

_FIRST = {
    "gdp": "gdp",
    "added value of industries above designated size": "value_added_industry_above_scale",
    "fixed asset investment": "fixed_asset_investment",
    "industrial investment": "industrial_investment",
    "exports": "exports",
}


def indicator_code(indicator: str | None, subject: str | None = None) -> str | None:
    """The code of a series, or None."""
    return None if indicator is None else _FIRST.get(indicator.lower())
