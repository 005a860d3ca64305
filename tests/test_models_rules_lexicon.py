"""The lexicons: each row is found by its own term, and no row is idle."""

from __future__ import annotations

from collections import Counter

import pytest

from extractor.models.rules.lexicon import LEXICONS, SHIELD, Cues, Entry, entries, lowered

ENTRIES = list(entries())


def _stem(entry: Entry) -> str:
    return entry.term.removesuffix("*")


def test_every_term_is_found_as_its_own_cue() -> None:
    missed = []
    for entry in ENTRIES:
        text = _stem(entry)
        cues = Cues(text).within(entry.lexicon, 0, len(text))
        whole = [cue.value for cue in cues if cue.end - cue.start == len(text)]
        if whole != ([] if entry.value == SHIELD else [entry.value]):
            missed.append(entry)
    assert missed == []


def test_every_shield_hides_a_shorter_term_of_its_lexicon() -> None:
    terms = [e for e in ENTRIES if e.value != SHIELD]
    idle = [
        shield
        for shield in ENTRIES
        if shield.value == SHIELD
        and not any(
            e.lexicon == shield.lexicon and _stem(e).lower() in _stem(shield).lower() for e in terms
        )
    ]
    assert idle == []


def test_no_term_stands_twice_in_a_lexicon() -> None:
    counted = Counter((e.lexicon, e.term.lower()) for e in ENTRIES)
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("lexicon", LEXICONS)
def test_every_lexicon_has_rows_in_both_languages(lexicon: str) -> None:
    assert {e.lang for e in ENTRIES if e.lexicon == lexicon} == {"en", "zh"}


def test_a_term_matches_whole_words_only() -> None:
    assert Cues("the upside").within("directions", 0, 10) == []
    assert [c.value for c in Cues("it was up").within("directions", 0, 9)] == ["increase"]


def test_a_starred_term_takes_the_rest_of_its_word() -> None:
    cue = Cues("output soared").within("directions", 0, 13)[0]
    assert (cue.start, cue.end) == (7, 13)


def test_the_longer_term_wins() -> None:
    values = [c.value for c in Cues("a guidance fund").within("fund_kinds", 0, 15)]
    assert values == ["government_fund"]


def test_chinese_terms_match_inside_a_run_of_characters() -> None:
    assert [c.value for c in Cues("产值同比下降").within("directions", 0, 6)] == ["decrease"]


def test_a_term_outside_the_stretch_is_no_cue() -> None:
    assert Cues("up and away").within("directions", 1, 11) == []


def test_lowering_keeps_every_offset() -> None:
    text = "İzmir’s OUTPUT"
    assert len(lowered(text)) == len(text)
    assert lowered(text).endswith("'s output")
