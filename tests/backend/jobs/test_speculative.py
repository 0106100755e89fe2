"""A speculative job: nobody has requested it. It runs in an idle worker, alone, and no other job waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.jobs import Job, JobManager, dispatcher, speculation
from harness.local import until
from tests.backend.jobs.helpers import FOR_EVER, all_warm, occupy, received, release
from tests.backend.jobs.samples import Count, Mark, ModelsOf

pytestmark = pytest.mark.jobs


@pytest.fixture(autouse=True)
def short_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "REFRESH_EVERY", 0.1)
    monkeypatch.setattr(speculation, "SPECULATION_AFTER", 0.2)


@pytest.fixture
def ended(jobs: JobManager) -> Iterator[list[Job]]:
    """The jobs that end. At the end of the test, no speculative job runs any more."""
    found: list[Job] = []
    jobs.on_end(found.append)
    yield found
    jobs.on_end(lambda job: None)
    if running_speculative(jobs):
        assert jobs.wait(jobs.submit("last", "count", Count(to=1)), 30).state == "finished"
    until(lambda: not running_speculative(jobs))


#: Seconds after a request: longer than any test, so none begins until the test sets another.
NOT_YET = 3600.0


def running_speculative(jobs: JobManager) -> list[str]:
    return [worker.speculative for worker in jobs.workers() if worker.speculative]


def run_speculative(jobs: JobManager, visitor: str) -> str:
    """Have a job run until it is cancelled; returns its id."""
    before = running_speculative(jobs)
    assert jobs.run_speculatively(visitor, "count", FOR_EVER)
    until(lambda: len(running_speculative(jobs)) == 1 and running_speculative(jobs) != before)
    return running_speculative(jobs)[0]


def hear_requests(jobs: JobManager) -> None:
    """Wait until the dispatcher knows what was requested: it is told in order."""
    assert jobs.wait(jobs.submit("another", "count", Count(to=1), urgent=True), 30).state == "finished"


def after_some_rounds(jobs: JobManager, condition: Callable[[], bool]) -> None:
    """`condition` holds during several rounds of the dispatcher."""
    end = time.monotonic() + 2 * speculation.SPECULATION_AFTER + 2 * dispatcher.REFRESH_EVERY
    while time.monotonic() < end:
        assert condition()
        time.sleep(0.02)


def test_it_is_in_no_list_and_no_count(jobs: JobManager, ended: list[Job]) -> None:
    run_speculative(jobs, "ada")
    assert (jobs.running, jobs.queue_length) == (0, 0)
    assert jobs.followed_jobs("ada", ["count"]) == []
    assert not any(worker.job for worker in jobs.workers())


def test_a_job_that_needs_its_worker_runs_at_once_and_the_worker_stays(jobs: JobManager, ended: list[Job]) -> None:
    pids = {worker.pid for worker in jobs.workers()}
    first = occupy(jobs, "bob")
    speculative = run_speculative(jobs, "ada")
    assert jobs.wait(jobs.submit("ada", "count", Count(to=3), urgent=True), 30).state == "finished"
    until(lambda: not running_speculative(jobs))
    assert [job.state for job in ended if job.id == speculative] == ["cancelled"]
    assert first.state == "running"
    assert {worker.pid for worker in jobs.workers()} == pids
    release(jobs, first)


def test_its_visitors_own_job_does_not_wait_for_it_either(jobs: JobManager, ended: list[Job]) -> None:
    speculative = run_speculative(jobs, "ada")
    assert jobs.wait(jobs.submit("ada", "count", Count(to=3)), 30).state == "finished"
    until(lambda: [job.state for job in ended if job.id == speculative] == ["cancelled"])


def test_one_that_ignores_its_flag_is_stopped_with_its_worker_and_the_job_behind_it_runs(
    jobs: JobManager, ended: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "SPECULATION_ENDS_WITHIN", 0.5)
    first = occupy(jobs, "bob")
    received(tmp_path / "deaf")
    assert jobs.run_speculatively("ada", "deaf", Mark(mark=str(tmp_path / "deaf")))
    until((tmp_path / "deaf").exists)
    assert jobs.wait(jobs.submit("cy", "count", Count(to=3)), 90).state == "finished"
    assert first.state == "running"
    release(jobs, first)
    until(lambda: all_warm(jobs))


def test_a_job_behind_one_that_ends_late_runs_again_if_it_is_killed_with_it(
    jobs: JobManager, ended: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The speculative job ends by its flag while its worker is being killed, so that the next job has begun there."""
    first = occupy(jobs, "bob")
    for seconds in (0.012, 0.014):
        monkeypatch.setattr(speculation, "SPECULATION_ENDS_WITHIN", seconds)
        run_speculative(jobs, "ada")
        job = jobs.submit("cy", "count", Count(to=100))
        assert jobs.wait(job, 90).state == "finished"
        assert [event.n for event in job.events] == list(range(1, 101)), "nothing is left of the first time"
        until(lambda: all_warm(jobs))
    assert first.state == "running"
    release(jobs, first)


