"""What made a draft: every rule has a name that leads to its function."""

from __future__ import annotations

from typing import Any, NamedTuple

RULES: dict[str, str] = {
    "count.behind": "extractor.models.rules.counted:_behind",
    "count.in-front": "extractor.models.rules.counted:_in_front",
    "count.portion": "extractor.models.rules.counted:_portion",
    "count.of-level": "extractor.models.rules.ellipses:_of_level",
    "count.of-them": "extractor.models.rules.ellipses:_of_them",
    "count.ones": "extractor.models.rules.ellipses:_ones",
    "count.again": "extractor.models.rules.ellipses:_again",
    "count.respective": "extractor.models.rules.respective:respective",
    "fund.noun": "extractor.models.rules.fund_nouns:money_noun",
    "fund.verb": "extractor.models.rules.fund_nouns:money_noun",
    "fund.part": "extractor.models.rules.fund_parts:whole_of",
    "fund.same": "extractor.models.rules.fund_parts:same_as",
    "growth.change": "extractor.models.rules.measured:facts_of",
    "growth.list": "extractor.models.rules.measured:facts_of",
    "growth.gap": "extractor.models.rules.comparisons:benchmark_of",
    "growth.number": "extractor.models.rules.absolutes:absolutes",
    "growth.other-place": "extractor.models.rules.growth:_other_place",
    "policy.title": "extractor.models.rules.policy_quotes:_quoted_title",
    "policy.quoted": "extractor.models.rules.policy_quotes:_quoted_name",
    "policy.counted": "extractor.models.rules.policy_names:_counted",
    "policy.capitals": "extractor.models.rules.policy_names:_capitalised",
    "policy.described": "extractor.models.rules.policy_names:_described",
    "policy.form": "extractor.models.rules.policy_forms:forms",
}
"""Name of a rule to the function that found the draft. Stable: they stand in bug reports."""


class Ruled(NamedTuple):
    """A draft, and the name of the rule that made it."""

    rule: str
    draft: dict[str, Any]
