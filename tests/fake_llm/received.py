"""What the server was asked: one frozen value for each request, online or a row of a batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from extractor.article import Article
from extractor.errors import ArticleError

Mode: TypeAlias = Literal["json_schema", "json_object", "tools", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request for a chat completion.

    Attributes:
        order: 1 for the first request that came, and so on; batch rows count on.
        headers: names in lower case.
        raw: the body as it came.
        json: the body parsed, an empty object if it is none.
        article: the article in the prompt, if one was found.
        attempt: how many times this article (or, without one, this prompt) was asked about,
            this time included.
        in_flight: requests in flight when it came, itself included; 0 for a batch row.
        batch: the batch that it is a row of.
        custom_id: the row's id.
    """

    order: int
    method: str
    path: str
    headers: Mapping[str, str] = field(hash=False)
    raw: bytes
    json: Mapping[str, Any] = field(hash=False)
    article: Article | None = None
    attempt: int = 1
    in_flight: int = 0
    batch: str | None = None
    custom_id: str | None = None

    @property
    def model(self) -> str:
        return str(self.json.get("model", ""))

    @property
    def stream(self) -> bool:
        return self.json.get("stream") is True

    @property
    def wants_usage_chunk(self) -> bool:
        return bool((self.json.get("stream_options") or {}).get("include_usage"))

    @property
    def mode(self) -> Mode:
        """How the answer was asked for."""
        if self.json.get("tools"):
            return "tools"
        asked = (self.json.get("response_format") or {}).get("type")
        return asked if asked in ("json_schema", "json_object") else "plain"

    @property
    def tool_name(self) -> str | None:
        """The tool that was asked for by name, else the first one."""
        tools = self.json.get("tools") or []
        return self.named_tool or (tools[0]["function"]["name"] if tools else None)

    @property
    def named_tool(self) -> str | None:
        choice = self.json.get("tool_choice")
        return choice["function"]["name"] if isinstance(choice, dict) else None

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON Schema of the answer, wherever the request carries it."""
        if self.mode == "tools":
            name = self.tool_name
            functions = (tool["function"] for tool in self.json["tools"])
            return next((f.get("parameters") for f in functions if f["name"] == name), None)
        if self.mode == "json_schema":
            schema: Mapping[str, Any] | None = self.json["response_format"]["json_schema"]["schema"]
            return schema
        return None

    @property
    def strict(self) -> bool:
        """Whether the request asks for strict output."""
        if self.mode == "tools":
            return any(tool["function"].get("strict") is True for tool in self.json["tools"])
        asked = self.json.get("response_format") or {}
        return (asked.get("json_schema") or {}).get("strict") is True

    @property
    def user_texts(self) -> Sequence[str]:
        """The text parts of the user's messages, the first one first."""
        return tuple(_user_texts(self.json.get("messages") or ()))

    @property
    def sentences(self) -> Mapping[str, str] | None:
        """The last article's sentences by number, if they were sent so."""
        found: Mapping[str, str] | None = next(_articles(self), {}).get("sentences")
        return found


ReadArticle: TypeAlias = Callable[[Received], Article | None]


def _user_texts(messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message.get("role") != "user":
            continue
        content = message.get("content") or ""
        if isinstance(content, str):
            yield content
        else:
            yield from (part["text"] for part in content if part.get("type") == "text")


def read_article(request: Received) -> Article | None:
    """The last article in the user's messages: a JSON object with title, date and text.

    Its text may be there as an object of sentences. Earlier messages may be examples, later
    ones may ask again about the same article; what stands around the object in its part does
    not matter.
    """
    for fields in _articles(request):
        sent = {name: fields.get(name) for name in ("title", "date", "text")}
        if "text" not in fields:
            sent["text"] = "".join(fields["sentences"].values())
        try:
            return Article.from_mapping(sent)
        except (ValueError, ArticleError):
            continue
    return None


def _articles(request: Received) -> Iterator[Mapping[str, Any]]:
    """The JSON objects in the user's messages that may be articles, the last one first."""
    for text in reversed(request.user_texts):
        try:
            fields = json.loads(text[text.find("{") : text.rfind("}") + 1])
        except ValueError:
            continue
        if isinstance(fields, dict) and (
            "text" in fields or {"title", "sentences"} <= fields.keys()
        ):
            yield fields
