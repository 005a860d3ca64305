"""A run by batches that is killed, and the same command again: nothing lost, nothing paid twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("openai")

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def drill(every: int) -> int:
    """Do the drill in a process without threads; how many runs were killed in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch_api_drill", str(every)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["faults"] == []
    return int(found["kills"])


def test_a_run_killed_at_some_of_its_steps_pays_for_nothing_twice_and_loses_nothing() -> None:
    assert drill(12) >= 5


@pytest.mark.slow
def test_a_run_killed_at_any_of_its_steps_pays_for_nothing_twice_and_loses_nothing() -> None:
    assert drill(1) >= 60
