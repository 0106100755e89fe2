"""Jobs in real worker processes. What the dispatcher decides is tested without them (`test_dispatcher.py`)."""

import os
import signal
import time

import pytest

from harness.local import until
from tests.backend.jobs.helpers import all_warm, begin, occupy, release
from tests.backend.jobs.samples import Count, Megabytes, Models, Nothing

pytestmark = pytest.mark.jobs


def pids(jobs):
    return {worker.pid for worker in jobs.workers()}


def test_a_job_reports_in_order_and_returns_its_result(jobs):
    job = jobs.submit("ada", "count", Count(to=30, pause=0.05))
    seen = set()
    while not job.ended:
        seen.add(len(job.events))
        time.sleep(0.01)
    view = jobs.wait(job, 30)
    assert (view.state, view.result, view.message) == ("finished", 30, "")
    assert [event.n for event in view.events] == list(range(1, 31))
    assert len(seen) > 2, "events must arrive while the job runs"


def test_a_cancelled_job_stops_by_its_flag_or_with_its_worker(jobs, tmp_path):
    before = pids(jobs)
    other = occupy(jobs, "bob")
    job = occupy(jobs)
    assert not jobs.cancel("mallory", job.id), "nobody cancels another's job"
    release(jobs, job)
    assert job.message == "Cancelled."
    assert not jobs.cancel(job.visitor, job.id), "it has ended"
    assert pids(jobs) == before, "no worker was killed"
    deaf = begin(jobs, "ada", "deaf", tmp_path / "deaf")
    until((tmp_path / "deaf").exists)
    assert jobs.cancel("ada", deaf.id)
    assert jobs.wait(deaf, 30).state == "cancelled"
    until(lambda: all_warm(jobs))
    assert len(before & pids(jobs)) == 1
    assert other.state == "running"
    release(jobs, other)


def test_a_killed_worker_loses_its_own_job_alone(jobs, tmp_path):
    mine, other = occupy(jobs, "ada"), occupy(jobs, "bob")
    waiting = jobs.submit("cy", "count", Count(to=3))
    victim = next(worker.pid for worker in jobs.workers() if worker.job is mine)
    os.kill(victim, signal.SIGKILL)
    view = jobs.wait(mine, 30)
    assert view.state == "lost"
    assert view.message == "The server lost the worker process that ran this job. Run it again."
    assert view.events, "its events stay"
    assert jobs.wait(waiting, 90).state == "finished", "the queue goes on with the new worker"
    crashed = jobs.wait(begin(jobs, "ada", "crash", tmp_path / "crash"), 30)
    assert crashed.state == "lost", "one that ends its process does not run again"
    until(lambda: all_warm(jobs))
    assert victim not in pids(jobs)
    assert other.state == "running"
    release(jobs, other)


def test_a_job_that_uses_too_much_memory_fails_with_the_reason(jobs):
    view = jobs.wait(jobs.submit("ada", "grow", Nothing()), 120)
    assert view.state == "failed"
    assert "more than 95% of the 1,300 MB of memory" in view.message
    assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 60).state == "finished"


def test_what_fails_is_logged_and_not_shown_and_the_sentence_of_a_refusal_is(jobs, caplog):
    class Unsent(Nothing):
        def __reduce__(self):
            raise ValueError("no pickle")

    failed, unsent, refused = (
        jobs.wait(jobs.submit("ada", kind, payload), 30)
        for kind, payload in (("fail", Nothing()), ("fail", Unsent()), ("refuse", Nothing()))
    )
    assert [failed.state, unsent.state, refused.state] == ["failed"] * 3
    assert failed.id[:8] in failed.message
    assert "secret" not in failed.message
    assert refused.message == "64 heads do not fit; up to 16 do."
    record, other = (record for record in caplog.records if record.name == "backend.jobs.dispatcher")
    assert failed.id[:8] in record.getMessage()
    assert "ZeroDivisionError: a secret of the server" in record.traceback
    assert other.getMessage() == f"job {unsent.id[:8]}"


@pytest.mark.parametrize(("kind", "payload"), [("trace", Models(models=5)), ("allocate", Megabytes(mb=800))])
def test_a_worker_that_traced_or_kept_too_much_is_renewed(jobs, kind, payload):
    before = pids(jobs)
    assert jobs.wait(jobs.submit("ada", kind, payload), 60).state == "finished"
    until(lambda: len(before & {worker.pid for worker in jobs.workers() if worker.warm}) == 1)
    assert jobs.wait(jobs.submit("ada", "count", Count(to=1)), 60).state == "finished"
    until(lambda: all_warm(jobs))
    assert all(worker.traced == 0 and worker.rss_mb < 800 for worker in jobs.workers())
