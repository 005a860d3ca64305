"""Errors as endpoints word them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any, Literal, TypeAlias

from tests.fake_llm.replies import Reply, raw, with_headers

ContextFlavour: TypeAlias = Literal["openai", "gpt-5", "vllm", "vllm-old", "llamacpp", "ollama"]


def error(
    message: str,
    type: str = "invalid_request_error",
    param: str | None = None,
    code: str | int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The body of an error in OpenAI's shape."""
    return {"error": {"message": message, "type": type, "param": param, "code": code, **more}}


_JSON = "application/json"
_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
_MAX_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. "
    "Use 'max_completion_tokens' instead."
)
_TEMPERATURE = (
    "Unsupported value: 'temperature' does not support {} with this model. "
    "Only the default (1) value is supported."
)
_RESPONSE_FORMATS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "openai": (
        400,
        error(
            "Invalid parameter: 'response_format' of type '{}' is not supported with this model.",
            param="response_format",
        ),
    ),
    "deepseek": (
        400,
        error("This response_format type is unavailable now", code="invalid_request_error"),
    ),
    "volcengine": (
        400,
        error(
            "The parameter `response_format.type` specified in the request are not valid: invalid "
            "value: `{}`, supported values are: `json_object` and `text`.",
            "BadRequest",
            "response_format.type",
            "InvalidParameter",
        ),
    ),
    "llama-cpp-python": (
        500,
        error(
            "[{{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), "
            "'msg': \"Input should be 'text' or 'json_object'\", 'input': '{}'}}]",
            "internal_server_error",
        ),
    ),
}


def status(
    code: int,
    body: Mapping[str, Any] | str | None = None,
    retry_after: str | float | dt.datetime | None = None,
) -> Reply:
    """A reply of this status.

    Args:
        code: the HTTP status.
        body: an object, or text that goes out as HTML; without one, an error that fits.
        retry_after: the header's value as it is, seconds, or a time for an HTTP date.
    """
    if body is None:
        kind = "server_error" if code >= 500 else _TYPES.get(code, "invalid_request_error")
        body = error(f"The server answered with {code}.", kind)
    reply = raw(body, code, content_type="text/html" if isinstance(body, str) else _JSON)
    if retry_after is None:
        return reply
    if isinstance(retry_after, dt.datetime):
        retry_after = format_datetime(retry_after.astimezone(dt.UTC), usegmt=True)
    return with_headers(reply, retry_after=str(retry_after))


def rate_limited(retry_after: str | float | dt.datetime | None = "1", what: str = "RPM") -> Reply:
    """429: too many requests or tokens a minute."""
    kind = "tokens" if what == "TPM" else "requests"
    message = (
        f"Rate limit reached for fake-model in organization org-fake on {kind} per min ({what}). "
        "Please try again later."
    )
    return status(429, error(message, kind, code="rate_limit_exceeded"), retry_after)


def insufficient_quota() -> Reply:
    """429 that no waiting mends."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return status(429, error(message, "insufficient_quota", code="insufficient_quota"))


def invalid_api_key() -> Reply:
    """401, quoting the key in part, as the provider does."""
    message = (
        "Incorrect API key provided: sk-fake****************key. You can find your API key in the "
        "account settings."
    )
    return status(401, error(message, code="invalid_api_key"))


def permission_denied() -> Reply:
    """403: a region or a model that this key may not use."""
    message = "Country, region, or territory not supported"
    return status(
        403, error(message, "request_forbidden", code="unsupported_country_region_territory")
    )


def model_not_found(model: str = "fake-model") -> Reply:
    """404."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return status(404, error(message, code="model_not_found"))


