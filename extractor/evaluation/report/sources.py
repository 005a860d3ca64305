"""What a report can show of a run: the gold, and the records behind the scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import GoldError, UsageError
from extractor.evaluation.gold import GoldArticle, gold_hash, load_gold
from extractor.evaluation.rescoring import stored_predictions
from extractor.evaluation.runs import EvalRun
from extractor.results import Extraction, Records


@dataclass(frozen=True, slots=True)
class Sources:
    """What is at hand beside the scores.

    Attributes:
        gold: gold articles by id; empty if there are none.
        predicted: the run's records by article id.
        base: the base's records by article id.
        notices: what could not be had, and why, for the reader.
    """

    gold: Mapping[str, GoldArticle]
    predicted: Mapping[str, Records]
    base: Mapping[str, Records]
    notices: tuple[str, ...]


def find_sources(
    run: tuple[EvalRun, Path], base: tuple[EvalRun, Path] | None, folders: Sequence[Path] | None
) -> Sources:
    """Gather the gold and the predictions of one run or two.

    Args:
        run: the run and its file.
        base: the run that it is compared with, and its file.
        folders: where the gold is; by default where it was when the run was scored.

    Raises:
        UsageError: gold was asked for, and it cannot be read or is not what was scored.
        GoldError: it breaks its own rules.
    """
    notices: list[str] = []
    gold = _gold(run[0], folders, notices)
    ids = [article.id for article in run[0].articles]
    predicted = _records(run, ids, gold, notices)
    other = _records(base, ids, gold, notices) if base else {}
    return Sources(gold, predicted, other, tuple(notices))


def _gold(
    run: EvalRun, folders: Sequence[Path] | None, notices: list[str]
) -> dict[str, GoldArticle]:
    try:
        found = load_gold(folders or [Path(name) for name in run.gold.folders], run.gold.split)
        if gold_hash(found) != run.gold.hash:
            raise UsageError("the gold is not what the run was scored against: rescore it first")
    except (UsageError, GoldError) as error:
        if folders:
            raise
        notices.append(f"The articles' text is not shown. {error}. Name the gold with --gold.")
        return {}
    return {g.article.id: g for g in found}


def _records(
    run: tuple[EvalRun, Path],
    ids: Sequence[str],
    gold: Mapping[str, GoldArticle],
    notices: list[str],
) -> dict[str, Records]:
    try:
        outcomes = stored_predictions(*run, ids)[0].by_id
    except UsageError as error:
        notices.append(f"The predicted records are not shown: {error}.")
        return {}
    return {
        id_: outcome.records
        for id_, outcome in outcomes.items()
        if isinstance(outcome, Extraction)
        and (id_ not in gold or gold[id_].article.text_sha256 == outcome.text_sha256)
    }
