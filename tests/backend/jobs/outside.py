"""Jobs on our own cluster, or on one as an operator starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.config.settings import Settings
from backend.jobs import JobManager
from tests.backend.jobs.helpers import QUICK
from tests.builders.composed import Cluster

#: The two clusters that the same tests have to pass on. What the server decides is the same on both, so `make test` has
#: one; `test_outside.py` has what is an operator's own.
WHERE = ["embedded", pytest.param("outside", marks=pytest.mark.soak)]


@contextmanager
def jobs_on(
    where: str, folder: Path, make: Callable[[Settings], JobManager], preload: str = QUICK, **bounds: int
) -> Iterator[JobManager]:
    """Started jobs with settings of these `bounds`, on our own cluster or on an operator's; both are stopped."""
    outside = None
    if where == "outside":
        outside = Cluster(folder, bounds["workers"], bounds.get("worker_memory_mb", 3000), preload)
        bounds = outside.settings | bounds
    jobs = make(Settings(**bounds))
    jobs.start()
    if outside:
        outside.start()
    try:
        yield jobs
    finally:
        jobs.stop()
        if outside:
            outside.stop()
