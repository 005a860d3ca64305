import asyncio
import copy
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from extractor import (
    AsyncExtractor,
    EnterpriseCount,
    Extraction,
    Extractor,
    Failure,
    Fund,
    GrowthMetric,
    Policy,
    extract,
)
from extractor.article import Article
from extractor.errors import ArticleError, ExtractionFailed, ModelError, RunStoppedError, UsageError
from extractor.models.base import Model, RepairRequest, SweepRequest
from extractor.records import RECORD_TYPES, Draft, link
from tests.articles import ARTICLE, count, fund, growth, policy
from tests.models import ScriptedModel


def rejected(extraction: Extraction) -> list[tuple[str, list[str]]]:
    return [(r.type, sorted(e.code for e in r.errors)) for r in extraction.rejected]


def test_good_records_are_kept_whatever_happens_to_their_siblings() -> None:
    model = ScriptedModel(
        {Fund: [fund(), fund(amount="99 million yuan"), "nonsense"], Policy: [policy()]}
    )
    extraction = extract(ARTICLE, model)
    assert len(extraction.records.funds) == len(extraction.records.policies) == 1
    assert rejected(extraction) == [("fund", ["number_not_in_evidence"]), ("fund", ["model_type"])]


HOSTILE: list[tuple[type, Any]] = [
    (Fund, fund(amount={"text": "64.5 million yuan", "value": 1, "currency": "CNY"})),
    (Fund, fund(evidence="a")),
    (Fund, fund(evidence=ARTICLE.text)),
    (Fund, fund(evidence=fund()["evidence"].replace("64.5", "84.5"))),
    (Fund, fund(amount="84.5 million yuan")),
    (Fund, fund(amount="64.5 billion yuan")),
    (Fund, fund(name="secret slush money")),
    (Fund, fund(provider="the bank of nowhere")),
    (Fund, fund(record_id="0123456789abcdef")),
    (Fund, fund(evidence="arranged special funds of 64.5 million yuan for 53 enterprises" * 20)),
    (EnterpriseCount, count(count="1")),
    (EnterpriseCount, count(count="2")),
    (EnterpriseCount, count(category="unicorns")),
    (EnterpriseCount, count(part_of="54")),
    (GrowthMetric, growth(change="-12.3%")),
    (GrowthMetric, growth(change="123%")),
    (GrowthMetric, growth(period="in the second half of the year")),
    (GrowthMetric, growth(region="Beijing")),
    (GrowthMetric, growth(indicator=None)),
    (Fund, fund(name="anded")),
    (Policy, policy(name="a policy from nowhere")),
    (Policy, policy(measure_count="81")),
    (Policy, policy(evidence="\x00" * 20)),
    (Policy, policy(evidence="\ud800" * 20)),
    (Policy, [policy()]),
    (Policy, None),
]  # fmt: skip


@pytest.mark.parametrize(("record_type", "draft"), HOSTILE)
def test_a_hostile_model_gets_no_record_into_the_output(record_type: type, draft: Any) -> None:
    extraction = extract(ARTICLE, ScriptedModel({record_type: [draft]}))
    assert len(extraction.records) == 0
    assert len(extraction.rejected) == 1
    assert extraction.model_dump_json()


def test_only_failed_drafts_go_back_with_their_errors_and_are_mended() -> None:
    model = ScriptedModel(
        {Fund: [fund(), fund(amount="84.5 million yuan")]},
        repaired={Fund: [fund(amount="20.5 million yuan")]},
    )
    extraction = extract(ARTICLE, model)
    assert [f.amount.value for f in extraction.records.funds] == [64_500_000, 20_500_000]
    (request,) = model.requests
    assert isinstance(request, RepairRequest)
    assert [error.field for error in request.errors] == ["amount"]
    assert extraction.rejected == []
    assert extraction.usage.requests == 2
    assert extraction.usage.input_tokens == 200


def test_what_a_model_cannot_mend_stays_rejected() -> None:
    model = ScriptedModel({Fund: [fund(amount="84.5 million yuan")]})
    assert rejected(extract(ARTICLE, model)) == [("fund", ["number_not_in_evidence"])]


def test_the_same_record_twice_is_one_record_and_one_rejection() -> None:
    extraction = extract(ARTICLE, ScriptedModel({Fund: [fund(), fund()]}))
    assert len(extraction.records.funds) == 1
    assert rejected(extraction) == [("fund", ["duplicate"])]


