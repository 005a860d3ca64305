import datetime as dt
import json
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from pydantic import ValidationError

from extractor import Article, EnterpriseCount, Fund, GrowthMetric, Policy
from extractor.records import RECORD_TYPES, Draft, Gold, Record, link
from extractor.records.base import COMPUTED
from extractor.results import FieldError
from tests.articles import ARTICLE, count, fund, growth, policy

DRAFTS: dict[type[Record], Any] = {
    Policy: policy,
    Fund: fund,
    EnterpriseCount: count,
    GrowthMetric: growth,
}
R = TypeVar("R", bound=Record)
ALL = pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.type)


def read(record_type: type[R], draft: Any, article: Article = ARTICLE) -> R:
    return record_type.model_validate(draft, context=Draft(article))


def codes(record_type: type[Record], draft: Any, article: Article = ARTICLE) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        read(record_type, draft, article)
    return {error.field: error.code for error in FieldError.all_of(caught.value)}


@ALL
def test_a_draft_of_phrases_becomes_a_record_of_values(record_type: type[Record]) -> None:
    record = read(record_type, DRAFTS[record_type]())
    evidence = record.evidence
    assert ARTICLE.text[evidence.start : evidence.end] == evidence.quote


@ALL
def test_a_stored_record_reads_back_as_itself(record_type: type[Record]) -> None:
    record = read(record_type, DRAFTS[record_type]())
    assert record_type.model_validate_json(record.model_dump_json()) == record


@ALL
def test_stored_numbers_are_json_numbers(record_type: type[Record]) -> None:
    stored = json.loads(read(record_type, DRAFTS[record_type]()).model_dump_json())
    for value in stored.values():
        if isinstance(value, dict) and "value" in value:
            assert isinstance(value["value"], int | float)


def test_quantities_are_exact_and_stand_where_the_record_says() -> None:
    record = read(Fund, fund())
    assert record.amount.value == Decimal(64_500_000)
    assert record.amount.currency == "CNY"
    assert record.amount.at is not None
    start, end = record.amount.at
    assert ARTICLE.text[start:end] == "64.5 million yuan"
    assert record.recipient_count is not None
    assert record.recipient_count.value == 53


def test_a_phrase_that_shares_its_unit_with_a_list_has_no_place_of_its_own() -> None:
    record = read(
        GrowthMetric,
        growth(
            change="4.1 percentage points",
            basis="versus_benchmark",
            benchmark="the country",
            evidence="4.1 and 2.6 percentage points higher than the country and the province",
        ),
    )
    assert record.change.value == Decimal("4.1")
    assert record.change.at is None


def test_a_period_outside_the_evidence_is_carried() -> None:
    record = read(GrowthMetric, growth())
    assert record.period is not None
    assert (record.period.start, record.period.end) == (dt.date(2023, 1, 1), dt.date(2023, 5, 31))
    assert set(record.period.flags) == {"year_from_date", "carried"}
    assert record.period.at == (0, len("From January to May"))


def test_a_verb_is_no_month() -> None:
    article = Article(text="Firms may win special funds of 3 million yuan.", date=ARTICLE.date)
    draft = fund(
        amount="3 million yuan", provider=None, recipient=None, region=None, period="May",
        evidence="Firms may win special funds of 3 million yuan",
    )  # fmt: skip
    assert codes(Fund, draft, article) == {"period": "period_not_in_article"}


def test_an_actual_fact_whose_period_ends_after_the_article_runs_on() -> None:
    article = Article(
        text="This year the city arranged special funds of 3 million yuan.", date=ARTICLE.date
    )
    draft = fund(
        amount="3 million yuan", recipient=None, period="This year", region=None,
        evidence="This year the city arranged special funds of 3 million yuan",
    )  # fmt: skip
    period = read(Fund, draft, article).period
    assert period is not None
    assert "runs_on" in period.flags


def test_a_planned_period_without_a_year_lies_ahead() -> None:
    article = Article(
        text="Special funds of 3 million yuan are to be paid in March.", date=ARTICLE.date
    )
    draft = fund(
        name="Special funds", amount="3 million yuan", provider=None, recipient=None, region=None,
        period="in March", status="planned",
        evidence="Special funds of 3 million yuan are to be paid in March",
    )  # fmt: skip
    ahead = read(Fund, draft, article).period
    past = read(Fund, draft | {"status": "actual"}, article).period
    assert ahead is not None
    assert past is not None
    assert (ahead.start, past.start) == (dt.date(2024, 3, 1), dt.date(2023, 3, 1))


