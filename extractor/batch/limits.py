"""How many failures a run may have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.errors import UsageError

_FEWEST = 100


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """A number of failed articles, or a share of those that ended.

    Attributes:
        most: failures that a run may have; articles, or percent.
        is_share: whether it is percent. A share is judged from 100 articles on.
    """

    most: float
    is_share: bool = False

    @classmethod
    def parse(cls, text: str) -> FailureLimit:
        """Read ``20`` or ``5%``.

        Raises:
            UsageError: it is neither.
        """
        match = re.fullmatch(r"(\d{1,12})|(\d{1,3}(?:\.\d{1,6})?)\s?%", text.strip())
        if match is None or float(match[2] or 0) > 100:
            raise UsageError(f"{text!r} is no number of failures: write 20 or 5%")
        return cls(float(match[1] or match[2]), match[1] is None)

    def is_exceeded(self, failed: int, ended: int) -> bool:
        """Whether `failed` of `ended` articles are too many."""
        if self.is_share:
            return ended >= _FEWEST and 100 * failed > self.most * ended
        return failed > self.most

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.most:g}{'%' if self.is_share else ''}"
