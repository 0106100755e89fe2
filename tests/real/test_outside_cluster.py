"""An outside scheduler that is not there yet, goes away, and comes back."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from backend.config.settings import Settings
from backend.jobs import JobManager
from backend.jobs import cluster as clusters
from harness.local import ROOT, until
from tests.backend.jobs.helpers import JOB_KINDS, QUICK, occupy
from tests.backend.jobs.samples import Count
from tests.builders.composed import Cluster

pytestmark = pytest.mark.jobs


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A scheduler with one worker, which is there at the end of each test."""
    running = Cluster(tmp_path_factory.mktemp("outside"), preload=QUICK)
    with running:
        yield running


@contextmanager
def started(**settings):
    jobs = JobManager(Settings(**settings), JOB_KINDS)
    jobs.start()
    try:
        yield jobs
    finally:
        jobs.stop()


def test_jobs_wait_for_a_scheduler_that_goes_away_and_comes_back_and_others_are_refused_by_it(
    outside, monkeypatch, tmp_path
):
    monkeypatch.setattr(clusters, "CONNECT_WITHIN", 1.0)
    own_authority = {**Cluster(tmp_path).settings, "scheduler": outside.settings["scheduler"]}
    with started(**outside.settings) as jobs, started(**own_authority) as uninvited:
        running = occupy(jobs)
        waiting = jobs.submit("cy", "count", Count(to=3))
        until(lambda: uninvited.status.state == "unavailable")
        assert uninvited.workers() == ()
        outside.scheduler.kill()
        assert jobs.wait(running, 240).state == "lost"
        until(lambda: jobs.status.state == "unavailable")
        assert (waiting.state, waiting.position) == ("queued", 1)
        outside.stop()
        monkeypatch.setattr(clusters, "CONNECT_WITHIN", 5.0)  # on a busy machine
        outside.start()
        assert jobs.wait(waiting, 240).state == "finished"
        assert jobs.status.state == "ready"


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


def test_the_jobs_of_a_killed_server_end_with_it_and_the_next_server_gets_the_worker(outside):
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT, env=os.environ | outside.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdout.readline() == "running\n"
        server.kill()
    with started(**outside.settings) as jobs:
        assert jobs.wait(jobs.submit("bob", "count", Count(to=1)), 240).state == "finished"