def test_the_currency_of_the_evidence_or_the_article_holds_for_a_bare_amount() -> None:
    text = "Bonds (RMB, the same below) were sold. Bonds of 2.5 billion were issued in all."
    draft = fund(
        name="Bonds", kind="bond", amount="2.5 billion", provider=None, recipient=None,
        region=None, evidence="Bonds of 2.5 billion were issued in all",
    )  # fmt: skip
    assert read(Fund, draft, Article(text=text)).amount.currency == "CNY"
    plain = text.replace(" (RMB, the same below)", "")
    assert read(Fund, draft, Article(text=plain)).amount.currency is None


@ALL
def test_the_model_is_asked_for_phrases_and_for_every_key(record_type: type[Record]) -> None:
    schema = record_type.model_json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])
    assert not set(COMPUTED) & set(schema["properties"])
    assert "default" not in json.dumps(schema)
    assert schema["properties"]["evidence"]["type"] == "string"
    assert not {"Money", "Count", "Change", "Period", "Place"} & set(schema.get("$defs", {}))


@ALL
def test_the_published_schema_requires_every_key(record_type: type[Record]) -> None:
    schema = record_type.model_json_schema(mode="serialization")
    assert set(schema["required"]) == set(schema["properties"])
    assert "record_id" in schema["properties"]


@ALL
@pytest.mark.parametrize("field", COMPUTED)
def test_a_model_may_not_write_what_code_computes(record_type: type[Record], field: str) -> None:
    found = codes(record_type, DRAFTS[record_type]() | {field: "ffff"})
    assert found[field] in ("computed", "extra_forbidden")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"evidence": "5"}, "evidence", "evidence_too_short"),
        ({"evidence": ARTICLE.text}, "evidence", "evidence_too_long"),
        ({"evidence": "words that nobody wrote in this article"}, "evidence", "evidence_not_found"),
        ({"evidence": {"quote": "x", "start": 0, "end": 1}}, "evidence", "not_a_phrase"),
        ({"change": "13.3%"}, "change", "number_not_in_evidence"),
        ({"change": "2.3%"}, "change", "number_not_in_evidence"),
        ({"change": "4.1 percentage points"}, "change", "number_not_in_evidence"),
        ({"change": "a lot"}, "change", "phrase"),
        ({"change": 12.3}, "change", "not_a_phrase"),
        ({"change": None}, "change", "not_a_phrase"),
        ({"change": {"text": "12.3%", "value": 99}}, "change", "not_a_phrase"),
        ({"period": "in August"}, "period", "period_not_in_article"),
        ({"period": "the glass industry"}, "period", "phrase"),
        ({"period": {"text": "x"}}, "period", "not_a_phrase"),
        ({"indicator": "retail sales of consumer goods"}, "indicator", "ungrounded"),
        ({"subject": "shipbuilding"}, "subject", "ungrounded"),
        ({"region": "Atlantis City"}, "region", "ungrounded"),
        ({"benchmark": "the moon"}, "benchmark", "ungrounded"),
        ({"direction": "up"}, "direction", "literal_error"),
        ({"status": None}, "status", "literal_error"),
        ({"surprise": 1}, "surprise", "extra_forbidden"),
    ],
)
def test_what_does_not_stand_in_the_article_is_refused_by_field(
    changes: dict[str, Any], field: str, code: str
) -> None:
    assert codes(GrowthMetric, growth(**changes))[field] == code


def test_a_minus_sign_is_dropped_and_the_direction_must_be_a_decrease() -> None:
    article = Article(text="Exports of the city changed by -4.2% in May.", date=ARTICLE.date)
    draft = growth(
        indicator="Exports", change="-4.2%", region=None, period=None,
        evidence="Exports of the city changed by -4.2% in May",
    )  # fmt: skip
    assert codes(GrowthMetric, draft, article) == {"direction": "sign"}
    fallen = read(GrowthMetric, draft | {"direction": "decrease"}, article)
    assert fallen.change.value == Decimal("4.2")


