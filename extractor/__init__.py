"""Turns news articles on local industrial economies into typed, grounded records."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.article import Article as Article
    from extractor.auditing import audit as audit
    from extractor.library import Extractor as Extractor
    from extractor.library import extract as extract
    from extractor.models.rules.explaining import explain as explain
    from extractor.pipeline import AsyncExtractor as AsyncExtractor
    from extractor.records import EnterpriseCount as EnterpriseCount
    from extractor.records import Fund as Fund
    from extractor.records import GrowthMetric as GrowthMetric
    from extractor.records import Policy as Policy
    from extractor.results import Extraction as Extraction
    from extractor.results import Failure as Failure

# Names are resolved when they are first used: the command line must not wait for pydantic.
_HOMES = {
    "Article": "extractor.article",
    "AsyncExtractor": "extractor.pipeline",
    "EnterpriseCount": "extractor.records",
    "Extraction": "extractor.results",
    "Extractor": "extractor.library",
    "Failure": "extractor.results",
    "Fund": "extractor.records",
    "GrowthMetric": "extractor.records",
    "Policy": "extractor.records",
    "audit": "extractor.auditing",
    "explain": "extractor.models.rules.explaining",
    "extract": "extractor.library",
}

__all__ = [
    "Article",
    "AsyncExtractor",
    "EnterpriseCount",
    "Extraction",
    "Extractor",
    "Failure",
    "Fund",
    "GrowthMetric",
    "Policy",
    "audit",
    "explain",
    "extract",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
