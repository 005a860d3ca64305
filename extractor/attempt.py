"""The work on one article: from what a model writes to records, and what did not become one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import to_json

from extractor.article import Article
from extractor.auditing import audit
from extractor.errors import ModelError
from extractor.models.base import (
    Drafts,
    Meter,
    Model,
    RecordType,
    RepairRequest,
    Request,
    SweepRequest,
)
from extractor.records import RECORD_TYPES, Draft, Record, link
from extractor.results import FieldError, Records, Rejected, Step, brought

_Found: TypeAlias = tuple[Step, Record]

_DUPLICATE = FieldError(
    field="", code="duplicate", message="the same record was already written for this article"
)
_LEAKED = FieldError(
    field="evidence",
    code="leaked",
    message="it comes from an example of the prompt, not from the article",
)


class Attempt:
    """The work on one article: draft, validate record by record, repair, sweep, link."""

    def __init__(self, model: Model, article: Article, meter: Meter) -> None:
        """Work on `article` with `model`; what it costs goes on the meter."""
        self.model = model
        self.article = article
        self.meter = meter

    async def run(
        self, types: Sequence[RecordType], repairs: int, *, sweep: bool
    ) -> tuple[Records, list[Rejected]]:
        """The records, and what did not become one.

        Raises:
            ModelError: the model gave no usable first answer.
            RunStoppedError: no article can succeed.
        """
        drafts = await self.model.draft(self.article, types, self.meter)
        context = Draft(self.article, drafts.evidence)
        found, failed = _read_steps(drafts, "answer", context)
        rejected = _leaked(drafts)
        for _ in range(repairs):
            again = await self._asked_again(failed)
            mended, unread = _read_steps(again, "repair", context)
            found += mended
            rejected += _leaked(again) + rejected_of(_left_out(failed, again))
            failed = unread
        if sweep:
            again = await self._asked_again(self._left_figures(found, types))
            more, unread = _read_steps(again, "sweep", context)
            found, failed = found + more, failed + unread
            rejected += _leaked(again)
        records, doubled, steps = arrange(found, types)
        self.meter.spend(brought(steps))
        return records, rejected + rejected_of(failed) + doubled

    async def _asked_again(self, requests: Sequence[Request]) -> Drafts:
        """What the model writes when it is asked again; if that fails, what is good stays good."""
        if not requests:
            return Drafts({})
        try:
            return await self.model.redraft(self.article, requests, self.meter)
        except ModelError:
            return Drafts({})

    def _left_figures(
        self, found: Sequence[_Found], types: Sequence[RecordType]
    ) -> list[SweepRequest]:
        by_name = {record_type.type: record_type for record_type in types}
        return [
            SweepRequest(by_name[figure.type], figure.phrase, figure.evidence)
            for figure in audit(self.article, [record for _, record in found], types)
        ]


def _left_out(failed: Sequence[RepairRequest], again: Drafts) -> list[RepairRequest]:
    """The failed drafts that have no counterpart among those written again.

    A draft has the counterpart of its type with which it shares most fields.
    """
    left = list(failed)
    steps = (again.by_type, *again.further.values())
    for record_type, drafts in chain.from_iterable(by_type.items() for by_type in steps):
        for draft in drafts:
            own = [request for request in left if request.type is record_type]
            if own:
                left.remove(max(own, key=lambda request: _shared(request.draft, draft)))
    return left


def _shared(one: Any, other: Any) -> int:
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return 0
    return sum(value is not None and other.get(name) == value for name, value in one.items())


def rejected_of(failed: Sequence[RepairRequest]) -> list[Rejected]:
    """Failed drafts as an output line holds them."""
    return [
        Rejected(type=request.type.type, draft=_storable(request.draft), errors=[*request.errors])
        for request in failed
    ]


def _leaked(drafts: Drafts) -> list[Rejected]:
    return [
        Rejected(type=record_type.type, draft=_storable(draft), errors=[_LEAKED])
        for record_type, found in drafts.leaked.items()
        for draft in found
    ]


def _read_steps(
    drafts: Drafts, asked: Step, context: Draft
) -> tuple[list[_Found], list[RepairRequest]]:
    """As `read_drafts`, each record with the step that brought it: `asked`, or a further one."""
    found: list[_Found] = []
    failed: list[RepairRequest] = []
    for step, by_type in ((asked, drafts.by_type), *drafts.further.items()):
        records, unread = read_drafts(by_type, context)
        found += [(step, record) for record in records]
        failed += unread
    return found, failed


def read_drafts(
    by_type: Mapping[RecordType, Sequence[Any]], context: Draft
) -> tuple[list[Record], list[RepairRequest]]:
    """Validate each draft alone: a bad one costs its siblings nothing."""
    found: list[Record] = []
    failed: list[RepairRequest] = []
    for record_type, drafts in by_type.items():
        for draft in drafts:
            try:
                found.append(record_type.model_validate(draft, context=context))
            except ValidationError as error:
                failed.append(RepairRequest(record_type, draft, FieldError.all_of(error)))
    return found, failed


def _storable(draft: Any) -> Any:
    """A draft as it can be written down: a model may have put anything in it."""
    try:
        text = json.dumps(draft, ensure_ascii=False, default=str)
        written = json.loads(text.encode("utf-8", "replace"))
        to_json(written)  # refuses what is nested more deeply than an output line can be
        return written
    except (TypeError, ValueError, RecursionError):
        return f"a {type(draft).__name__} that is no JSON"


def arrange(
    found: Sequence[_Found], types: Sequence[RecordType]
) -> tuple[Records, list[Rejected], Counter[Step]]:
    """Sort records into their lists by place in the article; set exact doubles aside.

    Returns:
        The records, the doubles, and how many of the records each step brought.
    """
    lists: dict[str, list[Record]] = {}
    doubled: list[Rejected] = []
    steps: Counter[Step] = Counter()
    for record_type in RECORD_TYPES:
        own = [f for f in found if type(f[1]) is record_type] if record_type in types else []
        own.sort(key=lambda f: (f[1].evidence.start, f[1].evidence.end))
        sharing = Counter(record.record_id for _, record in own)
        unique: dict[str, Record] = {}
        for step, record in own:
            # Doubles have one id: few records have to be written out to be compared.
            shared = sharing[record.record_id] > 1
            text = record.model_dump_json() if shared else record.record_id
            if text in unique:
                draft = json.loads(text)
                doubled.append(Rejected(type=record_type.type, draft=draft, errors=[_DUPLICATE]))
                continue
            unique[text] = record
            steps[step] += 1
        lists[record_type.key] = link(list(unique.values()))
    return Records.model_validate(lists), doubled, steps
