from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.article import Article
from extractor.checking import Finding
from extractor.cli import review as command
from extractor.cli.app import app, main
from extractor.records import RECORD_TYPES, Record
from extractor.records.base import COMPUTED
from extractor.results import Audited, Extraction, Failure, FieldError, Rejected
from extractor.review import page as page_module
from extractor.review.articles import article_view, article_views, output_key
from extractor.review.fields import COMPUTED_FROM, record_types
from extractor.review.page import SCRIPTS, review
from tests.outputs import extraction as extracted
from tests.outputs import line
from tests.scored import count, extraction, failure, fund, growth, policy, records
from tests.test_pages import policy_of

HOSTILE = (
    '</script><script>steal()</script><!--<script> --> </style>"><img src=x onerror=steal()>'
    "\u2028\u202edesrever\u202c {{ 7 * 7 }} ${steal()} javascript:steal()"
)
TEMPLATES = Path(page_module.__file__).parent / "templates"
TEXT = "In 2023, Fenghe City paid 30 million yuan of subsidies. In May 12 firms got a loan."
FUND = {
    "name": "subsidies", "kind": "grant", "amount": "30 million yuan", "provider": "Fenghe City",
    "recipient": None, "part_of": None, "region": "Fenghe City", "period": "In 2023",
    "status": "actual", "evidence": "Fenghe City paid 30 million yuan of subsidies.",
}  # fmt: skip


def article(text: str = TEXT, **fields: Any) -> Article:
    return Article(text=text, **{"id": "a", **fields})


def hostile() -> tuple[Extraction, Article]:
    """An article whose every string tries to break out of the page."""
    source = article(f"{HOSTILE} {TEXT}", id=f"a {HOSTILE}", title=HOSTILE, source=HOSTILE,
                     url="javascript:steal()", lang='en" onclick="steal()')  # fmt: skip
    quote = {"quote": source.text[:90], "start": 0, "end": 90}
    draft = Rejected(
        type="fund",
        draft={HOSTILE: HOSTILE},
        errors=[FieldError(field=HOSTILE, code=HOSTILE, message=HOSTILE)],
    )
    found = records(fund(name=HOSTILE, region=HOSTILE, provider=HOSTILE, evidence=quote))
    return extraction(source, found, [draft]), source


def data_of(page: str) -> Any:
    """What the page's script reads."""
    (content,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    return json.loads(content)


def view_of(found: Extraction | Failure, *articles: Article) -> dict[str, Any]:
    return article_view(found, {}, {a.id: a for a in articles})


def whole(view: dict[str, Any]) -> str:
    return "".join(s if isinstance(s, str) else s[0] for s in view["text"])


def marked(view: dict[str, Any], key: str) -> str:
    return "".join(s[0] for s in view["text"] if not isinstance(s, str) and key in s[1].split(" "))


def test_hostile_text_cannot_leave_the_data_and_comes_back_as_it_was() -> None:
    found, source = hostile()
    page = review(f"{HOSTILE}.jsonl", [found], {source.id: source})
    assert "<script>steal" not in page
    assert "<img" not in page
    assert "<!--" not in page
    assert page.count("<script") == page.count("</script>") == 2
    (view,) = data_of(page)["articles"]
    assert whole(view) == source.text
    assert view["records"][0]["record"]["name"] == HOSTILE
    assert "{{ 7 * 7 }}" in view["title"]


def test_the_page_fetches_nothing_and_its_policy_fits_its_content() -> None:
    source = article()
    page = review("out.jsonl", [extraction(source, records(fund()))], {source.id: source})
    found = policy_of(page)
    assert found["style"] in found["policy"]
    assert found["script"] in found["policy"]
    visible = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href|action)="(?!data:,)', visible)
    assert "style=" not in visible
    assert not re.findall(r"\son\w+=", visible)


