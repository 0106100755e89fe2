"""An outside scheduler that is not there yet, goes away, and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.config.settings import Settings
from backend.jobs import JobManager, dispatcher, runtime, workers
from backend.jobs import cluster as clusters
from harness.local import ROOT, until
from tests.backend.jobs.helpers import FOR_EVER, JOB_KINDS, all_warm, begin, occupy
from tests.backend.jobs.outside import Outside
from tests.backend.jobs.samples import Count

pytestmark = pytest.mark.jobs


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """A scheduler with one worker, which is there at the end of each test."""
    running = Outside(tmp_path_factory.mktemp("outside"), workers=1)
    running.start()
    yield running
    running.stop()


def test_a_job_that_ignores_its_flag_is_stopped_with_its_worker_and_the_next_one_runs(
    outside: Outside, tmp_path: Path
) -> None:
    """As on our own cluster: `test_manager.py`."""
    jobs = JobManager(Settings(**outside.settings, cancel_grace_seconds=2), JOB_KINDS)
    jobs.start()
    try:
        deaf = begin(jobs, "ada", "deaf", tmp_path / "deaf")
        until((tmp_path / "deaf").exists)
        (before,) = (worker.pid for worker in jobs.workers())
        assert jobs.cancel("ada", deaf.id)
        assert jobs.wait(deaf, 240).state == "cancelled"
        assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 240).state == "finished"
        assert before not in {worker.pid for worker in jobs.workers()}
    finally:
        jobs.stop()


def test_jobs_wait_for_a_scheduler_that_goes_away_and_comes_back(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CONNECT_WITHIN", 1.0)
    jobs = JobManager(Settings(**outside.settings), JOB_KINDS)
    jobs.start()
    try:
        running = occupy(jobs)
        waiting = jobs.submit("cy", "count", Count(to=3))
        outside.scheduler.kill()
        assert jobs.wait(running, 240).state == "lost"
        until(lambda: jobs.status.state == "unavailable")
        assert "keeps trying" in jobs.status.sentence
        assert (waiting.state, waiting.position) == ("queued", 1)

        outside.stop()
        monkeypatch.setattr(clusters, "CONNECT_WITHIN", 5.0)  # on a busy machine
        outside.start()
        assert jobs.wait(waiting, 240).state == "finished"
        assert jobs.status.state == "ready"
    finally:
        jobs.stop()


#: A server that runs one job for ever, and prints when it runs.
SERVER = """
from backend.config.settings import Settings
from backend.jobs import JobManager
from harness.local import until
from tests.backend.jobs.helpers import FOR_EVER, JOB_KINDS
jobs = JobManager(Settings(), JOB_KINDS)
jobs.start()
job = jobs.submit("ada", "count", FOR_EVER)
until(lambda: job.events)
print("running", flush=True)
input()
jobs.stop()
"""


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_the_jobs_of_a_server_end_with_it_and_the_next_server_gets_the_worker(outside: Outside, end: str) -> None:
    environment = {f"TWOHEADS_{name.upper()}": str(value) for name, value in outside.settings.items()}
    jobs = JobManager(Settings(**outside.settings), JOB_KINDS)
    try:
        with subprocess.Popen(
            [sys.executable, "-c", SERVER],
            cwd=ROOT, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as server:  # fmt: skip
            assert server.stdout
            assert server.stdin
            assert server.stdout.readline() == "running\n"
            if end == "killed":
                server.kill()
            else:
                print(file=server.stdin, flush=True)
            assert server.wait(240) == (-signal.SIGKILL if end == "killed" else 0)
        jobs.start()
        assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 240).state == "finished"
    finally:
        jobs.stop()


def test_jobs_run_on_other_workers_while_one_does_not_respond(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (JobManager(Settings(**outside.settings), JOB_KINDS) for _ in range(2))
    another = outside.start_worker()
    try:
        first.start()
        until(lambda: all_warm(first))
        silent, _ = (worker.pid for worker in first.workers())
        first.stop()
        monkeypatch.setattr(workers, "RESPOND_WITHIN", 600)
        os.kill(silent, signal.SIGSTOP)
        second.start()
        assert second.wait(second.submit("ada", "count", Count(to=1)), 240).state == "finished"
        os.kill(silent, signal.SIGCONT)
        until(lambda: all_warm(second))
    finally:
        first.stop()
        second.stop()
        another.terminate()
        another.wait(240)


def test_a_job_waits_while_its_worker_runs_one_of_another_server(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "START_WITHIN", 0.05)
    monkeypatch.setattr(workers, "RESPOND_WITHIN", 60.0)  # it is asked often while it works
    first, second = (JobManager(Settings(**outside.settings), JOB_KINDS) for _ in range(2))
    try:
        first.start()
        long = first.submit("ada", "count", FOR_EVER)
        until(lambda: len(long.events) > 0)
        second.start()
        waiting = second.submit("bob", "count", Count(to=1))
        until(lambda: waiting.state == "running")
        seen = len(long.events)
        until(lambda: len(long.events) > seen + 50)
        assert (long.state, waiting.state, waiting.requeue_count) == ("running", "running", 0)
        first.cancel("ada", long.id)
        assert second.wait(waiting, 240).state == "finished"
    finally:
        first.stop()
        second.stop()


def test_a_worker_of_other_versions_is_not_used(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runtime, "versions", lambda: {"keras": "2.15.0"})
    jobs = JobManager(Settings(**outside.settings), JOB_KINDS)
    jobs.start()
    try:
        job = jobs.submit("ada", "count", Count(to=1))
        until(lambda: "is not used" in caplog.text)
        assert "{'keras': '2.15.0'}" in caplog.text
        assert job.state == "queued"
        until(lambda: bool(jobs.workers()))
        assert not jobs.workers()[0].warm
    finally:
        jobs.stop()


def test_a_client_with_a_certificate_of_another_authority_is_refused(outside: Outside, tmp_path: Path) -> None:
    invited = JobManager(Settings(**outside.settings), JOB_KINDS)
    files = {name: path for name, path in Outside(tmp_path).settings.items() if name != "scheduler"}
    uninvited = JobManager(Settings(scheduler=outside.settings["scheduler"], **files), JOB_KINDS)
    try:
        invited.start()
        until(lambda: invited.status.state == "ready")
        uninvited.start()
        until(lambda: uninvited.status.state == "unavailable")
        assert uninvited.workers() == ()
    finally:
        invited.stop()
        uninvited.stop()
