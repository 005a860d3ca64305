"""Every fault of an endpoint at once: nothing lost, nothing twice, each failure with its reason."""

import os

import pytest

pytest.importorskip("openai")

from tests.fault_drill import Drill, drilled

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs worker processes"),
]


@pytest.mark.parametrize(
    "drill", [Drill(), Drill(processes=2, kill_at=300)], ids=["undisturbed", "killed"]
)
def test_every_article_ends_once_as_a_result_or_a_failure_with_its_reason(drill: Drill) -> None:
    found = drilled(drill)
    assert found.faults == []
    assert found.figures["refused"] > 0
    assert found.figures["status"] == {"ok": 368, "failed": 32}
