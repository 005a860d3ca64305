import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from extractor import extract
from extractor.article import INPUT_FIELDS
from extractor.data import schema_names, schema_text
from extractor.errors import ModelError
from extractor.pipeline import AsyncExtractor
from extractor.records import RECORD_TYPES
from tests.articles import ARTICLE, fund
from tests.models import ScriptedModel

ROOT = Path(__file__).parent.parent


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schema_text(name))
    return loaded


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        schema(name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_the_published_schemas_are_what_the_classes_say() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_schemas.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", schema_names())
def test_each_schema_is_valid_and_names_itself(name: str) -> None:
    loaded = schema(name)
    jsonschema.Draft202012Validator.check_schema(loaded)
    assert loaded["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert loaded["$id"] == f"urn:extractor:schema:{name}:1"
    assert loaded["title"]
    assert loaded["description"]


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.type)
def test_every_field_of_a_record_is_documented(record_type: Any) -> None:
    loaded = schema(record_type.type)
    undocumented = [
        name
        for name, field in loaded["properties"].items()
        if "description" not in field
        and "description" not in loaded["$defs"].get(field.get("$ref", "").split("/")[-1], {})
        and not any("$ref" in option for option in field.get("anyOf", ()))
    ]
    assert undocumented == []


def test_a_result_a_failure_and_their_records_are_valid() -> None:
    result = json.loads(extract(ARTICLE).model_dump_json())
    assert sum(map(len, result["records"].values())) >= 5
    validator("output").validate(result)
    for record_type in RECORD_TYPES:
        for record in result["records"][record_type.key]:
            validator(record_type.type).validate(record)


def test_a_rejection_and_a_failure_are_valid_lines() -> None:
    rejected = extract(ARTICLE, ScriptedModel({RECORD_TYPES[1]: [fund(evidence="x")]}))
    validator("output").validate(json.loads(rejected.model_dump_json()))

    def fail(article: object) -> None:
        raise ModelError("no answer")

    import asyncio

    failure = asyncio.run(AsyncExtractor(ScriptedModel(on_article=fail)).outcome(ARTICLE))
    validator("output").validate(json.loads(failure.model_dump_json()))


@pytest.mark.parametrize(
    "change",
    [
        {"status": "failed"},
        {"records": []},
        {"surprise": 1},
        {"usage": None},
        {"text_sha256": 5},
    ],
)
def test_the_output_schema_refuses_a_broken_line(change: dict[str, Any]) -> None:
    result = json.loads(extract(ARTICLE).model_dump_json())
    assert not validator("output").is_valid(result | change)


def test_the_article_schema_knows_every_input_field() -> None:
    assert set(schema("article")["properties"]) == set(INPUT_FIELDS)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "evals" / "gold").glob("*.json")), ids=lambda p: p.stem
)
def test_each_gold_file_is_valid(path: Path) -> None:
    validator("gold").validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "row", (ROOT / "examples" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
)
def test_each_example_is_a_valid_article_and_gives_a_valid_line(row: str) -> None:
    article = json.loads(row)
    validator("article").validate(article)
    validator("output").validate(json.loads(extract(article).model_dump_json()))
