import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from extractor import Article
from extractor.batch import Reader, expand
from extractor.cli import triage as cli
from extractor.errors import MissingExtraError, UsageError
from extractor.evaluation.gold import load_gold
from extractor.triage import Clusters, Totals, screen, triage
from extractor.triage.clusters import shingles
from tests.articles import ARTICLE

GOLD = Path(__file__).parent.parent / "evals" / "gold"
PLAIN = "The choir of the old town sang in the rain, and everyone went home happy."


def reason(text: str) -> str | None:
    return screen(Article(text=text)).reason


@pytest.mark.parametrize(
    "text",
    [
        "Exports rose by 3%.",
        "Orders are 40% more than a year ago.",
        "The “Bright Lamp” programme pays half of it.",
        "Sales of lamps grew by 3.2 million yuan.",
        "The city lent 20 million yuan.",
        "The bank issued loans. In all there were 20 million yuan.",
        "There are 45 enterprises.",
        "The bureau issued the action plan for bright lamps.",
        "工业投资同比增长15.2%。",
        "全市新增企业26家。",
        "发放贷款2000万元。",
        "《关于支持灯具产业发展的若干措施》已经公布。",
    ],
)
def test_an_article_with_a_figure_or_a_policy_beside_a_cue_word_may_hold_something(
    text: str,
) -> None:
    assert reason(f"{PLAIN} {text} {PLAIN}") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PLAIN, "no_figure"),
        ("古镇的合唱团在雨中歌唱，大家都高兴地回家了。", "no_figure"),
        (f"{PLAIN} Tickets cost 20 yuan.", "no_cue"),
        (f"{PLAIN} Tenors account for 12% of the 45 singers.", "no_cue"),
        ("门票每张20元。", "no_cue"),
    ],
)
def test_an_article_without_them_holds_nothing_and_it_is_said_why(text: str, says: str) -> None:
    assert reason(text) == says


def test_what_is_in_neither_english_nor_chinese_is_not_judged() -> None:
    assert reason("Хор старого города пел под дождём, и все ушли домой.") is None


@pytest.mark.parametrize("split", ["dev", "test"])
def test_under_one_per_cent_of_gold_records_lie_in_skipped_articles(split: Any) -> None:
    gold = load_gold([GOLD], split)
    lost = sum(len(g.records) for g in gold if screen(g.article).reason)
    assert lost < 0.01 * sum(len(g.records) for g in gold)


def membership(*texts: str, threshold: float = 0.8) -> list[tuple[str, str | None]]:
    clusters = Clusters(threshold)
    found = []
    for number, text in enumerate(texts):
        own = screen(Article(text=text))
        member = clusters.add(str(number), text, own)
        found.append((member.cluster_id, member.duplicate_of))
    return found


LONG = f"{ARTICLE.text} " + " ".join(
    f"The {n}th lamp maker of the old quarter hung its best lamp over the gate." for n in range(9)
)
CHINESE = (
    "吴城市今年前五个月规模以上工业增加值同比上升8.4%，全市新增专精特新企业26家，灯具产业集群"
    "继续壮大，骨干企业订单饱满，外贸出口稳步回升，园区建设加快推进，营商环境持续改善。"
)


def test_the_same_text_with_other_page_furniture_is_a_near_duplicate() -> None:
    reprint = f"Home > News\n{LONG}\nShare this page"
    assert membership(LONG, PLAIN, reprint) == [("0", None), ("1", None), ("0", "0")]


def test_chinese_reprints_are_near_duplicates() -> None:
    assert membership(CHINESE, f"【本报讯】{CHINESE}") == [("0", None), ("0", "0")]


def test_the_same_words_with_another_figure_are_one_cluster_but_no_duplicate() -> None:
    later = LONG.replace("12.3%", "13.4%")
    assert membership(LONG, later, later) == [("0", None), ("0", None), ("0", "1")]


def test_a_shorter_reprint_is_a_duplicate_and_a_longer_one_with_more_figures_is_none() -> None:
    short = LONG.replace(", including 20.5 million yuan for 12 little giants", "")
    assert membership(LONG, short)[1] == ("0", "0")
    assert membership(short, LONG)[1] == ("0", None)