def test_every_wrong_field_is_reported_at_once() -> None:
    found = codes(GrowthMetric, growth(change="13.3%", region="Atlantis", indicator="retail"))
    assert set(found) == {"change", "region", "indicator"}


def test_a_missing_key_is_an_error_of_its_field() -> None:
    draft = growth()
    del draft["basis"]
    assert codes(GrowthMetric, draft) == {"basis": "missing"}


@pytest.mark.parametrize("draft", [None, [], "text", 5, {}])
@ALL
def test_what_is_no_object_is_refused(record_type: type[Record], draft: Any) -> None:
    assert codes(record_type, draft)


def test_no_error_message_quotes_the_article() -> None:
    with pytest.raises(ValidationError) as caught:
        read(GrowthMetric, growth(evidence="canary " * 300, change=["canary"]))
    assert "canary" not in str(caught.value)


def test_parsed_objects_are_the_stored_face_only() -> None:
    stored = read(Fund, fund()).model_dump(mode="json")
    assert codes(Fund, stored)
    with pytest.raises(ValidationError):
        Fund.model_validate(fund())


def gold_of(record: Record) -> dict[str, Any]:
    """A record as a person would label it."""
    labelled: dict[str, Any] = {}
    for name, value in record.model_dump(mode="json").items():
        if name in COMPUTED:
            continue
        if name == "evidence":
            labelled[name] = value["quote"]
        elif isinstance(value, dict):
            dropped = ("at", "flags") if "start" in value else ("at",)
            labelled[name] = {k: v for k, v in value.items() if k not in dropped}
        else:
            labelled[name] = value
    return labelled


@ALL
def test_gold_gets_its_offsets_and_codes_when_it_is_loaded(record_type: type[Record]) -> None:
    record = read(record_type, DRAFTS[record_type]())
    again = record_type.model_validate(gold_of(record), context=Gold(ARTICLE))
    assert again == record


def test_gold_may_say_which_occurrence_its_quote_is() -> None:
    article = Article(text="Sales rose by 5%. Sales rose by 5%.")
    labelled = gold_of(
        read(
            GrowthMetric,
            growth(
                indicator="Sales",
                change="5%",
                period=None,
                region=None,
                evidence="Sales rose by 5%",
            ),
            article,
        )
    )
    second = GrowthMetric.model_validate(labelled | {"evidence_start": 18}, context=Gold(article))
    assert second.evidence.start == 18
    with pytest.raises(ValidationError, match="does not stand in the article"):
        GrowthMetric.model_validate(labelled | {"evidence_start": 3}, context=Gold(article))


def test_gold_may_not_hold_what_code_computes() -> None:
    labelled = gold_of(read(Fund, fund()))
    for wrong in (
        labelled | {"record_id": "f" * 16},
        labelled | {"amount": {**labelled["amount"], "at": None}},
    ):
        with pytest.raises(ValidationError, match="computed by code"):
            Fund.model_validate(wrong, context=Gold(ARTICLE))


def test_ids_are_equal_in_every_run_and_differ_between_texts_and_numbers() -> None:
    first, again = read(Fund, fund()), read(Fund, fund(name="special funds of the city"))
    assert first.record_id == again.record_id
    assert len(first.record_id) == 16
    other_text = Article(id=ARTICLE.id, text=ARTICLE.text + " ", date=ARTICLE.date)
    assert read(Fund, fund(), other_text).record_id != first.record_id
    assert read(Fund, fund(amount="20.5 million yuan")).record_id != first.record_id


def test_records_that_share_a_number_get_ids_of_their_own() -> None:
    quote = "Revenue and profit of the lighting industry both rose by 5%"
    both = [
        read(
            GrowthMetric,
            growth(indicator=name, subject="lighting industry", change="5%", evidence=quote),
        )
        for name in ("Revenue", "profit")
    ]
    assert both[0].record_id == both[1].record_id
    linked = link(both)
    assert linked[0].record_id == both[0].record_id
    assert linked[1].record_id != both[0].record_id


def test_a_part_is_linked_to_the_total_it_names() -> None:
    total = read(Fund, fund())
    part = read(
        Fund,
        fund(amount="20.5 million yuan", recipient="12 little giants", part_of="64.5 million yuan"),
    )
    linked = link([total, part])
    assert linked[1].part_of_id == total.record_id
    assert linked[0].part_of_id is None
    assert link([part])[0].part_of_id is None


