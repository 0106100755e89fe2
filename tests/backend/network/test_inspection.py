"""An inspection is requested again after a cancel, and the report that was used last stays."""

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs import JobManager
from backend.jobs.shared import SharedJobs
from backend.network.job import InspectJob
from backend.worker.kinds import JOB_KINDS


def test_a_cancelled_inspection_is_requested_again_and_the_oldest_is_evicted_and_not_one_in_use(monkeypatch):
    monkeypatch.setattr(InspectJob, "most_kept", 2)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)  # its workers are not started: the test plays one
    shared = SharedJobs(jobs)
    looked_at, oldest, new = (InspectJob.of(Architecture(lstm=(units,)), STYLES["functional"]) for units in range(5, 8))
    cancelled = shared.request(looked_at, "one")
    jobs.cancel("one", cancelled.id)
    first, second = shared.request(looked_at, "two"), shared.request(oldest, "two")
    assert first is not cancelled
    for _ in range(2):  # what has not ended is never forgotten
        jobs.registry.end(jobs.registry.take(), "finished", result="a report")
    assert shared.request(looked_at, "one") is first
    shared.request(new, "one")
    assert shared.request(looked_at, "one") is first
    assert shared.request(oldest, "one") is not second
