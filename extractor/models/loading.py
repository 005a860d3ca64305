"""From a model string to a model."""

from __future__ import annotations

from extractor.errors import UsageError
from extractor.models.base import Model


def load(name: str) -> Model:
    """The model that `name` stands for.

    Raises:
        UsageError: there is no such model.
    """
    if name == "rules":
        from extractor.models.rules import RulesModel

        return RulesModel()
    raise UsageError(f"there is no model {name!r}: this version has 'rules'")