def test_a_number_inside_a_longer_number_or_word_is_not_found() -> None:
    article = Article(text="A total of 19,184 enterprises and A5 factories took part in 2022.")
    draft = count(
        category="enterprises", part_of=None, region=None, evidence="A total of 19,184 enterprises"
    )
    assert codes(EnterpriseCount, draft | {"count": "19"}, article) == {
        "count": "number_not_in_evidence"
    }
    assert codes(EnterpriseCount, draft | {"count": "184"}, article) == {
        "count": "number_not_in_evidence"
    }
    assert read(EnterpriseCount, draft | {"count": "19,184"}, article).count.value == 19184


@pytest.mark.parametrize(
    ("quote", "amount"),
    [
        ("Bonds of 3.55 billion 100 million yuan were sold", "100 million yuan"),
        ("Loans of 300 to 500 million yuan were granted", "500 million yuan"),
        ("Loans of 3 million yuan went to 45 firms", "45 million yuan"),
        ("Funds of 20 yuan a head and 60 million units", "60 million yuan"),
    ],
)
def test_a_part_of_a_longer_amount_or_a_mixture_of_two_is_no_amount(
    quote: str, amount: str
) -> None:
    draft = fund(
        name=quote.split()[0], amount=amount, provider=None, recipient=None, region=None,
        evidence=quote,
    )  # fmt: skip
    assert codes(Fund, draft, Article(text=f"{quote}.")) == {"amount": "number_not_in_evidence"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "кредиты"}, "name"),
        ({"name": "대출"}, "name"),
        ({"name": "ローン"}, "name"),
        ({"provider": "Газпром"}, "provider"),
        ({"region": "Москва"}, "region"),
        ({"recipient": "12 enterprises"}, "recipient"),
        ({"part_of": "53 million yuan"}, "part_of"),
        ({"region": "53"}, "region"),
        ({"amount": "$64.5 million"}, "amount"),
        ({"amount": "under 64.5 million yuan"}, "amount"),
        ({"amount": "64.5 million yuan or more"}, "amount"),
        ({"amount": "53"}, "amount"),
    ],
)
def test_nothing_is_put_together_from_what_stands_apart(
    changes: dict[str, Any], field: str
) -> None:
    assert field in codes(Fund, fund(**changes))


def test_the_count_of_a_percentage_is_no_count() -> None:
    article = Article(text="Enterprises of the park sold 5% more.", date=ARTICLE.date)
    draft = count(
        category="Enterprises", count="5", part_of=None, region=None, designation="other",
        evidence="Enterprises of the park sold 5% more",
    )  # fmt: skip
    assert codes(EnterpriseCount, draft, article) == {"count": "number_not_in_evidence"}


def test_a_phrase_is_stored_in_the_articles_own_characters() -> None:
    assert read(Fund, fund(amount="64.5  MILLION\nyuan")).amount.text == "64.5 million yuan"


def test_a_day_of_the_month_is_no_count() -> None:
    article = Article(text="On July 24 enterprises of the park met.", date=ARTICLE.date)
    draft = count(
        category="enterprises", count="24", part_of=None, region=None, designation="other",
        evidence="On July 24 enterprises of the park met",
    )  # fmt: skip
    assert codes(EnterpriseCount, draft, article) == {"count": "number_not_in_evidence"}


def test_a_name_may_reorder_and_join_the_articles_words_but_bring_none() -> None:
    assert read(Fund, fund(name="funds arranged for little giants"))
    assert codes(Fund, fund(name="funds arranged for unicorns")) == {"name": "ungrounded"}


def test_a_number_word_in_a_name_of_the_paragraph_need_not_stand_in_the_quote() -> None:
    article = Article(
        text="The Second Machine voucher is popular. It has paid 30 million yuan so far."
    )
    draft = fund(
        amount="30 million yuan", provider=None, recipient=None, region=None, period=None,
        evidence="It has paid 30 million yuan so far",
    )  # fmt: skip
    assert read(Fund, draft | {"name": "Second Machine voucher"}, article)
    assert codes(Fund, draft | {"name": "Third Machine voucher"}, article) == {"name": "ungrounded"}


@pytest.mark.parametrize("name", ["of the", "  ", "“”", "的", "..."])
def test_a_name_without_a_content_word_names_nothing(name: str) -> None:
    assert codes(Fund, fund(name=name)) == {"name": "ungrounded"}
    assert codes(Fund, fund(provider=name)) == {"provider": "ungrounded"}


