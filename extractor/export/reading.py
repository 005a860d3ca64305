"""What an export reads: the outcomes of one or several outputs, as reviewers left them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from extractor.batch import InvalidLine
from extractor.batch.hashing import Rows, key_of
from extractor.batch.outputs import Outputs
from extractor.export.decisions import Decisions
from extractor.results import Extraction, Failure


@dataclass
class Sources:
    """The outcomes of outputs; can be gone through any number of times.

    Attributes:
        outputs: in order of precedence: of an article that has several results the first counts.
        decisions: what reviewers decided.
        on_invalid: told of each line that is no output line, once.
        invalid: how many there are.
        repeated: how many results were passed over for an earlier one.
    """

    outputs: Sequence[Outputs]
    decisions: Decisions
    on_invalid: Callable[[InvalidLine], None]
    invalid: int = 0
    repeated: int = 0
    _has_told: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[Extraction | Failure]:
        """Each outcome, output by output."""
        self.invalid = self.repeated = 0
        seen = Rows()
        for outcome in (outcome for outputs in self.outputs for outcome in outputs):
            if isinstance(outcome, InvalidLine):
                self.invalid += 1
                if not self._has_told:
                    self.on_invalid(outcome)
            elif isinstance(outcome, Failure):
                yield outcome
            elif self._is_new(outcome, seen):
                yield self.decisions.applied(outcome)
            else:
                self.repeated += 1
        self._has_told = True

    def extractions(self) -> Iterator[Extraction]:
        """The results alone."""
        return (outcome for outcome in self if isinstance(outcome, Extraction))

    def _is_new(self, outcome: Extraction, seen: Rows) -> bool:
        if len(self.outputs) == 1:  # which has each article once
            return True
        before = len(seen)
        return seen.add(key_of(outcome.id.encode("utf-8", "surrogatepass"))) == before
