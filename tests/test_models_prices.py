import sys

import pytest

from extractor.errors import MissingExtraError, UsageError
from extractor.models.options import ModelOptions
from extractor.models.prices import FREE, parse_price, price_at, price_of

OPENAI = "https://api.openai.com/v1"
MILLION = 1_000_000


def test_price_of_the_list_counts_at_the_providers_own_address_only() -> None:
    price = price_at("openai", "gpt-5-mini", OPENAI)
    assert price is not None
    assert price(MILLION, 0, 0) > price(MILLION, 2 * MILLION, 0) > 0
    assert price(MILLION, 0, MILLION) > price(MILLION, 0, 0)
    assert price_at("openai", "gpt-5-mini", "http://127.0.0.1:8000/v1") is None


def test_unknown_models_and_providers_have_no_price() -> None:
    assert price_at("openai", "no-such-model", OPENAI) is None
    assert price_at("nobody", "anything", "") is None


def test_given_price_wins_wherever_the_model_is() -> None:
    given = parse_price("1,2")
    assert price_at("openai", "gpt-5-mini", OPENAI, given) is given
    assert price_at("nobody", "anything", "http://127.0.0.1:1/v1", given) is given


@pytest.mark.parametrize(
    ("text", "dollars"),
    [("2,8", 2 * 1 + 8), ("2,8,0.5", 2 * 0.6 + 0.5 * 0.4 + 8), (" 0 , 0 ", 0), ("1e0,0", 1)],
)
def test_cached_tokens_cost_what_is_given_or_as_much_as_others(text: str, dollars: float) -> None:
    assert parse_price(text)(MILLION, 400_000, MILLION) == pytest.approx(dollars)


def test_no_more_tokens_are_cached_than_were_sent() -> None:
    assert parse_price("2,0,1")(MILLION, 5 * MILLION, 0) == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "1", "1,2,3,4", "1;2", "a,b", "-1,2", "nan,1", "1,inf", "1,"])
def test_what_is_no_price_is_a_usage_error_that_shows_the_form(text: str) -> None:
    with pytest.raises(UsageError, match=r"IN,OUT,CACHED in dollars per million"):
        parse_price(text)


def test_price_of_a_model_string_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert price_of("rules", ModelOptions()) is FREE
    assert price_of("openai/gpt-5-mini", ModelOptions()) is not None
    assert price_of("openai/gpt-5-mini", ModelOptions(base_url=f"{OPENAI}/")) is not None
    assert price_of("gguf:/a/model.gguf", ModelOptions()) is None
    given = ModelOptions(price=parse_price("0,0"))
    assert price_of("gguf:/a/model.gguf", given) is given.price
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert price_of("openai/gpt-5-mini", ModelOptions()) is None


def test_without_the_list_its_extra_is_named_and_a_given_price_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "genai_prices", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'extractor\[llm\]'"):
        price_of("openai/gpt-5-mini", ModelOptions())
    assert price_of("openai/gpt-5-mini", ModelOptions(price=parse_price("1,2"))) is not None


def test_what_is_no_model_has_no_price() -> None:
    with pytest.raises(UsageError, match="provider/model"):
        price_of("gpt-5-mini", ModelOptions())