def test_none_begins_while_every_worker_is_busy_or_a_job_waits(
    jobs: JobManager, ended: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "SPECULATION_WITHIN", 60)
    first, second = occupy(jobs, "bob"), occupy(jobs, "cy")
    assert jobs.run_speculatively("ada", "count", FOR_EVER)
    after_some_rounds(jobs, lambda: not running_speculative(jobs))  # every worker is busy
    waiting = jobs.submit("bob", "count", FOR_EVER)
    release(jobs, second)
    after_some_rounds(
        jobs, lambda: waiting.state == "queued" and not running_speculative(jobs)
    )  # bob waits for himself
    release(jobs, waiting)
    until(lambda: len(running_speculative(jobs)) == 1)
    release(jobs, first)


def test_one_that_could_not_begin_is_dropped(
    jobs: JobManager, ended: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "SPECULATION_WITHIN", 0.4)
    running = occupy(jobs, "bob"), occupy(jobs, "cy")
    assert jobs.run_speculatively("ada", "count", FOR_EVER)
    after_some_rounds(jobs, lambda: not running_speculative(jobs))
    release(jobs, *running)
    after_some_rounds(jobs, lambda: not running_speculative(jobs))


def test_none_is_taken_where_more_jobs_wait_than_there_are_workers(jobs: JobManager, ended: list[Job]) -> None:
    running = occupy(jobs, "bob"), occupy(jobs, "cy")
    waiting = [jobs.submit("bob", "count", FOR_EVER) for _ in range(3)]
    assert not jobs.run_speculatively("ada", "count", FOR_EVER)
    release(jobs, *waiting, *running)
    after_some_rounds(jobs, lambda: not running_speculative(jobs))


def test_one_that_has_not_begun_is_dropped_when_its_visitor_submits_a_job(
    jobs: JobManager, ended: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "SPECULATION_AFTER", NOT_YET)
    assert jobs.run_speculatively("ada", "count", FOR_EVER)
    hear_requests(jobs)
    assert jobs.wait(jobs.submit("ada", "count", Count(to=1)), 30).state == "finished"
    monkeypatch.setattr(speculation, "SPECULATION_AFTER", 0.0)
    after_some_rounds(jobs, lambda: not running_speculative(jobs))


def test_of_requests_in_quick_succession_only_the_last_begins(
    jobs: JobManager, ended: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speculation, "SPECULATION_AFTER", NOT_YET)
    for n in range(1, 10):
        assert jobs.run_speculatively(f"visitor {n}", "count", Count(to=n))
    hear_requests(jobs)
    ended.clear()
    monkeypatch.setattr(speculation, "SPECULATION_AFTER", 0.0)
    until(lambda: bool(ended))
    after_some_rounds(jobs, lambda: len(ended) == 1)
    assert (ended[0].visitor, ended[0].state) == ("visitor 9", "finished")


def test_one_runs_at_a_time_and_a_visitors_next_one_replaces_it(jobs: JobManager, ended: list[Job]) -> None:
    first = run_speculative(jobs, "ada")
    assert jobs.run_speculatively("bob", "count", FOR_EVER)
    after_some_rounds(jobs, lambda: running_speculative(jobs) == [first])
    second = run_speculative(jobs, "ada")
    assert [(job.id, job.state) for job in ended] == [(first, "cancelled")]
    after_some_rounds(jobs, lambda: running_speculative(jobs) == [second])


def test_only_known_kinds_run_speculatively(jobs: JobManager) -> None:
    with pytest.raises(ValueError, match="no job of kind 'os:system'"):
        jobs.run_speculatively("ada", "os:system", FOR_EVER)
    with pytest.raises(TypeError, match="'deaf' takes a Mark, got Count"):
        jobs.run_speculatively("ada", "deaf", FOR_EVER)


def test_a_job_goes_to_the_idle_worker_that_ran_one_of_its_affinity(jobs: JobManager) -> None:
    def worker_of(payload: ModelsOf) -> int:
        pid: int = jobs.wait(jobs.submit("ada", "trace", payload), 30).result
        return pid

    first = occupy(jobs, "bob")
    other = worker_of(ModelsOf(models=0, of="other"))
    release(jobs, first)
    usual = worker_of(ModelsOf(models=0, of="usual"))
    assert usual != other
    for _ in range(3):
        assert worker_of(ModelsOf(models=0, of="other")) == other
        assert worker_of(ModelsOf(models=0, of="usual")) == usual


def test_a_job_goes_to_the_worker_whose_speculative_job_has_its_affinity(jobs: JobManager, ended: list[Job]) -> None:
    for of in ("one", "another"):
        assert jobs.run_speculatively("ada", "trace", ModelsOf(models=0, of=of, then_to=10**6))
        until(lambda: bool(running_speculative(jobs)))
        (pid,) = (worker.pid for worker in jobs.workers() if worker.speculative)
        assert jobs.wait(jobs.submit("ada", "trace", ModelsOf(models=0, of=of)), 30).result == pid
        until(lambda: not running_speculative(jobs))
