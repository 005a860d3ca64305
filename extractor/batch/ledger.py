"""What an output holds: for each article the latest revision, in arrays."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from extractor.article import Article
from extractor.batch.hashing import Rows
from extractor.batch.heads import Head, Tail, content_of, id_key


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands in an output.

    Attributes:
        revision: its latest one.
        is_same: whether that one is about the same text, title and date.
        failed: whether it is a failure.
        in_journal: whether it is of the run that goes on, not of one that ended.
    """

    revision: int
    is_same: bool
    failed: bool
    in_journal: bool


class Ledger:
    """The latest revision of each article, and where its line is.

    A row takes 28 bytes beside its place in the hash table.

    Attributes:
        rows: keys of the articles' ids; those of the output first, in its order.
        contents: by row, hash of what a model reads of the article.
        states: by row, twice the revision, and 1 more for a failure.
        places: by row, twice the offset of the line, and 1 more in the journal.
        runs: the identities of what was asked.
        computed: the versions of package and parsers.
        cost_usd: what all its lines ever cost, those that were replaced included; None where a
            price is not known.
    """

    def __init__(self) -> None:
        """Nothing is done."""
        self.rows = Rows()
        self.contents = array("Q")
        self.states = array("I")
        self.places = array("Q")
        self.runs: set[str] = set()
        self.computed: set[tuple[str, str]] = set()
        self.cost_usd: float | None = 0.0

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.rows)

    def put(self, head: Head, offset: int, *, in_journal: bool) -> bool:
        """Take a line in; a later revision stands for the earlier ones, as in `Outputs`.

        Returns:
            Whether it is a revision that was not there.
        """
        self.runs.add(head.run)
        row = self.rows.add(head.key)
        state = head.revision << 1 | head.failed
        place = offset << 1 | in_journal
        if row == len(self.contents):
            self.contents.append(head.content)
            self.states.append(state)
            self.places.append(place)
            return True
        known = self.states[row] >> 1
        if head.revision < known:
            return False
        self.contents[row] = head.content
        self.states[row] = state
        self.places[row] = place
        return head.revision > known

    def add_tail(self, tail: Tail) -> None:
        """Take in how a line was made."""
        self.computed.add(tail.computed)
        known = self.cost_usd is not None and tail.cost_usd is not None
        self.cost_usd = (self.cost_usd or 0) + (tail.cost_usd or 0) if known else None

    def standing(self, article: Article) -> Standing | None:
        """How an article stands; None if it is new."""
        row = self.rows.find(id_key(article.id))
        if row is None:
            return None
        state = self.states[row]
        return Standing(
            revision=state >> 1,
            is_same=self.contents[row] == content_of(article),
            failed=bool(state & 1),
            in_journal=bool(self.places[row] & 1),
        )

    def failed(self, key: int) -> bool:
        """Whether the latest revision of the article with this key is a failure."""
        row = self.rows.find(key)
        return row is not None and bool(self.states[row] & 1)