def context_length_exceeded(
    flavour: ContextFlavour = "openai", prompt: int = 9000, limit: int = 8192
) -> Reply:
    """400: the prompt is too long; token counts as the flavour states them."""
    context = f"This model's maximum context length is {limit} tokens."
    vllm = "BadRequestError"
    bodies: dict[ContextFlavour, dict[str, Any]] = {
        "openai": error(
            f"{context} However, your messages resulted in {prompt} tokens. Please reduce the "
            "length of the messages.",
            param="messages",
            code="context_length_exceeded",
        ),
        "gpt-5": error(
            f"Input tokens exceed the configured limit of {limit} tokens. Your messages resulted "
            f"in {prompt} tokens. Please reduce the length of the messages.",
            param="messages",
            code="context_length_exceeded",
        ),
        "vllm": error(
            f"{context} However, your request has {prompt} input tokens. Please reduce the length "
            "of the input messages.",
            vllm,
            code=400,
        ),
        "vllm-old": {
            "object": "error",
            "message": f"{context} However, you requested {prompt + 1000} tokens ({prompt} in the "
            "messages, 1000 in the completion). Please reduce the length of the messages or "
            "completion.",
            "type": vllm,
            "param": None,
            "code": 400,
        },
        "llamacpp": {
            "error": {
                "code": 400,
                "message": f"request ({prompt} tokens) exceeds the available context size "
                f"({limit} tokens), try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": prompt,
                "n_ctx": limit,
            }
        },
        "ollama": error("the input length exceeds the context length", "api_error"),
    }
    return status(400, bodies[flavour])


def unsupported_parameter(param: str = "max_tokens", value: float = 0) -> Reply:
    """400, as gpt-5 words it for `max_tokens`, for `temperature`, and for anything else."""
    if param == "temperature":
        message = _TEMPERATURE.format(value)
        return status(400, error(message, param=param, code="unsupported_value"))
    plain = f"Unsupported parameter: '{param}' is not supported with this model."
    message = _MAX_TOKENS if param == "max_tokens" else plain
    return status(400, error(message, param=param, code="unsupported_parameter"))


def unknown_parameter(param: str = "max_completion_tokens") -> Reply:
    """400, as servers that know only the older names word it."""
    return status(400, error(f"Unrecognized request argument supplied: {param}"))


def unsupported_response_format(
    flavour: Literal["openai", "deepseek", "volcengine", "llama-cpp-python"] = "openai",
    kind: str = "json_schema",
) -> Reply:
    """The response format is not to be had: 400, or a 500 that no retry mends."""
    code, body = _RESPONSE_FORMATS[flavour]
    message = body["error"]["message"].format(kind)
    return status(code, {"error": {**body["error"], "message": message}})


def unsupported_strict(where: str = "tools[0].function.strict") -> Reply:
    """422, from a server that takes no key it does not know."""
    detail = [{"type": "extra_forbidden", "loc": where, "msg": "Extra inputs are not permitted"}]
    return status(422, {"object": "error", "message": {"detail": detail}, "code": None})


def invalid_schema_for(where: str = "response_format", name: str = "records") -> Reply:
    """400: the schema is not of the kind that strict output takes."""
    message = (
        f"Invalid schema for {where} '{name}': In context=(), 'additionalProperties' is required "
        "to be supplied and to be false."
    )
    return status(400, error(message, param=where, code="invalid_schema"))


def unsupported_tools(
    flavour: Literal["ollama", "vllm"] = "ollama", model: str = "fake-model"
) -> Reply:
    """400: the model, or the server as it was started, takes no tools."""
    if flavour == "vllm":
        message = (
            '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
        )
        return status(400, error(message, "BadRequestError", code=400))
    return status(
        400, error(f"registry.ollama.ai/library/{model} does not support tools", "api_error")
    )


def prompt_filtered() -> Reply:
    """400: the prompt, as Azure's filter words it."""
    message = (
        "The response was filtered due to the prompt triggering Azure OpenAI's content management "
        "policy. Please modify your prompt and retry."
    )
    result = {"violence": {"filtered": True, "severity": "medium"}}
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result}
    body = error(message, param="prompt", code="content_filter", status=400, innererror=inner)
    body["error"]["type"] = None
    return status(400, body)


def bad_gateway(code: int = 502) -> Reply:
    """5xx with the HTML of a proxy."""
    return status(
        code, f"<html><head><title>{code}</title></head><body><center>nginx</center></body></html>"
    )
