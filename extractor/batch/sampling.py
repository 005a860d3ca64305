"""A random sample of articles: the same seed draws the same ones, wherever they stand."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from extractor.article import Article

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sample:
    """How a sample is drawn.

    An article is drawn by its id: a larger sample of one seed holds the smaller one, so that a
    pilot that grows pays for no article twice.

    Attributes:
        size: how many articles.
        seed: of the draw.
    """

    size: int
    seed: int

    def of(self, items: Iterable[Article | T]) -> Iterator[Article | T]:
        """As many articles, or all there are, in their order; any set has the same chance.

        The items are gone through to their end; what is no article is passed on as it comes,
        and only the sample is kept in memory.
        """
        drawn: list[tuple[int, int, Article]] = []
        for number, item in enumerate(items):
            if not isinstance(item, Article):
                yield item
                continue
            heapq.heappush(drawn, (-self._rank(item), number, item))
            if len(drawn) > self.size:
                heapq.heappop(drawn)
        for _, _, article in sorted(drawn, key=lambda entry: entry[1]):
            yield article

    def _rank(self, article: Article) -> int:
        name = f"{self.seed} {article.id}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(name, digest_size=16).digest())
