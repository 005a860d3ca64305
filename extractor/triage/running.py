"""The run: every article to one of two files, in input order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonlines
from pydantic_core import to_json

from extractor.article import INPUT_FIELDS, Article
from extractor.batch import InvalidLine, Reader, check_output, paths_of
from extractor.batch.files import STANDARD, open_output
from extractor.batch.invalid import InvalidLines
from extractor.errors import UsageError
from extractor.triage.clusters import Clusters, Membership
from extractor.triage.cues import Reason, screen


@dataclass
class Totals:
    """What was done with the articles, counted as the run goes."""

    selected: int = 0
    skipped: Counter[Reason] = field(default_factory=Counter)
    clusters: Counter[str] = field(default_factory=Counter)
    invalid: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The totals for machines."""
        sizes = [size for size in self.clusters.values() if size > 1]
        return {
            "articles": self.selected + self.skipped.total(),
            "selected": self.selected,
            "skipped": dict(self.skipped.most_common()),
            "clusters_of_several": len(sizes),
            "articles_in_them": sum(sizes),
            "invalid_lines": self.invalid,
        }


def triage(
    reader: Reader,
    selected: str,
    skipped: str,
    clusters: Clusters,
    *,
    totals: Totals,
    on_invalid: Callable[[InvalidLine], None],
) -> None:
    """Write each article of `reader` to `selected` or, with a reason, to `skipped`.

    The lines are input lines with ``cluster_id``, those of `skipped` also with ``reason`` and
    ``duplicate_of`` (null unless the reason is ``near_duplicate``). `totals` is filled as the
    run goes. Invalid lines go to ``<selected>.invalid.jsonl``.

    Raises:
        UsageError: an input cannot be opened, an output cannot be created, or two of the files
            are one.
        RunStoppedError: an output cannot be written to its end; what was done stays in
            ``.partial``.
    """
    _check_outputs(selected, skipped, reader)
    with ExitStack() as stack:
        paths = paths_of(selected)
        invalid = stack.enter_context(InvalidLines(paths.invalid if paths else None))
        kept = jsonlines.Writer(stack.enter_context(open_output(selected)), dumps=to_json)
        left = jsonlines.Writer(stack.enter_context(open_output(skipped)), dumps=to_json)
        for item in reader:
            if isinstance(item, InvalidLine):
                totals.invalid += 1
                invalid.write(item)
                on_invalid(item)
                continue
            reason, member = _judge(item, clusters)
            totals.clusters[member.cluster_id] += 1
            line = _line(item) | {"cluster_id": member.cluster_id}
            if reason is None:
                totals.selected += 1
                kept.write(line)
            else:
                totals.skipped[reason] += 1
                duplicate_of = member.duplicate_of if reason == "near_duplicate" else None
                left.write(line | {"reason": reason, "duplicate_of": duplicate_of})


def _judge(article: Article, clusters: Clusters) -> tuple[Reason | None, Membership]:
    screening = screen(article)
    member = clusters.add(article.id, article.text, screening)
    if screening.reason is not None:
        return screening.reason, member
    return ("near_duplicate" if member.duplicate_of is not None else None), member


def _line(article: Article) -> dict[str, Any]:
    """The article as an input line; a date that is in no known notation is left out."""
    own = {name: getattr(article, name) for name in INPUT_FIELDS}
    return {name: value for name, value in own.items() if value is not None} | dict(article.extra)


def _check_outputs(selected: str, skipped: str, reader: Reader) -> None:
    """Refuse outputs that would destroy an input or each other.

    Raises:
        UsageError: they would.
    """
    for output in (selected, skipped):
        check_output(output, list(reader.inputs))
    if selected == skipped == STANDARD or not _files(selected).isdisjoint(_files(skipped)):
        raise UsageError(f"{selected} and {skipped} write to one file: name two")


def _files(output: str) -> set[Path]:
    """The files that are written for an output; none for a stream or a device."""
    if output == STANDARD or (Path(output).exists() and not Path(output).is_file()):
        return set()
    final = Path(output).resolve()
    return {Path(f"{final}{suffix}") for suffix in ("", ".partial", ".invalid.jsonl")}
