"""Score stored runs again under mended gold or a new scorer, without a call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from extractor.errors import UsageError
from extractor.evaluation.compare import NotComparableError, compare_runs
from extractor.evaluation.gate import Verdict, gate
from extractor.evaluation.gold import GoldArticle, load_gold
from extractor.evaluation.predicting import Predictions, read_predictions
from extractor.evaluation.runs import EvalRun, eval_run, prediction_file, read_run


@dataclass(frozen=True, slots=True)
class VerdictFlip:
    """A gate between two stored runs that decides otherwise after rescoring.

    Attributes:
        base: place of the base among the runs.
        candidate: place of the candidate.
        before: the verdict on the stored scores; None if they were not comparable.
        after: the verdict on the new scores; None likewise.
    """

    base: int
    candidate: int
    before: Verdict | None
    after: Verdict | None


def stored_predictions(run: EvalRun, path: Path, wanted: Sequence[str]) -> list[Predictions]:
    """The predictions that a run was made of, one for each repeat.

    Args:
        run: the run.
        path: its file.
        wanted: ids of the articles that are needed.

    Raises:
        UsageError: the run kept none, or their file is gone or was changed.
    """
    found = []
    for repeat in run.repeats:
        if repeat.predictions is None:
            raise UsageError(f"{path} kept no predictions: run the model again with -o")
        place = path.parent / repeat.predictions.path
        try:
            digest = hashlib.sha256(place.read_bytes()).hexdigest()
        except OSError as error:
            raise UsageError(f"{place} cannot be read: {error.strerror}") from None
        if digest != repeat.predictions.sha256:
            raise UsageError(f"{place} was changed since {path} was scored")
        found.append(read_predictions(str(place), wanted))
    return found


def rescore(
    run: EvalRun, path: Path, folders: Sequence[Path], gold: Sequence[GoldArticle] | None = None
) -> EvalRun:
    """Score a stored run again.

    Args:
        run: the run.
        path: its file, beside which its predictions are.
        folders: where the gold is.
        gold: the gold itself, if it was loaded already.

    Raises:
        UsageError: the gold or the predictions cannot be read.
        GoldError: the gold breaks its own rules.
    """
    articles = gold if gold is not None else load_gold(folders, run.gold.split)
    repeats = stored_predictions(run, path, [g.article.id for g in articles])
    places = [
        prediction_file(path.parent / repeat.predictions.path, path)
        for repeat in run.repeats
        if repeat.predictions is not None
    ]
    return eval_run(articles, folders, run.gold.split, repeats, places)


def comparable_runs(
    base: Path, candidate: Path, folders: Sequence[Path] | None
) -> tuple[EvalRun, EvalRun]:
    """Two stored runs, scored alike: again, if gold or scorer changed in between.

    Args:
        base: file of the base.
        candidate: file of the candidate.
        folders: where the gold is; by default where it was for the candidate.

    Raises:
        UsageError: a file cannot be read.
        NotComparableError: they were not scored alike and cannot be scored again.
        GoldError: the gold breaks its own rules.
    """
    paths = (base, candidate)
    runs = read_run(base), read_run(candidate)
    alike = runs[0].gold.hash == runs[1].gold.hash and runs[0].scorer == runs[1].scorer
    if alike:
        return runs
    places = folders or [Path(folder) for folder in runs[1].gold.folders]
    try:
        articles = load_gold(places, runs[1].gold.split)
        first, second = (
            rescore(run, path, places, articles) for run, path in zip(runs, paths, strict=True)
        )
    except UsageError as error:
        raise NotComparableError(
            f"gold or scorer changed between the runs, and they cannot be scored again: {error}"
        ) from None
    return first, second


def verdict_flips(before: Sequence[EvalRun], after: Sequence[EvalRun]) -> list[VerdictFlip]:
    """Which gates between the runs decide otherwise after rescoring; the earlier is the base."""
    found = []
    for i, j in combinations(range(len(before)), 2):
        old, new = _verdict(before[i], before[j]), _verdict(after[i], after[j])
        if old != new:
            found.append(VerdictFlip(i, j, old, new))
    return found


def _verdict(base: EvalRun, candidate: EvalRun) -> Verdict | None:
    try:
        comparison = compare_runs(base, candidate)
    except NotComparableError:
        return None
    return gate(base, candidate, comparison).verdict
