"""Real worker processes, shared by the tests of a module: Jobs on its own cluster, and on an outside scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.jobs import Jobs, cluster
from backend.settings import Settings
from tests.around import until
from tests.backend.jobs.helpers import KINDS, QUICK, all_warm
from tests.backend.jobs.outside import Outside

#: A job that keeps 800 MB has its worker renewed.
BOUNDS = {"recycle_rss_mb": 800, "recycle_traced": 5}


@pytest.fixture(scope="module", autouse=True)
def quick_workers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Workers without Keras, but for a module that trains."""
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "TRAINS", False):
            patch.setattr(cluster, "PRELOAD", QUICK)
        yield


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
def started(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Jobs]:
    with request.param(tmp_path_factory.mktemp("cluster")) as jobs:
        yield jobs


@pytest.fixture
def jobs(started: Jobs) -> Jobs:
    """Jobs with two warm, idle workers."""
    until(lambda: all_warm(started) and not any(worker.job for worker in started.workers()))
    assert started.status.state == "ready"
    return started
