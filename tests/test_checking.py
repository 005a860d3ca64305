import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from extractor import Extraction
from extractor.checking import CHECKS, Finding, check
from extractor.cli import check as cli
from extractor.errors import UsageError
from tests.articles import count, fund, growth
from tests.outputs import extraction, line

BY_NAME = {check.name: check for check in CHECKS}


def flagged(name: str, *extractions: Extraction) -> list[Finding]:
    return list(check(extractions, [BY_NAME[name]]))


def loans(total: str, *parts: str, currency: str = "yuan", **changes: Any) -> Extraction:
    """Loans of a total, with parts of it."""
    listed = " and ".join(f"{part} {currency} to mills" for part in parts)
    text = f"Banks of Wuhan lent {total} yuan to firms, including {listed}."
    own = {"provider": None, "recipient": None, "region": "Wuhan", "kind": "loan", "period": None}
    funds = [fund(**own | {"name": "lent", "amount": f"{total} yuan", "evidence": text})]
    funds += [
        fund(**own | {
            "name": "lent", "amount": f"{part} {currency}", "part_of": f"{total} yuan",
            "evidence": text, **changes,
        })
        for part in parts
    ]  # fmt: skip
    return extraction(text, funds=funds)


def champions(total: str, parts: Sequence[tuple[str, str]]) -> Extraction:
    """Enterprises with parts of given designations."""
    listed = " and ".join(f"{number} {designation} ones" for number, designation in parts)
    text = f"Wuhan has {total} enterprises, including {listed}."
    own = {"region": "Wuhan", "measure": "total", "evidence": text}
    counts = [count(**own, category="enterprises", designation="other", count=total, part_of=None)]
    counts += [
        count(**own, category="ones", designation=designation, count=number, part_of=total)
        for number, designation in parts
    ]
    return extraction(text, counts=counts)


def test_a_part_above_its_total_is_flagged() -> None:
    (found,) = flagged("part_above_total", loans("2.5 million", "3.5 million"))
    assert (found.id, found.type, found.field) == ("a", "fund", "amount")
    assert found.message == "the part '3.5 million yuan' is above '2.5 million yuan'"
    assert "lent 2.5 million yuan" in found.quote


@pytest.mark.parametrize("part", ["2.5 million", "1 million", "about 2.6 million"])
def test_a_part_that_may_be_within_its_total_is_not_flagged(part: str) -> None:
    assert flagged("part_above_total", loans("2.5 million", part)) == []


def test_a_total_that_is_rounded_leaves_room_for_its_parts() -> None:
    assert flagged("part_above_total", loans("over 300 million", "345 million")) == []
    assert flagged("part_above_total", loans("over 300 million", "500 million"))


def test_a_part_in_another_currency_is_not_compared() -> None:
    assert flagged("part_above_total", loans("2 million", "3 million", currency="euros")) == []


def test_a_total_that_is_no_record_is_read_from_its_words() -> None:
    text = "Of the 310 mills in Wuhan, 420 enterprises are little giants."
    found = extraction(
        text,
        counts=[
            count(category="enterprises", count="420", part_of="310", region="Wuhan", evidence=text)
        ],
    )
    assert len(flagged("part_above_total", found)) == 1


def test_parts_that_add_to_more_than_their_total_are_flagged_once() -> None:
    found = flagged("parts_above_total", loans("5 million", "3 million", "2.5 million"))
    assert [f.message for f in found] == [
        "the parts '3 million yuan', '2.5 million yuan' add to more than '5 million yuan'"
    ]


def test_parts_that_add_to_their_total_or_less_are_not_flagged() -> None:
    assert flagged("parts_above_total", loans("5 million", "3 million", "2 million")) == []
    assert flagged("parts_above_total", loans("5 million", "3 million")) == []


def test_a_part_that_is_above_by_itself_is_left_to_the_other_check() -> None:
    found = loans("5 million", "6 million", "2 million")
    assert flagged("parts_above_total", found) == []
    assert len(flagged("part_above_total", found)) == 1


def test_enterprises_with_several_titles_are_not_added() -> None:
    titles = [("250", "high_tech"), ("120", "little_giant")]
    assert flagged("parts_above_total", champions("310", titles)) == []
    same = [("250", "high_tech"), ("120", "high_tech")]
    assert len(flagged("parts_above_total", champions("310", same))) == 1


RATES = (
    "In 2022, industrial output of Ezhou grew by {own}, {gap} percentage points {side} than the "
    "province, while industrial output of Hubei Province grew by {other} in 2022."
)


def rates(
    own: str, gap: str, other: str, *, side: str = "higher", benchmark: str = "the province",
    **changes: Any,
) -> Extraction:  # fmt: skip
    """A region's rate, that of its province, and the gap."""
    text = RATES.format(own=own, gap=gap, other=other, side=side)
    common = {"indicator": "industrial output", "period": "In 2022", "evidence": text}
    common |= {"basis": "unspecified", "region": "Ezhou"}
    is_lower = side == "lower"
    return extraction(
        text,
        growth=[
            growth(**common | {"change": own}),
            growth(**common | {"change": other, "region": "Hubei Province", "period": "in 2022"}),
            growth(
                **common
                | {
                    "change": f"{gap} percentage points",
                    "basis": "versus_benchmark",
                    "benchmark": benchmark,
                    "direction": "decrease" if is_lower else "increase",
                }
                | changes
            ),
        ],
    )


