"""A graceful shutdown gives every page time to show how its job ended.

`test_rooms_server.py` has clients that cannot delay it.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.web import graceful_shutdown
from backend.worker.kinds import JOB_KINDS


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the shutdown asks to sleep. It does not sleep."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    # In this module alone: a cluster of other tests, which is in this process, sleeps too.
    named = SimpleNamespace(sleep=sleep, to_thread=asyncio.to_thread, get_running_loop=asyncio.get_running_loop)
    monkeypatch.setattr(graceful_shutdown, "asyncio", named)
    monkeypatch.setattr(graceful_shutdown, "LAST_POLL", 0.05)
    return found


@pytest.mark.parametrize("waiting", [0, 1])
def test_draining_leaves_a_waiting_page_time_for_one_more_poll(asked: list[float], waiting: int) -> None:
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    waits = [jobs.submit("ada", "train", TrainJob(experiment=Experiment())) for _ in range(waiting)]
    asyncio.run(graceful_shutdown.drain(jobs, 5, poll_within=1000))
    (seconds,) = asked
    assert 900 < seconds <= 1000 if waiting else seconds < 1
    assert [job.state for job in waits] == ["lost"] * waiting


@pytest.mark.parametrize(("interval", "at_least", "at_most"), [(0.4, 0.4, 0.5), (100, 0.7, 0.7)])
def test_the_slower_the_polls_the_longer_the_pages_have_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch, asked: list[float], interval: float, at_least: float, at_most: float
) -> None:
    monkeypatch.setattr(graceful_shutdown, "LONGEST_LAST_POLL", 0.7)
    jobs = JobManager(Settings(workers=1), JOB_KINDS)
    asyncio.run(graceful_shutdown.drain(jobs, 5, interval=lambda: interval))
    (seconds,) = asked
    assert at_least <= seconds <= at_most
