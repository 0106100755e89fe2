"""The embedded cluster by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from distributed import Nanny

from backend.config.settings import Settings
from backend.jobs import cluster as clusters
from backend.jobs.cluster import connect, embedded
from backend.jobs.workers import Workers
from harness import local
from tests.builders.composed import Cluster

pytestmark = pytest.mark.jobs


def test_a_nanny_that_gave_up_is_replaced() -> None:
    async def scenario() -> None:
        async with embedded(Settings(workers=1)) as cluster:
            (nanny,) = cluster.workers.values()
            await nanny.close()
            # Watched from inside: an idle connection to the scheduler may be stale by now (seen on Python 3.13).
            async with asyncio.timeout(90):
                while list(cluster.workers.values()) in ([], [nanny]) or not cluster.scheduler.workers:
                    await asyncio.sleep(0.05)
            (other,) = cluster.workers.values()
            assert other is not nanny

    asyncio.run(scenario())


def test_a_worker_that_comes_back_is_left_alone_one_that_does_not_is_replaced_and_the_end_waits_for_none(
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
            await killed(nanny)
            await until(lambda: nanny.worker_address in cluster.scheduler.workers)
            back, began = nanny.pid, asyncio.get_running_loop().time()
            lost_after(0.5)
            await until(lambda: asyncio.get_running_loop().time() > began + 1)
            assert list(cluster.workers.values()) == [nanny]
            assert nanny.pid == back, "a worker that came back was stopped"
            lost_after(600)
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


def test_a_worker_that_is_gone_already_is_killed_without_a_word_in_the_log(
    quick_workers: None, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with asyncio.timeout(60), connect(Settings(workers=1)) as client:
            workers = Workers(client, Settings(workers=1))
            await asyncio.gather(*await workers.refresh())
            (worker,) = workers
            assert worker.usable
            await workers.kill(worker)
            assert not worker.usable, "what begins now would be killed"
            await until(lambda: worker.address not in client.cluster.scheduler.workers)
            await workers.kill(worker)

    asyncio.run(scenario())
    assert not [record for record in caplog.records if record.name.startswith("distributed") and record.exc_info]


async def killed(nanny: Nanny) -> int:
    """The process id of the worker that is started in the place of the one that dies now."""
    before = nanny.pid
    os.kill(before, signal.SIGKILL)
    await until(lambda: nanny.pid not in (None, before))
    return int(nanny.pid)


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.02)


def test_no_scheduler_is_an_oserror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "CONNECT_WITHIN", 0.5)

    async def scenario() -> None:
        async with connect(Settings(**Cluster(tmp_path).settings)):
            pass

    with pytest.raises(OSError, match="Timed out"):
        asyncio.run(scenario())
