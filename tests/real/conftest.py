"""Real workers: quick ones without Keras, shared by the tests of a file, and one that trains, shared by all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.jobs import JobManager, cluster
from backend.questions.compare.job import InspectJob
from backend.services import Services, serving
from harness.local import until
from tests.backend.jobs.helpers import JOB_KINDS, QUICK, all_warm

INSPECTION = InspectJob(architecture=Architecture(), style="functional")


@pytest.fixture(scope="module")
def quick_workers() -> Iterator[None]:
    """Workers without Keras."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "PRELOAD", QUICK)
        yield


@pytest.fixture(scope="module")
def started(quick_workers: None) -> Iterator[JobManager]:
    # A job that keeps 800 MB has its worker renewed. Beside other tests a worker may see the flag of its job late.
    bounds = {"worker_memory_mb": 1300, "recycle_rss_mb": 800, "recycle_traced": 5, "cancel_grace_seconds": 5}
    jobs = JobManager(Settings(workers=2, **bounds), JOB_KINDS)
    jobs.start()
    yield jobs
    jobs.stop()


@pytest.fixture
def jobs(started: JobManager) -> JobManager:
    """Jobs with two warm, idle workers."""
    until(lambda: all_warm(started) and not any(worker.job for worker in started.workers()))
    assert started.status.state == "ready"
    return started


@pytest.fixture(scope="session")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobManager]:
    """The job manager of this process's own services, with one warm worker, which all tests of the process share."""
    state, never = tmp_path_factory.mktemp("state"), 10_000  # no test waits for a new worker
    settings = Settings(state_dir=state, workers=1, recycle_traced=never, recycle_rss_mb=2700, cancel_grace_seconds=30)
    with serving(services := Services.build(settings)):
        services.jobs.start()
        warming = services.jobs.submit("warming", "describe", INSPECTION)
        assert services.jobs.wait(warming, 240).state == "finished"
        yield services.jobs
        services.jobs.stop()


@pytest.fixture
def idle_workers(workers: JobManager) -> JobManager:
    """`workers`, once they are idle."""
    until(lambda: workers.idle and not any(worker.job for worker in workers.workers()))
    return workers
