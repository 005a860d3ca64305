from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given

from extractor.errors import UsageError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange import doccano, prodigy
from extractor.evaluation.interchange.labels import labelled
from tests.interchange import gold_articles, one, regained


def line(tool: ModuleType, gold: GoldArticle, **changes: Any) -> dict[str, Any]:
    """What a tool gives back, if nobody changed anything."""
    written = tool.write([labelled(gold)], {gold.article.id: gold.article})
    found: dict[str, Any] = json.loads(written)
    return {**found, "answer": "accept", **changes}


def back(tool: ModuleType, found: dict[str, Any], gold: GoldArticle) -> Any:
    return tool.read(json.dumps(found), {gold.article.id: gold.article})


@pytest.mark.parametrize("tool", [doccano, prodigy])
@given(gold_articles())
def test_spans_and_relations_give_back_their_gold(tool: ModuleType, gold: GoldArticle) -> None:
    found = back(tool, line(tool, gold), gold)
    assert not found.complaints
    assert regained(found.labelled[0], gold) == gold


@given(gold_articles())
def test_prodigys_spans_begin_and_end_with_tokens(gold: GoldArticle) -> None:
    found = line(prodigy, gold)
    text = gold.article.text
    for token in found["tokens"]:
        assert text[token["start"] : token["end"]] == token["text"]
    for span in found["spans"]:
        if not text[span["start"]].isspace() and not text[span["end"] - 1].isspace():
            assert found["tokens"][span["token_start"]]["start"] == span["start"]
            assert found["tokens"][span["token_end"]]["end"] == span["end"]


@pytest.mark.parametrize("answer", ["reject", "ignore", None])
def test_what_prodigys_annotator_did_not_accept_is_not_labelled(answer: str | None) -> None:
    gold = one()
    assert back(prodigy, line(prodigy, gold, answer=answer), gold).unlabelled == ["fenghe-1"]


def test_a_new_record_is_made_of_its_spans_alone() -> None:
    gold = one()
    (made,) = back(doccano, line(doccano, gold, rest=[]), gold).labelled
    fund, known = made.labels[0], labelled(gold).labels[0]
    assert (fund.type, fund.span, fund.cells) == (known.type, known.span, known.cells)


def test_doccano_may_give_entities_other_ids() -> None:
    gold = one()
    found = line(doccano, gold)
    for entity in found["entities"]:
        entity["id"] += 500
    for relation in found["relations"]:
        relation["from_id"] += 500
        relation["to_id"] += 500
    assert regained(back(doccano, found, gold).labelled[0], gold) == gold


def test_a_document_without_spans_holds_no_record() -> None:
    gold = one()
    found = line(doccano, gold, entities=[], relations=[])
    (made,) = back(doccano, found, gold).labelled
    assert not made.labels


@pytest.mark.parametrize("tool", [doccano, prodigy])
def test_an_unknown_article_is_a_complaint_and_a_broken_line_an_error(tool: ModuleType) -> None:
    gold = one()
    assert tool.read(json.dumps(line(tool, gold)), {}).complaints[0].startswith("fenghe-1: ")
    with pytest.raises(UsageError, match="line 1 is not JSON"):
        tool.read("{", {})
