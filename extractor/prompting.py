"""Prompts: versioned files, and how an article stands in a request.

A prompt is a TOML file with the texts `system`, `repair`, `sweep` and `continuation`, a table
`evidence` that says for each form how evidence is written, and a list of `examples`, each an
`article` and the `answer` to it, its evidence quoted. No template engine ever sees an article: it
is a message of its own, a JSON object, so that nothing in it can end it, nor number a sentence.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from extractor.article import Article
from extractor.data import folder
from extractor.errors import ArticleError, UsageError
from extractor.grounding import EvidenceForm, Span, numbered, numbers_of
from extractor.records import RECORD_TYPES

_TEXTS = ("system", "repair", "sweep", "continuation")
_ON_THEIR_OWN = ("system", "repair", "sweep")
_CHINESE = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
_NAME = re.compile(r"[\w-]+@\d+")


@dataclass(frozen=True)
class Example:
    """An article and the answer to it, as a model would give it."""

    article: Article
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Prompt:
    """A version of a prompt.

    Attributes:
        name: ``NAME@VERSION``, or the file name of one's own.
        evidence: the form in which evidence is asked for.
        fingerprint: 16 hex digits of a SHA-256 over the form and the file.
        system: the rules, which never change within a run.
        repair: what to do with drafts that failed.
        sweep: what to do with figures that no record covers.
        continuation: what to do after an answer that was cut off.
        examples: worked articles, with evidence in that form.
    """

    name: str
    evidence: EvidenceForm
    fingerprint: str
    system: str
    repair: str
    sweep: str
    continuation: str
    examples: Sequence[Example]

    @cached_property
    def example_texts(self) -> str:
        """The texts of the examples: whatever is quoted from them has leaked."""
        return "\n".join(example.article.text for example in self.examples)


def load_prompt(name: str, evidence: EvidenceForm = "quote") -> Prompt:
    """The prompt of that name, or in that file, as it asks for evidence in this form.

    Raises:
        UsageError: there is no such prompt, or the file is none.
    """
    if _NAME.fullmatch(name):
        data, shown = _shipped(name), name
    else:
        path = Path(name)
        try:
            data, shown = path.read_bytes(), path.name
        except OSError as error:
            raise UsageError(f"the prompt {name} cannot be read: {error.strerror}") from None
    try:
        fields = tomllib.loads(data.decode())
        examples = [_example(example, evidence) for example in fields.get("examples", [])]
        texts = {part: fields[part].strip() for part in _TEXTS}
        form = fields["evidence"][evidence].strip()
    except (ArticleError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"{shown} is no prompt: a TOML file with {', '.join(_TEXTS)}, evidence.{evidence} and "
            f"examples ({error})"
        ) from None
    digest = hashlib.sha256(evidence.encode() + b"\n" + data).hexdigest()[:16]
    texts |= {part: f"{texts[part]}\n\n{form}" for part in _ON_THEIR_OWN}
    return Prompt(shown, evidence, digest, examples=examples, **texts)


def _example(fields: Mapping[str, Any], evidence: EvidenceForm) -> Example:
    """An example of a file; its quotes become numbers where those are asked for.

    Raises:
        ValueError: a quote does not stand in the text, or the answer lacks a list.
    """
    article, answer = Article.from_mapping(fields["article"]), json.loads(fields["answer"])
    if lacking := [t.key for t in RECORD_TYPES if not isinstance(answer.get(t.key), list)]:
        raise ValueError(f"the answer of an example lacks the list {lacking[0]!r}")
    if evidence == "sentences":
        answer = with_numbers(answer, article.text)
    return Example(article, answer)


def with_numbers(answer: Mapping[str, Sequence[Mapping[str, Any]]], text: str) -> dict[str, Any]:
    """An answer with the numbers of its sentences in place of its quotes.

    Raises:
        ValueError: a quote does not stand in the text.
    """
    return {
        key: [{**record, "evidence": _numbers(record, text)} for record in records]
        for key, records in answer.items()
    }


def _numbers(record: Mapping[str, Any], text: str) -> list[int]:
    start = text.find(record["evidence"])
    if start < 0:
        raise ValueError("a quote does not stand in the text")
    return numbers_of(Span(start, start + len(record["evidence"])), text)


def _shipped(name: str) -> bytes:
    prompts = folder("prompts")
    names = sorted(e.name.removesuffix(".toml") for e in prompts.iterdir() if "@" in e.name)
    if name not in names:
        raise UsageError(f"there is no prompt {name!r}: there are {', '.join(names)}")
    return (prompts / f"{name}.toml").read_bytes()


def article_message(article: Article, evidence: EvidenceForm, part: Span | None = None) -> str:
    """All that leaves the machine of an article: title, date, and its text or numbered sentences.

    Args:
        article: what is asked about.
        evidence: the form in which the answer points at evidence.
        part: what is sent of the text, if it is split.
    """
    part = part or Span(0, len(article.text))
    sent: dict[str, Any] = {
        "title": article.title,
        "date": article.date and article.date.isoformat(),
    }
    if evidence == "sentences":
        sent["sentences"] = numbered(article.text, part)
    else:
        sent["text"] = article.text[part.start : part.end]
    return json.dumps(sent, ensure_ascii=False)


def opening(prompt: Prompt, keys: Sequence[str]) -> list[dict[str, str]]:
    """The messages before an article: the rules, then each example with its answer."""
    opened = [{"role": "system", "content": prompt.system}]
    for example in prompt.examples:
        answer = {key: example.answer[key] for key in keys}
        opened += [
            {"role": "user", "content": article_message(example.article, prompt.evidence)},
            {"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)},
        ]
    return opened


def messages(prompt: Prompt, article: Article, keys: Sequence[str]) -> list[dict[str, str]]:
    """All messages of a request about an article, for the lists named `keys`."""
    asked = article_message(article, prompt.evidence)
    return [*opening(prompt, keys), {"role": "user", "content": asked}]


def estimated_tokens(text: str) -> int:
    """Tokens of a text by its characters: Chinese ones count 1, others a quarter.

    A tokenizer would need its tables, and each provider has others. Over articles, answers, rules
    and schema the tables of OpenAI (o200k, cl100k), Qwen and Mistral give between a third less
    than this (Chinese articles, Qwen) and 30 % more (answers that number sentences, Mistral).
    """
    chinese = len(_CHINESE.findall(text))
    return chinese + (len(text) - chinese + 3) // 4