def test_a_gap_that_disagrees_with_both_rates_is_flagged() -> None:
    (found,) = flagged("gap_disagrees", rates("9.2%", "5.2", "7.1%"))
    assert found.message == (
        "a gap of '5.2 percentage points', but the rates are '9.2%' and '7.1%'"
    )


@pytest.mark.parametrize(
    ("own", "gap", "other", "side"),
    [
        ("9.2%", "2.1", "7.1%", "higher"),
        ("9.2%", "2.2", "7.1%", "higher"),
        ("5%", "2.6", "3%", "higher"),
        ("7.1%", "2.1", "9.2%", "lower"),
        ("6.0%", "0", "6%", "higher"),
        ("9.2%", "about 4", "7.1%", "higher"),
    ],
)
def test_a_gap_that_rounding_explains_is_not_flagged(
    own: str, gap: str, other: str, side: str
) -> None:
    assert flagged("gap_disagrees", rates(own, gap, other, side=side)) == []


def test_zeros_behind_the_point_say_how_exact_a_rate_is() -> None:
    assert flagged("gap_disagrees", rates("9.0%", "2.5", "7.0%"))
    assert flagged("gap_disagrees", rates("9%", "2.5", "7%")) == []


def test_a_gap_on_the_wrong_side_is_flagged() -> None:
    assert flagged("gap_disagrees", rates("9.2%", "2.1", "7.1%", side="lower"))


def test_a_gap_to_another_benchmark_or_of_another_thing_is_not_compared() -> None:
    figures = ("9.2%", "5.2", "7.1%")
    assert flagged("gap_disagrees", rates(*figures, subject="industrial")) == []
    assert flagged("gap_disagrees", rates(*figures, status="planned")) == []
    assert flagged("gap_disagrees", rates(*figures, benchmark="percentage points")) == []


@pytest.mark.parametrize(
    ("phrase", "is_flagged"),
    [("1,250%", True), ("1250 percent", True), ("950%", False), ("12 times", False),
     ("1,000%", False)],
)  # fmt: skip
def test_growth_above_1000_per_cent_is_flagged_unless_it_is_in_words(
    phrase: str, is_flagged: bool
) -> None:
    text = f"Exports of Wuhan grew by {phrase} in May."
    found = extraction(
        text,
        growth=[
            growth(
                indicator="Exports", change=phrase, region="Wuhan", period="in May", evidence=text
            )
        ],
    )
    assert bool(flagged("growth_above_1000", found)) is is_flagged


@pytest.mark.parametrize(
    ("phrase", "date", "status", "is_flagged"),
    [
        ("in 2024", "2023-07-03", "actual", True),
        ("as of the end of May 2025", "2023-07-03", "actual", True),
        ("in 2024", "2023-07-03", "planned", False),
        ("in 2024", None, "actual", False),
        ("in 2023", "2023-07-03", "actual", False),
        ("in May", "2023-07-03", "actual", False),
    ],
)
def test_an_actual_fact_of_a_time_after_its_article_is_flagged(
    phrase: str, date: str | None, status: str, is_flagged: bool
) -> None:
    text = f"Exports of Wuhan grew by 3.5% {phrase}."
    drafts = [
        growth(indicator="Exports", change="3.5%", region="Wuhan", period=phrase, status=status,
               evidence=text)
    ]  # fmt: skip
    found = flagged("period_after_article", extraction(text, date=date, growth=drafts))
    assert bool(found) is is_flagged


def value_added(
    id_: str, amount: str, period: str = "In 2022", region: str = "Wuhan", change: str = "3.5%"
) -> Extraction:
    """An article on the level of one series."""
    text = f"{period}, the GDP of {region} reached {amount} yuan, up {change} year-on-year."
    drafts = [
        growth(indicator="GDP", amount=f"{amount} yuan", change=change, region=region,
               period=period, evidence=text)
    ]  # fmt: skip
    return extraction(text, id_=id_, growth=drafts)


def elsewhere(*found: Extraction) -> list[tuple[str, str, str]]:
    return [(f.id, f.field, f.message) for f in flagged("elsewhere_at_power_of_ten", *found)]


def test_a_number_that_more_articles_state_at_another_power_of_ten_is_flagged() -> None:
    found = elsewhere(
        value_added("a", "1.88 trillion"),
        value_added("b", "188 billion"),
        value_added("c", "1880 billion"),
    )
    assert found == [("b", "amount", "a 10th of that in a and 1 more")]


def test_where_one_article_stands_against_one_both_are_flagged() -> None:
    found = elsewhere(value_added("a", "1.88 trillion"), value_added("b", "18.8 billion"))
    assert found == [
        ("a", "amount", "100 times that in b"),
        ("b", "amount", "a 100th of that in a"),
    ]