def test_figures_in_other_words_are_the_same_figures() -> None:
    assert membership(LONG, LONG.replace("64.5 million yuan", "RMB 64,500,000"))[1][1] == "0"


def test_an_article_with_nothing_in_it_stands_for_no_other() -> None:
    empty = " ".join([PLAIN, *(f"Verse {n} was about the sea and the wind." for n in "abcdefgh")])
    assert membership(empty, f"{empty} Tickets: 3 yuan.") == [("0", None), ("0", None)]


def test_a_higher_threshold_asks_for_more_likeness() -> None:
    other = f"{LONG} {PLAIN} And then they sang again, all of them, until the sun came out."
    assert membership(LONG, other, threshold=0.7)[1][0] == "0"
    assert membership(LONG, other, threshold=0.99)[1][0] == "1"


def test_thousands_of_one_form_do_not_all_stay_in_memory() -> None:
    clusters = Clusters()
    texts = [LONG.replace("12.3%", f"12.{n}%") for n in range(100, 180)]
    found = [clusters.add(t, t, screen(Article(text=t))) for t in texts]
    assert {m.cluster_id for m in found} == {texts[0]}
    assert len(clusters) == 32


def test_short_texts_have_a_shingle_too() -> None:
    assert shingles("Lamps") == {b"lamps"}
    assert shingles("...") == {b""}
    assert shingles("灯具") == {"灯具".encode()}


def lines(**texts: str) -> bytes:
    rows = [json.dumps({"id": i, "text": t, "topic": "lamps"}) for i, t in texts.items()]
    return "".join(f"{row}\n" for row in rows).encode()


def run(
    folder: Path, content: bytes, selected: str = "s.jsonl", skipped: str = "k.jsonl"
) -> Totals:
    (folder / "in.jsonl").write_bytes(content)
    totals = Totals()
    triage(
        Reader(expand([str(folder / "in.jsonl")])),
        str(folder / selected),
        str(folder / skipped),
        Clusters(),
        totals=totals,
        on_invalid=lambda line: None,
    )
    return totals


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


def test_every_article_is_in_one_of_the_two_files_with_its_cluster(tmp_path: Path) -> None:
    totals = run(tmp_path, lines(a=LONG, b=PLAIN, c=LONG + " "))
    (kept,) = rows(tmp_path / "s.jsonl")
    assert kept == {"id": "a", "text": LONG, "topic": "lamps", "cluster_id": "a"}
    why = {r["id"]: (r["cluster_id"], r["reason"], r["duplicate_of"])
           for r in rows(tmp_path / "k.jsonl")}  # fmt: skip
    assert why == {"b": ("b", "no_figure", None), "c": ("a", "near_duplicate", "a")}
    assert totals.as_dict() == {
        "articles": 3,
        "selected": 1,
        "skipped": {"no_figure": 1, "near_duplicate": 1},
        "clusters_of_several": 1,
        "articles_in_them": 2,
        "invalid_lines": 0,
    }


