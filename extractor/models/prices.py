"""What tokens cost: by the price a user gives, or by the installed list of genai-prices.

No call is made: the list is that of the installed version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from extractor.errors import MissingExtraError, UsageError
from extractor.models.loading import LOCAL, split_name
from extractor.models.options import ModelOptions
from extractor.models.providers import providers, url_of

Price: TypeAlias = Callable[[int, int, int], float]
"""US dollars of input, cached and output tokens; the cached ones are part of the input."""

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class FlatPrice:
    """US dollars per million tokens, whatever their number."""

    input: Decimal
    output: Decimal
    cached: Decimal

    def __call__(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        """The dollars."""
        cached = min(cached_tokens, input_tokens)
        fresh = input_tokens - cached
        total = self.input * fresh + self.cached * cached + self.output * output_tokens
        return float(total / _MILLION)


FREE = FlatPrice(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A price of the list of genai-prices, tiers included.

    Attributes:
        provider: as the list names it.
        model: as the provider knows it.
        processing: how a request is served, as the list names it; None: at once.
    """

    provider: str
    model: str
    processing: str | None = None

    def __call__(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        """The dollars.

        Raises:
            LookupError: the list has no such model.
            MissingExtraError: there is no list.
        """
        try:
            from genai_prices import Usage, calc_price
        except ImportError:
            raise MissingExtraError("the price list", "llm") from None
        usage = Usage(
            input_tokens=input_tokens,
            cache_read_tokens=min(cached_tokens, input_tokens),
            output_tokens=output_tokens,
        )
        price = calc_price(
            usage,
            model_ref=self.model,
            provider_id=self.provider,
            price_context={"processing": self.processing} if self.processing else None,
        )
        return float(price.total_price)


@dataclass(frozen=True, slots=True)
class _HalfPrice:
    """Half of a price."""

    whole: Price

    def __call__(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        return self.whole(input_tokens, cached_tokens, output_tokens) / 2


def batch_price(online: Price) -> Price:
    """The price of requests that may wait a day: by the list if it says, else half of `online`.

    Raises:
        LookupError: the list does not have the model.
    """
    if isinstance(online, ListPrice):
        listed = replace(online, processing="batch")
        # Where the list has no such price of a model, it says the one online.
        if listed(_MILLION, 0, _MILLION) != online(_MILLION, 0, _MILLION):
            return listed
    return _HalfPrice(online)


def parse_price(text: str) -> FlatPrice:
    """The price that ``IN,OUT`` or ``IN,OUT,CACHED`` stands for; cached tokens cost IN without it.

    Raises:
        UsageError: it is none.
    """
    try:
        numbers = [Decimal(part.strip()) for part in text.split(",")]
    except InvalidOperation:
        numbers = []
    if len(numbers) not in (2, 3) or not all(n.is_finite() and n >= 0 for n in numbers):
        raise UsageError(
            f"--price {text!r} is no price: write IN,OUT or IN,OUT,CACHED in dollars per million "
            "tokens, such as 0.25,2,0.025"
        )
    return FlatPrice(numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else numbers[0])


def price_at(provider: str, model: str, url: str, given: Price | None = None) -> Price | None:
    """The price that was given, else the provider's own; None where it is not known.

    Args:
        provider: a name of the table of providers, or any other.
        model: the model's name, as the provider knows it.
        url: where it is reached; a price of the list counts at the provider's own address only.
        given: the user's price.
    """
    if given is not None:
        return given
    known = providers().get(provider)
    if known is not None and known.base_url not in ("", url):
        return None
    listed = ListPrice(provider, model)
    try:
        listed(1, 0, 1)
    except (LookupError, ValueError):
        return None
    return listed


def price_of(name: str, options: ModelOptions) -> Price | None:
    """The price of the model that a model string stands for; it needs no key.

    Raises:
        UsageError: there is no such model.
    """
    if name == "rules":
        return FREE
    if name.startswith(LOCAL):
        return options.price
    provider, model = split_name(name)
    return price_at(provider, model, url_of(provider, options.base_url), options.price)


def at_batch_price(name: str, options: ModelOptions) -> ModelOptions:
    """The options of a model string with the price of requests that may wait a day.

    Raises:
        UsageError: there is no such model.
    """
    price = price_of(name, options)
    return options if price is None else replace(options, price=batch_price(price))
