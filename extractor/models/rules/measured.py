"""What a change is of: the indicator, the subject and the level, in the words before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extractor.grounding import Span
from extractor.models.rules.absolutes import counted_name
from extractor.models.rules.changes import Run
from extractor.models.rules.document import Document, Sentence
from extractor.models.rules.indicators import NOTHING, Parts, split_name
from extractor.models.rules.item_lists import list_start
from extractor.models.rules.periods import listed_periods
from extractor.models.rules.phrases import before_number, tidy
from extractor.values import Count, Mention, Money

_SAID_THAT = re.compile(
    r"(?:show\w*|sa(?:id|ys?)|predict\w*|prove[sd]?|learn\w*|report\w*|introduced|estimat\w*|"
    r"reveal\w*|indicat\w*|expect\w*|believ\w*|stat(?:ed|es)|announc\w*)\b[^,;]{0,40}?\sthat\b|"
    r"\bsa(?:id|ys)\s+(?=(?:it|they|its|the|\d{4})\b)|\bbecause\s|:\s|表示，|显示，|获悉，",
    re.IGNORECASE,
)
# "a growth rate of fixed-asset investment of 5%", "a 5% increase in exports".
_GROWTH_OF = re.compile(
    r"(?:growth(?: rate| target)?|increase|decline|rise|drop)\s+(?:of|"
    r"in)\s+(?P<name>(?!\d)[^,;\d]{3,70}?)\s+"
    r"(?:(?:is |was )?set at|at|to|of|by|was|is|reached|stood at|around|remained|will be|hit|"
    r"reaching)\s*$",
    re.IGNORECASE,
)
# The last words of `_GROWTH_OF`.
_STATING = tuple("at to of by was is reached around remained be hit reaching".split())
_INCREASE_IN = re.compile(
    r"\s*(?:year[- ]on[- ]year\s*)?(?:increase|growth|rise|decline|drop|decrease|fall|"
    r"gain)\s+(?:in|of)\s+"
    r"(?P<name>[^,;.]{3,80})",
    re.IGNORECASE,
)
# "the park achieved an output value of …": the indicator is the object of such a verb.
_JUST_UP = re.compile(
    r",?\s*(?:(?:up|down|an? (?:increase|rise|growth|drop|decrease|decline) of|increasing|growing|"
    r"rising|falling)\s(?:by\s)?)?|"
    r"，(?:同比|环比|[比较](?:上年|去年)(?:同期)?)?(?:增长|增加|上升|下降|减少)?",
    re.IGNORECASE,
)
_JOINT = re.compile(r"发放|实现|完成|\b(?:and|with|at|on)\s+(?:(?:an?|the|its|their)\s+)?")
_ACHIEVING = re.compile(
    r"(?:achiev\w*|realiz\w*|realis\w*|complet\w*|record\w*|had|saw|实现|完成)(?:了)?\s*",
    re.IGNORECASE,
)
# "Exports, which many had written off, were up 6%".
_ASIDE = re.compile(
    r"\s*(?:which|who|whom|whose|(?:dragged|driven|affected|led|boosted|helped|hit)\s+by)\b",
    re.IGNORECASE,
)
_SAYING = ("that", "said", "says", "because", ":", "，")  # of which a clause that says so has one
_LIST_COMMA = re.compile(r"[,，、]\s*(?:and\s+)?")
_LIST_AND = re.compile(r"\s+and\s+|和|及|与")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a change is of.

    Attributes:
        indicator: what is measured.
        subject: the sector, product or company that it is measured of.
        amount: the phrase of its level.
        basis: what an earlier change of it was measured against.
        start: where the words that say so begin.
        paragraph: the line of the text that they stand in.
    """

    indicator: str | None
    subject: str | None
    amount: str | None
    basis: str
    start: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class _Named:
    """The stretch that names what is measured, its words, and the level stated behind it."""

    start: int
    stop: int
    name: str
    amount: str | None


