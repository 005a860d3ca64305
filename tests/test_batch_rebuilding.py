from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractor import Article, EnterpriseCount, Fund, GrowthMetric, Policy, extract
from extractor.batch import Reader, expand
from extractor.batch.rebuilding import Rebuilding, rebuild
from extractor.batch.revalidating import Change, changes, rebuilt
from extractor.errors import ModelError, UsageError
from extractor.models.base import Drafts
from tests.articles import ARTICLE, count, fund, growth, policy
from tests.batch_runs import batch, lines, write_articles
from tests.models import ScriptedModel

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles.jsonl"


def anew(output: Path, articles: Path, target: Path) -> Rebuilding:
    totals = Rebuilding()
    rebuild(
        str(output),
        Reader(expand([str(articles)])),
        str(target),
        totals=totals,
        on_invalid=lambda line: None,
    )
    return totals


def test_the_same_code_gives_the_same_lines(tmp_path: Path) -> None:
    output, target = tmp_path / "out.jsonl", tmp_path / "new.jsonl"
    batch(EXAMPLES, output, "rules", audit=True)
    totals = anew(output, EXAMPLES, target)
    assert target.read_bytes() == output.read_bytes()
    assert (totals.articles, totals.changed, totals.without_article) == (6, 0, 0)


def test_records_and_rejected_drafts_of_every_kind_come_back_as_they_were() -> None:
    doubled = growth()
    found = extract(
        ARTICLE,
        ScriptedModel(
            {
                GrowthMetric: [doubled, doubled, growth(change="99.9%"), "nonsense"],
                Fund: [fund(), fund(amount={"text": "64.5 million yuan", "value": 1}), None],
            }
        ),
    )
    assert len(found.rejected) == 5
    again = rebuilt(found, ARTICLE)
    assert again.records == found.records
    assert {r.model_dump_json() for r in again.rejected} == {
        r.model_dump_json() for r in found.rejected
    }
    assert len(again.rejected) == len(found.rejected)


def test_evidence_by_sentence_numbers_stays_where_it_points() -> None:
    text = "Profit rose by 5%.\nThe year began.\nProfit rose by 5%."

    class Pointing(ScriptedModel):
        async def draft(self, *asked: Any) -> Drafts:
            drafts = growth(indicator="Profit", change="5%", region=None, period=None, evidence=[3])
            return Drafts({GrowthMetric: [drafts]}, evidence="sentences")

    article = Article(text=text, id="a")
    found = extract(article, Pointing(identity='pointing {"evidence": "sentences"}'))
    assert found.records.growth_metrics[0].evidence.start > 20
    assert rebuilt(found, article) == found


def test_a_mended_parser_changes_what_it_reads_and_nothing_else() -> None:
    found = extract(ARTICLE, ScriptedModel({Fund: [fund()]}))
    (record,) = found.records.funds
    wrong = record.amount.model_copy(
        update={"value": Decimal(6450000), "flags": ("ambiguous_unit",)}
    )
    records = found.records.model_copy(
        update={"funds": [record.model_copy(update={"amount": wrong})]}
    )
    older = found.model_copy(update={"records": records})
    again = rebuilt(older, ARTICLE)
    assert again == found
    assert list(changes(older, again)) == [
        Change("funds.amount.value", 6450000, 64500000),
        Change("funds.amount.flags", ["ambiguous_unit"], []),
    ]


def test_a_check_that_was_loosened_or_made_stricter_moves_drafts() -> None:
    good = extract(ARTICLE, ScriptedModel({Fund: [fund()]}))
    rejected = extract(ARTICLE, ScriptedModel({Fund: [fund(amount="9 yuan")]})).rejected
    mendable = rejected[0].model_copy(update={"draft": fund()})
    was_rejected = good.model_copy(
        update={"records": good.records.model_copy(update={"funds": []}), "rejected": [mendable]}
    )
    again = rebuilt(was_rejected, ARTICLE)
    assert again.records == good.records
    assert list(changes(was_rejected, again)) == [
        Change("funds", None, "special funds"),
        Change("rejected.number_not_in_evidence", 1, 0),
    ]
    assert next(changes(again, was_rejected)) == Change("funds", "special funds", None)


def test_what_computed_the_values_is_named_anew_and_what_was_asked_is_not() -> None:
    found = extract(ARTICLE, ScriptedModel({}))
    made = found.provenance.model_copy(update={"version": "0.0.1", "parsers": "old"})
    assert rebuilt(found.model_copy(update={"provenance": made}), ARTICLE) == found


def test_the_types_that_were_wanted_are_the_types_that_are_audited(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, {"a": ARTICLE.text})
    batch(source, output, ScriptedModel({}), types=[Fund], audit=True)
    anew(output, source, tmp_path / "new.jsonl")
    assert lines(tmp_path / "new.jsonl") == lines(output)


def test_failures_and_lines_without_their_article_stay_as_they_are(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"

    def fail(article: Article) -> None:
        if article.id == "bad":
            raise ModelError("no answer")

    write_articles(source, {"gone": "Left.", "bad": "Fails.", "other": "As it was.", "a": "Good."})
    batch(source, output, ScriptedModel(on_article=fail))
    write_articles(source, {"a": "Good.", "bad": "Fails.", "other": "Not as it was.", "b": "New."})
    totals = anew(output, source, tmp_path / "new.jsonl")
    assert (totals.articles, totals.failed, totals.without_article) == (1, 1, 2)
    found = {row["id"]: row for row in lines(tmp_path / "new.jsonl")}
    assert list(found) == ["a", "bad", "gone", "other"]
    assert found == {row["id"]: row for row in lines(output)}


def test_what_a_killed_run_left_in_its_journal_is_made_anew_too(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, {"a": "Good.", "b": "Better."})
    batch(source, output, ScriptedModel())
    whole = lines(output)
    output.rename(f"{output}.journal")
    anew(output, source, tmp_path / "new.jsonl")
    assert lines(tmp_path / "new.jsonl") == whole
    assert Path(f"{output}.journal").exists()


def test_a_line_of_another_schema_is_said_with_its_article(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, {"a": "Good."})
    batch(source, output, ScriptedModel())
    output.write_bytes(output.read_bytes().replace(b'"records":{', b'"records":{"grants":[],'))
    with pytest.raises(UsageError, match=r"line of 'a' is of another schema: .*records\.grants"):
        anew(output, source, tmp_path / "new.jsonl")


def test_neither_the_output_nor_the_articles_are_written_over(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_articles(source, {"a": "Good."})
    batch(source, output, ScriptedModel())
    for target in (source, output, Path(f"{output}.index")):
        with pytest.raises(UsageError, match="both input and output"):
            anew(output, source, target)
    with pytest.raises(UsageError, match="no such output"):
        anew(tmp_path / "missing.jsonl", source, tmp_path / "new.jsonl")


def test_counts_of_other_types_come_back_too() -> None:
    found = extract(ARTICLE, ScriptedModel({EnterpriseCount: [count()], Policy: [policy()]}))
    assert not found.rejected
    assert rebuilt(found, ARTICLE) == found
