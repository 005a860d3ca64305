"""Gold articles for the tests of the labelling interchange."""

from __future__ import annotations

import copy
import dataclasses
import json
from typing import Any

from hypothesis import strategies as st

from extractor.evaluation.gold import GoldArticle, parse_gold
from extractor.evaluation.interchange.labels import Labelled, gold_file
from tests import scored

_PLAIN = scored.gold_file()


def one(**more: Any) -> GoldArticle:
    """A gold article with a fund, a count and a growth metric."""
    return parse_gold(json.dumps(scored.gold_file(**more)), "one.json")


_letters = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
_names = st.one_of(
    _letters.filter(bool), st.sampled_from(["=1+1", "'quoted'", "@a", " spaced ", "-", "'=", "－2"])
)


@st.composite
def gold_articles(draw: st.DrawFn) -> GoldArticle:
    """Gold with hostile names, values that do not re-derive, and text that shifts offsets."""
    file = copy.deepcopy(_PLAIN)
    before = draw(st.sampled_from(["", "😀 ", "第一段。\n", "line\r\nbreak\r\n"])) + draw(_letters)
    file["article"]["text"] = f"{before}{file['article']['text']}{draw(_letters)}"
    for key in ("funds", "enterprise_counts", "growth_metrics"):
        rows = file["records"][key]
        rows += [copy.deepcopy(rows[0]) for _ in range(draw(st.integers(0, 2)))]
    for row in file["records"]["funds"]:
        row["name"] = draw(_names)
        row["recipient"] = draw(st.none() | _names)
        row["amount"]["value"] = draw(st.sampled_from([30_000_000, 30, 12.5]))
        row["status"] = draw(st.sampled_from(["actual", "planned"]))
    for row in file["records"]["growth_metrics"]:
        row["period"] = draw(st.sampled_from([row["period"], None]))
    file |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "split": st.sampled_from(["dev", "test"]),
                "labelled_by": st.just("assisted"),
                "story": st.just("fair"),
                "weight": st.sampled_from([1, 2.5]),
                "notes": _letters,
                "optional": st.just([{"type": "fund", "index": 0}]),
                "exceptions": st.just(
                    [{"type": "fund", "index": 0, "field": "period", "reason": "a season"}]
                ),
            },
        )
    )
    return parse_gold(json.dumps(file), "drawn.json")


def regained(labelled: Labelled, gold: GoldArticle) -> GoldArticle:
    """The gold article that comes out of labels."""
    file = gold_file(labelled, gold.article)
    return dataclasses.replace(parse_gold(json.dumps(file), ""), source=gold.source)
