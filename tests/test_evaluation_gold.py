from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from extractor.article import Article
from extractor.data import schema_text
from extractor.errors import GoldError, UsageError
from extractor.evaluation.drafting import draft, file_name, file_text
from extractor.evaluation.gold import gold_hash, load_gold, parse_gold
from extractor.evaluation.gold_checks import complaints
from extractor.evaluation.sampling import Sampled
from tests.scored import extraction, gold_file


def parsed(file: dict[str, Any]) -> Any:
    return parse_gold(json.dumps(file), "x.json")


def test_the_invented_gold_file_follows_the_published_schema() -> None:
    jsonschema.validate(gold_file(), json.loads(schema_text("gold")))


def test_what_code_computes_is_computed_when_gold_is_loaded() -> None:
    found = parsed(gold_file()).records
    (fund,) = found.funds
    assert fund.evidence.start == 0
    assert fund.amount.at is not None
    assert fund.period.at == (0, 7)
    assert len(fund.record_id) == 16


def test_optional_keys_have_their_defaults() -> None:
    found = parsed(gold_file())
    assert (found.split, found.labelled_by, found.weight) == ("dev", "hand", 1)
    assert found.cluster == "fenghe-1"
    assert parsed(gold_file(story="flood")).cluster == "flood"


def test_a_quote_that_is_not_in_the_text_names_file_record_and_quote() -> None:
    file = gold_file()
    file["records"]["funds"][0]["evidence"] = "the city paid 31 million yuan"
    with pytest.raises(GoldError, match=r"x\.json: funds\[0\]\.evidence: .*“the city paid 31"):
        parsed(file)


def test_every_error_of_a_file_is_named_at_once() -> None:
    file = gold_file()
    file["records"]["funds"][0]["kind"] = "gift"
    del file["records"]["growth_metrics"][0]["basis"]
    with pytest.raises(GoldError) as caught:
        parsed(file)
    lines = str(caught.value).splitlines()
    assert ["funds[0].kind" in lines[0], "growth_metrics[0].basis" in lines[1]] == [True, True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"split": "train"}, "split"),
        ({"weight": 0}, "weight"),
        ({"remarks": "none"}, "remarks"),
        ({"article": {"text": "Something happened."}}, "id is missing"),
        ({"article": {"id": "a", "text": "Something.", "author": "b"}}, "author"),
        ({"optional": [{"type": "fund", "index": 3}]}, r"no funds\[3\]"),
        (
            {"exceptions": [{"type": "fund", "index": 0, "field": "sum", "reason": "r"}]},
            "no field 'sum'",
        ),
    ],
)
def test_a_file_that_breaks_its_own_rules_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(GoldError, match=message):
        parsed({**gold_file(), **change})


@pytest.mark.parametrize("content", ["", "[]", "{", '{"article": {}}'])
def test_what_is_no_gold_file_at_all_is_refused(content: str) -> None:
    with pytest.raises(GoldError, match=r"x\.json"):
        parse_gold(content, "x.json")


def test_a_quote_that_stands_twice_is_placed_where_the_file_says() -> None:
    file = gold_file()
    second = len(file["article"]["text"]) + 1
    file["article"]["text"] += "\n" + file["article"]["text"]
    file["records"]["funds"][0]["evidence_start"] = second
    assert parsed(file).records.funds[0].evidence.start == second


def written(folder: Path, *files: dict[str, Any]) -> Path:
    for number, file in enumerate(files):
        (folder / f"{number}.json").write_text(json.dumps(file), encoding="utf-8")
    return folder


def another(id_: str, **more: Any) -> dict[str, Any]:
    file = gold_file(**more)
    file["article"]["id"] = id_
    return file


def test_folders_are_read_by_split_and_sorted_by_article(tmp_path: Path) -> None:
    folder = written(tmp_path, another("b", split="test"), another("a"), another("c"))
    assert [g.article.id for g in load_gold([folder])] == ["a", "b", "c"]
    assert [g.article.id for g in load_gold([folder], "test")] == ["b"]


def test_an_article_that_is_labelled_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="as well"):
        load_gold([written(tmp_path, another("a"), another("a"))])


def test_a_folder_without_gold_and_a_split_without_articles_are_usage_errors(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match="no gold file"):
        load_gold([tmp_path])
    with pytest.raises(UsageError, match="split 'test'"):
        load_gold([written(tmp_path, another("a"))], "test")


def test_the_hash_is_of_what_is_scored() -> None:
    base = parsed(gold_file())
    assert gold_hash([base]) == gold_hash([parsed(gold_file(notes="hard", split="test"))])
    assert gold_hash([base]) != gold_hash([parsed(gold_file(weight=2))])
    other = gold_file()
    other["records"]["funds"][0]["status"] = "planned"
    assert gold_hash([base]) != gold_hash([parsed(other)])


def test_sound_gold_has_no_complaints() -> None:
    assert complaints(parsed(gold_file())) == []


def test_a_value_that_does_not_re_derive_is_doubtful_unless_excepted() -> None:
    file = gold_file()
    file["records"]["funds"][0]["amount"]["value"] = 3_000_000
    (line,) = complaints(parsed(file))
    assert line.startswith("x.json: funds[0].amount: the phrase reads as value 30000000")
    file["exceptions"] = [{"type": "fund", "index": 0, "field": "amount", "reason": "a misprint"}]
    assert complaints(parsed(file)) == []


def test_words_that_are_not_the_articles_are_doubtful() -> None:
    file = gold_file()
    file["records"]["funds"][0]["name"] = "training vouchers"
    (line,) = complaints(parsed(file))
    assert line.startswith("x.json: funds[0].name:")


def test_assisted_labels_may_not_judge() -> None:
    (line,) = complaints(parsed(gold_file(labelled_by="assisted", split="test")))
    assert "assisted" in line


def test_draft_gold_is_marked_as_assisted_and_reads_back() -> None:
    own = parsed(gold_file())
    sampled = Sampled(own.article.id, own.article.text_sha256, {"lang": "en"}, 0.25, 4.0)
    file = draft(extraction(own.article, own.records), own.article, sampled)
    again = parse_gold(file_text(file), "y.json")
    assert (again.labelled_by, again.origin, again.weight) == ("assisted", "sampled", 4)
    assert again.records == own.records


def test_a_draft_of_another_text_is_refused() -> None:
    own = parsed(gold_file())
    other = Article(text="Another text.", id=own.article.id)
    with pytest.raises(UsageError, match="not the one that was read"):
        draft(extraction(own.article, own.records), other, None)


@pytest.mark.parametrize("id_", ["../../etc/passwd", "a/b", "", "..", "记者", "a" * 300])
def test_a_file_name_stays_in_its_folder(id_: str) -> None:
    name = file_name(id_)
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name) < 120


def test_different_ids_have_different_file_names() -> None:
    assert file_name("a/b") != file_name("a-b")
