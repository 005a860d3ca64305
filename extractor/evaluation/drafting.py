"""Draft gold from predictions: a labeller mends it, and it stays marked as assisted."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from extractor.article import INPUT_FIELDS, Article
from extractor.errors import UsageError
from extractor.evaluation.gold_face import gold_records
from extractor.evaluation.sampling import Sampled
from extractor.results import Extraction

SCHEMA = "urn:extractor:schema:gold:1"

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def draft(extraction: Extraction, article: Article, sampled: Sampled | None) -> dict[str, Any]:
    """A draft gold file.

    Args:
        extraction: what was predicted.
        article: the article that it was predicted from.
        sampled: how the article came into the sample, if it did.

    Raises:
        UsageError: the article's text is not the one that was read.
    """
    if extraction.text_sha256 != article.text_sha256:
        raise UsageError(f"article {article.id!r}: its text is not the one that was read")
    own = {name: getattr(article, name) for name in INPUT_FIELDS if name != "date"}
    own["date"] = str(article.date) if article.date else None
    file: dict[str, Any] = {
        "$schema": SCHEMA,
        "article": own,
        "records": gold_records(extraction.records, article.text),
        "notes": "",
        "split": "dev",
        "labelled_by": "assisted",
    }
    if sampled is not None:
        file |= {"origin": "sampled", "weight": sampled.weight}
    return file


def file_name(id_: str) -> str:
    """A file name for an article's gold: its id where that is a safe name."""
    safe = _UNSAFE.sub("-", id_).strip(".-")[:80]
    if safe and safe == id_:
        return f"{safe}.json"
    return f"{safe}-{hashlib.sha256(id_.encode()).hexdigest()[:8]}.json".lstrip("-")


def file_text(file: Mapping[str, Any]) -> str:
    """A gold file's content."""
    return json.dumps(file, ensure_ascii=False, indent=2) + "\n"
