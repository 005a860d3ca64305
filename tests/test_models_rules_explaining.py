"""The way from a record back to its rule."""

from __future__ import annotations

import asyncio
import json
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

import extractor
from extractor.article import Article
from extractor.cli.app import app
from extractor.models.base import Meter
from extractor.models.rules import RulesModel
from extractor.models.rules.ruled import RULES
from extractor.records import RECORD_TYPES, Fund, GrowthMetric

TEXT = "Exports of Wuhu rose by 3% in May. The bank lent 40 million yuan to 12 firms."


def test_every_rule_leads_to_a_function() -> None:
    for target in RULES.values():
        module, _, function = target.partition(":")
        assert callable(getattr(import_module(module), function))


def test_each_record_has_its_rule_its_quote_and_what_stands_in_it() -> None:
    explanations = extractor.explain({"text": TEXT, "date": "2023-07-03"})
    growth = next(e for e in explanations if e.type == "growth_metric")
    assert growth.rule == "growth.change"
    assert growth.function == RULES["growth.change"]
    assert growth.quote in TEXT
    assert [(m.kind, m.text) for m in growth.mentions] == [("change", "3%"), ("period", "in May")]
    assert all(TEXT[m.start : m.end] == m.text for m in growth.mentions)
    assert isinstance(growth.record, GrowthMetric)
    assert growth.errors == ()


def test_the_records_are_those_of_the_model() -> None:
    article = {"text": TEXT, "date": "2023-07-03"}
    explained = {e.record.record_id for e in extractor.explain(article) if e.record}
    records = extractor.extract(article).records
    found = {r.record_id for t in RECORD_TYPES for r in getattr(records, t.key)}
    assert explained == found


def test_only_the_wanted_types_are_explained() -> None:
    assert {e.type for e in extractor.explain(TEXT, [Fund])} == {"fund"}


def test_the_command_shows_rule_quote_and_figures(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(path), "--explain", "--date", "2023-07-03"])
    assert result.exit_code == 0
    assert "growth.change" in result.output
    assert "in May" in result.output


def test_the_command_writes_json_for_machines(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(path), "--explain", "--json"])
    data = json.loads(result.output)
    assert {item["type"] for item in data} == {"fund", "enterprise_count", "growth_metric"}
    assert set(data[0]) == {
        "type", "rule", "function", "quote", "mentions", "record", "draft", "errors",
    }  # fmt: skip


def test_the_model_lets_other_tasks_run() -> None:
    ran: list[str] = []

    async def other() -> None:
        ran.append("other")

    async def both() -> None:
        task = asyncio.create_task(other())
        await RulesModel().draft(Article(text=TEXT), [Fund], Meter())
        assert ran == ["other"]
        await task

    asyncio.run(both())


@pytest.mark.parametrize("text", ["Nothing happened.", "今天天气很好。"])
def test_an_article_without_facts_has_no_explanation(text: str) -> None:
    assert extractor.explain(text) == []
