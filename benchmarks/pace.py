"""How slow this machine is now, compared with the one for which the targets in seconds are.

A server on a machine that is half as fast serves half as many visitors. If more come, waits grow without bound. So on a
slower machine, fewer visitors come in the load test, and the people of a rehearsal take longer. Targets in seconds grow
by the same factor.
"""

from __future__ import annotations

import json
import time
from multiprocessing import get_context
from statistics import mean, median

#: Seconds that the piece of work takes on the machine for which the targets are, while both of its cores work.
REFERENCE = 0.036
#: How many cores work at the same time (one alone may be faster), and for how many seconds.
CORES, SECONDS = 2, 6.0
#: A machine that takes at most this many times as long is as good as the one of the targets.
ALIKE = 1.25


def _work() -> None:
    """A piece of what a server does: plain Python, and JSON."""
    rows = [{"id": i, "name": f"row {i}", "values": [i * 0.5, i * 2.0]} for i in range(3000)]
    for _ in range(6):
        rows = json.loads(json.dumps(rows))
        sum(len(row["name"]) for row in sorted(rows, key=lambda row: -row["id"]))


def _middle(seconds: float) -> float:
    """The median of the times that the piece of work takes, within so many seconds."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        _work()
        times.append(time.perf_counter() - began)
    return median(times)


def slowness() -> float:
    """How many times as long everything takes here; never below 1."""
    with get_context("spawn").Pool(CORES) as pool:
        return max(1.0, mean(pool.map(_middle, [SECONDS] * CORES)) / REFERENCE)


def note(factor: float) -> str:
    """What a benchmark prints about a slow machine; empty if the `factor` of `slowness` is at most `ALIKE`."""
    if factor <= ALIKE:
        return ""
    return (
        f"This machine takes {factor:.1f} times as long as the one of the targets. The test and its targets in seconds "
        "are adapted to that, and nothing is stored for the documents."
    )
