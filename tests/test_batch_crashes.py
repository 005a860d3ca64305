"""A run that is killed, and the same command again: nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def drill(*arguments: str) -> int:
    """Do a drill in a process without threads; how many runs were killed in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash_drill", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["faults"] == []
    return int(found["kills"])


@pytest.mark.parametrize("name", ["fresh", "compressed", "retried"])
def test_a_run_killed_between_any_two_system_calls_goes_on_as_if_it_had_not_been(name: str) -> None:
    assert drill(name) >= 8


@pytest.mark.slow
def test_a_run_killed_at_fifty_random_moments_goes_on_as_if_it_had_not_been() -> None:
    assert drill("long", "--kills", "50") == 50
