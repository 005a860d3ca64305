"""The protocol that every model implements, the built-in one included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

from extractor.article import Article
from extractor.grounding import Evidence, EvidenceForm
from extractor.records import Record
from extractor.results import NO_USAGE, FieldError, Step, Usage

RecordType = type[Record]
DraftsByType: TypeAlias = Mapping[RecordType, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a model wrote about one article, as it wrote it.

    Attributes:
        by_type: draft records by record type: JSON values, nothing checked.
        leaked: drafts that come from the prompt's examples, not from the article.
        evidence: the form in which they point at their evidence.
        further: drafts that a further request brought, a re-ask or a continuation, by type.
    """

    by_type: DraftsByType
    leaked: DraftsByType = field(default_factory=dict)
    evidence: EvidenceForm = "quote"
    further: Mapping[Step, DraftsByType] = field(default_factory=dict)


@dataclass(slots=True)
class Meter:
    """The bill of one article: a model notes here what each request cost and who answered.

    It is kept apart from the drafts, since an article that fails has cost something too.

    Attributes:
        subject: whose bill it is: the article's id and the revision of its result.
        usage: what was spent so far.
        served_model: the model that the endpoint says answered, from its first answer.
        system_fingerprint: what it says of its configuration.
        service_tier: the tier it says it served.
        request_ids: its ids of the requests.
        mode: how the schema was sent.
        worked: seconds that its requests took; pauses that the endpoint asked for do not count.
    """

    subject: str = ""
    usage: Usage = NO_USAGE
    served_model: str | None = None
    system_fingerprint: str | None = None
    service_tier: str | None = None
    request_ids: list[str] = field(default_factory=list)
    mode: str | None = None
    worked: float = 0.0

    def spend(self, usage: Usage) -> None:
        """Add to the bill."""
        self.usage = self.usage + usage


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


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """A figure that no record covers, to be asked about once more.

    Attributes:
        type: the record type that the rules read it as.
        phrase: the figure, as it stands in the article.
        passage: the passage around it.
    """

    type: RecordType
    phrase: str
    passage: Evidence


Request: TypeAlias = RepairRequest | SweepRequest


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

    async def draft(self, article: Article, types: Sequence[RecordType], meter: Meter) -> Drafts:
        """Write drafts of all wanted record types, in one call.

        Raises:
            ModelError: no usable answer for this article.
            RunStoppedError: no article can succeed (key refused, quota used up).
        """
        ...

    async def redraft(self, article: Article, requests: Sequence[Request], meter: Meter) -> Drafts:
        """Write failed drafts again, or look at figures again; none where it cannot do better.

        All requests of a call are of one kind.

        Raises:
            ModelError: as `draft`.
            RunStoppedError: as `draft`.
        """
        ...


@runtime_checkable
class Closable(Protocol):
    """A model that holds connections."""

    async def aclose(self) -> None:
        """Let them go, in the event loop that used them."""
        ...


@runtime_checkable
class Limited(Protocol):
    """A model whose endpoint limits how often it may be asked."""

    @property
    def refused(self) -> int:
        """How often it answered that it was asked too often."""
        ...


class Pacer(Protocol):
    """What holds the requests of a model back.

    Attributes:
        on_pause: is told of the seconds of each pause that the endpoint asks for.
    """

    on_pause: Callable[[float], None]

    def hold(self, seconds: float) -> None:
        """Hold every request back for so long."""
        ...


@runtime_checkable
class Paced(Protocol):
    """A model whose endpoint may ask for a pause."""

    @property
    def pacing(self) -> Pacer:
        """What holds its requests back."""
        ...
