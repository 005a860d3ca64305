"""The two values that say where something stands."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Span(NamedTuple):
    """A stretch of an article: ``text[start:end]``, in code points."""

    start: int
    end: int


class Evidence(BaseModel):
    """The passage of the article that states a record's fact."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    quote: str = Field(description="The passage, in the article's own characters.")
    start: int = Field(
        ge=0, description="Offset of the passage's first character, in Unicode code points."
    )
    end: int = Field(
        ge=0, description="Offset behind its last character: text[start:end] is the quote."
    )

    @property
    def span(self) -> Span:
        """The passage's place."""
        return Span(self.start, self.end)