def test_records_come_in_the_order_of_the_article() -> None:
    drafts = [
        growth(
            change="5%",
            indicator="profit",
            period=None,
            evidence="profit of the lighting industry both rose by 5%",
        ),
        growth(),
    ]
    extraction = extract(ARTICLE, ScriptedModel({GrowthMetric: drafts}))
    assert [str(g.change.value) for g in extraction.records.growth_metrics] == ["12.3", "5"]


def test_a_result_says_what_made_it() -> None:
    extraction = extract(ARTICLE, ScriptedModel({}))
    assert extraction.run == "scripted@1"
    assert extraction.provenance.model == "scripted"
    assert extraction.provenance.served_model == "scripted-2026"
    assert extraction.provenance.prompt == "extract@1"
    assert extraction.article.chars == len(ARTICLE.text)
    assert extraction.usage.cost_usd == 0.5


def test_two_runs_of_one_identity_differ_in_timing_only() -> None:
    lines = [json.loads(extract(ARTICLE).model_dump_json()) for _ in range(2)]
    for line in lines:
        del line["timing"]
    assert lines[0] == lines[1]


def test_the_keys_of_a_line_stand_in_their_order() -> None:
    line = json.loads(extract(ARTICLE).model_dump_json())
    assert list(line) == [
        "id", "text_sha256", "revision", "status", "run", "article", "records", "rejected",
        "audit", "provenance", "usage", "timing", "extra",
    ]  # fmt: skip


def failing(error: Exception, on: str = "bad") -> ScriptedModel:
    def fail(article: Article) -> None:
        if article.id == on:
            raise error

    return ScriptedModel(on_article=fail)


def articles(*ids: str) -> Iterator[Article]:
    return (Article(id=id_, text=f"text of {id_}") for id_ in ids)


def test_a_failed_article_is_an_exception_for_one_and_a_value_among_many() -> None:
    error = ModelError("the server is busy", retryable=True)
    with Extractor(failing(error)) as extractor:
        with pytest.raises(ExtractionFailed, match="the server is busy") as caught:
            extractor.extract(Article(id="bad", text="x"))
        assert caught.value.failure.error.retryable
        outcomes = list(extractor.extract_many(articles("a", "bad", "b")))
    assert [type(outcome) for outcome in outcomes] == [Extraction, Failure, Extraction]
    assert [outcome.id for outcome in outcomes] == ["a", "bad", "b"]


@pytest.mark.parametrize("drafts", [None, {Fund: None}, {Fund: 5}, {"fund": []}, {None: [1]}])
def test_a_model_that_breaks_its_protocol_costs_one_article(drafts: Any) -> None:
    with Extractor(ScriptedModel(drafts)) as extractor:
        (outcome,) = extractor.extract_many([ARTICLE])
    assert isinstance(outcome, Failure) or not len(outcome.records)


def test_a_model_that_raises_anything_costs_one_article_and_tells_nothing_of_its_text() -> None:
    with Extractor(failing(KeyError("canary"))) as extractor:
        outcomes = list(extractor.extract_many(articles("a", "bad", "b")))
    assert [type(outcome) for outcome in outcomes] == [Extraction, Failure, Extraction]
    assert "canary" not in outcomes[1].model_dump_json()


def test_a_draft_that_is_no_json_is_rejected_like_any_other() -> None:
    circle: list[Any] = []
    circle.append(circle)
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    extraction = extract(ARTICLE, ScriptedModel({Fund: [circle, {(1, 2): 3}, deep, 10**5000]}))
    assert len(extraction.rejected) == 4
    assert extraction.model_dump_json()


def test_an_article_can_be_hashed_copied_and_sent_to_another_process() -> None:
    article = Article(text="x", extra={"topic": "steel"})
    assert pickle.loads(pickle.dumps(article)) == copy.deepcopy(article) == article
    assert len({article, copy.copy(article)}) == 1


@pytest.mark.parametrize("article", [None, b"bytes", 5, ["list"]])
def test_what_is_no_article_is_said_to_be_none(article: Any) -> None:
    with pytest.raises(ArticleError, match="is no article"):
        extract(article)


def test_many_parts_of_one_total_are_linked_in_linear_time() -> None:
    part = Fund.model_validate(fund(part_of="64.5 million yuan"), context=Draft(ARTICLE))
    many = [part.model_copy(update={"record_id": f"{n:016x}"}) for n in range(20_000)]
    assert len(link(many)) == 20_000


def test_a_run_that_cannot_go_on_raises_and_leaves_no_task_behind() -> None:
    with Extractor(failing(RunStoppedError("the key was refused"))) as extractor:
        outcomes = extractor.extract_many(articles("a", "bad", "b"))
        assert next(outcomes).id == "a"
        with pytest.raises(RunStoppedError, match="the key was refused"):
            list(outcomes)


