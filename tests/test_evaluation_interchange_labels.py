from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import GoldError
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.interchange.labels import (
    TYPES,
    Label,
    Labelled,
    blank,
    cells_of,
    gold_file,
    labelled,
)
from extractor.evaluation.interchange.offsets import mend
from extractor.grounding import Span
from tests import scored
from tests.interchange import gold_articles, one, regained


@given(gold_articles())
def test_labels_give_back_the_gold_they_were_made_of(gold: GoldArticle) -> None:
    assert regained(labelled(gold), gold) == gold


def changed(label: Label, **cells: str) -> Label:
    return dataclasses.replace(label, cells={**label.cells, **cells})


def test_a_changed_phrase_is_read_anew() -> None:
    gold = one()
    own = labelled(gold)
    fund = changed(own.labels[0], amount="30 million yuan of stabilisation subsidies")
    assert not own.labels[0].more
    amount = changed(fund, amount="3 million yuan")
    made = gold_file(Labelled(own.article, [amount]), gold.article)
    assert made["records"]["funds"][0]["amount"]["value"] == 3_000_000


def test_an_exact_value_holds_only_while_its_cell_is_unchanged() -> None:
    file = scored.gold_file()
    file["records"]["funds"][0]["amount"]["value"] = 999
    gold = one(records=file["records"])
    own = labelled(gold)
    assert gold_file(own, gold.article)["records"]["funds"][0]["amount"]["value"] == 999
    edited = Labelled(own.article, [changed(own.labels[0], amount="20 million yuan")])
    assert gold_file(edited, gold.article)["records"]["funds"][0]["amount"]["value"] == 20_000_000


def test_a_cell_that_cannot_be_read_names_article_region_and_field() -> None:
    gold = one()
    own = labelled(gold)
    wrong = [changed(own.labels[0], amount="some money", kind="")]
    with pytest.raises(GoldError) as caught:
        gold_file(Labelled(own.article, wrong), gold.article)
    first, second = str(caught.value).splitlines()
    assert first == "fenghe-1: region fund-0: fund.kind: is empty"
    assert second.startswith("fenghe-1: region fund-0: fund.amount: no currency amount")


def test_new_records_come_behind_the_known_ones() -> None:
    gold = one()
    own = labelled(gold)
    new = dataclasses.replace(changed(own.labels[0], name="subsidies"), id="x7")
    made = gold_file(Labelled(own.article, [new, *own.labels]), gold.article)
    assert [row["name"] for row in made["records"]["funds"]] == [
        "stabilisation subsidies",
        "subsidies",
    ]


def test_blank_articles_are_labelled_by_hand() -> None:
    own = blank(labelled(one(labelled_by="assisted", story="fair", notes="hard")))
    assert (own.labels, own.about) == ((), {"story": "fair"})


@pytest.mark.parametrize("type_", TYPES)
def test_every_field_that_a_model_writes_is_a_cell(type_: str) -> None:
    schema = TYPES[type_].model_json_schema()
    assert [cell.name for cell in cells_of(type_)] == [
        name for name in schema["properties"] if name != "evidence"
    ]
    assert all(cell.description for cell in cells_of(type_))


_texts = st.text(st.sampled_from("ab 😀中\r\n"), min_size=1, max_size=30)


@given(_texts, st.data())
def test_utf16_offsets_find_the_same_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    units = [len(text[:offset].encode("utf-16-le")) // 2 for offset in (start, end)]
    found = mend(text, units[0], units[1], quote)
    if quote.strip():
        assert found is not None
        assert text[found.start : found.end] == quote


def test_utf16_units_are_mended_to_code_points() -> None:
    assert mend("😀😀 up up", 5, 7, "up") == Span(3, 5)


def test_trimmed_space_and_other_line_breaks_are_mended() -> None:
    assert mend("rose by\n5%", 0, 11, "rose by\r\n5%") == Span(0, 10)
    assert mend("rose by\r\n5%", 0, 10, "rose by\n5%") == Span(0, 11)
    assert mend("it rose", 2, 8, " rose ") == Span(3, 7)


def test_the_nearest_occurrence_is_taken() -> None:
    assert mend("up, up, up", 5, 7, "up") == Span(4, 6)
    assert mend("up ... up", 6, 8, "up") == Span(7, 9)


def test_what_is_not_in_the_text_has_no_place() -> None:
    assert mend("it rose", 0, 4, "fell") is None
    assert mend("it rose", 2, 3, " ") is None


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "extractor", *map(str, arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"COLUMNS": "160", "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold").mkdir()
    content = json.dumps(scored.gold_file())
    (tmp_path / "gold" / "one.json").write_text(content, encoding="utf-8")
    return tmp_path


def test_gold_goes_to_a_tool_and_comes_back(folder: Path) -> None:
    done = run("gold", "export", folder / "gold", "-f", "prodigy", "-o", folder / "out.jsonl")
    assert done.returncode == 0, done.stderr
    line = json.loads((folder / "out.jsonl").read_text(encoding="utf-8"))
    accepted = json.dumps({**line, "answer": "accept"})
    (folder / "out.jsonl").write_text(accepted, encoding="utf-8")
    done = run(
        *("gold", "import", folder / "out.jsonl", "-f", "prodigy", "--gold", folder / "gold"),
        *("-o", folder / "new"),
    )
    assert done.returncode == 0, done.stdout
    made = json.loads((folder / "new" / "fenghe-1.json").read_text(encoding="utf-8"))
    assert made["records"]["funds"] == scored.gold_file()["records"]["funds"]


def test_label_studio_gets_its_configuration_beside_the_tasks(folder: Path) -> None:
    done = run("gold", "export", folder / "gold", "-f", "label-studio", "-o", folder / "t.json")
    assert done.returncode == 0, done.stderr
    assert (folder / "t.xml").read_text(encoding="utf-8").startswith("<View>")


def test_an_article_with_a_complaint_is_not_written(folder: Path) -> None:
    run("gold", "export", folder / "gold", "-f", "doccano", "-o", folder / "out.jsonl")
    line = json.loads((folder / "out.jsonl").read_text(encoding="utf-8"))
    line["text"] = line["text"].replace("subsidies", "money")
    (folder / "out.jsonl").write_text(json.dumps(line), encoding="utf-8")
    done = run(
        *("gold", "import", folder / "out.jsonl", "-f", "doccano", "--gold", folder / "gold"),
        *("-o", folder / "new"),
    )
    assert done.returncode == 1
    assert "fenghe-1: region entity 0: its text is not in the article" in done.stdout
    assert not list((folder / "new").iterdir())
