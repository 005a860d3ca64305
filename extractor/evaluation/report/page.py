"""The report: one static page with verdict, tables, plots and every article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from extractor.evaluation.compare import Flip, RunComparison, points
from extractor.evaluation.report.findings import (
    OUTCOMES,
    TONES,
    Finding,
    Sides,
    Tone,
    findings,
    marks,
)
from extractor.evaluation.report.plots import Plot, Point, plot
from extractor.evaluation.report.sources import Sources
from extractor.evaluation.runs import EvalRun
from extractor.evaluation.scores import TYPES, ArticleScore
from extractor.evaluation.slices import THIN
from extractor.evaluation.statistics import Estimate
from extractor.evaluation.summary import ALL
from extractor.pages import Segment, render, segments

_TONE_NAMES: Mapping[Tone, str] = {
    "good": "right",
    "flawed": "flawed",
    "missed": "missed",
    "extra": "invented",
}


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article of the page.

    Attributes:
        score: its scores.
        title: its headline, if its gold is at hand.
        date: its day, likewise.
        text: the text, cut into segments; None if its gold is not at hand.
        findings: every gold record and every prediction.
        tones: how many findings have each tone.
        flips: how many were fixed and broken.
    """

    score: ArticleScore
    title: str
    date: str
    text: list[Segment] | None
    findings: list[Finding]
    tones: Counter[Tone]
    flips: Counter[str]


def report(
    run: EvalRun, base: EvalRun | None, comparison: RunComparison | None, sources: Sources
) -> str:
    """The page as HTML.

    Args:
        run: the run to report.
        base: the run that it is compared with.
        comparison: how the two differ.
        sources: the records and texts behind the scores.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    views = article_views(run, base, comparison, sources)
    found = [finding for view in views for finding in view.findings]
    context = {
        "run": run,
        "base": base,
        "comparison": comparison,
        "notices": sources.notices,
        "verdict": verdict(run, comparison),
        "plots": plots(run, comparison),
        "articles": views,
        "types": [t for t in TYPES if any(f.type == t for f in found)],
        "fields": [field for field, _ in Counter(f for x in found for f in x.failed).most_common()],
        "outcomes": [o for o in OUTCOMES if any(f.outcome == o for f in found)],
        "tones": TONES,
        "tone_names": _TONE_NAMES,
        "all": ALL,
        "thin": THIN,
    }
    filters: dict[str, Callable[..., str]] = {
        "percent": percent,
        "interval": interval,
        "points": points,
        "words": lambda name: name.replace("_", " "),
    }
    return render("extractor.evaluation.report", "report", context, filters)


def words(name: str) -> str:
    """A name of the code as words."""
    return name.replace("_", " ")


def percent(value: float | None) -> str:
    """A share in percent with one digit, or n/a."""
    return "n/a" if value is None else f"{100 * value:.1f}"


def interval(estimate: Estimate) -> str:
    """The interval of a share in percent; nothing where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{percent(estimate.low)}–{percent(estimate.high)}"


def verdict(run: EvalRun, comparison: RunComparison | None) -> str:
    """What came out, in one sentence."""
    if comparison is not None:
        return f"{comparison.verdict[:1].upper()}{comparison.verdict[1:]}."
    row = run.summary.types[ALL]
    f1 = row.scores["usable"].f1
    if f1.value is None:
        return f"There is nothing to score in {len(run.articles)} articles."
    sentence = (
        f"Usable F1 is {percent(f1.value)} %, 95 % interval {interval(f1) or 'n/a'}, on "
        f"{len(run.articles)} articles with {row.gold:,} gold records"
    )
    failed = Counter(
        field
        for article in run.articles
        for score in article.types.values()
        for pair in score.pairs
        for field in pair.failed
    )
    worst = failed.most_common(1)
    return f"{sentence}; most often wrong in pairs is {worst[0][0]}." if worst else f"{sentence}."


def plots(run: EvalRun, comparison: RunComparison | None) -> list[Plot]:
    """The plots: differences first, then what each is made of."""
    types = run.summary.types
    found = []
    if comparison is not None:
        differences = [
            Point(words(name), d.delta, *d.interval95)
            for name, d in (
                *((f"{kind} F1", kind_difference) for kind, kind_difference in
                  comparison.kinds.items()),
                *((t, own.difference) for t, own in comparison.types.items()),
            )
        ]  # fmt: skip
        found.append(plot("Candidate minus base, points of F1", differences, signed=True))
    found.append(
        plot(
            "Usable F1 by type, percent",
            [_point(name, row.scores["usable"].f1) for name, row in types.items() if row.gold],
        )
    )
    kinds = [_point(kind, scores.f1) for kind, scores in types[ALL].scores.items()]
    found.append(plot("F1 by kind of match, percent", kinds))
    return found


def _point(label: str, estimate: Estimate) -> Point:
    return Point(words(label), estimate.value, estimate.low, estimate.high)


def article_views(
    run: EvalRun, base: EvalRun | None, comparison: RunComparison | None, sources: Sources
) -> list[ArticleView]:
    """Every article of the run, in its order."""
    before = {article.id: article for article in base.articles} if base else {}
    flips = comparison.flips if comparison else []
    by_article: dict[str, list[int]] = {}
    for number, flip in enumerate(flips):
        by_article.setdefault(flip.article, []).append(number)
    return [
        _view(
            score, before.get(score.id), [flips[i] for i in by_article.get(score.id, ())], sources
        )
        for score in run.articles
    ]


def _view(
    score: ArticleScore, base: ArticleScore | None, flips: list[Flip], sources: Sources
) -> ArticleView:
    gold = sources.gold.get(score.id)
    sides = Sides(
        gold.records if gold else None,
        sources.predicted.get(score.id),
        sources.base.get(score.id),
    )
    found = findings(score, base, flips, sides)
    return ArticleView(
        score=score,
        title=(gold.article.title or "") if gold else "",
        date=str(gold.article.date or "") if gold else "",
        text=segments(gold.article.text, marks(found)) if gold else None,
        findings=found,
        tones=Counter(finding.tone for finding in found),
        flips=Counter(flip.change for flip in flips),
    )
