"""The loop of a run by batches: what waits is submitted, what has ended is taken."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

from extractor.batch.batch_api.pace import Pace
from extractor.batch.batch_api.requests import MOST_BYTES, fill
from extractor.batch.batch_api.state import CREATING, PLANNED, Chunk
from extractor.batch.batch_api.taking import Taker
from extractor.batch.monitor import Monitor
from extractor.errors import RunStoppedError
from extractor.models.chat.batch_replies import ENDED, Batch
from extractor.models.chat.batches import (
    QUEUE_FULL,
    NoSuchBatchError,
    QueueFullError,
)
from extractor.models.chat.faults import TransientError

_LOOKS_FOR_A_LOST_ONE = 3
_LEAVING = ("cancelling", "cancelled")


class Driver:
    """Submits and takes, until the run stops.

    At most one batch is being validated at a time, since an endpoint whose queue of tokens is
    full says so only then.
    """

    def __init__(self, taker: Taker, monitor: Monitor, pace: Pace, most: int) -> None:
        """Put no more than `most` requests into one batch."""
        self._service, self._state, self._waiting = taker.service, taker.state, taker.waiting
        self._taker = taker
        self._stop = monitor.stop
        self._on_note = monitor.on_note
        self._pace = pace
        self._most = self._most_ever = most
        self._fresh_before = 0
        self._is_full = self._was_full = False
        self._seen: set[str] = set()

    async def drive(self) -> None:
        """Go on until the run stops; then nobody waits any more.

        What the transport does not carry now is tried again later, for as long as it takes.
        """
        was_reached = True
        try:
            while not self._stop.requested:
                try:
                    if self._pace.is_due() and await self._look():
                        self._pace.hurry()
                    await self._submit()
                    was_reached = True
                except TransientError as error:
                    if was_reached:
                        self._on_note(f"{error}; it is tried again until it works")
                    was_reached = False
                await self._pace.sleep(self._pace.tick)
            self._waiting.close()
        except RunStoppedError as error:
            self._waiting.close(str(error))
        except Exception as error:
            # Whatever it was, nobody would take any answers any more.
            self._waiting.close(f"the work on batches broke down ({type(error).__name__})")
            raise

    async def finish(self) -> None:
        """When no article waits any more, see what has become of batches that are left."""
        if self._state.open_chunks():
            with suppress(TransientError, RunStoppedError):
                await self._look()

    async def _submit(self) -> None:
        """Submit a batch of what waits, once no more comes or there is enough of it."""
        waiting = self._waiting
        is_growing = waiting.fresh_count > self._fresh_before
        self._fresh_before = waiting.fresh_count
        is_enough = waiting.fresh_count >= self._most or waiting.fresh_bytes >= MOST_BYTES
        if not waiting.fresh_count or (is_growing and not is_enough) or self._is_held_back():
            return
        ids, content = fill(waiting.fresh(), self._service.path, most=self._most)
        chunk = self._state.plan(uuid4().hex, ids)
        waiting.submitted(ids)
        self._fresh_before = waiting.fresh_count
        try:
            file_id = await self._service.upload(content)
        except TransientError:
            self._free(chunk)
            raise
        if self._stop.requested:
            self._free(chunk)
            return
        await self._begin(chunk, file_id)

    def _is_held_back(self) -> bool:
        """Whether a batch is being validated, or the queue is full until one ends."""
        stands = [chunk.status for chunk in self._state.open_chunks()]
        return self._is_full or any(s in (PLANNED, CREATING, "validating") for s in stands)

    async def _begin(self, chunk: Chunk, file_id: str) -> None:
        chunk = replace(chunk, status=CREATING)
        self._state.note(chunk)
        try:
            batch = await self._service.create(file_id, chunk.name)
        except QueueFullError:
            self._no_room(chunk)
        else:
            self._begun(chunk, batch)

    def _begun(self, chunk: Chunk, batch: Batch) -> None:
        self._state.note(replace(chunk, batch=batch.id, status=_open_status(batch)))
        if batch.status not in _LEAVING:
            self._seen.add(chunk.name)
        self._pace.hurry()
        self._on_note(f"{batch.id}: {_requests(chunk.requests)} submitted")

    def _free(self, chunk: Chunk) -> None:
        """Let the requests of a chunk wait to be submitted again."""
        ids = self._state.unanswered(chunk)
        self._state.free(chunk)
        self._waiting.put_back(ids)

    def _no_room(self, chunk: Chunk) -> None:
        """The queue of tokens is full: wait for a batch to end, and submit less at a time."""
        self._free(chunk)
        self._most = max(1, chunk.requests // 2)
        self._is_full = bool(self._state.open_chunks()) or chunk.requests == 1
        if not self._was_full:
            self._on_note("the endpoint's queue of tokens is full: the rest is submitted gradually")
        self._was_full = True

    async def _look(self) -> bool:
        """See how every batch stands, and take what has ended; whether anything has changed."""
        chunks = self._state.open_chunks()
        if not chunks:  # it may be others who fill the queue
            self._is_full = False
        changes = [await self._look_at(chunk) for chunk in chunks]
        return any(changes)

    async def _look_at(self, chunk: Chunk) -> bool:
        if chunk.batch is None:
            await self._look_for(chunk)
            return True
        batch = await self._retrieved(chunk.batch)
        now = replace(chunk, status=batch.status, completed=batch.completed, failed=batch.failed)
        if chunk.status == "validating" and batch.status not in ("validating", "failed"):
            self._most = min(self._most_ever, max(self._most, 2 * chunk.requests))
            self._was_full = False
        if batch.status in ENDED:
            self._is_full = False
            await self._end(now, batch)
        elif now != chunk:
            self._state.note(now)
        if batch.status not in _LEAVING:
            self._seen.add(chunk.name)
        elif batch.status == "cancelled" and chunk.name in self._seen:
            raise RunStoppedError(
                f"{batch.id} was cancelled; what it had finished is taken: the same command "
                "submits the rest"
            )
        return now != chunk

    async def _retrieved(self, batch_id: str) -> Batch:
        try:
            return await self._service.retrieve(batch_id)
        except NoSuchBatchError:
            raise RunStoppedError(
                f"the endpoint does not know {batch_id}: use the key and the project that it was "
                f"submitted with, or remove {self._state.path} to give it up"
            ) from None

    async def _look_for(self, chunk: Chunk) -> None:
        """Find out whether the batch of a chunk was begun; if it was not, it will be anew."""
        if chunk.status == CREATING:
            for look in range(_LOOKS_FOR_A_LOST_ONE):
                if look:  # a list may be behind
                    await self._pace.sleep(self._pace.first)
                batch = await self._service.find(chunk.name)
                if batch is not None:
                    self._begun(chunk, batch)
                    return
        self._free(chunk)

    async def _end(self, chunk: Chunk, batch: Batch) -> None:
        """Take what a batch brought, and let its other requests wait again."""
        if batch.status != "failed":
            self._on_note(await self._taker.take(chunk, batch))
            self._free(chunk)
            if self._taker.stopped is not None:
                raise self._taker.stopped
            return
        codes = [code for code, _ in batch.problems]
        lines = {line: code for code, line in batch.problems if line is not None}
        if QUEUE_FULL in codes:
            self._no_room(chunk)
        elif lines:
            self._on_note(self._taker.refuse(chunk, lines))
            self._free(chunk)
        else:
            self._free(chunk)
            what = ", ".join(sorted(set(codes))) or "no reason"
            raise RunStoppedError(f"the endpoint failed {batch.id}: {what}")


def _requests(number: int) -> str:
    return f"{number:,} request{'' if number == 1 else 's'}"


def _open_status(batch: Batch) -> str:
    """The status of a batch whose rows are not taken yet."""
    return "finalizing" if batch.status in ENDED else batch.status
