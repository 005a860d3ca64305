"""Numbers of enterprises that restate earlier ones in order: "the respective totals"."""

from __future__ import annotations

import re

from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.firms import Counted
from extractor.values import Mention

# "… bringing the respective totals to 45 and 63": the firms of earlier numbers, in order.
_RESPECTIVE = re.compile(
    r"respective totals?\b|totals? (?:of the two|respectively)|of which|分别|of them", re.IGNORECASE
)
_PAIRED = re.compile(r"respectively|respective|分别", re.IGNORECASE)
_ADDED_AGAIN = re.compile(r"新增|新认定|newly|\bnew\b|added", re.IGNORECASE)


def respective(
    doc: Document, sentence: Sentence, run: list[Mention], done: list[tuple[Mention, Counted]]
) -> list[tuple[Mention, Counted]]:
    """The whole and the firms of each number of a run that restates earlier ones in order.

    Empty unless the sentence says that they belong together and their numbers agree.
    """
    marks = list(_RESPECTIVE.finditer(doc.text, sentence.span.start, run[0].start))
    tail = doc.text[run[0].start : min(run[-1].end + 40, sentence.span.end)]
    head = doc.text[marks[-1].start() : run[0].start] if marks else ""
    if not marks or len(run) < 2 or not _PAIRED.search(head + tail):
        return []
    earlier = [pair for pair in done if pair[0].end <= marks[-1].start()][-len(run) :]
    if len(earlier) != len(run):
        return []
    said = doc.text[earlier[-1][0].end : run[0].start] + tail
    is_new_total = "total" in marks[-1].group().lower()
    measure = "total" if is_new_total or not _ADDED_AGAIN.search(said) else "added"
    return [
        (whole, Counted(c.category, c.span, c.noun_end, True, measure, "count.respective"))
        for whole, c in earlier
    ]