def test_a_growth_rate_whose_point_was_lost_is_flagged() -> None:
    found = elsewhere(
        value_added("a", "1.88 trillion", change="3.5%"),
        value_added("b", "1.88 trillion", change="35%"),
    )
    assert [field for _, field, _ in found] == ["change", "change"]


@pytest.mark.parametrize(
    "other",
    [
        value_added("b", "188 billion", period="In 2021"),
        value_added("b", "188 billion", region="Ezhou"),
        value_added("b", "187 billion"),
        value_added("b", "1.88 trillion"),
    ],
    ids=["period", "region", "digits", "same"],
)
def test_another_fact_is_not_compared(other: Extraction) -> None:
    assert elsewhere(value_added("a", "1.88 trillion"), other) == []


def test_the_same_article_is_not_elsewhere() -> None:
    text = (
        "In 2022, the GDP of Wuhan reached 1.88 trillion yuan, up 3.5% year-on-year. In 2022, the "
        "GDP of Wuhan was 188 billion yuan, up 3.5%."
    )
    drafts = [
        growth(indicator="GDP", amount=amount, change="3.5%", region="Wuhan", period="In 2022",
               evidence=text.split(". ")[position])
        for position, amount in enumerate(("1.88 trillion yuan", "188 billion yuan"))
    ]  # fmt: skip
    assert elsewhere(extraction(text, growth=drafts)) == []


YEARS = [value_added(f"y{y}", f"1.{y} trillion", period=f"In 20{y}") for y in (15, 16, 17, 18)]


def off(*found: Extraction) -> list[tuple[str, str]]:
    return [(f.id, f.message) for f in flagged("off_its_series", *found)]


def test_a_value_a_power_of_ten_off_its_own_series_is_flagged() -> None:
    slipped = value_added("slip", "121 billion", period="In 2019")
    assert off(*YEARS, slipped) == [
        ("slip", "about a 10th of the median of its series (1,160,000,000,000)")
    ]
    assert off(*YEARS, value_added("slip", "13.1 trillion", period="In 2019"))


def test_a_value_that_follows_its_series_is_not_flagged() -> None:
    assert off(*YEARS, value_added("next", "1.31 trillion", period="In 2019")) == []
    assert off(*YEARS, value_added("next", "4.4 trillion", period="In 2019")) == []


def test_a_month_and_a_year_are_no_series() -> None:
    assert off(*YEARS, value_added("month", "121 billion", period="In May 2019")) == []


def test_three_periods_are_too_few_for_a_series() -> None:
    assert off(*YEARS[:2], value_added("slip", "121 billion", period="In 2019")) == []


def test_a_series_that_has_no_level_of_its_own_flags_nothing() -> None:
    wild = [
        value_added(f"w{year}", f"1.{year} {scale}", period=f"In 20{year}")
        for year, scale in ((14, "million"), (15, "million"), (16, "billion"), (17, "trillion"))
    ]
    assert off(*wild) == []


def test_nothing_is_flagged_in_an_output_with_nothing_in_it() -> None:
    assert list(check([])) == []
    assert list(check([extraction("Nothing of note happened.")])) == []


def test_an_iterator_is_refused_rather_than_found_empty() -> None:
    with pytest.raises(TypeError, match="gone through twice"):
        list(check(iter(YEARS)))


def test_each_check_has_a_name_of_its_own_and_a_meaning() -> None:
    assert len(BY_NAME) == len(CHECKS)
    for own in CHECKS:
        assert own.meaning
        assert own.function.__name__ == own.name


app = typer.Typer()
app.command()(cli.command)


@pytest.fixture
def output(tmp_path: Path) -> str:
    path = tmp_path / "out.jsonl"
    path.write_bytes(line(loans("2.5 million", "3.5 million")))
    return str(path)


def test_the_command_shows_findings_with_quotes_and_a_count_of_each_check(output: str) -> None:
    done = CliRunner().invoke(app, [output], env={"COLUMNS": "120"})
    assert done.exit_code == 0
    assert "part_above_total" in done.stdout
    assert "is above '2.5 million yuan'" in done.stdout
    assert "Banks of Wuhan lent" in done.stdout
    assert "1 articles, 1 findings" in done.stderr


def test_the_command_gives_a_json_line_for_each_finding(output: str) -> None:
    done = CliRunner().invoke(app, [output, "--json"])
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["check"], row["id"], row["field"]) == ("part_above_total", "a", "amount")


def test_the_command_makes_only_the_checks_that_are_named(output: str) -> None:
    done = CliRunner().invoke(app, [output, "--only", "gap_disagrees", "--json"])
    assert (done.exit_code, done.stdout) == (0, "")


def test_a_check_that_there_is_not_is_a_usage_error(output: str) -> None:
    done = CliRunner().invoke(app, [output, "--only", "nonsense"])
    assert isinstance(done.exception, UsageError)
    assert "part_above_total" in str(done.exception)


def test_an_invalid_line_is_said_once_and_ends_the_command_with_1(output: str) -> None:
    with Path(output).open("ab") as file:
        file.write(b'{"id": "torn')
    done = CliRunner().invoke(app, [output])
    assert done.exit_code == 1
    assert done.stderr.count("line 2") == 1
    assert "1 invalid lines" in done.stderr
