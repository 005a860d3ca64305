"""What an endpoint answered, read as records to be: pure functions over the reply's JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from extractor.results import Step

Outcome: TypeAlias = Literal["complete", "cut", "refused", "filtered", "malformed"]

_SPACE = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        outcome: ``complete``; ``cut``: at the length limit, with the complete leading records;
            ``refused`` by the model; ``filtered`` by the endpoint; ``malformed``.
        lists: draft records by the key of their list.
        problem: what is wrong with a malformed one; never quotes it.
        is_prose: whether it is words without a JSON object: the schema was ignored.
        step: what the request that brought it was for.
    """

    outcome: Outcome
    lists: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    problem: str = ""
    is_prose: bool = False
    step: Step = "answer"


def read_answer(reply: Mapping[str, Any], keys: Sequence[str]) -> Answer:
    """Read a chat completion that should hold the lists named `keys`."""
    try:
        choice = reply["choices"][0]
        finish = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        return Answer("malformed", problem="the reply has no choices")
    message = mapping(choice.get("message"))
    if message.get("refusal"):
        return Answer("refused")
    if finish == "content_filter":
        return Answer("filtered")
    texts = written(message)
    if finish == "length" and _whole(texts, keys).outcome != "complete":
        return Answer("cut", lists=_merged(_leading(text, keys) for text in texts))
    if not any(text.strip() for text in texts):
        return Answer("malformed", problem="the answer is empty")
    return _whole(texts, keys)


def written(message: Mapping[str, Any]) -> list[str]:
    """The arguments of every tool call, or the content, which some endpoints send in parts."""
    called = [mapping(call.get("function")) for call in tool_calls(message)]
    if called:
        return [str(function.get("arguments") or "") for function in called]
    content = message.get("content")
    if isinstance(content, list):
        return ["".join(str(mapping(part).get("text") or "") for part in content)]
    return [str(content or "")]


def tool_calls(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tool calls of a message, whatever else an endpoint puts in their place."""
    calls = message.get("tool_calls")
    return [c for c in calls if isinstance(c, Mapping)] if isinstance(calls, list) else []


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _whole(texts: Sequence[str], keys: Sequence[str]) -> Answer:
    objects = [_object(text, keys) for text in texts]
    found = [o for o in objects if o is not None]
    if len(found) < len(objects):
        return Answer("malformed", problem="the answer is no JSON object", is_prose=not found)
    for answer in found:
        if problem := _shape_problem(answer, keys):
            return Answer("malformed", problem=problem)
    wanted = [{key: answer[key] for key in keys} for answer in found]
    return Answer("complete", lists=_merged(wanted))


def _object(text: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """The JSON object in `text`: the whole of it, else the last one that has one of the keys."""
    try:
        whole = json.loads(text, strict=False, object_pairs_hook=_joined)
    except (ValueError, RecursionError):
        return _embedded(text, keys)
    return whole if isinstance(whole, dict) else None


def _embedded(text: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """An object with prose, a code fence or thoughts around it."""
    last = None
    at = text.find("{")
    while at >= 0:
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict) and value.keys() & set(keys):
                last = value
        at = text.find("{", end)
    return last


def _joined(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object; two lists under one key are one list, so that none of them is lost."""
    joined: dict[str, Any] = {}
    for name, value in pairs:
        if isinstance(value, list) and isinstance(joined.get(name), list):
            joined[name] = [*joined[name], *value]
        else:
            joined[name] = value
    return joined


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_joined)


def _shape_problem(answer: Mapping[str, Any], keys: Sequence[str]) -> str:
    if missing := [key for key in keys if not isinstance(answer.get(key), list)]:
        return f"the answer lacks the list {missing[0]!r}"
    return ""


def _merged(answers: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    merged: dict[str, list[Any]] = {}
    for answer in answers:
        for key, items in answer.items():
            merged.setdefault(key, []).extend(items)
    return merged


def _leading(text: str, keys: Sequence[str]) -> dict[str, list[Any]]:
    """The complete records of an answer that was cut off, in their lists."""
    lists: dict[str, list[Any]] = {}
    opened = re.search(rf'\{{(?=\s*"(?:{"|".join(keys)})"\s*:)', text)
    at = opened.end() if opened else 0
    while at > 0:
        try:
            key, at = _DECODER.raw_decode(text, _past(text, at))
            at = _past(text, at)
            if key not in keys or text[at : at + 1] != ":":
                break
            at = _past(text, at + 1)
            if text[at : at + 1] != "[":
                break
            items, at = _items(text, at + 1)
            lists.setdefault(key, []).extend(items)
        except (ValueError, RecursionError, TypeError):
            break
    return lists


def _past(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _items(text: str, at: int) -> tuple[list[Any], int]:
    """The complete items of a list that begins at `at`; -1 if the list does not end."""
    items: list[Any] = []
    while True:
        at = _past(text, at)
        if text[at : at + 1] == "]":
            return items, at + 1
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return items, -1
        items.append(item)
