from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from extractor.errors import UsageError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange.label_studio import COMPLETE, config, read, write
from extractor.evaluation.interchange.labels import TYPES, Imported, cells_of, labelled
from tests.interchange import gold_articles, one, regained

DONE = {
    "id": "done",
    "type": "choices",
    "from_name": "complete",
    "to_name": "text",
    "value": {"choices": [COMPLETE]},
}


def tasks(gold: GoldArticle) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        write([labelled(gold)], {gold.article.id: gold.article})
    )
    return found


def annotated(gold: GoldArticle, **changes: Any) -> dict[str, Any]:
    """A task whose prediction was accepted as it is."""
    (task,) = tasks(gold)
    results = [r for prediction in task["predictions"] for r in prediction["result"]]
    annotation = {"id": 1, "completed_by": 3, "was_cancelled": False, "result": [*results, DONE]}
    return {**task, "annotations": [{**annotation, **changes}]}


def back(*found: dict[str, Any], gold: GoldArticle, annotator: str | None = None) -> Imported:
    return read(json.dumps(list(found)), {gold.article.id: gold.article}, annotator)


@given(gold_articles())
def test_accepted_predictions_are_the_gold_again(gold: GoldArticle) -> None:
    found = back(annotated(gold), gold=gold)
    assert not found.complaints
    assert regained(found.labelled[0], gold) == gold


def test_offsets_in_utf16_units_are_mended() -> None:
    gold = one()
    file = {"id": "smile", "text": f"😀😀 {gold.article.text}", "date": "2024-01-10"}
    task = annotated(gold)
    article = type(gold.article).from_mapping(file)
    task["data"] = {"article_id": "smile", "text": article.text}
    for result in task["annotations"][0]["result"]:
        for end in ("start", "end"):
            if end in result["value"]:
                result["value"][end] += 5
    found = read(json.dumps([task]), {"smile": article})
    assert not found.complaints
    assert [label.span.start for label in found.labelled[0].labels] == [
        label.span.start + 3 for label in labelled(gold).labels
    ]


def test_a_region_that_is_not_in_the_article_is_rejected_by_its_id() -> None:
    gold = one()
    task = annotated(gold)
    task["annotations"][0]["result"][0]["value"]["text"] = "words of another article"
    found = back(task, gold=gold)
    assert found.complaints == ["fenghe-1: region fund-0: its text is not in the article"]
    assert not found.labelled


def test_a_skipped_annotation_says_nothing() -> None:
    gold = one()
    found = back(annotated(gold, was_cancelled=True), gold=gold)
    assert found == ([], [], ["fenghe-1"])


def test_an_empty_annotation_is_a_negative_only_if_it_says_so() -> None:
    gold = one()
    assert back(annotated(gold, result=[]), gold=gold).unlabelled == ["fenghe-1"]
    (empty,) = back(annotated(gold, result=[DONE]), gold=gold).labelled
    assert not empty.labels


def test_a_task_without_annotations_is_not_labelled() -> None:
    gold = one()
    assert back(*tasks(gold), gold=gold).unlabelled == ["fenghe-1"]


def test_ground_truth_wins_over_other_annotations() -> None:
    gold = one()
    task = annotated(gold)
    other = {**task["annotations"][0], "result": [DONE], "ground_truth": True}
    task["annotations"].append(other)
    (found,) = back(task, gold=gold).labelled
    assert not found.labels


def test_several_annotations_need_a_name() -> None:
    gold = one()
    task = annotated(gold)
    other = {**task["annotations"][0], "completed_by": {"id": 4, "email": "b@example.org"}}
    task["annotations"].append({**other, "result": [DONE]})
    assert "name one" in back(task, gold=gold).complaints[0]
    (found,) = back(task, gold=gold, annotator="b@example.org").labelled
    assert not found.labels


def test_a_linked_region_without_fields_adds_evidence() -> None:
    gold = one()
    task = annotated(gold)
    results = task["annotations"][0]["result"]
    place = {"start": 71, "end": 90, "text": gold.article.text[71:90], "labels": ["fund"]}
    results += [
        {"id": "r2", "from_name": "type", "to_name": "text", "type": "labels", "value": place},
        {"from_id": "r2", "to_id": "fund-0", "type": "relation", "labels": ["same_record"]},
    ]
    (found,) = back(task, gold=gold).labelled
    assert [tuple(label.span) for label in found.labels if label.type == "fund"] == [(0, 90)]


def test_another_export_is_refused() -> None:
    with pytest.raises(UsageError, match="JSON-MIN"):
        read('[{"id": 1, "text": "x"}]', {})


def test_the_configuration_has_a_control_for_every_field() -> None:
    names = [element.get("name") for element in ET.fromstring(config()).iter()]
    for type_ in TYPES:
        for cell in cells_of(type_):
            assert names.count(f"{type_}_{cell.name}") == 1


@pytest.mark.slow
def test_label_studios_own_sdk_accepts_configuration_and_annotations() -> None:
    """Needs `pip install label-studio-sdk`, in an environment of its own."""
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(config())
    assert interface.validate_annotation(annotated(one())["annotations"][0])


@contextlib.contextmanager
def server(program: str, folder: Path) -> Iterator[int]:
    """Label Studio on a port of this machine, with its data in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    user = ["--username", "a@example.org", "--password", "invented-1", "--user-token", TOKEN]
    quiet = {
        "HOME": str(folder),
        "LATEST_VERSION_CHECK": "false",
        "COLLECT_ANALYTICS": "false",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "PYTHONUNBUFFERED": "1",
    }
    arguments = ["start", "--no-browser", "--port", str(port), "--data-dir", str(folder), *user]
    with subprocess.Popen(
        [program, *arguments],
        env={"PATH": os.environ["PATH"], **quiet},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "Starting development server" in line:
                    break
            yield port
        finally:
            process.kill()


TOKEN = "0" * 20 + "1" * 20


def call(port: int, method: str, path: str, body: Any = None) -> Any:
    head = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with contextlib.closing(connection):
        connection.request(method, path, None if body is None else json.dumps(body), head)
        answer = connection.getresponse()
        content = answer.read()
    assert answer.status < 300, content[:500]
    return json.loads(content)


@pytest.mark.slow
def test_the_real_label_studio_imports_and_exports_what_we_write(tmp_path: Path) -> None:
    """Needs `label-studio` of PyPI in an environment of its own, its program in the path."""
    program = shutil.which("label-studio")
    if program is None:
        pytest.skip("there is no label-studio in the path")
    gold = one()
    with server(program, tmp_path) as port:
        made = call(port, "POST", "/api/projects", {"title": "gold", "label_config": config()})
        project = made["id"]
        call(port, "POST", f"/api/projects/{project}/import", tasks(gold))
        (task,) = call(port, "GET", f"/api/tasks?project={project}&fields=all")["tasks"]
        accepted = [*task["predictions"][0]["result"], DONE]
        path = f"/api/tasks/{task['id']}/annotations/"
        call(port, "POST", path, {"result": accepted, "ground_truth": True})
        exported = call(port, "GET", f"/api/projects/{project}/export?exportType=JSON")
    found = back(*exported, gold=gold)
    assert not found.complaints
    assert regained(found.labelled[0], gold) == gold
