"""What asks an endpoint, at once or by batches."""

from __future__ import annotations

from typing import Protocol

from extractor.models.base import Meter
from extractor.models.chat.endpoint import Reply
from extractor.results import Step


class Transport(Protocol):
    """Takes a rendered request to an endpoint and brings its reply."""

    @property
    def refused(self) -> int:
        """How often the endpoint answered 429."""
        ...

    async def post(self, body: bytes, meter: Meter, step: Step) -> Reply:
        """The reply to a request; what was sent goes on the meter.

        Raises:
            ModelError: there is none, or the request was refused.
            RunStoppedError: no request can succeed.
            ContextOverflowError: the request is too long for the model.
            ModeRefusedError: the endpoint does not take the schema in this form.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
