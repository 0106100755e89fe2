"""Real worker processes, shared by the tests of a module: Jobs on its own cluster, and on an outside scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.jobs import Jobs
from backend.settings import Settings
from tests.backend.jobs.helpers import KINDS, all_warm, until
from tests.backend.jobs.outside import Outside

#: A fresh worker takes some 640 MB; a job that keeps 500 more has it renewed.
BOUNDS = {"recycle_rss_mb": 1000, "recycle_traced": 5}


@contextmanager
def embedded_jobs(_: Path) -> Iterator[Jobs]:
    jobs = Jobs(Settings(workers=2, **BOUNDS), KINDS)
    jobs.start()
    try:
        yield jobs
    finally:
        jobs.stop()


@contextmanager
def outside_jobs(folder: Path) -> Iterator[Jobs]:
    outside = Outside(folder)
    jobs = Jobs(Settings(**outside.settings, **BOUNDS), KINDS)
    jobs.start()
    outside.start()
    try:
        yield jobs
    finally:
        jobs.stop()
        outside.stop()


@pytest.fixture(scope="module", params=[embedded_jobs, outside_jobs], ids=["embedded", "outside"])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    with request.param(tmp_path_factory.mktemp("cluster")) as jobs:
        yield jobs


@pytest.fixture
def jobs(started: Jobs) -> Jobs:
    """Jobs with two warm, idle workers."""
    until(lambda: all_warm(started) and not any(worker.job for worker in started.workers()))
    assert started.status.state == "ready"
    return started
