"""The chat model against a real engine: grammars, limits, and noise that never becomes a record."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

import jsonschema
import pytest

from extractor.article import Article
from extractor.errors import ModelError, RunStoppedError
from extractor.models.base import Drafts
from extractor.models.local import Engine, serve
from extractor.models.local_file import ModelFile
from extractor.models.wire import wire_schema
from extractor.records import RECORD_TYPES, Fund, Policy
from extractor.results import Extraction, Failure
from tests.articles import ARTICLE
from tests.engine.chat import Asker, numbered

_OF_RANDOM_WORDS = {"phrase", "evidence_too_short", "evidence_not_found", "ungrounded"}
"""Why noise is rejected: it is no phrase, quotes nothing, or names nothing of the article."""


def _as_answer(drafts: Drafts) -> dict[str, list[object]]:
    return {t.key: list(drafts.by_type[t]) for t in RECORD_TYPES}


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
def test_answers_in_every_mode_with_a_grammar_fit_the_wire_schema(asker: Asker, mode: str) -> None:
    answered = [
        answer for seed in range(3) for answer in asker.drafts([ARTICLE], mode=mode, seed=seed)
    ]
    for drafts, meter in answered:
        jsonschema.validate(_as_answer(drafts), wire_schema(RECORD_TYPES))
        assert meter.mode == mode
        assert meter.usage.output_tokens > 0
    written = Counter(t for drafts, _ in answered for t in RECORD_TYPES if drafts.by_type[t])
    assert set(written) == set(RECORD_TYPES)


def test_numbers_of_sentences_are_integers_under_a_grammar(asker: Asker) -> None:
    [(drafts, _)] = asker.drafts([ARTICLE], evidence="sentences", mode="json_schema")
    answer = _as_answer(drafts)

    assert drafts.evidence == "sentences"
    assert any(answer.values())
    jsonschema.validate(answer, wire_schema(RECORD_TYPES, "sentences"))


def test_mode_is_found_out_from_the_engines_answer(asker: Asker) -> None:
    [(_, meter)] = asker.drafts(numbered(1))
    assert meter.mode == "json_schema"
    assert meter.usage.requests == 1


def test_engine_without_a_grammar_fails_the_article_after_the_promised_calls(
    asker: Asker,
) -> None:
    [outcome] = asker.outcomes(numbered(1), mode="md_json", max_output_tokens=200)
    assert isinstance(outcome, Failure)
    assert outcome.usage.requests == 3


def test_line_states_the_served_model_and_what_it_says_of_itself(asker: Asker) -> None:
    [outcome] = asker.outcomes(numbered(1))
    assert outcome.provenance.served_model == asker.model
    assert outcome.provenance.system_fingerprint
    assert outcome.usage.cost_usd is None


def test_same_seed_gives_the_same_noise(asker: Asker) -> None:
    [(first, _)], [(second, _)] = asker.drafts(numbered(1)), asker.drafts(numbered(1))
    assert first == second


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
def test_answer_cut_before_its_first_record_is_a_failure_naming_the_limit(
    asker: Asker, mode: str
) -> None:
    [outcome] = asker.outcomes(numbered(1), mode=mode, max_output_tokens=20)
    assert isinstance(outcome, Failure)
    assert "--max-output-tokens" in outcome.error.message


@pytest.mark.parametrize("mode", ["json_schema", "tools"])
def test_answer_cut_after_some_records_goes_on_from_them(asker: Asker, mode: str) -> None:
    outcomes = asker.outcomes(numbered(4), types=[Policy, Fund], mode=mode, max_output_tokens=320)
    went_on = [outcome for outcome in outcomes if "continuation" in outcome.usage.steps]
    assert any(isinstance(outcome, Extraction) for outcome in went_on)
    for outcome in went_on:
        assert isinstance(outcome, Extraction) or "--max-output-tokens" in outcome.error.message


def _long_article(sentences: int) -> Article:
    text = "\n".join(f"In year {n}, the town wrote a long report." for n in range(sentences))
    return dataclasses.replace(ARTICLE, text=text)


@pytest.fixture(scope="module")
def small_engine(tiny_model: ModelFile) -> Iterator[Engine]:
    """An engine with a context of 2048 tokens, about as many characters."""
    with serve(tiny_model, slots=1, context=2048, threads=1) as running:
        yield running


@pytest.fixture
def narrow(small_engine: Engine, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> Asker:
    monkeypatch.setenv("LLAMACPP_API_KEY", small_engine.api_key)
    options = dataclasses.replace(asker.options, base_url=small_engine.base_url)
    return Asker(asker.model, options)


def test_article_longer_than_the_context_is_asked_about_in_parts(narrow: Asker) -> None:
    [(drafts, meter)] = narrow.drafts([_long_article(60)])
    jsonschema.validate(_as_answer(drafts), wire_schema(RECORD_TYPES))
    assert meter.usage.steps["answer"].requests > 2


def test_article_that_cannot_be_cut_any_shorter_fails(narrow: Asker) -> None:
    word = dataclasses.replace(ARTICLE, text="a", title="word " * 800)
    [outcome] = narrow.outcomes([word])
    assert isinstance(outcome, Failure)
    assert outcome.error.message == "the article does not fit into the model's context"


def test_repair_longer_than_the_context_costs_no_article(narrow: Asker) -> None:
    outcomes = narrow.outcomes(numbered(4))
    assert [outcome.status for outcome in outcomes] == ["ok"] * 4


def test_wrong_key_stops_the_run_without_quoting_it(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMACPP_API_KEY", "guessed-key")
    with pytest.raises(RunStoppedError, match=r"refused the key in LLAMACPP_API_KEY \(401\)") as e:
        asker.outcomes(numbered(1))
    assert "guessed-key" not in str(e.value)


def test_proxy_settings_do_not_touch_what_stays_on_this_machine(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    [(_, meter)] = asker.drafts(numbered(1))
    assert meter.usage.requests == 1


def test_engine_that_is_gone_is_a_failure_that_may_be_tried_again(
    engine: Engine, asker: Asker
) -> None:
    with pytest.raises((ModelError, RunStoppedError), match="reached"):
        asker.drafts(numbered(1), base_url="http://127.0.0.1:9/v1")


def _reasons(outcomes: Sequence[Extraction | Failure]) -> Counter[str]:
    """How often noise was rejected for which reason; no record may have come of it."""
    reasons: Counter[str] = Counter()
    for outcome in outcomes:
        assert isinstance(outcome, Extraction)
        assert len(outcome.records) == 0
        for rejected in outcome.rejected:
            assert rejected.errors
            reasons.update({error.code for error in rejected.errors})
    return reasons


def test_noise_never_becomes_a_record(asker: Asker) -> None:
    reasons = _reasons(asker.outcomes(numbered(8)))
    assert set(reasons) <= _OF_RANDOM_WORDS
    assert reasons["phrase"] > 0


def test_noise_that_gives_numbers_of_sentences_never_becomes_a_record(asker: Asker) -> None:
    reasons = _reasons(asker.outcomes(numbered(8), evidence="sentences"))
    assert reasons["phrase"] > 0


def test_noise_with_true_quotes_and_numbers_never_becomes_a_record(asker: Asker) -> None:
    reasons = _reasons(asker.outcomes(numbered(8), is_quoting=True))
    assert reasons["ungrounded"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("is_quoting", [False, True])
def test_of_500_noise_answers_none_becomes_a_record(asker: Asker, is_quoting: bool) -> None:
    outcomes = asker.outcomes(numbered(500), is_quoting=is_quoting)
    reasons = _reasons(outcomes)
    assert len(outcomes) == 500
    assert reasons.total() > 1000
