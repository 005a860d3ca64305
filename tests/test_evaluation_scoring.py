"""The properties that a score must have, each with its name, and how leftovers are told apart."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractor.evaluation.faults import FAULTS
from extractor.evaluation.gold import GoldArticle
from extractor.evaluation.predicting import Predictions
from extractor.evaluation.runs import score
from extractor.evaluation.scores import MATCH_KINDS, ArticleScore, MatchKind, Prediction
from extractor.evaluation.scoring import score_article, score_records
from extractor.evaluation.slices import operations
from extractor.evaluation.summary import ALL, by_field, by_type, f1_of, overlap_sums, tally
from extractor.records import RECORD_TYPES, Record
from extractor.results import Records
from tests.scored import (
    any_record,
    count,
    failure,
    fund,
    gold,
    growth,
    perfect,
    policy,
    quantity,
    record_lists,
    records,
    scored_articles,
    year,
)

Scored = tuple[list[GoldArticle], Predictions]


def f1(articles: Sequence[ArticleScore], kind: MatchKind) -> float | None:
    return f1_of(articles, kind).value


def of(gold_records: Sequence[Record], predicted: Sequence[Record]) -> ArticleScore:
    return score_article(gold("a", *gold_records), Prediction(records(*predicted)))


def errors(gold_records: Sequence[Record], predicted: Sequence[Record]) -> list[str]:
    return sorted(leftover.error for leftover in of(gold_records, predicted).leftovers)


@given(st.lists(any_record.filter(lambda r: dict(r).get("subject") != ""), min_size=1, max_size=8))
def test_identity_scores_one(found: list[Record]) -> None:
    own = of(found, found)
    assert all(f1([own], kind) == 1 for kind in MATCH_KINDS)
    assert own.leftovers == []


@given(record_lists, record_lists, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(
    ours: list[Record], theirs: list[Record], shuffle: random.Random
) -> None:
    before = of(ours, theirs)
    shuffle.shuffle(ours)
    shuffle.shuffle(theirs)
    after = of(ours, theirs)
    for kind in MATCH_KINDS:
        assert tally(after, ALL, kind) == pytest.approx(tally(before, ALL, kind))


@given(scored_articles(), st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_matter(case: Scored, shuffle: random.Random) -> None:
    articles, predictions = case
    shuffled = shuffle.sample(articles, len(articles))
    assert score(shuffled, predictions) == score(articles, predictions)


@given(record_lists, record_lists)
def test_correcting_one_wrong_field_never_lowers_strict_f1(
    ours: list[Record], theirs: list[Record]
) -> None:
    before = of(ours, theirs)
    lists = {t.type: [r for r in theirs if r.type == t.type] for t in RECORD_TYPES}
    own = {t.type: [r for r in ours if r.type == t.type] for t in RECORD_TYPES}
    for type_, scored in before.types.items():
        for pair in scored.pairs:
            for field in pair.failed:
                name = field.partition(".")[0]
                right = getattr(own[type_][pair.gold], name)
                wrong = lists[type_][pair.predicted]
                mended = [
                    wrong.model_copy(update={name: right}) if r is wrong else r for r in theirs
                ]
                after = f1([of(ours, mended)], "strict")
                assert (after or 0) >= (f1([before], "strict") or 0)


@given(record_lists, record_lists)
def test_each_gold_field_is_counted_once(ours: list[Record], theirs: list[Record]) -> None:
    for type_, scored in of(ours, theirs).types.items():
        own = [r for r in ours if r.type == type_]
        for name, found in scored.fields.items():
            if "." not in name:
                labelled = sum(getattr(r, name) is not None for r in own)
                known = found.wrong + found.missing + found.missing_record
                assert known <= labelled
                # What is right in both, or null in both, is the rest.
                assert labelled - known <= found.correct


@given(scored_articles(), st.integers(0, 3))
def test_scores_and_intervals_are_the_same_every_time(case: Scored, seed: int) -> None:
    articles, predictions = case
    first, second = (by_type(score(articles, predictions)) for _ in range(2))
    assert first == second


def test_null_in_both_is_neutral() -> None:
    plain = of([fund(provider=None)], [fund(provider=None)])
    assert "provider" not in plain.types["fund"].fields
    assert f1([plain], "strict") == 1


@given(record_lists.filter(bool), st.data())
def test_omission_is_charged(found: list[Record], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(found) - 1))
    kept = [r for i, r in enumerate(found) if i != gone]
    for kind in MATCH_KINDS:
        assert (f1([of(found, kept)], kind) or 0) < 1


@given(record_lists.filter(bool), st.data())
def test_duplicates_are_charged(found: list[Record], data: st.DataObject) -> None:
    twice = [*found, data.draw(st.sampled_from(found))]
    for kind in MATCH_KINDS:
        assert (f1([of(found, twice)], kind) or 0) < 1


def test_nothing_found_where_nothing_is_scores_nothing_and_counts_as_right() -> None:
    nothing = of([], [])
    assert f1([nothing], "usable") is None
    assert operations([nothing]).macro_articles == 1
    assert operations([nothing]).false_alarms.value == 0


def test_a_prediction_where_nothing_is_is_a_false_alarm() -> None:
    found = operations([of([], [fund()]), of([], [])])
    assert found.empty == 2
    assert found.false_alarms.value == 0.5


def test_a_failed_article_is_charged_with_all_its_records() -> None:
    own = gold("a", fund(), count())
    failed = Predictions({"a": failure(own.article)})
    (scored,) = score([own], failed)
    assert scored.failure == "ModelError: timed out"
    assert tally(scored, ALL, "usable") == (0, 0, 2)


def test_an_article_without_an_output_line_has_failed() -> None:
    (scored,) = score([gold("a", fund())], Predictions({}))
    assert scored.failure == "no output line"


@given(record_lists, record_lists, any_record)
def test_an_optional_gold_record_never_lowers_recall(
    ours: list[Record], theirs: list[Record], extra: Record
) -> None:
    place = sum(r.type == extra.type for r in ours)
    optional = frozenset({(extra.type, place)})
    without = score_article(gold("a", *ours), Prediction(records(*theirs)))
    with_ = score_article(gold("a", *ours, extra, optional=optional), Prediction(records(*theirs)))
    for kind in MATCH_KINDS:
        before, after = tally(without, ALL, kind), tally(with_, ALL, kind)
        if before.tp + before.fn:
            old, new = (t.tp / (t.tp + t.fn) for t in (before, after))
            assert new >= old - 1e-12


def test_a_prediction_of_an_optional_record_is_not_spurious() -> None:
    own = gold("a", fund(), optional=frozenset({("fund", 0)}))
    unusable = score_article(own, Prediction(records(fund(status="planned"))))
    assert tally(unusable, ALL, "lenient") == (1, 0, 0)
    assert tally(unusable, ALL, "usable") == (0, 0, 0)


@given(record_lists, record_lists)
def test_what_code_computes_never_matters(ours: list[Record], theirs: list[Record]) -> None:
    def changed(record: Record) -> Record:
        period = record.period and record.period.model_copy(
            update={"text": "another phrase", "flags": ("carried",), "at": (1, 2)}
        )
        return record.model_copy(update={"record_id": "f" * 16, "period": period})

    assert of(ours, [changed(r) for r in theirs]) == of(ours, theirs)


@given(scored_articles())
def test_strict_is_at_most_soft_and_soft_at_most_lenient(case: Scored) -> None:
    scores = score(*case)
    strict, usable, soft, lenient = (
        f1(scores, kind) or 0 for kind in ("strict", "usable", "soft", "lenient")
    )
    assert strict <= soft <= lenient
    assert strict <= usable <= lenient


@given(record_lists, record_lists, st.integers(2, 5))
def test_a_weight_counts_an_article_so_many_times(
    ours: list[Record], theirs: list[Record], weight: int
) -> None:
    single = gold("a", fund())
    heavy = gold("b", *ours, weight=float(weight))
    scores = [
        score_article(single, Prediction(records())),
        score_article(heavy, Prediction(records(*theirs))),
    ]
    repeated = [scores[0], *[replace(scores[1], id=f"b{i}", weight=1.0) for i in range(weight)]]
    assert f1(scores, "usable") == pytest.approx(f1(repeated, "usable"))


def test_leftovers_are_told_apart() -> None:
    assert errors([fund()], []) == ["missing"]
    assert errors([], [fund()]) == ["spurious"]
    assert errors([fund()], [fund(), fund()]) == ["duplicate"]
    assert errors([fund(), fund()], [fund()]) == ["merged"]
    assert errors([fund(10)], [fund(11)]) == ["misread"]
    assert errors([fund(10)], [fund(11, at=600)]) == ["missing", "spurious"]
    assert errors([fund(120)], [count(120)]) == ["wrong_type"]
    assert errors([policy()], [count(120, category="Ten Measures for Steady Growth")]) == [
        "wrong_type"
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "detail"),
    [
        (fund(10), fund(10_000), "scale 10^3"),
        (fund(10_000), fund(1), "scale 10^-4"),
        (fund(10), fund(10, currency="USD"), "currency"),
        (growth(3), growth(3, unit="percentage_points"), "percent against points"),
        (growth(3), growth(3, unit="times"), "unit"),
        (growth(3), growth(3, direction="decrease"), "direction"),
        (fund(10), fund(10, amount={"upper": 20}), "range"),
        (fund(10), fund(13), "value"),
    ],
)
def test_a_misread_number_says_how(ours: Record, theirs: Record, detail: str) -> None:
    assert [leftover.detail for leftover in of([ours], [theirs]).leftovers] == [detail]


def test_fields_are_counted_in_pairs_and_in_records_without_a_partner() -> None:
    scored = of(
        [fund(1), fund(2, provider="city"), fund(3, period=None), fund(4)],
        [fund(1, kind="loan"), fund(2), fund(3), fund(99, at=900)],
    )
    fields = scored.types["fund"].fields
    assert fields["kind"] == (2, 1, 0, 0, 1, 1)
    assert fields["provider"] == (0, 0, 1, 0, 0, 0)
    assert fields["period"] == (2, 0, 0, 1, 1, 1)
    row = by_field([scored])["fund"]["kind"]
    assert row.precision.value == row.recall.value == pytest.approx(2 / 4)
    assert row.accuracy.value == pytest.approx(2 / 3)


def rich_gold() -> list[GoldArticle]:
    """Sixty articles with every nullable field filled somewhere."""
    return [
        gold(
            f"a{i:02}",
            policy(name="Ten Measures for Growth", measure_count=quantity(10), at=0),
            policy(name="Export Credit Scheme", kind="plan", at=100, period=year(2021)),
            fund(10 + i, name="loans to exporters", provider="city bank", part_of="9 billion"),
            fund(900 + i, name="wage subsidies", at=200),
            count(10 + i, category="little giants", level="national", part_of="310"),
            count(900 + i, category="listed companies", at=200, status="planned"),
            growth(1 + i, indicator="exports", subject="steel", basis="unspecified",
                   amount=quantity(5, currency="CNY"), benchmark="national average"),
            growth(70 + i, indicator="output value", direction="decrease", at=200),
        )
        for i in range(60)
    ]  # fmt: skip


def printed(scores: Sequence[ArticleScore]) -> list[float]:
    """Every headline score: F1 by kind, and the mean overlap of the evidence."""
    shared = [overlap_sums(article) for article in scores]
    evidence = sum(s for s, _ in shared) / max(1, sum(n for _, n in shared))
    return [*(f1(scores, kind) or 0.0 for kind in MATCH_KINDS), evidence]


@pytest.mark.parametrize("name", FAULTS)
def test_every_spoiling_lowers_a_printed_score(name: str) -> None:
    articles = rich_gold()
    generator = random.Random(1)

    def spoil(own: GoldArticle) -> Prediction:
        return Prediction(FAULTS[name](own.records, own.article, generator))

    sound = printed(score(articles, perfect(articles)))
    spoiled = printed([score_article(own, spoil(own)) for own in articles])
    assert any(after < before - 1e-6 for before, after in zip(sound, spoiled, strict=True))
    assert all(after <= before + 1e-9 for before, after in zip(sound, spoiled, strict=True))


@given(record_lists)
def test_a_failed_article_scores_like_an_empty_answer(ours: list[Record]) -> None:
    assume(ours)
    empty = Records.model_validate({t.key: [] for t in RECORD_TYPES})
    assert score_records(records(*ours), None) == score_records(records(*ours), empty)
