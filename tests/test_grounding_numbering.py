"""Sentences by number: what a model is shown, and where a number points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import Span, numbered, numbers_of, sentences

TEXT = "Output rose by 5%.Exports fell. 2: Is this a number?\n\n全市工业增长。企业增加。\n"


def test_sentences_are_numbered_from_one_and_joined_they_are_the_text() -> None:
    shown = numbered(TEXT, Span(0, len(TEXT)))

    assert list(shown) == [1, 2, 3, 4, 5]
    assert shown[1] == "Output rose by 5%."
    assert shown[3] == "2: Is this a number?\n\n"
    assert "".join(shown.values()) == TEXT


def test_numbers_count_in_the_whole_text_and_a_cut_sentence_is_in_both_parts() -> None:
    first, second = numbered(TEXT, Span(0, 40)), numbered(TEXT, Span(36, len(TEXT)))

    assert (list(first), list(second)) == ([1, 2, 3], [3, 4, 5])
    assert first[3] == "2: Is th"
    assert second[3] == "s this a number?\n\n"


def test_text_without_a_sentence_end_is_one_sentence() -> None:
    assert numbered("word " * 9, Span(0, 45)) == {1: "word " * 9}
    assert numbers_of(Span(40, 44), "word " * 9) == [1]


@given(st.text(alphabet="ab.。 \n5A", min_size=1, max_size=40), st.data())
def test_no_part_loses_a_character(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    assert "".join(numbered(text, Span(start, end)).values()) == text[start:end]


@given(st.text(alphabet="ab.。 \n5A", min_size=1, max_size=40))
def test_numbers_of_a_sentence_are_its_own(text: str) -> None:
    for number, span in enumerate(sentences(text), 1):
        assert numbers_of(span, text) == [number]
        assert text[span.start : span.end] in numbered(text, Span(0, len(text)))[number]
