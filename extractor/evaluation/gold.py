"""Gold files: articles with all their records, labelled by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.article import INPUT_FIELDS, Article
from extractor.errors import ArticleError, GoldError, UsageError
from extractor.evaluation.gold_face import gold_records
from extractor.records import RECORD_TYPES, Gold, Record, link
from extractor.results import Records

Split: TypeAlias = Literal["dev", "test"]

_SHOWN_QUOTE = 80
_TYPES = {record_type.type: record_type for record_type in RECORD_TYPES}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Pointer(_Entry):
    """Names one record of a file: its type, and its place in the list of that type."""

    type: Literal["policy", "fund", "enterprise_count", "growth_metric"]
    index: Annotated[int, Field(ge=0)]


class FieldException(Pointer):
    """A value that deliberately does not re-derive from its phrase."""

    field: str
    reason: str


class _File(_Entry):
    """A gold file without its records, which need the article to be read."""

    schema_: Annotated[str | None, Field(alias="$schema")] = None
    article: dict[str, Any]
    records: dict[str, list[dict[str, Any]]]
    notes: str = ""
    split: Split = "dev"
    labelled_by: Literal["hand", "assisted"] = "hand"
    origin: Literal["written", "sampled"] | None = None
    story: str | None = None
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    optional: tuple[Pointer, ...] = ()
    exceptions: tuple[FieldException, ...] = ()


@dataclass(frozen=True)
class GoldArticle:
    """One labelled article.

    Attributes:
        article: the article.
        records: all its records, offsets and codes computed.
        split: whether it may be looked at while tuning (`dev`) or only judges (`test`).
        labelled_by: `hand`, or `assisted` if a prediction was there first.
        origin: `written` for this purpose, or `sampled` from real articles.
        story: the name that articles on one story share; None: a story of its own.
        weight: the inverse of the article's inclusion probability.
        optional: records that are neither missed nor spurious, by type and index.
        exceptions: values that deliberately do not re-derive.
        notes: what was hard.
        source: the file it came from.
    """

    article: Article
    records: Records
    split: Split = "dev"
    labelled_by: Literal["hand", "assisted"] = "hand"
    origin: Literal["written", "sampled"] | None = None
    story: str | None = None
    weight: float = 1.0
    optional: frozenset[tuple[str, int]] = frozenset()
    exceptions: tuple[FieldException, ...] = ()
    notes: str = ""
    source: str = ""

    @property
    def cluster(self) -> str:
        """The resampling unit: the story, else the article itself."""
        return self.story if self.story is not None else self.article.id


def parse_gold(content: str, source: str) -> GoldArticle:
    """Read the content of one gold file.

    Args:
        content: its JSON.
        source: its name, for messages.

    Raises:
        GoldError: everything that is wrong with it, one line each, naming file, record,
            field and quote.
    """
    file = _envelope(content, source)
    article = _article(file, source)
    try:
        read = Records.model_validate(file.records, context=Gold(article))
    except ValidationError as error:
        raise GoldError("\n".join(_complaints(error, file.records, source))) from None
    records = Records.model_validate({key: link(found) for key, found in read.by_type()})
    for pointer in (*file.optional, *file.exceptions):
        _check_pointer(pointer, records, source)
    return GoldArticle(
        article=article,
        records=records,
        split=file.split,
        labelled_by=file.labelled_by,
        origin=file.origin,
        story=file.story,
        weight=file.weight,
        optional=frozenset((p.type, p.index) for p in file.optional),
        exceptions=file.exceptions,
        notes=file.notes,
        source=source,
    )


def _envelope(content: str, source: str) -> _File:
    try:
        return _File.model_validate(json.loads(content))
    except ValidationError as error:
        lines = [
            f"{source}: {'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise GoldError("\n".join(lines)) from None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{source}: not JSON: {error}") from None


def _article(file: _File, source: str) -> Article:
    unknown = sorted(file.article.keys() - set(INPUT_FIELDS))
    if unknown:
        raise GoldError(f"{source}: article: there is no field {unknown[0]!r}")
    if not file.article.get("id"):
        raise GoldError(f"{source}: article: id is missing")
    try:
        return Article.from_mapping(file.article)
    except ArticleError as error:
        raise GoldError(f"{source}: article: {error}") from None


def _complaints(
    error: ValidationError, lists: Mapping[str, Sequence[Mapping[str, Any]]], source: str
) -> list[str]:
    """What is wrong, one line each: file, record, field, reason, quote."""
    lines = []
    for item in error.errors(include_url=False, include_input=False):
        key, *rest = item["loc"]
        if not rest or not isinstance(rest[0], int):
            lines.append(f"{source}: records.{key}: {item['msg']}")
            continue
        quote = str(lists[str(key)][rest[0]].get("evidence"))
        shown = quote if len(quote) <= _SHOWN_QUOTE else f"{quote[:_SHOWN_QUOTE]}…"
        field = ".".join(str(part) for part in rest[1:]) or "record"
        lines.append(f"{source}: {key}[{rest[0]}].{field}: {item['msg']} (quote: “{shown}”)")
    return lines


def _check_pointer(pointer: Pointer, records: Records, source: str) -> None:
    record_type = _TYPES[pointer.type]
    found: list[Record] = getattr(records, record_type.key)
    if pointer.index >= len(found):
        raise GoldError(
            f"{source}: there is no {record_type.key}[{pointer.index}]: there are {len(found)}"
        )
    if isinstance(pointer, FieldException) and pointer.field not in record_type.model_fields:
        raise GoldError(f"{source}: exceptions: {pointer.type} has no field {pointer.field!r}")


def gold_paths(folders: Iterable[Path]) -> list[Path]:
    """The gold files of folders (or single files), sorted by name within each.

    Raises:
        UsageError: a folder does not exist or has no gold file.
    """
    paths: list[Path] = []
    for folder in folders:
        own = [folder] if folder.is_file() else sorted(folder.glob("*.json"))
        if not own:
            raise UsageError(f"{folder}: there is no gold file (*.json) there")
        paths += own
    return paths


def load_gold(folders: Iterable[Path], split: Split | Literal["all"] = "all") -> list[GoldArticle]:
    """Every gold article of some folders, sorted by id.

    Args:
        folders: folders of gold files, or single files.
        split: the split that is wanted.

    Raises:
        UsageError: a folder does not exist or has no gold file, or none of the split.
        GoldError: a file breaks its own rules, or two label the same article.
    """
    by_id: dict[str, GoldArticle] = {}
    for path in gold_paths(folders):
        found = read_gold(path)
        if found.article.id in by_id:
            other = by_id[found.article.id].source
            raise GoldError(f"{path}: article {found.article.id!r} is labelled in {other} as well")
        by_id[found.article.id] = found
    wanted = [by_id[id_] for id_ in sorted(by_id) if split in ("all", by_id[id_].split)]
    if not wanted:
        raise UsageError(f"no gold article is in split {split!r}")
    return wanted


def read_gold(path: Path) -> GoldArticle:
    """The gold article of one file.

    Raises:
        UsageError: the file cannot be read.
        GoldError: it breaks its own rules.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 at byte {error.start + 1}") from None
    return parse_gold(content, str(path))


def gold_hash(gold: Iterable[GoldArticle]) -> str:
    """16 hex digits of a SHA-256 over what is scored: texts, records, optional ones, weights.

    The order of articles, notes, file names and what code computes do not matter.
    """
    digest = hashlib.sha256()
    for article in sorted(gold, key=lambda g: g.article.id):
        scored = {
            "id": article.article.id,
            "text": article.article.text_sha256,
            "date": str(article.article.date),
            "records": gold_records(article.records, article.article.text),
            "optional": sorted(article.optional),
            "weight": article.weight,
            "cluster": article.cluster,
        }
        digest.update(json.dumps(scored, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()[:16]
