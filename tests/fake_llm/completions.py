"""A completion as OpenAI's bodies: a whole one, or the events of a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fake_llm.received import Received
from tests.fake_llm.replies import Completion, Tokens

CREATED = 1_700_000_000
"""Unix time of the first answer; later ones count on, so that runs are alike."""
_PIECE = 40


def completion_body(request: Received, completion: Completion) -> dict[str, Any]:
    """The ``chat.completion`` object."""
    message, finish_reason = _message(request, completion)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}
    body = {**_head(request, completion), "object": "chat.completion", "choices": [choice]}
    if completion.usage != "missing":
        body["usage"] = _usage(request, completion)
    return body


def completion_events(request: Received, completion: Completion) -> Iterator[bytes]:
    """The server-sent events: role, pieces, the end, usage if it was asked for, ``[DONE]``."""
    message, finish_reason = _message(request, completion)
    head = {**_head(request, completion), "object": "chat.completion.chunk"}

    def event(delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _event({**head, "choices": [choice]})

    yield event({"role": "assistant", "content": None})
    for name in ("content", "refusal"):
        for piece in _pieces(message.get(name)):
            yield event({name: piece})
    for index, call in enumerate(message.get("tool_calls") or ()):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield event({"tool_calls": [{**call, "index": index, "function": function}]})
        for piece in _pieces(call["function"]["arguments"]):
            yield event({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield event({}, finish_reason)
    if request.wants_usage_chunk and completion.usage != "missing":
        yield _event({**head, "choices": [], "usage": _usage(request, completion)})
    yield b"data: [DONE]\n\n"


def _event(value: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def _pieces(text: str | None) -> Iterator[str]:
    for start in range(0, len(text or ""), _PIECE):
        yield (text or "")[start : start + _PIECE]


def _head(request: Received, completion: Completion) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{request.order:06}",
        "created": CREATED + request.order,
        "model": completion.model or request.model,
        "system_fingerprint": completion.fingerprint,
        "service_tier": completion.service_tier,
    }


def _message(request: Received, completion: Completion) -> tuple[dict[str, Any], str]:
    """The message, and why it ended."""
    message: dict[str, Any] = {"role": "assistant", "content": None}
    message["refusal"] = completion.refusal
    as_tools = completion.form == "tools" or (completion.form == "asked" and request.tool_name)
    if not as_tools or not completion.texts:
        message["content"] = "".join(completion.texts) if completion.texts else None
        return message, completion.finish_reason or "stop"
    name = request.tool_name or "records"
    message["tool_calls"] = [
        {
            "id": f"call_{request.order:06}_{index}",
            "type": "function",
            "function": {"name": name, "arguments": text},
        }
        for index, text in enumerate(completion.texts)
    ]
    # OpenAI reports "stop" for a tool that was asked for by name
    return message, completion.finish_reason or ("stop" if request.named_tool else "tool_calls")


def _usage(request: Received, completion: Completion) -> dict[str, Any] | None:
    tokens = completion.usage
    if tokens == "counted":
        written = "".join(completion.texts) + (completion.refusal or "")
        tokens = Tokens(len(request.raw) // 4, len(written) // 4)
    if not isinstance(tokens, Tokens):
        return None
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.completion,
        "total_tokens": tokens.prompt + tokens.completion,
        "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": tokens.reasoning, "audio_tokens": 0},
    }
