"""Answers that are not what was asked for: each way in which models and endpoints go wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from extractor.records import RECORD_TYPES
from tests.fake_llm.replies import Completion, Reply, Tokens, answer, raw


def records(**lists: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """An answer object: the lists given, the others empty."""
    keys = [record_type.key for record_type in RECORD_TYPES]
    if unknown := lists.keys() - set(keys):
        raise ValueError(f"no such list: {', '.join(sorted(unknown))}")
    return {key: lists.get(key, []) for key in keys}


NOTHING = answer(records())
"""An article without records."""


def invalid_json(text: str = '{"policies": [}, "funds": [') -> Reply:
    """Content that is no JSON, from a model that thinks it is done."""
    return answer(text)


def invalid_schema(value: str | Mapping[str, Any] = '{"items": [1, 2]}') -> Reply:
    """JSON of a wrong shape."""
    return answer(value)


def truncated(content: str | Mapping[str, Any], at: int) -> Reply:
    """The first `at` characters, cut by the limit on output."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return answer(text[:at], finish_reason="length")


def refusal(text: str = "I'm sorry, I can't help with that.") -> Reply:
    """A refusal, where the protocol has it: in the message, in place of content."""
    return Reply(completion=Completion(refusal=text, form="content"))


def content_filter(content: str | None = None) -> Reply:
    """An answer that the provider's filter stopped, with what was written until then."""
    texts = () if content is None else (content,)
    return Reply(completion=Completion(texts, finish_reason="content_filter"))


def empty(content: str | None = None) -> Reply:
    """No content: null, or an empty string."""
    texts = () if content is None else (content,)
    return Reply(completion=Completion(texts, form="content"))


def several_tool_calls(*contents: Mapping[str, Any]) -> Reply:
    """One tool call for each content."""
    return Reply(completion=Completion(tuple(map(json.dumps, contents)), form="tools"))


def prose_around(content: Mapping[str, Any]) -> Reply:
    """The JSON in the middle of chat, with braces in the chat too."""
    return answer(
        f"Sure! Here is the {{extracted}} data:\n\n{json.dumps(content, ensure_ascii=False)}\n\n"
        "Let me know if {anything} is missing.",
        form="content",
    )


def markdown_fence(content: Mapping[str, Any], language: str = "json") -> Reply:
    """The JSON in a fence."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return answer(f"```{language}\n{text}\n```", form="content")


def thinking(content: Mapping[str, Any]) -> Reply:
    """The JSON after thoughts that a server has not taken out."""
    text = json.dumps(content, ensure_ascii=False)
    return answer(f'<think>\nMaybe {{"funds": []}}?\n</think>\n\n{text}', form="content")


def duplicate_keys(content: Mapping[str, Any]) -> Reply:
    """The JSON with its first key twice: an empty list first, then what it holds."""
    text = json.dumps(content, ensure_ascii=False)
    return answer(f'{{"{next(iter(content))}": [], {text[1:]}')


def lying_usage(content: str | Mapping[str, Any]) -> Reply:
    """Token counts that no request can have."""
    return answer(content, usage=Tokens(prompt=10**12, completion=10**12, cached=2 * 10**12))


def no_choices() -> Reply:
    """A completion without a choice."""
    return raw({"id": "chatcmpl-none", "object": "chat.completion", "created": 0, "choices": []})


def error_with_200(message: str = "Provider returned error", code: int = 502) -> Reply:
    """An error that a router wraps into a successful response."""
    return raw({"error": {"message": message, "code": code}, "user_id": "user_1"})
