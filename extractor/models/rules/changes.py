"""Changes in a sentence: which way they go, and what they are measured against."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.grounding import Span
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.lexicon import Cue
from extractor.values import Change, Mention

_LIST_GAP = re.compile(
    r"(?:\s|,|，|、|and|和|percent|%|or|"
    r"an? (?:increase|decrease|rise|drop|decline|growth|fall) of)*",
    re.IGNORECASE,
)
# "1.9 percentage points faster than the first quarter".
_COMPARED = re.compile(
    r"\s*(?:points?\s*)?(?:year[- ]on[- ]year\s*)?(?P<cue>higher|lower|faster|slower|quicker|above|"
    r"below|more|less|fewer|ahead|better|worse|short)\s*(?:than|of)?\s*(?P<rest>[^,;，；。]*)",
    re.IGNORECASE,
)
_LOWER = frozenset(("lower", "slower", "below", "less", "fewer", "worse", "short"))
# "surpassing the average of the province by 15 points", and the next benchmark of such a list.
_SURPASSING = re.compile(
    r"\b(?:surpass\w*|exceed\w*|outpac\w*|outran|outperform\w*|beat\w*|ahead of|higher than|"
    r"lower than|faster than|(?:above|below)(?= (?:the|average|that)))\s+"
    r"(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$",
    re.IGNORECASE,
)
_NEXT_BENCHMARK = re.compile(
    r"^\s*(?:and|, and|,)\s+(?P<rest>(?:the\s)?[^,;]{3,80}?)\s+by\s*$", re.IGNORECASE
)
_ZH_COMPARED = re.compile(
    r"(?:高于|高出|快于|低于|慢于|超过|领先|跑赢)(?P<a>[^，。；\d]{1,20})$|"
    r"(?:比|较)(?P<b>[^，。；\d]{2,20}?)(?:增速|平均水平|平均)?(?:分别)?(?:高|低|快|慢)(?:出|了)?$"
)
# An own earlier period, against which a change is no gap to a benchmark.
_OWN_PERIOD = re.compile(
    r"same (?:period|month|quarter)|last year|previous|\bfirst|\bsecond|\bthird quarter|"
    r"year[- ]ago|"
    r"\ba year|last month|\bmonth|quarter|beginning of|earlier|before|\b(?:19|20)\d\d\b|half|"
    r"去年|上年|季度|上半年|上月|同期|前\S?月|年初|年底|1月|\d月",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(
    r"same period|last year|previous year|year[- ]ago|a year|去年|上年|同期", re.IGNORECASE
)
# A change against a named year: the one before the article's is last year.
_AGAINST_YEAR = re.compile(
    r"(?:\b(?:on|over|than|from|compared (?:with|to))|[比较])\s*(?:in |that of |the )?"
    r"(?:\w+ half of |same period (?:of|in) )?(?P<year>20\d\d|19\d\d)"
)
_AVERAGE = re.compile(
    r"average annual|annual average|per year on average|two-year average|compound|年均|两年平均",
    re.IGNORECASE,
)
_YEARLY = re.compile(r"consecutive (?:years|months)|连续\S{1,3}年", re.IGNORECASE)
# "rose to 5%", 降至3%: a level that was reached.
_LEVEL = re.compile(
    r"(?:\bthan(?: the| that of)?|\bto(?: about| nearly| over| more than)?|[至到为])\s*$",
    re.IGNORECASE,
)
# "a 10.6% year-on-year increase".
_NOUN_BEHIND = re.compile(r"\s+(?:year[- ]on[- ]year\s+)?(?P<noun>[a-z]+)")
_FROM = re.compile(r"\bfrom\s*$|从$", re.IGNORECASE)
_PART_OF = re.compile(r"\s*(?:of (?!the same|last|\d{4})|以上的|以下的)", re.IGNORECASE)
_WORDED = re.compile(r"double|tripl|quadrupl|halv|翻|倍|times", re.IGNORECASE)
_TIMES_UP = re.compile(r"\d+ times$", re.IGNORECASE)
_HALVED = re.compile(r"halv", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:minus|negative|负)|[-−–]\s?\d", re.IGNORECASE)
_NEW_CLAUSE = re.compile("[,，;；。]")
_REACH_BEFORE = {"en": 60, "zh": 14}
_REACH_BEHIND = {"en": 28, "zh": 6}
_TRIM = re.compile(r"^(?:the|that of|those of|that in|of|in)\s+")
_TRIM_END = re.compile(r"\s+(?:by|ranking|and ranked|respectively|in the same period|over)\b.*$")


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


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a run of changes is measured against.

    Attributes:
        names: by change; all None where it is an own earlier period or nothing.
        basis: what the comparison itself says, or None.
        start: where the words begin that name it, if they stand before the changes.
    """

    names: tuple[str | None, ...]
    basis: str | None
    start: int


