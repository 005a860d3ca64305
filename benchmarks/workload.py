"""Work for the benchmarks of clients: invented articles of 5 KB, each with an answer of its own.

No two articles share their numbers, so that no cache of a client helps more than it would on
real articles.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

RECORDS = 10
"""Records in each answer; all are valid and stand in the article."""

TEXT_BYTES = 5_000

_CITIES = (
    ("Suzhou City", "Jiangsu"), ("Ningbo City", "Zhejiang"), ("Luoyang City", "Henan"),
    ("Yichang City", "Hubei"), ("Foshan City", "Guangdong"), ("Weifang City", "Shandong"),
    ("Mianyang City", "Sichuan"), ("Wuhu City", "Anhui"), ("Baoji City", "Shaanxi"),
    ("Zhuzhou City", "Hunan"), ("Tangshan City", "Hebei"), ("Liuzhou City", "Guangxi"),
)  # fmt: skip
_SECTORS = (
    "equipment manufacturing", "electronic information", "new materials", "food processing",
    "textile", "biomedicine", "petrochemical", "building materials", "automobile", "lighting",
)  # fmt: skip
_PLANS = ("growth", "innovation", "digitalisation", "supply chain", "cluster", "greening")
_FILLER = (
    "Officials of the bureau visited workshops and listened to what managers had to say.",
    "Firms reported that orders came back step by step, though costs of raw materials vary.",
    "Service teams go to the parks every week and help with land, power and logistics.",
    "A hotline takes questions, and answers are published for everybody to read.",
    "Banks were invited to explain their products to the owners of small workshops.",
    "Several plants replaced old kilns and boilers, and the air over the valley became cleaner.",
    "Technicians are trained in evening courses which the vocational school offers free of charge.",
    "Managers praised the short ways between counters in the hall of administrative services.",
)
_LISTS = ("policies", "funds", "enterprise_counts", "growth_metrics")
_COMMON: dict[str, Any] = {"status": "actual"}


class Work(NamedTuple):
    """An article as an input line has it, and the answer of a model about it.

    Attributes:
        number: its number, from 0; its text says it in seven digits behind ``Bulletin``.
        article: the fields of the input line.
        answer: the drafts by list, as our wire schema wants them.
    """

    number: int
    article: dict[str, Any]
    answer: dict[str, list[dict[str, Any]]]


def works(count: int) -> Iterator[Work]:
    """The first `count` articles; each is made of its number alone."""
    return map(work, range(count))


def work(number: int) -> Work:
    """The article of this number."""
    draw = random.Random(number)
    city, province = draw.choice(_CITIES)
    sectors = draw.sample(_SECTORS, 3)
    facts = [
        *(_growth(draw, city, sector) for sector in sectors),
        _growth(draw, city, None),
        *(_count(draw, city, title) for title in ("high-tech enterprises", "little giants")),
        *(_fund(draw, city, sector) for sector in sectors[:2]),
        *(_policy(draw, city, plan) for plan in draw.sample(_PLANS, 2)),
    ]
    draw.shuffle(facts)
    text = _text(draw, f"Bulletin {number:07}, {city}, {province} Province.", facts)
    answer: dict[str, list[dict[str, Any]]] = {key: [] for key in _LISTS}
    for key, record, sentence in facts:
        answer[key].append({**record, "evidence": sentence.removesuffix(".")})
    article = {
        "id": f"bulletin-{number:07}",
        "title": f"Industry of {city} goes on growing",
        "date": "2023-07-03",
        "source": "Invented Daily",
        "text": text,
    }
    return Work(number, article, answer)


def as_json(value: object) -> str:
    """Compact JSON, as models write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_Fact = tuple[str, dict[str, Any], str]


def _text(draw: random.Random, head: str, facts: list[_Fact]) -> str:
    """Paragraphs of facts and filler, `TEXT_BYTES` of them."""
    paragraphs = [head]
    for _, _, sentence in facts:
        around = draw.sample(_FILLER, 4)
        paragraphs.append(" ".join((*around[:2], sentence, *around[2:])))
    text = "\n".join(paragraphs)
    while len(text) < TEXT_BYTES:
        text += f"\n{draw.choice(_FILLER)}"
    return text


def _growth(draw: random.Random, city: str, sector: str | None) -> _Fact:
    change = f"{draw.randrange(10, 400) / 10}%"
    amount = f"{draw.randrange(1000, 99999) / 100} billion yuan"
    whole = "industrial enterprises above designated size"
    of = f"the {sector} industry" if sector else whole
    sentence = (
        f"From January to May, operating revenue of {of} in {city} reached {amount}, "
        f"an increase of {change} year-on-year."
    )
    record = {
        "indicator": f"operating revenue of {whole}" if sector is None else "operating revenue",
        "subject": sector and f"{sector} industry",
        "amount": amount,
        "direction": "increase",
        "change": change,
        "basis": "year_on_year",
        "benchmark": None,
        "region": city,
        "period": "From January to May",
        **_COMMON,
    }
    return "growth_metrics", record, sentence


def _count(draw: random.Random, city: str, title: str) -> _Fact:
    count = f"{draw.randrange(1000, 9999):,}"
    sentence = f"By the end of May, {city} had {count} {title}, more than any of its neighbours."
    record = {
        "category": title,
        "designation": "little_giant" if title == "little giants" else "high_tech",
        "level": None,
        "count": count,
        "measure": "total",
        "part_of": None,
        "region": city,
        "period": "By the end of May",
        **_COMMON,
    }
    return "enterprise_counts", record, sentence


def _fund(draw: random.Random, city: str, sector: str) -> _Fact:
    amount = f"{draw.randrange(1000, 99999) / 100} million yuan"
    firms = f"{draw.randrange(20, 900)} enterprises"
    sentence = (
        f"This year the municipal bureau of industry granted special funds of {amount} to {firms} "
        f"of the {sector} industry in {city}."
    )
    record = {
        "name": "special funds",
        "kind": "grant",
        "amount": amount,
        "provider": "municipal bureau of industry",
        "recipient": firms,
        "part_of": None,
        "region": city,
        "period": "This year",
        **_COMMON,
    }
    return "funds", record, sentence


def _policy(draw: random.Random, city: str, plan: str) -> _Fact:
    count = str(draw.randrange(11, 90))
    sentence = f"In March {city} issued {count} measures for {plan} that every firm may apply for."
    record = {
        "name": f"{count} measures for {plan}",
        "kind": "measure",
        "issuer": city,
        "level": "municipal",
        "measure_count": count,
        "region": city,
        "period": "In March",
        **_COMMON,
    }
    return "policies", record, sentence
