"""A stratified sample of an output to label, with inclusion probabilities."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractor.batch.files import open_input
from extractor.errors import UsageError


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of the output.

    Attributes:
        id: its id.
        text_sha256: its text's hash.
        stratum: its values of the fields that the sample is stratified by.
    """

    id: str
    text_sha256: str
    stratum: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """An article to label.

    Attributes:
        id: its id.
        text_sha256: its text's hash.
        stratum: values by field.
        probability: of being in the sample.
        weight: its inverse: how many articles of the output it stands for.
    """

    id: str
    text_sha256: str
    stratum: dict[str, str]
    probability: float
    weight: float


def _article(line: Mapping[str, Any], field: str) -> str:
    return str(line["article"].get(field) or "unknown")


STRATA: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "lang": lambda line: _article(line, "lang"),
    "source": lambda line: _article(line, "source"),
    "year": lambda line: _article(line, "date")[:4] if line["article"].get("date") else "unknown",
    "status": lambda line: str(line["status"]),
    "records": lambda line: "some" if any((line.get("records") or {}).values()) else "none",
}
"""What a sample can be stratified by."""


def list_articles(name: str, by: Sequence[str]) -> list[Listed]:
    """The articles of an output file, the newest revision of each, sorted by id.

    Raises:
        UsageError: the file cannot be read, a line is no output line, or `by` names
            something else than a stratum.
    """
    for field in by:
        if field not in STRATA:
            raise UsageError(f"--by {field!r}: there are {', '.join(STRATA)}")
    found: dict[str, Listed] = {}
    with open_input(name) as (stream, _):
        for number, content in enumerate(stream, start=1):
            if content.strip():
                try:
                    line = json.loads(content)
                    listed = Listed(
                        line["id"], line["text_sha256"], tuple(STRATA[field](line) for field in by)
                    )
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise UsageError(f"{name}, line {number}: no output line") from None
                found[listed.id] = listed
    return [found[id_] for id_ in sorted(found)]


def allocate(sizes: Mapping[tuple[str, ...], int], n: int) -> dict[tuple[str, ...], int]:
    """How many articles to draw of each stratum: one at least, else in proportion to its size.

    Raises:
        UsageError: `n` is less than the number of strata.
    """
    total = sum(sizes.values())
    if n >= total:
        return dict(sizes)
    if n < len(sizes):
        raise UsageError(f"{n} articles are too few for {len(sizes)} strata: use fewer --by")
    drawn = {stratum: 1 for stratum in sizes}
    for _ in range(n - len(sizes)):
        open_ = [stratum for stratum in sorted(sizes) if drawn[stratum] < sizes[stratum]]
        furthest = max(open_, key=lambda s: n * sizes[s] / total - drawn[s])
        drawn[furthest] += 1
    return drawn


def draw(articles: Sequence[Listed], by: Sequence[str], n: int, seed: int) -> list[Sampled]:
    """Draw a sample, sorted by id; the same seed draws the same articles.

    Raises:
        UsageError: as `allocate`.
    """
    strata: dict[tuple[str, ...], list[Listed]] = {}
    for article in articles:
        strata.setdefault(article.stratum, []).append(article)
    sizes = {stratum: len(own) for stratum, own in strata.items()}
    drawn = allocate(sizes, n)
    generator = random.Random(seed)
    sampled = []
    for stratum in sorted(strata):
        size, wanted = sizes[stratum], drawn[stratum]
        sampled += [
            Sampled(
                id=article.id,
                text_sha256=article.text_sha256,
                stratum=dict(zip(by, stratum, strict=True)),
                probability=wanted / size,
                weight=size / wanted,
            )
            for article in generator.sample(strata[stratum], wanted)
        ]
    return sorted(sampled, key=lambda s: s.id)


def sample_lines(sampled: Iterable[Sampled]) -> str:
    """A sample as JSON lines."""
    return "".join(f"{json.dumps(asdict(s), ensure_ascii=False)}\n" for s in sampled)


def read_sample(path: Path) -> dict[str, Sampled]:
    """A stored sample by article id.

    Raises:
        UsageError: the file cannot be read or is no sample.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [Sampled(**json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError):
        raise UsageError(f"{path} is no sample: draw one with extractor eval sample") from None
    return {s.id: s for s in found}
