"""Where predictions come from: a model that is run now, or the output of an earlier run."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.article import Article
from extractor.batch import InvalidLine, open_outputs
from extractor.errors import UsageError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.scores import Prediction
from extractor.models.base import Model
from extractor.models.options import ModelOptions
from extractor.pipeline import AsyncExtractor
from extractor.results import Extraction, Failure

NOT_PREDICTED = Prediction(records=None, failure="no output line")


@dataclass(frozen=True, slots=True)
class Predictions:
    """Outcomes by article id, the newest revision of each."""

    by_id: Mapping[str, Extraction | Failure]

    def of(self, article: Article) -> Prediction:
        """What was predicted for one article; a failure if there is no line for it.

        Raises:
            UsageError: the line is about another text, so that its offsets mean nothing.
        """
        outcome = self.by_id.get(article.id)
        if outcome is None:
            return NOT_PREDICTED
        if outcome.text_sha256 != article.text_sha256:
            raise UsageError(
                f"article {article.id!r}: the predictions were made on another text than the "
                "gold article's: run the model again"
            )
        return as_prediction(outcome)


def as_prediction(outcome: Extraction | Failure) -> Prediction:
    """What is scored of an output line."""
    usage, seconds = outcome.usage, outcome.timing.seconds
    if isinstance(outcome, Failure):
        reason = f"{outcome.error.type}: {outcome.error.message}"
        return Prediction(None, failure=reason, usage=usage, seconds=seconds)
    rejected: dict[str, Counter[str]] = {}
    for draft in outcome.rejected:
        code = draft.errors[0].code if draft.errors else "unknown"
        rejected.setdefault(draft.type, Counter())[code] += 1
    return Prediction(outcome.records, rejected=rejected, usage=usage, seconds=seconds)


def read_predictions(name: str, wanted: Iterable[str] | None = None) -> Predictions:
    """Read an output file.

    Args:
        name: its path (`.gz`, `.zst` too).
        wanted: ids of the articles that are needed; all by default.

    Raises:
        UsageError: it cannot be read, or a line is no output line.
    """
    ids = None if wanted is None else set(wanted)
    by_id: dict[str, Extraction | Failure] = {}
    with open_outputs(name) as outputs:
        for outcome in outputs:
            if isinstance(outcome, InvalidLine):
                raise UsageError(f"{outcome.file}, line {outcome.line}: {outcome.reason}")
            if ids is None or outcome.id in ids:
                by_id[outcome.id] = outcome
    return Predictions(by_id)


def predict(
    gold: Sequence[GoldArticle], model: str | Model, options: ModelOptions | None = None
) -> list[Extraction | Failure]:
    """Run a model on gold articles, in their order.

    Raises:
        UsageError: there is no such model.
        RunStoppedError: no article can succeed.
    """

    async def outcomes() -> list[Extraction | Failure]:
        async with AsyncExtractor(model, options=options) as extractor:
            return [o async for o in extractor.extract_many(g.article for g in gold)]

    return asyncio.run(outcomes())
