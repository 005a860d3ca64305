import asyncio
from collections.abc import Awaitable, Callable, Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given

from extractor.article import Article
from extractor.batch import budget as budgets
from extractor.errors import RunStoppedError
from extractor.results import NO_USAGE, Usage


class Budget(budgets.Budget):
    """A budget of some dollars; the text of an article is its estimate."""

    def __init__(self, dollars: float, spent: float = 0.0) -> None:
        limit = budgets.CostLimit(dollars, lambda article: float(article.text))
        super().__init__(limit, spent)


def costing(estimate: float) -> Article:
    return Article(text=str(estimate))


def usage(cost: float | None, requests: int = 1) -> Usage:
    return NO_USAGE.model_copy(update={"cost_usd": cost, "requests": requests})


async def run(
    budget: Budget,
    articles: Sequence[tuple[float, float | None]],
    in_flight: int,
    work: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0),
) -> int:
    """How many articles, each an estimate and a cost, were done before the limit."""
    left = iter(articles)
    done = 0

    async def worker() -> None:
        nonlocal done
        for estimate, cost in left:
            try:
                async with budget.reserve(costing(estimate)) as reserved:
                    await work()
                    reserved.settle(usage(cost))
            except RunStoppedError:
                return
            done += 1

    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return done


def spend(budget: Budget, cost: float | None, estimate: float = 1.0, requests: int = 1) -> None:
    async def once() -> None:
        async with budget.reserve(costing(estimate)) as reserved:
            reserved.settle(usage(cost, requests))

    asyncio.run(once())


def test_what_was_spent_before_counts() -> None:
    budget = Budget(1.0, spent=0.95)
    with pytest.raises(RunStoppedError, match=r"\$0\.9500 of \$1\.0000.*\$0\.1000.*--max-cost"):
        spend(budget, 0.1, estimate=0.1)
    assert budget.spent == 0.95


@pytest.mark.parametrize("in_flight", [1, 16, 64])
def test_estimates_that_hold_keep_the_limit_and_use_it(in_flight: int) -> None:
    budget = Budget(10.0)
    done = asyncio.run(run(budget, [(0.1, 0.05)] * 1000, in_flight))
    assert 10.0 - 0.1 < budget.spent <= 10.0 + 1e-9
    assert done == pytest.approx(199, abs=1)


@given(
    articles=st.lists(
        st.floats(0.001, 1).flatmap(lambda cost: st.tuples(st.floats(cost, 2), st.just(cost))),
        max_size=40,
    ),
    limit=st.floats(0, 10),
    in_flight=st.integers(1, 16),
)
def test_no_mix_of_articles_exceeds_the_limit_where_estimates_hold(
    articles: list[tuple[float, float]], limit: float, in_flight: int
) -> None:
    budget = Budget(limit)
    done = asyncio.run(run(budget, articles, in_flight))
    assert budget.spent <= limit + 1e-9
    assert done == len(articles) or budget.spent + 2 >= limit


@pytest.mark.parametrize("in_flight", [1, 16])
def test_estimates_that_are_too_low_are_exceeded_once_by_what_is_in_flight(in_flight: int) -> None:
    budget = Budget(3.0)
    asyncio.run(run(budget, [(0.1, 0.3)] * 1000, in_flight))
    assert budget.spent <= 3.0 + in_flight * (0.3 - 0.1) + 1e-9
    later = Budget(30.0)
    asyncio.run(run(later, [(0.1, 0.3)] * 1000, in_flight))
    assert later.spent <= 30.0 + 1e-9  # the first articles taught it


def test_one_article_that_costs_more_exceeds_the_limit_by_that_much_at_most() -> None:
    costs = [(0.1, 0.1)] * 40 + [(0.1, 0.4)] + [(0.1, 0.1)] * 50
    budget = Budget(5.0)
    asyncio.run(run(budget, costs, 16))
    assert 5.0 < budget.spent <= 5.0 + 0.3 + 1e-9


def test_articles_wait_for_money_in_flight_and_are_not_refused_for_it() -> None:
    budget = Budget(1.0)
    most = open_now = 0

    async def work() -> None:
        nonlocal most, open_now
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1

    done = asyncio.run(run(budget, [(0.4, 0.1)] * 7, 16, work))
    assert most == 2
    assert done == 7
    assert budget.spent == pytest.approx(0.7)


def test_an_article_that_costs_more_than_its_estimate_raises_all_later_ones() -> None:
    budget = Budget(10.0)
    spend(budget, 0.5)
    spend(budget, 3.0)
    spend(budget, 0.5)
    with pytest.raises(RunStoppedError, match=r"\$4\.0000 of .* could cost \$6\.3000"):
        spend(budget, 0.1, estimate=2.1)
    spend(budget, 0.1, estimate=2.0)


def test_answers_from_a_cache_cost_nothing_and_teach_nothing() -> None:
    budget = Budget(1.0)
    for _ in range(50):
        spend(budget, 0.0, estimate=0.9, requests=0)
    assert budget.spent == 0
    with pytest.raises(RunStoppedError):
        spend(budget, 0.0, estimate=1.1)


def test_article_whose_cost_is_not_stated_counts_with_its_estimate() -> None:
    budget = Budget(1.0)
    done = asyncio.run(run(budget, [(0.25, None)] * 100, 16))
    assert (done, budget.spent) == (4, 1.0)


def test_article_that_breaks_off_gives_its_money_back() -> None:
    budget = Budget(1.0)

    async def broken() -> None:
        async with budget.reserve(costing(1.0)):
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            asyncio.run(broken())
    assert budget.spent == 0


def test_free_model_is_never_refused() -> None:
    budget = Budget(0.0)
    assert asyncio.run(run(budget, [(0.0, 0.0)] * 100, 16)) == 100
