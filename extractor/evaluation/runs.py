"""Run files: what was scored, against what, by what, and with which outcome."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import UsageError
from extractor.evaluation.gold import GoldArticle, gold_hash
from extractor.evaluation.noise import Noise, noise_of
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.scores import ArticleScore
from extractor.evaluation.scoring import score_article
from extractor.evaluation.slices import Operations, Slice, by_slice, operations
from extractor.evaluation.summary import FieldRow, TypeRow, by_error, by_field, by_type
from extractor.results import Extraction, Failure

_SCORER = (
    "comparing/fields.py",
    "comparing/table.py",
    "evaluation/leftovers.py",
    "evaluation/matching.py",
    "evaluation/scores.py",
    "evaluation/scoring.py",
)
_VERSIONS = ("extractor", "numpy", "pydantic", "rapidfuzz", "scipy")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldInfo(_Part):
    """The gold that a run was scored against."""

    folders: list[str] = Field(description="Where it was, as given.")
    split: Literal["dev", "test", "all"]
    articles: int
    hash: str = Field(description="16 hex digits over texts, records, weights and stories.")


class MadeBy(_Part):
    """What made the predictions."""

    model: str = Field(description="The model string that was asked for.")
    served_model: str | None = Field(description="The model that the endpoint says answered.")
    prompt: str | None
    run: str = Field(description="Identity of what was asked: model, parameters, prompt, schema.")
    version: str = Field(description="Version of this package, which computed the values.")
    parsers: str = Field(description="Fingerprint of the value parsers.")


class PredictionFile(_Part):
    """Where predictions are."""

    path: str = Field(description="Their file, relative to the run file's folder.")
    sha256: str = Field(description="SHA-256 of the file's bytes, 64 hex digits.")


class Repeat(_Part):
    """One pass of the model over all articles."""

    predictions: PredictionFile | None
    articles: list[ArticleScore] = Field(description="Scores by article, sorted by id.")


class Summary(_Part):
    """The tables of the first repeat."""

    types: dict[str, TypeRow] = Field(description="By record type, and `all`.")
    fields: dict[str, dict[str, FieldRow]]
    errors: dict[str, dict[str, int]] = Field(description="Leftovers by class, by record type.")
    slices: dict[str, dict[str, Slice]]
    operations: Operations
    noise: Noise | None = Field(description="The run against itself; null with one repeat.")

    @classmethod
    def of(cls, repeats: Sequence[Repeat]) -> Self:
        """Compute every table."""
        articles = repeats[0].articles
        return cls(
            types=by_type(articles),
            fields=by_field(articles),
            errors=by_error(articles),
            slices=by_slice(articles),
            operations=operations(articles),
            noise=noise_of([repeat.articles for repeat in repeats]),
        )


class EvalRun(_Part):
    """A scored run."""

    format: Literal["extractor-eval-run-1"]
    created: dt.datetime = Field(description="When it was scored, UTC.")
    gold: GoldInfo
    scorer: str = Field(description="16 hex digits over what pairs and scores records.")
    made_by: list[MadeBy] = Field(description="What made the predictions; several if mixed.")
    versions: dict[str, str] = Field(description="Of the packages that score, and of Python.")
    prices: str | None = Field(description="The price list behind the costs, if there is one.")
    repeats: Annotated[list[Repeat], Field(min_length=1)]
    summary: Summary

    @property
    def articles(self) -> list[ArticleScore]:
        """Scores of the first repeat."""
        return self.repeats[0].articles


def score(gold: Sequence[GoldArticle], predictions: Predictions) -> list[ArticleScore]:
    """Score predictions of every gold article, sorted by id; one without any has failed."""
    ordered = sorted(gold, key=lambda g: g.article.id)
    return [score_article(g, predictions.of(g.article)) for g in ordered]


def eval_run(
    gold: Sequence[GoldArticle],
    folders: Iterable[Path],
    split: Literal["dev", "test", "all"],
    repeats: Sequence[Predictions],
    stored: Sequence[PredictionFile | None],
) -> EvalRun:
    """Score every repeat and make a run of it.

    Args:
        gold: the gold articles of the split.
        folders: where they came from.
        split: the split.
        repeats: predictions of each pass, one pass at least.
        stored: where each of them is kept, if it is.
    """
    scored = [
        Repeat(predictions=place, articles=score(gold, predictions))
        for predictions, place in zip(repeats, stored, strict=True)
    ]
    return EvalRun(
        format="extractor-eval-run-1",
        created=dt.datetime.now(dt.UTC).replace(microsecond=0),
        gold=GoldInfo(
            folders=[folder.as_posix() for folder in folders],
            split=split,
            articles=len(gold),
            hash=gold_hash(gold),
        ),
        scorer=scorer_hash(),
        made_by=made_by(o for predictions in repeats for o in predictions.by_id.values()),
        versions=versions(),
        prices=None,
        repeats=scored,
        summary=Summary.of(scored),
    )


def made_by(outcomes: Iterable[Extraction | Failure]) -> list[MadeBy]:
    """What made some outcomes, each maker once, in order of appearance."""
    found = {
        MadeBy(
            model=o.provenance.model,
            served_model=o.provenance.served_model,
            prompt=o.provenance.prompt,
            run=o.run,
            version=o.provenance.version,
            parsers=o.provenance.parsers,
        ).model_dump_json(): o
        for o in outcomes
    }
    return [MadeBy.model_validate_json(text) for text in found]


def versions() -> dict[str, str]:
    """Versions of what scores."""
    own = {name: importlib.metadata.version(name) for name in _VERSIONS}
    return {**own, "python": platform.python_version()}


@cache
def scorer_hash() -> str:
    """16 hex digits over the code that pairs and scores records, and rapidfuzz's version.

    Scores with equal hashes are comparable.
    """
    digest = hashlib.sha256(importlib.metadata.version("rapidfuzz").encode())
    for name in _SCORER:
        digest.update((files("extractor") / name).read_bytes())
    return digest.hexdigest()[:16]


def read_run(path: Path) -> EvalRun:
    """A stored run.

    Raises:
        UsageError: the file cannot be read or is no run file.
    """
    try:
        return EvalRun.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{path} is no run file: {where}: {first['msg']}") from None


def write_run(run: EvalRun, path: Path) -> None:
    """Write a run file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def write_predictions(
    outcomes: Mapping[str, Extraction | Failure], path: Path, run_path: Path
) -> PredictionFile:
    """Keep predictions beside a run file.

    Raises:
        UsageError: the file cannot be written.
    """
    lines = "".join(f"{outcome.model_dump_json()}\n" for outcome in outcomes.values())
    try:
        path.write_text(lines, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return prediction_file(path, run_path)


def prediction_file(path: Path, run_path: Path | None) -> PredictionFile:
    """Say where predictions are, seen from the run file (from here without one)."""
    start = run_path.parent if run_path else Path()
    return PredictionFile(
        path=Path(os.path.relpath(path, start)).as_posix(),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
