"""Scripts: what to answer to which request. Each is a function; these build and combine them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from tests.fake_llm.errors import (
    invalid_api_key,
    unsupported_parameter,
    unsupported_response_format,
    unsupported_tools,
)
from tests.fake_llm.received import Mode, Received
from tests.fake_llm.replies import Reply

Script: TypeAlias = Callable[[Received], Reply]
Scripted: TypeAlias = Reply | Sequence[Reply] | Script
"""What can stand for a script: one reply for all, replies in order, or a function."""


class ScriptEndedError(AssertionError):
    """A request came that the script has no answer for."""


def as_script(scripted: Scripted) -> Script:
    """The script that `scripted` stands for."""
    if isinstance(scripted, Reply):
        return always(scripted)
    return in_order(*scripted) if isinstance(scripted, Sequence) else scripted


def always(reply: Reply) -> Script:
    """The same reply to every request."""
    return lambda request: reply


def in_order(*replies: Scripted, then: Scripted | None = None) -> Script:
    """The replies in the order in which requests come; `then` for those beyond the last.

    Raises:
        ScriptEndedError: when called beyond the last, without `then`.
    """
    scripts = [as_script(reply) for reply in replies]
    beyond = None if then is None else as_script(then)
    counter = itertools.count()

    def answer_in_order(request: Received) -> Reply:
        index = next(counter)
        if index < len(scripts):
            return scripts[index](request)
        if beyond is None:
            raise ScriptEndedError(f"request {request.order}: all {len(scripts)} replies are used")
        return beyond(request)

    return answer_in_order


def by_attempt(*replies: Scripted) -> Script:
    """The n-th reply to the n-th request about an article; the last one from then on."""
    scripts = [as_script(reply) for reply in replies]
    return lambda request: scripts[min(request.attempt, len(scripts)) - 1](request)


def by_article(replies: Mapping[str, Scripted], default: Scripted) -> Script:
    """By a string that the article's title or text has (or, without one, the user's messages)."""
    scripts = {string: as_script(reply) for string, reply in replies.items()}
    otherwise = as_script(default)

    def answer_by_article(request: Received) -> Reply:
        article = request.article
        places = (article.title or "", article.text) if article else request.user_texts
        found = (s for s in scripts if any(s in place for place in places))
        return scripts.get(next(found, ""), otherwise)(request)

    return answer_by_article


def faults(
    seed: int,
    shares: Sequence[tuple[float, Scripted]],
    otherwise: Scripted,
    attempts: int | None = None,
) -> Script:
    """Faulty replies by share, drawn from seed, article and attempt: the same in every run.

    Args:
        seed: of the draw.
        shares: share of the requests (0 to 1) and its reply, in this order.
        otherwise: the reply to the rest.
        attempts: from this many attempts on, an article is answered by `otherwise`; None: never.
    """
    scripts = [(share, as_script(reply)) for share, reply in shares]
    good = as_script(otherwise)
    if sum(share for share, _ in scripts) > 1:
        raise ValueError("the shares add up to more than 1")

    def answer_with_faults(request: Received) -> Reply:
        if attempts is not None and request.attempt >= attempts:
            return good(request)
        key = request.article.id if request.article else "".join(request.user_texts)
        drawn = random.Random(f"{seed}:{key}:{request.attempt}").random()
        for share, script in scripts:
            if drawn < share:
                return script(request)
            drawn -= share
        return good(request)

    return answer_with_faults


def each(script: Scripted, change: Callable[[Reply], Reply]) -> Script:
    """The script's replies, changed: slowed down, held, gzipped."""
    inner = as_script(script)
    return lambda request: change(inner(request))


def when(condition: Callable[[Received], bool], reply: Scripted, otherwise: Scripted) -> Script:
    """`reply` where the condition holds, else `otherwise`."""
    yes, no = as_script(reply), as_script(otherwise)
    return lambda request: (yes if condition(request) else no)(request)


# Endpoints that do not take everything


def requires_key(key: str, script: Scripted) -> Script:
    """401 without this key, as bearer token or as Azure's ``api-key``."""

    def wrong(request: Received) -> bool:
        given = request.headers.get("api-key"), request.headers.get("authorization")
        return given[0] != key and given[1] != f"Bearer {key}"

    return when(wrong, invalid_api_key(), script)


def only_modes(modes: Collection[Mode], script: Scripted, refused: Reply | None = None) -> Script:
    """An endpoint that takes only these modes and refuses others in its own words.

    Args:
        modes: those it takes.
        script: its answers.
        refused: its refusal; None: OpenAI's for response formats, Ollama's for tools.
    """
    inner = as_script(script)

    def answer_in_mode(request: Received) -> Reply:
        if request.mode in modes:
            return inner(request)
        if refused is not None:
            return refused
        if request.mode == "tools":
            return unsupported_tools()
        return unsupported_response_format(kind=request.mode)

    return answer_in_mode


def like_gpt5(script: Scripted) -> Script:
    """An endpoint that refuses `max_tokens` and any temperature but 1."""
    inner = as_script(script)

    def answer_like_gpt5(request: Received) -> Reply:
        if "max_tokens" in request.json:
            return unsupported_parameter("max_tokens")
        temperature = request.json.get("temperature")
        if temperature not in (None, 1):
            return unsupported_parameter("temperature", temperature)
        return inner(request)

    return answer_like_gpt5
