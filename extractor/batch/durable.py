"""A run whose results last: into the journal as they come, and the output made of it at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.article import Article
from extractor.batch.budget import Budget
from extractor.batch.compacting import settle
from extractor.batch.finished import Workers
from extractor.batch.heads import Head, Tail, content_of, id_key
from extractor.batch.journal import GroupCommit
from extractor.batch.ledger import Ledger
from extractor.batch.letters import DeadLetters
from extractor.batch.manifest import RunEntry, add_to_manifest
from extractor.batch.monitor import Monitor, Settings
from extractor.batch.reading import InvalidLine, Reader
from extractor.batch.resuming import Held
from extractor.batch.summary import Counts
from extractor.batch.working import drain
from extractor.errors import RunStoppedError, UsageError
from extractor.fingerprint import fingerprint
from extractor.pipeline import VERSION

_PATIENCE = 64


@dataclass(frozen=True, slots=True)
class _Job:
    """An article and the revision that its result will be."""

    article: Article
    revision: int


class DurableRun:
    """A run that goes on from what its output holds."""

    def __init__(
        self,
        reader: Reader,
        held: Held,
        workers: Workers,
        settings: Settings,
        monitor: Monitor,
    ) -> None:
        """Let `workers` do what is left of `reader`'s articles.

        Raises:
            UsageError: a limit on cost cannot be kept.
        """
        self._reader = reader
        self._held = held
        self._workers = workers
        self._settings = settings
        self._monitor = monitor
        self._budget = _budget(held, settings)
        self._is_complete = False
        self._ended = self._failed = 0
        self._started = dt.datetime.now(dt.UTC)

    async def finish(self) -> None:
        """Do what is left to do, and make the output.

        Raises:
            UsageError: an input cannot be opened.
            RunStoppedError: the run ended early.
        """
        for note in (*self._held.notes, *_computed_otherwise(self._held.ledger)):
            self._monitor.on_note(note)
        stop = self._monitor.stop
        with DeadLetters(self._held.paths, self._reader.fields) as self._letters:
            async with GroupCommit(self._held.journal, self._take_in) as self._commits:
                await drain(
                    self._jobs(),
                    self._do,
                    concurrency=self._workers.concurrency,
                    stop=stop,
                )
            with stop.busy():
                self._make_output()
        if stop.error is not None:
            raise stop.error

    def _jobs(self) -> Iterator[_Job | None]:
        """What is to be done; None after a while of passing over what is done."""
        passed = 0
        items = iter(self._reader)
        while (item := self._monitor.stop.read(items)) is not None:
            job = None
            if isinstance(item, Article):
                job = self._job(item)
            else:
                self._pass_over(item)
            passed += job is None
            if job is not None or passed % _PATIENCE == 0:
                self._report()
                yield job
        self._is_complete = not self._monitor.stop.requested
        self._report()

    def _pass_over(self, line: InvalidLine) -> None:
        self._monitor.summary.invalid += 1
        self._letters.add_invalid(line)
        self._monitor.on_invalid(line)

    def _job(self, article: Article) -> _Job | None:
        """What is to be done about an article; None if that is done."""
        standing = self._held.ledger.standing(article)
        if standing is None:
            return _Job(article, 1)
        # What failed in the run that goes on has been tried: the next run may try it again.
        again = standing.failed and self._settings.retry_failed and not standing.in_journal
        if not standing.is_same or again:
            return _Job(article, standing.revision + 1)
        self._monitor.summary.done_before += 1
        if standing.failed:
            self._monitor.summary.failed_before += 1
            self._letters.add_failed(article)
        return None

    async def _do(self, job: _Job) -> None:
        if self._budget is None:
            finished = await self._workers.finish(job.article, job.revision)
        else:
            async with self._budget.reserve(job.article) as reserved:
                if self._monitor.stop.requested:  # while it waited
                    return
                finished = await self._workers.finish(job.article, job.revision)
                reserved.settle(finished.counts.usage, finished.lost)
        self._watch_failures(finished.counts)
        await self._commits.append(finished.line, (job, finished.counts))

    def _take_in(self, done: tuple[_Job, Counts], offset: int) -> None:
        """Note a line that the journal holds for good."""
        job, counts = done
        ledger, summary = self._held.ledger, self._monitor.summary
        head = Head(
            key=id_key(job.article.id),
            content=content_of(job.article),
            revision=job.revision,
            failed=bool(counts.failed),
            run=self._workers.identity,
        )
        ledger.put(head, offset, in_journal=True)
        ledger.add_tail(Tail(_computed_now(), counts.usage.cost_usd))
        summary.add(counts)
        if head.failed:
            self._letters.add_failed(job.article)
        self._report()

    def _watch_failures(self, counts: Counts) -> None:
        """Stop the run when too many articles fail."""
        self._ended += 1
        self._failed += counts.failed
        limit = self._settings.max_failures
        if limit is not None and limit.is_exceeded(self._failed, self._ended):
            self._monitor.stop.request(
                RunStoppedError(
                    f"{self._failed:,} of {self._ended:,} articles failed, more than {limit}: "
                    f"what was done is in {self._held.paths.output}"
                )
            )

    def _report(self) -> None:
        summary, reader = self._monitor.summary, self._reader
        summary.repeated, summary.unknown_dates = reader.repeated, reader.unknown_dates

    def _make_output(self) -> None:
        """Make the output of what it held and the journal, and what goes with it.

        Raises:
            RunStoppedError: a file cannot be written; the journal keeps what was done.
        """
        held, summary, stop = self._held, self._monitor.summary, self._monitor.stop
        summary.interrupted = stop.requested and stop.error is None
        found = (held.ledger.rows.find(key) for key in self._reader.ids.keys)
        made = settle(held, (row for row in found if row is not None))
        try:
            self._letters.write(made.ledger, is_complete=self._is_complete)
            output = {
                "name": str(held.paths.output),
                "sha256": made.sha256,
                "articles": len(made.ledger),
                "cost_usd": made.ledger.cost_usd,
            }
            add_to_manifest(held.paths.manifest, self._entry(), output)
        except OSError as error:
            raise RunStoppedError(
                f"{error.filename or held.paths.output} could not be written: {error.strerror}; "
                "give the same command again"
            ) from None
        held.journal.remove()

    def _entry(self) -> RunEntry:
        stop, checksums = self._monitor.stop, self._reader.checksums
        ended = "interrupted" if stop.requested else "complete"
        return RunEntry(
            run=self._workers.identity,
            version=VERSION,
            parsers=fingerprint("extractor.values"),
            started=self._started,
            finished=dt.datetime.now(dt.UTC),
            ended=ended if stop.error is None else f"stopped: {stop.error}",
            inputs=tuple(
                {"name": source.name, "sha256": checksums.get(source.name)}
                for source in self._reader.inputs
            ),
            totals=self._monitor.summary.as_dict(),
        )


def _computed_now() -> tuple[str, str]:
    """Versions of the package and of its parsers."""
    return VERSION, fingerprint("extractor.values")


def _computed_otherwise(ledger: Ledger) -> Iterator[str]:
    """A note on results whose values other code computed; they stay as they are."""
    others = ledger.computed - {_computed_now()}
    if others:
        made = ", ".join(f"{version} with parsers {parsers}" for version, parsers in sorted(others))
        yield (
            f"some results were computed by version {made}, which is not what computes now; the "
            "run goes on, and `extractor rebuild` computes them anew without a call"
        )


def _budget(held: Held, settings: Settings) -> Budget | None:
    """The budget of a run with a limit on cost.

    Raises:
        UsageError: what the output has cost is not known.
    """
    if settings.max_cost is None:
        return None
    if held.ledger.cost_usd is None:
        raise UsageError(
            f"what {held.paths.output} has cost so far is not known, so --max-cost cannot count "
            "it: leave it out, or move the output aside with --restart"
        )
    return Budget(settings.max_cost, held.ledger.cost_usd)
