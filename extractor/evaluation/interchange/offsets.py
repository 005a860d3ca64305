"""Offsets that other tools count otherwise: find the span that was meant."""

from __future__ import annotations

from extractor.grounding import Span


def mend(text: str, start: int, end: int, quote: str) -> Span | None:
    """The span of `text` that a tool means by its offsets and its quote.

    Tried in this order: code points; UTF-16 units, which browsers count; the occurrence of
    the quote nearest to `start`; the same without the white space around it, and with the
    other kind of line breaks.

    Args:
        text: the article.
        start: offset of the first character, as the tool counts.
        end: offset behind the last one.
        quote: what the tool says stands there.

    Returns:
        The span in code points, or None: nothing like the quote is in the text.
    """
    if not quote.strip():
        return None
    if start >= 0 and text[start:end] == quote:
        return Span(start, end)
    units = Span(*(_from_utf16(text, offset) for offset in (start, end)))
    if text[units.start : units.end] == quote:
        return units
    unix = quote.replace("\r\n", "\n")
    for needle in (quote, unix, unix.replace("\n", "\r\n")):
        for form in (needle, needle.strip()):
            found = _nearest(text, form, start)
            if found is not None:
                return Span(found, found + len(form))
    return None


def _from_utf16(text: str, offset: int) -> int:
    """An offset in UTF-16 units as one in code points."""
    units = text.encode("utf-16-le")[: 2 * max(0, offset)]
    return len(units.decode("utf-16-le", errors="ignore"))


def _nearest(text: str, needle: str, start: int) -> int | None:
    before = text.rfind(needle, 0, max(0, start) + len(needle))
    behind = text.find(needle, max(0, start))
    found = [place for place in (before, behind) if place >= 0]
    return min(found, key=lambda place: abs(place - start), default=None)
