"""A graceful shutdown gives every page time to show how its job ended.

`test_rooms_server.py` has clients that cannot delay it.
"""

from __future__ import annotations

import asyncio

import pytest

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.web import graceful_shutdown
from backend.worker.kinds import JOB_KINDS


@pytest.mark.parametrize("waiting", [0, 1])
def test_draining_leaves_a_waiting_page_time_for_one_more_poll(monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    monkeypatch.setattr(graceful_shutdown, "LAST_POLL", 0.05)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    waits = [jobs.submit("ada", "train", TrainJob(experiment=Experiment())) for _ in range(waiting)]

    async def drained() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await graceful_shutdown.drain(jobs, 5, poll_within=0.5)
        return loop.time() - began

    took = asyncio.run(drained())
    assert (took >= 0.5) == bool(waiting)
    assert [job.state for job in waits] == ["lost"] * waiting


@pytest.mark.slow
@pytest.mark.parametrize(("interval", "at_least", "at_most"), [(0.4, 0.4, 2), (100, 0.7, 5)])
def test_the_slower_the_polls_the_longer_the_pages_have_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch, interval: float, at_least: float, at_most: float
) -> None:
    monkeypatch.setattr(graceful_shutdown, "LAST_POLL", 0.05)
    monkeypatch.setattr(graceful_shutdown, "LONGEST_LAST_POLL", 0.7)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)

    async def drained() -> float:
        began = asyncio.get_running_loop().time()
        await graceful_shutdown.drain(jobs, 5, interval=lambda: interval)
        return asyncio.get_running_loop().time() - began

    assert at_least <= asyncio.run(drained()) <= at_most
