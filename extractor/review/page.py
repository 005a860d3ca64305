"""The review page: static, self-contained, everything in it escaped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractor.article import Article
from extractor.checking import Finding, check
from extractor.evaluation.drafting import SCHEMA
from extractor.pages import render
from extractor.results import Extraction, Failure
from extractor.review.articles import article_views, output_key
from extractor.review.fields import COMPUTED_FROM, record_types

SCRIPTS = (
    "store.js",
    "text.js",
    "records.js",
    "form.js",
    "files.js",
    "list.js",
    "article.js",
    "review.js",
)
"""The page's script, joined in this order: the files share one scope, the last one starts it."""


def review(
    name: str,
    outcomes: Sequence[Extraction | Failure],
    articles: Mapping[str, Article] | None,
) -> str:
    """The page as HTML.

    Args:
        name: what the output is called.
        outcomes: the output.
        articles: the articles behind it, by id; None if they were not given.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    findings = by_record(check([o for o in outcomes if isinstance(o, Extraction)]))
    views = article_views(outcomes, findings, articles)
    records = [view for article in views for view in article["records"]]
    flags = Counter(flag for view in records for flag in view["flags"])
    context = {
        "name": name,
        "articles": len(views),
        "records": len(records),
        "failed": sum(view["error"] is not None for view in views),
        "runs": sorted({view["run"] for view in views}),
        "types": record_types(),
        "statuses": sorted({view["record"]["status"] for view in records}),
        "flags": [flag for flag, _ in flags.most_common()],
    }
    data: dict[str, Any] = {
        "key": output_key(outcomes),
        "types": context["types"],
        "computedFrom": COMPUTED_FROM,
        "goldSchema": SCHEMA,
        "articles": views,
    }
    return render(
        "extractor.review",
        "review",
        context,
        {"words": lambda text: text.replace("_", " ")},
        scripts=SCRIPTS,
        data=data,
    )


def by_record(found: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the record that they are about."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        findings[finding.record_id].append(finding)
    return findings
