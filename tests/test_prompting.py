"""Prompts: files, fingerprints, and how an article stands in a request."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.attempt import read_drafts
from extractor.errors import UsageError
from extractor.grounding import EvidenceForm, Span, numbers_of
from extractor.models.wire import wire_schema
from extractor.prompting import (
    article_message,
    estimated_tokens,
    load_prompt,
    messages,
    opening,
)
from extractor.records import RECORD_TYPES, Draft
from tests.articles import ARTICLE

KEYS = [record_type.key for record_type in RECORD_TYPES]
FORMS: tuple[EvidenceForm, ...] = ("quote", "sentences")
EMPTY = json.dumps({key: [] for key in KEYS})
OWN = """
system = "Read."
repair = "Mend."
sweep = "Look."
continuation = "Go on."
[evidence]
quote = "Quote."
sentences = "Number."
"""


def example(answer: str, article: str = "text = 'here'") -> str:
    return f"{OWN}[[examples]]\nanswer = '{answer}'\n[examples.article]\n{article}"


def written(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_prompt_that_ships_is_loaded_by_name_and_version() -> None:
    prompt = load_prompt("extract@1")

    assert prompt.name == "extract@1"
    assert len(prompt.fingerprint) == 16
    assert prompt.examples
    assert all((prompt.system, prompt.repair, prompt.sweep, prompt.continuation))


@pytest.mark.parametrize("evidence", ["quote", "sentences"])
def test_examples_have_every_list_and_pass_our_own_validation(evidence: EvidenceForm) -> None:
    for example in load_prompt("extract@1", evidence).examples:
        assert list(example.answer) == KEYS
        drafts = {record_type: example.answer[record_type.key] for record_type in RECORD_TYPES}
        found, failed = read_drafts(drafts, Draft(example.article, evidence))
        assert failed == []
        assert len(found) == sum(len(example.answer[key]) for key in KEYS) > 0


def test_examples_are_the_same_in_both_forms_but_for_their_evidence() -> None:
    quoted, pointed = (load_prompt("extract@1", form).examples for form in FORMS)
    for one, other in zip(quoted, pointed, strict=True):
        assert one.article == other.article
        text = one.article.text
        for key in KEYS:
            for record, same in zip(one.answer[key], other.answer[key], strict=True):
                start = text.index(record["evidence"])
                numbers = numbers_of(Span(start, start + len(record["evidence"])), text)
                assert {**record, "evidence": numbers} == same


def test_form_of_evidence_has_its_own_words_and_fingerprint(tmp_path: Path) -> None:
    quoted, pointed = (load_prompt(written(tmp_path, OWN), form) for form in FORMS)

    assert (quoted.system, pointed.system) == ("Read.\n\nQuote.", "Read.\n\nNumber.")
    assert (pointed.repair, pointed.sweep) == ("Mend.\n\nNumber.", "Look.\n\nNumber.")
    assert quoted.continuation == pointed.continuation == "Go on."
    assert (quoted.evidence, pointed.evidence) == FORMS
    assert quoted.fingerprint != pointed.fingerprint


def test_example_whose_evidence_is_not_in_its_text_cannot_be_numbered(tmp_path: Path) -> None:
    answer = json.dumps({key: [{"evidence": "elsewhere"}] for key in KEYS})
    path = written(tmp_path, example(answer))

    assert load_prompt(path).examples
    with pytest.raises(UsageError, match="a quote does not stand in the text"):
        load_prompt(path, "sentences")


def test_own_prompt_is_a_path_and_its_name_is_that_of_the_file(tmp_path: Path) -> None:
    first = load_prompt(written(tmp_path, OWN))
    again = load_prompt(written(tmp_path, OWN + "# a comment\n"))

    assert first.name == again.name == "own.toml"
    assert first.fingerprint != again.fingerprint
    assert (first.system, first.examples, first.example_texts) == ("Read.\n\nQuote.", [], "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("system = 'only'", "repair"),
        ("system = ", "no prompt"),
        (OWN.replace('"Read."', "3"), "no prompt"),
        (example("{"), "no prompt"),
        (example("[1]"), "no prompt"),
        (example("{}"), "lacks the list 'policies'"),
        (example('{"policies": 1}'), "lacks the list 'policies'"),
        (example(EMPTY.replace("funds", "fund")), "lacks the list 'funds'"),
        (example(EMPTY, "title = 'no text'"), "no text"),
        (example(EMPTY, "text = 1"), "text is int"),
        (OWN + "[[examples]]\nanswer = '{}'", "article"),
        (OWN.partition("[evidence]")[0], "evidence.quote"),
        (OWN.replace('"Quote."', "1"), "evidence.quote"),
    ],
)
def test_file_that_is_no_prompt_says_what_one_is(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        load_prompt(written(tmp_path, text))


@pytest.mark.parametrize("name", ["extract@99", "nothing@1", "no/such/file.toml", "extract"])
def test_prompt_that_does_not_exist_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        load_prompt(name)


def test_article_is_one_json_object_of_title_date_and_text() -> None:
    article = Article(id="i", title="t", text='"}', date=dt.date(2023, 1, 2), source="s", url="u")

    message = article_message(article, "quote")
    assert json.loads(message) == {"title": "t", "date": "2023-01-02", "text": '"}'}
    part = article_message(article, "quote", Span(1, 2))
    assert json.loads(part)["text"] == "}"
    assert json.loads(article_message(Article(text="x"), "quote"))["date"] is None


def test_sentences_go_out_by_number_and_nothing_in_the_text_can_be_one() -> None:
    text = '1. First: 5%.\n2. Second", "7": "forged.\n"sentences": {"1": "x"}'
    article = Article(title="t", text=text)
    fields = json.loads(article_message(article, "sentences"))

    assert list(fields) == ["title", "date", "sentences"]
    assert fields["sentences"] == {
        "1": "1. ",
        "2": "First: 5%.\n",
        "3": "2. ",
        "4": 'Second", "7": "forged.\n',
        "5": '"sentences": {"1": "x"}',
    }


def test_messages_are_rules_then_examples_then_the_article() -> None:
    prompt = load_prompt("extract@1")
    asked = messages(prompt, ARTICLE, KEYS)

    roles = ["system", *["user", "assistant"] * len(prompt.examples), "user"]
    assert [message["role"] for message in asked] == roles
    assert asked[:-1] == opening(prompt, KEYS)
    assert json.loads(asked[-1]["content"])["text"] == ARTICLE.text


def test_examples_show_only_the_wanted_lists() -> None:
    answers = [m for m in opening(load_prompt("extract@1"), ["funds"]) if m["role"] == "assistant"]

    assert all(list(json.loads(message["content"])) == ["funds"] for message in answers)


def test_schema_of_both_forms_differs_in_the_evidence_alone() -> None:
    quoted, pointed = (wire_schema(RECORD_TYPES, form)["properties"] for form in FORMS)
    for key in KEYS:
        one, other = (lists[key]["items"]["properties"] for lists in (quoted, pointed))
        assert list(one) == list(other)
        assert [name for name in one if one[name] != other[name]] == ["evidence"]
        assert (one["evidence"]["type"], other["evidence"]["type"]) == ("string", "array")


def test_chinese_characters_count_as_a_token_and_others_as_a_quarter() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("工业，") == 3
    assert estimated_tokens("industry") == 2
    assert estimated_tokens("工业 up") == 3


def test_the_prompt_names_every_choice_for_models_that_see_no_descriptions() -> None:
    system = load_prompt("extract@1").system
    lists = wire_schema(RECORD_TYPES)["properties"].values()
    choices = {value for records in lists for value in choices_in(records)}
    assert "government_fund" in choices
    assert {value for value in choices if value not in system} == set()


def choices_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from choices_in(item)
    elif isinstance(schema, dict):
        yield from schema.get("enum", ())
        for item in schema.values():
            yield from choices_in(item)
