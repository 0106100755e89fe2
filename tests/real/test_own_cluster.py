"""The embedded cluster by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import psutil
import pytest
from distributed import Nanny

from backend.config.settings import Settings
from backend.jobs import cluster as clusters
from backend.jobs.cluster import connect
from harness import local

pytestmark = pytest.mark.jobs


def test_a_worker_that_does_not_come_back_is_replaced_and_the_end_waits_for_none(
    quick_workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CHECK_EVERY", 0.1)

    def lost_after(seconds: float) -> None:
        """A worker has as long to start. Each check reads it anew."""
        monkeypatch.setattr(clusters, "LOST_AFTER", seconds)

    async def scenario() -> int:
        async with asyncio.timeout(240), connect(Settings(workers=1)) as client:
            cluster = client.cluster
            (nanny,) = cluster.workers.values()
            stuck = await killed(nanny)
            os.kill(stuck, signal.SIGSTOP)
            lost_after(0.5)
            await until(lambda: not psutil.pid_exists(stuck))
            lost_after(600)
            await until(lambda: bool(cluster.scheduler.workers))
            (nanny,) = cluster.workers.values()
            starting = await killed(nanny)
            os.kill(starting, signal.SIGSTOP)
        return starting

    lost_after(600)
    starting = asyncio.run(scenario())
    local.until(lambda: not psutil.pid_exists(starting))


async def killed(nanny: Nanny) -> int:
    """The process id of the worker that is started in the place of the one that dies now."""
    before = nanny.pid
    os.kill(before, signal.SIGKILL)
    await until(lambda: nanny.pid not in (None, before))
    return int(nanny.pid)


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.02)
