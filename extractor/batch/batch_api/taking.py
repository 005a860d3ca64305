"""Taking what a batch brought: every answer, whatever became of the batch."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from extractor.batch.batch_api.rows import Row, error_row, read_rows, refused_row
from extractor.batch.batch_api.state import Chunk, State
from extractor.batch.batch_api.waiting import Answer, Waiting
from extractor.errors import RunStoppedError
from extractor.models.address import Address
from extractor.models.chat.batch_replies import Batch, row_reply
from extractor.models.chat.batches import BatchService, NoSuchFileError
from extractor.models.chat.faults import RateLimitedError, TransientError

_AT_ONCE = 500
_UNREADABLE = "unreadable rows"
_GONE = "files that the endpoint does not have any more"


class Taker:
    """Takes the rows of batches that have ended.

    A request that failed for the moment goes into another batch, up to `tries` times; all other
    rows are answers for good, errors too.

    Attributes:
        service: where they come from.
        state: where they are kept.
        waiting: who waits for them.
        stopped: why no request can succeed, if a row said so.
    """

    def __init__(
        self,
        service: BatchService,
        state: State,
        waiting: Waiting,
        address: Address,
        model: str,
        tries: int,
    ) -> None:
        """Read rows as those of `model` at `address`."""
        self.service = service
        self.state = state
        self.waiting = waiting
        self._address, self._model = address, model
        self._tries = tries
        self.stopped: RunStoppedError | None = None

    async def take(self, chunk: Chunk, batch: Batch) -> str:
        """Take the rows of an ended batch; what it brought, in words.

        A row that says that no request can succeed is no answer: it is kept as `stopped`.

        Raises:
            TransientError: a file could not be fetched; nothing is lost, nothing taken twice.
            RunStoppedError: it is refused, or the answers cannot be written.
        """
        fates: Counter[str] = Counter()
        for file_id in batch.files:
            try:
                rows = read_rows(await self.service.download(file_id))
            except NoSuchFileError:
                fates[_GONE] += 1
                continue
            while part := list(islice(rows, _AT_ONCE)):
                fates[_UNREADABLE] += part.count(None)
                self._put(chunk, (row for row in part if row is not None), fates)
                await asyncio.sleep(0)
        # What is missing was not tried where the batch was cancelled, or the account refused it.
        if batch.status != "cancelled" and self.stopped is None:
            missing = self.state.unanswered(chunk)
            self._put(chunk, (error_row(id_, f"batch_{batch.status}") for id_ in missing), fates)
        return _told(batch, fates)

    def refuse(self, chunk: Chunk, lines: Mapping[int, str]) -> str:
        """Fail the requests of some lines of a batch that was not begun because of them."""
        rows = [
            refused_row(id_, lines[line])
            for id_, line in self.state.unanswered(chunk).items()
            if line in lines
        ]
        self._put(chunk, rows, Counter())
        return f"{chunk.batch} failed; requests that were refused in it: {len(rows):,}"

    def _put(self, chunk: Chunk, rows: Iterable[Row], fates: Counter[str]) -> None:
        judged = [(row, final) for row in rows if (final := self._is_final(row)) is not None]
        found = [row for row, _ in judged]
        taken = self.state.take(chunk, judged, self._tries)
        fates.update(taken)
        again = []
        for row, fate in zip(found, taken, strict=True):
            if fate == "again":
                again.append(row.id)
            elif fate == "answered" and (request := self.state.request(row.id)) is not None:
                self.waiting.resolve(row.id, Answer(row.text, request.tries))
        self.waiting.put_back(again)

    def _is_final(self, row: Row) -> bool | None:
        """Whether a row is an answer for good; None if it is about the account, not the request."""
        reply = row_reply(row.content, self._address, self._model)
        if isinstance(reply, RunStoppedError):
            self.stopped = reply
            return None
        return reply is not None and not isinstance(reply, TransientError | RateLimitedError)


def _told(batch: Batch, fates: Counter[str]) -> str:
    answered = fates["answered"]
    parts = [f"{answered:,} answer{'' if answered == 1 else 's'}"]
    parts += _counted(fates["again"], "to be tried again")
    parts += _counted(fates["ignored"], "rows of nothing that was asked, or there twice")
    parts += _counted(fates[_UNREADABLE], _UNREADABLE)
    parts += _counted(fates[_GONE], _GONE)
    return f"{batch.id} {batch.status}: {', '.join(parts)}"


def _counted(number: int, what: str) -> Iterator[str]:
    if number:
        yield f"{number:,} {what}"
