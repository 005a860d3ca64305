from dataclasses import replace

from extractor.batch.progress import Snapshot, progress_line

START = Snapshot(seconds=100.0, position=1000, size=10_000, articles=1, done_before=99)
NOW = replace(START, seconds=110.0, position=4000, articles=31, tokens=60_000, cost_usd=0.3)


def test_a_line_says_what_is_done_how_fast_and_what_is_to_come() -> None:
    assert progress_line(replace(NOW, refused=2, failed=1), START) == (
        "130 of about 325 articles (40%), 3.0/s, 6,000 tokens/s, $0.30 of about $0.90, 2 × 429, "
        "1 failed, 0:00:20 left"
    )


def test_what_is_not_known_is_left_out() -> None:
    unsized = replace(NOW, size=None, cost_usd=None)
    assert progress_line(unsized, replace(START, size=None)) == (
        "130 articles, 3.0/s, 6,000 tokens/s"
    )
    rules = replace(NOW, tokens=0)
    assert progress_line(rules, START) == "130 of about 325 articles (40%), 3.0/s, 0:00:20 left"


def test_a_run_that_has_just_begun_has_no_rates() -> None:
    begun = Snapshot(seconds=5.0, size=100)
    assert progress_line(begun, begun) == "0 articles"
    assert progress_line(START, START) == "100 of about 1,000 articles (10%)"
    empty = Snapshot(seconds=5.0, size=0)
    assert progress_line(empty, empty) == "0 articles"


def test_an_input_that_grew_while_it_was_read_is_not_read_beyond_its_end() -> None:
    grown = replace(NOW, position=20_000)
    assert progress_line(grown, START).startswith("130 of about 130 articles (100%)")
