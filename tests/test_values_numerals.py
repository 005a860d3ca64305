from __future__ import annotations

import pytest

from extractor.values import numerals


def test_digits_words_and_months_are_listed_in_order() -> None:
    assert numerals("Fifteen firms rose 7.1% to 1,234 in May") == ("15", "7.1", "1234", "month 5")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,234 firms", "1234 firms"),
        ("４０家", "40家"),
        ("Ten firms", "10 firms"),
        ("in Sept. 2022", "in September 2022"),
        ("“40” firms", "40 firms"),
    ],
)
def test_spelling_of_a_number_does_not_matter(one: str, other: str) -> None:
    assert numerals(one) == numerals(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("15.3%", "15.8%"),
        ("1,2", "12"),
        ("1 and 2", "2 and 1"),
        ("twenty-one firms", "twenty firms"),
        ("one million", "a million"),
        ("5 million", "5 billion"),
        ("$5m", "$5bn"),
        ("$5m", "$5k"),
        ("in May", "in June"),
        ("the first quarter", "the second quarter"),
        ("doubled", "tripled"),
        ("half", "a quarter"),
        ("三家", "四家"),
        ("3万家", "3亿家"),
        ("一家", "两家"),
    ],
)
def test_changed_number_is_never_missed(one: str, other: str) -> None:
    assert numerals(one) != numerals(other)


def test_any_string_is_accepted() -> None:
    assert numerals("") == ()
    assert numerals("\ud800\x00") == ()
