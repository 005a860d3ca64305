"""The work on one article: from what a model writes to records, and what did not become one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

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
from extractor.results import FieldError, Records, Rejected

_DUPLICATE = FieldError(
    field="", code="duplicate", message="the same record was already written for this article"
)
_LEAKED = FieldError(
    field="evidence",
    code="leaked",
    message="the quote stands in an example of the prompt, not in the article",
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
        context = Draft(self.article)
        drafts = await self.model.draft(self.article, types, self.meter)
        found, failed = read_drafts(drafts.by_type, context)
        rejected = _leaked(drafts)
        for _ in range(repairs if failed else 0):
            again = await self._asked_again(failed)
            rejected += _leaked(again)
            mended, unread = read_drafts(again.by_type, context)
            if not (mended or unread):
                break
            found += mended
            rejected += _rejected(_left_out(failed, again))
            failed = unread
            if not failed:
                break
        if sweep:
            again = await self._asked_again(self._left_figures(found, types))
            more, unread = read_drafts(again.by_type, context)
            found, failed = found + more, failed + unread
            rejected += _leaked(again)
        records, doubled = _arrange(found, types)
        return records, rejected + _rejected(failed) + doubled

    async def _asked_again(self, requests: Sequence[Request]) -> Drafts:
        """What the model writes when it is asked again; if that fails, what is good stays good."""
        if not requests:
            return Drafts({})
        try:
            return await self.model.redraft(self.article, requests, self.meter)
        except ModelError:
            return Drafts({})

    def _left_figures(
        self, found: Sequence[Record], types: Sequence[RecordType]
    ) -> list[SweepRequest]:
        by_name = {record_type.type: record_type for record_type in types}
        return [
            SweepRequest(by_name[figure.type], figure.phrase, figure.evidence.quote)
            for figure in audit(self.article, found, types)
        ]


def _left_out(failed: Sequence[RepairRequest], again: Drafts) -> list[RepairRequest]:
    """The failed drafts that have no counterpart among those written again.

    A draft has the counterpart of its type with which it shares most fields.
    """
    left = list(failed)
    for record_type, drafts in again.by_type.items():
        for draft in drafts:
            own = [request for request in left if request.type is record_type]
            if own:
                left.remove(max(own, key=lambda request: _shared(request.draft, draft)))
    return left


def _shared(one: Any, other: Any) -> int:
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return 0
    return sum(value is not None and other.get(name) == value for name, value in one.items())


def _rejected(failed: Sequence[RepairRequest]) -> list[Rejected]:
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


def _arrange(
    found: Sequence[Record], types: Sequence[RecordType]
) -> tuple[Records, list[Rejected]]:
    """Sort records into their lists by place in the article; set exact doubles aside."""
    lists: dict[str, list[Record]] = {}
    doubled: list[Rejected] = []
    for record_type in RECORD_TYPES:
        own = [r for r in found if type(r) is record_type] if record_type in types else []
        own.sort(key=lambda r: (r.evidence.start, r.evidence.end))
        unique = {record.model_dump_json(): record for record in own}
        again = Counter(record.model_dump_json() for record in own) - Counter(unique.keys())
        doubled += [
            Rejected(type=record_type.type, draft=json.loads(text), errors=[_DUPLICATE])
            for text in again.elements()
        ]
        lists[record_type.key] = link(list(unique.values()))
    return Records.model_validate(lists), doubled
