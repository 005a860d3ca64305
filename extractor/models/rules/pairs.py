"""Lists that a sentence pairs in order: "on July 17 and 22 … 60 million and 200 million"."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.periods import listed_periods
from extractor.models.rules.phrases import LIST_GAP
from extractor.values import Mention

_RESPECTIVELY = re.compile(r"\brespectively\b|分别")
_YEAR = 4  # digits


class Pair(NamedTuple):
    """What a list gives to one amount: a place and a time; None where it gives none."""

    place: str | None
    time: str | None


def paired_with(doc: Document, sentence: Sentence, mention: Mention) -> Pair:
    """The place and the time of an amount in a list that goes with lists of them "respectively"."""
    run = _run(doc, sentence, mention)
    if len(run) == 1 or _RESPECTIVELY.search(doc.text, *sentence.span) is None:
        return Pair(None, None)
    position = run.index(mention)
    places, times = sentence.places, listed_periods(doc, sentence, run[0].start, len(run))
    place = places[position].name if len(places) == len(run) else None
    time = doc.text[times[position].start : times[position].end] if times else ""
    # The "22" of "July 17 and 22" is no phrase by itself.
    return Pair(place, None if time.isdigit() and len(time) < _YEAR else time or None)


def _run(doc: Document, sentence: Sentence, mention: Mention) -> list[Mention]:
    """The amounts that only a comma or "and" parts from each other, around one of them."""
    amounts = [m for m in sentence.mentions if m.kind == mention.kind]
    run: list[Mention] = []
    for amount in amounts:
        if run and not LIST_GAP.fullmatch(doc.text, run[-1].end, amount.start):
            if mention in run:
                break
            run = []
        run.append(amount)
    return run
