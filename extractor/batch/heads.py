"""The head of an output line: what a resume has to know, read from a prefix of the line."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import to_json

from extractor.article import Article
from extractor.batch.hashing import key_of

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# A million lines are read like this when a run goes on: groups without names are quicker.
_HEAD = re.compile(
    rb'\{"id":(%(string)s),"text_sha256":"([0-9a-f]{64})","revision":([1-9]\d{0,8}),'
    rb'"status":"(ok|failed)","run":(%(string)s),"article":\{"title":(null|%(string)s),'
    rb'"date":(null|%(string)s),' % {b"string": _STRING}
)
_TAIL = re.compile(
    rb'"version":(%(string)s),"parsers":(%(string)s)\},"usage":\{"requests":\d+,'
    rb'"input_tokens":\d+,"cached_input_tokens":\d+,"output_tokens":\d+,'
    rb'"cost_usd":(null|[-+.eE\d]+)[,}]' % {b"string": _STRING}
)
_LARGEST_REVISION = 10**9


class Head(NamedTuple):
    """What the ledger keeps of a line.

    Attributes:
        key: hash of the article's id.
        content: hash of what a model reads of the article: its text, title and date.
        revision: counts the results that were written for the id.
        failed: whether it is a failure.
        run: identity of what was asked.
    """

    key: int
    content: int
    revision: int
    failed: bool
    run: str


class Tail(NamedTuple):
    """What the end of a line says of how it was made.

    Attributes:
        computed: versions of the package and of its parsers.
        cost_usd: what it cost; None where that is not known.
    """

    computed: tuple[str, str]
    cost_usd: float | None


def id_key(id_: str) -> int:
    """The key of an article's id."""
    return key_of(id_.encode("utf-8", "surrogatepass"))


def content_of(article: Article) -> int:
    """Hash of what a model reads of `article`, as `Head.content`."""
    return key_of(article.text_sha256.encode(), to_json(article.title), to_json(article.date))


def head_of(line: bytes) -> Head | None:
    """The head of an output line; None if it is none, is torn or has a damaged head."""
    # After a power cut a file may have zeros where a line was; JSON has none.
    is_whole = line.endswith(b"}\n") and b"\0" not in line
    match = _HEAD.match(line) if is_whole else None
    if match is None:
        return _head_of_object(line)
    id_, text, revision, status, run, title, date = match.groups()
    content = key_of(text, title, date)
    try:
        return Head(_id_key_of(id_), content, int(revision), status == b"failed", _text(run))
    except ValueError:
        return None


def tail_of(line: bytes) -> Tail | None:
    """The tail of an output line; None if that is damaged."""
    # The last such key is the line's own, unless the article brought one; then nothing matches.
    match = _TAIL.search(line, max(0, line.rfind(b'"version":"')))
    try:
        if match is None:
            return _tail_of_object(line)
        version, parsers, cost = match.groups()
        computed = _text(version), _text(parsers)
        return Tail(computed, None if cost == b"null" else float(cost))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _head_of_object(line: bytes) -> Head | None:
    """The head of a line that another program wrote anew, with other spaces and escapes."""
    try:
        fields: Any = json.loads(line)
        article = fields["article"]
        revision, status = fields["revision"], fields["status"]
        if status not in ("ok", "failed") or not 1 <= revision < _LARGEST_REVISION:
            return None
        return Head(
            key=id_key(fields["id"]),
            content=key_of(
                fields["text_sha256"].encode(), to_json(article["title"]), to_json(article["date"])
            ),
            revision=int(revision),
            failed=status == "failed",
            run=str(fields["run"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _tail_of_object(line: bytes) -> Tail:
    fields = json.loads(line)
    made, usage = fields.get("provenance") or {}, fields.get("usage") or {}
    computed, cost = (str(made.get("version")), str(made.get("parsers"))), usage.get("cost_usd")
    return Tail(computed, None if cost is None else float(cost))


def _id_key_of(string: bytes) -> int:
    if b"\\" not in string:
        return key_of(string[1:-1])
    return id_key(json.loads(string))


@lru_cache(maxsize=256)  # identities and versions: the same on nearly every line
def _text(string: bytes) -> str:
    text: str = json.loads(string) if b"\\" in string else string[1:-1].decode()
    return text
