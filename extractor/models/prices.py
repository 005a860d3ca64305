"""What tokens cost, by the price list of genai-prices that is installed; no call is made."""

from __future__ import annotations

from decimal import Decimal


def cost_usd(
    model: str, provider: str, input_tokens: int, cached_tokens: int, output_tokens: int
) -> float | None:
    """US dollars of one answer, or None where no price is known."""
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=input_tokens,
        cache_read_tokens=min(cached_tokens, input_tokens),
        output_tokens=output_tokens,
    )
    try:
        price = calc_price(usage, model_ref=model, provider_id=provider)
    except (LookupError, ValueError):
        return None
    total: Decimal = price.total_price
    return float(total)
