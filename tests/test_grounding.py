from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.grounding import Span, is_within, locate, sentences
from extractor.grounding.locate import _fold, _folded_text, fold, splits

ARTICLE = (
    "Output of the glass industry rose by 7.4% in May.Exports fell by 3.1%. The bureau said "
    "that “forty-one” firms won\u00a0the title — ninety in all.\n"
    "全市规模以上工业增加值同比上升８．６％，高于全省。"
)


def quoted(quote: str, text: str = ARTICLE) -> str | None:
    span = locate(quote, text)
    return None if span is None else text[span.start : span.end]


def test_an_exact_quote_is_found_at_its_first_occurrence() -> None:
    assert locate("ab", "xx ab ab") == Span(3, 5)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("output of the  glass\nindustry", "Output of the glass industry"),
        ('said that "forty-one" firms', "said that “forty-one” firms"),
        ("won the title - ninety", "won\u00a0the title — ninety"),
        ("上升8.6%,高于", "上升８．６％，高于"),
        ("  rose by 7.4%  ", "rose by 7.4%"),
    ],
)
def test_white_space_quotes_dashes_width_and_case_do_not_hide_a_quote(
    quote: str, found: str
) -> None:
    assert quoted(quote) == found


def test_a_slightly_different_quote_is_found_in_the_articles_own_words() -> None:
    assert quoted("Output of the glass industries rose by 7.4% in May") == (
        "Output of the glass industry rose by 7.4% in May"
    )


@pytest.mark.parametrize(
    "quote",
    [
        "Output of the glass industry rose by 7.5% in May",
        "Output of the glass industry rose by 17.4% in May",
        "Output of the glass industry rose by 7.4% in June",
        "Output of the glass industry fell by 7.4% in May",
        "Output of the glass industry rose by -7.4% in May",
        "Output of the glass industry rose by 7.4‰ in May",
        "The bureau said that “forty-two” firms won the title",
        "全市规模以上工业增加值同比上升8.7%，高于全省",
    ],
)
def test_a_changed_number_or_month_is_no_match_however_similar_the_rest(quote: str) -> None:
    assert locate(quote, ARTICLE) is None


def test_the_window_with_the_same_number_is_found_behind_a_better_looking_one() -> None:
    text = (
        "Sales of tractors rose by 12.5% in the city. "
        "Sales of the tractors rose by 12.6% in a city."
    )
    assert quoted("Sales of tractors rose by 12.6% in the city", text) == (
        "Sales of the tractors rose by 12.6% in a city"
    )


def test_a_quote_that_cuts_a_word_is_widened_and_one_that_cuts_a_number_refused() -> None:
    assert quoted("utput of the glass industry") == "Output of the glass industry"
    assert quoted("Output of the glass industry rose by 7") is None


@pytest.mark.parametrize("mark", [".", "…", "!", '."', "。", "a.", "\n"])
def test_sentences_take_linear_time_over_any_run_of_marks(mark: str) -> None:
    # A quadratic search would not end within the life of the test run.
    assert sentences(mark * 300_000 + "x")


@pytest.mark.parametrize("quote", ["", "  \n", "no such words at all", "\x00\x00\x00"])
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert locate(quote, ARTICLE) is None


@given(st.text(min_size=1, max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_a_passage_of_a_text_is_always_found_as_itself(
    passage: str, before: str, after: str
) -> None:
    text = before + passage + after
    span = locate(passage, text)
    start = len(before) + len(passage) - len(passage.lstrip())
    is_whole = not splits(text, start) and not splits(text, start + len(passage.strip()))
    if passage.strip() and is_whole:
        assert span is not None
        assert text[span.start : span.end] == passage.strip()


@given(st.text(max_size=60), st.text(max_size=120))
def test_a_found_span_lies_in_the_text(quote: str, text: str) -> None:
    span = locate(quote, text)
    if span is not None:
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet='Aa1 ”"－-ﬁ\u00a0\n中％', max_size=40))
def test_a_folded_copy_is_found_over_the_same_characters(text: str) -> None:
    folded = fold(text)
    if folded:
        span = locate(folded, text)
        assert span is not None
        assert fold(text[span.start : span.end]) == folded


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One rose. Two fell.", ["One rose.", "Two fell."]),
        ("It rose by 5%.The city grew.", ["It rose by 5%.", "The city grew."]),
        ("It reached 100%.310 firms joined.", ["It reached 100%.", "310 firms joined."]),
        ("It rose by 3.5 points.", ["It rose by 3.5 points."]),
        ("Mr. Wang of U.S. Steel Co. said so.", ["Mr. Wang of U.S. Steel Co. said so."]),
        ("He said “good.” Then he left.", ["He said “good.”", "Then he left."]),
        ("A heading\nA first line", ["A heading", "A first line"]),
        ("增长5%。“很好。”又增长", ["增长5%。", "“很好。”", "又增长"]),
        ("真的？是的！", ["真的？", "是的！"]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_sentences_end_where_they_do_in_real_articles(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@given(st.text(max_size=200))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = "".join(text[s.start : s.end] for s in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(st.text(max_size=80))
def test_a_text_folds_alike_with_and_without_places(text: str) -> None:
    assert _folded_text(text) == _fold(text).text


def test_a_quote_that_is_less_than_nine_tenths_alike_is_not_found() -> None:
    assert locate("Output of our lovely glass industry rose then by 7.4% in May", ARTICLE) is None


@given(st.text(alphabet="aB1 .。\n”!…%c,", max_size=40), st.data())
def test_stretch_that_is_surely_within_few_sentences_touches_no_more(
    text: str, data: st.DataObject
) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    touched = [s for s in sentences(text) if s.start < end and start < s.end]
    for most in (1, 2, 3):
        assert not is_within(text, Span(start, end), most) or len(touched) <= most


def test_an_ordinary_quote_is_seen_to_be_one_sentence() -> None:
    assert is_within(ARTICLE, Span(0, 30), 1)
