"""How many processor cores this process may use."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

_CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def physical_cores() -> int:
    """Cores that this process may use, or -1 to let the engine count.

    On Linux the engine would count the whole machine: a container's share is less.
    """
    if sys.platform != "linux":
        return -1
    cpus = os.sched_getaffinity(0)
    return max(1, min(_distinct_cores(cpus), _quota(_CGROUP_QUOTA) or len(cpus)))


def _distinct_cores(cpus: set[int]) -> int:
    """How many cores `cpus` lie on; two hyperthreads of one core are slower than one."""
    topology = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    try:
        return len({Path(topology.format(cpu)).read_text(encoding="ascii") for cpu in cpus})
    except OSError:
        return len(cpus)


def _quota(path: Path) -> int | None:
    """Whole processors that the control group grants, or None if it sets no limit."""
    try:
        quota, period = path.read_text(encoding="ascii").split()
        return max(1, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError):
        return None
