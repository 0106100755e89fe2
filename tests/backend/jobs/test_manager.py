"""Jobs in real worker processes: on the embedded cluster, and in `make soak` on an outside scheduler."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from distributed.batched import BatchedSend

from backend.config.settings import Settings
from backend.jobs import JobManager, dispatcher, workers
from backend.jobs.messages import Payload
from harness.local import until
from tests.backend.jobs.helpers import FOR_EVER, JOB_KINDS, all_warm, begin, occupy, release
from tests.backend.jobs.samples import Count, Megabytes, Models, Nothing

pytestmark = pytest.mark.jobs


def test_a_job_reports_in_order_and_returns_its_result(jobs: JobManager) -> None:
    job = jobs.submit("ada", "count", Count(to=30, pause=0.05))
    seen = set()
    while not job.ended:
        seen.add(len(job.events))
        time.sleep(0.01)
    view = jobs.wait(job, 30)
    assert (view.state, view.result, view.message) == ("finished", 30, "")
    assert [event.n for event in view.events] == list(range(1, 31))
    assert len(seen) > 2, "events must arrive while the job runs"
    assert view.submitted_at <= view.started_at <= view.finished_at


def test_only_known_kinds_run_and_only_with_their_own_payload(jobs: JobManager) -> None:
    with pytest.raises(ValueError, match="no job of kind 'os:system'"):
        jobs.submit("ada", "os:system", Nothing())
    with pytest.raises(TypeError, match="'count' takes a Count, got Nothing"):
        jobs.submit("ada", "count", Nothing())


def test_visitors_take_turns_and_urgent_jobs_go_first(jobs: JobManager) -> None:
    blockers = [occupy(jobs, "one"), occupy(jobs, "two")]
    first, second = jobs.submit("ada", "count", Count(to=1)), jobs.submit("ada", "count", Count(to=1))
    bob, cy = jobs.submit("bob", "count", Count(to=1)), jobs.submit("cy", "count", Count(to=1))
    urgent = jobs.submit("dan", "count", Count(to=1), urgent=True)
    order = [urgent, first, bob, cy, second]
    assert [job.position for job in order] == [1, 2, 3, 4, 5]

    assert jobs.cancel("bob", bob.id)
    assert bob.state == "cancelled"
    assert [job.position for job in order] == [1, 2, None, 3, 4]

    release(jobs, *blockers)
    views = [jobs.wait(job, 30) for job in order if job is not bob]
    assert [view.state for view in views] == ["finished"] * 4
    starts = [view.started_at for view in views]
    assert starts == sorted(starts)


def test_a_cancelled_job_that_checks_its_flag_stops_and_its_worker_lives_on(jobs: JobManager) -> None:
    pids = {worker.pid for worker in jobs.workers()}
    job = occupy(jobs)
    assert not jobs.cancel("mallory", job.id), "nobody cancels another's job"
    assert job.state == "running"
    release(jobs, job)
    assert job.message == "Cancelled."
    assert not jobs.cancel(job.visitor, job.id), "it has ended"
    assert {worker.pid for worker in jobs.workers()} == pids, "no worker was killed"


def test_a_cancelled_job_that_ignores_its_flag_is_stopped_with_its_worker(jobs: JobManager, tmp_path: Path) -> None:
    pids = {worker.pid for worker in jobs.workers()}
    deaf, other = begin(jobs, "ada", "deaf", tmp_path / "deaf"), occupy(jobs, "bob")
    until((tmp_path / "deaf").exists)
    assert jobs.cancel("ada", deaf.id)
    assert deaf.view().cancelling
    assert jobs.wait(deaf, 30).state == "cancelled"
    until(lambda: all_warm(jobs))
    assert len(pids & {worker.pid for worker in jobs.workers()}) == 1
    assert other.state == "running"
    release(jobs, other)


def test_a_killed_worker_loses_its_own_job_alone(jobs: JobManager) -> None:
    mine, other = occupy(jobs, "ada"), occupy(jobs, "bob")
    waiting = jobs.submit("cy", "count", Count(to=3))
    victim = next(worker.pid for worker in jobs.workers() if worker.job == mine.id)
    os.kill(victim, signal.SIGKILL)

    view = jobs.wait(mine, 30)
    assert view.state == "lost"
    assert view.message == "The server lost the worker process that ran this job. Run it again."
    assert view.events, "its events stay"
    assert jobs.wait(waiting, 90).state == "finished", "the queue goes on with the new worker"
    assert other.state == "running"
    assert victim not in {worker.pid for worker in jobs.workers()}
    assert all_warm(jobs)
    release(jobs, other)


def test_a_job_that_a_frozen_worker_never_started_runs_on_another(
    jobs: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "START_WITHIN", 0.5)
    monkeypatch.setattr(workers, "RESPOND_WITHIN", 3.0)
    frozen = jobs.workers()[0].pid
    os.kill(frozen, signal.SIGSTOP)
    handed = [jobs.submit(visitor, "count", Count(to=3)) for visitor in ("ada", "bob")]
    assert [jobs.wait(job, 60).state for job in handed] == ["finished", "finished"]
    assert all([event.n for event in job.events] == [1, 2, 3] for job in handed)
    until(lambda: not psutil.pid_exists(frozen))
    until(lambda: all_warm(jobs))
    assert frozen not in {worker.pid for worker in jobs.workers()}


def test_draining_ends_queued_jobs_keeps_running_ones_and_refuses_new_ones() -> None:
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    jobs.start()
    try:
        running = jobs.submit("ada", "count", Count(to=300))
        until(lambda: bool(running.events))
        waiting = jobs.submit("bob", "count", Count(to=1))
        jobs.drain()
        assert (waiting.state, "had not started" in waiting.message) == ("lost", True)
        late = jobs.submit("cy", "count", Count(to=1))
        assert (late.state, "accepts no new jobs" in late.message) == ("refused", True)
        assert (jobs.status.state, jobs.running) == ("unavailable", 1)
        assert jobs.wait(running, 60).state == "finished"
        assert jobs.running == 0
    finally:
        jobs.stop()
    assert jobs.submit("ada", "count", Count(to=1)).state == "refused", "a page that submits then gets a sentence"


def test_a_server_that_stops_while_jobs_report_logs_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    close = BatchedSend.close

    async def close_slowly(connection: BatchedSend) -> None:
        """The scheduler takes its time to close the client's connection, and meanwhile the workers' reports arrive."""
        await close(connection)
        await asyncio.sleep(0.3)

    monkeypatch.setattr(BatchedSend, "close", close_slowly)
    jobs = JobManager(Settings(workers=2), JOB_KINDS)
    jobs.start()
    try:
        running = [jobs.submit(visitor, "talk", FOR_EVER) for visitor in ("ada", "bob")]
        until(lambda: all(job.events for job in running))
    finally:
        jobs.stop()
    assert [job.state for job in running] == ["lost", "lost"]
    of_dask = [record for record in caplog.records if record.name.startswith("distributed")]
    assert not [record.getMessage() for record in of_dask if record.levelno >= logging.ERROR]


def test_a_job_that_ends_its_process_is_lost_and_does_not_run_again(jobs: JobManager, tmp_path: Path) -> None:
    pids = {worker.pid for worker in jobs.workers()}
    assert jobs.wait(begin(jobs, "ada", "crash", tmp_path / "crash"), 30).state == "lost"
    until(lambda: all_warm(jobs))
    assert len(pids & {worker.pid for worker in jobs.workers()}) == 1


def test_an_exception_is_logged_and_not_shown(jobs: JobManager, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        view = jobs.wait(jobs.submit("ada", "fail", Nothing()), 30)
    assert view.state == "failed"
    assert "secret" not in view.message
    assert "Traceback" not in view.message
    assert view.id[:8] in view.message
    (record,) = (record for record in caplog.records if view.id[:8] in record.getMessage())
    assert "ZeroDivisionError: a secret of the server" in record.traceback


def test_a_job_that_cannot_be_sent_to_its_worker_fails_with_one_line_in_the_log(
    jobs: JobManager, caplog: pytest.LogCaptureFixture
) -> None:
    class Unsent(Nothing):
        def __reduce__(self) -> str:
            raise ValueError("no pickle")

    job = jobs.submit("ada", "fail", Unsent())
    assert jobs.wait(job, 30).state == "failed"
    assert jobs.wait(jobs.submit("ada", "count", Count(to=1)), 30).state == "finished"
    logged = [record.message for record in caplog.records if record.name == "backend.jobs.dispatcher"]
    assert logged == [f"job {job.id[:8]}"]


def test_the_sentence_of_a_refusal_is_shown_to_the_visitor(jobs: JobManager) -> None:
    view = jobs.wait(jobs.submit("ada", "refuse", Nothing()), 30)
    assert (view.state, view.message) == ("failed", "64 heads do not fit; up to 16 do.")


@pytest.mark.parametrize(("kind", "payload"), [("trace", Models(models=5)), ("allocate", Megabytes(mb=800))])
def test_a_worker_that_traced_or_kept_too_much_is_renewed(jobs: JobManager, kind: str, payload: Payload) -> None:
    pids = {worker.pid for worker in jobs.workers()}
    assert jobs.wait(jobs.submit("ada", kind, payload), 60).state == "finished"
    until(lambda: len(pids & {worker.pid for worker in jobs.workers() if worker.warm}) == 1)
    assert jobs.wait(jobs.submit("ada", "count", Count(to=1)), 60).state == "finished"
    until(lambda: all_warm(jobs))
    assert all(worker.traced == 0 and worker.rss_mb < 800 for worker in jobs.workers())