def test_articles_are_read_only_as_far_as_the_window_reaches() -> None:
    taken: list[str] = []

    def source() -> Iterator[Article]:
        for article in articles(*map(str, range(100))):
            taken.append(article.id)
            yield article

    async def first() -> None:
        outcomes = AsyncExtractor(ScriptedModel()).extract_many(source(), concurrency=4)
        assert (await anext(outcomes)).id == "0"
        await outcomes.aclose()

    asyncio.run(first())
    assert len(taken) == 4


def test_an_input_may_be_an_article_a_text_or_a_mapping() -> None:
    with Extractor() as extractor:
        first = extractor.extract(ARTICLE.text)
        second = extractor.extract({"text": ARTICLE.text, "id": 7, "topic": "steel"})
    assert first.id.startswith("sha256:")
    assert (second.id, second.extra) == ("7", {"topic": "steel"})
    with pytest.raises(ArticleError, match="empty"):
        extract("")


def test_only_wanted_types_are_extracted() -> None:
    extraction = extract(ARTICLE, types=[GrowthMetric])
    assert extraction.records.growth_metrics
    assert not extraction.records.funds
    with pytest.raises(UsageError, match="no record type"):
        extract(ARTICLE, types=[])


def test_an_extractor_works_in_a_with_block_only() -> None:
    with pytest.raises(UsageError, match="with block"):
        Extractor().extract("some text")


def test_an_unknown_model_is_a_usage_error_that_names_what_there_is() -> None:
    with pytest.raises(UsageError, match="write rules"):
        Extractor("gpt-nonsense")


def test_the_rules_model_fulfils_the_protocol_and_names_its_fingerprint() -> None:
    from extractor.models.loading import load

    model: Model = load("rules")
    assert model.identity.startswith("rules@")
    assert model.identity == load("rules").identity


def test_every_record_type_has_its_list_in_the_result() -> None:
    extraction = extract(ARTICLE)
    assert [key for key, _ in extraction.records.by_type()] == [t.key for t in RECORD_TYPES]


def test_a_sweep_asks_once_about_the_figures_that_no_record_covers() -> None:
    model = ScriptedModel({}, repaired={Fund: [fund()]})
    extraction = asyncio.run(_swept(model))
    figures = [request for request in model.requests if isinstance(request, SweepRequest)]
    assert "64.5 million yuan" in [figure.phrase for figure in figures]
    assert all(figure.phrase in figure.passage.quote for figure in figures)
    assert len(extraction.records.funds) == 1
    assert extraction.usage.requests == 2


def test_without_figures_left_out_nothing_is_swept() -> None:
    model = ScriptedModel({})
    quiet = Article(text="The meeting was held and everybody was content with the weather.")
    extraction = asyncio.run(_swept(model, quiet))
    assert model.requests == []
    assert extraction.audit == []


def test_the_audit_lists_what_is_left_out_and_is_null_unless_asked_for() -> None:
    extraction = asyncio.run(_swept(ScriptedModel({})))
    assert "64.5 million yuan" in [figure.phrase for figure in extraction.audit or ()]
    assert extract(ARTICLE, ScriptedModel({})).audit is None


async def _swept(model: ScriptedModel, article: Article = ARTICLE) -> Extraction:
    return await AsyncExtractor(model, sweep=True, audit=True).extract(article)


class _FailsToRepair(ScriptedModel):
    async def redraft(self, *asked: Any) -> Any:
        raise ModelError("not again")


def test_a_repair_that_fails_costs_the_good_records_nothing() -> None:
    model = _FailsToRepair({Fund: [fund(), fund(amount="99 million yuan")]})
    extraction = extract(ARTICLE, model)
    assert len(extraction.records.funds) == 1
    assert rejected(extraction) == [("fund", ["number_not_in_evidence"])]


def test_a_failed_draft_that_the_repair_leaves_out_is_rejected_with_its_own_errors() -> None:
    wrong, invented = fund(amount="84.5 million yuan"), fund(name="secret slush money")
    model = ScriptedModel({Fund: [wrong, invented]}, repaired={Fund: [fund()]})
    extraction = extract(ARTICLE, model)
    assert len(extraction.records.funds) == 1
    assert [(r.draft["name"], [e.code for e in r.errors]) for r in extraction.rejected] == [
        ("secret slush money", ["ungrounded"])
    ]


def test_every_failed_draft_is_rejected_when_the_repair_writes_nothing() -> None:
    model = ScriptedModel({Fund: [fund(amount="84.5 million yuan"), "nonsense"]})
    assert len(extract(ARTICLE, model).rejected) == 2