def test_every_script_is_part_of_the_page_and_none_writes_html() -> None:
    assert sorted(SCRIPTS) == sorted(path.name for path in TEMPLATES.glob("*.js"))
    for name in SCRIPTS:
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(", text)
        assert "fetch(" not in text


def test_evidence_number_period_and_place_are_marked_where_they_stand() -> None:
    found = extracted(TEXT, funds=[FUND])
    view = view_of(found, article())
    assert whole(view) == TEXT
    assert marked(view, "0e") == FUND["evidence"]
    assert marked(view, "0n") == "30 million yuan"
    assert marked(view, "0p") == "In 2023"
    assert marked(view, "0r") == "Fenghe City"


def test_a_place_outside_the_evidence_is_marked_at_its_nearest_mention_before() -> None:
    text = "Fenghe City grew. Fenghe City met. It paid 30 million yuan of subsidies. Fenghe City."
    draft = FUND | {"evidence": "It paid 30 million yuan of subsidies.", "period": None}
    view = view_of(extracted(text, funds=[draft]), article(text))
    before = [s if isinstance(s, str) else s[0] for s in view["text"]]
    at = next(i for i, s in enumerate(view["text"]) if not isinstance(s, str) and "0r" in s[1])
    assert "".join(before[:at]) == "Fenghe City grew. "


def test_records_are_in_the_order_of_the_text() -> None:
    source = article("x" * 900)
    found = extraction(source, records(policy(at=600), fund(at=300), growth(at=0)))
    types = [view["type"] for view in view_of(found, source)["records"]]
    assert types == ["growth_metric", "fund", "policy"]


def test_figures_that_no_record_covers_are_marked() -> None:
    found = extracted(TEXT, funds=[FUND])
    start = TEXT.index("12 firms")
    figure = Audited.model_validate(
        {
            "type": "enterprise_count",
            "phrase": "12 firms",
            "at": (start, start + 8),
            "evidence": {"quote": "In May 12 firms got a loan.", "start": 56, "end": 83},
        }
    )
    view = view_of(found.model_copy(update={"audit": [figure]}), article())
    assert marked(view, "0a") == "12 firms"
    assert view["doubts"] == 1


def test_without_articles_only_quotes_are_there_and_it_is_said() -> None:
    view = article_view(extracted(TEXT, funds=[FUND]), {}, None)
    assert view["text"] is None
    assert "--articles" in view["notice"]
    assert TEXT not in json.dumps(view)


def test_an_article_that_was_not_given_is_said() -> None:
    assert "not in the files" in view_of(extracted(TEXT, funds=[FUND]))["notice"]


def test_a_changed_text_is_said_and_not_shown() -> None:
    view = view_of(extracted(TEXT, funds=[FUND]), article(TEXT + " More."))
    assert view["text"] is None
    assert "changed" in view["notice"]


def test_failed_articles_come_first_then_the_most_doubtful() -> None:
    sources = [article(id=name) for name in ("calm", "doubtful", "worse", "failed")]
    draft = Rejected(type="fund", draft={}, errors=[])
    unit = fund(amount={"flags": ["ambiguous_unit"]})
    outcomes: list[Extraction | Failure] = [
        extraction(sources[0], records(count())),
        extraction(sources[1], records(unit)),
        extraction(sources[2], records(unit), [draft]),
        failure(sources[3]),
    ]
    views = article_views(outcomes, {}, None)
    assert [view["id"] for view in views] == ["failed", "worse", "doubtful", "calm"]
    assert views[0]["error"] == "ModelError: timed out"


def test_what_the_checks_find_is_shown_at_the_record_and_can_be_filtered() -> None:
    source = article()
    found = extraction(source, records(growth(5000, change={"text": "5000%"}), fund()))
    own = Finding("growth_above_1000", "a", "growth_metric", "0" * 16, "change", "too much", "q")
    page = review("out.jsonl", [found], {source.id: source})
    assert '<option value="growth_above_1000">growth above 1000</option>' in page
    view = article_view(found, {"0" * 16: [own]}, None)["records"][0]
    assert view["doubts"] == ["growth_above_1000: too much"]
    assert "growth_above_1000" in view["flags"]


def test_flags_of_quantities_periods_and_places_can_be_filtered() -> None:
    period = {"text": "in May", "start": None, "end": None, "flags": ["carried"], "at": None}
    place = {"code": None, "name": "Suzhou", "level": None, "province_code": None,
             "match": "ambiguous", "candidates": ["320500", "341300"]}  # fmt: skip
    record = fund(amount={"flags": ["ambiguous_unit"]}, period=period, place=place)
    view = article_view(extraction(article(), records(record)), {}, None)["records"][0]
    assert view["flags"] == ["ambiguous_unit", "carried", "place_ambiguous"]
    assert any("320500, 341300" in doubt for doubt in view["doubts"])


@pytest.mark.parametrize("record", [policy(), fund(), count(), growth()])
def test_the_form_has_every_field_that_is_not_computed(record: Record) -> None:
    described = {t["type"]: t["fields"] for t in record_types()}[record.type]
    names = [field["name"] for field in described]
    assert names == [n for n in type(record).model_fields if n not in COMPUTED]


def test_the_form_knows_kinds_choices_and_what_may_be_empty() -> None:
    fields = {f["name"]: f for t in record_types() if t["type"] == "fund" for f in t["fields"]}
    assert (fields["name"]["kind"], fields["name"]["optional"]) == ("text", False)
    assert fields["provider"]["optional"]
    assert "grant" in fields["kind"]["values"]
    (money,) = fields["amount"]["variants"]
    kinds = {part["name"]: part["kind"] for part in money["fields"]}
    assert kinds == {"text": "text", "value": "number", "upper": "number", "currency": "text",
                     "bound": "choice"}  # fmt: skip
    (period,) = fields["period"]["variants"]
    assert [part["kind"] for part in period["fields"]] == ["text", "date", "date"]


def test_an_amount_that_may_be_money_or_a_count_has_both_forms() -> None:
    fields = {f["name"]: f for f in record_types()[3]["fields"]}
    assert [variant["name"] for variant in fields["amount"]["variants"]] == ["Money", "Count"]


def test_every_computed_field_says_what_it_is_read_from() -> None:
    assert set(COMPUTED_FROM) == set(COMPUTED) - {"record_id"}
    for record_type in RECORD_TYPES:
        for name in COMPUTED_FROM.keys() & record_type.model_fields.keys():
            assert set(COMPUTED_FROM[name]) <= record_type.model_fields.keys()


def test_decisions_are_kept_under_the_records_and_not_the_texts() -> None:
    source = article()
    found = extraction(source, records(fund()))
    other = extraction(source, records(fund(31_000_000)))
    assert output_key([found]) != output_key([other])
    with_text = data_of(review("o", [found], {source.id: source}))
    assert data_of(review("o", [found], None))["key"] == with_text["key"]


def test_exact_numbers_stay_as_they_are() -> None:
    found = extraction(article(), records(fund(123456789012345)))
    assert '"value":123456789012345,' in review("o", [found], None)


def run(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str]:
    done = CliRunner().invoke(app, ["review", *map(str, arguments)], input=stdin)
    return done.exit_code, done.stderr or str(done.exception or "")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    path = tmp_path / "out.jsonl"
    path.write_bytes(line(extracted(TEXT, funds=[FUND])))
    return path


def articles_file(folder: Path, text: str = TEXT) -> Path:
    path = folder / "in.jsonl"
    content = json.dumps({"id": "a", "text": text, "date": "2023-07-03"})
    path.write_text(content + "\n", encoding="utf-8")
    return path


def test_the_command_writes_a_page_with_the_articles_text(output: Path, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    code, said = run(output, "-o", page, "--articles", articles_file(tmp_path))
    assert (code, said) == (0, f"{page}: 1 articles\n")
    (view,) = data_of(page.read_text(encoding="utf-8"))["articles"]
    assert whole(view) == TEXT


def test_a_failed_article_is_on_the_page(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text(failure(article()).model_dump_json() + "\n", encoding="utf-8")
    assert run(output, "-o", tmp_path / "r.html")[0] == 0
    (view,) = data_of((tmp_path / "r.html").read_text(encoding="utf-8"))["articles"]
    assert view["error"] == "ModelError: timed out"


def test_standard_input_can_be_reviewed(output: Path, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    assert run("-", "-o", page, stdin=output.read_bytes())[0] == 0
    assert "Review of <bdi>standard input</bdi>" in page.read_text(encoding="utf-8")


def test_an_empty_output_is_a_page_without_articles(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").touch()
    code, said = run(tmp_path / "out.jsonl", "-o", tmp_path / "r.html")
    assert (code, "0 articles" in said) == (0, True)


@pytest.mark.parametrize("bad", [b"{broken\n", b'{"id": "a\\ud800"}\n', b'{"id": "a"}\n'])
def test_an_invalid_line_is_said_and_the_rest_is_shown(
    output: Path, tmp_path: Path, bad: bytes
) -> None:
    output.write_bytes(output.read_bytes() + bad)
    code, said = run(output, "-o", tmp_path / "r.html")
    assert code == 1
    assert f"{output}, line 2" in said
    assert "1 articles" in said


@pytest.mark.parametrize("name", ["out.jsonl", "in.jsonl"])
def test_the_page_is_never_written_over_an_input(output: Path, tmp_path: Path, name: str) -> None:
    before = output.read_bytes()
    code, said = run(output, "-o", tmp_path / name, "--articles", articles_file(tmp_path))
    assert code == 1  # `main` makes a 2 of the exception
    assert "is an input" in said
    assert output.read_bytes() == before


def test_a_folder_that_is_not_there_ends_with_2_and_a_sentence(
    output: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "none" / "review.html"
    monkeypatch.setattr("sys.argv", ["extractor", "review", str(output), "-o", str(page)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert f"{page} cannot be written: No such file or directory" in capsys.readouterr().err


def test_a_large_output_is_told_how_to_make_it_smaller(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_COMFORTABLE", 0)
    code, said = run(output, "-o", tmp_path / "r.html")
    assert code == 0
    assert "opens slowly: choose some" in said


def test_an_output_that_no_browser_opens_is_refused_at_once(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_MOST", 0)
    code, said = run(output, "-o", tmp_path / "r.html")
    assert code == 1  # `main` makes a 2 of the exception
    assert "at most 0 articles" in said
    assert not (tmp_path / "r.html").exists()
