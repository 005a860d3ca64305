"""How a chat model is reached and asked: what a user may choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from extractor.grounding import EvidenceForm

Mode: TypeAlias = Literal["json_schema", "tools", "md_json"]
"""How the schema goes out: strict `response_format`, one forced tool, or in the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """What a user may choose for a chat model; None leaves the parameter out of the request.

    Attributes:
        base_url: address of an OpenAI-compatible endpoint, in place of the provider's own.
        mode: how the schema is sent; None finds out from the endpoint's answers.
        evidence: whether the model quotes its evidence or gives the numbers of its sentences.
        prompt: ``NAME@VERSION`` of a prompt that ships, or the path of one's own.
        temperature: sampling temperature.
        max_output_tokens: most tokens of one answer.
        seed: seed of the sampling.
        reasoning_effort: as the endpoint names it, such as ``low``.
        timeout: seconds for one try.
        deadline: seconds for one article, all its requests and tries together; pauses that the
            endpoint asks for do not count.
        tries: how often one request is sent when the transport fails.
        wait: seconds before the second try; doubles with each, up to 60.
        connections: connections that may be open at a time.
        adaptive: find out, from 429s and from how long answers take, how many of the connections
            to use at a time.
        rpm: most requests a minute; None is no limit of one's own.
        tpm: most tokens a minute, of requests and answers together.
        extra: more keys of the request body.
        cache: folder of answers that are not asked for again; made if it is not there.
        price: dollars of input, cached and output tokens, in place of the price list.
    """

    base_url: str | None = None
    mode: Mode | None = None
    evidence: EvidenceForm = "quote"
    prompt: str = "extract@1"
    temperature: float | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    timeout: float = 600.0
    deadline: float | None = 1800.0
    tries: int = 5
    wait: float = 0.5
    connections: int = 8
    adaptive: bool = False
    rpm: float | None = None
    tpm: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    cache: str | Path | None = None
    price: Callable[[int, int, int], float] | None = None

    def asked(self) -> dict[str, Any]:
        """What shapes an answer, for the identity of a run; unset parameters left out."""
        chosen = {
            "temperature": self.temperature,
            "max_output_tokens": self.max_output_tokens,
            "seed": self.seed,
            "reasoning_effort": self.reasoning_effort,
            "extra": dict(self.extra) or None,
            "mode": self.mode or "auto",
            "evidence": self.evidence,
        }
        return {name: value for name, value in chosen.items() if value is not None}