def facts_of(
    doc: Document, sentence: Sentence, run: Run, stop: int, told: list[Fact]
) -> list[Fact]:
    """What each change of a run is of; empty where the names and the changes do not pair.

    Args:
        doc: the article.
        sentence: the sentence of the run.
        run: the changes.
        stop: where the words about their direction begin: the names stand before it.
        told: what earlier changes of the sentence were of, or the one it goes on from.
    """
    count = len(run.mentions)
    inherited = told[-1] if told else None
    if (grown := _growth_of(doc, sentence, run, inherited)) is not None:
        return [grown] * count
    if count == 1 and (stated := _of_level(doc, sentence, run)) is not None:
        return [stated]
    named = _named(doc, sentence, Span(run.left, stop), count, is_told=bool(told))
    if named is None:
        return _anaphoric(told, inherited, count) or _increase_in(doc, sentence, run)
    names = _names(doc, sentence, named, count)
    facts: list[Fact] = []
    for name in names:
        # "1,940 new shops were registered, up 12%": the number is the level.
        counted, name = counted_name(name)
        # "sales of toys, hats and lamps": the items of a list go on under its first indicator.
        carried = facts[0] if facts and facts[0].indicator and facts[0].subject else inherited
        indicator, subject = split_name(name, doc.lang, _parts(carried))
        if indicator or subject:
            amount = (named.amount or counted) if count == 1 else None
            facts.append(
                Fact(indicator, subject, amount, "unspecified", named.start, sentence.paragraph)
            )
        elif inherited:
            facts.append(inherited)
    return facts if len(facts) == count else facts * count if len(facts) == 1 else []


def _anaphoric(told: list[Fact], inherited: Fact | None, count: int) -> list[Fact]:
    """What changes without a name are of: as many facts told before, in order, or the last."""
    if count > 1 and len(told) == count:
        return told
    is_named = inherited and (inherited.indicator or inherited.subject)
    return [inherited] * count if inherited and is_named else []


def _of_level(doc: Document, sentence: Sentence, run: Run) -> Fact | None:
    """As in "300 firms with 9,000 workers and an output of 2 billion yuan, up 6%"."""
    levels = [m for m in sentence.mentions if run.left <= m.start < run.start and _is_level(m)]
    if len(levels) < 2 or not _JUST_UP.fullmatch(doc.text, levels[-1].end, run.start):
        return None
    heads = doc.cues.within("indicator_heads", levels[-2].end, levels[-1].start)
    if not heads or doc.text[heads[-1].end : levels[-1].start] not in (" of ", ""):
        return None
    low = max(levels[-2].end, sentence.clause_at(heads[-1].start).start)
    joints = [m.end() for m in _JOINT.finditer(doc.text, low, heads[-1].start)]
    span = Span(joints[-1] if joints else low, heads[-1].end)
    fact = _fact(doc, sentence, span, None)
    return replace(fact, amount=levels[-1].value.text) if fact else None


def _growth_of(doc: Document, sentence: Sentence, run: Run, inherited: Fact | None) -> Fact | None:
    scope = doc.text[run.left : run.start]
    is_stated = scope.rstrip().lower().endswith(_STATING)  # else the pattern need not be tried
    match = _GROWTH_OF.search(scope) if is_stated else None
    if match is None:
        return None
    start = run.left + match.start("name")
    return _fact(doc, sentence, Span(start, run.left + match.end("name")), inherited)


def _increase_in(doc: Document, sentence: Sentence, run: Run) -> list[Fact]:
    match = _INCREASE_IN.match(doc.text, run.end, sentence.span.end)
    fact = _fact(doc, sentence, Span(*match.span("name")), None) if match else None
    return [replace(fact, start=run.start)] * len(run.mentions) if fact else []


def _fact(doc: Document, sentence: Sentence, span: Span, inherited: Fact | None) -> Fact | None:
    indicator, subject = split_name(tidy(doc, sentence, *span), doc.lang, _parts(inherited))
    if not indicator and not subject:
        return None
    return Fact(indicator, subject, None, "unspecified", span.start, sentence.paragraph)


def _named(
    doc: Document, sentence: Sentence, stretch: Span, count: int, *, is_told: bool
) -> _Named | None:
    """The nearest clause before the changes that names something, and its level.

    "The growth rate" and "it" name nothing; where something was told before, they mean that.
    """
    left, end = stretch
    clauses = [Span(max(c.start, left), min(c.end, end)) for c in sentence.clauses if c.end > left]
    clauses = [c for c in clauses if c.start < c.end]
    for position in range(len(clauses) - 1, -1, -1):
        clause = clauses[position]
        if position < len(clauses) - 1 and _ASIDE.match(doc.text, clause.start):
            continue
        clause = Span(_statement_start(doc.text, clause), clause.end)
        stop = _name_end(doc, sentence, clause)
        start = clause.start
        if count > 1:
            listed = list_start(doc, sentence, clauses[: position + 1])
            start = min(listed, start) if listed < clauses[position].start else start
        achieved = _object_end(doc, sentence, stop, clause.end)
        stop = achieved or stop
        name = before_number(tidy(doc, sentence, start, stop))
        if name and is_told and NOTHING.fullmatch(name):
            return None
        if NOTHING.fullmatch(name):
            continue
        return _Named(start, stop, name, _level(sentence, stop, end))
    return None


