import pytest

from extractor.batch import FailureLimit
from extractor.errors import UsageError


def test_a_number_of_failures_may_be_reached_but_not_passed() -> None:
    limit = FailureLimit.parse("2")
    assert not limit.is_exceeded(2, 2)
    assert limit.is_exceeded(3, 1000)
    assert FailureLimit.parse("0").is_exceeded(1, 1)


def test_a_share_is_judged_from_a_hundred_articles_on() -> None:
    limit = FailureLimit.parse("2.5%")
    assert not limit.is_exceeded(99, 99)
    assert not limit.is_exceeded(5, 200)
    assert limit.is_exceeded(6, 200)
    assert str(limit) == "2.5%"


@pytest.mark.parametrize("text", ["", "-1", "some", "101%", "%", "1e3", "½%", "5 of 7"])
def test_anything_else_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="write 20 or 5%"):
        FailureLimit.parse(text)
