"""Requests, rendered: instructor decides once how the schema goes out, then bytes are joined."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

import instructor
from instructor.processing.response import handle_reask_kwargs, handle_response_model
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from extractor.errors import UsageError
from extractor.grounding import EvidenceForm
from extractor.models.base import RecordType
from extractor.models.chat.answers import mapping, tool_calls, written
from extractor.models.options import Mode, ModelOptions
from extractor.models.wire import wire_schema
from extractor.prompting import Prompt, opening

MODES: Mapping[Mode, instructor.Mode] = {
    "json_schema": instructor.Mode.JSON_SCHEMA,
    "tools": instructor.Mode.TOOLS,
    "md_json": instructor.Mode.MD_JSON,
}
_SLOT = "\x00{}\x00"
_OWN = {"messages", "tools", "tool_choice", "response_format", "stream", "mode", "response_model"}

Message = dict[str, Any]


class Requests:
    """The requests of one mode and one set of record types; each kind is prepared once."""

    def __init__(
        self, types: Sequence[RecordType], mode: Mode, base: Mapping[str, Any], prompt: Prompt
    ) -> None:
        """Prepare requests whose other keys are `base`."""
        self._mode = mode
        self._base = dict(base)
        self._prompt = prompt
        self._model = _response_model(tuple(types), prompt.evidence)
        self._opening = opening(prompt, [record_type.key for record_type in types])
        self._draft = self._prepare([*self._opening, _user(_SLOT.format("article"))])
        self._repair = self._prepare(
            [{"role": "system", "content": prompt.repair}, _user(_SLOT.format("records"))]
        )
        self._sweep = self._prepare(
            [{"role": "system", "content": prompt.sweep}, _user(_SLOT.format("figures"))]
        )
        self._continuation = self._prepare(
            [
                *self._opening,
                _user(_SLOT.format("article")),
                _assistant(_SLOT.format("answer")),
                _user(prompt.continuation),
            ]
        )

    def draft(self, article: str) -> bytes:
        """Ask about an article."""
        return _filled(self._draft, article=article)

    def repair(self, records: str) -> bytes:
        """Ask for records again."""
        return _filled(self._repair, records=records)

    def sweep(self, figures: str) -> bytes:
        """Ask about figures that no record covers."""
        return _filled(self._sweep, figures=figures)

    def continuation(self, article: str, answer: str) -> bytes:
        """Ask for what an answer that was cut off left out."""
        return _filled(self._continuation, article=article, answer=answer)

    def reask(self, body: bytes, reply: Mapping[str, Any], problem: str) -> bytes:
        """Ask again after an answer of a wrong shape, in instructor's words."""
        kwargs = handle_reask_kwargs(
            json.loads(body),
            mode=MODES[self._mode],
            response=ChatCompletion.model_construct(**_completion(reply)),
            exception=ValueError(problem),
        )
        return json.dumps(kwargs, ensure_ascii=False).encode("utf-8", "replace")

    def _prepare(self, messages: Sequence[Message]) -> str:
        _, kwargs = handle_response_model(
            self._model, mode=MODES[self._mode], messages=list(messages), **self._base
        )
        return json.dumps(_strict(kwargs), ensure_ascii=False)


def body_base(model: str, options: ModelOptions, length_parameter: str) -> dict[str, Any]:
    """The keys of a request that no article changes; what was not asked for is not there.

    Raises:
        UsageError: `extra` has a key that is not the user's to set.
    """
    if taken := sorted(_OWN & options.extra.keys()):
        raise UsageError(f"--extra cannot set {taken[0]}: the request depends on it")
    chosen = {
        "model": model,
        "temperature": options.temperature,
        length_parameter: options.max_output_tokens,
        "seed": options.seed,
        "reasoning_effort": options.reasoning_effort,
        **options.extra,
    }
    return {name: value for name, value in chosen.items() if value is not None}


@cache
def _response_model(types: tuple[RecordType, ...], evidence: EvidenceForm) -> type[BaseModel]:
    """What instructor takes the schema from; it validates nothing."""
    schema = {"title": "records", **wire_schema(types, evidence)}  # instructor names the tool by it

    class Records(BaseModel):
        """The records of the article, in their lists."""

        wire: ClassVar[dict[str, Any]] = schema

        @classmethod
        def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
            return dict(cls.wire)

    return Records


def _strict(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Instructor sends no `strict`, whatever its modes are called."""
    for tool in kwargs.get("tools", ()):
        tool["function"]["strict"] = True
        tool["function"]["parameters"].pop("title", None)
    form = kwargs.get("response_format") or {}
    if "json_schema" in form:
        form["json_schema"]["strict"] = True
        form["json_schema"]["schema"].pop("title", None)
    return kwargs


def _filled(template: str, **values: str) -> bytes:
    """The template with texts in its slots, each escaped as a part of a JSON string."""
    pieces = template.split("\\u0000")
    return "".join(
        json.dumps(values[piece], ensure_ascii=False)[1:-1] if piece in values else piece
        for piece in pieces
    ).encode("utf-8", "replace")  # a model may write half of a character


def _user(text: str) -> Message:
    return {"role": "user", "content": text}


def _assistant(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _completion(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The reply with typed choices, whatever it lacks; instructor reads their messages."""
    parsed = ChatCompletion.model_validate(
        {
            "id": "",
            "created": 0,
            "model": "",
            "object": "chat.completion",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": _message(reply)},
            ],
        }
    )
    return dict(parsed)


def _message(reply: Mapping[str, Any]) -> Message:
    try:
        message = mapping(reply["choices"][0]["message"])
    except (KeyError, IndexError, TypeError):
        message = {}
    calls = [
        {
            "id": str(call.get("id") or "call"),
            "type": "function",
            "function": {
                "name": str(mapping(call.get("function")).get("name")),
                "arguments": str(mapping(call.get("function")).get("arguments") or ""),
            },
        }
        for call in tool_calls(message)
    ]
    if calls:
        return {"role": "assistant", "content": "", "tool_calls": calls}
    return _assistant(written(message)[0])
