"""Texts for formats that do not hold every character."""

from __future__ import annotations

import re
from decimal import Decimal

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with U+FFFD for each control character, so that offsets stay."""
    return _CONTROL.sub("\ufffd", text)


def plain(number: Decimal) -> str:
    """A number in digits, without zeros behind the point that say nothing."""
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
