"""What a run would take, by its input and by what its output holds; nothing is written or sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from extractor.article import Article
from extractor.batch.estimating import (
    Asked,
    Estimate,
    Measured,
    Tokens,
    answers_by_rules,
    estimate_by_answers,
    estimate_by_parts,
    measure_parts,
)
from extractor.batch.files import open_input
from extractor.batch.heads import head_of, tail_of
from extractor.batch.index import load_index
from extractor.batch.ledger import Ledger
from extractor.batch.lines import Lines, UnreadableError
from extractor.batch.paths import paths_of
from extractor.batch.reading import InvalidLine, Reader
from extractor.batch.sampling import Sample
from extractor.errors import UsageError
from extractor.models.prices import Price
from extractor.results import Usage

_ANSWERED = Sample(200, 0)
_FEWEST = 2
_LONGEST = 1 << 40
_NOTHING = Tokens(0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a run would do.

    Attributes:
        asked: what is asked about each article; None of a model that nothing is sent to.
        model: the name of the model, as output lines have it.
        further: how often an article may be asked about again, by repairs and a sweep.
        price: of the model, if it is known.
        retry_failed: whether articles that failed are run once more.
        restart: whether it begins anew, whatever the output holds.
    """

    asked: Asked | None
    model: str
    further: int
    price: Price | None
    retry_failed: bool = False
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would take.

    Attributes:
        estimate: of the articles that are to be done.
        done_before: articles of the input that the output holds.
        invalid: lines that are no article.
        spent: US dollars that the output has cost; None where that is not known.
    """

    estimate: Estimate
    done_before: int
    invalid: int
    spent: float | None


class _Counts:
    def __init__(self) -> None:
        self.articles = self.done_before = self.invalid = 0


async def forecast(reader: Reader, output: str | None, planned: Planned) -> Forecast:
    """Read the input, and the output if there is one, and say what a run would take.

    Raises:
        UsageError: an input or the output cannot be read, or the output is another model's.
    """
    held = _held(output)
    measured = held.measured.get(planned.model, Measured())
    ledger = Ledger() if planned.restart else held.ledger
    if not planned.restart and (others := held.measured.keys() - {planned.model}):
        raise UsageError(
            f"{output} holds results of {min(others)}: name another output, or move this one "
            "aside with --restart"
        )
    counts = _Counts()
    drawn = list(_ANSWERED.of(_to_do(reader, ledger, planned, counts)))
    articles, asked = counts.articles, planned.asked
    if asked is None:
        estimate = Estimate(articles, 0, _NOTHING, _NOTHING, (0, 0))
    elif len(measured) >= _FEWEST:
        estimate = estimate_by_answers(articles, measured, planned.price)
    else:
        parts = measure_parts(drawn, await answers_by_rules(drawn, asked.types), asked)
        estimate = estimate_by_parts(articles, parts, asked, planned.further, planned.price)
    return Forecast(estimate, counts.done_before, counts.invalid, ledger.cost_usd)


def _to_do(reader: Reader, ledger: Ledger, planned: Planned, counts: _Counts) -> Iterator[Article]:
    """The articles that a run would do."""
    for item in reader:
        if isinstance(item, InvalidLine):
            counts.invalid += 1
            continue
        standing = ledger.standing(item)
        is_again = standing is not None and standing.failed and planned.retry_failed
        if standing is not None and standing.is_same and not is_again:
            counts.done_before += 1
            continue
        counts.articles += 1
        yield item


@dataclass(frozen=True, slots=True)
class _Held:
    """What an output and its journal hold, and what each article took, by model."""

    ledger: Ledger = field(default_factory=Ledger)
    measured: dict[str, Measured] = field(default_factory=dict)


def _held(output: str | None) -> _Held:
    paths = None if output is None else paths_of(output)
    if paths is None:
        return _Held()
    indexed = load_index(paths.index, paths.output)
    held = _Held() if indexed is None else _Held(indexed.ledger)
    for path in (paths.output, paths.journal):
        is_indexed = indexed is not None and path == paths.output
        for line in _lines(path) if path.is_file() else ():
            head = head_of(line)
            tail = None if head is None else tail_of(line)
            if head is None or tail is None:  # torn, or no line of ours: a run says so
                continue
            if not is_indexed:
                if not held.ledger.put(head, 0, in_journal=path == paths.journal):
                    continue
                held.ledger.add_tail(tail)
            with suppress(ValueError, TypeError, KeyError):
                fields = json.loads(line)
                usage = Usage.model_validate(fields["usage"])
                held.measured.setdefault(fields["provenance"]["model"], Measured()).add(usage)
    return held


def _lines(path: Path) -> Iterator[bytes]:
    with open_input(str(path)) as (stream, _), suppress(UnreadableError):
        yield from Lines(stream, _LONGEST)
