"""The protocol that every model implements, the built-in one included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from extractor.article import Article
from extractor.records import Record
from extractor.results import NO_USAGE, FieldError, Usage

RecordType = type[Record]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a model wrote about one article, as it wrote it.

    Attributes:
        by_type: draft records by record type: JSON values, nothing checked.
        usage: what the answer cost.
        served_model: the model that the endpoint says answered.
    """

    by_type: Mapping[RecordType, Sequence[Any]]
    usage: Usage = NO_USAGE
    served_model: str | None = None


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """A draft that failed, to be written again.

    Attributes:
        type: the record type it was written as.
        draft: what the model wrote.
        errors: what was wrong with it, by field.
    """

    type: RecordType
    draft: Any
    errors: Sequence[FieldError] = field(default_factory=tuple)


class Model(Protocol):
    """Anything that reads an article and writes draft records."""

    @property
    def name(self) -> str:
        """The model string, as a user writes it."""
        ...

    @property
    def identity(self) -> str:
        """What is asked of the model, as one string; equal strings give comparable results."""
        ...

    @property
    def prompt(self) -> str | None:
        """Name and version of the prompt, if the model is sent one."""
        ...

    async def draft(self, article: Article, types: Sequence[RecordType]) -> Drafts:
        """Write drafts of all wanted record types, in one call.

        Raises:
            ModelError: no usable answer for this article.
            RunStoppedError: no article can succeed (key refused, quota used up).
        """
        ...

    async def redraft(self, article: Article, requests: Sequence[RepairRequest]) -> Drafts:
        """Write failed drafts again; a model that cannot do better returns none.

        Raises:
            ModelError: as `draft`.
            RunStoppedError: as `draft`.
        """
        ...