def _statement_start(text: str, clause: Span) -> int:
    """Where a statement begins behind "the bureau said that"."""
    words = text[clause.start : clause.end].lower()
    if not any(word in words for word in _SAYING):
        return clause.start
    said = [match.end() for match in _SAID_THAT.finditer(text, *clause)]
    return said[-1] if said else clause.start


def _name_end(doc: Document, sentence: Sentence, clause: Span) -> int:
    """Where a clause stops naming: at its first verb or number that something stands before."""
    # "households newly registered": a verb that ends its clause belongs to the name.
    verbs = doc.cues.within("level_verbs", *clause)
    stops = [c.start for c in verbs if doc.text[c.end : c.end + 1] not in (",", "，")]
    stops += [c.start for c in doc.cues.within("directions", *clause)]
    stops += [
        m.start
        for m in sentence.mentions
        if clause.start <= m.start < clause.end and m.kind != "period"
    ]
    for stop in sorted(stops):
        if tidy(doc, sentence, clause.start, stop):
            return stop
    is_count = len(stops) == 1 and any(
        m.start == stops[0] and isinstance(m.value, Count) for m in sentence.mentions
    )
    return clause.end if is_count else min(stops, default=clause.end)


def _object_end(doc: Document, sentence: Sentence, verb: int, end: int) -> int | None:
    """Where the object of "achieved" ends, if it is an indicator with its level behind."""
    match = _ACHIEVING.match(doc.text, verb)
    levels = [m.start for m in sentence.mentions if verb <= m.start <= end and m.kind != "period"]
    if match is None:
        return None
    stop = levels[0] if levels else end
    heads = doc.cues.within("indicator_heads", match.end(), stop)
    return stop if heads else None


def _level(sentence: Sentence, start: int, end: int) -> str | None:
    """The phrase of the first amount or count in a stretch."""
    levels = [m for m in sentence.mentions if start <= m.start < end and _is_level(m)]
    return levels[0].value.text if levels else None


def _is_level(mention: Mention) -> bool:
    return isinstance(mention.value, Money | Count)


def _names(doc: Document, sentence: Sentence, named: _Named, count: int) -> list[str]:
    """The names in a stretch: one, or exactly `count`; a broken list gives none."""
    listed = [p for p in sentence.places if named.start <= p.start < named.stop]
    dated = [p for p in listed_periods(doc, sentence, named.stop, count) if p.start >= named.start]
    if count == 1 or len(listed) == count or dated:
        return [named.name]  # one name, of one or of several places
    pieces = _pieces(doc.text, Span(named.start, named.stop), _LIST_COMMA)
    if 1 < len(pieces) == count and _is_longer(doc.text, pieces):
        return []
    if len(pieces) != count:
        pieces = [part for piece in pieces for part in _pieces(doc.text, piece, _LIST_AND)]
    if len(pieces) == count:
        return [tidy(doc, sentence, *piece) for piece in pieces]
    return [named.name] if len(pieces) == 1 else []


def _is_longer(text: str, pieces: list[Span]) -> bool:
    """Whether "A, B, C and D" has one item more than it has commas."""
    joined = [_LIST_AND.search(text, *piece) is not None for piece in pieces]
    before = text[pieces[-1].start - 5 : pieces[-1].start]
    return joined[-1] and not any(joined[:-1]) and "and" not in before


def _pieces(text: str, stretch: Span, comma: re.Pattern[str]) -> list[Span]:
    """A stretch cut at its commas, without empty pieces."""
    cuts = list(comma.finditer(text, *stretch))
    starts = [stretch.start, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), stretch.end]
    return [Span(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()]


def _parts(fact: Fact | None) -> Parts:
    return (fact.indicator, fact.subject) if fact else (None, None)
