"""What the page shows of each article: its text in segments, its records, what is doubtful."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from extractor.article import Article
from extractor.checking import Finding
from extractor.evaluation.drafting import file_name
from extractor.pages import segments
from extractor.records import Record
from extractor.results import Audited, Extraction, Failure, Records
from extractor.review.marks import audit_marks, record_marks
from extractor.values import Change, Count, Money, Period

Findings: TypeAlias = Mapping[str, Sequence[Finding]]
"""What the checks found, by `record_id`."""

_UNIT = "ambiguous_unit: the translation left a second unit word behind"


def article_views(
    outcomes: Sequence[Extraction | Failure],
    findings: Findings,
    articles: Mapping[str, Article] | None,
) -> list[dict[str, Any]]:
    """Every article as the page's script reads it, the most doubtful first.

    Args:
        outcomes: the output.
        findings: what the checks found in it.
        articles: the articles behind it, by id; None if they were not given.
    """
    views = [article_view(outcome, findings, articles) for outcome in outcomes]
    return sorted(views, key=lambda view: (view["error"] is None, -view["doubts"]))


def article_view(
    outcome: Extraction | Failure, findings: Findings, articles: Mapping[str, Article] | None
) -> dict[str, Any]:
    """One article as the page's script reads it.

    `text` is a list of segments, each a string or a string with the keys of its marks; null if
    the text is not at hand, and `notice` says why.
    """
    article = (articles or {}).get(outcome.id)
    is_same = article is not None and article.text_sha256 == outcome.text_sha256
    found = outcome if isinstance(outcome, Extraction) else None
    records = in_text_order(found.records) if found else []
    shown = [_record_view(record, findings) for record in records]
    rejected = found.rejected if found else []
    audit = (found.audit or []) if found else []
    info = outcome.article
    return {
        "id": outcome.id,
        "title": info.title,
        "date": str(info.date) if info.date else None,
        "source": info.source,
        "url": info.url,
        "lang": info.lang,
        "run": f"{outcome.provenance.model} ({outcome.run})",
        "error": None if found else _error(outcome),
        "notice": None if is_same else _notice(articles, article),
        "text": _text(article.text, records, audit) if article and is_same else None,
        "records": shown,
        "rejected": [draft.model_dump(mode="json") for draft in rejected],
        "audit": [figure.model_dump(mode="json") for figure in audit],
        "doubts": len(rejected) + len(audit) + sum(len(view["doubts"]) for view in shown),
        "file": file_name(outcome.id),
    }


def output_key(outcomes: Sequence[Extraction | Failure]) -> str:
    """16 hex digits that change with any record of the output; decisions are kept under them."""
    digest = hashlib.sha256()
    for outcome in outcomes:
        head = "\n".join((outcome.id, outcome.text_sha256, str(outcome.revision), outcome.run))
        digest.update(head.encode("utf-8", "surrogatepass"))
        if isinstance(outcome, Extraction):
            digest.update(outcome.records.model_dump_json().encode())
    return digest.hexdigest()[:16]


def in_text_order(records: Records) -> list[Record]:
    """Records as a reader of the article meets them."""
    return sorted(records.all(), key=lambda record: record.evidence.span)


def _error(outcome: Extraction | Failure) -> str | None:
    if isinstance(outcome, Failure):
        return f"{outcome.error.type}: {outcome.error.message}"
    return None


def _notice(articles: Mapping[str, Article] | None, article: Article | None) -> str:
    if articles is None:
        return "An output does not hold the text: give the articles with --articles to see it."
    if article is None:
        return "This article is not in the files given with --articles: only quotes are shown."
    return (
        "The text given with --articles has changed since the records were read from it: only "
        "quotes are shown."
    )


def _text(text: str, records: Sequence[Record], audit: Sequence[Audited]) -> list[str | list[str]]:
    marks = [*record_marks(records, text), *audit_marks(audit)]
    return [
        [segment.text, " ".join(segment.keys)] if segment.keys else segment.text
        for segment in segments(text, marks)
    ]


def _record_view(record: Record, findings: Findings) -> dict[str, Any]:
    found = findings.get(record.record_id, ())
    flags = [flag for _, value in record for flag in _flags(value)]
    place = f"place_{record.place.match}" if record.place else "place_null"
    doubts = [f"{finding.check}: {finding.message}" for finding in found]
    if "ambiguous_unit" in flags:
        doubts.append(_UNIT)
    if record.place and record.place.match == "ambiguous":
        codes = ", ".join(record.place.candidates) or "none is certain"
        doubts.append(f"place_ambiguous: several divisions may be meant ({codes})")
    return {
        "type": record.type,
        "record": record.model_dump(mode="json"),
        "flags": list(dict.fromkeys((*flags, place, *(finding.check for finding in found)))),
        "doubts": doubts,
    }


def _flags(value: object) -> tuple[str, ...]:
    return value.flags if isinstance(value, Money | Count | Change | Period) else ()
