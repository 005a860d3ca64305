import dataclasses

import pytest

from extractor import Article, Fund, GrowthMetric, extract
from extractor.auditing import audit
from extractor.errors import UsageError
from extractor.records import Draft, Record
from tests.articles import ARTICLE, growth

RECORDS = list(extract(ARTICLE).records.all())


def without(*types: type[Record]) -> list[Record]:
    return [record for record in RECORDS if not isinstance(record, types)]


def test_the_rules_themselves_leave_out_none_of_their_figures() -> None:
    assert audit(ARTICLE, extract(ARTICLE)) == []


def test_figures_that_no_evidence_covers_are_listed_with_place_and_quote() -> None:
    found = audit(ARTICLE, [])
    assert {"12.3%", "64.5 million yuan"} <= {figure.phrase for figure in found}
    assert [figure.at for figure in found] == sorted(figure.at for figure in found)
    for figure in found:
        start, end = figure.at
        assert ARTICLE.text[start:end] == figure.phrase
        evidence = figure.evidence
        assert evidence.start <= start < end <= evidence.end
        assert ARTICLE.text[evidence.start : evidence.end] == evidence.quote


def test_a_figure_within_a_records_evidence_is_covered_whatever_that_record_is_of() -> None:
    quote = "increased by 12.3% year-on-year, 4.1 and 2.6 percentage points higher"
    record = GrowthMetric.model_validate(growth(evidence=quote), context=Draft(ARTICLE))
    left = {figure.phrase for figure in audit(ARTICLE, [record])}
    assert left
    assert not left & {"12.3%", "4.1", "2.6 percentage points"}


def test_half_a_figure_is_not_covered() -> None:
    at = next(f for f in audit(ARTICLE, []) if f.phrase == "64.5 million yuan")
    half = at.evidence.model_copy(update={"start": 0, "end": at.at[1] - 1})
    record = RECORDS[0].model_copy(update={"evidence": half})
    assert "64.5 million yuan" in {figure.phrase for figure in audit(ARTICLE, [record])}


def test_a_figure_with_two_facts_is_one() -> None:
    found = audit(ARTICLE, without(GrowthMetric))
    assert len({figure.at for figure in found}) == len(found)
    assert [figure.phrase for figure in found].count("5%") <= 1


def test_only_wanted_types_are_audited() -> None:
    assert {figure.type for figure in audit(ARTICLE, [], [Fund])} == {"fund"}


def test_shares_dates_and_policies_without_a_number_are_no_figures() -> None:
    text = (
        "On July 3, 2023 the city issued the “Action Plan for Bright Lamps”. The lamp industry "
        "accounts for 41.2% of its output and ranks 3rd in the province."
    )
    assert audit(Article(text=text), []) == []


def test_chinese_figures_are_audited_too() -> None:
    text = "上半年，吴城市规模以上工业增加值同比上升8.4%。全市新增专精特新企业26家。"
    assert {figure.phrase for figure in audit(Article(text=text), [])} == {"8.4%", "26家"}


def test_an_extraction_of_another_text_is_refused() -> None:
    other = dataclasses.replace(ARTICLE, text=f"{ARTICLE.text} More.")
    with pytest.raises(UsageError, match="another text"):
        audit(other, extract(ARTICLE))
