"""Near-duplicates: MinHash signatures of shingles, found by locality-sensitive hashing."""

from __future__ import annotations

import re
import zlib
from array import array
from collections import Counter
from typing import Any, NamedTuple

from extractor.errors import MissingExtraError
from extractor.triage.cues import Screening

THRESHOLD = 0.8
"""Least share of common shingles of near-duplicates (estimated, standard error 0.04)."""

_HASHES = 128
_BANDS = (21, 6)
"""Bands and their rows: 99.8 % of pairs that are 0.8 alike share a band, 93 % at 0.7."""
_MOST_MEMBERS = 32
_WORDS, _CHARACTERS = 3, 5
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"\w+")


class Membership(NamedTuple):
    """Where an article belongs.

    Attributes:
        cluster_id: id of the first article of its cluster; its own if it is alone.
        duplicate_of: id of a near-duplicate that came before and states all its figures.
    """

    cluster_id: str
    duplicate_of: str | None


class _Member(NamedTuple):
    id: str
    cluster_id: str
    signature: Any
    figures: array[int] | None
    """Sorted; None for an article with nothing to extract, which stands for no other."""


class Clusters:
    """Clusters of near-duplicates, built as articles come.

    In memory stay a signature and the figures of each article that no earlier one stands for
    (some 8 KB), of one cluster at most 32, so that a site's thousand forms with new figures
    each do not make every look-up longer.
    """

    def __init__(self, threshold: float = THRESHOLD) -> None:
        """Start with none; `threshold` is between 0.7 and 1.

        Raises:
            MissingExtraError: datasketch is not installed.
        """
        try:
            import datasketch
        except ImportError:
            raise MissingExtraError("finding near-duplicates", "triage") from None
        self._minhash = datasketch.MinHash
        self._index = datasketch.MinHashLSH(num_perm=_HASHES, params=_BANDS)
        self._threshold = threshold
        self._members: list[_Member] = []
        self._sizes: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many articles are kept in memory."""
        return len(self._members)

    def add(self, id_: str, text: str, screening: Screening) -> Membership:
        """Find the cluster of an article that comes next.

        A near-duplicate is called so only if the earlier article states every figure of the
        later one that may be a fact: last month's report in the same words is none.
        """
        minhash = self._minhash(num_perm=_HASHES, hashfunc=zlib.crc32)
        minhash.update_batch(list(shingles(text)))
        near = self._near(minhash)
        cluster_id = near[0].cluster_id if near else id_
        original = next((m for m in near if _holds(m, screening)), None)
        is_new = original is None and self._sizes[cluster_id] < _MOST_MEMBERS
        if is_new:
            figures = array("I", sorted(screening.figures | screening.others))
            self._index.insert(len(self._members), minhash)
            self._members.append(
                _Member(id_, cluster_id, minhash.hashvalues, None if screening.reason else figures)
            )
            self._sizes[cluster_id] += 1
        return Membership(cluster_id, original and original.id)

    def _near(self, minhash: Any) -> list[_Member]:
        """The members above the threshold, the most similar first."""
        found = []
        for number in self._index.query(minhash):
            member = self._members[number]
            similarity = float((member.signature == minhash.hashvalues).mean())
            if similarity >= self._threshold:
                found.append((-similarity, number))
        return [self._members[number] for _, number in sorted(found)]


def _holds(member: _Member, screening: Screening) -> bool:
    return member.figures is not None and screening.figures <= frozenset(member.figures)


def shingles(text: str) -> set[bytes]:
    """Runs of three words, or of five characters in a Chinese text, in lower case."""
    if len(_HAN.findall(text)) * 4 > len(text):
        units, size, glue = list("".join(_WORD.findall(text.lower()))), _CHARACTERS, ""
    else:
        units, size, glue = _WORD.findall(text.lower()), _WORDS, " "
    last = max(len(units) - size, 0)
    return {glue.join(units[i : i + size]).encode() for i in range(last + 1)}