def test_a_chinese_name_is_made_of_stretches_of_the_text() -> None:
    article = Article(text="全市安排技术改造补助资金3.2亿元，惠及企业53家。")
    draft = fund(
        amount="3.2亿元", provider=None, recipient=None, region=None,
        evidence="安排技术改造补助资金3.2亿元",
    )  # fmt: skip
    assert read(Fund, draft | {"name": "技术改造的补助资金"}, article)
    assert codes(Fund, draft | {"name": "研发补助资金"}, article) == {"name": "ungrounded"}


def test_the_region_gets_its_place_code() -> None:
    article = Article(
        text="Special funds of 3 million yuan were paid in Hebi City, Henan Province."
    )
    draft = fund(
        name="Special funds", amount="3 million yuan", provider=None, recipient=None,
        region="Hebi City", evidence="Special funds of 3 million yuan were paid in Hebi City",
    )  # fmt: skip
    place = read(Fund, draft, article).place
    assert place is not None
    assert (place.code, place.province_code, place.match) == ("410600", "410000", "exact")


@ALL
def test_each_type_names_its_fields_completely(record_type: type[Record]) -> None:
    names = set(record_type.model_fields)
    assert {"record_id", "region", "period", "status", "evidence", "place"} <= names
    assert record_type.named in names
    assert set(record_type.worded) | set(record_type.cited) <= names
    assert record_type.number is None or record_type.number in names
    assert record_type.key.isidentifier()


def test_a_bound_from_nowhere_is_refused_in_a_list_too() -> None:
    quote = "4.1 and 2.6 percentage points higher than the country and the province"
    draft = growth(change="more than 4.1 percentage points", evidence=quote)
    assert codes(GrowthMetric, draft) == {"change": "number_not_in_evidence"}


def test_a_period_that_ends_with_the_article_does_not_run_on() -> None:
    text = "In the first half of this year the city arranged special funds of 3 million yuan."
    draft = fund(
        amount="3 million yuan", provider=None, recipient=None, region=None,
        period="the first half of this year", evidence=text,
    )  # fmt: skip
    period = read(Fund, draft, Article(text=text, date=dt.date(2023, 6, 30))).period
    assert period is not None
    assert "runs_on" not in period.flags


def test_a_recipient_with_two_numbers_has_no_count() -> None:
    text = "Special funds of 3 million yuan went to 12 banks and 53 enterprises."
    draft = fund(
        name="Special funds", amount="3 million yuan", provider=None, region=None,
        recipient="12 banks and 53 enterprises", evidence=text,
    )  # fmt: skip
    assert read(Fund, draft, Article(text=text)).recipient_count is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "special funds of the lighting industry"}, "name"),
        ({"region": "Wu"}, "region"),
        ({"provider": "it"}, "provider"),
    ],
)
def test_words_of_another_paragraph_and_parts_of_words_ground_nothing(
    changes: dict[str, Any], field: str
) -> None:
    assert codes(Fund, fund(**changes)) == {field: "ungrounded"}


def test_single_characters_ground_no_chinese_name() -> None:
    article = Article(text="全市安排技术改造补助资金3.2亿元，惠及企业53家。")
    draft = fund(
        name="企助全", amount="3.2亿元", provider=None, recipient=None, region=None,
        evidence="安排技术改造补助资金3.2亿元",
    )  # fmt: skip
    assert codes(Fund, draft, article) == {"name": "ungrounded"}
    assert codes(Fund, draft | {"evidence": "3.2亿元"}, article)["evidence"] == "evidence_too_short"


def test_one_endless_sentence_is_too_long_a_quote() -> None:
    text = (
        "Special funds of 3 million yuan were paid " + "and counted and weighed " * 28 + "at last."
    )
    assert 600 < len(text) < 1200
    draft = fund(
        name="Special funds", amount="3 million yuan", provider=None, recipient=None, region=None,
        evidence=text,
    )  # fmt: skip
    assert codes(Fund, draft, Article(text=text)) == {"evidence": "evidence_too_long"}


def test_a_record_is_no_part_of_itself() -> None:
    assert link([read(Fund, fund(part_of="64.5 million yuan"))])[0].part_of_id is None
