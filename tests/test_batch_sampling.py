from collections import Counter
from collections.abc import Iterable

import pytest

from extractor.article import Article
from extractor.batch.reading import InvalidLine
from extractor.batch.sampling import Sample

ARTICLES = [Article(id=f"a{n}", text=f"text {n}") for n in range(200)]


def sample(articles: Iterable[Article], size: int, seed: int) -> list[Article]:
    return list(Sample(size, seed).of(articles))


def ids(articles: list[Article]) -> list[str]:
    return [article.id for article in articles]


def test_sample_has_its_size_and_the_order_of_the_input() -> None:
    drawn = sample(iter(ARTICLES), 30, seed=0)
    assert len(drawn) == len(set(ids(drawn))) == 30
    assert drawn == [article for article in ARTICLES if article in drawn]
    assert ids(drawn) != ids(ARTICLES[:30])


def test_the_same_seed_draws_the_same_articles_wherever_they_stand() -> None:
    drawn = ids(sample(ARTICLES, 30, seed=7))
    assert ids(sample(ARTICLES, 30, seed=7)) == drawn
    assert set(ids(sample(reversed(ARTICLES), 30, seed=7))) == set(drawn)
    assert set(ids(sample(ARTICLES, 30, seed=8))) != set(drawn)


def test_a_larger_sample_holds_the_smaller_one() -> None:
    small, large = (set(ids(sample(ARTICLES, size, seed=3))) for size in (20, 50))
    assert small < large


@pytest.mark.parametrize("size", [0, 1, 200, 1000])
def test_a_sample_is_never_larger_than_what_there_is(size: int) -> None:
    assert len(sample(ARTICLES, size, seed=0)) == min(size, 200)
    assert sample([], size, seed=0) == []


def test_every_article_is_drawn_about_as_often() -> None:
    times = Counter(i for seed in range(400) for i in ids(sample(ARTICLES, 50, seed)))
    # 400 draws of a quarter: 100 each, with a standard deviation of 8.7
    assert len(times) == 200
    assert all(60 < n < 140 for n in times.values())


def test_what_is_no_article_is_passed_on_and_takes_no_place() -> None:
    invalid = InvalidLine("in.jsonl", 3, "not JSON")
    drawn = list(Sample(2, 0).of([*ARTICLES[:3], invalid, *ARTICLES[3:]]))
    assert drawn[0] is invalid
    assert drawn[1:] == sample(ARTICLES, 2, seed=0)
