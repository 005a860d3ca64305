"""Changes in a sentence, and which way they go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.grounding import Span
from extractor.models.rules.absolutes import absolutes
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.values import Change, Mention

_LIST_GAP = re.compile(
    r"(?:\s|,|，|、|and|和|percent|%|or|plus|minus|"
    r"an? (?:increase|decrease|rise|drop|decline|growth|fall) of)*",
    re.IGNORECASE,
)
# "1.9 percentage points faster than the first quarter".
COMPARED = re.compile(
    r"\s*(?:points?\s*)?(?:year[- ]on[- ]year\s*)?(?P<cue>higher|lower|faster|slower|quicker|above|"
    r"below|more|less|fewer|ahead|better|worse|short)\s*(?:than|of)?\s*(?P<rest>[^,;，；。]*)",
    re.IGNORECASE,
)
"""What stands behind a change that is a comparison: its cue, and what is compared with."""
_LOWER = frozenset(("lower", "slower", "below", "less", "fewer", "worse", "short"))
# "rose to 5%", 降至3%: a level that was reached.
_LEVEL = re.compile(
    r"(?:\bthan(?: the| that of)?|\bto(?: about| nearly| over| more than)?|[至到为])\s*$",
    re.IGNORECASE,
)
# "a 10.6% year-on-year increase".
_NOUN_BEHIND = re.compile(r"\s+(?:year[- ]on[- ]year\s+)?(?P<noun>[a-z]+)")
_FROM = re.compile(r"\bfrom\s*$|从$", re.IGNORECASE)
_PART_OF = re.compile(r"\s*(?:of (?!the same|last|\d{4})|以上的|以下的)", re.IGNORECASE)
# "4% VAT", "a 20% stake": the rate of a tax, and what is held.
_RATE_OF = re.compile(
    r"\s+(?:[a-z]+\s)?(?:VAT|tax|dut(?:y|ies)|tariffs?|levy|interest|stake|equity|target|goal|"
    r"ceiling|threshold|discount)\b"
    r"(?!\s(?:increase|rise|hike|cut|reduction|growth))",
    re.IGNORECASE,
)
_WORDED = re.compile(r"double|tripl|quadrupl|halv|翻|倍|腰斩|减半|times", re.IGNORECASE)
_TIMES_UP = re.compile(r"\w+ times$", re.IGNORECASE)
# "by a third" is no number that can be held exactly.
_FRACTION = re.compile(
    r"(?:half|(?:third|quarter|fifth|tenth)s?|一半|半数)(?: or more)?$", re.IGNORECASE
)
# "4 more" than last year, 多投放3亿元.
_MORE = re.compile(r"(?P<less>\s(?:fewer|less)$|^少)|\smore$|^多", re.IGNORECASE)
_HALVED = re.compile(r"halv|腰斩|减半", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:minus|negative|负)|[-−–]\s?\d", re.IGNORECASE)
_NO_CHANGE = frozenset(("period",))  # every other kind may state one
NEW_CLAUSE = re.compile("[,，;；。]")
"""Marks at which a clause ends."""
_REACH_BEFORE = {"en": 60, "zh": 14}
_REACH_BEHIND = {"en": 28, "zh": 6}


@dataclass(frozen=True, slots=True)
class Run:
    """Changes that only a comma or "and" parts, and the stretch that is theirs.

    Attributes:
        mentions: the changes, in order.
        left: where the stretch begins: behind the changes before it.
        right: where it ends: at the next change.
    """

    mentions: tuple[Mention, ...]
    left: int
    right: int

    @property
    def start(self) -> int:
        """Where the first change begins."""
        return self.mentions[0].start

    @property
    def end(self) -> int:
        """Where the last change ends."""
        return self.mentions[-1].end


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a change goes, and where the words that say so begin."""

    value: str
    start: int


def runs(doc: Document, sentence: Sentence) -> list[Run]:
    """The changes of a sentence, in runs."""
    if sentence.kinds <= _NO_CHANGE:
        return []
    changes = [
        m
        for m in sentence.mentions
        if isinstance(m.value, Change)
        if not doc.quotes.in_name(m.start, m.end) and not _FRACTION.search(m.value.text)
    ]
    changes = sorted([*changes, *absolutes(doc, sentence)], key=lambda m: m.start)
    if not changes:
        return []
    grouped: list[list[Mention]] = []
    for change in changes:
        if grouped and _is_next(doc, grouped[-1][-1], change):
            grouped[-1].append(change)
        else:
            grouped.append([change])
    lefts = [sentence.span.start, *(group[-1].end for group in grouped)]
    rights = [*(group[0].start for group in grouped[1:]), sentence.span.end]
    return [
        Run(tuple(group), left, right)
        for group, left, right in zip(grouped, lefts, rights, strict=False)
    ]


