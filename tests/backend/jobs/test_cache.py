"""The cache of jobs: each request is computed once for all visitors."""

import pytest

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.jobs import JobManager, cache
from backend.jobs.cache import JobCache
from backend.network.job import InspectJob
from backend.worker.kinds import JOB_KINDS

PAYLOAD = InspectJob(architecture=Architecture(), style="functional")


@pytest.fixture
def jobs():
    """A job manager without workers: a test takes and ends its jobs."""
    return JobManager(Settings(workers=1), JOB_KINDS)


def ended(jobs, state):
    job = jobs.registry.take()
    jobs.registry.end(job, state, result="an answer")
    return job


@pytest.mark.parametrize("seconds", [0, 30])
def test_a_failed_job_is_submitted_again_after_the_given_time(jobs, monkeypatch, seconds):
    now = cache.time.time()
    monkeypatch.setattr(cache.time, "time", lambda: now)
    cache_of_jobs = JobCache(jobs, "describe", 8, retry_after=seconds)
    first = cache_of_jobs.request("key", PAYLOAD, "ada")
    ended(jobs, "failed")
    assert (cache_of_jobs.request("key", PAYLOAD, "bob") is first) == (seconds > 0)
    now += seconds
    assert cache_of_jobs.request("key", PAYLOAD, "bob") is not first


def test_unwanted_jobs_are_forgotten_and_the_others_stay(jobs):
    cache = JobCache(jobs, "describe", 8)
    kept, unwanted, running, waiting = (
        cache.request(key, PAYLOAD, "ada") for key in ("kept", "unwanted", "running", "waiting")
    )
    ended(jobs, "finished"), ended(jobs, "finished")
    jobs.registry.take()
    cache.discard(lambda job: job is not kept)
    assert cache.find("kept", "ada") is kept
    assert cache.find("unwanted", "ada") is None
    assert cache.request("unwanted", PAYLOAD, "bob") is not unwanted
    assert running.view().cancelling, "its result is unwanted, too"
    assert waiting.state == "cancelled"