def test_what_was_selected_can_be_gone_through_again(tmp_path: Path) -> None:
    run(tmp_path, lines(a=LONG, b=PLAIN))
    first = (tmp_path / "s.jsonl").read_bytes()
    run(tmp_path, first, "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == first


def test_an_article_keeps_its_date_and_gets_the_id_that_its_text_gives(tmp_path: Path) -> None:
    content = json.dumps({"text": LONG, "date": "2023年7月3日", "title": "Lamps"}).encode()
    run(tmp_path, content)
    (kept,) = rows(tmp_path / "s.jsonl")
    assert (kept["date"], kept["title"]) == ("2023-07-03", "Lamps")
    assert kept["id"] == kept["cluster_id"] == Article(text=LONG).id


def test_an_empty_input_gives_two_empty_files(tmp_path: Path) -> None:
    assert run(tmp_path, b"").as_dict()["articles"] == 0
    assert (tmp_path / "s.jsonl").read_bytes() == (tmp_path / "k.jsonl").read_bytes() == b""


def test_invalid_lines_are_counted_and_written_apart(tmp_path: Path) -> None:
    totals = run(tmp_path, b"broken\n" + lines(a=LONG) + b'{"id": "b", "te')
    assert totals.invalid == 2
    assert [row["line"] for row in rows(tmp_path / "s.jsonl.invalid.jsonl")] == [1, 3]
    assert len(rows(tmp_path / "s.jsonl")) == 1
    run(tmp_path, lines(a=LONG))
    assert not (tmp_path / "s.jsonl.invalid.jsonl").exists()


@pytest.mark.parametrize(
    ("selected", "skipped"),
    [
        ("in.jsonl", "k.jsonl"),
        ("s.jsonl", "in.jsonl"),
        ("s.jsonl", "s.jsonl"),
        ("s.jsonl", "./s.jsonl"),
        ("s.jsonl", "s.jsonl.partial"),
        ("s.jsonl", "s.jsonl.invalid.jsonl"),
    ],
)
def test_no_file_is_written_over_another(tmp_path: Path, selected: str, skipped: str) -> None:
    content = lines(a=LONG)
    with pytest.raises(UsageError, match=r"both input and output|write to one file"):
        run(tmp_path, content, selected, skipped)
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]
    assert (tmp_path / "in.jsonl").read_bytes() == content


def test_an_interrupted_run_leaves_neither_file_with_its_final_name(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(lines(a=LONG) + b"broken\n")

    def interrupt(line: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        triage(
            Reader(expand([str(tmp_path / "in.jsonl")])),
            str(tmp_path / "s.jsonl"),
            str(tmp_path / "k.jsonl"),
            Clusters(),
            totals=Totals(),
            on_invalid=interrupt,
        )
    assert not (tmp_path / "s.jsonl").exists()
    assert [row["id"] for row in rows(tmp_path / "s.jsonl.partial")] == ["a"]


def test_a_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(lines(a=LONG, b=PLAIN) + b"broken\n")
    for selected, skipped in (
        (os.devnull, str(tmp_path / "k")),
        (str(tmp_path / "s"), os.devnull),
    ):
        triage(
            Reader(expand([str(tmp_path / "in.jsonl")])),
            selected,
            skipped,
            Clusters(),
            totals=Totals(),
            on_invalid=lambda line: None,
        )
    device = Path(os.devnull)
    assert stat.S_ISCHR(device.stat().st_mode)
    assert not list(device.parent.glob(f"{device.name}.*"))
    assert len(rows(tmp_path / "s")) == len(rows(tmp_path / "k")) == 1


def test_without_datasketch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(MissingExtraError, match=r"extractor\[triage\]"):
        Clusters()


app = typer.Typer()
app.command()(cli.command)


def invoke(folder: Path, content: bytes, *options: str) -> Any:
    (folder / "in.jsonl").write_bytes(content)
    paths = [str(folder / name) for name in ("in.jsonl", "s.jsonl", "k.jsonl")]
    return CliRunner().invoke(app, [paths[0], "-o", paths[1], "--skipped", paths[2], *options])


def test_the_command_says_what_it_skipped(tmp_path: Path) -> None:
    done = invoke(tmp_path, lines(a=LONG, b=PLAIN))
    assert done.exit_code == 0
    assert "2 articles: 1 selected" in done.stderr
    assert "1 skipped: no figure" in done.stderr


def test_the_command_gives_its_totals_as_json(tmp_path: Path) -> None:
    done = invoke(tmp_path, lines(a=LONG, b=PLAIN), "--json")
    assert json.loads(done.stdout)["skipped"] == {"no_figure": 1}


def test_an_invalid_line_ends_the_command_with_1(tmp_path: Path) -> None:
    done = invoke(tmp_path, b"broken\n" + lines(a=LONG))
    assert done.exit_code == 1
    assert "in.jsonl, line 1: not JSON" in done.stderr


def test_the_text_may_be_in_another_field(tmp_path: Path) -> None:
    content = json.dumps({"key": "a", "body": LONG}).encode()
    done = invoke(tmp_path, content, "--text-field", "body", "--id-field", "key")
    assert done.exit_code == 0
    assert rows(tmp_path / "s.jsonl")[0]["id"] == "a"