def _is_next(doc: Document, before: Mention, change: Mention) -> bool:
    """Whether a change is the next item of a list: of one unit, behind a comma or "and"."""
    assert isinstance(before.value, Change)
    assert isinstance(change.value, Change)
    is_listed = _LIST_GAP.fullmatch(doc.text, before.end, change.start)
    return before.value.unit == change.value.unit and is_listed is not None


def is_share(doc: Document, run: Run) -> bool:
    """Whether a percentage is a share, a rate or a contribution, and no change."""
    first = run.mentions[0]
    low = max(run.left, first.start - 40)
    cues = doc.cues.within("not_growth", low, first.end + 14)
    if any(cue.value == "contribution" and cue.start < first.start for cue in cues):
        return True
    before = [cue.end for cue in cues if cue.start < first.start]
    if before and not doc.cues.within("directions", max(before), first.start):
        return True
    is_rate = first.value.text.endswith(("%", "percent", "per cent"))
    if is_rate and _RATE_OF.match(doc.text, run.end):
        return True
    return bool(_PART_OF.match(doc.text, first.end))


def direction_of(doc: Document, run: Run, position: int = 0) -> Direction | None:
    """Which way a change of a run goes; None for a level, or where nothing says it.

    An item behind the first is asked only for a direction of its own.
    """
    mention = run.mentions[position]
    left = run.mentions[position - 1].end if position else run.left
    is_last = mention is run.mentions[-1]
    # What is said behind the last item of a list is said of all.
    end = mention.end if position else run.end
    right = run.right if is_last or not position else mention.end
    if _NEGATIVE.match(doc.text, mention.start, mention.end) or doc.text[mention.start - 1] in "-−":
        return Direction("decrease", mention.start)
    phrase = doc.text[mention.start : mention.end]
    if _WORDED.search(phrase) and not _TIMES_UP.search(phrase):
        return Direction("decrease" if _HALVED.search(phrase) else "increase", mention.start)
    if counted := _MORE.search(phrase):
        return Direction("decrease" if counted["less"] else "increase", mention.start)
    inside = doc.cues.within("directions", mention.start, mention.end)
    if inside:
        return Direction(inside[-1].value, mention.start)
    compared = COMPARED.match(doc.text, end, right) if doc.lang == "en" else None
    if compared:
        value = "decrease" if compared["cue"].lower() in _LOWER else "increase"
        return Direction(value, mention.start)
    return _by_words(doc, left, mention, Span(end, right))


def _by_words(doc: Document, left: int, mention: Mention, behind: Span) -> Direction | None:
    """The direction that a word in the change's own clause gives, before it or behind it."""
    text = doc.text
    low = max(left, mention.start - _REACH_BEFORE[doc.lang])
    cuts = [m.end() for m in NEW_CLAUSE.finditer(text, low, mention.start)]
    low = cuts[-1] if cuts else low
    own = _NOUN_BEHIND.match(text, *behind) if doc.lang == "en" else None
    if own and (cues := doc.cues.within("directions", *own.span("noun"))):
        return Direction(cues[0].value, mention.start)
    if _LEVEL.search(text, low, mention.start) or _FROM.search(text, low, mention.start):
        return None
    if before := doc.cues.within("directions", low, mention.start):
        return _combined(before)
    stop = min(behind.end, behind.start + _REACH_BEHIND[doc.lang])
    for cue in doc.cues.within("directions", behind.start, stop)[:1]:
        if cue.value != "reverse" and not NEW_CLAUSE.search(text, behind.start, cue.start):
            return Direction(cue.value, mention.start)
    return None


def _combined(cues: list[Cue]) -> Direction:
    """The last direction; "the decline narrowed" turns the one before it around."""
    if cues[-1].value != "reverse":
        return Direction(cues[-1].value, cues[-1].start)
    turned = next((c.value for c in reversed(cues) if c.value != "reverse"), "increase")
    return Direction("increase" if turned == "decrease" else "decrease", cues[0].start)