def runs(doc: Document, sentence: Sentence) -> list[Run]:
    """The changes of a sentence, in runs."""
    changes = [
        m
        for m in sentence.mentions
        if isinstance(m.value, Change) and not doc.in_name(m.start, m.end)
    ]
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
    inside = doc.cues.within("directions", mention.start, mention.end)
    if inside:
        return Direction(inside[-1].value, mention.start)
    compared = _COMPARED.match(doc.text, end, right) if doc.lang == "en" else None
    if compared:
        value = "decrease" if compared["cue"].lower() in _LOWER else "increase"
        return Direction(value, mention.start)
    return _by_words(doc, left, mention, Span(end, right))


def _by_words(doc: Document, left: int, mention: Mention, behind: Span) -> Direction | None:
    """The direction that a word in the change's own clause gives, before it or behind it."""
    text = doc.text
    low = max(left, mention.start - _REACH_BEFORE[doc.lang])
    cuts = [m.end() for m in _NEW_CLAUSE.finditer(text, low, mention.start)]
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
        if cue.value != "reverse" and not _NEW_CLAUSE.search(text, behind.start, cue.start):
            return Direction(cue.value, mention.start)
    return None


def _combined(cues: list[Cue]) -> Direction:
    """The last direction; "the decline narrowed" turns the one before it around."""
    if cues[-1].value != "reverse":
        return Direction(cues[-1].value, cues[-1].start)
    turned = next((c.value for c in reversed(cues) if c.value != "reverse"), "increase")
    return Direction("increase" if turned == "decrease" else "decrease", cues[0].start)


def benchmark_of(doc: Document, run: Run) -> Benchmark:
    """What the changes of a run are compared with, in words before or behind them."""
    named, start = _compared_with(doc, run)
    if named is None:
        return Benchmark((None,) * len(run.mentions), None, run.start)
    if _OWN_PERIOD.search(named):
        basis = "year_on_year" if _LAST_YEAR.search(named) else _year_basis(doc, named)
        return Benchmark((None,) * len(run.mentions), basis or "period_on_period", run.start)
    whole = _trim(named)
    if whole is None:
        return Benchmark((None,) * len(run.mentions), None, run.start)
    parts = [_trim(part) for part in re.split(r"\s+and\s+|和|、|,\s*", whole)]
    count = len(run.mentions)
    names = tuple(parts) if len(parts) == count else (whole,) * count
    return Benchmark(names, "versus_benchmark", start)


def _compared_with(doc: Document, run: Run) -> tuple[str | None, int]:
    scope = doc.text[run.left : run.start]
    if doc.lang == "zh":
        match = _ZH_COMPARED.search(scope)
        return (match["a"] or match["b"], run.left + match.start()) if match else (None, run.start)
    before = _SURPASSING.search(scope) or _NEXT_BENCHMARK.search(scope)
    if before and not doc.cues.within("directions", *_inside(run, before)):
        return before["rest"], run.left + before.start()
    behind = _COMPARED.match(doc.text, run.end, run.right)
    return (behind["rest"].strip() or None if behind else None), run.start


def _inside(run: Run, match: re.Match[str]) -> tuple[int, int]:
    return run.left + match.start("rest"), run.left + match.end("rest")


def _trim(phrase: str) -> str | None:
    """A benchmark's name without what stands around it."""
    phrase = phrase.strip(" .。的")
    while match := _TRIM.match(phrase):
        phrase = phrase[match.end() :]
    phrase = re.sub(r"[’'‘]s$", "", _TRIM_END.sub("", phrase))
    least = 2 if phrase[:1] > "\u3400" else 3
    return phrase if least <= len(phrase) < 90 else None


def basis_of(doc: Document, run: Run, carried: str | None) -> str:
    """What a change is measured against, where no benchmark is named.

    Args:
        doc: the article.
        run: the changes.
        carried: the basis of the figure that the sentence goes on from, if there is one.
    """
    scope = doc.text[run.left : run.right]
    if _AVERAGE.search(scope):
        return "multi_year"
    if named := _year_basis(doc, scope):
        return named
    cues = doc.cues.within("basis", run.left, run.right)
    before = [c for c in cues if c.end <= run.end]
    behind = [c for c in cues if c.start >= run.end]
    if before:
        return before[-1].value
    if behind and not _NEW_CLAUSE.search(doc.text, run.end, behind[0].start):
        return behind[0].value
    if _YEARLY.search(doc.text, run.start, min(run.right, run.end + 40)):
        return "year_on_year"
    is_gap = any(
        m.value.unit == "percentage_points" for m in run.mentions if isinstance(m.value, Change)
    )
    return "year_on_year" if carried == "year_on_year" and not is_gap else "unspecified"


def _year_basis(doc: Document, scope: str) -> str | None:
    match = _AGAINST_YEAR.search(scope)
    if match is None or doc.article.date is None:
        return None
    return "year_on_year" if int(match["year"]) >= doc.article.date.year - 1 else "multi_year"
