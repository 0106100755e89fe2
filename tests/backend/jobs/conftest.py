"""Real workers, shared by the tests of a module: on our own cluster, and in `make soak` on an outside scheduler."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.jobs import JobManager, cluster
from harness.local import until
from tests.backend.jobs.helpers import JOB_KINDS, QUICK, all_warm
from tests.backend.jobs.outside import WHERE, jobs_on

#: A job that keeps 800 MB has its worker renewed. Beside other tests a worker may see the flag of its job late.
BOUNDS = {"worker_memory_mb": 1300, "recycle_rss_mb": 800, "recycle_traced": 5, "cancel_grace_seconds": 5}


@pytest.fixture(scope="module", autouse=True)
def quick_workers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Workers without Keras, but for a module that trains."""
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "TRAINS", False):
            patch.setattr(cluster, "PRELOAD", QUICK)
        yield


@pytest.fixture(scope="module", params=WHERE)
def started(
    request: pytest.FixtureRequest, quick_workers: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[JobManager]:
    folder = tmp_path_factory.mktemp("cluster")
    with jobs_on(request.param, folder, lambda settings: JobManager(settings, JOB_KINDS), workers=2, **BOUNDS) as jobs:
        yield jobs


@pytest.fixture
def jobs(started: JobManager) -> JobManager:
    """Jobs with two warm, idle workers."""
    until(lambda: all_warm(started) and not any(worker.job for worker in started.workers()))
    assert started.status.state == "ready"
    return started
